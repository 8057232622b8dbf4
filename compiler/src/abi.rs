//! What a module and its host agree on: layouts in memory, names of imports and exports, and the section that
//! describes the exports. In: nothing. Out: constants and `Manifest`, the one definition every host marshals from.
//!
//! An exported function `f` takes the flattened parts of its arguments (`types::Type::flatten`) and the address of
//! a result area laid out as `types::Type::layout` says; it gives 0, or the address of an exception.

/// First address of constant data; everything below stays unused, so that address 0 means "nothing".
pub const DATA_START: u32 = 1024;

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
/// Exceptions: bytes of the object.
pub const EXCEPTION_SIZE: u32 = 32;

/// The builtin exceptions, each with its base: the first numbers of `Manifest::exceptions`.
pub const EXCEPTIONS: [(&str, &str); 40] = [
    ("BaseException", ""),
    ("Exception", "BaseException"),
    ("ArithmeticError", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"),
    ("FloatingPointError", "ArithmeticError"),
    ("LookupError", "Exception"),
    ("IndexError", "LookupError"),
    ("KeyError", "LookupError"),
    ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("TypeError", "Exception"),
    ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("AttributeError", "Exception"),
    ("AssertionError", "Exception"),
    ("RuntimeError", "Exception"),
    ("RecursionError", "RuntimeError"),
    ("NotImplementedError", "RuntimeError"),
    ("StopIteration", "Exception"),
    ("StopAsyncIteration", "Exception"),
    ("MemoryError", "Exception"),
    ("BufferError", "Exception"),
    ("EOFError", "Exception"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("OSError", "Exception"),
    ("FileNotFoundError", "OSError"),
    ("PermissionError", "OSError"),
    ("TimeoutError", "OSError"),
    ("ReferenceError", "Exception"),
    ("SyntaxError", "Exception"),
    ("SystemError", "Exception"),
    ("Warning", "Exception"),
    ("GeneratorExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"),
    ("SystemExit", "BaseException"),
    ("LinAlgError", "ValueError"),
];
