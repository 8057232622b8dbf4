import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choose, Playground, saved, wait } from "./browser.mjs";
import { host } from "./site.mjs";

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
    // In a narrow frame one sees the program or what it does, and goes back.
    await p.page.setViewport({ width: 390, height: 400 });
    await p.button("Editor");
    assert.ok(await p.page.evaluate(() => document.querySelector(".editor").offsetParent !== null));
    await context.picture(p.page, "embedded-narrow");
  }],
  ["files are opened and saved, modules and packages too", async (context) => {
    const p = await open(context);
    await p.button("More");
    await p.page.waitForSelector(".menu input[type=file]");
    await choose(p.page, ".menu input[type=file]", "area.py", "def area(r: float) -> float:\n    return 3.0 * r * r\n\nprint(area(1.0))\n");
    await p.settled();
    assert.equal(await p.run(), "3.0\n");
    const item = async (name) => {
      await p.button("More");
      await p.page.waitForSelector(".menu");
      await p.page.evaluate((name) => [...document.querySelectorAll(".menu button")].find((one) => one.textContent.includes(name)).click(), name);
    };
    const files = await saved(p.page, async () => {
      await item(".py");
      await item(".wasm");
      await item("JavaScript");
    }, 5);
    assert.deepEqual(Object.keys(files).sort(), ["area.d.ts", "area.js", "area.py", "area.wasm"]);
    assert.match(files["area.py"].toString(), /^def area/);
    assert.match(files["area.d.ts"].toString(), /area\(r: number\): number;/);
    // The package works where it is put.
    const folder = mkdtempSync(join(tmpdir(), "kukri-"));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>Somebody's page</title><link rel='icon' href='data:,'>");
    const other = await host(folder);
    try {
      await p.page.goto(other.url);
      assert.equal(await p.page.evaluate(async () => (await (await import("./area.js")).load()).area(2)), 12);
    } finally {
      await other.close();
      rmSync(folder, { recursive: true });
    }
  }],
  ["it works under any path, and offline after the first visit", async (context) => {
    const site = await host(context.site, { prefix: "/a/b/" });
    const p = await Playground.open(context.browser, site.url);
    context.opened.push(p);
    await wait("the service worker", () => p.page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.active)));
    for (const file of site.asked) assert.ok(!file.startsWith(".."), `${file} lies outside`);
    await site.close();
    await p.page.reload();
    await p.ready();
    await p.write("print('offline')\n");
    assert.equal(await p.run(), "offline\n");
    // The charts and the gallery as well.
    await p.write("import numpy as np\n\ndef squares(n: int):\n    return np.arange(n) ** 2\n");
    await p.call({ n: "9" });
    await p.page.waitForSelector(".result canvas");
    await p.button("Examples");
    await wait("pictures", () => p.page.evaluate(() => [...document.querySelectorAll(".example img")].some((image) => image.complete && image.naturalWidth > 0)));
    p.errors.length = 0;
  }],
  ["a newer playground takes the place of the one that was kept", async (context) => {
    const faults = { "offline.js": { edit: (text) => text }, "index.html": { edit: (text) => text } };
    const site = await host(context.site, { faults });
    try {
      const p = await Playground.open(context.browser, site.url);
      context.opened.push(p);
      await wait("the service worker", () => p.page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.active)));
      faults["index.html"].edit = (text) => text.replace("<title>Kukri playground</title>", "<title>A newer one</title>");
      faults["offline.js"].edit = (text) => text.replace('"kukri-', '"kukri-newer-');
      await p.page.reload();
      await p.ready();
      await p.page.evaluate(async () => { await (await navigator.serviceWorker.getRegistration()).update(); });
      await wait("the newer one", () => p.page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting)));
      await p.page.reload();
      await wait("the title", () => p.page.title().then((title) => title === "A newer one", () => false));
      await p.ready();
      await p.write("print('new')\n");
      assert.equal(await p.run(), "new\n");
      p.errors.length = 0;
    } finally {
      await site.close();
    }
  }],
  ["a compiler that does not load is tried again, and what happens is said", async (context) => {
    for (const faults of [{ "ask.js": { fail: 2 } }, { "compiler_bg.wasm": { fail: 2 } }, { "ask.js": { hang: 1 } }]) {
      const site = await host(context.site, { faults: structuredClone(faults) });
      try {
        const p = await Playground.open(context.browser, site.url, { wait: false });
        context.opened.push(p);
        await wait("words", async () => /did not load .*trying again/.test(await p.text("#state")));
        await p.ready();
        await p.write("print('here')\n");
        assert.equal(await p.run(), "here\n");
        // The browser reports what it could not load.
        p.errors.length = 0;
      } finally {
        await site.close();
      }
    }
  }],
  ["a host that does not answer is said to be slow, and asked again", async (context) => {
    const site = await host(context.site, { faults: { "compiler_bg.wasm": { hang: 1 } } });
    try {
      const p = await Playground.open(context.browser, site.url, { wait: false });
      context.opened.push(p);
      await wait("that it is slow", async () => /slow to arrive/.test(await p.text("#state")));
      // The next attempt may succeed while the program is still being typed.
      const words = wait("words", async () => /the host does not answer.*trying again/.test(await p.text("#state")));
      await Promise.all([words, p.write("print('here')\n", { settle: false })]);
      await p.ready();
      assert.equal(await p.run(), "here\n");
      p.errors.length = 0;
    } finally {
      await site.close();
    }
  }],
  ["the worker of programs breaks down and the next run has another", async (context) => {
    const site = await host(context.site, { faults: { "runner.js": { fail: 1 } } });
    try {
      const p = await Playground.open(context.browser, site.url);
      context.opened.push(p);
      await p.write("print('here')\n");
      assert.equal(await p.run(), "here\n");
      p.errors.length = 0;
    } finally {
      await site.close();
    }
  }],
  ["the compiler breaks down and the text stays", async (context) => {
    // A compiler that panics at a word, as one with a bug would.
    const edit = (text) => text.replace(/answer\((\w+)\)\s*\{/, (head, question) => `${head} if (${question}.includes("break_down")) { globalThis.panicked = "index out of bounds"; throw new WebAssembly.RuntimeError("unreachable"); }`);
    const site = await host(context.site, { faults: { "compiler.js": { edit } } });
    try {
      const p = await Playground.open(context.browser, site.url);
      context.opened.push(p);
      await p.write("print('mine')\nbreak_down = 1\n", { settle: false });
      await wait("the problem", async () => /1 error/.test(await p.text("#state")));
      await p.tab("problems");
      assert.match(await p.text(".problem .message"), /the compiler stopped: index out of bounds/);
      assert.match(await p.text(".cm-content"), /mine/);
      await context.picture(p.page, "crash");
      await p.write("print('mine')\n");
      assert.equal(await p.text("#state"), "No problems");
      assert.equal(await p.run(), "mine\n");
    } finally {
      await site.close();
    }
  }],
];
