import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Playground } from "./browser.mjs";

// What wasmtime prints for each example, made by the test that starts this: `[{ id, text, status, output }, …]`.
const expected = process.env.KUKRI_EXPECTED ? JSON.parse(readFileSync(process.env.KUKRI_EXPECTED, "utf8")) : [];

export default [
  ["every program prints what it prints in wasmtime, bit for bit", async (context) => {
    assert.ok(expected.length >= 20, `${expected.length} programs`);
    const p = await Playground.open(context.browser, context.url);
    context.opened.push(p);
    const wrong = [];
    for (const { id, text, output } of expected) {
      await p.write(text);
      const errors = await p.page.evaluate(() => document.querySelector("#state").innerText);
      if (/error/.test(errors)) {
        // A program that shows an error has no output, here and there.
        if (output !== "") wrong.push(`${id}: ${errors}`);
        continue;
      }
      await p.run();
      const found = await p.page.evaluate(() => [...document.querySelectorAll(".console .out")].map((part) => part.textContent).join(""));
      if (found !== output) wrong.push(`${id}: ${JSON.stringify(found.slice(0, 300))} instead of ${JSON.stringify(output.slice(0, 300))}`);
    }
    assert.deepEqual(wrong, []);
  }],
  ["broken programs break nothing", async (context) => {
    const mutants = JSON.parse(readFileSync(process.env.KUKRI_BROKEN, "utf8"));
    assert.ok(mutants.length >= 1000);
    const p = await Playground.open(context.browser, context.url);
    context.opened.push(p);
    // To a compiler's worker of the same make as the page's, one after the other.
    const counts = await p.page.evaluate(async (mutants) => {
      const worker = new Worker("./ask.js", { type: "module" });
      const program = (text) => ({ files: [{ name: "main.py", text }], main: 0 });
      const hear = () => new Promise((done) => { worker.onmessage = ({ data }) => done(data); });
      while ((await hear())[0] !== "ready");
      const counts = { right: 0, wrong: 0, explained: 0, dead: [], slowest: 0 };
      const ask = async (id, question) => {
        const heard = hear();
        worker.postMessage([id, JSON.stringify(question)]);
        let timer;
        const late = new Promise((done) => { timer = setTimeout(() => done(["late"]), 20_000); });
        const data = await Promise.race([heard, late]);
        clearTimeout(timer);
        return data;
      };
      for (const [id, text] of mutants.entries()) {
        const data = await ask(id, { Check: program(text) });
        if (typeof data[0] === "string") {
          counts.dead.push([data[0], data[1], text]);
          break;
        }
        counts.slowest = Math.max(counts.slowest, data[3]);
        if (!JSON.parse(data[1]).Checked.facts) {
          counts.wrong++;
          continue;
        }
        // Some of those that are right are optimised, as the page does for the notes on loops.
        if (counts.right++ % 8 === 0) {
          const notes = await ask(id, { Inside: [program(text), "Loops"] });
          if (typeof notes[0] === "string" || !JSON.parse(notes[1]).Loops) {
            counts.dead.push(["loops", notes[1], text]);
            break;
          }
          counts.explained++;
        }
      }
      worker.terminate();
      return counts;
    }, mutants);
    console.log(`   ${counts.right} right (of ${counts.explained} the loops were looked at), ${counts.wrong} wrong, the slowest took ${counts.slowest.toFixed(0)} ms`);
    assert.deepEqual(counts.dead, []);
    assert.ok(counts.wrong > counts.right / 4 && counts.right > 10);
    await p.write("print('alive')\n");
    assert.equal(await p.run(), "alive\n");
  }, "chrome"],
];
