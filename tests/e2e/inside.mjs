import assert from "node:assert/strict";
import { Playground, wait } from "./browser.mjs";

const open = async (context, options) => {
  const playground = await Playground.open(context.browser, context.url, options);
  context.opened.push(playground);
  return playground;
};

const PROGRAM = "def f(n: int) -> int:\n    total = 0\n    for i in range(n):\n        total += i * 12345\n    return total\n";

export default [
  ["each stage shows where its code comes from, both ways", async (context) => {
    const p = await open(context);
    await p.write(PROGRAM);
    await p.tab("inside");
    for (const [name, part] of [["Wasm", "(module"], ["SSA", "function @"], ["Types", "def f(n: int) -> int:"]]) {
      await p.button(name, "#panel-inside");
      await wait(name, async () => (await p.text(".generated")).includes(part));
      const row = await p.page.evaluate(() => [...document.querySelectorAll(".row")].findIndex((row) => row.textContent.includes("12345")));
      assert.ok(row >= 0, `${name} has the constant`);
      // From the code to the Python …
      const handle = (await p.page.$$(".row"))[row];
      await handle.scrollIntoView();
      await handle.hover();
      await wait("the line is marked", () => p.page.evaluate(() => document.querySelector(".cm-linked")?.textContent.includes("12345")));
      if (name === "Wasm") await context.picture(p.page, "inside");
      // … and back, by keyboard.
      await p.click(".cm-line:nth-child(1)");
      await p.click(".cm-line:nth-child(4)");
      await wait("the code is marked", () => p.page.evaluate(() => [...document.querySelectorAll(".row.marked")].some((row) => row.textContent.includes("12345"))));
    }
  }],
];
