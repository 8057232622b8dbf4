//! Codes (to be written).
/// A code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {}
