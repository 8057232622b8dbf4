//! The text of SSA, for people and for tests; `parse` reads it back.
//! In: `ssa::Module`. Out: `Display` of a module, [`function`] for one function.
//!
//! ```text
//! function @total(v0 xs: i32, v1 n: i64) -> i64 {
//! b0:
//!   v2 = i64 0
//!   jump b1(v2, v2)
//! b1(v3 i: i64, v4 total: i64):
//!   v5 = i64.lt_s v3, v1
//!   branch v5, b2, b3
//! b2:
//!   v6: i64 = call @item(v0, v3) unwind b4(v4)
//!   …
//! ```

use super::{BlockCall, Callee, Const, Function, InstKind, Module, Terminator, Type, Unwind, Value};
use crate::arena::{Arena, Id, IdMap};
use crate::source::Span;
use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};

/// One function as text.
pub fn function(module: &Module, id: Id<Function>) -> impl Display {
    FunctionText { module, names: names(module), id }
}

/// A module's functions as lines, each with the Python that it comes from; those that `shown` says.
pub fn lines(module: &Module, shown: &dyn Fn(&Function) -> bool) -> Vec<(String, Option<Span>)> {
    let names = names(module);
    let mut lines = Vec::new();
    for (id, function) in module.functions.iter().filter(|(_, function)| shown(function)) {
        // One line each, in the order of the text.
        let mut spans = vec![Some(function.span)];
        for block in function.reverse_postorder().into_iter().map(|block| &function.blocks[block]) {
            spans.push(None);
            spans.extend(block.insts.iter().map(|inst| Some(inst.span)));
            spans.push(None);
        }
        let text = FunctionText { module, names: names.clone(), id }.to_string();
        let texts = text.lines().map(str::to_owned).chain([String::new()]);
        lines.extend(texts.zip(spans.into_iter().chain(std::iter::repeat(None))));
    }
    lines
}

impl Display for Module {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (_, import) in self.imports.iter() {
            let name = Name('@', &format!("{}.{}", import.module, import.name)).to_string();
            writeln!(f, "import {name}({}){}", Types(&import.params), Results(&import.results))?;
        }
        for (_, global) in self.globals.iter() {
            writeln!(f, "global {} = {}", Name('$', &global.name), global.initial)?;
        }
        if !self.data.is_empty() {
            writeln!(f, "data \"{}\"", self.data.escape_ascii())?;
        }
        let names = names(self);
        for (name, function) in &self.exports {
            writeln!(f, "export \"{name}\" = {}", names[*function])?;
        }
        for id in self.functions.ids() {
            write!(f, "\n{}", FunctionText { module: self, names: names.clone(), id })?;
        }
        Ok(())
    }
}

/// What each function is called in the text: its name, numbered where several have the same.
fn names(module: &Module) -> IdMap<Function, String> {
    let mut used: HashMap<&str, u32> = HashMap::new();
    let mut names = IdMap::default();
    for (id, function) in module.functions.iter() {
        let count = used.entry(&function.name).and_modify(|count| *count += 1).or_insert(1);
        let name = Name('@', &function.name).to_string();
        names.insert(id, if *count == 1 { name } else { format!("{name}#{count}") });
    }
    names
}

/// A name behind its sigil, quoted where it is not plain.
struct Name<'a>(char, &'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(sigil, name) = self;
        if !name.is_empty() && name.chars().all(is_plain) {
            write!(f, "{sigil}{name}")
        } else {
            write!(f, "{sigil}\"{}\"", name.replace('"', "'"))
        }
    }
}

/// Whether a name with this character needs no quotes.
pub(super) fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '<' | '>' | '#')
}

struct Types<'a>(&'a [Type]);

impl Display for Types<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        separated(f, self.0, |f, ty| write!(f, "{ty}"))
    }
}

struct Results<'a>(&'a [Type]);

impl Display for Results<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " -> {}", Types(self.0)) }
    }
}

fn separated<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    mut write: impl FnMut(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        write(f, item)?;
    }
    Ok(())
}

impl Display for Type {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Display for Const {
    /// Floats as Rust reads them; a NaN that is not the usual one as its bits in hexadecimal.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::I32(value) => write!(f, "i32 {value}"),
            Self::I64(value) => write!(f, "i64 {value}"),
            Self::F32(bits) => match f32::from_bits(bits) {
                value if value.is_nan() && bits != 0x7fc0_0000 => write!(f, "f32 0x{bits:08x}"),
                value => write!(f, "f32 {value:?}"),
            },
            Self::F64(bits) => match f64::from_bits(bits) {
                value if value.is_nan() && bits != 0x7ff8_0000_0000_0000 => write!(f, "f64 0x{bits:016x}"),
                value => write!(f, "f64 {value:?}"),
            },
            Self::V128(bits) => write!(f, "v128 0x{bits:032x}"),
        }
    }
}

struct FunctionText<'a> {
    module: &'a Module,
    names: IdMap<Function, String>,
    id: Id<Function>,
}

impl Display for FunctionText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let function = &self.module.functions[self.id];
        let values = &function.values;
        let inline = if function.inline { "inline " } else { "" };
        let params = Params(values, function.params());
        let results = Results(&function.results);
        writeln!(f, "{inline}function {}({params}){results} {{", self.names[self.id])?;
        for id in function.reverse_postorder() {
            let block = &function.blocks[id];
            let rare = if block.rare { " rare" } else { "" };
            if id == function.entry || block.params.is_empty() {
                writeln!(f, "b{}{rare}:", id.index())?;
            } else {
                writeln!(f, "b{}({}){rare}:", id.index(), Params(values, &block.params))?;
            }
            for inst in &block.insts {
                f.write_str("  ")?;
                if !inst.results.is_empty() {
                    // Where the operation does not say it, the type is written.
                    let silent =
                        matches!(inst.kind, InstKind::Call { .. } | InstKind::Select { .. } | InstKind::GlobalGet(_));
                    separated(f, &inst.results, |f, result| {
                        if silent {
                            write!(f, "{}", Param(values, *result))
                        } else {
                            write!(f, "{}", Defined(values, *result))
                        }
                    })?;
                    f.write_str(" = ")?;
                }
                self.kind(f, &inst.kind)?;
                f.write_str("\n")?;
            }
            writeln!(f, "  {}", block.terminator)?;
        }
        writeln!(f, "}}")
    }
}

impl FunctionText<'_> {
    fn kind(&self, f: &mut Formatter<'_>, kind: &InstKind) -> fmt::Result {
        match kind {
            InstKind::Const(value) => write!(f, "{value}"),
            InstKind::Unary(op, value) => write!(f, "{} {}", op.name(), Use(*value)),
            InstKind::Binary(op, left, right) => write!(f, "{} {}, {}", op.name(), Use(*left), Use(*right)),
            InstKind::Select { condition, then, otherwise } => {
                write!(f, "select {}", Uses(&[*condition, *then, *otherwise]))
            }
            InstKind::Bitselect { mask, then, otherwise } => {
                write!(f, "bitselect {}", Uses(&[*mask, *then, *otherwise]))
            }
            InstKind::Shuffle { bytes, left, right } => {
                f.write_str("shuffle [")?;
                separated(f, bytes, |f, byte| write!(f, "{byte}"))?;
                write!(f, "] {}", Uses(&[*left, *right]))
            }
            InstKind::Load { kind, address, offset } => write!(f, "{} {}", kind.name(), Place(*address, *offset)),
            InstKind::Store { kind, address, offset, value } => {
                write!(f, "{} {}, {}", kind.name(), Place(*address, *offset), Use(*value))
            }
            InstKind::GlobalGet(id) => write!(f, "global.get {}", Name('$', &self.module.globals[*id].name)),
            InstKind::GlobalSet(id, value) => {
                write!(f, "global.set {}, {}", Name('$', &self.module.globals[*id].name), Use(*value))
            }
            InstKind::Call { callee: Callee::Function(id), args, unwind } => {
                write!(f, "call {}({})", self.names[*id], Uses(args))?;
                write!(f, "{}", Unwinds(unwind.as_ref()))
            }
            InstKind::Call { callee: Callee::Import(id), args, unwind } => {
                let import = &self.module.imports[*id];
                let name = format!("{}.{}", import.module, import.name);
                write!(f, "call import {}({})", Name('@', &name), Uses(args))?;
                write!(f, "{}", Unwinds(unwind.as_ref()))
            }
            InstKind::Guard { condition, raise, args, unwind } => {
                write!(f, "guard {}, {}({})", Use(*condition), self.names[*raise], Uses(args))?;
                write!(f, "{}", Unwinds(unwind.as_ref()))
            }
            InstKind::Exit { condition, to } => write!(f, "exit {}, {to}", Use(*condition)),
            InstKind::Retain(object) => write!(f, "retain {}", Use(*object)),
            InstKind::Release { object, drop } => write!(f, "release {}, {}", Use(*object), self.names[*drop]),
            InstKind::MemorySize => f.write_str("memory.size"),
            InstKind::MemoryGrow(pages) => write!(f, "memory.grow {}", Use(*pages)),
            InstKind::MemoryCopy { to, from, length } => write!(f, "memory.copy {}", Uses(&[*to, *from, *length])),
            InstKind::MemoryFill { to, byte, length } => write!(f, "memory.fill {}", Uses(&[*to, *byte, *length])),
        }
    }
}

impl Display for Terminator {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jump(to) => write!(f, "jump {to}"),
            Self::Branch { condition, then, otherwise } => write!(f, "branch {}, {then}, {otherwise}", Use(*condition)),
            Self::Switch { index, targets, default } => {
                write!(f, "switch {}, [", Use(*index))?;
                separated(f, targets, |f, target| write!(f, "{target}"))?;
                write!(f, "], {default}")
            }
            Self::Return(values) if values.is_empty() => f.write_str("return"),
            Self::Return(values) => write!(f, "return {}", Uses(values)),
            Self::Throw(exception) => write!(f, "throw {}", Use(*exception)),
            Self::Unreachable => f.write_str("unreachable"),
        }
    }
}

impl Display for BlockCall {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "b{}", self.block.index())?;
        if self.args.is_empty() { Ok(()) } else { write!(f, "({})", Uses(&self.args)) }
    }
}

struct Unwinds<'a>(Option<&'a Unwind>);

impl Display for Unwinds<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => Ok(()),
            Some(Unwind { block, args }) if args.is_empty() => write!(f, " unwind b{}", block.index()),
            Some(Unwind { block, args }) => write!(f, " unwind b{}({})", block.index(), Uses(args)),
        }
    }
}

struct Use(Id<Value>);

impl Display for Use {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0.index())
    }
}

struct Uses<'a>(&'a [Id<Value>]);

impl Display for Uses<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        separated(f, self.0, |f, value| write!(f, "{}", Use(*value)))
    }
}

/// An address with its constant offset.
struct Place(Id<Value>, u32);

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Use(self.0))?;
        if self.1 == 0 { Ok(()) } else { write!(f, "+{}", self.1) }
    }
}

/// A value where it is defined: with its Python name, if that is plain.
struct Defined<'a>(&'a Arena<Value>, Id<Value>);

impl Display for Defined<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Use(self.1))?;
        match &self.0[self.1].name {
            Some(name) if !name.is_empty() && name.chars().all(is_plain) => write!(f, " {name}"),
            Some(_) | None => Ok(()),
        }
    }
}

/// A value where it is defined, with its type.
struct Param<'a>(&'a Arena<Value>, Id<Value>);

impl Display for Param<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Defined(self.0, self.1), self.0[self.1].ty)
    }
}

struct Params<'a>(&'a Arena<Value>, &'a [Id<Value>]);

impl Display for Params<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        separated(f, self.1, |f, param| write!(f, "{}", Param(self.0, *param)))
    }
}
