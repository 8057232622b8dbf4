// A kernel in a memory that its host owns, and keeps an eye on.

import assert from "node:assert/strict";
import { load, newArray } from "./kernel.js";

const memory = new WebAssembly.Memory({ initial: 4 });
const k = await load({ memory, print: () => {} });
const round = (n) => {
  k.texts(["a", "bc".repeat(n % 7)]);
  assert.throws(() => k.fails(0));
  assert.throws(() => k.pair([1, "left behind", "not a float"]));
  k.table(3);
  k.wide(n % 50);
  k.dot(new Float64Array(100), new Float64Array(100));
  const own = newArray(k, "f64", [n % 1000]);
  k.dot(own, own);
  assert.throws(() => k.dot(own, 1));
  own.free();
};
for (let n = 0; n < 500; n++) round(n);
const before = memory.buffer.byteLength;
for (let n = 0; n < 5000; n++) round(n);
assert.equal(memory.buffer.byteLength, before);
await assert.rejects(load({ print: () => {} }), /memory/);
