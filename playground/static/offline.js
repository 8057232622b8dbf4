// Keeps the playground for when there is no network. What is new is taken with the next visit.

const NAME = "NAME";
const FILES = ["FILES"];
// Kept once they were needed.
const LATER = ["LATER"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)));
});

self.addEventListener("message", ({ data }) => {
  if (data === "take over") self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("kukri-") && name !== NAME).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});

/** Everything of a build is in one cache. Where the browser has none to offer, the network is asked. */
async function answer(request, key, later) {
  let cache, known;
  try {
    cache = await caches.open(NAME);
    known = await cache.match(key);
  } catch {}
  if (known) return known;
  const found = await fetch(request);
  if (later && found.ok) await cache?.put(key, found.clone()).catch(() => {});
  return found;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url), { scope } = self.registration;
  if (event.request.method !== "GET" || !url.href.startsWith(scope)) return;
  const key = url.pathname.endsWith("/") ? new URL("index.html", url).href : url.origin + url.pathname;
  event.respondWith(answer(event.request, key, LATER.includes(key.slice(scope.length))));
});
