//! Whole arrays computed element by element. In: operands, of which one at least is an array, and a function of the
//! library for their elements. Out: `ExprKind::Elementwise`, an array whose elements are still to be computed, until
//! something wants the array: then a call of the library that runs one loop for the whole expression.
//!
//! The shapes are tested where Python does it, operation by operation; only the elements come later. So an operand may
//! join the loop as long as nothing after it writes to arrays.

use super::Key;
use super::expression::absorbs;
use super::function::Body;
use super::hir::{self, Expr, ExprKind, Stmt, StmtKind};
use super::operator::dtype_of;
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::syntax::ast::{self, FunctionId};
use crate::types::{Dtype, Rules, Type};
use std::sync::Arc;

/// A loop has at most so many operands: each takes registers.
const MOST_OPERANDS: usize = 12;
/// A loop has at most so many operations.
const MOST_OPERATIONS: usize = 40;

/// An array whose elements are still to be computed.
#[derive(Debug, Clone)]
pub struct Elementwise {
    /// What is to be done before: the operands, and the tests of their shapes.
    pub setup: Vec<Stmt>,
    /// Arrays and what stays the same for all elements; constants and locals.
    pub operands: Vec<Expr>,
    /// The tuple of its lengths.
    pub shape: Expr,
    formula: Formula,
}

/// What is computed of one element of each operand.
#[derive(Debug, Clone)]
enum Formula {
    /// The operand at this place.
    Operand(usize),
    /// A function of the library.
    Apply(Arc<str>, Vec<Formula>),
}

impl Formula {
    /// The same of operands that are in other places.
    fn moved(self, places: &[usize]) -> Self {
        match self {
            Self::Operand(at) => Self::Operand(places[at]),
            Self::Apply(function, args) => {
                Self::Apply(function, args.into_iter().map(|arg| arg.moved(places)).collect())
            }
        }
    }

    fn operations(&self) -> usize {
        match self {
            Self::Operand(_) => 0,
            Self::Apply(_, args) => 1 + args.iter().map(Self::operations).sum::<usize>(),
        }
    }

    fn expression(&self, span: Span) -> ast::Expr {
        let name = |text: Arc<str>| ast::Expr { kind: ast::ExprKind::Name(text), span };
        match self {
            Self::Operand(at) => name(parameter(*at)),
            Self::Apply(function, args) => {
                let function = Box::new(name(function.clone()));
                let args = args.iter().map(|arg| arg.expression(span)).collect();
                ast::Expr { kind: ast::ExprKind::Call { function, args, keywords: Vec::new() }, span }
            }
        }
    }
}

/// The parameter of a formula's function for the operand at this place.
fn parameter(at: usize) -> Arc<str> {
    format!("x{at}").into()
}

/// Operands of one operation.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    setup: Vec<Stmt>,
    operands: Vec<Expr>,
    /// Of each operand of the operation: what it computes, the type of its elements, and its shape if it is an array.
    parts: Vec<(Formula, Type, Option<Expr>)>,
}

impl Gathered {
    /// The place of an operand; one that is there already has one.
    fn place(&mut self, operand: Expr) -> usize {
        let known = |known: &Expr| match (&known.kind, &operand.kind) {
            (ExprKind::Local(known), ExprKind::Local(local)) => known == local,
            _ => false,
        };
        self.operands.iter().position(known).unwrap_or_else(|| {
            self.operands.push(operand);
            self.operands.len() - 1
        })
    }
}

impl super::Inferer<'_> {
    /// The function of the elements of `count` operands that a formula stands for.
    fn formula_function(&mut self, formula: &Formula, count: usize) -> FunctionId {
        let name = format!("{count} {formula:?}");
        if let Some(known) = self.formulas.get(&name) {
            return *known;
        }
        let Some(driver) = self.prelude.function("elements_array", self.tree) else {
            unreachable!("the prelude has the loops over elements")
        };
        // It is one of the library's own.
        let span = self.tree.functions[driver].span;
        let param = |at| ast::Param {
            name: ast::Ident { text: parameter(at), span },
            kind: ast::ParamKind::Normal,
            annotation: None,
            default: None,
        };
        let value = formula.expression(span);
        let function = self.tree.functions.push(Arc::new(ast::Function {
            name: ast::Ident { text: "elements".into(), span },
            decorators: vec![ast::Expr { kind: ast::ExprKind::Name("inline".into()), span }],
            params: (0..count).map(param).collect(),
            returns: None,
            body: vec![ast::Stmt { kind: ast::StmtKind::Return(Some(value)), span }],
            is_lambda: true,
            span,
        }));
        self.formulas.insert(name, function);
        function
    }
}

impl Body<'_, '_> {
    /// An operand of an operation on arrays: an expression whose elements may still be to be computed.
    pub(super) fn operand(&mut self, expr: &ast::Expr) -> Expr {
        self.expr_with(expr, None)
    }

    /// Keeps a value; of what is still to be computed, the operands.
    pub(super) fn keep_operand(&mut self, value: Expr, out: &mut Vec<Stmt>) -> Expr {
        match value.kind {
            ExprKind::Elementwise(mut inner) => {
                out.append(&mut inner.setup);
                Expr { kind: ExprKind::Elementwise(inner), ..value }
            }
            kind => self.keep(Expr { kind, ..value }, out),
        }
    }

    /// The value itself, where its elements are still to be computed.
    pub(super) fn made(&mut self, value: Expr) -> Expr {
        let ExprKind::Elementwise(elementwise) = value.kind else { return value };
        let (ty, span) = (value.ty, value.span);
        let Type::Array { dtype, .. } = ty else { unreachable!("elementwise() makes arrays") };
        let dtype = self.dtype_value(dtype, span);
        self.elements_call(
            "elements_array",
            |function, shape, operands| vec![function, dtype, shape, operands],
            *elementwise,
            span,
        )
    }

    /// The same of arguments.
    pub(super) fn all_made(&mut self, mut args: super::call::Args) -> super::call::Args {
        args.positional = args.positional.into_iter().map(|arg| self.made(arg)).collect();
        args
    }

    /// A reduction of what is still to be computed, if the library has one that needs no array for it.
    pub(super) fn reduced_elements(&mut self, name: &str, value: Expr, span: Span) -> Result<Expr, Expr> {
        let name = format!("elements_{name}");
        match (value.kind, &value.ty) {
            (ExprKind::Elementwise(elementwise), Type::Array { dtype, .. }) if self.inferer.prelude.defines(&name) => {
                let dtype = self.dtype_value(*dtype, span);
                let args = |function, shape, operands| vec![function, dtype, shape, operands];
                Ok(self.elements_call(&name, args, *elementwise, span))
            }
            (kind, _) => Err(Expr { kind, ..value }),
        }
    }

    /// `view[…] = value` of what is still to be computed. Its setup has been done.
    pub(super) fn put_elements(&mut self, view: Expr, value: Elementwise, span: Span) -> Expr {
        self.elements_call(
            "elements_put",
            |function, shape, operands| vec![view, function, shape, operands],
            value,
            span,
        )
    }

    /// `left op= right` of an array, where `function` is of elements of both.
    pub(super) fn update_elements(&mut self, function: &str, left: Expr, right: Expr, span: Span) -> Expr {
        if absorbs(&right.ty) {
            return right;
        }
        let given = [self.unify.resolve(&left.ty), self.unify.resolve(&right.ty)];
        let mut gathered = self.gathered(vec![left, right]);
        let Some(element) = self.element_type(function, &gathered, &given, span) else { return Expr::poison(span) };
        if let (Type::Array { dtype, .. }, Some(found)) = (&given[0], dtype_of(&element))
            && self.rules() == Rules::Python
            && kind(found) > kind(*dtype)
        {
            let (dtype, found) = (dtype.name(), found.name());
            let text = format!("the result is `{found}`, which does not go into the elements of a `{}`", given[0]);
            let error = Diagnostic::new(Code::TypeMismatch, span, text);
            let words = format!("make a new array, or convert first: `….astype(np.{dtype})`");
            return self.error(error.help(words));
        }
        let none = self.tuple(Vec::new(), span);
        let shape = gathered.parts[1].2.take().unwrap_or(none);
        let parts: Vec<_> = gathered.parts.into_iter().map(|(formula, ..)| formula).collect();
        let Formula::Operand(target) = parts[0] else { unreachable!("the target is an array that is there") };
        let target = gathered.operands[target].clone();
        let formula = Formula::Apply(function.into(), parts);
        let elementwise = Elementwise { setup: gathered.setup, operands: gathered.operands, shape, formula };
        let args = |function, shape, operands| vec![target, function, shape, operands];
        self.elements_call("elements_update", args, elementwise, span)
    }

    /// `function` of the elements of operands, of which one at least is an array.
    pub(super) fn elementwise(&mut self, function: &str, operands: Vec<Expr>, span: Span) -> Expr {
        if let Some(bad) = operands.iter().find(|operand| absorbs(&operand.ty)) {
            return bad.clone();
        }
        let given: Vec<_> = operands.iter().map(|operand| self.unify.resolve(&operand.ty)).collect();
        let mut gathered = self.gathered(operands);
        let Some(element) = self.element_type(function, &gathered, &given, span) else { return Expr::poison(span) };
        let Some(dtype) = dtype_of(&element) else { return Expr::poison(span) };
        let mut shapes = Vec::new();
        let mut parts = Vec::new();
        for (formula, _, shape) in std::mem::take(&mut gathered.parts) {
            parts.push(formula);
            shapes.extend(shape);
        }
        let Gathered { mut setup, operands, .. } = gathered;
        let shape = self.common_shape(shapes, &mut setup, span);
        let Type::Tuple(lengths) = &shape.ty else { return Expr::poison(span) };
        let ty = Type::array(dtype, lengths.len() as u8);
        let formula = Formula::Apply(function.into(), parts);
        // Elements are NumPy's numbers.
        let formula = match element {
            Type::Scalar(_) => formula,
            _ => Formula::Apply("numpy_number".into(), vec![formula]),
        };
        let elementwise = Elementwise { setup, operands, shape, formula };
        let value = Expr::new(ExprKind::Elementwise(Box::new(elementwise)), ty, span);
        // What may raise does so in its place.
        if dtype.is_integer() && matches!(function, "scalar_pow" | "ufunc_power") { self.made(value) } else { value }
    }

    /// The shape of all operands together.
    fn common_shape(&mut self, shapes: Vec<Expr>, setup: &mut Vec<Stmt>, span: Span) -> Expr {
        let mut shapes = shapes.into_iter();
        let Some(mut common) = shapes.next() else { unreachable!("one operand at least is an array") };
        for shape in shapes {
            if same_shape(&common, &shape) {
                continue;
            }
            let both = self.library_call("broadcast_shape", vec![common, shape], span);
            common = self.keep(both, setup);
        }
        common
    }

    /// Takes operands into one expression, each evaluated in its turn.
    fn gathered(&mut self, operands: Vec<Expr>) -> Gathered {
        let size = |operand: &Expr| match &operand.kind {
            ExprKind::Elementwise(inner) => (inner.operands.len(), inner.formula.operations()),
            _ => (1, 0),
        };
        let (count, operations) = operands.iter().map(size).fold((0, 1), |(a, b), (c, d)| (a + c, b + d));
        let joins = count <= MOST_OPERANDS && operations <= MOST_OPERATIONS;
        let quiet: Vec<_> = operands.iter().map(|operand| self.is_quiet(operand)).collect();
        let mut gathered = Gathered::default();
        for (at, operand) in operands.into_iter().enumerate() {
            let stays = quiet[at + 1..].iter().all(|quiet| *quiet);
            let operand = if joins && stays { operand } else { self.made(operand) };
            if let ExprKind::Elementwise(inner) = operand.kind {
                let Type::Array { dtype, .. } = operand.ty else { unreachable!("elementwise() makes arrays") };
                gathered.setup.extend(inner.setup);
                let places: Vec<_> = inner.operands.into_iter().map(|operand| gathered.place(operand)).collect();
                gathered.parts.push((inner.formula.moved(&places), Type::Scalar(dtype), Some(inner.shape)));
                continue;
            }
            let is_local = matches!(operand.kind, ExprKind::Local(_));
            let operand = if is_local && stays { operand } else { self.keep(operand, &mut gathered.setup) };
            let (element, shape) = match operand.ty {
                Type::Array { dtype, ndim, .. } => {
                    (Type::Scalar(dtype), Some(self.shape(operand.clone(), Intrinsic::ArrayShape, ndim)))
                }
                ref ty => (self.unify.resolve(ty), None),
            };
            let place = gathered.place(operand);
            gathered.parts.push((Formula::Operand(place), element, shape));
        }
        gathered
    }

    /// The type of `function` of the elements.
    fn element_type(&mut self, function: &str, gathered: &Gathered, given: &[Type], span: Span) -> Option<Type> {
        let Some(id) = self.inferer.prelude.function(function, self.inferer.tree) else {
            unreachable!("functions of elements are the prelude's")
        };
        let node = self.inferer.tree.functions[id].clone();
        // What is no number is an error of the function's; it may still be open what it holds.
        let params = gathered.parts.iter().map(|(_, ty, _)| super::function::close(&self.unify.resolve(ty))).collect();
        let key = Key { function: id, params, rules: self.callee_rules(id) };
        let (_, returns) = self.inferer.infer_instance(&key, None);
        self.report_library_errors(&key, &node, given, span);
        (!absorbs(&returns)).then_some(returns)
    }

    /// Calls a loop of the library: `args` puts the formula's function, the shape and the operands in order.
    fn elements_call(
        &mut self,
        name: &str,
        args: impl FnOnce(Expr, Expr, Expr) -> Vec<Expr>,
        elementwise: Elementwise,
        span: Span,
    ) -> Expr {
        let Elementwise { setup, operands, shape, formula } = elementwise;
        let function = self.inferer.formula_function(&formula, operands.len());
        let function = self.function_value(function, span);
        let operands = self.tuple(operands, span);
        let value = self.library_call(name, args(function, shape, operands), span);
        if setup.is_empty() {
            return value;
        }
        let ty = value.ty.clone();
        Expr::new(ExprKind::Block(setup, Box::new(value)), ty, span)
    }

    /// Whether an expression writes to nothing that was there before: no elements, and no variables with names.
    fn is_quiet(&self, expr: &Expr) -> bool {
        let functions = &self.inferer.program.functions;
        let mut quiet = true;
        expr.for_each(&mut |part| {
            quiet &= match &part.kind {
                ExprKind::Call(function, args) => {
                    let calls_back = |arg: &Expr| matches!(arg.ty, Type::Function(..) | Type::Choice(_));
                    let changes = functions[*function].returns == Type::None;
                    functions[*function].prelude && !changes && !args.iter().any(calls_back)
                }
                ExprKind::CallHost(..) => false,
                ExprKind::Block(body, _) => body.iter().all(|stmt| self.is_quiet_statement(stmt)),
                ExprKind::Elementwise(inner) => inner.setup.iter().all(|stmt| self.is_quiet_statement(stmt)),
                _ => true,
            };
        });
        quiet
    }

    /// The same of a statement; the expressions in it are looked at besides.
    fn is_quiet_statement(&self, stmt: &Stmt) -> bool {
        let all = |body: &[Stmt]| body.iter().all(|stmt| self.is_quiet_statement(stmt));
        match &stmt.kind {
            StmtKind::Expr(_) | StmtKind::Break(_) | StmtKind::Raise(_) => true,
            StmtKind::Assign(local, _) | StmtKind::Unbind(local) => self.is_temporary(*local),
            StmtKind::If { then, otherwise, .. } => all(then) && all(otherwise),
            StmtKind::Loop { body, .. } | StmtKind::Block { body, .. } => all(body),
            StmtKind::AssignGlobal(..)
            | StmtKind::AssignElement { .. }
            | StmtKind::Return(_)
            | StmtKind::Try { .. }
            | StmtKind::Finally { .. } => false,
        }
    }

    fn is_temporary(&self, local: Id<hir::Local>) -> bool {
        self.hir.locals[local].name.is_empty()
    }
}

/// Whether evaluating the target of an assignment runs no code of the user's.
pub(super) fn is_plain(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Name(_) | ast::ExprKind::Int(_) | ast::ExprKind::None | ast::ExprKind::Ellipsis => true,
        ast::ExprKind::Unary { operand, .. } => is_plain(operand),
        ast::ExprKind::Binary { left, right, .. } => is_plain(left) && is_plain(right),
        ast::ExprKind::Subscript { value, index } => is_plain(value) && is_plain(index),
        ast::ExprKind::Tuple(items) => items.iter().all(is_plain),
        ast::ExprKind::Slice { lower, upper, step } => {
            [lower, upper, step].into_iter().flatten().all(|part| is_plain(part))
        }
        _ => false,
    }
}

/// NumPy's order of kinds: a result goes into elements of its own kind or a later one.
fn kind(dtype: Dtype) -> u8 {
    match dtype {
        Dtype::Bool => 0,
        Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::U64 => 1,
        Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64 => 2,
        Dtype::F32 | Dtype::F64 => 3,
        Dtype::C64 | Dtype::C128 => 4,
    }
}

/// Whether two shapes are the same array's.
fn same_shape(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Local(a), ExprKind::Local(b)) => a == b,
        (ExprKind::Intrinsic(Intrinsic::ArrayShape, a), ExprKind::Intrinsic(Intrinsic::ArrayShape, b)) => {
            matches!((&a[0].kind, &b[0].kind), (ExprKind::Local(a), ExprKind::Local(b)) if a == b)
        }
        _ => false,
    }
}
