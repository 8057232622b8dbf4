// What a program of JavaScript can do with a kernel; `kernel.js` is made by `kukri build --emit js`.

import assert from "node:assert/strict";
import { load, newArray, PythonError } from "./kernel.js";

const out = [];
const lines = ["Ada\n", "two"];
const k = await load({
  print: (text, stream) => out.push([stream, text]),
  readLine: () => lines.shift() ?? null,
  arguments: ["p", "é"],
});
const printed = () => out.splice(0).map(([, text]) => text).join("");
assert.equal(printed(), "ready\n");

// Numbers
assert.equal(k.add(2, 3), 5);
assert.equal(k.add(2n ** 62n, 1), 2n ** 62n + 1n);
assert.equal(k.add(true, 1), 2);
assert.throws(() => k.add(1.5, 2), RangeError);
assert.throws(() => k.add(2n ** 63n, 0), RangeError);
for (const wrong of ["1", undefined, null, [1], {}]) assert.throws(() => k.add(wrong, 2), TypeError);
assert.throws(() => k.add(1), /takes 2 arguments, not 1/);
assert.throws(() => k.add(2n ** 62n, 2n ** 62n), { type: "OverflowError" });
assert.equal(k.f_float(1 / 3), (1 / 3) * 0.1 + 0.7);
assert.equal(k.flag(true), false);
assert.throws(() => k.flag(1), TypeError);
assert.deepEqual(k.cplx({ re: 1, im: 2 }), { re: -2, im: 1 });
assert.deepEqual(k.cplx(3), { re: 0, im: 3 });
assert.equal(k.new(5, 3), 2);

// Texts, containers
for (const text of ["", "abc", "é", "日本", "a😀b", "x".repeat(100000)]) {
  assert.equal(k.text(text), `${text}!${[...text].length}`);
}
assert.throws(() => k.text(1), TypeError);
assert.deepEqual(k.texts(["a", "😀"]), [["a", "aa"], ["😀", "😀😀"]]);
assert.equal(k.maybe(null), null);
assert.equal(k.maybe(undefined), null);
assert.equal(k.maybe(4), "4");
assert.deepEqual(k.pair([1, "x", 2.5]), [2.5, "x", 1]);
assert.throws(() => k.pair([1, "x"]), TypeError);
assert.deepEqual([...k.byte(new Uint8Array([1, 2]))], [1, 2, 255]);
assert.deepEqual(k.table(3), new Map([["0", []], ["1", [1]], ["2", [2, 2]]]));
assert.deepEqual([...k.uniq([3, 1, 3])].sort(), [1, 3]);
assert.deepEqual(k.steps(3), [0, 3, 1]);
assert.deepEqual(k.wide(3), [["3", "xxx"], 3]);
const xs = [7];
assert.equal(k.grow(xs), 2);
assert.deepEqual(xs, [7, 1]);

// Arrays
assert.equal(k.dot(new Float64Array([1, 2]), new Float64Array([3, 4])), 11);
assert.throws(() => k.dot([1, 2], new Float64Array([3, 4])), TypeError);
assert.throws(() => k.dot(new Float32Array([1, 2]), new Float64Array([3, 4])), TypeError);
const a = { data: new Float64Array([1, 2, 3, 4, 5, 6]), shape: [2, 3] };
k.scale(a, 2);
assert.deepEqual([...a.data], [2, 4, 6, 8, 10, 12]);
assert.throws(() => k.scale({ data: a.data, shape: [2, 2] }, 2), TypeError);
assert.deepEqual(k.turn(a), { data: new Float64Array([2, 8, 4, 10, 6, 12]), shape: [3, 2] });
assert.deepEqual(k.numbers(3), { data: new BigInt64Array([2n, 1n, 0n]), shape: [3] });
const pixels = new Uint8Array([9, 8, 255]);
assert.deepEqual(k.brighter(pixels), { data: new Uint8Array([10, 0]), shape: [2] });
assert.deepEqual([...pixels], [10, 9, 0]);
assert.deepEqual(k.conj(new Float64Array([1, 2, 3, 4])), { data: new Float64Array([1, 2, 3, 4]), shape: [2] });
// The order of a set is CPython's.
assert.deepEqual([...k.uniq([8, 5, 1, 17, 9])], [1, 5, 8, 9, 17]);

// Arrays in the kernel's own memory are passed without a copy.
const own = newArray(k, "f64", [2, 3]);
assert.deepEqual([...own.data], [0, 0, 0, 0, 0, 0]);
own.data.set([1, 2, 3, 4, 5, 6]);
const before = own.data;
k.scale(own, 2);
assert.deepEqual([...own.data], [2, 4, 6, 8, 10, 12]);
assert.ok(before === own.data && own.data.buffer !== a.data.buffer);
assert.deepEqual(k.turn(own), { data: new Float64Array([2, 8, 4, 10, 6, 12]), shape: [3, 2] });
// What makes the memory grow makes another view of it.
k.numbers(2_000_000);
assert.ok(before.length === 0 && own.data[5] === 12);
const line = newArray(k, "f64", [4]);
line.data.fill(0.5);
assert.equal(k.dot(line, new Float64Array([1, 2, 3, 4])), 5);
assert.equal(k.dot(line, line), 1);
assert.throws(() => k.scale(line, 2), TypeError);
const kept = newArray(k, "c128", [2]);
kept.data.set([1, 2, 3, 4]);
assert.deepEqual(k.conj(kept), { data: new Float64Array([1, 2, 3, 4]), shape: [2] });
for (const array of [own, line, kept]) array.free();
own.free();
assert.throws(() => own.data, /freed/);
assert.throws(() => k.scale(own, 2), /freed/);
assert.throws(() => newArray(k, "object", [2]), /no type of elements/);
assert.throws(() => newArray(k, "f64", [2 ** 20, 2 ** 20]), { type: "MemoryError" });

// Exceptions
let error;
try {
  k.fails(0);
} catch (caught) {
  error = caught;
}
assert(error instanceof PythonError && error instanceof Error);
assert.deepEqual([error.type, error.message, String(error)], ["Refused", "no é", "Refused: no é"]);
assert.deepEqual(error.bases, ["ValueError", "Exception", "BaseException"]);
assert.equal(error.cause.type, "ZeroDivisionError");
assert.equal(
  error.traceback,
  `Traceback (most recent call last):
  File "kernel.py", line 71, in fails
ZeroDivisionError: integer division or modulo by zero

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "kernel.py", line 73, in fails
Refused: no é
`,
);
assert.equal(k.fails(5), 2);
assert.equal(printed(), "failing 0\nfailing 5\n");
assert.throws(() => k.index([1]), { type: "IndexError", message: "list index out of range" });
assert.throws(() => k.deep(0), { type: "RecursionError" });
assert.deepEqual([k.count(), k.count()], [1, 2]);

// Input and output
k.say("é");
assert.deepEqual(out.splice(0), [[1, "hello é"], [2, "!\n"], [1, "\n"]]);
assert.deepEqual(k.ask(), ["Ada", "two\n", "p", "é"]);
assert.equal(printed(), "? ");
assert.throws(() => k.ask(), { type: "EOFError" });
