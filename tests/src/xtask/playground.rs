//! Builds the playground into a static folder, and serves it.
//!
//! ```text
//! Rust ─cargo→ page.wasm, compiler.wasm ─bindgen→ + .js ─wasm-opt→ smaller ─┐
//! playground/js ─esbuild→ parts.js, workers ────────────────────────────────┴→ target/playground/site
//! ```

use crate::{run as execute, succeeds, wasm32};
use kukri_tests::site::Site;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// `cargo xtask playground`.
///
/// # Errors
/// Where something is missing that cannot be installed, or a step fails.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let port = crate::number("--port", arguments, 8000)?;
    let folder = build()?;
    if arguments.iter().any(|argument| argument == "--build-only") {
        println!("{}: copy it to any static host", folder.display());
        return Ok(());
    }
    let port = u16::try_from(port).map_err(|_| format!("--port: {port} is no port"))?;
    let site = Site::new(&folder, port)?;
    println!("The playground is at {} (Ctrl+C ends it)", site.url());
    site.serve();
    Ok(())
}

/// Makes sure that there are browsers to test in.
///
/// # Errors
/// Where there are none and none can be installed.
pub fn install_browsers() -> Result<(), String> {
    let there = |paths: &[&str]| paths.iter().any(|path| Path::new("/usr/bin").join(path).exists());
    let missing: Vec<_> = [
        ("chromium", ["chromium", "chromium-browser", "google-chrome"]),
        ("firefox-esr", ["firefox-esr", "firefox", "firefox-esr"]),
    ]
    .into_iter()
    .filter(|(_, paths)| !there(paths))
    .map(|(package, _)| package)
    .collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("Installing {} to test the playground in", missing.join(" and "));
    let (mut update, mut add) = if succeeds(Command::new("sudo").args(["-n", "true"])) {
        (Command::new("sudo"), Command::new("sudo"))
    } else {
        (Command::new("env"), Command::new("env"))
    };
    execute(update.args(["apt-get", "update"]))?;
    execute(add.args(["apt-get", "install", "--yes", "--no-install-recommends"]).args(missing))
}

/// The packages that drive browsers, installed. Gives their folder.
///
/// # Errors
/// Where they cannot be installed.
pub fn packages() -> Result<PathBuf, String> {
    let root = kukri_tests::folder().join("..").canonicalize().map_err(|error| error.to_string())?;
    let npm = root.join("target/playground/npm");
    fs::create_dir_all(&npm).map_err(|error| format!("{}: {error}", npm.display()))?;
    install(&root.join("playground"), &npm)?;
    Ok(npm)
}

/// Builds what is not up to date. Gives the folder.
///
/// # Errors
/// Where a step fails.
pub fn build() -> Result<PathBuf, String> {
    let root = kukri_tests::folder().join("..").canonicalize().map_err(|error| error.to_string())?;
    let source = root.join("playground");
    let target = root.join("target/playground");
    let (npm, site, made) = (target.join("npm"), target.join("site"), target.join("made"));
    for folder in [&npm, &site, &made] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    install(&source, &npm)?;
    let wasm = wasm32::build(&["--package", "kukri-playground", "--bins", "--profile", "wasm"])?.join("wasm");
    let bindgen = bindgen(&root)?;
    for name in ["page", "compiler", "names"] {
        let input = wasm.join(name).with_extension("wasm");
        let output = site.join(format!("{name}_bg.wasm"));
        if is_newer(&input, &output) {
            execute(Command::new(&bindgen).arg(&input).arg(&made).arg(name))?;
            let optimise = npm.join("node_modules/binaryen/bin/wasm-opt");
            // What the two compilers write by default, and nothing beyond.
            let features = "--enable-bulk-memory --enable-bulk-memory-opt --enable-mutable-globals --enable-sign-ext \
                --enable-nontrapping-float-to-int --enable-reference-types --enable-multivalue --enable-simd";
            let bound = made.join(format!("{name}_bg.wasm"));
            let mut command = Command::new("node");
            command.arg(optimise).args(["-O3", "--strip-debug", "--strip-producers"]);
            execute(command.args(features.split_whitespace()).arg(bound).arg("-o").arg(&output))?;
        }
        copy(&made.join(format!("{name}.js")), &site.join(format!("{name}.js")))?;
    }
    fs::write(made.join("kernel.js"), kukri_compiler::package::loader("kernel.wasm"))
        .map_err(|error| error.to_string())?;
    copy_folder(&source.join("js"), &made)?;
    let link = made.join("node_modules");
    if !link.exists() {
        // Where the checkout was moved, the old link leads nowhere.
        let _ = fs::remove_file(&link).or_else(|_| fs::remove_dir(&link));
        // esbuild looks for packages beside the files that import them.
        #[cfg(unix)]
        std::os::unix::fs::symlink(npm.join("node_modules"), &link).map_err(|error| error.to_string())?;
        #[cfg(windows)]
        std::os::windows::fs::symlink_dir(npm.join("node_modules"), &link).map_err(|error| error.to_string())?;
    }
    let mut bundle = Command::new(npm.join("node_modules/.bin/esbuild"));
    for entry in ["parts.js", "start.js", "editor.js", "result.js", "runner.js", "ask.js"] {
        bundle.arg(made.join(entry));
    }
    bundle.args(["--bundle", "--minify", "--format=esm", "--splitting", "--target=es2022", "--log-level=warning"]);
    bundle.args(["--external:./page.js", "--external:./compiler.js", "--external:./parts.js", "--external:./names.js"]);
    execute(bundle.arg(format!("--outdir={}", site.display())))?;
    copy_folder(&source.join("static"), &site)?;
    copy(&npm.join("node_modules/uplot/dist/uPlot.min.css"), &site.join("uplot.css"))?;
    fs::write(site.join("examples.json"), examples(&source.join("examples"), &site)?)
        .map_err(|error| error.to_string())?;
    worker(&site)?;
    Ok(site)
}

/// The packages of the lock file, under `target`.
fn install(source: &Path, npm: &Path) -> Result<(), String> {
    let lock = source.join("package-lock.json");
    let done = npm.join("installed");
    if is_newer(&lock, &done) {
        if !succeeds(Command::new("npm").arg("--version")) {
            return Err("the playground is bundled by esbuild, which npm installs: install Node.js 20 or later".into());
        }
        eprintln!("Installing the playground's packages (CodeMirror, uPlot, esbuild, Binaryen) in {}", npm.display());
        copy(&source.join("package.json"), &npm.join("package.json"))?;
        copy(&lock, &npm.join("package-lock.json"))?;
        let options = ["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--silent"];
        execute(Command::new("npm").args(options).current_dir(npm))?;
        fs::write(done, "").map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// wasm-bindgen's other half, built once.
fn bindgen(root: &Path) -> Result<PathBuf, String> {
    let folder = root.join("target/playground/bindgen");
    let manifest = root.join("playground/bindgen/Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--quiet", "--locked", "--manifest-path"]).arg(manifest);
    execute(command.arg("--target-dir").arg(&folder))?;
    Ok(folder.join("debug").join(format!("kukri-bindgen{}", std::env::consts::EXE_SUFFIX)))
}

/// The gallery: programs in the order of their names, each with a docstring whose first line is its title.
fn examples(folder: &Path, site: &Path) -> Result<String, String> {
    let mut paths: Vec<_> =
        fs::read_dir(folder).map_err(|error| error.to_string())?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut found = Vec::new();
    for part in ["pictures", "twins"] {
        fs::create_dir_all(site.join(part)).map_err(|error| error.to_string())?;
    }
    for path in &paths {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("py") => {
                let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
                let about = text.trim_start_matches("\"\"\"").split("\"\"\"").next().unwrap_or_default();
                let (title, about) = about.split_once('\n').unwrap_or((about, ""));
                let picture = folder.join(format!("{stem}.webp")).exists();
                found.push(serde_json::json!({
                    "id": stem.split_once('-').map_or(stem.as_str(), |(_, name)| name),
                    "title": title.trim().trim_end_matches('.'),
                    "about": about.split_whitespace().collect::<Vec<_>>().join(" "),
                    "picture": picture.then(|| format!("pictures/{stem}.webp")),
                    "text": text,
                    "twin": twin(&folder.join(format!("{stem}.js"))),
                }));
            }
            Some("webp") => copy(path, &site.join("pictures").join(path.file_name().unwrap_or_default()))?,
            Some("js") => copy(path, &site.join("twins").join(path.file_name().unwrap_or_default()))?,
            _ => {}
        }
    }
    Ok(serde_json::json!(found).to_string())
}

/// What there is of an example in JavaScript: the function that its file exports has the name of the Python function.
fn twin(path: &Path) -> Option<serde_json::Value> {
    let text = fs::read_to_string(path).ok()?;
    let function = text.split("export function ").nth(1)?.split('(').next()?;
    let file = path.file_name()?.to_string_lossy();
    Some(serde_json::json!({ "file": format!("./twins/{file}"), "function": function }))
}

/// Tells the service worker what there is, and gives it a name for exactly this.
fn worker(site: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    let mut open = vec![site.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| error.to_string())?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(site)
                && name != Path::new("offline.js")
            {
                files.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    // FNV-1a over names and contents: another build is another cache.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in &files {
        let content = fs::read(site.join(file)).map_err(|error| error.to_string())?;
        for byte in file.bytes().chain(content) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    // What few programs need is not loaded for all.
    let (later, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.starts_with("names"));
    let path = site.join("offline.js");
    let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let text = text
        .replace("\"NAME\"", &format!("\"kukri-{hash:016x}\""))
        .replace("[\"FILES\"]", &serde_json::json!(files).to_string())
        .replace("[\"LATER\"]", &serde_json::json!(later).to_string());
    fs::write(path, text).map_err(|error| error.to_string())
}

fn is_newer(input: &Path, output: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    !output.exists() || time(input) > time(output)
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(|_| ()).map_err(|error| format!("{}: {error}", from.display()))
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), String> {
    for entry in fs::read_dir(from).map_err(|error| format!("{}: {error}", from.display()))?.flatten() {
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
