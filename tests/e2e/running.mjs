import assert from "node:assert/strict";
import { Playground, wait } from "./browser.mjs";

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
    assert.match(await p.text(".result .shape"), /100 f64/);
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
    await p.page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["a,b\n1,2\n3,4.5\n"], "numbers.csv"));
      const input = document.querySelector(".pick input");
      input.files = transfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await p.page.waitForSelector(".upload");
    assert.match(await p.text(".upload"), /numbers\.csv · 2 × 2 float64/);
    await p.call();
    assert.match(await p.text(".repr"), /10\.5/);
  }],
  ["compare runs the same call in other ways", async (context) => {
    const p = await open(context);
    await p.write("def work(n: int) -> int:\n    total = 0\n    for i in range(n):\n        total += i * i % 7\n    return total\n");
    await p.call({ n: "200000" });
    await p.click("#compare");
    await wait("bars", async () => (await p.count(".compared .bar-row")) === 3);
    await context.picture(p.page, "compare");
  }],
];
