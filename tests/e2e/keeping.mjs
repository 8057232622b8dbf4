import assert from "node:assert/strict";
import { Playground, wait } from "./browser.mjs";

const open = async (context, options) => {
  const playground = await Playground.open(context.browser, context.url, options);
  context.opened.push(playground);
  return playground;
};

export default [
  ["a link holds the program", async (context) => {
    const p = await open(context);
    await p.write("print('shared 😀')\n");
    await p.button("Share");
    const address = await wait("the link", () => p.page.evaluate(() => location.hash.startsWith("#code=") && location.href));
    const other = await open(context, { fragment: new URL(address).hash });
    await wait("the program", async () => (await other.text(".cm-content")).includes("shared 😀"));
    assert.equal(await other.run(), "shared 😀\n");
    const broken = await open(context, { fragment: "#code=nonsense" });
    assert.ok((await broken.text(".cm-content")).length > 10);
    // Firefox itself reports what it cannot decompress.
    assert.ok(broken.errors.every((error) => /ReadableStream|corrupted/.test(error)));
    broken.errors.length = 0;
  }],
  ["the text is there after a reload", async (context) => {
    const p = await open(context);
    await p.write("kept = 1\nprint(kept)\n");
    await p.page.reload();
    await p.ready();
    assert.match(await p.text(".cm-content"), /kept/);
  }],
  ["programs of several files", async (context) => {
    const p = await open(context);
    await p.write("import module1\nprint(module1.twice(21))\n");
    assert.equal(await p.text("#state"), "1 error");
    await p.button("New file");
    await p.write("def twice(x):\n    return 2 * x\n");
    await p.click(".tab.file:first-child button");
    await p.settled();
    assert.equal(await p.text("#state"), "No problems");
    assert.equal(await p.run(), "42\n");
  }],
  ["embedded, it is a program with a Run button", async (context) => {
    const p = await open(context, { search: "?embed" });
    assert.equal(await p.count(".embedded"), 1);
    await p.write("print(6 * 7)\n");
    assert.equal(await p.run(), "42\n");
    await context.picture(p.page, "embedded");
  }],
  ["it works offline after the first visit", async (context) => {
    const p = await open(context);
    await wait("the service worker", () => p.page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.active)));
    await p.page.reload();
    await p.ready();
    await p.page.setOfflineMode(true);
    await p.page.reload();
    await p.ready();
    await p.write("print('offline')\n");
    assert.equal(await p.run(), "offline\n");
  }, "chrome"],
  ["the compiler breaks down and the text stays", async (context) => {
    const p = await open(context);
    await p.write("print('mine')\n");
    const compiler = p.page.workers().find((worker) => worker.url().endsWith("ask.js"));
    // What the worker says when the compiler panicked.
    await compiler.evaluate(() => postMessage(["dead", "index out of bounds"]));
    await wait("another compiler", () => p.page.workers().some((worker) => worker !== compiler && worker.url().endsWith("ask.js")));
    await p.ready();
    assert.match(await p.text(".cm-content"), /mine/);
    assert.equal(await p.run(), "mine\n");
  }, "chrome"],
];
