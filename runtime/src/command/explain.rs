//! `kukri explain`: the page of an error. In: its number or name. Out: the page.

use super::failure;
use clap::Args;
use kukri_compiler::diagnostic::{Code, suggest};
use std::io::{self, Write as _};

/// Explains an error by its number or name; without one, lists all
#[derive(Args)]
pub(super) struct Explain {
    /// Such as `KU3001` or `type-mismatch`
    code: Option<String>,
}

impl Explain {
    pub(super) fn execute(self) -> i32 {
        let Some(wanted) = self.code else {
            let line = |code: &Code| format!("{code}\n");
            return print(&Code::ALL.iter().map(line).collect::<String>());
        };
        let is = |text: &str| text.eq_ignore_ascii_case(&wanted);
        match Code::ALL.iter().find(|code| is(code.number()) || is(code.name())) {
            Some(code) => print(code.page()),
            None => {
                let names = Code::ALL.iter().flat_map(|code| [code.number(), code.name()]);
                let meant =
                    suggest::closest(&wanted, names).map_or(String::new(), |name| format!("; did you mean {name}?"));
                failure::tell(&format!("kukri: there is no error `{wanted}`{meant}\n"));
                2
            }
        }
    }
}

fn print(text: &str) -> i32 {
    failure::shown(io::stdout().write_all(text.as_bytes()))
}
