//! Types.
pub mod hir;
