//! The `kukri` command. In: the command line. Out: an exit status.

mod command;

use std::process;

/// Compiling is mostly small trees and lists: this allocator takes a third of the time of the system's for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    process::exit(command::main());
}
