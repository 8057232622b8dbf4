//! Runs typed Python as WebAssembly: compiles a text or a file to a [`Kernel`], and calls its functions with Rust
//! values.
//!
//! ```
//! let source = "
//! def mean(xs: list[float]) -> float:
//!     return sum(xs) / len(xs)
//! ";
//! let kernel = kukri::Engine::new()?.compile(source)?;
//! let mean: f64 = kernel.call("mean", (&[1.0, 2.0, 6.0],))?;
//! assert_eq!(mean, 3.0);
//! # Ok::<(), kukri::Error>(())
//! ```
//!
//! # Arrays
//!
//! Arrays of the `ndarray` crate are NumPy arrays, whatever their order and strides. What is passed by `&mut` shows
//! what the function did to it. Functions without annotations, and those of Numba, take what they are given.
//!
//! ```
//! use ndarray::array;
//!
//! let source = "
//! from numba import njit
//!
//! @njit
//! def double(a):
//!     for i in range(a.shape[0]):
//!         for j in range(a.shape[1]):
//!             a[i, j] *= 2
//!     return a.T
//! ";
//! let kernel = kukri::Engine::new()?.compile(source)?;
//! let mut a = array![[1.0, 2.0], [3.0, 4.0]];
//! let turned: ndarray::Array2<f64> = kernel.call("double", (&mut a,))?;
//! assert_eq!(a, array![[2.0, 4.0], [6.0, 8.0]]);
//! assert_eq!(turned, array![[2.0, 6.0], [4.0, 8.0]]);
//! # Ok::<(), kukri::Error>(())
//! ```
//!
//! Which Rust types stand for which Python types:
//!
//! | Python type | Rust types that are passed for it | and that come back |
//! |---|---|---|
//! | `bool` | `bool` | `bool` |
//! | `int`, NumPy integers | every integer that fits, `bool` | every integer that it fits |
//! | `float`, `np.float32` | `f32`, `f64`, integers | `f32` (exact ones only), `f64` |
//! | `complex` | `Complex<f64>`, `Complex<f32>`, all above | `Complex<f64>` |
//! | `str` | `&str`, `String` | `String` |
//! | `bytes` | `&[u8]`, `Vec<u8>` | `Vec<u8>` |
//! | `list[T]` | `&[T]`, `[T; N]`, `Vec<T>` | `Vec<T>` |
//! | `np.ndarray` | every `ndarray` array and view; `&[T]`, `Vec<T>` for one dimension | `ndarray::Array`, `Vec<T>` |
//! | `tuple[A, B]` | `(A, B)` | `(A, B)` |
//! | `T \| None` | `Option<T>`, `T`, `()` | `Option<T>` |
//! | `None` | `()` | `()` |
//! | `dict[K, V]` | nothing: pass a list of pairs | `HashMap<K, V>`, `BTreeMap<K, V>` |
//! | `set[T]` | nothing: pass a list | `HashSet<T>`, `BTreeSet<T>` |
//! | any of them | [`Value`] | [`Value`] |
//!
//! Arguments are copied into the kernel's memory, results out of it.
//!
//! # Exceptions and limits
//!
//! A Python exception is an [`Error::Exception`], with its class, message and traceback. A kernel that hits a limit
//! ends with an error of its own; the next call finds it in order.
//!
//! ```
//! use kukri::{Engine, Error, Settings};
//! use std::time::Duration;
//!
//! let source = "
//! def divide(a: int, b: int) -> float:
//!     return a / b
//!
//! def wait() -> None:
//!     while True:
//!         pass
//! ";
//! let settings = Settings { time_limit: Some(Duration::from_millis(20)), ..Settings::default() };
//! let kernel = Engine::with(settings)?.compile(source)?;
//! let error = kernel.call::<f64>("divide", (1, 0)).unwrap_err();
//! let exception = error.exception().expect("a Python exception");
//! assert_eq!((exception.class.as_str(), exception.message.as_str()), ("ZeroDivisionError", "division by zero"));
//! assert_eq!((exception.frames[0].function.as_str(), exception.frames[0].line), ("divide", 3));
//! assert!(matches!(kernel.call::<()>("wait", ()), Err(Error::TimeLimit(_))));
//! assert_eq!(kernel.call::<f64>("divide", (1, 2))?, 0.5);
//! # Ok::<(), kukri::Error>(())
//! ```
//!
//! # Functions of the host
//!
//! [`Engine::function`] offers a Rust closure to the kernels that are compiled afterwards. Its types are those of the
//! closure. An error it gives is raised in Python.
//!
//! ```
//! let mut engine = kukri::Engine::new()?;
//! engine.function("parse", |text: String| text.trim().parse::<f64>());
//! let source = "
//! def total(texts: list[str]) -> float:
//!     found = 0.0
//!     for text in texts:
//!         try:
//!             found += parse(text)
//!         except RuntimeError:
//!             pass
//!     return found
//! ";
//! let kernel = engine.compile(source)?;
//! assert_eq!(kernel.call::<f64>("total", (["1.5", "x", " 2 "],))?, 3.5);
//! # Ok::<(), kukri::Error>(())
//! ```
//!
//! # Prints
//!
//! Prints go where [`Settings::console`] says, which is the process's own stdout where nothing is said.
//!
//! ```
//! use kukri::{Console, Engine, Settings, Stream};
//! use std::io;
//! use std::sync::{Arc, Mutex};
//!
//! #[derive(Default)]
//! struct Kept(Mutex<Vec<u8>>);
//!
//! impl Console for Kept {
//!     fn write(&self, _stream: Stream, bytes: &[u8]) -> io::Result<()> {
//!         self.0.lock().unwrap().extend(bytes);
//!         Ok(())
//!     }
//! }
//!
//! let console = Arc::new(Kept::default());
//! let engine = Engine::with(Settings { console: console.clone(), ..Settings::default() })?;
//! engine.compile("print('hello', 1.5)")?.run()?;
//! assert_eq!(*console.0.lock().unwrap(), b"hello 1.5\n");
//! # Ok::<(), kukri::Error>(())
//! ```

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
