//! The `kukri` command.
fn main() {}
