//! The syntax tree: the Python that Kukri supports, and nothing else. In: nothing. Out: the types of the tree.
//!
//! What is not supported cannot be expressed here, so `convert` reports it once and every later `match` is
//! exhaustive. Spans are addresses in [`crate::source::Sources`].

#![expect(missing_docs, reason = "fields of variants are named after the Python grammar")]

use crate::arena::{Arena, Id};
use crate::source::Span;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Every function that was parsed so far, user's and prelude's. Functions are shared (`Arc`), because inference
/// visits one once an instance while the prelude goes on growing the tree.
#[derive(Debug, Default)]
pub struct Tree {
    /// Functions and lambdas.
    pub functions: Arena<Arc<Function>>,
}

/// A function's identity: its place in [`Tree::functions`].
pub type FunctionId = Id<Arc<Function>>;

/// One file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Module {
    /// Its statements. (A docstring is an expression statement, as in Python.)
    pub body: Vec<Stmt>,
    /// The whole file.
    pub span: Span,
}

/// A name where it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ident {
    /// The name.
    #[serde(with = "crate::shared")]
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

/// A `def`, or a lambda.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Function {
    /// Its name; `<lambda>` for a lambda.
    pub name: Ident,
    /// Decorators, outermost first.
    pub decorators: Vec<Expr>,
    /// Parameters in order.
    pub params: Vec<Param>,
    /// The annotation after `->`.
    pub returns: Option<Expr>,
    /// The body; a lambda's is one `return`.
    pub body: Vec<Stmt>,
    /// Whether the body holds a `yield` of its own (none is supported yet outside generator expressions).
    pub is_lambda: bool,
    /// From `def` (or `lambda`) to the end of the body.
    pub span: Span,
}

/// How a parameter takes its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParamKind {
    /// Before `/`.
    PositionalOnly,
    /// The ordinary kind.
    Normal,
    /// `*args`.
    VarArgs,
    /// After `*`.
    KeywordOnly,
    /// `**kwargs`.
    KwArgs,
}

/// One parameter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Param {
    /// Its name.
    pub name: Ident,
    /// How it takes arguments.
    pub kind: ParamKind,
    /// `name: annotation`.
    pub annotation: Option<Expr>,
    /// `name=default`.
    pub default: Option<Expr>,
}

/// A statement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Where, with its body.
    pub span: Span,
}

/// What a statement is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum StmtKind {
    /// `def` with decorators.
    Function(FunctionId),
    /// An expression for its effect.
    Expr(Expr),
    /// `a = b = value`: targets from left to right.
    Assign { targets: Vec<Expr>, value: Expr },
    /// `target op= value`.
    AugAssign { target: Expr, op: BinaryOp, value: Expr },
    /// `target: annotation = value`.
    AnnAssign { target: Expr, annotation: Expr, value: Option<Expr> },
    /// `if`, with `elif` as an `if` inside `orelse`.
    If { test: Expr, body: Vec<Stmt>, orelse: Vec<Stmt> },
    /// `while … else`.
    While { test: Expr, body: Vec<Stmt>, orelse: Vec<Stmt> },
    /// `for … else`.
    For { target: Expr, iter: Expr, body: Vec<Stmt>, orelse: Vec<Stmt> },
    /// `match`.
    Match { subject: Expr, cases: Vec<Case> },
    /// `try`.
    Try { body: Vec<Stmt>, handlers: Vec<Handler>, orelse: Vec<Stmt>, finalbody: Vec<Stmt> },
    /// `return`.
    Return(Option<Expr>),
    /// `raise exception from cause`.
    Raise { exception: Option<Expr>, cause: Option<Expr> },
    /// `assert test, message`.
    Assert { test: Expr, message: Option<Expr> },
    /// `del a, b[i]`: each target a name, subscript or attribute.
    Delete(Vec<Expr>),
    /// `global a, b`.
    Global(Vec<Ident>),
    /// `nonlocal a, b`.
    Nonlocal(Vec<Ident>),
    /// `import a.b as c`.
    Import(Vec<Alias>),
    /// `from module import a as b`; `level` counts the leading dots.
    ImportFrom { module: Option<Ident>, names: Vec<Alias>, level: u32 },
    /// `class Name(bases): pass` whose bases are exceptions: all that is supported of classes yet.
    ExceptionClass { name: Ident, bases: Vec<Expr> },
    /// `pass`.
    Pass,
    /// `break`.
    Break,
    /// `continue`.
    Continue,
}

/// One `name as alias` of an import; the name may be dotted (`import a.b`) or `*`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Alias {
    /// What is imported.
    pub name: Ident,
    /// The name it gets.
    pub alias: Option<Ident>,
}

/// One `except` clause.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Handler {
    /// The exception or tuple of exceptions; none for a bare `except:`.
    pub class: Option<Expr>,
    /// `as name`.
    pub name: Option<Ident>,
    /// What it does.
    pub body: Vec<Stmt>,
    /// Where.
    pub span: Span,
}

/// One `case` of a `match`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Case {
    /// The pattern.
    pub pattern: Pattern,
    /// `if guard`.
    pub guard: Option<Expr>,
    /// What it does.
    pub body: Vec<Stmt>,
}

/// A pattern of a `case`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pattern {
    /// What it is.
    pub kind: PatternKind,
    /// Where.
    pub span: Span,
}

/// What a pattern is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum PatternKind {
    /// `_`.
    Wildcard,
    /// A literal or dotted name, compared by `==`.
    Value(Expr),
    /// `None`, `True` or `False`, compared by `is`.
    Singleton(Expr),
    /// `pattern as name`, or a bare name.
    Capture { pattern: Option<Box<Pattern>>, name: Ident },
    /// `a | b`.
    Or(Vec<Pattern>),
    /// `[a, *b, c]` or `(a, b)`.
    Sequence(Vec<Pattern>),
    /// `*name` or `*_` inside a sequence.
    Star(Option<Ident>),
    /// `int()`, `str()`, `float()`, `bool()`: a class pattern without or with one sub-pattern.
    Class { class: Expr, patterns: Vec<Pattern> },
}

/// An expression.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ExprKind {
    /// A name.
    Name(#[serde(with = "crate::shared")] Arc<str>),
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// An int literal. Larger ones are refused by `convert`; whether it fits is `infer`'s question.
    Int(u64),
    /// A float literal.
    Float(f64),
    /// `2j`.
    Imaginary(f64),
    /// A string literal, adjacent ones joined. Lone surrogates are refused by `convert`.
    Str(#[serde(with = "crate::shared")] Arc<str>),
    /// A bytes literal.
    Bytes(#[serde(with = "crate::shared")] Arc<[u8]>),
    /// `...`
    Ellipsis,
    /// An f-string.
    FString(Vec<FStringPart>),
    /// `[a, *b]`.
    List(Vec<Expr>),
    /// `(a, *b)`.
    Tuple(Vec<Expr>),
    /// `{a, *b}`.
    Set(Vec<Expr>),
    /// `{k: v}`; a `None` key is `**v`.
    Dict(Vec<(Option<Expr>, Expr)>),
    /// `[x for …]`, `{x for …}`, `(x for …)`.
    Comprehension { kind: ComprehensionKind, element: Box<Expr>, clauses: Vec<Clause> },
    /// `{k: v for …}`.
    DictComprehension { key: Box<Expr>, value: Box<Expr>, clauses: Vec<Clause> },
    /// `-x`, `not x`.
    Unary { op: UnaryOp, operand: Box<Expr> },
    /// `a + b`.
    Binary { op: BinaryOp, left: Box<Expr>, right: Box<Expr> },
    /// `a and b and c`.
    And(Vec<Expr>),
    /// `a or b or c`.
    Or(Vec<Expr>),
    /// `a < b <= c`: each operator with the operand to its right.
    Compare { left: Box<Expr>, rest: Vec<(CompareOp, Expr)> },
    /// `body if test else orelse`.
    If { test: Box<Expr>, body: Box<Expr>, orelse: Box<Expr> },
    /// `function(args, keyword=…)`; an argument may be `Starred`; a keyword without a name is `**value`.
    Call { function: Box<Expr>, args: Vec<Expr>, keywords: Vec<Keyword> },
    /// `value.name`.
    Attribute { value: Box<Expr>, name: Ident },
    /// `value[index]`; several indices are a `Tuple`.
    Subscript { value: Box<Expr>, index: Box<Expr> },
    /// `a:b:c`, only inside a subscript.
    Slice { lower: Option<Box<Expr>>, upper: Option<Box<Expr>>, step: Option<Box<Expr>> },
    /// `*value`, only inside a call, a display or a target.
    Starred(Box<Expr>),
    /// `lambda`.
    Lambda(FunctionId),
    /// `name := value`.
    Walrus { name: Ident, value: Box<Expr> },
}

/// `name=value` in a call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Keyword {
    /// None for `**value`.
    pub name: Option<Ident>,
    /// The value.
    pub value: Expr,
}

/// The bracket a comprehension stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComprehensionKind {
    /// `[…]`
    List,
    /// `{…}`
    Set,
    /// `(…)`
    Generator,
}

/// `for target in iter if condition …`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Clause {
    /// What each item is bound to.
    pub target: Expr,
    /// What is iterated over.
    pub iter: Expr,
    /// The conditions after it.
    pub conditions: Vec<Expr>,
}

/// A part of an f-string.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum FStringPart {
    /// Text, with `{{` already `{`.
    Text(#[serde(with = "crate::shared")] Arc<str>),
    /// `{value!conversion:spec}`. `{x=}` arrives as the text `x=` and the value with `Repr` (where no spec or
    /// conversion stands).
    Value { value: Box<Expr>, conversion: Conversion, spec: Vec<FStringPart> },
}

/// `!s`, `!r`, `!a` of an f-string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Conversion {
    /// None: `format(value, spec)`.
    None,
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

/// Unary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `+`
    Pos,
    /// `~`
    Invert,
    /// `not`
    Not,
}

/// Binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`
    Mod,
    /// `**`
    Pow,
    /// `@`
    MatMul,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `in`
    In,
    /// `not in`
    NotIn,
}
