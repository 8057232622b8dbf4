import assert from "node:assert/strict";
import { choose, Playground, saved, wait } from "./browser.mjs";

const open = async (context, options) => {
  const playground = await Playground.open(context.browser, context.url, options);
  context.opened.push(playground);
  return playground;
};

export default [
  ["a program prints, and how long it took is said", async (context) => {
    const p = await open(context);
    await p.write("import math\nprint('Grüße', 7 // -2, 0.1 + 0.2, math.sin(1.0))\nprint([x * x for x in range(4)])\n");
    assert.equal(await p.run(), "Grüße -4 0.30000000000000004 0.8414709848078965\n[0, 1, 4, 9]\n");
    assert.match(await p.text("#timings"), /compile .*instantiate .*run .*module \d+\.\d KB/s);
    await context.picture(p.page, "output");
  }],
  ["what is printed comes while the program runs, and Stop ends it at once", async (context) => {
    const p = await open(context);
    await p.write("print('started')\nn = 0\nwhile True:\n    n = (n + 1) % 7\n");
    await p.click("#run");
    await wait("the first print", async () => (await p.console()).includes("started"));
    const began = Date.now();
    await p.ends(() => p.click("#stop"));
    assert.ok(Date.now() - began < 1000);
    assert.match(await p.console(), /started\nStopped\.\n/);
    await p.write("print('again')\n");
    assert.equal(await p.run(), "again\n");
  }],
  ["a program that prints for ever does not choke the page", async (context) => {
    const p = await open(context);
    await p.write("while True:\n    print('x' * 100)\n");
    await p.click("#run");
    await wait("prints", async () => (await p.console()).length > 1000);
    await p.ends(() => p.click("#stop"));
    assert.ok((await p.console()).length < 500_000);
  }],
  ["an uncaught exception shows its traceback, whose lines can be visited", async (context) => {
    const p = await open(context);
    await p.write("def inverse(x: int) -> float:\n    return 1 / x\n\n\nprint(inverse(2))\nprint(inverse(0))\n");
    const text = await p.run();
    assert.match(text, /^0\.5\nTraceback \(most recent call last\):\n {2}File "main\.py", line 6, in <module>\n {4}print\(inverse\(0\)\)\n {2}File "main\.py", line 2, in inverse\n {4}return 1 \/ x\nZeroDivisionError: division by zero/);
    assert.equal(await p.count(".cm-failed"), 2);
    await context.picture(p.page, "traceback");
    const frames = await p.page.$$(".frame");
    await frames[1].click();
    await wait("the line", async () => (await p.text(".status .line")) === "line 2");
  }],
  ["memory has a limit, recursion too", async (context) => {
    const p = await open(context);
    await p.write("import numpy as np\nkept = []\nwhile True:\n    kept.append(np.ones(10_000_000))\n");
    assert.match(await p.run(), /MemoryError/);
    await p.write("def f(n: int) -> int:\n    return f(n + 1) + 1\nprint(f(0))\n");
    assert.match(await p.run(), /RecursionError: maximum recursion depth exceeded/);
  }],
  ["input is read from the box", async (context) => {
    const p = await open(context);
    await p.write("name = input('Who? ')\nprint('Hello', name)\n");
    await p.page.waitForSelector(".stdin textarea");
    await p.page.type(".stdin textarea", "Ada\n");
    assert.equal(await p.run(), "Who? Hello Ada\n");
  }],
  ["a function is called from its form", async (context) => {
    const p = await open(context);
    await p.write("def power(base: float, times: int = 3, round_up: bool = False) -> float:\n    \"\"\"Multiplies.\"\"\"\n    result = 1.0\n    for _ in range(times):\n        result *= base\n    return result + 1 if round_up else result\n");
    await p.call({ base: "1.5" });
    assert.equal(await p.text(".repr"), "3.375");
    assert.equal(await p.text(".about"), "Multiplies.");
    await p.call({ times: "2", round_up: "True" });
    assert.equal(await p.text(".repr"), "3.25");
    assert.match(await p.text("#panel-call .timings"), /median of 5/);
    await p.call({ base: "1.5 +" });
    assert.equal(await p.count(".field-error"), 1);
    await p.call({ base: "'a'" });
    assert.equal(await p.count(".field-error"), 1);
    await context.picture(p.page, "form-error");
    // What was filled in is there again.
    await p.call({ base: "2.5" });
    await p.page.reload();
    await p.ready();
    await p.tab("call");
    assert.equal(await p.page.evaluate(() => document.querySelector("#field-base").value), "2.5");
  }],
  ["functions without annotations are called with whatever suits", async (context) => {
    const p = await open(context);
    await p.write("import numpy as np\n\ndef scaled(values, factor):\n    return values * factor\n");
    await p.call({ values: "np.linspace(0, 1, 100)", factor: "3" });
    await p.page.waitForSelector(".result canvas");
    assert.match(await p.text(".result .shape"), /100 float64/);
    await context.picture(p.page, "plot");
    await p.button("Table", ".result");
    assert.equal(await p.count(".result tbody tr"), 100);
    assert.equal(await p.page.evaluate(() => document.querySelector(".result tbody tr:last-child td").textContent), "3");
    await p.button("Histogram", ".result");
    await p.page.waitForSelector(".result canvas");
    await p.button("Text", ".result");
    assert.match(await p.text(".repr"), /^array\(\[0\. /);
    await p.call({ values: "np.outer(np.arange(20.0), np.arange(30.0))" });
    await p.button("Heat map", ".result");
    await p.page.waitForSelector(".legend");
    await context.picture(p.page, "heatmap");
    await p.call({ values: "{'a': 1}", factor: "1" });
    assert.ok(await p.count(".field-error, .problem") > 0);
  }],
  ["an exception in a call names the function's line", async (context) => {
    const p = await open(context);
    await p.write("def pick(items: list[int], at: int) -> int:\n    return items[at]\n");
    await p.call({ items: "[1, 2]", at: "5" });
    const text = await p.console();
    assert.match(text, /File "main\.py", line 2, in pick\n {4}return items\[at\]\nIndexError: list index out of range/);
    assert.doesNotMatch(text, /kukri_/);
  }],
  ["arrays come from files", async (context) => {
    const p = await open(context);
    await p.write("import numpy as np\n\ndef total(values):\n    return values.sum()\n");
    await p.tab("call");
    const upload = (name, content) => choose(p.page, ".pick input", name, content);
    await upload("numbers.csv", "a,b\n1,2\n3,4.5\n");
    await p.page.waitForSelector(".upload");
    assert.match(await p.text(".upload"), /numbers\.csv · 2 × 2 float64/);
    await p.call();
    assert.match(await p.text(".repr"), /10\.5/);
    // A .npy file, as numpy.save writes it: int16, 2 by 2.
    const header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117) + "\n";
    const npy = Buffer.concat([Buffer.from([0x93]), Buffer.from("NUMPY\x01\x00"), Buffer.from([118, 0]), Buffer.from(header), Buffer.from(new Int16Array([1, -2, 300, 4]).buffer)]);
    await p.click("[aria-label='Remove the file']");
    await upload("numbers.npy", npy);
    await wait("the file", async () => /numbers\.npy · 2 × 2 int16/.test(await p.text(".upload")));
    await p.call();
    assert.match(await p.text(".repr"), /303/);
    // What is no such file says so.
    await p.click("[aria-label='Remove the file']");
    await upload("broken.npy", "nonsense");
    await wait("why", async () => /no \.npy file/.test(await p.text(".field-error")));
    await upload("broken.csv", "1,2\n3\n");
    await wait("why", async () => /row 2 has 1 numbers, not 2/.test(await p.text(".field-error")));
  }],
  ["a picture goes through a filter, and is saved", async (context) => {
    const p = await open(context);
    await p.write("import numpy as np\n\ndef negative(image):\n    return 255 - image\n");
    await p.tab("call");
    // Two pixels, red and white.
    const png = await p.page.evaluate(async () => {
      const canvas = new OffscreenCanvas(2, 1), context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, 2, 1);
      context.fillStyle = "#f00";
      context.fillRect(0, 0, 1, 1);
      return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
    });
    await choose(p.page, ".pick input", "two.png", png);
    await wait("the picture", async () => /two\.png · 1 × 2 × 3 uint8/.test(await p.text(".upload")));
    await p.call();
    await p.button("Image", ".result");
    await p.page.waitForSelector(".result canvas");
    const pixels = await p.page.evaluate(() => [...document.querySelector(".result canvas").getContext("2d").getImageData(0, 0, 2, 1).data]);
    assert.deepEqual(pixels, [0, 255, 255, 255, 0, 0, 0, 255]);
    await context.picture(p.page, "image");
    const files = await saved(p.page, () => p.button("PNG", ".result"));
    assert.equal(files["result.png"].subarray(1, 4).toString(), "PNG");
  }],
  ["results are saved as CSV and .npy", async (context) => {
    const p = await open(context);
    await p.write("import numpy as np\n\ndef grid(n: int):\n    return np.arange(2 * n).reshape(2, n) / 4\n");
    await p.call({ n: "3" });
    const files = await saved(p.page, async () => {
      await p.button("CSV", ".result");
      await p.button(".npy", ".result");
    }, 2);
    assert.equal(files["result.csv"].toString(), "0,0.25,0.5\n0.75,1,1.25\n");
    const npy = files["result.npy"], length = npy.readUInt16LE(8);
    assert.match(npy.subarray(10, 10 + length).toString(), /^\{'descr': '<f8', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/);
    assert.equal((10 + length) % 64, 0);
    assert.deepEqual([...new Float64Array(npy.buffer.slice(npy.byteOffset + 10 + length, npy.byteOffset + npy.length))], [0, 0.25, 0.5, 0.75, 1, 1.25]);
  }],
  ["a form follows its program, until somebody fills it in", async (context) => {
    const p = await open(context);
    const value = (name) => p.page.evaluate((name) => document.querySelector(`#field-${name}`)?.value, name);
    await p.write("def f(n: int) -> int:\n    return n\n\n# try: f(50)\n");
    await p.tab("call");
    assert.equal(await value("n"), "50");
    await p.write("def f(words: list[str]) -> str:\n    return words[0]\n\n# try: f(['a'])\n");
    await wait("the other call", async () => (await value("words")) === "['a']");
    await p.call({ words: "['b', 'c']" });
    assert.equal(await p.text(".repr"), "'b'");
    // A name that is being changed takes nothing away, and a call that cannot be made leaves no old result.
    await p.write("def f(texts: list[str]) -> str:\n    return texts[0]\n\n# try: f(['a'])\n");
    await wait("the same", async () => (await value("texts")) === "['b', 'c']");
    await p.call({ texts: "3" });
    assert.match(await p.text(".field-error"), /list\[str\]/);
    assert.equal(await p.count(".result .view"), 0);
    assert.equal(await p.count(".pick"), 0, "a list of texts is in no file");
  }],
  ["complex numbers have two lines, long lines keep their peaks", async (context) => {
    const p = await open(context);
    await p.write("import numpy as np\n\ndef turn(n: int):\n    return np.exp(1j * np.arange(n))\n\ndef peak(n: int):\n    a = np.zeros(n)\n    a[n // 3] = 7.0\n    return a\n");
    await p.call({ n: "100" });
    await p.page.waitForSelector(".result canvas");
    assert.deepEqual(await p.page.evaluate(() => [...document.querySelectorAll(".result .u-legend .u-label")].map((one) => one.textContent.replace(":", ""))), ["index", "real", "imaginary"]);
    assert.match(await p.text(".result .shape"), /100 complex128/);
    await p.button("Table", ".result");
    assert.equal(await p.text(".result tbody td"), "1+0j");
    const files = await saved(p.page, () => p.button("CSV", ".result"));
    assert.match(files["result.csv"].toString(), /^1\+0j\n0\.54\d*\+0\.84\d*j\n/);
    await p.page.select("#function", "peak");
    await p.call({ n: "300001" });
    await p.button("Plot", ".result");
    await p.page.waitForSelector(".result canvas");
    // One number of all is not 0: its line goes up through the middle of the chart.
    const inked = () => p.page.evaluate(() => {
      const canvas = document.querySelector(".result canvas"), { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(0, Math.floor(height * 0.4), width, 1);
      return Array.from({ length: width }, (_, at) => data.slice(4 * at, 4 * at + 4)).filter(([red, green, , alpha]) => alpha > 40 && green - red > 40).length;
    });
    await wait("the peak", async () => (await inked()) > 0);
    await context.picture(p.page, "peak");
  }],
  ["pictures are zoomed by keyboard", async (context) => {
    const p = await open(context);
    await p.write("import numpy as np\n\ndef grid(n: int):\n    return np.arange(n * n).reshape(n, n)\n");
    await p.call({ n: "30" });
    await p.page.waitForSelector(".frame-box");
    await p.page.focus(".frame-box");
    const transform = () => p.page.evaluate(() => document.querySelector(".raster").style.transform);
    await p.page.keyboard.press("+");
    await p.page.keyboard.press("ArrowRight");
    assert.match(await transform(), /scale\(1\.4\)/);
    await p.page.keyboard.press("0");
    // Firefox leaves out a second 0.
    assert.match(await transform(), /translate\(0px(, 0px)?\) scale\(1\)/);
  }],
  ["compare runs the same call in other ways", async (context) => {
    const p = await open(context);
    await p.write("def work(n: int) -> int:\n    total = 0\n    for i in range(n):\n        total += i * i % 7\n    return total\n");
    await p.call({ n: "200000" });
    await p.click("#compare");
    const bars = () => p.page.evaluate(() => [...document.querySelectorAll(".compared .bar-name")].map((bar) => bar.textContent));
    await wait("bars", async () => (await bars()).length === 3);
    assert.deepEqual(await bars(), ["as it is", "without checks of ints", "not optimised"]);
    await context.picture(p.page, "compare");
  }],
  ["examples that come with JavaScript are compared with it", async (context) => {
    const examples = await (await fetch(`${context.url}examples.json`)).json();
    const twins = examples.filter((example) => example.twin);
    assert.ok(twins.length >= 3);
    const p = await open(context);
    for (const { title, twin } of twins) {
      await p.button("Examples");
      await p.page.waitForSelector(".example");
      await p.page.evaluate((title) => [...document.querySelectorAll(".example")].find((one) => one.querySelector(".title").textContent.endsWith(`. ${title}`)).click(), title);
      await p.settled();
      await p.tab("call");
      await p.page.evaluate((name) => {
        const select = document.querySelector("#function");
        select.value = name;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }, twin.function);
      await p.click("#compare");
      const last = () => p.page.evaluate(() => [...document.querySelectorAll(".compared .bar-name")].at(-1)?.textContent);
      await wait(`bars of ${title}`, async () => (await last()) === "JavaScript by hand");
      // The two do the same.
      await p.call();
      const [ours, theirs] = await p.page.evaluate(async ({ file, function: name }) => {
        const own = await import(new URL(file, location.href));
        const given = [...document.querySelectorAll("#panel-call .field input[type=text]")].map((field) => JSON.parse(field.value));
        const flat = (value) => (value?.data ? [...value.data].map(Number) : Array.isArray(value) ? value.flatMap(flat) : [Number(value)]);
        return [flat(document.querySelector(".result").result.value), flat(own[name](...given))];
      }, twin);
      assert.ok(ours.length > 5 && ours.length === theirs.length, `${title}: ${ours.length}, ${theirs.length}`);
      ours.forEach((value, at) => assert.ok(Math.abs(value - theirs[at]) <= 1e-9 * Math.abs(value), `${title}: ${value}, ${theirs[at]}`));
    }
    await context.picture(p.page, "twin");
  }],
];
