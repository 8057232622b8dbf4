//! The command as a user sees it: what it prints where, and the status it ends with.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A folder with programs to run the command on.
struct Place(tempfile::TempDir);

/// What the command did.
#[derive(Debug, PartialEq)]
struct Done {
    status: Option<i32>,
    out: String,
    err: String,
}

const FUNCTIONS: &str = "
import numpy as np

def same(x):
    return x

def half(n: int) -> float:
    return n / 2

def inverse(n: int) -> int:
    return 1 // n

def join(words: list[str], mark: str = '-') -> str:
    return mark.join(words)

def total(a):
    return a.sum()

def spin(n: int) -> int:
    total = 0
    for i in range(n):
        total = (total * 31 + i) % 1000003
    return total
";

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a folder"));
        place.write("f.py", FUNCTIONS);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).expect("written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kukri"));
        command.args(arguments).current_dir(self.0.path()).env("XDG_CACHE_HOME", self.path("cache"));
        command.env_remove("NO_COLOR").stdin(Stdio::null());
        command
    }

    fn kukri(&self, arguments: &[&str]) -> Done {
        done(self.command(arguments).output().expect("it starts"))
    }

    fn with_stdin(&self, arguments: &[&str], input: &str) -> Done {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
        done(child.wait_with_output().expect("it ends"))
    }

    /// What it prints where all goes well.
    fn out(&self, arguments: &[&str]) -> String {
        let done = self.kukri(arguments);
        assert_eq!((done.status, done.err.as_str()), (Some(0), ""), "{done:?}");
        done.out
    }

    /// What it says where it was called in a wrong way.
    fn misused(&self, arguments: &[&str]) -> String {
        let done = self.kukri(arguments);
        assert_eq!((done.status, done.out.as_str()), (Some(2), ""), "{done:?}");
        done.err
    }
}

fn done(output: Output) -> Done {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Done { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

// run

#[test]
fn run_prints_and_ends_as_python() {
    let place = Place::new();
    place.write("good.py", "print('é', 1.5, [None])\n");
    assert_eq!(place.out(&["run", "good.py"]), "é 1.5 [None]\n");
    place.write("bad.py", "def f(n: int) -> int:\n    return 1 // n\n\nprint('before')\nf(0)\n");
    let done = place.kukri(&["run", "bad.py"]);
    assert_eq!((done.status, done.out.as_str()), (Some(1), "before\n"));
    let path = place.path("bad.py");
    assert_eq!(
        done.err,
        format!(
            "Traceback (most recent call last):\n  File \"{0}\", line 5, in <module>\n    f(0)\n  File \"{0}\", line 2, \
             in f\n    return 1 // n\n           ~~^^~~\nZeroDivisionError: integer division or modulo by zero\n",
            path.display()
        )
    );
}

#[test]
fn run_passes_arguments_and_input() {
    let place = Place::new();
    place.write("a.py", "import sys\nprint(sys.argv)\nprint(input('? ') + '!')\n");
    let done = place.with_stdin(&["run", "a.py", "-v", "--help", "b c", "é"], "Ada\n");
    let expected = "['a.py', '-v', '--help', 'b c', 'é']\n? Ada!\n";
    assert_eq!(done, Done { status: Some(0), out: expected.into(), err: String::new() });
    assert_eq!(place.with_stdin(&["run", "a.py", "--", "-O0"], "x\n").out, "['a.py', '--', '-O0']\n? x!\n");
    assert_eq!(place.with_stdin(&["run", "--", "a.py", "--fuel"], "x\n").out, "['a.py', '--fuel']\n? x!\n");
    let done = place.kukri(&["run", "a.py"]);
    assert_eq!((done.status, done.err.lines().last()), (Some(1), Some("EOFError: EOF when reading a line")));
    assert_eq!(done.out, "['a.py']\n? ");
}

#[test]
fn run_reads_a_program_from_stdin() {
    let place = Place::new();
    place.write("helper.py", "number = 41\n");
    let done = place.with_stdin(&["run", "-", "x"], "import sys\nimport helper\nprint(sys.argv, helper.number + 1)\n");
    assert_eq!(done, Done { status: Some(0), out: "['-', 'x'] 42\n".into(), err: String::new() });
    let done = place.with_stdin(&["run", "-"], "1 // 0\n");
    assert!(done.err.contains("File \"<stdin>\", line 1"), "{}", done.err);
}

#[test]
fn exit_statuses() {
    let place = Place::new();
    for (source, status, err) in [
        ("raise SystemExit", 0, ""),
        ("raise SystemExit(3)", 3, ""),
        ("import sys\nsys.exit(256 + 7)", 7, ""),
        ("import sys\nsys.exit(-1)", 255, ""),
        ("import sys\nsys.exit('sorry')", 1, "sorry\n"),
        ("import sys\nsys.exit('3')", 1, "3\n"),
        ("import sys\nsys.exit(True)", 1, ""),
        ("import sys\nsys.exit(False)", 0, ""),
        ("import sys\nsys.exit(1.5)", 1, "1.5\n"),
        ("import sys\nsys.exit(None)", 0, ""),
        ("import sys\nsys.exit()", 0, ""),
    ] {
        place.write("exit.py", source);
        let done = place.kukri(&["run", "exit.py"]);
        assert_eq!((done.status, done.err.as_str()), (Some(status), err), "{source}");
    }
    place.write("wrong.py", "x = 1 +\n");
    let done = place.kukri(&["run", "wrong.py"]);
    assert_eq!((done.status, done.out.as_str()), (Some(1), ""));
    assert!(
        done.err.starts_with("error[KU1001 invalid-syntax]") && done.err.contains("--> wrong.py:1:"),
        "{}",
        done.err
    );
}

#[test]
fn files_that_cannot_be_read() {
    let place = Place::new();
    fs::create_dir(place.path("folder")).expect("a folder");
    for command in ["run", "build"] {
        let err = place.misused(&[command, "nowhere.py"]);
        assert_eq!(err, "kukri: cannot read nowhere.py: No such file or directory (os error 2)\n");
        let err = place.misused(&[command, "folder"]);
        assert_eq!(err, "kukri: cannot read folder: Is a directory (os error 21)\n");
    }
    for arguments in [&["call", "nowhere.py", "f"], &["bench", "nowhere.py", "f"]] {
        assert!(place.misused(arguments).contains("cannot read nowhere.py"));
    }
    place.write("binary.py", b"\x7fELF\0\xff\xfe");
    let done = place.kukri(&["run", "binary.py"]);
    assert_eq!(done.status, Some(1));
    assert!(done.err.starts_with("error[KU1"), "{}", done.err);
    place.write("empty.py", "");
    assert_eq!(place.out(&["run", "empty.py"]), "");
}

#[test]
fn stdout_and_stderr_keep_their_order() {
    let place = Place::new();
    place.write(
        "both.py",
        "import sys\nfor i in range(3):\n    print('out', i)\n    print('err', i, file=sys.stderr)\n1 // 0\n",
    );
    let both = place.path("both.txt");
    let file = fs::File::create(&both).expect("a file");
    let mut command = place.command(&["run", "both.py"]);
    command.stdout(file.try_clone().expect("a file")).stderr(file);
    assert_eq!(command.status().expect("it starts").code(), Some(1));
    let text = String::from_utf8(fs::read(both).expect("a file")).expect("UTF-8");
    assert!(text.starts_with("out 0\nerr 0\nout 1\nerr 1\nout 2\nerr 2\nTraceback"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_news() {
    let place = Place::new();
    place.write("long.py", "for i in range(10_000_000):\n    print('line', i)\n");
    for arguments in [&["run", "long.py"][..], &["explain"], &["completions", "bash"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = place.command(arguments).stdout(writer).output().expect("it starts");
        assert_eq!((output.status.code(), output.stderr), (Some(141), Vec::new()), "{arguments:?}");
    }
}

// Ctrl-C

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_run_at_once() {
    let place = Place::new();
    place.write("spin.py", "def spin() -> None:\n    print('started', flush=True)\n    print('waits', end='')\n    while True:\n        pass\n\nspin()\n");
    for arguments in [&["run", "spin.py"][..], &["call", "spin.py", "spin"]] {
        let mut command = place.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut started = [0; 8];
        child.stdout.as_mut().expect("a pipe").read_exact(&mut started).expect("it prints");
        std::thread::sleep(Duration::from_millis(200));
        let interrupted = Instant::now();
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT)
            .expect("it runs");
        let done = done(child.wait_with_output().expect("it ends"));
        assert!(interrupted.elapsed() < Duration::from_millis(100), "{:?}", interrupted.elapsed());
        // What was printed before is not lost.
        assert_eq!(done, Done { status: Some(130), out: "waits".into(), err: "KeyboardInterrupt\n".into() });
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_benchmark_at_once() {
    let place = Place::new();
    place.write("spin.py", "def spin() -> None:\n    print('lost')\n    while True:\n        pass\n");
    let mut command = place.command(&["bench", "spin.py", "spin"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    std::thread::sleep(Duration::from_secs(1));
    let interrupted = Instant::now();
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).expect("it runs");
    let done = done(child.wait_with_output().expect("it ends"));
    assert!(interrupted.elapsed() < Duration::from_millis(100), "{:?}", interrupted.elapsed());
    assert_eq!(done, Done { status: Some(130), out: String::new(), err: "KeyboardInterrupt\n".into() });
}

// Colours

#[cfg(unix)]
#[test]
fn colours_are_for_terminals() {
    let place = Place::new();
    place.write("wrong.py", "x = 1 + 'a'\n");
    let on_terminal = |variables: &[(&str, &str)]| {
        let controller =
            rustix::pty::openpt(rustix::pty::OpenptFlags::RDWR | rustix::pty::OpenptFlags::NOCTTY).expect("a pty");
        rustix::pty::grantpt(&controller).expect("granted");
        rustix::pty::unlockpt(&controller).expect("unlocked");
        let name = rustix::pty::ptsname(&controller, Vec::new()).expect("a name").into_string().expect("a path");
        let user = fs::OpenOptions::new().read(true).write(true).open(name).expect("a terminal");
        let mut command = place.command(&["check", "wrong.py"]);
        command.env("TERM", "xterm").envs(variables.iter().copied());
        command.stdout(user.try_clone().expect("a terminal")).stderr(user.try_clone().expect("a terminal"));
        command.status().expect("it starts");
        drop((command, user));
        let mut text = Vec::new();
        // The terminal of a process that has ended cannot be read any more.
        let _ = fs::File::from(controller).read_to_end(&mut text);
        String::from_utf8(text).expect("UTF-8")
    };
    let coloured = on_terminal(&[]);
    assert!(coloured.contains("\u{1b}[") && coloured.contains("KU3002"), "{coloured}");
    for variables in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let plain = on_terminal(&[variables]);
        assert!(!plain.contains('\u{1b}') && plain.contains("KU3002"), "{plain}");
    }
    let done = place.kukri(&["check", "wrong.py"]);
    assert!(!done.out.contains('\u{1b}') && done.out.contains("KU3002"), "{done:?}");
}

// call

#[test]
fn call_takes_literals_and_prints_the_repr() {
    let place = Place::new();
    for literal in [
        "-1",
        "1.5",
        "-2.5e-300",
        "'it'",
        "\"it's\"",
        "True",
        "None",
        "[1, -2, 3]",
        "[[1.5], []]",
        "(1, 'a', (2.5,))",
        "b'\\xff'",
        "(1-2j)",
        "[True, False]",
        "[None, 1]",
        "'é😀'",
        "[[], [1]]",
        "([], [[]])",
    ] {
        assert_eq!(place.out(&["call", "f.py", "same", literal]), format!("{literal}\n"));
    }
    assert_eq!(place.out(&["call", "f.py", "same", "2j"]), "2j\n");
    assert_eq!(place.out(&["call", "f.py", "same", " 0x_ff "]), "255\n");
    assert_eq!(place.out(&["call", "f.py", "half", "3"]), "1.5\n");
    assert_eq!(place.out(&["call", "f.py", "join", "[]"]), "''\n");
    assert_eq!(place.out(&["call", "f.py", "join", "['a', 'b']"]), "'a-b'\n");
    assert_eq!(place.out(&["call", "f.py", "join", "['a', 'b']", "'+'"]), "'a+b'\n");
    assert_eq!(place.with_stdin(&["call", "-", "f", "2"], "def f(x):\n    return x * 2\n").out, "4\n");
}

#[test]
fn call_reads_npy_files() {
    let place = Place::new();
    let write = |name: &str, array: &ndarray::ArrayD<f32>| {
        ndarray_npy::write_npy(place.path(name), array).expect("written");
    };
    let array = ndarray::arr2(&[[1.5f32, 2.0], [3.0, 4.0]]).into_dyn();
    write("a.npy", &array);
    write("t.npy", &array.clone().reversed_axes());
    assert_eq!(place.out(&["call", "f.py", "total", "@a.npy"]), "np.float32(10.5)\n");
    let shown = "array([[1.5, 3. ],\n       [2. , 4. ]], dtype=float32)\n";
    assert_eq!(place.out(&["call", "f.py", "same", "@t.npy"]), shown);
    assert!(place.misused(&["call", "f.py", "same", "@none.npy"]).contains("cannot read none.npy"));
    place.write("bad.npy", "no numbers");
    assert!(place.misused(&["call", "f.py", "same", "@bad.npy"]).contains("cannot read bad.npy"));
}

#[test]
fn call_says_what_is_wrong() {
    let place = Place::new();
    assert_eq!(
        place.misused(&["call", "f.py", "same", "Ada"]),
        "kukri: `Ada` is not a Python literal (a string needs quotes of its own: \"'Ada'\")\n"
    );
    assert!(place.misused(&["call", "f.py", "same", "x=1"]).contains("arguments are passed by their position"));
    assert!(place.misused(&["call", "f.py", "same", "99999999999999999999"]).contains("64 bits"));
    let failed = |arguments: &[&str]| {
        let done = place.kukri(arguments);
        assert_eq!((done.status, done.out.as_str()), (Some(1), ""), "{done:?}");
        done.err
    };
    assert!(failed(&["call", "f.py", "haft", "1"]).starts_with("kukri: there is no function `haft`; those that"));
    assert!(failed(&["call", "f.py", "half", "1.5"]).contains("half() argument `n` should be `int`, not `float`"));
    assert!(failed(&["call", "f.py", "half"]).contains("`half` is called without `n`"));
    assert!(
        failed(&["call", "f.py", "inverse", "0"]).ends_with("ZeroDivisionError: integer division or modulo by zero\n")
    );
}

// Limits

#[test]
fn limits() {
    let place = Place::new();
    place.write("spin.py", "while True:\n    pass\n");
    let done = place.kukri(&["run", "--time-limit", "50ms", "spin.py"]);
    assert_eq!(
        (done.status, done.err.as_str()),
        (Some(1), "error[KU9003 time-limit]: the time limit of 50ms is used up\n")
    );
    let done = place.kukri(&["run", "--fuel", "1000", "spin.py"]);
    assert!(done.status == Some(1) && done.err.starts_with("error[KU9002 out-of-fuel]"), "{done:?}");
    place.write("hoard.py", "xs = []\nwhile True:\n    xs.append([0] * 1000)\n");
    let done = place.kukri(&["run", "--max-memory", "8M", "hoard.py"]);
    assert!(done.status == Some(1) && done.err.ends_with("\nMemoryError\n"), "{done:?}");
    place.write("deep.py", "def f(n: int) -> int:\n    return f(n + 1) + 1\nf(0)\n");
    let done = place.kukri(&["run", "deep.py"]);
    assert!(done.err.ends_with("RecursionError: maximum recursion depth exceeded\n"), "{done:?}");
    for (option, value) in [("--time-limit", "soon"), ("--max-memory", "1T"), ("--fuel", "-1"), ("-O", "7")] {
        assert!(place.misused(&["run", option, value, "spin.py"]).contains("error: invalid value"), "{option}");
    }
    place.write("wrap.py", "x = 2 ** 62\nprint(x + x)\n");
    assert!(place.kukri(&["run", "wrap.py"]).err.contains("OverflowError"));
    assert_eq!(place.out(&["run", "--int-overflow", "wrap", "-O0", "wrap.py"]), "-9223372036854775808\n");
}

#[test]
fn exceptions_are_quick_from_any_depth() {
    let place = Place::new();
    place.write(
        "deep.py",
        "def down(n: int) -> list[int]:\n    return [n] + down(n + 1)\n\nfor i in range(100):\n    try:\n        \
         down(0)\n    except RecursionError:\n        pass\nprint(i)\n",
    );
    // Rust's traces of its own errors take time with the depth of the stack: this took half a minute.
    let mut command = place.command(&["run", "--time-limit", "10s", "deep.py"]);
    let done = done(command.env("RUST_BACKTRACE", "1").output().expect("it starts"));
    assert_eq!(done, Done { status: Some(0), out: "99\n".into(), err: String::new() });
}

// check

#[test]
fn check_reports_all_files() {
    let place = Place::new();
    place.write("one.py", "x = 1 + 'a'\n");
    place.write("two.py", "def f(:\n");
    place.write(
        "warns.py",
        "def f(n: int) -> float:\n    t = 0\n    for i in range(n):\n        t += 0.5\n    return t\n",
    );
    assert_eq!(place.out(&["check", "f.py"]), "no errors\n");
    let done = place.kukri(&["check", "one.py", "f.py", "two.py", "warns.py"]);
    assert_eq!((done.status, done.err.as_str()), (Some(1), ""));
    assert!(done.out.contains("--> one.py:1:5") && done.out.contains("--> two.py:1:"), "{}", done.out);
    assert!(done.out.ends_with("\n2 errors, 1 warning\n"), "{}", done.out);
    let done = place.kukri(&["check", "warns.py"]);
    assert!(done.status == Some(0) && done.out.ends_with("\n1 warning\n"), "{done:?}");
    // Files that cannot be read do not hide the others.
    let done = place.kukri(&["check", "nowhere.py", "one.py"]);
    assert!(done.status == Some(2) && done.out.contains("KU3002") && done.err.contains("nowhere.py"), "{done:?}");
    assert!(place.misused(&["check", "nowhere.py"]).contains("nowhere.py"));
}

#[test]
fn notes_say_what_keeps_loops_from_being_faster() {
    let place = Place::new();
    place.write(
        "sums.py",
        "import numpy as np\n\n\ndef gather(xs, at):\n    total = 0.0\n    for i in range(len(at)):\n        total += xs[at[i]]\n    return total\n\n\n\
         print(gather(np.arange(4.0), np.array([1, 2])))\n",
    );
    assert_eq!(place.out(&["check", "sums.py"]), "no errors\n");
    let notes = place.out(&["check", "--notes", "sums.py"]);
    assert!(notes.contains("note[KU6001 loop-notes]: this loop makes 1 check on every turn"), "{notes}");
    assert!(notes.contains("checked on every turn: IndexError") && notes.ends_with("no errors\n"), "{notes}");
    let json = place.out(&["check", "--notes", "--format", "json", "sums.py"]);
    let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let note = &found["diagnostics"][0];
    assert_eq!((note["severity"].as_str(), note["labels"][1]["start"]["line"].as_u64()), (Some("note"), Some(7)));
    // A function without types of its own has those of the arguments of this call.
    let done = place.kukri(&["bench", "--runs", "1", "--explain", "sums.py", "gather", "[1.5, 2.5]", "[1, 0]"]);
    assert!(done.err.contains("note[KU6001 loop-notes]") && !done.out.contains("note"), "{done:?}");
    assert!(done.out.contains("result   4.0"), "{done:?}");
}

#[test]
fn check_for_machines() {
    let place = Place::new();
    place.write("one.py", "x = 1 + 'a'\n");
    place.write("two.py", "y = undefined\n");
    let done = place.kukri(&["check", "--format", "json", "one.py", "f.py", "two.py"]);
    assert_eq!((done.status, done.err.as_str()), (Some(1), ""));
    let object: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    let codes: Vec<_> =
        object["diagnostics"].as_array().expect("a list").iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["KU3002", "KU2001"]);
    let done = place.kukri(&["check", "--format", "json", "f.py"]);
    assert_eq!((done.status, done.out.as_str()), (Some(0), "{\"diagnostics\":[]}\n"));
    let done = place.kukri(&["check", "--format", "github", "one.py", "two.py"]);
    let lines: Vec<_> = done.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", done.out);
    assert!(lines[0].starts_with("::error file=one.py,line=1,"), "{}", done.out);
    assert!(place.misused(&["check", "--format", "xml", "one.py"]).contains("possible values: text, json, github"));
    assert!(place.misused(&["check"]).contains("<FILES>..."));
}

// explain

#[test]
fn explain_knows_codes_by_number_and_name() {
    let place = Place::new();
    let page = place.out(&["explain", "KU3001"]);
    assert!(page.starts_with("# ") && page.len() > 200, "{page}");
    assert_eq!(place.out(&["explain", "ku3001"]), page);
    assert_eq!(place.out(&["explain", "type-mismatch"]), page);
    let list = place.out(&["explain"]);
    assert!(list.lines().any(|line| line == "KU3001 type-mismatch"), "{list}");
    assert_eq!(
        place.misused(&["explain", "type-mismatsh"]),
        "kukri: there is no error `type-mismatsh`; did you mean type-mismatch?\n"
    );
    assert_eq!(place.misused(&["explain", "xyzzy-plugh"]), "kukri: there is no error `xyzzy-plugh`\n");
}

// build

#[test]
fn build_writes_what_is_asked_for() {
    let place = Place::new();
    assert_eq!(place.out(&["build", "f.py"]), "");
    assert!(place.read("f.wasm").starts_with(b"\0asm"));
    let stdout = place.command(&["build", "f.py", "-o", "-"]).output().expect("it starts").stdout;
    assert_eq!(stdout, place.read("f.wasm"));
    let wat = place.out(&["build", "--emit", "wat", "f.py", "-o", "-"]);
    assert!(wat.starts_with("(module") && wat.contains("(export \"half\""), "{wat}");
    let ssa = place.out(&["build", "--emit", "ssa", "f.py", "-o", "-"]);
    assert!(ssa.contains("half"), "{ssa}");
    let hir = place.out(&["build", "--emit", "hir", "f.py", "-o", "-"]);
    assert!(hir.contains("half") && hir.lines().count() < 5000, "{hir}");
    place.out(&["build", "--emit", "js", "f.py"]);
    for name in ["f.js", "f.d.ts"] {
        let text = String::from_utf8(place.read(name)).expect("UTF-8");
        assert!(!text.is_empty(), "{name}");
    }
    place.out(&["build", "--emit", "js", "f.py", "-o", "g.mjs"]);
    assert_eq!(place.read("g.wasm"), place.read("f.wasm"));
    assert!(String::from_utf8(place.read("g.d.mts")).expect("UTF-8").contains("half(n: number | bigint): number;"));
    assert!(place.misused(&["build", "--emit", "js", "f.py", "-o", "f.wasm"]).contains("ends in .js"));
    assert!(place.misused(&["build", "f.py", "-o", "nowhere/f.wasm"]).contains("cannot write nowhere/f.wasm"));
    assert!(place.misused(&["build", "--emit", "exe", "f.py"]).contains("possible values: wasm, wat, ssa, hir, js"));
}

#[test]
fn build_exports_by_signature() {
    let place = Place::new();
    let exports = |arguments: &[&str]| {
        let wat = place.out(&[&["build", "f.py", "--emit", "wat", "-o", "-"], arguments].concat());
        ["half", "same", "total"].map(|name| wat.contains(&format!("(export \"{name}\"")))
    };
    assert_eq!(exports(&[]), [true, false, false]);
    assert_eq!(exports(&["--export", "total(float64[:,:])", "--export", "same(int64)"]), [true, true, true]);
    assert!(
        place
            .misused(&["build", "f.py", "--export", "total(what)"])
            .contains("should be like `f(float64[:,:], int64)`")
    );
    place.write("open.py", "def f(n):\n    return n\n");
    let done = place.kukri(&["build", "open.py"]);
    assert!(done.status == Some(0) && done.err.starts_with("kukri: the module exports no function"), "{done:?}");
    let done = place.kukri(&["build", "f.py", "--export", "nothing(int64)"]);
    assert!(done.status == Some(1) && done.err.contains("there is no function `nothing`"), "{done:?}");
    let done = place.kukri(&["build", "f.py", "--export", "total(int64)"]);
    assert!(done.status == Some(1) && done.err.starts_with("error[KU"), "{done:?}");
}

#[test]
fn build_can_import_the_memory() {
    let place = Place::new();
    let wat = place.out(&["build", "f.py", "--import-memory", "--emit", "wat", "-o", "-"]);
    assert!(wat.contains("(import \"env\" \"memory\" (memory"), "{wat}");
}

// bench

#[test]
fn bench_measures() {
    let place = Place::new();
    let done = place.kukri(&["bench", "f.py", "spin", "1000", "--format", "json", "--runs", "5"]);
    assert_eq!((done.status, done.err.as_str()), (Some(0), ""), "{done:?}");
    assert_eq!(done.out.lines().count(), 1);
    let object: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    let number = |value: &serde_json::Value| value.as_f64().unwrap_or_else(|| panic!("{object}"));
    assert!(number(&object["compile_ms"]) > 0.0 && number(&object["module_bytes"]) > 100.0);
    let [min, median, max] = ["min", "median", "max"].map(|name| number(&object["run_ms"][name]));
    assert!(0.0 < min && min <= median && median <= max);
    assert_eq!((&object["runs"], &object["result"]), (&serde_json::json!(5), &serde_json::json!("729977")));
    let text = place.out(&["bench", "f.py", "same", "1", "--runs", "3"]);
    let names: Vec<_> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["compile", "run", "module", "result"]);
    // What the function prints is not in the way.
    place.write("loud.py", "print('level')\ndef f(n: int) -> int:\n    print('call', n)\n    return n\n");
    let out = place.out(&["bench", "loud.py", "f", "--format", "json", "--runs", "2", "-7"]);
    assert!(out.starts_with('{') && out.contains("\"result\":\"-7\"") && out.lines().count() == 1, "{out}");
    let done = place.kukri(&["bench", "f.py", "inverse", "0"]);
    assert!(done.status == Some(1) && done.err.contains("ZeroDivisionError"), "{done:?}");
    assert!(place.misused(&["bench", "f.py", "spin", "1", "--runs", "0"]).contains("invalid value"));
}

// Help

#[test]
fn help_is_there_for_all() {
    let place = Place::new();
    let help = place.out(&["--help"]);
    for command in ["run", "call", "check", "explain", "build", "bench", "completions"] {
        assert!(help.contains(&format!("  {command} ")), "{help}");
        let own = place.out(&[command, "--help"]);
        assert!(own.contains(&format!("Usage: kukri {command} ")), "{own}");
    }
    assert!(place.out(&["--version"]).starts_with("kukri 0."));
    assert!(place.misused(&[]).contains("Usage: kukri <COMMAND>"));
    assert!(place.misused(&["rum"]).contains("'run'"));
    assert!(place.misused(&["run"]).contains("<FILE>"));
}

#[test]
fn completions_for_shells() {
    let place = Place::new();
    for (shell, sign) in [("bash", "complete -F"), ("zsh", "#compdef kukri"), ("fish", "complete -c kukri")] {
        let script = place.out(&["completions", shell]);
        assert!(script.contains(sign) && script.contains("bench"), "{script}");
    }
    assert!(place.misused(&["completions", "tcsh"]).contains("possible values"));
}
