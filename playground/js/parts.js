// What the application leaves to JavaScript: the editor, the console, results, and what browsers offer to it alone.

export { createConsole } from "./console.js";
export { createCode } from "./code.js";
export { pack, unpack, download, downloadPackage, copyText, readFile, keepOffline } from "./browser.js";

/** Results need charts, and charts come when there is a result. */
export async function showResult(element, result) {
  const { show } = await import("./result.js");
  show(element, result);
}

export async function showBars(element, bars) {
  const { showBars } = await import("./result.js");
  showBars(element, bars);
}

/** The page paints before the editor is there. */
export async function createEditor(parent, text, tell, ask) {
  const { createEditor } = await import("./editor.js");
  parent.replaceChildren();
  return createEditor(parent, text(), tell, ask);
}
