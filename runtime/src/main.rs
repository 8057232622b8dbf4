//! The `kukri` command. In: the command line. Out: an exit status.

mod command;

use std::process;

fn main() {
    process::exit(command::main());
}
