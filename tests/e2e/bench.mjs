// Times kernels in Chromium. In: `bench.mjs URL NAME…`, where URL has `kernel.js` and each `NAME.wasm`. Out: JSON on stdout:
// the browser's version, and for each kernel the milliseconds of its first call, and of the calls when it is warm.

import { start } from "./browser.mjs";

const WARM = 15;
const [url, ...names] = process.argv.slice(2);
const browser = await start("chrome");
const kernels = {};
for (const name of names) {
  // A page of its own for each: nothing is warm at its first call.
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(url);
  kernels[name] = await page.evaluate(async (name, count) => {
    const { load } = await import("./kernel.js");
    const kernel = await load({ module: await (await fetch(`${name}.wasm`)).arrayBuffer(), print: () => {} });
    const times = [];
    for (let call = 0; call <= count; call++) {
      const began = performance.now();
      kernel.once();
      times.push(performance.now() - began);
    }
    const [first, ...warm] = times;
    // What comes after the first calls runs as optimised as it will ever be.
    return { first, warm: warm.slice(-10) };
  }, name, WARM);
  await context.close();
  console.error(name);
}
console.log(JSON.stringify({ version: await browser.version(), kernels }));
await browser.close();
