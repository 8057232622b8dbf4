//! Machine code kept between runs, in the user's cache folder. In: what was compiled. Out: `Program`s, without
//! compiling again.
//!
//! An entry is one file: the hash of all that follows, the length of the record, the record (of which modules the
//! program is made, and its manifest, as JSON), and the machine code. A file that is cut off or changed is no entry.
//! The key covers all that decides the outcome but the imported modules; those are compared one by one.

use crate::engine::Engine;
use crate::load::Program;
use crate::source::Source;
use kukri_compiler::abi::Manifest;
use kukri_compiler::syntax;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::env;
use std::fmt::{Debug, Write as _};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;
use wasmtime::Module;

/// More entries are not kept; the oldest go first.
const MOST_ENTRIES: usize = 400;
/// Bytes of a hash.
const HASH: usize = 32;

/// One place in the cache.
pub(crate) struct Entry {
    folder: PathBuf,
    key: String,
}

#[derive(Serialize, Deserialize)]
struct Record {
    /// Name and hash of every module that was looked for; no hash if it was not there.
    modules: Vec<(String, Option<String>)>,
    manifest: Manifest,
    module_bytes: usize,
}

impl Entry {
    /// The place for this program, compiled in this way.
    pub(crate) fn new(engine: &Engine, source: &Source, request: &dyn Debug) -> Option<Self> {
        let settings = &engine.settings;
        if !settings.cache {
            return None;
        }
        let mut hash = Sha256::new();
        // A newer Kukri makes other code: the program that runs now is part of the key.
        let this = fs::metadata(env::current_exe().ok()?).ok()?;
        let modified = this.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let limits = (settings.time_limit.is_some(), settings.fuel_limit.is_some(), settings.stack_limit);
        let build = (env!("CARGO_PKG_VERSION"), this.len(), modified.as_nanos());
        let choices = format!("{build:?} {limits:?} {} {:?} {request:?}", settings.optimise, source.path);
        hash.update((choices.len() as u64).to_le_bytes());
        hash.update(choices);
        hash.update(&source.bytes);
        Some(Self { folder: folder()?, key: hexadecimal(hash) })
    }

    fn path(&self) -> PathBuf {
        self.folder.join(&self.key).with_extension("kernel")
    }

    /// The program, if it was compiled before and its modules are still the same.
    pub(crate) fn load(&self, engine: &Engine, source: &Source) -> Option<Program> {
        let file = fs::read(self.path()).ok().filter(|_| is_private(&self.folder))?;
        let (hash, content) = file.split_at_checked(HASH)?;
        if hash != &Sha256::digest(content)[..] {
            return None;
        }
        let (length, content) = content.split_first_chunk()?;
        let (record, code) = content.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        let record: Record = serde_json::from_slice(record).ok()?;
        let mut files = vec![(source.path.clone(), source.bytes.clone())];
        for (name, hash) in &record.modules {
            let found = source.module(name);
            if found.as_ref().map(|(_, bytes)| hash_of(bytes)) != *hash {
                return None;
            }
            files.extend(found);
        }
        #[expect(
            unsafe_code,
            reason = "the code was written by this very program (see the key) into the user's own folder"
        )]
        // SAFETY: `store` made it by `Module::serialize`, and its hash says that it is still the same.
        let module = unsafe { Module::deserialize(&engine.wasmtime, code) }.ok()?;
        let text = |path: &String| {
            let bytes = files.iter().find(|(other, _)| other == path).map(|(_, bytes)| bytes);
            bytes.and_then(|bytes| syntax::decode(bytes).ok()).unwrap_or_default()
        };
        let texts = record.manifest.files.iter().map(text).collect();
        Some(Program { module, manifest: record.manifest, module_bytes: record.module_bytes, texts })
    }

    /// Keeps a program. That it cannot be kept is no reason to fail.
    pub(crate) fn store(&self, program: &Program, modules: &[(String, Option<Vec<u8>>)]) {
        let modules = modules.iter().map(|(name, bytes)| (name.clone(), bytes.as_deref().map(hash_of))).collect();
        let record = Record { modules, manifest: program.manifest.clone(), module_bytes: program.module_bytes };
        let _ = self.try_store(program, &record);
    }

    fn try_store(&self, program: &Program, record: &Record) -> io::Result<()> {
        create_private(&self.folder)?;
        self.remove_oldest()?;
        let record = serde_json::to_vec(record)?;
        let mut content = vec![0; HASH];
        content.extend((record.len() as u64).to_le_bytes());
        content.extend(record);
        content.extend(program.module.serialize().map_err(io::Error::other)?);
        let hash = Sha256::digest(&content[HASH..]);
        content[..HASH].copy_from_slice(&hash);
        write_at_once(&self.path(), &content)
    }

    fn remove_oldest(&self) -> io::Result<()> {
        let mut entries = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            entries.push((file.metadata()?.modified()?, file.path()));
        }
        entries.sort();
        let many = entries.len().saturating_sub(MOST_ENTRIES);
        entries.into_iter().take(many).try_for_each(|(_, path)| fs::remove_file(path))
    }
}

/// `$XDG_CACHE_HOME/kukri`, `~/.cache/kukri`, or what the system has for it.
fn folder() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home =
        || set("HOME").map(|home| home.join(if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" }));
    let base = set("XDG_CACHE_HOME").filter(|path| path.is_absolute()).or_else(|| set("LOCALAPPDATA")).or_else(home);
    base.map(|base| base.join("kukri"))
}

/// Machine code is trusted, so that only the user may write it.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether nobody but the user and the system may write there.
fn is_private(folder: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(folder).is_ok_and(|folder| folder.permissions().mode() & 0o022 == 0)
    }
    #[cfg(not(unix))]
    folder.is_dir()
}

/// Another process sees the whole file or none.
fn write_at_once(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    let part = path.with_extension(format!("{}-{number}.part", process::id()));
    fs::write(&part, bytes)?;
    fs::rename(&part, path)
}

fn hash_of(bytes: &[u8]) -> String {
    hexadecimal(Sha256::new_with_prefix(bytes))
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
