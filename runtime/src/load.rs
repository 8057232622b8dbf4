//! A compiled program with all that its runs need. In: a module's bytes, or the cache. Out: `Program`.

use crate::exception::Frame;
use kukri_compiler::abi::Manifest;
use wasmtime::Module;

/// A program that is ready to be instantiated.
pub(crate) struct Program {
    pub(crate) module: Module,
    pub(crate) manifest: Manifest,
    /// The size of the Wasm module; 0 if the program comes from the cache.
    pub(crate) module_bytes: usize,
    /// The texts of `manifest.files`; may be fewer, where the source is not at hand.
    pub(crate) texts: Vec<String>,
}

impl Program {
    /// What a traceback shows of a site.
    pub(crate) fn frame(&self, site: u32) -> Option<Frame> {
        let site = self.manifest.sites.get(site as usize)?;
        let text = self.texts.get(site.file as usize).and_then(|text| text.lines().nth(site.line as usize - 1));
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
