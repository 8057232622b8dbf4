// A static host of the tests' own: it serves the playground under a path, and misbehaves where it is told to. In: a
// folder. Out: an address.

import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const MIME = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".json": "application/json", ".webmanifest": "application/json", ".wasm": "application/wasm", ".svg": "image/svg+xml",
  ".webp": "image/webp",
};

/** Serves until `close()`. `faults` are by file: `{ fail: how often, hang: how often, edit: (text) => text }`. */
export async function host(folder, { prefix = "/", faults = {} } = {}) {
  const asked = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
    const name = path.startsWith(prefix) ? normalize(path.slice(prefix.length) || "index.html") : "..";
    asked.push(name);
    const fault = faults[name] ?? {};
    if (fault.fail > 0) {
      fault.fail -= 1;
      response.writeHead(503);
      return response.end();
    }
    if (fault.hang > 0) {
      fault.hang -= 1;
      return;
    }
    const file = join(folder, name);
    if (name.startsWith("..") || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404);
      return response.end();
    }
    response.writeHead(200, { "content-type": MIME[extname(name)] ?? "application/octet-stream", "cache-control": "no-cache" });
    if (fault.edit) response.end(fault.edit(readFileSync(file, "utf8")));
    else createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}${prefix}`,
    asked,
    close() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
