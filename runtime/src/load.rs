//! A compiled program with all that its runs need. In: a module's bytes, or the cache. Out: `Program`.

use crate::engine::Engine;
use crate::error::Error;
use crate::exception::Frame;
use crate::thread::with_compiler_stack;
use kukri_compiler::abi::{self, Manifest};
use kukri_compiler::ssa;
use wasmtime::{ExternType, Module, ValType};

/// A program that is ready to be instantiated.
pub(crate) struct Program {
    pub(crate) module: Module,
    pub(crate) manifest: Manifest,
    /// The size of the Wasm module.
    pub(crate) module_bytes: usize,
    /// The texts of `manifest.files`; may be fewer, where the source is not at hand.
    pub(crate) texts: Vec<String>,
}

impl Program {
    /// The program in a module that came from outside.
    pub(crate) fn of_module(engine: &Engine, wasm: &[u8]) -> Result<Self, Error> {
        if !wasm.starts_with(b"\0asm") {
            return Err(Error::Module("this is not WebAssembly".into()));
        }
        let other = || Error::Module("it was not made by this version of Kukri".into());
        let manifest = Manifest::of_module(wasm).ok_or_else(other)?;
        let module = with_compiler_stack(|| Module::from_binary(&engine.wasmtime, wasm));
        let module = module.map_err(|error| Error::Module(format!("{error:#}")))?;
        if module.imports().any(|import| matches!(import.ty(), ExternType::Memory(_))) {
            let text = "it imports its memory, which this host does not have: build it without --import-memory";
            return Err(Error::Module(text.into()));
        }
        let is = |name: &str, params: &[ValType], results: &[ValType]| match module.get_export(name) {
            Some(ExternType::Func(found)) => {
                let same = |found: &mut dyn Iterator<Item = ValType>, wanted: &[ValType]| {
                    let found: Vec<_> = found.collect();
                    found.len() == wanted.len() && found.iter().zip(wanted).all(|(a, b)| ValType::eq(a, b))
                };
                same(&mut found.params(), params) && same(&mut found.results(), results)
            }
            _ => false,
        };
        let exported = manifest.exports.iter().all(|export| {
            let params = export.params.iter().flat_map(|param| param.ty.flatten()).map(value_type);
            is(&export.name, &params.chain([ValType::I32]).collect::<Vec<_>>(), &[ValType::I32])
        });
        let memory = matches!(module.get_export(abi::MEMORY), Some(ExternType::Memory(memory)) if !memory.is_64());
        let main = module.get_export(abi::MAIN).is_none() || is(abi::MAIN, &[], &[ValType::I32]);
        if !exported || !memory || !main {
            return Err(Error::Module("its functions are not those that it says it has".into()));
        }
        Ok(Self { module, manifest, module_bytes: wasm.len(), texts: Vec::new() })
    }

    /// What a traceback shows of a site.
    pub(crate) fn frame(&self, site: u32) -> Option<Frame> {
        let site = self.manifest.sites.get(site as usize)?;
        let text =
            self.texts.get(site.file as usize).and_then(|text| text.lines().nth((site.line as usize).checked_sub(1)?));
        Some(Frame {
            file: self.manifest.files.get(site.file as usize)?.clone(),
            function: self.manifest.functions.get(site.function as usize)?.clone(),
            line: site.line,
            column: site.column,
            end_line: site.end_line,
            end_column: site.end_column,
            text: text.unwrap_or_default().to_owned(),
        })
    }
}

/// The type of a part in WebAssembly.
pub(crate) fn value_type(part: ssa::Type) -> ValType {
    match part {
        ssa::Type::I32 => ValType::I32,
        ssa::Type::I64 => ValType::I64,
        ssa::Type::F32 => ValType::F32,
        ssa::Type::F64 => ValType::F64,
        ssa::Type::V128 => ValType::V128,
    }
}
