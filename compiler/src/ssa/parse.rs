//! Reads the text that `print` writes, so that tests of `opt` and `emit` can be written as text.
//! In: text. Out: `ssa::Module`, or what is wrong and in which line.
//!
//! Numbers are kept: `v7` is the value with id 7. A comment goes from `;` to the end of the line. The span of an
//! instruction is its place in the text.

use super::print::is_plain;
use super::{
    Binary, Block, BlockCall, Callee, Const, Function, Global, Import, Inst, InstKind, LoadKind, Module, StoreKind,
    Terminator, Type, Unary, Unwind, Value, inst,
};
use crate::arena::Id;
use crate::source::Span;
use std::collections::HashMap;

/// Reads a module.
pub fn parse(text: &str) -> Result<Module, String> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens, at: 0, module: Module::default(), names: HashMap::new() };
    parser.declare()?;
    parser.at = 0;
    while !parser.at_end() {
        parser.item()?;
    }
    Ok(parser.module)
}

#[derive(Debug, Clone, PartialEq)]
struct Token {
    /// A word, a name with its sigil, a string with its opening quote, or a punctuation mark.
    text: String,
    span: Span,
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        let mut token = String::from(c);
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '<' | '>' | '#');
        match c {
            ';' => {
                while rest.next_if(|(_, c)| *c != '\n').is_some() {}
                continue;
            }
            c if c.is_whitespace() => continue,
            '-' if rest.next_if(|(_, c)| *c == '>').is_some() => token.push('>'),
            '"' => quoted(&mut rest, &mut token)?,
            '@' | '$' => {
                if rest.next_if(|(_, c)| *c == '"').is_some() {
                    quoted(&mut rest, &mut token)?;
                }
                while let Some((_, c)) = rest.next_if(|(_, c)| is_plain(*c)) {
                    token.push(c);
                }
            }
            c if is_word(c) => {
                while let Some((_, c)) = rest.next_if(|(_, c)| is_word(*c)) {
                    token.push(c);
                }
            }
            _ => {}
        }
        let end = rest.peek().map_or(text.len(), |(at, _)| *at);
        tokens.push(Token { text: token, span: Span::new(start as u32, end as u32) });
    }
    Ok(tokens)
}

fn quoted(rest: &mut impl Iterator<Item = (usize, char)>, token: &mut String) -> Result<(), String> {
    for (_, c) in rest {
        match c {
            '"' => return Ok(()),
            c => token.push(c),
        }
    }
    Err("a string is not closed".into())
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    module: Module,
    names: HashMap<String, Id<Function>>,
}

impl Parser<'_> {
    /// Finds the functions' names and signatures first, as calls may come before them.
    fn declare(&mut self) -> Result<(), String> {
        while !self.at_end() {
            if self.take("function") {
                let name = self.next()?;
                let mut function = Function::new(plain_name(&name)?, Vec::new(), self.span(self.at - 1));
                if self.at >= 3 {
                    function.inline = self.tokens[self.at - 3].text == "inline";
                }
                let params = self.params(&mut function)?;
                function.blocks[function.entry].params = params;
                if self.take("->") {
                    function.results = self.types()?;
                }
                let id = self.module.functions.push(function);
                self.names.insert(name, id);
            } else {
                self.at += 1;
            }
        }
        Ok(())
    }

    fn item(&mut self) -> Result<(), String> {
        match self.next()?.as_str() {
            "import" => {
                let name = self.next()?;
                let (module, name) = name.trim_start_matches('@').split_once('.').ok_or("an import is @module.name")?;
                let (module, name) = (module.to_owned(), name.to_owned());
                self.expect("(")?;
                let params = if self.peek() == ")" { Vec::new() } else { self.types()? };
                self.expect(")")?;
                let results = if self.take("->") { self.types()? } else { Vec::new() };
                self.module.imports.push(Import { module, name, params, results });
            }
            "global" => {
                let name = self.next()?.trim_start_matches('$').to_owned();
                self.expect("=")?;
                let ty = self.ty()?;
                let initial = self.constant(ty)?;
                self.module.globals.push(Global { name, initial });
            }
            "data" => {
                let text = self.next()?;
                self.module.data = unescape(text.trim_start_matches('"'))?;
            }
            "export" => {
                let name = self.next()?.trim_start_matches('"').to_owned();
                self.expect("=")?;
                let function = self.function()?;
                self.module.exports.push((name, function));
            }
            "inline" => {}
            "function" => {
                let id = self.function()?;
                while self.peek() != "{" {
                    self.next()?;
                }
                self.expect("{")?;
                let mut function = self.module.functions[id].clone();
                self.body(&mut function)?;
                self.module.functions[id] = function;
            }
            other => return Err(self.error(&format!("`{other}` begins no item"))),
        }
        Ok(())
    }

    fn body(&mut self, function: &mut Function) -> Result<(), String> {
        let mut first = true;
        while !self.take("}") {
            let id = self.block(function)?;
            if first {
                let params = std::mem::take(&mut function.blocks[function.entry].params);
                function.entry = id;
                function.blocks[id].params = params;
                first = false;
            } else if self.peek() == "(" {
                let params = self.params(function)?;
                function.blocks[id].params = params;
            }
            function.blocks[id].rare = self.take("rare");
            self.expect(":")?;
            loop {
                let start = self.at;
                if let Some(terminator) = self.terminator(function)? {
                    function.blocks[id].terminator = terminator;
                    break;
                }
                let mut results = Vec::new();
                let mut typed = Vec::new();
                while is_value(self.peek()) {
                    let (value, ty) = self.defined(function)?;
                    results.push(value);
                    typed.push(ty);
                    self.take(",");
                }
                if !results.is_empty() {
                    self.expect("=")?;
                }
                let kind = self.kind(function)?;
                let types = inst::result_types(&self.module, function, &kind);
                if types.len() != results.len() {
                    return Err(self.error(&format!("the instruction gives {} values", types.len())));
                }
                for ((result, written), ty) in results.iter().zip(typed).zip(types) {
                    function.values[*result].ty = written.unwrap_or(ty);
                }
                let span = self.span(start).to(self.span(self.at - 1));
                function.blocks[id].insts.push(Inst { kind, results, span });
            }
        }
        Ok(())
    }

    fn terminator(&mut self, function: &mut Function) -> Result<Option<Terminator>, String> {
        let start = self.at;
        Ok(Some(match self.next()?.as_str() {
            "jump" => Terminator::Jump(self.block_call(function)?),
            "branch" => {
                let condition = self.value(function)?;
                self.expect(",")?;
                let then = self.block_call(function)?;
                self.expect(",")?;
                Terminator::Branch { condition, then, otherwise: self.block_call(function)? }
            }
            "switch" => {
                let index = self.value(function)?;
                self.expect(",")?;
                self.expect("[")?;
                let mut targets = Vec::new();
                while !self.take("]") {
                    targets.push(self.block_call(function)?);
                    self.take(",");
                }
                self.expect(",")?;
                Terminator::Switch { index, targets, default: self.block_call(function)? }
            }
            "return" => {
                let mut values = Vec::new();
                while is_value(self.peek()) {
                    values.push(self.value(function)?);
                    self.take(",");
                }
                Terminator::Return(values)
            }
            "throw" => Terminator::Throw(self.value(function)?),
            "unreachable" => Terminator::Unreachable,
            _ => {
                self.at = start;
                return Ok(None);
            }
        }))
    }

    fn kind(&mut self, function: &mut Function) -> Result<InstKind, String> {
        let word = self.next()?;
        if let Some(ty) = Type::ALL.into_iter().find(|ty| ty.name() == word) {
            return Ok(InstKind::Const(self.constant(ty)?));
        }
        if let Some(op) = Unary::ALL.iter().find(|op| op.name() == word) {
            return Ok(InstKind::Unary(*op, self.value(function)?));
        }
        if let Some(op) = Binary::ALL.iter().find(|op| op.name() == word) {
            let [left, right] = self.operands(function)?;
            return Ok(InstKind::Binary(*op, left, right));
        }
        if let Some(kind) = LoadKind::ALL.iter().find(|kind| kind.name() == word) {
            let (address, offset) = self.place(function)?;
            return Ok(InstKind::Load { kind: *kind, address, offset });
        }
        if let Some(kind) = StoreKind::ALL.iter().find(|kind| kind.name() == word) {
            let (address, offset) = self.place(function)?;
            self.expect(",")?;
            return Ok(InstKind::Store { kind: *kind, address, offset, value: self.value(function)? });
        }
        Ok(match word.as_str() {
            "select" => {
                let [condition, then, otherwise] = self.operands(function)?;
                InstKind::Select { condition, then, otherwise }
            }
            "bitselect" => {
                let [mask, then, otherwise] = self.operands(function)?;
                InstKind::Bitselect { mask, then, otherwise }
            }
            "shuffle" => {
                let mut bytes = [0; 16];
                self.expect("[")?;
                for (at, byte) in bytes.iter_mut().enumerate() {
                    if at > 0 {
                        self.expect(",")?;
                    }
                    let word = self.next()?;
                    *byte = word.parse().map_err(|_| self.error(&format!("`{word}` is no byte")))?;
                }
                self.expect("]")?;
                let [left, right] = self.operands(function)?;
                InstKind::Shuffle { bytes, left, right }
            }
            "global.get" => InstKind::GlobalGet(self.global()?),
            "global.set" => {
                let global = self.global()?;
                self.expect(",")?;
                InstKind::GlobalSet(global, self.value(function)?)
            }
            "call" if self.take("import") => {
                let callee = Callee::Import(self.import()?);
                InstKind::Call { callee, args: self.args(function)?, unwind: self.unwind(function)? }
            }
            "call" => {
                let callee = Callee::Function(self.function()?);
                InstKind::Call { callee, args: self.args(function)?, unwind: self.unwind(function)? }
            }
            "guard" => {
                let condition = self.value(function)?;
                self.expect(",")?;
                let raise = self.function()?;
                InstKind::Guard { condition, raise, args: self.args(function)?, unwind: self.unwind(function)? }
            }
            "exit" => {
                let condition = self.value(function)?;
                self.expect(",")?;
                InstKind::Exit { condition, to: self.block_call(function)? }
            }
            "retain" => InstKind::Retain(self.value(function)?),
            "release" => {
                let object = self.value(function)?;
                self.expect(",")?;
                InstKind::Release { object, drop: self.function()? }
            }
            "memory.size" => InstKind::MemorySize,
            "memory.grow" => InstKind::MemoryGrow(self.value(function)?),
            "memory.copy" => {
                let [to, from, length] = self.operands(function)?;
                InstKind::MemoryCopy { to, from, length }
            }
            "memory.fill" => {
                let [to, byte, length] = self.operands(function)?;
                InstKind::MemoryFill { to, byte, length }
            }
            other => return Err(self.error(&format!("`{other}` is no instruction"))),
        })
    }

    fn constant(&mut self, ty: Type) -> Result<Const, String> {
        let word = self.next()?;
        let constant = match (ty, word.strip_prefix("0x")) {
            (Type::I32, _) => word.parse().ok().map(Const::I32),
            (Type::I64, _) => word.parse().ok().map(Const::I64),
            (Type::F32, Some(bits)) => u32::from_str_radix(bits, 16).ok().map(Const::F32),
            (Type::F32, None) => word.parse().ok().map(|value: f32| Const::F32(value.to_bits())),
            (Type::F64, Some(bits)) => u64::from_str_radix(bits, 16).ok().map(Const::F64),
            (Type::F64, None) => word.parse().ok().map(Const::f64),
            (Type::V128, Some(bits)) => u128::from_str_radix(bits, 16).ok().map(Const::V128),
            (Type::V128, None) => None,
        };
        constant.ok_or_else(|| self.error(&format!("`{word}` is no {ty}")))
    }

    fn operands<const N: usize>(&mut self, function: &mut Function) -> Result<[Id<Value>; N], String> {
        let mut operands = [Id::new(0); N];
        for (at, operand) in operands.iter_mut().enumerate() {
            if at > 0 {
                self.expect(",")?;
            }
            *operand = self.value(function)?;
        }
        Ok(operands)
    }

    fn args(&mut self, function: &mut Function) -> Result<Vec<Id<Value>>, String> {
        let mut args = Vec::new();
        if self.take("(") {
            while !self.take(")") {
                args.push(self.value(function)?);
                self.take(",");
            }
        }
        Ok(args)
    }

    fn unwind(&mut self, function: &mut Function) -> Result<Option<Unwind>, String> {
        if !self.take("unwind") {
            return Ok(None);
        }
        let BlockCall { block, args } = self.block_call(function)?;
        Ok(Some(Unwind { block, args }))
    }

    fn block_call(&mut self, function: &mut Function) -> Result<BlockCall, String> {
        Ok(BlockCall { block: self.block(function)?, args: self.args(function)? })
    }

    fn place(&mut self, function: &mut Function) -> Result<(Id<Value>, u32), String> {
        let address = self.value(function)?;
        let offset =
            if self.take("+") { self.next()?.parse().map_err(|_| self.error("an offset is a number"))? } else { 0 };
        Ok((address, offset))
    }

    fn params(&mut self, function: &mut Function) -> Result<Vec<Id<Value>>, String> {
        let mut params = Vec::new();
        self.expect("(")?;
        while !self.take(")") {
            let (value, ty) = self.defined(function)?;
            function.values[value].ty = ty.ok_or_else(|| self.error("a parameter has a type"))?;
            params.push(value);
            self.take(",");
        }
        Ok(params)
    }

    /// `v4`, `v4 total`, `v4: i64` or `v4 total: i64`.
    fn defined(&mut self, function: &mut Function) -> Result<(Id<Value>, Option<Type>), String> {
        let value = self.value(function)?;
        if !matches!(self.peek(), ":" | "," | "=" | ")") {
            let name = self.next()?;
            function.values[value].name = Some(name.into());
        }
        let ty = if self.take(":") { Some(self.ty()?) } else { None };
        Ok((value, ty))
    }

    fn value(&mut self, function: &mut Function) -> Result<Id<Value>, String> {
        let index = self.number('v')?;
        while function.values.len() <= index {
            function.value(Type::I32);
        }
        Ok(Id::new(index))
    }

    fn block(&mut self, function: &mut Function) -> Result<Id<Block>, String> {
        let index = self.number('b')?;
        while function.blocks.len() <= index {
            function.blocks.push(Block::default());
        }
        Ok(Id::new(index))
    }

    fn number(&mut self, letter: char) -> Result<usize, String> {
        let word = self.next()?;
        let number = word.strip_prefix(letter).and_then(|digits| digits.parse().ok());
        // The limit keeps a typing error in a test from asking for gigabytes.
        let number = number.filter(|number| *number < 1_000_000);
        number.ok_or_else(|| self.error(&format!("`{word}` is no {letter} with a number")))
    }

    fn types(&mut self) -> Result<Vec<Type>, String> {
        let mut types = vec![self.ty()?];
        while self.take(",") {
            types.push(self.ty()?);
        }
        Ok(types)
    }

    fn ty(&mut self) -> Result<Type, String> {
        let word = self.next()?;
        let ty = Type::ALL.into_iter().find(|ty| ty.name() == word);
        ty.ok_or_else(|| self.error(&format!("`{word}` is no type")))
    }

    fn function(&mut self) -> Result<Id<Function>, String> {
        let name = self.next()?;
        self.names.get(&name).copied().ok_or_else(|| self.error(&format!("there is no function `{name}`")))
    }

    fn import(&mut self) -> Result<Id<Import>, String> {
        let name = self.next()?;
        let found =
            self.module.imports.iter().find(|(_, import)| name == format!("@{}.{}", import.module, import.name));
        found.map(|(id, _)| id).ok_or_else(|| self.error(&format!("there is no import `{name}`")))
    }

    fn global(&mut self) -> Result<Id<Global>, String> {
        let name = self.next()?;
        let found = self.module.globals.iter().find(|(_, global)| name == format!("${}", global.name));
        found.map(|(id, _)| id).ok_or_else(|| self.error(&format!("there is no global `{name}`")))
    }

    fn at_end(&self) -> bool {
        self.at == self.tokens.len()
    }

    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", |token| &token.text)
    }

    fn next(&mut self) -> Result<String, String> {
        let token = self.tokens.get(self.at).ok_or("the text ends too early")?;
        self.at += 1;
        Ok(token.text.clone())
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.peek() == text;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.take(text) { Ok(()) } else { Err(self.error(&format!("`{text}` expected, not `{}`", self.peek()))) }
    }

    fn span(&self, at: usize) -> Span {
        self.tokens.get(at).map_or(Span::default(), |token| token.span)
    }

    fn error(&self, message: &str) -> String {
        let at = self.span(self.at.saturating_sub(1)).start as usize;
        let line = self.text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1;
        format!("line {line}: {message}")
    }
}

fn is_value(word: &str) -> bool {
    word.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// The name of a function without its sigil and without the number that tells it from others of the same name.
fn plain_name(token: &str) -> Result<String, String> {
    let name = token.strip_prefix('@').ok_or_else(|| format!("a function's name is @name, not `{token}`"))?;
    Ok(name.split_once('#').map_or(name, |(name, _)| name).to_owned())
}

/// Undoes `escape_ascii`.
fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'x') => {
                let digits = [rest.next().unwrap_or(b'?'), rest.next().unwrap_or(b'?')];
                let digits = std::str::from_utf8(&digits).unwrap_or_default();
                u8::from_str_radix(digits, 16).map_err(|_| "\\x takes two hexadecimal digits")?
            }
            Some(other) => other,
            None => return Err("a string ends in a backslash".into()),
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn printing_what_was_parsed_gives_the_text_again() {
        let text = r##"import @kukri.write(i32, i32, i32)
import @kukri.time() -> f64
global $top = i32 1024
data "a\x00\\b"
export "main" = @main

function @main(v0 xs: i32, v1: i64) -> i64, f64 {
b0:
  v2 = i64 -5
  v3 = f64 -0.0
  v4 = f64 0x7ff8000000000001
  jump b1(v2, v3)
b1(v5 i: i64, v6 total: f64):
  v7 = i64.lt_s v5, v1
  branch v7, b2, b3(v6)
b2:
  v8 = i32.load8_u v0+16
  i32.store16 v0, v8
  guard v8, @"raise it"(v8) unwind b4(v6)
  v9: i32, v10 x: i64 = call @pair(v8) unwind b4(v6)
  v11: f64 = select v8, v3, v6
  v12: i32 = global.get $top
  global.set $top, v12
  call import @kukri.write(v8, v8, v8)
  retain v0
  release v0, @"raise it"#2
  v13 = memory.size
  memory.copy v0, v0, v8
  switch v9, [b1(v5, v11), b3(v6)], b5
b4(v14: i32, v15: f64):
  throw v14
b5:
  unreachable
b3(v16: f64):
  return v5, v16
}

inline function @"raise it"(v0: i32) -> i32 {
b0:
  return v0
}

function @"raise it"#2(v0: i32) {
b0:
  return
}

function @pair(v0: i32) -> i32, i64 {
b0:
  v1 = i64.extend_i32_s v0
  return v0, v1
}
"##;
        let module = parse(text).expect("the text is right");
        assert_eq!(module.to_string(), text);
    }

    #[test]
    fn an_error_names_its_line() {
        let text = "function @f() {\nb0:\n  v1 = i64.plus v0, v0\n  return\n}\n";
        assert_eq!(parse(text).expect_err("there is no i64.plus"), "line 3: `i64.plus` is no instruction");
    }
}
