//! Runs Python kernels that Kukri compiled to WebAssembly.

mod cache;
mod compile;
mod console;
mod convert;
mod engine;
mod error;
mod exception;
mod heap;
mod host;
mod instance;
mod kernel;
mod load;
mod source;
mod thread;
mod ticker;
mod value;

pub use console::{Console, ProcessConsole, Stream};
pub use convert::scalar::Element;
pub use convert::{Arguments, FromKernel, ToKernel, Typed, Update};
pub use engine::{Engine, Settings};
pub use error::{Error, Report};
pub use exception::{Exception, Frame};
pub use host::{HostClosure, HostResult};
pub use kernel::Kernel;
pub use source::Source;
pub use value::{Array, Value};
