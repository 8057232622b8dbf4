//! The cache of machine code, through the command: it is found in the user's folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().expect("a folder") };
        place.write("prog.py", "import helper\nprint(helper.number())\n");
        place.write("helper.py", "def number() -> int:\n    return 1\n");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kukri"));
        command.args(["run", "prog.py"]).current_dir(self.folder.path()).env("XDG_CACHE_HOME", self.path("cache"));
        command
    }

    fn run(&self) -> String {
        let Output { status, stdout, stderr } = self.command().output().expect("it starts");
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).expect("UTF-8")
    }

    fn entries(&self) -> Vec<PathBuf> {
        let Ok(files) = fs::read_dir(self.path("cache/kukri")) else { return Vec::new() };
        let mut found: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        found.sort();
        found
    }
}

fn modified(path: &Path) -> std::time::SystemTime {
    fs::metadata(path).and_then(|file| file.modified()).expect("a time")
}

#[test]
fn a_program_is_compiled_once() {
    let place = Place::new();
    assert_eq!(place.run(), "1\n");
    let entries = place.entries();
    assert_eq!(entries.len(), 1);
    let written = modified(&entries[0]);
    assert_eq!(place.run(), "1\n");
    assert_eq!((place.entries(), modified(&entries[0])), (entries, written));
}

#[test]
fn changed_sources_are_compiled_again() {
    let place = Place::new();
    assert_eq!(place.run(), "1\n");
    place.write("helper.py", "def number() -> int:\n    return 2\n");
    assert_eq!(place.run(), "2\n");
    place.write("prog.py", "import helper\nprint(helper.number() * 10)\n");
    assert_eq!(place.run(), "20\n");
    // A module that was not there when the program was compiled.
    place.write("prog.py", "print(3)\n");
    assert_eq!(place.run(), "3\n");
    place.write("helper.py", "def number() -> int:\n    return 1\n");
    place.write("prog.py", "import helper\nprint(helper.number())\n");
    assert_eq!(place.run(), "1\n");
    fs::remove_file(place.path("helper.py")).expect("removed");
    let Output { status, stderr, .. } = place.command().output().expect("it starts");
    assert_eq!(status.code(), Some(1));
    assert!(String::from_utf8_lossy(&stderr).contains("no module named `helper`"));
}

#[test]
fn damaged_entries_are_not_used() {
    let place = Place::new();
    assert_eq!(place.run(), "1\n");
    let entry = place.entries().remove(0);
    let good = fs::read(&entry).expect("an entry");
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let damaged = [
        Vec::new(),
        b"garbage".to_vec(),
        good[..good.len() / 2].to_vec(),
        flipped(0),
        flipped(40),
        flipped(good.len() - 100),
    ];
    for bytes in damaged {
        fs::write(&entry, &bytes).expect("written");
        assert_eq!(place.run(), "1\n");
        assert_ne!(fs::read(&entry).expect("an entry"), bytes, "it is written anew");
    }
}

#[test]
fn tracebacks_from_the_cache_have_their_lines() {
    let place = Place::new();
    place.write("helper.py", "def number() -> int:\n    return 1 // int('0')\n");
    let outputs: Vec<_> = (0..2).map(|_| place.command().output().expect("it starts")).collect();
    assert_eq!(outputs[0].stderr, outputs[1].stderr);
    assert!(String::from_utf8_lossy(&outputs[1].stderr).contains("    return 1 // int('0')\n           ~~^^~~~~~~~~~"));
}

#[test]
fn several_processes_at_once() {
    let place = Place::new();
    let children: Vec<_> = (0..6)
        .map(|_| place.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts"))
        .collect();
    for child in children {
        let Output { status, stdout, stderr } = child.wait_with_output().expect("it ends");
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        assert_eq!(stdout, b"1\n");
    }
    assert_eq!(place.entries().len(), 1);
    assert_eq!(place.run(), "1\n");
}

#[test]
fn a_folder_that_cannot_be_used_is_no_reason_to_fail() {
    let place = Place::new();
    // A file where the folder would be: nobody, not even the system's administrator, can write into it.
    place.write("cache", "");
    assert_eq!(place.run(), "1\n");
    assert_eq!(place.run(), "1\n");
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_can_write_to_is_not_trusted() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    assert_eq!(place.run(), "1\n");
    let entry = place.entries().remove(0);
    let folder = place.path("cache/kukri");
    assert_eq!(fs::metadata(&folder).expect("a folder").permissions().mode() & 0o777, 0o700);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).expect("changed");
    let before = modified(&entry);
    assert_eq!(place.run(), "1\n");
    assert_ne!(modified(&entry), before, "it was compiled again");
}

#[test]
fn no_cache_writes_nothing() {
    let place = Place::new();
    let status = place.command().arg("--no-cache").status();
    assert!(status.is_ok());
    // After the program's name, options are the program's.
    assert_eq!(place.entries().len(), 1);
    let place = Place::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_kukri"));
    command.args(["run", "--no-cache", "prog.py"]).current_dir(place.folder.path());
    assert_eq!(command.env("XDG_CACHE_HOME", place.path("cache")).output().expect("it starts").stdout, b"1\n");
    assert_eq!(place.entries(), Vec::<PathBuf>::new());
}
