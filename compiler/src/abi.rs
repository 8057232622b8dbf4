//! What a module and its host agree on: layouts in memory, names of imports and exports, and the section that
//! describes the exports. In: nothing. Out: constants and `Manifest`, the one definition every host marshals from.
//!
//! An exported function `f` takes the flattened parts of its arguments (`types::Type::flatten`) and the address of
//! a result area laid out as `types::Type::layout` says; it gives 0, or the address of an exception. The arguments
//! stay the host's, the result and the exception become the host's.
//!
//! A function of the host that Python calls is imported from [`HOST_MODULE`] under its own name: it takes the
//! flattened parts of its arguments (they stay the caller's) and gives 0, or the address of an exception, and the
//! flattened parts of its result (zeros beside an exception). What it gives becomes the caller's.

use crate::source::{Sources, Span};
use crate::types::Type;
use serde::{Deserialize, Serialize};

/// Export: the module level, `() -> i32`, to be called once before any other; 0, or the address of an exception.
pub const MAIN: &str = "kukri_main";
/// Export: the memory.
pub const MEMORY: &str = "memory";
/// Export: the prelude's `allocate`, `(size: i64) -> i32`; throws where there is no room.
pub const ALLOCATE: &str = "kukri_allocate";
/// Export: the prelude's `free`, `(object: i32) -> ()`.
pub const FREE: &str = "kukri_free";
/// Module of the imports that every host offers (`write`, `time`, `argument`, `read_line`).
pub const SYSTEM_MODULE: &str = "kukri";
/// Module of the imports that a program's own host offers.
pub const HOST_MODULE: &str = "env";
/// The custom section that holds the [`Manifest`], as JSON, so that a browser needs no decoder.
pub const SECTION: &str = "kukri";

/// First address of constant data; everything below stays unused, so that address 0 means "nothing".
pub const DATA_START: u32 = 1024;
/// Bytes of a page of memory. There is always one behind the constants.
pub const PAGE: u32 = 1 << 16;

/// Heap objects: the count of references, a `u32`. What follows depends on the type.
pub const COUNT: u32 = 0;

/// `str` and `bytes`: length in code points (bytes), a `u32`.
pub const STR_LENGTH: u32 = 4;
/// `str`: bytes a code point takes, a `u32`: 1 where all are below 256, else 4. Always the narrowest that fits, so
/// that equal strings have equal bytes. `bytes`: 1.
pub const STR_WIDTH: u32 = 8;
/// `str` and `bytes`: the hash, a `u32`, 0 while it is not computed.
pub const STR_HASH: u32 = 12;
/// `str` and `bytes`: the text.
pub const STR_DATA: u32 = 16;

/// `list`: length, a `u32`.
pub const LIST_LENGTH: u32 = 4;
/// `list`: room, in items, a `u32`.
pub const LIST_CAPACITY: u32 = 8;
/// `list`: address of the items (an allocation of its own), each laid out as `Type::layout` says.
pub const LIST_DATA: u32 = 12;

/// `list`: bytes of the object.
pub const LIST_SIZE: u32 = 16;

/// `dict` and `set` (`prelude/table.py` makes them): address of the table of slots, each a `u32`; 0 for none.
pub const TABLE: u32 = 4;
/// `dict` and `set`: address of the `list` of keys, in the order in which they came.
pub const TABLE_KEYS: u32 = 8;
/// `dict`: address of the `list` of values.
pub const TABLE_VALUES: u32 = 12;
/// `dict` and `set`: number of slots; behind them in the table there is a `u32` for each key, 0 where it was removed.
pub const TABLE_SLOTS: u32 = 24;

/// Arrays: the block that owns the elements starts with the count; the elements follow from here, 16-aligned.
pub const ARRAY_DATA: u32 = 16;

/// Cells: the value of a variable that a nested function shares.
pub const CELL_VALUE: u32 = 8;

/// Exceptions: number of the class in `Manifest::exceptions`, a `u32`.
pub const EXCEPTION_CLASS: u32 = 4;
/// Exceptions: address of the message, a `str`; 0 for none.
pub const EXCEPTION_MESSAGE: u32 = 8;
/// Exceptions: address of a `list[int]` of sites, innermost first; 0 for none.
pub const EXCEPTION_TRACE: u32 = 12;
/// Exceptions: address of `__cause__`; 0 for none.
pub const EXCEPTION_CAUSE: u32 = 16;
/// Exceptions: address of `__context__`; 0 for none.
pub const EXCEPTION_CONTEXT: u32 = 20;
/// Exceptions: whether `raise … from …` hides the context, a `u32`.
pub const EXCEPTION_SUPPRESS: u32 = 24;
/// Exceptions: what the message is, a `u32`: 0 the one argument, a `str`; 1 the repr of the one argument; 2 the repr of
/// the tuple of several.
pub const EXCEPTION_FORM: u32 = 28;
/// Exceptions: bytes of the object.
pub const EXCEPTION_SIZE: u32 = 32;

/// What a host must know that reads objects in the memory of a module itself, as the glue of JavaScript does.
pub const LAYOUT: [(&str, u32); 22] = [
    ("DATA_START", DATA_START),
    ("COUNT", COUNT),
    ("STR_LENGTH", STR_LENGTH),
    ("STR_WIDTH", STR_WIDTH),
    ("STR_HASH", STR_HASH),
    ("STR_DATA", STR_DATA),
    ("LIST_LENGTH", LIST_LENGTH),
    ("LIST_CAPACITY", LIST_CAPACITY),
    ("LIST_DATA", LIST_DATA),
    ("LIST_SIZE", LIST_SIZE),
    ("TABLE", TABLE),
    ("TABLE_KEYS", TABLE_KEYS),
    ("TABLE_VALUES", TABLE_VALUES),
    ("TABLE_SLOTS", TABLE_SLOTS),
    ("ARRAY_DATA", ARRAY_DATA),
    ("EXCEPTION_CLASS", EXCEPTION_CLASS),
    ("EXCEPTION_MESSAGE", EXCEPTION_MESSAGE),
    ("EXCEPTION_TRACE", EXCEPTION_TRACE),
    ("EXCEPTION_CAUSE", EXCEPTION_CAUSE),
    ("EXCEPTION_CONTEXT", EXCEPTION_CONTEXT),
    ("EXCEPTION_SUPPRESS", EXCEPTION_SUPPRESS),
    ("EXCEPTION_SIZE", EXCEPTION_SIZE),
];

/// The builtin exceptions, each with its bases: the first numbers of `Manifest::exceptions`.
pub const EXCEPTIONS: [(&str, &[&str]); 54] = [
    ("BaseException", &[]),
    ("Exception", &["BaseException"]),
    ("ArithmeticError", &["Exception"]),
    ("ZeroDivisionError", &["ArithmeticError"]),
    ("OverflowError", &["ArithmeticError"]),
    ("FloatingPointError", &["ArithmeticError"]),
    ("LookupError", &["Exception"]),
    ("IndexError", &["LookupError"]),
    ("KeyError", &["LookupError"]),
    ("ValueError", &["Exception"]),
    ("UnicodeError", &["ValueError"]),
    ("UnicodeEncodeError", &["UnicodeError"]),
    ("UnicodeDecodeError", &["UnicodeError"]),
    ("TypeError", &["Exception"]),
    ("NameError", &["Exception"]),
    ("UnboundLocalError", &["NameError"]),
    ("AttributeError", &["Exception"]),
    ("AssertionError", &["Exception"]),
    ("RuntimeError", &["Exception"]),
    ("RecursionError", &["RuntimeError"]),
    ("NotImplementedError", &["RuntimeError"]),
    ("StopIteration", &["Exception"]),
    ("StopAsyncIteration", &["Exception"]),
    ("MemoryError", &["Exception"]),
    ("BufferError", &["Exception"]),
    ("EOFError", &["Exception"]),
    ("ImportError", &["Exception"]),
    ("ModuleNotFoundError", &["ImportError"]),
    ("OSError", &["Exception"]),
    ("FileNotFoundError", &["OSError"]),
    ("PermissionError", &["OSError"]),
    ("TimeoutError", &["OSError"]),
    ("ReferenceError", &["Exception"]),
    ("SyntaxError", &["Exception"]),
    ("SystemError", &["Exception"]),
    ("Warning", &["Exception"]),
    ("GeneratorExit", &["BaseException"]),
    ("KeyboardInterrupt", &["BaseException"]),
    ("SystemExit", &["BaseException"]),
    ("LinAlgError", &["ValueError"]),
    ("AxisError", &["ValueError", "IndexError"]),
    ("ConnectionError", &["OSError"]),
    ("BrokenPipeError", &["ConnectionError"]),
    ("ConnectionAbortedError", &["ConnectionError"]),
    ("ConnectionRefusedError", &["ConnectionError"]),
    ("ConnectionResetError", &["ConnectionError"]),
    ("FileExistsError", &["OSError"]),
    ("IsADirectoryError", &["OSError"]),
    ("NotADirectoryError", &["OSError"]),
    ("InterruptedError", &["OSError"]),
    ("IndentationError", &["SyntaxError"]),
    ("UserWarning", &["Warning"]),
    ("DeprecationWarning", &["Warning"]),
    ("RuntimeWarning", &["Warning"]),
];

/// What a host must know of a module to call it and to explain what went wrong in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Functions that a host may call.
    pub exports: Vec<Signature>,
    /// Functions that the host must offer in [`HOST_MODULE`].
    pub imports: Vec<Signature>,
    /// The program's own exception classes; their numbers go on after [`EXCEPTIONS`].
    pub exceptions: Vec<ExceptionClass>,
    /// Paths of the source files, as the user gave them.
    pub files: Vec<String>,
    /// Names of the functions that sites lie in.
    pub functions: Vec<String>,
    /// Places that tracebacks name by number.
    #[serde(with = "sites")]
    pub sites: Vec<Site>,
}

/// A function as both sides see it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signature {
    /// Its name in Python and in Wasm.
    pub name: String,
    /// Its parameters in order.
    pub params: Vec<Param>,
    /// The type of its result.
    pub result: Type,
}

/// One parameter of a [`Signature`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Param {
    /// Its Python name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
}

/// A class of exceptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionClass {
    /// Its name as the last line of a traceback has it: `MyError`, `helper.MyError`.
    pub name: String,
    /// Numbers of its bases, in the order in which it names them.
    pub bases: Vec<u32>,
}

/// A place in the source as a traceback shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Index in [`Manifest::files`].
    pub file: u32,
    /// Index in [`Manifest::functions`].
    pub function: u32,
    /// First line, from 1.
    pub line: u32,
    /// First column, from 1, in characters.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// One past the last column.
    pub end_column: u32,
}

/// Sites in the section: a list for the sites in a row that lie in one function. It begins with the numbers of file
/// and function; then every site has four: how many lines it is below the one before (the first: below 0), its first
/// column, how many lines it goes on, its last column.
mod sites {
    use super::Site;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(sites: &[Site], serializer: S) -> Result<S::Ok, S::Error> {
        let rows = sites.chunk_by(|a, b| (a.file, a.function) == (b.file, b.function)).map(|run| {
            let mut row = vec![i64::from(run[0].file), i64::from(run[0].function)];
            let mut above = 0;
            for site in run {
                let (line, more) = (i64::from(site.line), i64::from(site.end_line) - i64::from(site.line));
                row.extend([line - above, i64::from(site.column), more, i64::from(site.end_column)]);
                above = line;
            }
            row
        });
        rows.collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Site>, D::Error> {
        let mut sites = Vec::new();
        for row in Vec::<Vec<i32>>::deserialize(deserializer)? {
            let Some(([file, function], places)) = row.split_first_chunk() else {
                return Err(Error::custom("sites begin with a file and a function"));
            };
            let mut above = 0_i32;
            for place in places.chunks(4) {
                let &[below, column, more, end_column] = place else {
                    return Err(Error::custom("a site has four numbers"));
                };
                above = above.wrapping_add(below);
                let [file, function, column, end_column] = [*file, *function, column, end_column].map(|it| it as u32);
                let (line, end_line) = (above as u32, above.wrapping_add(more) as u32);
                sites.push(Site { file, function, line, column, end_line, end_column });
            }
        }
        Ok(sites)
    }
}

impl Manifest {
    /// Adds the next site: the code at `span`, in the function (or `<module>`) of this name.
    pub fn add_site(&mut self, sources: &Sources, function: &str, span: Span) {
        let id = sources.file_of(span);
        let (start, end) = (sources.position(id, span.start), sources.position(id, span.end));
        let site = Site {
            file: intern(&mut self.files, &sources.file(id).path),
            function: intern(&mut self.functions, function),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        };
        self.sites.push(site);
    }

    /// The name of an exception class as the last line of a traceback has it.
    pub fn class_name(&self, number: u32) -> &str {
        match EXCEPTIONS.get(number as usize) {
            Some(("LinAlgError", _)) => "numpy.linalg.LinAlgError",
            Some(("AxisError", _)) => "numpy.exceptions.AxisError",
            Some((name, _)) => name,
            None => self.exceptions.get(number as usize - EXCEPTIONS.len()).map_or("Exception", |class| &class.name),
        }
    }

    /// The numbers of the classes that `number` derives from directly; none for `BaseException`.
    pub fn bases(&self, number: u32) -> Vec<u32> {
        match EXCEPTIONS.get(number as usize) {
            Some((_, bases)) => bases.iter().filter_map(|base| exception_number(base)).collect(),
            None => {
                let class = self.exceptions.get(number as usize - EXCEPTIONS.len());
                class.map_or_else(Vec::new, |class| class.bases.clone())
            }
        }
    }

    /// The numbers of all classes that `number` derives from, nearest first.
    pub fn ancestors(&self, number: u32) -> Vec<u32> {
        let mut found = self.bases(number);
        let mut at = 0;
        while let Some(class) = found.get(at).copied() {
            // What two bases have in common comes after both.
            for base in self.bases(class) {
                found.retain(|known| *known != base);
                found.push(base);
            }
            at = found.iter().position(|known| *known == class).map_or(at, |at| at + 1);
        }
        found
    }

    /// The content of the section.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("infer() exports only functions whose types can cross the border")
    }

    /// Reads the section of a module; `None` if it has none, or not a readable one.
    pub fn of_module(wasm: &[u8]) -> Option<Self> {
        serde_json::from_slice(custom_section(wasm, SECTION)?).ok()
    }
}

/// The number of a builtin exception class.
pub fn exception_number(name: &str) -> Option<u32> {
    EXCEPTIONS.iter().position(|(known, _)| *known == name).map(|at| at as u32)
}

/// The place of `text` in `table`, where it is added if it is new.
fn intern(table: &mut Vec<String>, text: &str) -> u32 {
    let known = table.iter().rposition(|other| other == text);
    known.unwrap_or_else(|| {
        table.push(text.to_owned());
        table.len() - 1
    }) as u32
}

/// The content of a module's first custom section of this name.
fn custom_section<'a>(wasm: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut rest = wasm.get(8..)?;
    while let Some((id, after)) = rest.split_first() {
        let (size, after) = leb128(after)?;
        let (content, next) = (after.get(..size)?, after.get(size..)?);
        if *id == 0 {
            let (length, after) = leb128(content)?;
            if after.get(..length)? == name.as_bytes() {
                return after.get(length..);
            }
        }
        rest = next;
    }
    None
}

/// An unsigned LEB128 number and what follows it.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_names_and_bases() {
        let exceptions = vec![ExceptionClass { name: "MyError".into(), bases: vec![8, 9] }];
        let manifest = Manifest { exceptions, ..Manifest::default() };
        let names = |numbers: Vec<u32>| numbers.iter().map(|class| manifest.class_name(*class)).collect::<Vec<_>>();
        assert_eq!((manifest.class_name(54), names(manifest.bases(54))), ("MyError", vec!["KeyError", "ValueError"]));
        let all = ["KeyError", "ValueError", "LookupError", "Exception", "BaseException"];
        assert_eq!(names(manifest.ancestors(54)), all);
        assert_eq!((manifest.class_name(39), manifest.bases(39)), ("numpy.linalg.LinAlgError", vec![9]));
        assert_eq!((manifest.class_name(9), manifest.bases(0)), ("ValueError", vec![]));
        assert_eq!((manifest.class_name(99), manifest.bases(99)), ("Exception", vec![]));
    }

    #[test]
    fn a_manifest_survives_its_section() {
        let mut sources = Sources::default();
        let file = sources.add("a.py", "x = 1\ny = f(x) + 2\n");
        let start = sources.file(file).span().start;
        let mut manifest = Manifest::default();
        manifest.add_site(&sources, "<module>", Span::new(start + 10, start + 14));
        let ty = Type::list(Type::tuple([Type::Int, Type::array(crate::types::Dtype::F64, 2)]));
        let params = vec![Param { name: "x".into(), ty: Type::Optional(Type::Str.into()) }];
        manifest.exports.push(Signature { name: "f".into(), params, result: ty });

        let json = manifest.to_json();
        assert!(json.contains(r#""sites":[[0,0,2,5,0,9]]"#), "{json}");
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.extend([0, 3, 1, b'x', 7]); // another custom section before it
        let size = json.len() + 6;
        wasm.extend([0, (size & 0x7f) as u8 | 0x80, (size >> 7) as u8, 5]);
        wasm.extend(SECTION.as_bytes());
        wasm.extend(json.as_bytes());
        assert_eq!(Manifest::of_module(&wasm), Some(manifest));
        assert_eq!(Manifest::of_module(&wasm[..20]), None);
    }
}
