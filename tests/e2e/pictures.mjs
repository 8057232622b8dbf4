// The pictures of the gallery and of the README. In: `pictures.mjs URL EXAMPLES README-PICTURE`. Out: .webp files beside
// the examples: what each gives, or what is said of it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Playground, start } from "./browser.mjs";

const [url, folder, readme] = process.argv.slice(2);
const browser = await start("chrome");
for (const file of readdirSync(folder).filter((name) => name.endsWith(".py")).sort()) {
  const text = readFileSync(join(folder, file), "utf8");
  const p = await Playground.open(browser, url, { width: 1000, height: 960 });
  await p.write(text);
  let target = ".console";
  if (file.includes("error-")) {
    await p.tab("problems");
    target = ".side";
  } else if (/plot|damped|walk|normal|mandelbrot|life|filter|nbody|heat|lorenz|fdtd|fibonacci|primes/.test(file)) {
    await p.call();
    target = ".result .view";
  } else {
    await p.run();
  }
  if (file.includes("normal")) await p.button("Histogram", ".result");
  await new Promise((done) => setTimeout(done, 300));
  const isRaster = target === ".result .view" && await p.count(".frame-box") > 0;
  const box = await (await p.page.$(isRaster ? ".frame-box" : target)).boundingBox();
  if (target === ".console") {
    // As wide as what is printed.
    const text = await p.page.evaluate(() => {
      const range = document.createRange();
      range.selectNodeContents(document.querySelector(".console pre"));
      const { width, height } = range.getBoundingClientRect();
      return Math.max(width, height * 1.6);
    });
    box.width = Math.min(box.width, Math.max(260, Math.min(460, text + 30)));
  }
  // Eight to five: the middle of a picture, but for heat, which comes from the top; the top of all else.
  const width = Math.min(box.width, box.height * 1.6), height = width / 1.6;
  const crop = { x: box.x + (target === ".console" ? 0 : (box.width - width) / 2), y: box.y + (isRaster && !file.includes("heat") ? (box.height - height) / 2 : 0), width, height };
  await p.page.screenshot({ path: join(folder, file.replace(".py", ".webp")), type: "webp", quality: 60, clip: crop });
  await p.close();
}
if (readme) {
  const p = await Playground.open(browser, url, { width: 1200, height: 720 });
  await p.call();
  // With the notes on loops.
  await p.page.waitForSelector(".cm-loop");
  await new Promise((done) => setTimeout(done, 300));
  await p.page.screenshot({ path: readme, type: "webp", quality: 80 });
  await p.close();
}
await browser.close();
