// The playground's tests in one browser. In: `run.mjs BROWSER URL [FILTER]`. Out: a line a test; status 1 where one fails.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { start } from "./browser.mjs";

const [name, url, filter = ""] = process.argv.slice(2);
const pictures = process.env.KUKRI_PICTURES, site = process.env.KUKRI_SITE;
if (pictures) mkdirSync(pictures, { recursive: true });

const files = ["editing", "running", "inside", "keeping", "fit", "speed", "examples"];
const tests = [];
for (const file of files) {
  const { default: list } = await import(`./${file}.mjs`);
  for (const [title, test, only] of list) {
    if ((!only || only === name) && `${file}: ${title}`.includes(filter)) tests.push([`${file}: ${title}`, test]);
  }
}
const browser = await start(name);
let failed = 0;

/** Runs a test; gives what went wrong. */
async function attempt(test, shot) {
  const opened = [];
  try {
    await test({
      browser, url, name, opened, site,
      picture: async (page, file) => pictures && await page.screenshot({ path: join(pictures, `${name}-${file}.png`) }),
    });
    for (const playground of opened) {
      if (playground.errors.length > 0) throw new Error(`the page reports: ${playground.errors.join("; ")}`);
    }
  } catch (error) {
    if (pictures) await opened.at(-1)?.page.screenshot({ path: join(pictures, `${name}-failed-${shot}.png`) }).catch(() => {});
    return error;
  } finally {
    for (const playground of opened) await playground.close().catch(() => {});
  }
}

for (const [title, test] of tests) {
  const began = Date.now();
  let error = await attempt(test, failed + 1);
  if (error) {
    // Browsers on a busy machine stall now and then. What fails twice is wrong.
    console.log(`AGAIN ${title}\n  ${String(error.stack ?? error).replaceAll("\n", "\n  ")}`);
    error = await attempt(test, failed + 1);
  }
  if (error) {
    failed += 1;
    console.log(`FAILED ${title}\n  ${String(error.stack ?? error).replaceAll("\n", "\n  ")}`);
  } else {
    console.log(`ok ${title} (${Date.now() - began} ms)`);
  }
}
await browser.close();
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 || tests.length === 0 ? 1 : 0);
