//! The linear memory and what it holds at the start. In: `ssa::Module`, options. Out: sections.

use super::Options;
use crate::abi;
use crate::ssa::Module;
use wasm_encoder::{ConstExpr, DataSection, MemorySection, MemoryType};

/// At least the constants and one page of heap.
pub(super) fn memory_type(module: &Module, options: &Options) -> MemoryType {
    let end = u64::from(abi::DATA_START) + module.data.len() as u64;
    let minimum = end.div_ceil(abi::PAGE.into()) + 1;
    let maximum = options.max_pages.map(|pages| u64::from(pages).max(minimum));
    MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2: None }
}

/// The module's own memory.
pub(super) fn memory(module: &Module, options: &Options) -> MemorySection {
    let mut section = MemorySection::new();
    section.memory(memory_type(module, options));
    section
}

/// The constants.
pub(super) fn data(module: &Module) -> DataSection {
    let mut section = DataSection::new();
    section.active(0, &ConstExpr::i32_const(abi::DATA_START as i32), module.data.iter().copied());
    section
}
