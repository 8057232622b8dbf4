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
  ["notes in the text say which checks stay in a loop, and which loops are fast", async (context) => {
    const p = await open(context);
    const program = (body) => `import numpy as np\nfrom numba import njit\n\n@njit\ndef f(a, places):\n    total = 0.0\n${body}    return total\n\nprint(f(np.arange(8.0), np.array([1, 2])))\n`;
    const looked = "    for i in range(len(places)):\n        total += a[places[i]]\n", straight = "    for i in range(len(a)):\n        a[i] = a[i] * 2.0 + 1.0\n";
    const notes = () => p.page.evaluate(() => [...document.querySelectorAll(".cm-line")].flatMap((line, at) => [...line.querySelectorAll(".cm-note")].map((note) => `${at + 1}: ${note.textContent}`)));
    await p.write(program(looked + straight));
    await wait("notes", async () => (await notes()).length === 2);
    const [slow, fast] = await notes();
    assert.match(slow, /^7: makes 1 check on every turn; not vectorised: /);
    assert.match(fast, /^9: (needs no checks|runs without checks .*), and takes \d+ turns at once/);
    assert.deepEqual(await p.page.evaluate(() => [...document.querySelectorAll(".cm-stays")].map((mark) => mark.textContent)), ["a[places[i]]"]);
    assert.deepEqual(await p.page.evaluate(() => [...document.querySelectorAll(".cm-loop")].map((mark) => [mark.className, mark.title.split("\n")[0]])),
      [["cm-loop", "this loop makes 1 check on every turn"], ["cm-loop fast", "this loop needs no checks, and takes 8 turns at once"]]);
    await context.picture(p.page, "notes");
    // They stand behind the text, which does not move for them, and move with it.
    await p.click(".cm-line:nth-child(1)");
    await p.page.keyboard.press("Home");
    await p.page.keyboard.press("Enter");
    await p.settled();
    assert.match((await notes())[0], /^8: makes 1 check/);
    // Off and on, by keyboard, and remembered.
    const alt = async (key) => {
      await p.page.keyboard.down("Alt");
      await p.page.keyboard.press(key);
      await p.page.keyboard.up("Alt");
    };
    await alt("l");
    await wait("no notes", async () => (await notes()).length === 0);
    await p.page.reload();
    await p.ready();
    await new Promise((done) => setTimeout(done, 900));
    assert.deepEqual(await notes(), []);
    // The list beside it has them still, says more, and leads back.
    await p.tab("inside");
    await p.button("Loops", "#panel-inside");
    await wait("the list", async () => (await p.count(".loop")) === 3);
    assert.match(await p.text(".loop"), /line 9: checked on every turn: IndexError/);
    assert.match(await p.text(".loop:nth-child(3)"), /this loop of the library/);
    assert.equal(await p.text("#panel-inside .shape"), "3 loops");
    await p.click(".loop:nth-child(2) .jump");
    assert.equal(await p.page.evaluate(() => document.activeElement.className.includes("cm-content") && document.querySelector(".cm-activeLine").textContent.trim()), "for i in range(len(a)):");
    await p.click("#notes");
    await wait("notes again", async () => (await notes()).length === 2);
    // What is typed is looked at again.
    await p.write(program(straight));
    await wait("one note", async () => (await notes()).length === 1 && (await p.count(".loop")) === 2);
    // Their page.
    await p.button("What they mean", "#panel-inside");
    await wait("the page", async () => (await p.text("#panel-problems")).includes("KU6001"));
  }],
  ["a note that is clicked shows the list", async (context) => {
    const p = await open(context);
    await p.write(PROGRAM);
    await p.click(".cm-note");
    await wait("the list", async () => (await p.count(".loop")) === 1);
    await context.picture(p.page, "loops");
  }],
];
