// The page's own module of WebAssembly. In: nothing. Out: the application runs.

import start from "./page.js";

start({ module_or_path: new URL("./page_bg.wasm", import.meta.url) }).catch((error) => {
  document.querySelector("#starting").textContent = `The playground did not start: ${error.message}`;
});
if ("serviceWorker" in navigator && location.protocol !== "file:") {
  navigator.serviceWorker.register("./offline.js").catch(() => {});
}
