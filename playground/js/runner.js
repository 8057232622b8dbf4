// The worker that runs programs. In: a module and what to do with it. Out: prints, a result, an exception, times.

import { load, PythonError } from "./kernel.js";

/** The most that is printed: nobody reads more, and the page would choke on it. */
const MOST_PRINTED = 4_000_000;

/** Nested lists and arrays, as new as a call gets them. */
function copied(value) {
  if (Array.isArray(value)) return value.map(copied);
  return value?.data ? { data: value.data.slice(), shape: value.shape } : value;
}

/** How long each of several calls took, in milliseconds. */
function timed(repeat, call) {
  const found = [], began = performance.now();
  for (let count = 0; count < repeat && performance.now() - began < 1000; count++) {
    const start = performance.now();
    call();
    found.push(performance.now() - start);
  }
  return found;
}

self.onmessage = async ({ data: { wasm, export: name, args, input, repeat, twin } }) => {
  // A call is no run of the program: what the top of the file prints is not asked for, nor what is printed again.
  let loud = !name;
  let printed = 0, waiting = [], allowance = 100, last = performance.now();
  const flush = () => {
    if (waiting.length > 0) postMessage({ print: waiting });
    waiting = [];
  };
  const print = (text, stream) => {
    if (!loud || printed > MOST_PRINTED) return;
    printed += text.length;
    if (printed > MOST_PRINTED) text += "\n[the rest is not shown]\n";
    if (waiting.at(-1)?.[1] === stream) waiting.at(-1)[0] += text;
    else waiting.push([text, stream]);
    // A few prints go out at once, so that they are seen before what takes long; many are sent together.
    const now = performance.now();
    allowance = Math.min(100, allowance + (now - last) / 5);
    last = now;
    if (allowance >= 1 || waiting.reduce((sum, [text]) => sum + text.length, 0) > 50_000) {
      allowance -= 1;
      flush();
    }
  };
  const lines = input === "" ? [] : input.replace(/\n$/, "").split("\n");
  const readLine = () => lines.shift() ?? null;
  const times = { instantiate: 0, run: [] };
  try {
    const compiling = performance.now();
    const module = await WebAssembly.compile(wasm);
    times.instantiate = performance.now() - compiling;
    postMessage({ started: true });
    const running = performance.now();
    const kernel = await load({ module, print, readLine, arguments: ["main.py"] });
    if (!name) {
      times.run.push(performance.now() - running);
      flush();
      return postMessage({ done: { times } });
    }
    const section = WebAssembly.Module.customSections(module, "kukri")[0];
    const manifest = JSON.parse(new TextDecoder().decode(section));
    const { result: { tuple: [type] } } = manifest.exports.find((one) => one.name === name);
    if (twin) {
      const [file, called] = twin;
      const own = await import(new URL(file, import.meta.url));
      const values = kernel[name](...args);
      times.run = timed(repeat, () => own[called](...values.map(copied)));
      return postMessage({ done: { times } });
    }
    let value, repr;
    const began = performance.now();
    for (let count = 0; count < repeat; count++) {
      loud = count === 0;
      const [found, text, seconds] = kernel[name](...args.map(({ data, shape }) => ({ data: data.slice(), shape })));
      times.run.push(seconds * 1000);
      if (count === 0) [value, repr] = [found, text];
      if (performance.now() - began > 1000) break;
    }
    flush();
    postMessage({ done: { times, value, repr: repr.slice(0, 200_000), type } });
  } catch (error) {
    flush();
    if (error instanceof PythonError) {
      const exit = error.type === "SystemExit";
      postMessage({ failed: { type: error.type, message: error.message, traceback: error.traceback, exit, times } });
    } else {
      const memory = error instanceof RangeError || /memory/i.test(error?.message);
      const text = memory ? `MemoryError: ${error.message}` : `${error?.name ?? "Error"}: ${error?.message ?? error}`;
      postMessage({ failed: { type: memory ? "MemoryError" : "Error", message: String(error?.message), traceback: `${text}\n`, times } });
    }
  }
};
