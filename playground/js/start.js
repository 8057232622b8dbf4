// The page's own module of WebAssembly. In: nothing. Out: the application runs.

import start from "./page.js";

const run = () => start({ module_or_path: new URL("./page_bg.wasm", import.meta.url) }).catch((error) => {
  document.querySelector("#starting").textContent = `The playground did not start: ${error.message}`;
});

// A newer playground that was fetched during the last visit takes over before this visit begins: parts of two never meet.
const waiting = (await navigator.serviceWorker?.getRegistration().catch(() => undefined))?.waiting;
if (waiting && navigator.serviceWorker.controller) {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage("take over");
  setTimeout(run, 3000);
} else {
  run();
}
