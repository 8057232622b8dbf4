//! Files of Python on disk: the main one, and those it imports from beside it. In: paths. Out: `Source`, texts.

use crate::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// A program as it was given, before it is compiled.
#[derive(Clone)]
pub struct Source {
    /// For messages.
    pub(crate) path: String,
    /// The bytes of the main file.
    pub(crate) bytes: Vec<u8>,
    /// Where its imports are looked for.
    folder: Option<PathBuf>,
}

impl Source {
    /// A text without a file: it can import nothing of the user's.
    pub fn of_text(text: &str) -> Self {
        Self { path: "<kernel>".into(), bytes: text.into(), folder: None }
    }

    /// A program that is not in a file, under the name that messages and tracebacks give it. What it imports is
    /// looked for in the current folder, as `python -` does.
    pub fn of_bytes(name: &str, bytes: Vec<u8>) -> Self {
        Self { path: name.to_owned(), bytes, folder: std::env::current_dir().ok() }
    }

    /// A file.
    pub fn of_file(path: &Path) -> Result<Self, Error> {
        let bytes = fs::read(path).map_err(|error| Error::File(path.to_owned(), error))?;
        // Like `sys.path[0]`, and so in tracebacks: the folder is absolute, wherever the command was given.
        let folder = fs::canonicalize(path).ok().and_then(|path| path.parent().map(Path::to_owned));
        Ok(Self { path: path.display().to_string(), bytes, folder })
    }

    /// The path from the root on, for what is a file.
    pub(crate) fn whole_path(&self) -> String {
        let path = Path::new(&self.path);
        let whole = std::path::absolute(path).ok().filter(|_| path.is_file());
        whole.map_or_else(|| self.path.clone(), |whole| whole.display().to_string())
    }

    /// Path and content of an imported module: `a.b` is `a/b/__init__.py` or `a/b.py`. A folder without either is an
    /// empty package.
    pub(crate) fn module(&self, name: &str) -> Option<(String, Vec<u8>)> {
        // A module's name is a dotted identifier; anything else must not reach the file system.
        let clean = name.split('.').all(|part| !part.is_empty() && !part.contains(['/', '\\']));
        let stem = self.folder.as_ref().filter(|_| clean)?.join(name.replace('.', "/"));
        let package = stem.join("__init__.py");
        let candidates = [package.clone(), stem.with_extension("py")];
        let found = candidates.iter().find_map(|path| Some((path.display().to_string(), fs::read(path).ok()?)));
        found.or_else(|| stem.is_dir().then(|| (package.display().to_string(), Vec::new())))
    }
}
