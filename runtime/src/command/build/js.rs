//! `kukri build --emit js`: a JavaScript module beside the Wasm one, with TypeScript's types. In: a module. Out: text.
//!
//! The JavaScript is self-contained: it marshals arguments and results by the module's own manifest, as the Rust
//! runtime does. `glue.js` is the part that is the same for every module.

use kukri_compiler::abi::{self, Manifest, Signature};
use kukri_compiler::types::{Dtype, Type};
use std::fmt::Write as _;
use std::path::Path;

/// What is written beside the Wasm module.
pub(super) struct Package {
    pub(super) code: String,
    pub(super) types: String,
}

const GLUE: &str = include_str!("glue.js");

/// The JavaScript for a module that will lie beside it under the same name.
pub(super) fn package(manifest: &Manifest, path: &Path) -> Package {
    let file = path.with_extension("wasm");
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut code = format!("// Made by Kukri {} from {}.\n", env!("CARGO_PKG_VERSION"), manifest.files.join(", "));
    let classes: Vec<_> = (0..abi::EXCEPTIONS.len() as u32).map(|number| manifest.class_name(number)).collect();
    let json = |value: serde_json::Value| value.to_string();
    let _ = writeln!(code, "const URL_OF_MODULE = new URL({}, import.meta.url);", json(name.into()));
    let _ = writeln!(code, "const BUILTIN_EXCEPTIONS = {};\n", json(classes.into()));
    code.push_str(GLUE);

    let mut types = String::from(TYPES);
    for export in &manifest.exports {
        let _ = writeln!(types, "  {}", declaration(export));
    }
    types.push_str("}\n");
    Package { code, types }
}

const TYPES: &str = "\
/** An n-dimensional array in C order. */
export interface NdArray<T> { data: T; shape: number[] }
export interface Complex { re: number; im: number }

/** A Python exception; `message` is the whole traceback's last line. */
export class PythonError extends Error {
  readonly type: string;
  readonly traceback: string;
}

export interface Options {
  /** Instead of fetching the module that lies beside this file. */
  module?: WebAssembly.Module | BufferSource | Response | Promise<Response>;
  /** Takes what is printed. */
  print?: (text: string, stream: 1 | 2) => void;
  /** Functions that the program calls. */
  host?: Record<string, (...args: any[]) => any>;
}

/** Loads the module and runs its module level. */
export function load(options?: Options): Promise<Kernel>;

export interface Kernel {
";

fn declaration(export: &Signature) -> String {
    let params: Vec<_> = export.params.iter().map(|param| format!("{}: {}", param.name, type_of(&param.ty))).collect();
    format!("{}({}): {};", export.name, params.join(", "), type_of(&export.result))
}

/// What a Python type is in TypeScript.
fn type_of(ty: &Type) -> String {
    match ty {
        Type::None => "null".to_owned(),
        Type::Bool | Type::Scalar(Dtype::Bool) => "boolean".to_owned(),
        // A Python int has 64 bits: a bigint is exact, and a number is taken where it is a safe integer.
        Type::Int | Type::Scalar(Dtype::I64 | Dtype::U64) => "number | bigint".to_owned(),
        Type::Complex | Type::Scalar(Dtype::C64 | Dtype::C128) => "Complex".to_owned(),
        Type::Float
        | Type::Scalar(
            Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::F32 | Dtype::F64,
        ) => "number".to_owned(),
        Type::Str => "string".to_owned(),
        Type::Bytes => "Uint8Array".to_owned(),
        Type::Range => "[bigint, bigint, bigint]".to_owned(),
        Type::List(item) => format!("Array<{}>", type_of(item)),
        Type::Set(item) => format!("Set<{}>", type_of(item)),
        Type::Dict(key, value) => format!("Map<{}, {}>", type_of(key), type_of(value)),
        Type::Tuple(items) => format!("[{}]", items.iter().map(type_of).collect::<Vec<_>>().join(", ")),
        Type::Optional(item) => format!("{} | null", type_of(item)),
        Type::Array { dtype, .. } => format!("NdArray<{}>", typed_array(*dtype)),
        Type::Poison
        | Type::Never
        | Type::Variable(_)
        | Type::Ptr
        | Type::Slice
        | Type::Cell(_)
        | Type::Exception
        | Type::Function(..)
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
