// The compiler's worker. In: `[id, question]`. Out: `[id, answer, module, milliseconds, why there is none]`; a word on its
// own state: "here", "ready", "dead".

import start, { Compiler } from "./compiler.js";

postMessage(["here"]);

// A host that does not even begin to answer is asked anew, at another address (browsers let a request wait for one that
// hangs), and gets longer each time.
const tries = self.location.search, silence = new AbortController();
const patience = setTimeout(() => silence.abort(new Error("the host does not answer")), 8000 * 2 ** Math.min(Number(tries.slice(1)), 4));
const response = fetch(new URL(`./compiler_bg.wasm${tries}`, import.meta.url), { signal: silence.signal });
response.finally(() => clearTimeout(patience)).catch(() => {});

const ready = start({ module_or_path: response }).then(() => {
  const compiler = new Compiler();
  // The first use makes the engine compile what it needs, which nobody should wait for later.
  compiler.answer(JSON.stringify({ Check: { files: [{ name: "main.py", text: "import numpy as np\nx = np.ones(3)\nprint(x.sum())\n" }], main: 0 } }));
  postMessage(["ready"]);
  return compiler;
});
// Browsers differ in what they say of a request that was given up.
ready.catch((error) => postMessage(["dead", String(self.panicked ?? (silence.signal.aborted ? silence.signal.reason : error))]));

/** What programs with `"\N{SNOWMAN}"` need, and few others. */
let names;
const loadNames = async () => {
  const { default: start, find } = await import("./names.js");
  await start({ module_or_path: new URL("./names_bg.wasm", import.meta.url) });
  self.findCharacter = find;
};

self.onmessage = async ({ data: [id, question] }) => {
  let compiler;
  try {
    compiler = await ready;
  } catch {
    return;
  }
  if (question.includes("\\N{")) {
    try {
      await (names ??= loadNames());
    } catch {
      names = undefined;
      return postMessage([id, null, null, 0, "the names of characters cannot be loaded"]);
    }
  }
  const started = performance.now();
  try {
    const [answer, module] = compiler.answer(question);
    postMessage([id, answer, module, performance.now() - started], module ? [module.buffer] : []);
  } catch (error) {
    // A panic, or a stack that was too small: this instance is of no more use.
    const words = self.panicked ?? (error instanceof RangeError ? "the program is nested too deeply for the browser" : String(error));
    postMessage(["dead", words, id]);
  }
};
