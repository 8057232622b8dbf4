//! The library.
pub mod intrinsics;
