//! What was probably meant by a name that is not there: names of Python that Kukri does not have, of Python 2, of NumPy
//! before 2, of other languages. In: a name. Out: the right one, or words that say what to write.

/// What stands in the place of a wrong name.
pub(super) enum Meant {
    /// Another name: it can be put there as it is.
    Name(&'static str),
    /// Something else; in words.
    Words(&'static str),
}

/// Builtins of Python that Kukri does not have, and what to do instead.
pub(super) fn absent_builtin(name: &str) -> Option<&'static str> {
    Some(match name {
        "eval" | "exec" | "compile" => "a program is compiled before it runs: write the expression out",
        "open" => "a kernel reads no files: hand it the data, such as an array, as an argument",
        "globals" | "locals" | "vars" | "dir" => "names are gone when a program runs: keep the values in a dict",
        "getattr" | "setattr" | "hasattr" | "delattr" => "attributes are named in the text: write `value.name`",
        "__import__" => "modules are imported by a statement: `import name`",
        "super" | "property" | "classmethod" | "staticmethod" => "write it as a function",
        "memoryview" => "slices of arrays are views already, and slices of `bytes` are small copies",
        "bytearray" => "use a list of ints, or an array of `np.uint8`",
        "callable" | "issubclass" => "types are known when a program is compiled: `isinstance` tests what is left open",
        "id" => "values have no address that means something: compare with `==`",
        "breakpoint" | "help" | "copyright" | "credits" | "license" | "quit" | "exit" => {
            "it belongs to the interpreter; `sys.exit()` ends a program"
        }
        "iter" | "next" | "aiter" | "anext" => "step through values with a `for` loop, or index a list",
        _ => return None,
    })
}

/// A name that people write out of habit.
pub(super) fn name(name: &str) -> Option<Meant> {
    use Meant::{Name, Words};
    Some(match name {
        "true" | "TRUE" => Name("True"),
        "false" | "FALSE" => Name("False"),
        "null" | "NULL" | "nil" | "none" | "NONE" | "undefined" | "nullptr" | "Null" => Name("None"),
        "lenght" | "length" | "strlen" | "count" | "size" | "sizeof" => Name("len"),
        "xrange" => Name("range"),
        "raw_input" => Name("input"),
        "unicode" | "basestring" | "string" | "String" => Name("str"),
        "long" | "integer" | "Integer" => Name("int"),
        "double" | "Float" => Name("float"),
        "boolean" | "Boolean" => Name("bool"),
        "printf" | "println" | "echo" | "puts" | "cout" => Name("print"),
        "unichr" => Name("chr"),
        "console" => Words("text is printed with `print(…)`"),
        "Math" => Words("mathematics is in `math`: `import math`"),
        "this" => Words("an object is the first parameter of its methods, by custom `self`"),
        "NaN" | "nan" => Words("write `float(\"nan\")`, `math.nan` or `np.nan`"),
        "inf" | "Infinity" | "infinity" => Words("write `float(\"inf\")`, `math.inf` or `np.inf`"),
        "pi" | "PI" => Words("write `math.pi` or `np.pi`"),
        "reduce" => Words("write it as a loop"),
        "cmp" => Words("compare with `<`, `==` and `>`"),
        _ => return None,
    })
}

/// Names that NumPy 2 does not have any more.
pub(super) fn numpy(name: &str) -> Option<Meant> {
    use Meant::{Name, Words};
    Some(match name {
        "int" => Words("it is not in NumPy 2: write `int`, or `np.int64` for that width"),
        "float" => Words("it is not in NumPy 2: write `float`, or `np.float64`"),
        "complex" => Words("it is not in NumPy 2: write `complex`, or `np.complex128`"),
        "object" | "str" => Words("it is not in NumPy 2, and arrays hold numbers here: use a list"),
        "float_" => Name("float64"),
        "complex_" => Name("complex128"),
        "product" => Name("prod"),
        "cumproduct" => Name("cumprod"),
        "sometrue" => Name("any"),
        "alltrue" => Name("all"),
        "round_" => Name("round"),
        "Inf" | "Infinity" | "infty" | "PINF" => Name("inf"),
        "NaN" | "NAN" => Name("nan"),
        "trapz" => Name("trapezoid"),
        "in1d" => Name("isin"),
        "row_stack" => Name("vstack"),
        _ => return None,
    })
}

/// What to write instead of a part of the standard library that is not there yet.
pub(super) fn library(path: &str) -> Option<&'static str> {
    Some(match path {
        "collections.deque" => "a list does the same: `append(x)` and `pop(0)`",
        "collections.Counter" => "count in a dict: `counts[x] = counts.get(x, 0) + 1`",
        "collections.defaultdict" => "a dict does the same: `d.setdefault(key, []).append(x)`",
        "collections.OrderedDict" => "a dict keeps the order of its keys",
        "collections.namedtuple" => "use a tuple, and unpack it: `x, y = point`",
        _ => return None,
    })
}

/// Whether NumPy 2 raises an error for the name.
pub(super) fn is_removed(name: &str) -> bool {
    numpy(name).is_some() && !matches!(name, "trapz" | "in1d" | "row_stack")
}

/// An attribute that another type, or another language, has.
pub(super) fn attribute(kind: &str, name: &str) -> Option<Meant> {
    use Meant::{Name, Words};
    Some(match (kind, name) {
        ("list", "push" | "push_back" | "add" | "Add" | "append_") => Name("append"),
        ("set", "append" | "push" | "insert") => Name("add"),
        ("list", "addAll" | "concat") => Name("extend"),
        ("list" | "str" | "tuple", "indexOf") => Name("index"),
        ("list" | "str" | "tuple" | "dict" | "set" | "bytes", "length" | "size" | "len" | "Length") => {
            Words("the number of items is `len(…)`")
        }
        ("array", "length" | "len") => Words("the number of items along the first axis is `len(a)`, of all `a.size`"),
        ("array", "append" | "push") => {
            Words("an array does not grow: collect the values in a list, then make an array of it")
        }
        ("dict", "has_key" | "contains" | "containsKey" | "has") => Words("write `key in d`"),
        ("dict", "iteritems" | "viewitems" | "entries") => Name("items"),
        ("dict", "iterkeys" | "viewkeys") => Name("keys"),
        ("dict", "itervalues" | "viewvalues") => Name("values"),
        ("dict", "add" | "append" | "put" | "set") => Words("write `d[key] = value`"),
        ("dict" | "list", "delete" | "erase") => Words("write `del x[i]`"),
        ("str" | "list" | "set" | "tuple", "contains" | "includes" | "has") => Words("write `x in values`"),
        ("str", "trim") => Name("strip"),
        ("str", "toUpperCase" | "to_upper" | "toUpper" | "upcase") => Name("upper"),
        ("str", "toLowerCase" | "to_lower" | "toLower" | "downcase") => Name("lower"),
        ("str", "startsWith") => Name("startswith"),
        ("str", "endsWith") => Name("endswith"),
        ("str", "substring" | "substr" | "slice") => Words("a part of a text is a slice: `s[1:3]`"),
        ("str", "append" | "concat" | "add") => Words("texts are put together with `+`"),
        ("str", "charAt") => Words("a letter of a text is `s[i]`"),
        ("str", "decode") => Words("a `str` is text already; `bytes` are decoded"),
        ("str" | "list" | "tuple", "reverse" | "reversed") if kind != "list" => {
            Words("what is reversed is a slice: `x[::-1]`")
        }
        ("list", "join") => Words("the separator joins: `\", \".join(values)`"),
        ("list" | "tuple", "sum" | "max" | "min" | "mean" | "std") => Words(
            "`sum`, `max` and `min` are functions; arrays have them as methods, and `mean`: `np.array(xs).mean()`",
        ),
        ("list" | "tuple", "shape" | "reshape" | "T" | "dtype" | "astype" | "ndim") => {
            Words("arrays have it: `np.array(xs)`")
        }
        ("list" | "tuple", "map" | "filter" | "forEach") => Words("write a comprehension: `[f(x) for x in xs]`"),
        ("tuple", "append" | "add" | "insert" | "sort" | "extend" | "remove" | "pop" | "clear") => {
            Words("a tuple cannot be changed: use a list")
        }
        ("none", _) => Words("a function without `return` gives `None`, and so do methods that change a list in place"),
        ("int" | "float", "toString" | "to_s") => Words("a number becomes text with `str(x)`"),
        ("int" | "float", "sqrt" | "abs" | "floor" | "ceil" | "round") => {
            Words("it is a function: of the builtins, or of `math`")
        }
        ("array", "median" | "unique" | "append_" | "exp" | "log" | "sin" | "cos" | "sqrt" | "where" | "abs") => {
            Words("it is a function of NumPy: `np.name(a)`")
        }
        _ => return None,
    })
}

/// Whether Python's type of this kind has the attribute. The functions of the prelude that work on a kind are more than
/// its methods. Kinds that are not listed are not restricted.
pub(super) fn is_attribute(kind: &str, name: &str) -> bool {
    const STR: &str = "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum \
        isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust \
        lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip \
        split splitlines startswith strip swapcase title translate upper zfill";
    const BYTES: &str = "capitalize center count decode endswith expandtabs find fromhex hex index isalnum isalpha \
        isascii isdigit islower isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix \
        removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase \
        title translate upper zfill";
    const SET: &str = "add clear copy difference difference_update discard intersection intersection_update isdisjoint \
        issubset issuperset pop remove symmetric_difference symmetric_difference_update union update";
    const ARRAY: &str = "T all any argmax argmin argpartition argsort astype base byteswap choose clip compress conj \
        conjugate copy cumprod cumsum data device diagonal dot dtype fill flags flat flatten imag item itemsize mT max \
        mean min nbytes ndim nonzero partition prod ptp put ravel real repeat reshape resize round searchsorted shape \
        size sort squeeze std strides sum swapaxes take to_device tobytes tofile tolist trace transpose var view \
        is_integer as_integer_ratio bit_count newbyteorder numerator denominator hex";
    let known = match kind {
        "str" => STR,
        "bytes" => BYTES,
        "list" => "append clear copy count extend index insert pop remove reverse sort",
        "tuple" => "count index",
        "range" => "count index start stop step",
        "set" => SET,
        "dict" => "clear copy fromkeys get items keys pop popitem setdefault update values",
        "int" | "bool" => {
            "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real to_bytes"
        }
        "float" => "as_integer_ratio conjugate fromhex hex imag is_integer real",
        "complex" => "conjugate imag real",
        "exception" => "args add_note with_traceback",
        "array" | "scalar" => ARRAY,
        _ => return true,
    };
    name.starts_with("__") || known.split(' ').any(|attribute| attribute == name)
}

/// What to call a function of the prelude in a message; none for those that users do not know.
pub(super) fn shown(function: &str) -> Option<String> {
    let (kind, name) = function.split_once('_')?;
    match kind {
        "builtin" => Some(name.to_owned()),
        "ufunc" => Some(format!("np.{name}")),
        "numpy" => {
            let inner = ["linalg", "random", "fft"].iter().find_map(|inner| {
                let rest = name.strip_prefix(inner)?.strip_prefix('_')?;
                Some(format!("np.{inner}.{rest}"))
            });
            Some(inner.unwrap_or_else(|| format!("np.{name}")))
        }
        "math" | "cmath" | "random" | "time" | "heapq" | "bisect" | "itertools" | "statistics" | "operator" => {
            Some(format!("{kind}.{name}"))
        }
        "array" if is_attribute(kind, name) => Some(format!("ndarray.{name}")),
        "str" | "bytes" | "list" | "tuple" | "range" | "set" | "dict" | "int" | "float" | "complex"
            if is_attribute(kind, name) =>
        {
            Some(format!("{kind}.{name}"))
        }
        _ => None,
    }
}
