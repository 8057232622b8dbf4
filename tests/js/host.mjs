// Functions of a host in JavaScript; the module was made by the Rust library.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { load, PythonError } from "./kernel.js";

const module = await WebAssembly.compile(await readFile(new URL("./host.wasm", import.meta.url)));
const host = {
  half: (x) => Number(x) / 2,
  join: (words) => words.join("+"),
  fail: (text) => {
    if (text === "python") throw new PythonError("LookupError", [], "not here", "");
    throw new TypeError(text);
  },
};
const k = await load({ module, host });
assert.equal(k.uses(5), "2.5 a+b");
assert.deepEqual(k.caught(), ["LookupError('not here')", "RuntimeError('TypeError: odd')"]);
assert.throws(() => k.thrown(), { type: "RuntimeError", message: "TypeError: out" });
assert.equal(k.uses(5), "2.5 a+b");
await assert.rejects(load({ module }), /calls \w+\(\), which options.host does not have/);
