import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Playground, require, wait } from "./browser.mjs";

const open = async (context, options) => {
  const playground = await Playground.open(context.browser, context.url, options);
  context.opened.push(playground);
  return playground;
};

const axe = () => readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

async function violations(page) {
  await page.evaluate(axe());
  return await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
  });
}

const tests = [];
for (const theme of ["light", "dark"]) {
  for (const [size, width, height] of [["wide", 1280, 800], ["narrow", 390, 780]]) {
    tests.push([`everything can be perceived: ${theme}, ${size}`, async (context) => {
      const p = await open(context, { width, height, theme });
      const name = (state) => `${state}-${theme}-${size}`;
      const panels = async (tab) => {
        if (size === "narrow") await p.button("Panels");
        await p.tab(tab);
      };
      const look = async (state) => {
        await context.picture(p.page, name(state));
        assert.deepEqual(await violations(p.page), [], state);
        const wide = await p.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${state} is ${wide} pixels too wide`);
      };
      await look("start");
      await p.ends(async () => {
        await p.page.keyboard.down("Control");
        await p.page.keyboard.press("Enter");
        await p.page.keyboard.up("Control");
      });
      await wait("output", async () => (await p.console()).length > 500);
      await look("run");
      await panels("call");
      await p.ends(() => p.page.evaluate(() => document.querySelector("#call").click()));
      await p.page.waitForSelector(".result canvas");
      await look("call");
      await panels("inside");
      await wait("code", async () => (await p.count(".row")) > 20);
      await look("inside");
      await p.button("Loops", "#panel-inside");
      await wait("the list of loops, and their notes", async () => (await p.count(".loop")) > 0 && (await p.count(".cm-note")) > 0);
      await look("loops");
      if (size === "narrow") {
        await p.button("Editor");
        await look("notes");
      }
      await p.page.evaluate(() => document.querySelector("[aria-label=More]").click());
      await p.page.waitForSelector(".menu");
      await look("menu");
      await p.page.keyboard.press("Escape");
      await p.page.keyboard.press("F1");
      await p.page.waitForSelector(".keys");
      await look("keys");
      await p.page.keyboard.press("Escape");
      if (size === "narrow") { await p.button("More"); await p.button("Examples"); } else await p.button("Examples");
      await p.page.waitForSelector(".example");
      await look("gallery");
      await p.page.keyboard.press("Escape");
      if (size === "narrow") await p.button("Editor");
      await p.write("def f(x: int):\n    return x + 'a'\nprint(lenn([1]), f(1))\n");
      await panels("problems");
      await look("problems");
    }, "chrome"]);
  }
}

tests.push(
  ["no request leaves the page, no script is inline", async (context) => {
    const p = await open(context);
    const asked = [];
    p.page.on("request", (request) => asked.push(request.url()));
    await p.page.reload();
    await p.ready();
    assert.ok(asked.length > 5);
    for (const url of asked) assert.ok(url.startsWith(context.url) || /^(blob|data):/.test(url), url);
    const policy = await p.page.evaluate(() => document.querySelector("meta[http-equiv]").content);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
    assert.equal(await p.count("script:not([src])"), 0);
  }, "chrome"],
  ["the layout does not jump", async (context) => {
    const p = await open(context);
    const shift = await p.page.evaluate(() => new Promise((done) => {
      let sum = 0;
      new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value; }).observe({ type: "layout-shift", buffered: true });
      // Notes on loops come last.
      setTimeout(() => done(sum), 1500);
    }));
    assert.ok(shift < 0.02, `shift ${shift}`);
  }, "chrome"],
  ["themes follow each other", async (context) => {
    const p = await open(context, { theme: "system" });
    const theme = () => p.page.evaluate(() => document.documentElement.dataset.theme);
    assert.equal(await theme(), "system");
    await p.button("Theme: system");
    assert.equal(await theme(), "light");
    await p.button("Theme: light");
    assert.equal(await theme(), "dark");
  }],
  ["a dialog keeps the keyboard, a menu gives it back", async (context) => {
    const p = await open(context);
    await p.page.keyboard.press("F1");
    await p.page.waitForSelector(".keys");
    for (let press = 0; press < 6; press++) {
      await p.page.keyboard.press("Tab");
      // Between the last and the first of the page are the browser's own buttons.
      assert.ok(await p.page.evaluate(() => document.activeElement === document.body || document.activeElement.closest(".dialog") !== null));
    }
    await p.page.keyboard.press("Escape");
    await wait("the editor", () => p.page.evaluate(() => document.activeElement.className.includes("cm-content")));
    await p.click("#more");
    await p.page.waitForSelector(".menu");
    await p.page.keyboard.press("Escape");
    await wait("the button", () => p.page.evaluate(() => document.activeElement.id === "more" && !document.querySelector(".menu")));
    await p.click("#more");
    await p.page.waitForSelector(".menu");
    await p.page.mouse.click(300, 500);
    await wait("no menu", async () => (await p.count(".menu")) === 0);
  }],
  ["panels open by keyboard", async (context) => {
    const p = await open(context);
    for (const [key, name] of [["2", "call"], ["3", "problems"], ["4", "inside"], ["1", "output"]]) {
      await p.page.keyboard.down("Alt");
      await p.page.keyboard.press(key);
      await p.page.keyboard.up("Alt");
      await wait(name, () => p.page.evaluate((name) => document.activeElement?.id === `tab-${name}` && !document.querySelector(`#panel-${name}`).hidden, name));
    }
    await p.page.keyboard.press("ArrowRight");
    await wait("call", () => p.page.evaluate(() => document.activeElement?.id === "tab-call"));
  }],
);

export default tests;
