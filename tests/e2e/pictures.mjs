// The pictures of the gallery and of the README. In: `pictures.mjs URL EXAMPLES README-PICTURE`. Out: .webp files beside
// the examples: what each gives, or what is said of it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Playground, start } from "./browser.mjs";

const [url, folder, readme] = process.argv.slice(2);
const browser = await start("chrome");
for (const file of readdirSync(folder).filter((name) => name.endsWith(".py")).sort()) {
  const text = readFileSync(join(folder, file), "utf8");
  const p = await Playground.open(browser, url, { width: 1000, height: 640 });
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
  await new Promise((done) => setTimeout(done, 300));
  const element = await p.page.$(target === ".result .view" && await p.count(".frame-box") ? ".frame-box" : target);
  const box = await element.boundingBox();
  // Eight to five, from the top.
  const width = Math.min(box.width, box.height * 1.6), height = width / 1.6;
  const crop = target === ".console" ? { ...box, width: Math.min(400, box.width), height: Math.min(250, box.height) }
    : { x: box.x + (box.width - width) / 2, y: box.y, width, height };
  await p.page.screenshot({ path: join(folder, file.replace(".py", ".webp")), type: "webp", quality: 60, clip: crop });
  await p.close();
}
if (readme) {
  const p = await Playground.open(browser, url, { width: 1200, height: 720 });
  await p.call();
  await new Promise((done) => setTimeout(done, 300));
  await p.page.screenshot({ path: readme, type: "webp", quality: 80 });
  await p.close();
}
await browser.close();
