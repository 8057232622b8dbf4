//! A JavaScript module beside the Wasm one, with TypeScript's types. In: `Manifest`. Out: text.
//!
//! The JavaScript is self-contained: it marshals arguments and results by the module's own manifest, as the Rust
//! runtime does. `glue.js` is the part that is the same for every module.

use crate::abi::{self, Manifest, Signature};
use crate::types::{Dtype, Type};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What is written beside the Wasm module.
#[derive(Clone, Debug)]
pub struct Package {
    /// An ES module that exports `load` and `PythonError`.
    pub code: String,
    /// Its types.
    pub types: String,
}

const GLUE: &str = include_str!("package/glue.js");

/// The JavaScript for a module that will lie beside it in the file `wasm`.
pub fn package(manifest: &Manifest, wasm: &str) -> Package {
    let files = manifest.files.join(", ").replace(['\n', '\r'], " ");
    let made = format!("// Made by Kukri {} from {files}.\n", env!("CARGO_PKG_VERSION"));
    let mut types = String::from(TYPES);
    for export in &manifest.exports {
        let _ = writeln!(types, "  {}", declaration(export));
    }
    types.push_str("}\n");
    Package { code: made + &loader(wasm), types }
}

/// An ES module that loads any module of Kukri's; the one in the file `wasm` beside it, unless it is given another.
pub fn loader(wasm: &str) -> String {
    let mut code = String::new();
    let manifest = Manifest::default();
    let classes: Vec<_> = (0..abi::EXCEPTIONS.len() as u32)
        .map(|number| serde_json::json!([manifest.class_name(number), manifest.bases(number)]))
        .collect();
    let _ = writeln!(code, "const URL_OF_MODULE = new URL({}, import.meta.url);", serde_json::json!(wasm));
    let layout: BTreeMap<_, _> = abi::LAYOUT.into_iter().collect();
    let _ = writeln!(code, "/** Where the parts of objects are. */");
    let _ = writeln!(code, "const ABI = {};", serde_json::json!(layout));
    let _ = writeln!(code, "/** Names of the builtin exception classes, each with the numbers of its bases. */");
    let _ = writeln!(code, "const BUILTIN_EXCEPTIONS = {};\n", serde_json::json!(classes));
    code.push_str(GLUE);
    code
}

const TYPES: &str = "\
/** An n-dimensional array in C order. Complex numbers are pairs in `data`. */
export interface NdArray<T> { data: T; shape: number[] }
export interface Complex { re: number; im: number }

/** A Python exception. `message` is Python's, `cause` what it was raised from or during. */
export class PythonError extends Error {
  constructor(type: string, bases: string[], message: string, traceback: string, cause?: PythonError);
  /** The name of its class. */
  readonly type: string;
  /** The names of the classes that its class derives from. */
  readonly bases: string[];
  /** What Python would write to stderr, without the lines of the source. */
  readonly traceback: string;
  readonly cause?: PythonError;
}

export interface Options {
  /** Instead of the module that lies beside this file. */
  module?: WebAssembly.Module | BufferSource | Response | Promise<Response>;
  /** Takes what is printed: to stdout (1) or stderr (2). */
  print?: (text: string, stream: 1 | 2) => void;
  /** The next line for `input()`; null at the end. */
  readLine?: () => string | null;
  /** `sys.argv`. */
  arguments?: string[];
  /** Functions that the program calls. An error they throw is raised in Python. */
  host?: Record<string, (...args: any[]) => any>;
  /** The memory of a module that was built with `--import-memory`. */
  memory?: WebAssembly.Memory;
}

/** An array in the memory of a kernel: it is passed without a copy, and shows what functions did to it. */
export interface KernelArray<T> extends NdArray<T> {
  /** To be asked for anew after each call: a memory that grew is another buffer. */
  readonly data: T;
  readonly shape: number[];
  /** Gives it back to the kernel. */
  free(): void;
}

export interface TypedArrays {
  bool: Uint8Array; i8: Int8Array; i16: Int16Array; i32: Int32Array; i64: BigInt64Array;
  u8: Uint8Array; u16: Uint16Array; u32: Uint32Array; u64: BigUint64Array;
  f32: Float32Array; f64: Float64Array; c64: Float32Array; c128: Float64Array;
}

/** A new array of zeros in the kernel's memory, until it is freed. */
export function newArray<D extends keyof TypedArrays>(kernel: Kernel, dtype: D, shape: number[]): KernelArray<TypedArrays[D]>;

/** Loads the module and runs its module level. */
export function load(options?: Options): Promise<Kernel>;

/** The functions of the program. Lists and arrays that are passed show what the function did to them. */
export interface Kernel {
";

fn declaration(export: &Signature) -> String {
    let params = export.params.iter().map(|param| {
        // What Python may call a parameter and TypeScript may not.
        let mark = if RESERVED.split_whitespace().any(|word| word == param.name) { "_" } else { "" };
        format!("{}{mark}: {}", param.name, type_of(&param.ty, true))
    });
    let params: Vec<_> = params.collect();
    format!("{}({}): {};", export.name, params.join(", "), type_of(&export.result, false))
}

const RESERVED: &str = "arguments case catch const debugger default delete do enum eval export extends false function \
    implements interface instanceof let new null package private protected public static super switch this throw true \
    typeof var void";

/// What a Python type is in TypeScript, as an argument or as a result.
fn type_of(ty: &Type, argument: bool) -> String {
    let of = |ty: &Type| type_of(ty, argument);
    match ty {
        Type::None => "null".to_owned(),
        Type::Bool | Type::Scalar(Dtype::Bool) => "boolean".to_owned(),
        // A Python int has 64 bits: a bigint is exact, and a number is taken where it is a safe integer.
        Type::Int | Type::Unsigned | Type::Scalar(Dtype::I64 | Dtype::U64) => "number | bigint".to_owned(),
        Type::Complex | Type::Scalar(Dtype::C64 | Dtype::C128) if argument => "number | Complex".to_owned(),
        Type::Complex | Type::Scalar(Dtype::C64 | Dtype::C128) => "Complex".to_owned(),
        Type::Float
        | Type::Scalar(
            Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::F32 | Dtype::F64,
        ) => "number".to_owned(),
        Type::Str => "string".to_owned(),
        Type::Bytes => "Uint8Array".to_owned(),
        Type::Range => "[start: number | bigint, stop: number | bigint, step: number | bigint]".to_owned(),
        Type::List(item) if argument => format!("Iterable<{}>", of(item)),
        Type::List(item) => format!("Array<{}>", of(item)),
        Type::Set(item) => format!("Set<{}>", of(item)),
        Type::Dict(key, value) => format!("Map<{}, {}>", of(key), of(value)),
        Type::Tuple(items) => format!("[{}]", items.iter().map(of).collect::<Vec<_>>().join(", ")),
        Type::Optional(item) => format!("{} | null", of(item)),
        Type::Array { dtype, ndim: 1, .. } if argument => format!("{0} | NdArray<{0}>", typed_array(*dtype)),
        Type::Array { dtype, .. } => format!("NdArray<{}>", typed_array(*dtype)),
        Type::Poison
        | Type::Never
        | Type::Variable(_)
        | Type::Ptr
        | Type::Slice
        | Type::Sequence(_)
        | Type::Cell(_)
        | Type::Exception
        | Type::Function(..)
        | Type::Choice(_)
        | Type::Generator(..)
        | Type::Iterator(..)
        | Type::Static(_) => "never".to_owned(),
    }
}

fn typed_array(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::Bool | Dtype::U8 => "Uint8Array",
        Dtype::I8 => "Int8Array",
        Dtype::I16 => "Int16Array",
        Dtype::I32 => "Int32Array",
        Dtype::I64 => "BigInt64Array",
        Dtype::U16 => "Uint16Array",
        Dtype::U32 => "Uint32Array",
        Dtype::U64 => "BigUint64Array",
        Dtype::F32 | Dtype::C64 => "Float32Array",
        Dtype::F64 | Dtype::C128 => "Float64Array",
    }
}
