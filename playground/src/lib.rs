//! The playground: Python that is compiled and run in the browser.
//!
//! Two modules of WebAssembly: `page` is the Yew application, `compiler` the compiler in a worker. This library is what
//! both agree on ([`protocol`]) and what the compiler's worker answers ([`session`]), which also runs outside of browsers.

pub mod protocol;
pub mod session;
