// Prints the bits of what a kernel computes.

import { load } from "./numbers.js";

const k = await load();
const inputs = new Float64Array(2000);
// A linear congruential generator, and powers of two for the range.
let state = 1n;
for (let at = 0; at < inputs.length; at++) {
  state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
  inputs[at] = (Number(state >> 11n) / 2 ** 53 - 0.5) * 2 ** ((at % 41) - 20);
}
const { data } = k.all_of_them(inputs);
console.log([...new BigUint64Array(data.buffer)].map((bits) => bits.toString(16)).join("\n"));
