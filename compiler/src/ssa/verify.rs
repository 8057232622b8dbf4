//! Checks that SSA is well formed; a failure is always a bug of the compiler, so callers ask in debug builds only.
//! In: `ssa::Module`. Out: nothing, or what is wrong and where.
//!
//! Checked: every value is defined once and used only where its definition's point dominates (the arguments of an
//! unwind edge count as used before the instruction), operands, results and arguments have the right types, the
//! entry has no predecessors, and every loop has one entry (the graph is reducible, which `emit` relies on).

use super::dominators::{Dominators, Point};
use super::inst::{result_types, signature};
use super::{Block, Callee, Function, InstKind, Module, Terminator, Type, Value, print};
use crate::arena::{Id, IdMap};

/// Checks all functions.
pub fn verify(module: &Module) -> Result<(), String> {
    for (name, id) in &module.exports {
        if id.index() >= module.functions.len() {
            return Err(format!("export `{name}` is of no function"));
        }
    }
    module.functions.ids().try_for_each(|id| verify_function(module, id))
}

/// Checks one function; the error ends with its text.
pub fn verify_function(module: &Module, id: Id<Function>) -> Result<(), String> {
    let function = &module.functions[id];
    let failed = |message| format!("{message}\nin {}", print::function(module, id));
    let check = Check { module, function, dominators: Dominators::new(function), definitions: IdMap::default() };
    check.run().map_err(failed)
}

struct Check<'a> {
    module: &'a Module,
    function: &'a Function,
    dominators: Dominators,
    definitions: IdMap<Value, Point>,
}

impl Check<'_> {
    fn run(mut self) -> Result<(), String> {
        self.define()?;
        for &id in self.dominators.order() {
            let block = &self.function.blocks[id];
            for (index, inst) in block.insts.iter().enumerate() {
                let at = Point { block: id, index };
                self.inst(at, &inst.kind).map_err(|message| place(at, &message))?;
                let types = result_types(self.module, self.function, &inst.kind);
                let given: Vec<_> = inst.results.iter().map(|result| self.ty(*result)).collect();
                if types != given {
                    return Err(place(at, &format!("gives {types:?}, but the results are {given:?}")));
                }
            }
            let at = Point { block: id, index: block.insts.len() };
            self.terminator(at, &block.terminator).map_err(|message| place(at, &message))?;
        }
        Ok(())
    }

    fn define(&mut self) -> Result<(), String> {
        for &id in self.dominators.order() {
            let block = &self.function.blocks[id];
            let params = block.params.iter().map(|param| (*param, 0));
            let results = block.insts.iter().enumerate();
            let results = results.flat_map(|(at, inst)| inst.results.iter().map(move |result| (*result, at + 1)));
            for (value, index) in params.chain(results) {
                if value.index() >= self.function.values.len() {
                    return Err(format!("v{} is not in the table of values", value.index()));
                }
                if self.definitions.insert(value, Point { block: id, index }).is_some() {
                    return Err(format!("v{} is defined twice", value.index()));
                }
            }
        }
        Ok(())
    }

    fn ty(&self, value: Id<Value>) -> Type {
        self.function.values[value].ty
    }

    fn used(&self, at: Point, value: Id<Value>, ty: Type) -> Result<(), String> {
        let Some(definition) = self.definitions.get(value) else {
            return Err(format!("v{} is defined nowhere that control reaches", value.index()));
        };
        if !self.dominators.dominates_point(*definition, at) {
            return Err(format!("v{} is not defined on every path to here", value.index()));
        }
        if self.ty(value) != ty {
            return Err(format!("v{} is {}, but {ty} is needed", value.index(), self.ty(value)));
        }
        Ok(())
    }

    fn used_all(&self, at: Point, values: &[Id<Value>], types: &[Type], what: &str) -> Result<(), String> {
        if values.len() != types.len() {
            return Err(format!("{what} takes {} values, but {} are given", types.len(), values.len()));
        }
        values.iter().zip(types).try_for_each(|(value, ty)| self.used(at, *value, *ty))
    }

    fn inst(&self, at: Point, kind: &InstKind) -> Result<(), String> {
        match kind {
            InstKind::Const(_) | InstKind::GlobalGet(_) | InstKind::MemorySize => Ok(()),
            InstKind::Unary(op, value) => self.used(at, *value, op.operand()),
            InstKind::Binary(op, left, right) => {
                self.used_all(at, &[*left, *right], &[op.operand(), op.right()], op.name())
            }
            InstKind::Select { condition, then, otherwise } => {
                let ty = self.ty(*then);
                self.used_all(at, &[*condition, *then, *otherwise], &[Type::I32, ty, ty], "select")
            }
            InstKind::Bitselect { mask, then, otherwise } => {
                self.used_all(at, &[*mask, *then, *otherwise], &[Type::V128; 3], "bitselect")
            }
            InstKind::Shuffle { left, right, .. } => self.used_all(at, &[*left, *right], &[Type::V128; 2], "shuffle"),
            InstKind::Load { address, .. } => self.used(at, *address, Type::I32),
            InstKind::Store { kind, address, value, .. } => {
                self.used_all(at, &[*address, *value], &[Type::I32, kind.ty()], kind.name())
            }
            InstKind::GlobalSet(id, value) => self.used(at, *value, self.module.globals[*id].initial.ty()),
            InstKind::Call { callee, args, unwind } => {
                self.used_all(at, args, &signature(self.module, *callee).0, "the callee")?;
                match (callee, unwind) {
                    (Callee::Import(_), Some(_)) => Err("an import never raises, yet it has an unwind edge".into()),
                    (Callee::Import(_) | Callee::Function(_), None) => Ok(()),
                    (Callee::Function(_), Some(unwind)) => self.unwind(at, unwind.block, &unwind.args),
                }
            }
            InstKind::Guard { condition, raise, args, unwind } => {
                self.used(at, *condition, Type::I32)?;
                let (params, results) = signature(self.module, Callee::Function(*raise));
                self.used_all(at, args, &params, "the function that raises")?;
                if results != [Type::I32] {
                    return Err("the function that raises has to give the exception's address".into());
                }
                unwind.as_ref().map_or(Ok(()), |unwind| self.unwind(at, unwind.block, &unwind.args))
            }
            InstKind::Exit { condition, to } => {
                self.used(at, *condition, Type::I32)?;
                self.edge(at, to.block, &to.args, 0)
            }
            InstKind::Release { object, drop } => {
                if signature(self.module, Callee::Function(*drop)) != (vec![Type::I32], Vec::new()) {
                    return Err("the function that drops takes an address and gives nothing".into());
                }
                self.used(at, *object, Type::I32)
            }
            InstKind::Retain(value) | InstKind::MemoryGrow(value) => self.used(at, *value, Type::I32),
            InstKind::MemoryCopy { to, from: middle, length } | InstKind::MemoryFill { to, byte: middle, length } => {
                self.used_all(at, &[*to, *middle, *length], &[Type::I32; 3], "the instruction")
            }
        }
    }

    fn terminator(&self, at: Point, terminator: &Terminator) -> Result<(), String> {
        match terminator {
            Terminator::Branch { condition: value, .. }
            | Terminator::Switch { index: value, .. }
            | Terminator::Throw(value) => self.used(at, *value, Type::I32)?,
            Terminator::Return(values) => self.used_all(at, values, &self.function.results, "the function's result")?,
            Terminator::Jump(_) | Terminator::Unreachable => {}
        }
        terminator.edges().try_for_each(|edge| self.edge(at, edge.block, &edge.args, 0))
    }

    fn unwind(&self, at: Point, block: Id<Block>, args: &[Id<Value>]) -> Result<(), String> {
        match self.function.blocks[block].params.first() {
            Some(exception) if self.ty(*exception) == Type::I32 => self.edge(at, block, args, 1),
            Some(_) | None => Err(format!("b{} has no exception as its first parameter", block.index())),
        }
    }

    /// An edge whose arguments are for the parameters of `block` after the first `skipped`.
    fn edge(&self, at: Point, block: Id<Block>, args: &[Id<Value>], skipped: usize) -> Result<(), String> {
        let back = self.dominators.number(block) <= self.dominators.number(at.block);
        if block == self.function.entry {
            return Err("the entry has a predecessor".into());
        }
        if back && !self.dominators.dominates(block, at.block) {
            return Err(format!("b{} is entered backwards, but it is not the one entry of a loop", block.index()));
        }
        let params = self.function.blocks[block].params.iter().skip(skipped);
        let types: Vec<_> = params.map(|param| self.ty(*param)).collect();
        self.used_all(at, args, &types, &format!("b{}", block.index()))
    }
}

fn place(at: Point, message: &str) -> String {
    format!("b{}, instruction {}: {message}", at.block.index(), at.index)
}

#[cfg(test)]
mod tests {
    use super::verify;
    use crate::ssa::parse::parse;

    fn message(body: &str) -> String {
        let text = format!("{body}\nfunction @error(v0: i32) -> i32 {{\nb0:\n return v0\n}}");
        let module = parse(&text).expect("the text is right");
        verify(&module).map_or_else(|error| error.lines().next().unwrap_or_default().to_owned(), |()| "fine".into())
    }

    #[test]
    fn a_value_is_visible_where_its_definition_dominates() {
        let pad = |argument: &str| {
            format!(
                "function @f(v0: i32) -> i32 {{\nb0:\n v1: i32 = call @error(v0) unwind b1({argument})\n return v1\n\
                 b1(v2: i32, v3: i32):\n return v3\n}}"
            )
        };
        assert_eq!(message(&pad("v0")), "fine");
        assert_eq!(message(&pad("v1")), "b0, instruction 0: v1 is not defined on every path to here");
        assert_eq!(message(&pad("")), "b0, instruction 0: b1 takes 1 values, but 0 are given");
        assert_eq!(
            message("function @f(v0: i32) {\nb0:\n v1 = i32.add v0, v2\n return\n}"),
            "b0, instruction 0: v2 is defined nowhere that control reaches"
        );
    }

    #[test]
    fn types_have_to_fit() {
        assert_eq!(
            message("function @f(v0: i64) -> i64 {\nb0:\n v1 = i32.add v0, v0\n return v1\n}"),
            "b0, instruction 0: v0 is i64, but i32 is needed"
        );
        assert_eq!(
            message("function @f(v0: i64) {\nb0:\n guard v0, @error(v0)\n return\n}"),
            "b0, instruction 0: v0 is i64, but i32 is needed"
        );
        assert_eq!(
            message("function @f(v0: i64) {\nb0:\n return v0\n}"),
            "b0, instruction 0: the function's result takes 0 values, but 1 are given"
        );
    }

    #[test]
    fn a_loop_has_one_entry() {
        let text = "function @f(v0: i32) {\nb0:\n branch v0, b1, b2\nb1:\n jump b2\nb2:\n jump b1\n}";
        assert!(message(text).contains("is not the one entry of a loop"));
        let text = "function @f(v0: i32) {\nb0:\n jump b0\n}";
        assert_eq!(message(text), "b0, instruction 0: the entry has a predecessor");
    }
}
