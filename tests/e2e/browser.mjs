// Starts a browser and opens the playground in it. In: a browser's name, an address. Out: pages that can be asked.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const npm = process.env.KUKRI_NPM;
export const require = createRequire(join(npm, "package.json"));
const puppeteer = require("puppeteer-core");

const PATHS = {
  chrome: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
  firefox: ["/usr/bin/firefox-esr", "/usr/bin/firefox"],
};

export async function start(name) {
  const executablePath = PATHS[name].find(existsSync);
  if (!executablePath) throw new Error(`no ${name} in ${PATHS[name].join(", ")}`);
  const chrome = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  ];
  return await puppeteer.launch({
    browser: name, executablePath, headless: true, protocolTimeout: 120_000, args: name === "chrome" ? chrome : [],
    extraPrefsFirefox: { "app.update.enabled": false, "network.captive-portal-service.enabled": false, "browser.startup.homepage_override.mstone": "ignore" },
  });
}

export async function wait(what, ask, limit = 20_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited too long: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** The playground, with what people do in it. */
export class Playground {
  constructor(page, errors) {
    this.page = page;
    this.errors = errors;
  }

  /** A fresh one: nothing is kept of another. */
  static async open(browser, url, { width = 1280, height = 800, fragment = "", search = "", theme = "light", wait = true } = {}) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width, height });
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.evaluateOnNewDocument((theme) => { try { if (!localStorage.getItem("kukri.theme")) localStorage.setItem("kukri.theme", theme); } catch {} }, theme);
    await page.goto(`${url}${search}${fragment}`);
    const playground = new Playground(page, errors);
    playground.context = context;
    if (wait) await playground.ready();
    return playground;
  }

  async close() { await this.context.close(); }

  ready() { return wait("the compiler", () => this.page.evaluate(() => document.querySelector("#state")?.className.match(/good|bad|warn/))); }

  text(selector) { return this.page.evaluate((selector) => document.querySelector(selector)?.innerText ?? "", selector); }

  count(selector) { return this.page.evaluate((selector) => document.querySelectorAll(selector).length, selector); }

  async click(selector) {
    await this.page.waitForSelector(selector, { visible: true, timeout: 10_000 });
    await this.page.click(selector);
  }

  async button(name, within = "body") {
    await wait(`button ${name}`, () => this.page.evaluate((name, within) => {
      const shown = [...document.querySelectorAll(`${within} button, ${within} a.button`)].filter((one) => one.offsetParent !== null);
      const found = shown.find((one) => one.innerText.trim() === name || one.getAttribute("aria-label") === name);
      found?.click();
      return Boolean(found);
    }, name, within), 5000);
  }

  /** Puts this text in the place of the program, as pasting would. */
  async write(text, { settle = true } = {}) {
    await this.click(".cm-content");
    await this.page.keyboard.down("Control");
    await this.page.keyboard.press("a");
    await this.page.keyboard.up("Control");
    await this.page.evaluate((text) => {
      const data = new DataTransfer();
      // Firefox takes what is pasted as a string.
      data.setData("text/plain", text);
      document.querySelector(".cm-content").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, dataType: "text/plain", data: text, bubbles: true, cancelable: true }));
    }, text);
    if (settle) await this.settled();
  }

  /** Until what is in the editor has been checked. */
  async settled() {
    await new Promise((done) => setTimeout(done, 60));
    await wait("the check", () => this.page.evaluate(() => document.querySelector(".page")?.dataset.settled !== undefined));
  }

  program() {
    return this.page.evaluate(() => {
      const program = JSON.parse(localStorage.getItem("kukri.program"));
      return program.files[program.main].text;
    });
  }

  /** Runs the program and gives what it printed. */
  async run() {
    await this.ends(() => this.click("#run"));
    return await this.console();
  }

  ended() { return this.page.evaluate(() => Number(document.querySelector(".page").dataset.ended)); }

  /** Does something that starts a run, and waits for its end. */
  async ends(start) {
    const before = await this.ended();
    await start();
    await wait("the end of the run", async () => (await this.ended()) > before);
  }

  console() { return this.page.evaluate(() => document.querySelector(".console pre").textContent); }

  async tab(name) { await this.click(`#tab-${name}`); }

  async call(fields = {}) {
    await this.tab("call");
    for (const [name, value] of Object.entries(fields)) {
      await this.page.waitForSelector(`#field-${name}`);
      await this.page.evaluate((name, value) => {
        const field = document.querySelector(`#field-${name}`);
        field.value = value;
        field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
      }, name, value);
    }
    await this.page.evaluate(() => document.querySelector(".result .view")?.setAttribute("data-old", ""));
    await this.ends(() => this.click("#call"));
    // What shows the first result has to be loaded.
    await wait("a result, or why there is none", () => this.page.evaluate(() => document.querySelector(".result .view:not([data-old]), .field-error, .problem, .traceback") !== null));
  }
}

/** Chooses a file in an input of this selector: a name, and text or bytes. */
export async function choose(page, selector, name, content) {
  await page.evaluate((selector, name, content) => {
    const transfer = new DataTransfer(), bytes = typeof content === "string" ? content : Uint8Array.from(content);
    transfer.items.add(new File([bytes], name));
    const input = document.querySelector(selector);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, selector, name, typeof content === "string" ? content : [...content]);
}

/** What the page saves while `start` is done, by name, as bytes: what a click on a link with `download` would store. */
export async function saved(page, start, count = 1) {
  await page.evaluate(() => {
    globalThis.savedFiles = [];
    const blobs = new Map(), make = URL.createObjectURL, click = HTMLAnchorElement.prototype.click;
    URL.createObjectURL = (blob) => {
      const url = make.call(URL, blob);
      blobs.set(url, blob);
      return url;
    };
    HTMLAnchorElement.prototype.click = function () {
      if (!this.download) return click.call(this);
      savedFiles.push(blobs.get(this.href).arrayBuffer().then((buffer) => [this.download, [...new Uint8Array(buffer)]]));
    };
  });
  await start();
  await wait("files", () => page.evaluate((count) => savedFiles.length >= count, count));
  const files = await page.evaluate(() => Promise.all(savedFiles));
  return Object.fromEntries(files.map(([name, bytes]) => [name, Buffer.from(bytes)]));
}
