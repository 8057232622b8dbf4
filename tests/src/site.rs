//! Serves a folder to browsers on this machine. In: a folder, a port. Out: an address.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::thread;
use tiny_http::{Header, Request, Response, Server, StatusCode};

/// What is served.
pub struct Site {
    server: Server,
    folder: PathBuf,
}

impl Site {
    /// Listens on this port of the machine itself; 0 takes any that is free.
    ///
    /// # Errors
    /// Where that is not possible.
    pub fn new(folder: &Path, port: u16) -> Result<Self, String> {
        let server = Server::http(("127.0.0.1", port)).map_err(|error| format!("port {port}: {error}"))?;
        Ok(Self { server, folder: folder.to_owned() })
    }

    /// Its address, with a slash at the end.
    pub fn url(&self) -> String {
        self.server.server_addr().to_ip().map_or_else(String::new, |address| format!("http://{address}/"))
    }

    /// Answers until the process ends.
    pub fn serve(&self) {
        // Several at once: a browser that does not read one answer may wait for another.
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for request in self.server.incoming_requests() {
                        // A browser that hangs up misses nothing.
                        let _ = self.answer(request);
                    }
                });
            }
        });
    }

    fn answer(&self, request: Request) -> std::io::Result<()> {
        let path = request.url().split(['?', '#']).next().unwrap_or_default().trim_start_matches('/').to_owned();
        let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
        // Nothing outside of the folder is anybody's business.
        let inside = !path.split('/').any(|part| part == ".." || part.contains('\\'));
        match File::open(self.folder.join(&path)).ok().filter(|_| inside) {
            Some(file) => {
                let mut response = Response::from_file(file);
                for (name, value) in [("Content-Type", mime(&path)), ("Cache-Control", "no-cache")] {
                    let header = Header::from_bytes(name, value).expect("the names and values above are plain");
                    response.add_header(header);
                }
                request.respond(response)
            }
            None => request.respond(Response::from_string("not found").with_status_code(StatusCode(404))),
        }
    }
}

fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        _ => "application/octet-stream",
    }
}
