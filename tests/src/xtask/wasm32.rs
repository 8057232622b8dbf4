//! Builds for wasm32, with the toolchain that is there.

use crate::{run as execute, succeeds};
use std::path::PathBuf;
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";

/// `cargo xtask wasm32`.
///
/// # Errors
/// Where no toolchain has the target, the build fails, or Clippy finds something in the playground.
pub fn run() -> Result<(), String> {
    build(&["--package", "kukri-compiler"])?;
    // Most of the playground is only there for wasm32, where the usual run of Clippy does not see it. (Debian has none
    // for its own Rust.)
    if has_std() {
        let what = ["clippy", "--target", TARGET, "--package", "kukri-playground", "--bins", "--", "-D", "warnings"];
        execute(Command::new(env!("CARGO")).args(what).current_dir(kukri_tests::folder().join("..")))?;
    }
    Ok(())
}

/// Builds what the arguments say. Gives the folder that has a folder for each profile.
///
/// # Errors
/// Where no toolchain has the target, or the build fails.
pub fn build(what: &[&str]) -> Result<PathBuf, String> {
    let root = kukri_tests::folder().join("..");
    if has_std() || succeeds(Command::new("rustup").args(["target", "add", TARGET])) {
        execute(Command::new(env!("CARGO")).args(["build", "--target", TARGET]).args(what).current_dir(&root))?;
        return Ok(root.join("target").join(TARGET));
    }
    // Where rustup cannot download: Debian's own Rust builds the standard library from its source.
    eprintln!("rustup has no {TARGET} here; trying Debian's rustc-web");
    let web = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];
    if !has_debian() {
        execute(Command::new("apt-get").arg("update"))?;
        execute(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends"]).args(web))?;
    }
    execute(
        Command::new("/usr/bin/cargo")
            .args(["build", "--target", TARGET])
            .args(what)
            .args(["--target-dir", "target/wasm32", "-Z", "build-std=std,panic_abort"])
            .env("RUSTC", "/usr/bin/rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
            .env_remove("RUSTUP_TOOLCHAIN")
            .current_dir(&root),
    )?;
    Ok(root.join("target/wasm32").join(TARGET))
}

fn has_std() -> bool {
    let output = Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).output();
    let folder = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

fn has_debian() -> bool {
    succeeds(Command::new("/usr/bin/rustc").arg("--version")) && succeeds(Command::new("wasm-ld-19").arg("--version"))
}
