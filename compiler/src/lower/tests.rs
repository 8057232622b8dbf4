//! Small typed trees through `lower`, verified, and a few compared as text.

mod counting;

use crate::arena::{Arena, Id};
use crate::infer::hir::{Expr, ExprKind, Function, Items, Label, Local, Program, Stmt, StmtKind};
use crate::prelude::intrinsics::Intrinsic;
use crate::source::Span;
use crate::ssa::{self, Module, print, verify};
use crate::types::{Rules, Sums, Type};
use std::sync::Arc;

const HERE: Span = Span { start: 0, end: 1 };

/// A function under construction.
struct Def(Function);

impl Def {
    fn new(name: &str, returns: Type) -> Self {
        Self(Function {
            name: name.to_owned(),
            prelude: false,
            inline: false,
            hot: false,
            rare: false,
            sums: Sums::InOrder,
            rules: Rules::Python,
            params: Vec::new(),
            locals: Arena::default(),
            returns,
            body: Vec::new(),
            span: HERE,
        })
    }

    fn library(name: &str, returns: Type) -> Self {
        let mut def = Self::new(name, returns);
        def.0.prelude = true;
        def
    }

    fn local(&mut self, name: &str, ty: Type) -> Id<Local> {
        self.0.locals.push(Local { name: name.into(), ty })
    }

    fn param(&mut self, name: &str, ty: Type) -> Id<Local> {
        let local = self.local(name, ty);
        self.0.params.push(local);
        local
    }

    fn read(&self, local: Id<Local>) -> Expr {
        Expr::local(local, self.0.locals[local].ty.clone(), HERE)
    }

    fn body(mut self, body: Vec<Stmt>) -> Function {
        self.0.body = body;
        self.0
    }
}

fn stmt(kind: StmtKind) -> Stmt {
    Stmt { kind, span: HERE }
}

fn assign(local: Id<Local>, value: Expr) -> Stmt {
    stmt(StmtKind::Assign(local, value))
}

fn returns(value: Expr) -> Stmt {
    stmt(StmtKind::Return(value))
}

fn intrinsic(intrinsic: Intrinsic, args: Vec<Expr>, ty: Type) -> Expr {
    Expr::new(ExprKind::Intrinsic(intrinsic, args), ty, HERE)
}

fn call(callee: Id<Function>, args: Vec<Expr>, ty: Type) -> Expr {
    Expr::new(ExprKind::Call(callee, args), ty, HERE)
}

fn less(a: Expr, b: Expr) -> Expr {
    intrinsic(Intrinsic::Binary(ssa::Binary::I64LtS), vec![a, b], Type::Bool)
}

fn put(program: &mut Program, function: Function) -> Id<Function> {
    let id = program.functions.push(Arc::new(function));
    program.order.push(id);
    id
}

/// A program with the items that `lower` calls of itself, as functions that do nothing.
fn program() -> Program {
    let mut program = Program::default();
    let mut item = |name: &str, params: &[Type], returns: Type| {
        let mut def = Def::library(name, returns.clone());
        params.iter().for_each(|ty| {
            def.param("x", ty.clone());
        });
        let body = match returns {
            Type::None => Vec::new(),
            ty => vec![self::returns(intrinsic(Intrinsic::Unreachable, Vec::new(), ty))],
        };
        put(&mut program, def.body(body))
    };
    let items = Items {
        allocate: item("allocate", &[Type::Int], Type::Ptr),
        list_new: item("list_new", &[Type::Int, Type::Int], Type::Ptr),
        overflow_error: item("overflow_error", &[], Type::Exception),
        index_error_array: item("index_error_array", &[Type::Int, Type::Int, Type::Int], Type::Exception),
        unbound_local_error: item("unbound_local_error", &[Type::Str], Type::Exception),
        name_error: item("name_error", &[Type::Str], Type::Exception),
        recursion_error: item("recursion_error", &[], Type::Exception),
        traceback_add: item("traceback_add", &[Type::Exception, Type::Int], Type::None),
        exception_set_context: item("exception_set_context", &[Type::Exception, Type::Exception], Type::None),
        mul_overflows: item("mul_overflows", &[Type::Int, Type::Int], Type::Bool),
        retain: item("retain", &[Type::Ptr], Type::None),
        release: item("release", &[Type::Ptr], Type::Bool),
        free: item("free", &[Type::Ptr], Type::None),
    };
    program.items = Some(items);
    program
}

/// A user function `name(params) -> returns` whose body does not matter.
fn opaque(program: &mut Program, name: &str, params: &[Type], returns: Type) -> Id<Function> {
    let mut def = Def::library(name, returns.clone());
    params.iter().for_each(|ty| {
        def.param("x", ty.clone());
    });
    let result = intrinsic(Intrinsic::Unreachable, Vec::new(), returns);
    put(program, def.body(vec![self::returns(result)]))
}

fn lower(program: &Program) -> Module {
    let module = super::lower(program);
    if let Err(error) = verify::verify(&module) {
        panic!("{error}\n{module}");
    }
    module
}

/// Compares the text of one function, but for indentation.
fn expect(program: &Program, id: Id<Function>, expected: &str) {
    let module = lower(program);
    let text = print::function(&module, Id::new(id.index())).to_string();
    let lines = |text: &str| text.trim().lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&text), lines(expected), "{text}");
}

#[test]
fn a_loop_has_a_parameter_for_each_variable_that_changes_in_it() {
    let mut program = program();
    let mut def = Def::new("total", Type::Int);
    let n = def.param("n", Type::Int);
    let i = def.local("i", Type::Int);
    let total = def.local("total", Type::Int);
    let label = Label(0);
    let add = |a, b| intrinsic(Intrinsic::CheckedAdd, vec![a, b], Type::Int);
    let body = vec![
        assign(i, Expr::int(0, HERE)),
        assign(total, Expr::int(0, HERE)),
        stmt(StmtKind::Loop {
            label,
            body: vec![
                stmt(StmtKind::If {
                    test: less(def.read(i), def.read(n)),
                    then: Vec::new(),
                    otherwise: vec![stmt(StmtKind::Break(label))],
                }),
                assign(total, add(def.read(total), def.read(i))),
                assign(
                    i,
                    intrinsic(Intrinsic::Binary(ssa::Binary::I64Add), vec![def.read(i), Expr::int(1, HERE)], Type::Int),
                ),
            ],
        }),
        returns(def.read(total)),
    ];
    let id = put(&mut program, def.body(body));
    expect(
        &program,
        id,
        r"
        function @total(v0 n: i64) -> i64 {
        b0:
            v1 i = i64 0
            v2 total = i64 0
            jump b1(v1, v2)
        b1(v3 i: i64, v6 total: i64):
            v5 = i64.lt_s v3, v0
            branch v5, b3, b4
        b3:
            jump b5
        b5:
            v7 total = i64.add v6, v3
            v8 = i64.add_overflows v6, v3
            v9 = i32.eqz v8
            v12 = i64 0
            guard v9, @overflow_error() unwind b6(v12)
            v13 = i64 1
            v14 i = i64.add v3, v13
            jump b1(v14, v7)
        b6(v10: i32, v11: i64):
            call @traceback_add(v10, v11)
            throw v10
        b4:
            jump b2
        b2:
            return v6
        }
        ",
    );
}

#[test]
fn exceptions_release_the_temporaries_that_live_where_they_are_raised() {
    let mut program = program();
    let concat = opaque(&mut program, "concat", &[Type::Str, Type::Str], Type::Str);
    let mut def = Def::new("greet", Type::Str);
    let name = def.param("name", Type::Str);
    let s = def.local("s", Type::Str);
    let join = |a, b| call(concat, vec![a, b], Type::Str);
    let body = vec![
        assign(s, join(join(Expr::str("a", HERE), def.read(name)), join(def.read(name), Expr::str("b", HERE)))),
        assign(s, join(def.read(s), def.read(s))),
        returns(def.read(s)),
    ];
    let id = put(&mut program, def.body(body));
    expect(
        &program,
        id,
        r"
        function @greet(v0 name: i32) -> i32 {
        b0:
            v15 s = i32 0
            v1 = i32 1024
            v4 = i64 0
            v5: i32 = call @concat(v1, v0) unwind b1(v4, v15)
            v6 = i32 1056
            v9 = i64 0
            v10: i32 = call @concat(v0, v6) unwind b2(v9)
            v13 = i64 0
            v14 s: i32 = call @concat(v5, v10) unwind b3(v13)
            release v10, @free
            release v5, @free
            v16 = i64 0
            v17 s: i32 = call @concat(v14, v14) unwind b1(v16, v14)
            release v14, @free
            jump b4
        b3(v11: i32, v12: i64):
            release v10, @free
            jump b2(v11, v12)
        b2(v7: i32, v8: i64):
            release v5, @free
            jump b1(v7, v8, v15)
        b1(v2: i32, v3: i64, v18 s: i32):
            call @traceback_add(v2, v3)
            release v18, @free
            throw v2
        b4:
            return v17
        }
        ",
    );
}

#[test]
fn a_finally_body_is_lowered_once_and_the_result_waits() {
    let mut program = program();
    let f = opaque(&mut program, "f", &[], Type::Str);
    let g = opaque(&mut program, "g", &[], Type::None);
    let def = Def::new("guarded", Type::Str);
    let body = vec![stmt(StmtKind::Finally {
        body: vec![returns(call(f, Vec::new(), Type::Str))],
        finally: vec![stmt(StmtKind::Expr(call(g, Vec::new(), Type::None)))],
    })];
    let id = put(&mut program, def.body(body));
    expect(
        &program,
        id,
        r"
        function @guarded() -> i32 {
        b0:
            v5 = i32 0
            v23 = i64 0
            v2 = i64 0
            v3: i32 = call @f() unwind b2(v2)
            v4 = i32 2
            jump b1(v4, v5, v23, v3)
        b2(v0: i32, v1: i64):
            v6 = i32 1
            jump b1(v6, v0, v1, v5)
        b1(v18: i32, v19: i32, v20: i64, v22: i32):
            v17 = i64 0
            call @g() unwind b5(v17)
            switch v18, [b8, b7], b8
        b5(v13: i32, v14: i64):
            v16: i32 = select v19, v19, v13
            call @exception_set_context(v13, v16)
            jump b4(v13, v14)
        b4(v9: i32, v10: i64):
            release v19, @free
            release v22, @free
            jump b3(v9, v10)
        b7:
            jump b3(v19, v20)
        b3(v7: i32, v8: i64):
            call @traceback_add(v7, v8)
            throw v7
        b8:
            return v22
        }
        ",
    );
}

#[test]
fn a_handler_adds_the_frame_and_passing_on_adds_no_other() {
    let mut program = program();
    let f = opaque(&mut program, "f", &[], Type::Str);
    let g = opaque(&mut program, "g", &[], Type::Bool);
    let mut def = Def::new("caught", Type::Str);
    let e = def.local("", Type::Exception);
    let body = vec![
        stmt(StmtKind::Try {
            body: vec![returns(call(f, Vec::new(), Type::Str))],
            exception: e,
            handler: vec![stmt(StmtKind::If {
                test: call(g, Vec::new(), Type::Bool),
                then: Vec::new(),
                otherwise: vec![stmt(StmtKind::Raise(def.read(e)))],
            })],
        }),
        returns(Expr::str("none", HERE)),
    ];
    let id = put(&mut program, def.body(body));
    expect(
        &program,
        id,
        r"
        function @caught() -> i32 {
        b0:
            v4 = i32 0
            v2 = i64 0
            v3: i32 = call @f() unwind b1(v2)
            jump b2(v4, v3)
        b1(v0: i32, v1: i64):
            call @traceback_add(v0, v1)
            v11 = i64 0
            v12: i32 = call @g() unwind b7(v11)
            branch v12, b4, b5
        b4:
            jump b8
        b8:
            jump b3
        b3:
            v14 = i32 1024
            retain v14
            jump b2(v0, v14)
        b5:
            retain v0
            v13 = i64 -1
            jump b7(v0, v13)
        b7(v7: i32, v8: i64):
            v10: i32 = select v0, v0, v7
            call @exception_set_context(v7, v10)
            jump b6(v7, v8)
        b6(v5: i32, v6: i64):
            v17 = i64 -1
            v18 = i64.ne v6, v17
            branch v18, b9, b10
        b9:
            call @traceback_add(v5, v6)
            jump b10
        b10:
            release v0, @free
            throw v5
        b2(v15: i32, v16: i32):
            release v15, @free
            return v16
        }
        ",
    );
}
