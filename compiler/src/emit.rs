//! Writes SSA as a WebAssembly module. In: `ssa::Module`, the manifest's bytes. Out: `Artifact`.

mod code;
mod inst;
mod locals;
mod memory;
mod names;
mod rare;
mod stack;
mod structure;
mod support;
mod symbols;
#[cfg(test)]
mod tests;

use crate::abi;
use crate::arena::Id;
use crate::source::Span;
use crate::ssa::dominators::Dominators;
use crate::ssa::{Binary, Const, Function, InstKind, Module, Type};
use inst::{Writer, constant};
use locals::Locals;
use stack::Homes;
use std::borrow::Cow;
use std::collections::HashMap;
use structure::Structure;
use symbols::Symbols;
use wasm_encoder::{
    BranchHint, BranchHints, CodeSection, ConstExpr, CustomSection, Encode, EntityType, ExportKind, ExportSection,
    FunctionSection, GlobalSection, GlobalType, ImportSection, TagKind, TagSection, TagType, TypeSection, ValType,
};

/// What the embedder chooses.
#[derive(Debug, Clone)]
pub struct Options {
    /// Write names of functions, locals and globals.
    pub names: bool,
    /// Import the memory (`env.memory`) instead of owning it.
    pub import_memory: bool,
    /// The most pages of 64 KiB that the memory may grow to; none for all that a host gives.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self { names: true, import_memory: false, max_pages: None }
    }
}

/// A compiled module.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// The bytes of the WebAssembly module.
    pub wasm: Vec<u8>,
    /// Offsets in `wasm` with the Python that the instructions from there on come from, sorted.
    pub lines: Vec<(u32, Span)>,
}

/// Writes `module`, which `ssa::verify` accepts. Only what the exports reach is written.
pub fn emit(module: &Module, manifest: &[u8], options: &Options) -> Artifact {
    let symbols = Symbols::new(module);
    let mut types = Types::default();
    let mut functions = FunctionSection::new();
    let mut bodies = Vec::with_capacity(symbols.functions.len());
    for (id, dominators) in &symbols.functions {
        let function = &module.functions[*id];
        let params = function.params().iter().map(|param| function.values[*param].ty).collect();
        functions.function(types.index(params, function.results.clone()));
        bodies.push(body(function, dominators, &symbols));
    }
    for support in &symbols.support {
        let (params, results) = support.signature();
        functions.function(types.index(params, results));
    }

    let mut imports = ImportSection::new();
    for id in &symbols.imports {
        let import = &module.imports[*id];
        let ty = types.index(import.params.clone(), import.results.clone());
        imports.import(&import.module, &import.name, EntityType::Function(ty));
    }
    let mut tags = TagSection::new();
    if symbols.throws {
        tags.tag(TagType { kind: TagKind::Exception, func_type_idx: types.index(vec![Type::I32], Vec::new()) });
    }
    let mut globals = GlobalSection::new();
    for (_, global) in module.globals.iter() {
        let ty = GlobalType { val_type: value_type(global.initial.ty()), mutable: true, shared: false };
        globals.global(ty, &initial(global.initial));
    }
    let mut exports = ExportSection::new();
    exports.export(abi::MEMORY, ExportKind::Memory, 0);
    for (name, id) in &module.exports {
        exports.export(name, ExportKind::Func, symbols.function(*id));
    }

    let mut wasm = wasm_encoder::Module::new();
    wasm.section(&types.section);
    if options.import_memory {
        imports.import(abi::HOST_MODULE, abi::MEMORY, memory::memory_type(module, options));
    }
    if !imports.is_empty() {
        wasm.section(&imports);
    }
    wasm.section(&functions);
    if !options.import_memory {
        wasm.section(&memory::memory(module, options));
    }
    if !tags.is_empty() {
        wasm.section(&tags);
    }
    if !globals.is_empty() {
        wasm.section(&globals);
    }
    wasm.section(&exports);
    let hints = hints(&bodies, &symbols);
    if !hints.is_empty() {
        wasm.section(&hints);
    }
    let before = wasm.as_slice().len();
    let mut code = CodeSection::new();
    bodies.iter().for_each(|body| _ = code.raw(&body.bytes));
    symbols.support.iter().for_each(|support| _ = code.raw(&support.body(&symbols)));
    wasm.section(&code);
    let lines = lines(&bodies, symbols.support.len(), &wasm.as_slice()[before..], before);
    if !module.data.is_empty() {
        wasm.section(&memory::data(module));
    }
    if options.names {
        wasm.section(&names::names(module, &symbols, &bodies));
    }
    if !manifest.is_empty() {
        wasm.section(&CustomSection { name: Cow::Borrowed(abi::SECTION), data: Cow::Borrowed(manifest) });
    }
    Artifact { wasm: wasm.finish(), lines }
}

/// A function as it stands in the code section, without its size.
struct Body {
    bytes: Vec<u8>,
    /// Offsets in `bytes`.
    lines: Vec<(u32, Span)>,
    /// Offsets in `bytes` of branches, and whether they are expected to be taken.
    hints: Vec<BranchHint>,
    /// Locals that have a name.
    names: Vec<(u32, String)>,
}

fn body(function: &Function, dominators: &Dominators, symbols: &Symbols) -> Body {
    let homes = Homes::new(function, dominators.order());
    let locals = Locals::new(function, dominators, &homes, needs_scratch(function, dominators.order()));
    let writer = Writer { symbols, homes: &homes, locals: &locals, code: code::Code::default() };
    let code = Structure::new(writer, function, dominators).run().code.finish();
    let mut bytes = Vec::with_capacity(code.bytes.len() + 8);
    let runs: Vec<_> = locals.types.chunk_by(|left, right| left == right).collect();
    runs.len().encode(&mut bytes);
    for run in runs {
        run.len().encode(&mut bytes);
        value_type(run[0]).encode(&mut bytes);
    }
    let start = bytes.len() as u32;
    bytes.extend(code.bytes);
    let lines = code.lines.into_iter().map(|(offset, span)| (start + offset, span)).collect();
    let hint = |(offset, taken)| BranchHint { branch_func_offset: start + offset, branch_hint_value: u32::from(taken) };
    Body { bytes, lines, hints: code.hints.into_iter().map(hint).collect(), names: locals.names }
}

fn needs_scratch(function: &Function, order: &[Id<crate::ssa::Block>]) -> bool {
    let mut insts = order.iter().flat_map(|block| &function.blocks[*block].insts);
    insts.any(|inst| matches!(inst.kind, InstKind::Binary(Binary::I64AddOverflows, ..)))
}

/// What the functions expect of their branches.
fn hints(bodies: &[Body], symbols: &Symbols) -> BranchHints {
    let mut section = BranchHints::new();
    for ((id, _), body) in symbols.functions.iter().zip(bodies) {
        if !body.hints.is_empty() {
            section.function_hints(symbols.function(*id), body.hints.iter().copied());
        }
    }
    section
}

/// The lines of all bodies, with offsets in the module. `section` is the code section, which begins at `start`.
fn lines(bodies: &[Body], support: usize, section: &[u8], start: usize) -> Vec<(u32, Span)> {
    // The id, a byte, and the section's size, as long as LEB128 makes it; then the number of functions.
    let size = section.iter().skip(1).take_while(|byte| **byte >= 0x80).count() + 1;
    let mut at = start + 1 + size + leb_size(bodies.len() + support);
    let mut lines = Vec::new();
    for body in bodies {
        at += leb_size(body.bytes.len());
        lines.extend(body.lines.iter().map(|(offset, span)| (at as u32 + offset, *span)));
        at += body.bytes.len();
    }
    lines
}

/// How many bytes LEB128 takes.
fn leb_size(value: usize) -> usize {
    let mut bytes = Vec::new();
    value.encode(&mut bytes);
    bytes.len()
}

/// Function types, each once.
#[derive(Default)]
struct Types {
    section: TypeSection,
    known: HashMap<(Vec<Type>, Vec<Type>), u32>,
}

impl Types {
    fn index(&mut self, params: Vec<Type>, results: Vec<Type>) -> u32 {
        let next = self.known.len() as u32;
        let Self { section, known } = self;
        *known.entry((params, results)).or_insert_with_key(|(params, results)| {
            let wasm = |types: &[Type]| types.iter().map(|ty| value_type(*ty)).collect::<Vec<_>>();
            section.ty().function(wasm(params), wasm(results));
            next
        })
    }
}

fn value_type(ty: Type) -> ValType {
    match ty {
        Type::I32 => ValType::I32,
        Type::I64 => ValType::I64,
        Type::F32 => ValType::F32,
        Type::F64 => ValType::F64,
        Type::V128 => ValType::V128,
    }
}

fn initial(value: Const) -> ConstExpr {
    let mut bytes = Vec::new();
    constant(value).encode(&mut bytes);
    ConstExpr::raw(bytes)
}
