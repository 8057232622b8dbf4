//! How a definition of the prelude is kept from the build of the compiler to its run. In: trees. Out: the same.

use crate::source::begin_spans;
use crate::syntax::ast::{Expr, Function, FunctionId};
use serde::{Deserialize, Serialize};

/// A definition with all that is needed to put it back.
#[derive(Debug, Serialize, Deserialize)]
pub struct Stored {
    /// What the name stands for.
    pub definition: Definition,
    /// The functions that stand in it, with their places in the tree, which are the same in every run.
    pub functions: Vec<(FunctionId, Function)>,
}

/// What a name of the prelude stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Definition {
    /// A function.
    Function(FunctionId),
    /// `NAME = literal`.
    Constant(Expr),
}

impl Stored {
    /// As bytes; `number` is that of its first span.
    pub fn to_bytes(&self, number: u32) -> Vec<u8> {
        postcard::to_allocvec(&(number, self)).expect("trees can be written")
    }

    /// The one whose bytes begin here.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let Ok((number, bytes)) = postcard::take_from_bytes(bytes) else { unreachable!("build.rs wrote the number") };
        begin_spans(number);
        let Ok((stored, _)) = postcard::take_from_bytes(bytes) else { unreachable!("build.rs wrote the trees") };
        stored
    }
}
