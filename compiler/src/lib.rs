//! Compiles typed Python to WebAssembly: a pure function from text to bytes.

pub mod abi;
pub mod arena;
pub mod diagnostic;
pub mod infer;
pub mod lower;
pub mod opt;
pub mod prelude;
pub mod source;
pub mod ssa;
pub mod syntax;
pub mod types;
