import assert from "node:assert/strict";
import { Playground, wait } from "./browser.mjs";

const open = async (context, options) => {
  const playground = await Playground.open(context.browser, context.url, options);
  context.opened.push(playground);
  return playground;
};

export default [
  ["errors are underlined, listed, and go away", async (context) => {
    const p = await open(context);
    await p.write("total = 0\nvalues = 'a b'.split()\nprint(total + values)\n");
    await p.page.waitForSelector(".cm-lintRange-error");
    assert.equal(await p.text("#state"), "1 error");
    await p.tab("problems");
    assert.match(await p.text(".problem .message"), /int.*list\[str\]/);
    assert.equal(await p.text(".problem .place"), "main.py:3");
    await context.picture(p.page, "problems");
    await p.click(".problem .jump");
    assert.equal(await p.page.evaluate(() => getSelection().toString()), "total + values");
    await p.write("print(1)\n");
    assert.equal(await p.count(".cm-lintRange-error"), 0);
    assert.equal(await p.text("#state"), "No problems");
  }],
  ["a fix is one click", async (context) => {
    const p = await open(context);
    await p.write("values = [3, 1]\nprint(lenn(values))\n");
    await p.tab("problems");
    await p.click(".button.fix");
    await p.settled();
    assert.equal(await p.program(), "values = [3, 1]\nprint(len(values))\n");
    assert.equal(await p.text("#state"), "No problems");
  }],
  ["a fix is one key", async (context) => {
    const p = await open(context);
    await p.write("print(lenn([3]))\n");
    await p.page.keyboard.down("Control");
    await p.page.keyboard.press(".");
    await p.page.keyboard.up("Control");
    await p.settled();
    assert.equal(await p.program(), "print(len([3]))\n");
  }],
  ["the page of an error is read in place", async (context) => {
    const p = await open(context);
    await p.write("print(1 + 'a')\n");
    await p.tab("problems");
    await p.click(".quiet.code");
    await p.page.waitForSelector(".explain h2");
    assert.match(await p.text(".explain h2"), /^KU3\d{3}/);
    assert.ok(await p.count(".explain .wrong") > 0);
    await context.picture(p.page, "explain");
    await p.button("← Problems");
    assert.equal(await p.count(".problem"), 1);
  }],
  ["the card of a problem says all of it", async (context) => {
    const p = await open(context);
    await p.write("total = 0\nfor word in 'a b'.split():\n    total = total + [word]\nprint(total)\n");
    const place = await p.page.waitForSelector(".cm-lintRange-error");
    await place.hover();
    await p.page.waitForSelector(".cm-tooltip .card");
    assert.match(await p.text(".card-message"), /list\[str\]/);
    assert.ok(await p.count(".card-message code") > 0);
    assert.doesNotMatch(await p.text(".card"), /`/);
    assert.match(await p.text(".card-code"), /^KU3/);
    await context.picture(p.page, "card");
  }],
  ["types show in the text, one line for each of several instances", async (context) => {
    const p = await open(context);
    await p.write("def half(x):\n    y = x / 2\n    return y\n\nprint(half(3.0))\n");
    const hints = () => p.page.evaluate(() => [...document.querySelectorAll(".cm-hint")].map((one) => one.textContent));
    await wait("hints", async () => (await hints()).length === 3);
    assert.deepEqual(await hints(), [": float", " -> float", ": float"]);
    await p.write("def twice(x):\n    return x + x\n\nprint(twice(3.0), twice('a'))\n");
    await p.page.waitForSelector(".cm-instances");
    assert.deepEqual((await p.text(".cm-instances")).split("\n"), ["twice(x: float) -> float", "twice(x: str) -> str"]);
    await context.picture(p.page, "types");
  }],
  ["a hover shows the type", async (context) => {
    const p = await open(context);
    await p.write("import numpy as np\nvalues = np.linspace(0, 1, 5)\nprint(values)\n");
    const at = await p.page.evaluate(() => {
      const line = [...document.querySelectorAll(".cm-line")].find((line) => line.textContent.startsWith("print"));
      const box = line.getBoundingClientRect();
      return { x: box.x + 75, y: box.y + box.height / 2 };
    });
    await p.page.mouse.move(at.x, at.y);
    await p.page.mouse.move(at.x + 1, at.y);
    await p.page.waitForSelector(".cm-type");
    assert.equal(await p.text(".cm-type"), "values: float64[::1]");
  }],
  ["names and members complete", async (context) => {
    const p = await open(context);
    await p.write("import numpy as np\nvalues = np.ones(3)\n");
    await p.page.keyboard.type("values.");
    await p.page.waitForSelector(".cm-tooltip-autocomplete");
    const labels = () => p.page.evaluate(() => [...document.querySelectorAll(".cm-completionLabel")].map((one) => one.textContent));
    assert.ok((await labels()).includes("shape"));
    await p.page.keyboard.type("su");
    await wait("sum", async () => (await labels())[0] === "sum");
    await context.picture(p.page, "complete");
    await p.page.keyboard.press("Enter");
    await p.settled();
    assert.match(await p.program(), /\nvalues\.sum$/);
    await p.page.keyboard.press("Enter");
    await p.page.keyboard.type("np.linsp");
    await wait("linspace", async () => (await labels()).includes("linspace"));
    await p.page.keyboard.press("Escape");
  }],
  ["F12 goes to the definition, in another file as well", async (context) => {
    const p = await open(context);
    await p.write("def area(r):\n    return 3.0 * r * r\nprint(area(2.0))\n");
    await p.page.keyboard.down("Control");
    await p.page.keyboard.press("End");
    await p.page.keyboard.up("Control");
    await p.page.keyboard.press("ArrowUp");
    for (let step = 0; step < 8; step++) await p.page.keyboard.press("ArrowRight");
    await p.page.keyboard.press("F12");
    await wait("the definition", async () => (await p.text(".status .line")) === "line 1");
    assert.equal(await p.page.evaluate(() => getSelection().toString()), "area");
    await p.write("from module1 import twice\nprint(twice(2))\n");
    await p.button("New file");
    await p.write("def unused():\n    return 1\n\ndef twice(x):\n    return 2 * x\n");
    await p.click(".tab.file:first-child button");
    await p.settled();
    await p.click(".cm-content");
    await p.page.keyboard.down("Control");
    await p.page.keyboard.press("Home");
    await p.page.keyboard.up("Control");
    await p.page.keyboard.press("ArrowDown");
    for (let step = 0; step < 8; step++) await p.page.keyboard.press("ArrowRight");
    await p.page.keyboard.press("F12");
    await wait("the other file", () => p.page.evaluate(() => document.querySelector(".tab.file.current input").value === "module1.py"));
    await wait("its line", async () => (await p.text(".status .line")) === "line 4");
    assert.equal(await p.page.evaluate(() => getSelection().toString()), "twice");
  }],
  ["several cursors write at once", async (context) => {
    const p = await open(context);
    await p.write("ab = 1\nab = ab + 2\nprint(ab)\n");
    const control = async (key) => {
      await p.page.keyboard.down("Control");
      await p.page.keyboard.press(key);
      await p.page.keyboard.up("Control");
    };
    await control("Home");
    for (let time = 0; time < 4; time++) await control("d");
    await p.page.keyboard.type("sum_of");
    await p.settled();
    assert.equal(await p.program(), "sum_of = 1\nsum_of = sum_of + 2\nprint(sum_of)\n");
    await p.page.keyboard.press("Escape");
    const lines = await p.page.$$(".cm-line");
    await lines[0].click({ offset: { x: 2, y: 8 } });
    await p.page.keyboard.down("Alt");
    await lines[1].click({ offset: { x: 2, y: 8 } });
    await p.page.keyboard.up("Alt");
    await p.page.keyboard.type("my_");
    await p.settled();
    assert.match(await p.program(), /^my_sum_of = 1\nmy_sum_of = /);
  }],
  ["characters have names", async (context) => {
    const p = await open(context);
    await p.write("print('\\N{SNOWMAN} \\N{greek small letter alpha}')\n");
    assert.equal(await p.text("#state"), "No problems");
    assert.equal(await p.run(), "☃ α\n");
    await p.write("print('\\N{NO SUCH THING}')\n");
    assert.equal(await p.text("#state"), "1 error");
  }],
  ["F8 goes through the problems", async (context) => {
    const p = await open(context);
    await p.write("print(lenn([1]))\n\nprint(1 + 'a')\n");
    const lines = [];
    for (let step = 0; step < 2; step++) {
      await p.page.keyboard.press("F8");
      lines.push(await p.text(".status .line"));
    }
    assert.deepEqual(lines.sort(), ["line 1", "line 3"]);
  }],
  ["brackets match, lines indent, text is found", async (context) => {
    const p = await open(context);
    await p.write("");
    await p.page.keyboard.type("def f(x:int):");
    await p.page.keyboard.press("Enter");
    await p.page.keyboard.type("return (x");
    await p.settled();
    assert.equal(await p.program(), "def f(x:int):\n    return (x)");
    await p.page.keyboard.down("Control");
    await p.page.keyboard.press("f");
    await p.page.keyboard.up("Control");
    await p.page.waitForSelector(".cm-search");
  }],
];
