//! Writes a control-flow graph as nested blocks, loops and ifs.
//! In: a function and its dominator tree. Out: a Wasm function body.
//!
//! After Ramsey, "Beyond Relooper: Recursive Translation of Unstructured Control Flow to Structured Control Flow"
//! (ICFP 2022). A block that is entered from one place is written there. One that is entered from several is
//! written behind a Wasm `block` that ends where it begins, opened by the block that dominates it. A loop's header
//! opens a Wasm `loop` around all that it dominates. The recursion is a stack of tasks, as functions may be long.
//!
//! An exception arrives along an unwind edge in the middle of a block:
//!
//! ```text
//! v1 = call f(v0) unwind b2(v0)        block $after
//!                                        block $caught (result i32)
//!                                          try_table (result i32) (catch $exception $caught)
//!                                            (local.set $v1 (call $f (local.get $v0)))
//!                                            br $after
//!                                          end
//!                                        end
//!                                        …the parameters of b2, and the way to it
//!                                      end
//! ```

use super::inst::Writer;
use super::locals::moves;
use super::rare::Rare;
use super::stack::Home;
use crate::arena::{Id, IdMap};
use crate::ssa::dominators::Dominators;
use crate::ssa::{Block, BlockCall, Callee, Function, InstKind, Terminator, Unwind, Value};
use std::borrow::Cow;
use wasm_encoder::{BlockType, Catch, Instruction, ValType};

/// What is open around the place that is written.
#[derive(Clone, Copy, PartialEq)]
enum Frame {
    /// A Wasm `block` that ends where this block begins.
    Before(Id<Block>),
    /// A Wasm `loop` with this header.
    Loop(Id<Block>),
    /// An arm at the end of its block: what follows its `end` is what follows the block.
    Arm,
    /// Anything whose `end` is followed by something of its own.
    Inner,
}

/// What is left to do, the next on top.
enum Task<'a> {
    /// A block and all that it dominates.
    Tree(Id<Block>),
    /// The instructions of a block from the given one on, and its end.
    Body(Id<Block>, usize),
    /// The way from a block to another along an edge.
    Edge(Id<Block>, &'a BlockCall),
    /// Begins a frame.
    Open(Frame),
    /// Begins the other arm of the innermost frame.
    Else,
    /// Ends the innermost frame.
    Close,
}

/// Writes the body of `function` without its declaration of locals.
pub(super) struct Structure<'a> {
    writer: Writer<'a>,
    function: &'a Function,
    dominators: &'a Dominators,
    /// How many forward edges enter each block.
    entries: IdMap<Block, u32>,
    /// Whether a back edge enters it.
    headers: IdMap<Block, ()>,
    rare: Rare,
    /// The rare blocks that engines have been told of.
    hinted: IdMap<Block, ()>,
    frames: Vec<Frame>,
    tasks: Vec<Task<'a>>,
}

impl<'a> Structure<'a> {
    /// Ready to write.
    pub(super) fn new(writer: Writer<'a>, function: &'a Function, dominators: &'a Dominators) -> Self {
        let mut entries = IdMap::default();
        let mut headers = IdMap::default();
        for &block in dominators.order() {
            function.blocks[block].for_each_successor(|next| {
                if dominators.number(next) > dominators.number(block) {
                    let count = entries.get(next).copied().unwrap_or(0);
                    entries.insert(next, count + 1);
                } else {
                    headers.insert(next, ());
                }
            });
        }
        let rare = Rare::new(function, dominators.order());
        Self {
            writer,
            function,
            dominators,
            entries,
            headers,
            rare,
            hinted: IdMap::default(),
            frames: Vec::new(),
            tasks: Vec::new(),
        }
    }

    /// Writes all of it.
    pub(super) fn run(mut self) -> Writer<'a> {
        self.tasks.push(Task::Tree(self.function.entry));
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Tree(block) => self.tree(block),
                Task::Body(block, from) => self.body(block, from),
                Task::Edge(from, edge) => self.edge(from, edge),
                Task::Open(frame) => self.open(frame),
                Task::Else => self.writer.push(Instruction::Else),
                Task::Close => self.close(),
            }
        }
        if !self.function.results.is_empty() && !self.writer.code.is_ended() {
            // Both arms of a last `if` have left the function, which Wasm's validation does not see.
            self.writer.push(Instruction::Unreachable);
        }
        self.writer
    }

    fn open(&mut self, frame: Frame) {
        self.frames.push(frame);
        self.writer.push(match frame {
            Frame::Loop(_) => Instruction::Loop(BlockType::Empty),
            Frame::Before(_) | Frame::Arm | Frame::Inner => Instruction::Block(BlockType::Empty),
        });
    }

    /// Begins a frame that is entered if the condition on the stack holds.
    fn begin_if(&mut self, frame: Frame, expected: Option<bool>) {
        self.frames.push(frame);
        self.writer.code.push_branch(Instruction::If(BlockType::Empty), expected);
    }

    /// Begins a frame that is entered if `condition` is 0.
    fn begin_unless(&mut self, condition: Id<Value>, expected: Option<bool>) {
        if self.writer.compares_floats(condition) {
            self.writer.condition(condition);
            self.begin_if(Frame::Inner, expected.map(|taken| !taken));
            self.writer.push(Instruction::Else);
        } else {
            self.writer.inverted(condition);
            self.begin_if(Frame::Inner, expected);
        }
    }

    fn close(&mut self) {
        self.frames.pop();
        self.writer.push(Instruction::End);
    }

    fn is_join(&self, block: Id<Block>) -> bool {
        self.entries.get(block).is_some_and(|entries| *entries > 1)
    }

    fn tree(&mut self, block: Id<Block>) {
        let mut tasks = Vec::new();
        let is_header = self.headers.contains(block);
        if is_header {
            tasks.push(Task::Open(Frame::Loop(block)));
        }
        let mut joins: Vec<_> =
            self.dominators.children(block).iter().copied().filter(|child| self.is_join(*child)).collect();
        // The block that comes last in the order encloses all others, which may branch to it.
        crate::order::sort_by_key(&mut joins, |join| std::cmp::Reverse(self.dominators.number(*join)));
        tasks.extend(joins.iter().map(|join| Task::Open(Frame::Before(*join))));
        tasks.push(Task::Body(block, 0));
        tasks.extend(joins.iter().rev().flat_map(|join| [Task::Close, Task::Tree(*join)]));
        if is_header {
            tasks.push(Task::Close);
        }
        self.tasks.extend(tasks.into_iter().rev());
    }

    fn body(&mut self, id: Id<Block>, from: usize) {
        let function = self.function;
        let block = &function.blocks[id];
        for (at, inst) in block.insts.iter().enumerate().skip(from) {
            if self.writer.homes.is_folded(inst) {
                continue;
            }
            self.writer.code.mark(inst.span);
            match &inst.kind {
                InstKind::Guard { condition, raise, args, unwind } => {
                    self.begin_unless(*condition, Some(false));
                    self.writer.kind(&InstKind::Call {
                        callee: Callee::Function(*raise),
                        args: args.clone(),
                        unwind: None,
                    });
                    let Some(unwind) = unwind else {
                        self.writer.push(Instruction::Throw(0));
                        self.close();
                        continue;
                    };
                    self.tasks.extend([Task::Body(id, at + 1), Task::Close]);
                    self.unwind(id, unwind);
                    return;
                }
                InstKind::Exit { condition, to } => {
                    self.tasks.push(Task::Body(id, at + 1));
                    self.aside(id, (*condition, false), to, Some(false));
                    return;
                }
                InstKind::Call { unwind: Some(unwind), .. } => {
                    self.open(Frame::Inner);
                    self.writer.push(Instruction::Block(BlockType::Result(ValType::I32)));
                    let catch = Catch::One { tag: 0, label: 0 };
                    let result = BlockType::Result(ValType::I32);
                    self.writer.push(Instruction::TryTable(result, Cow::Owned(vec![catch])));
                    self.writer.kind(&inst.kind);
                    inst.results.iter().rev().for_each(|result| self.writer.set(*result));
                    self.writer.push(Instruction::Br(2));
                    self.writer.push(Instruction::End);
                    self.writer.push(Instruction::End);
                    self.tasks.extend([Task::Body(id, at + 1), Task::Close]);
                    self.unwind(id, unwind);
                    return;
                }
                InstKind::Const(_)
                | InstKind::Unary(..)
                | InstKind::Binary(..)
                | InstKind::Select { .. }
                | InstKind::Bitselect { .. }
                | InstKind::Shuffle { .. }
                | InstKind::Load { .. }
                | InstKind::Store { .. }
                | InstKind::GlobalGet(_)
                | InstKind::GlobalSet(..)
                | InstKind::Call { unwind: None, .. }
                | InstKind::Retain(_)
                | InstKind::Release { .. }
                | InstKind::MemorySize
                | InstKind::MemoryGrow(_)
                | InstKind::MemoryCopy { .. }
                | InstKind::MemoryFill { .. } => {
                    self.writer.kind(&inst.kind);
                    inst.results.iter().rev().for_each(|result| self.writer.set(*result));
                }
            }
        }
        self.terminator(id, &block.terminator);
    }

    fn terminator(&mut self, id: Id<Block>, terminator: &'a Terminator) {
        match terminator {
            Terminator::Jump(to) => self.edge(id, to),
            Terminator::Branch { condition, then, otherwise } => self.branch(id, *condition, then, otherwise),
            Terminator::Switch { index, targets, default } => self.switch(id, *index, targets, default),
            Terminator::Return(values) => {
                self.writer.values(values);
                self.writer.push(Instruction::Return);
            }
            Terminator::Throw(exception) => {
                self.writer.value(*exception);
                self.writer.push(Instruction::Throw(0));
            }
            Terminator::Unreachable => self.writer.push(Instruction::Unreachable),
        }
    }

    fn branch(&mut self, id: Id<Block>, condition: Id<Value>, then: &'a BlockCall, otherwise: &'a BlockCall) {
        let (then_label, other_label) = (self.label(id, then.block), self.label(id, otherwise.block));
        // An edge that only branches goes first, as `br_if` or a short `if`; the other just follows. So does one to a
        // block that leaves the function. Of two, the one that needs no branch at its end is left for last.
        let first = match (then_label, other_label) {
            (Some(_), Some(_)) if self.falls_to(id, then.block) => Some(false),
            (Some(_), _) => Some(true),
            (None, Some(_)) => Some(false),
            (None, None) if self.leaves(otherwise.block) => Some(false),
            (None, None) if self.leaves(then.block) => Some(true),
            (None, None) => None,
        };
        let (first, last) = match first {
            Some(true) => (then, otherwise),
            Some(false) => (otherwise, then),
            None => {
                self.writer.condition(condition);
                self.begin_if(Frame::Arm, self.rare.expects(then.block, otherwise.block));
                self.tasks.extend([Task::Close, Task::Edge(id, otherwise), Task::Else, Task::Edge(id, then)]);
                return;
            }
        };
        self.tasks.push(Task::Edge(id, last));
        let holds = std::ptr::eq(first, then);
        self.aside(id, (condition, holds), first, self.rare.expects(first.block, last.block));
    }

    /// Takes an edge if the condition holds, or if it does not.
    fn aside(
        &mut self,
        id: Id<Block>,
        (condition, holds): (Id<Value>, bool),
        edge: &'a BlockCall,
        expected: Option<bool>,
    ) {
        let inverts = holds || !self.writer.compares_floats(condition);
        match self.label(id, edge.block) {
            Some(label) if inverts && self.copies(edge.block, 0, &edge.args).next().is_none() => {
                if holds {
                    self.writer.condition(condition);
                } else {
                    self.writer.inverted(condition);
                }
                self.writer.code.push_branch(Instruction::BrIf(label), expected);
                if expected == Some(false) {
                    self.hinted.insert(edge.block, ());
                }
            }
            Some(_) | None => {
                if holds {
                    self.writer.condition(condition);
                    self.begin_if(Frame::Inner, expected);
                } else {
                    self.begin_unless(condition, expected);
                }
                self.tasks.extend([Task::Close, Task::Edge(id, edge)]);
            }
        }
    }

    fn leaves(&self, block: Id<Block>) -> bool {
        let terminator = &self.function.blocks[block].terminator;
        matches!(terminator, Terminator::Return(_) | Terminator::Throw(_) | Terminator::Unreachable)
    }

    fn switch(&mut self, id: Id<Block>, index: Id<Value>, targets: &'a [BlockCall], default: &'a BlockCall) {
        // Edges that need code of their own get a Wasm block each, which ends where the code stands.
        let edges: Vec<_> = targets.iter().chain([default]).collect();
        let mut distinct: Vec<&BlockCall> = Vec::new();
        for edge in &edges {
            let direct =
                self.label(id, edge.block).is_some() && self.copies(edge.block, 0, &edge.args).next().is_none();
            if !direct && !distinct.contains(edge) {
                distinct.push(*edge);
            }
        }
        distinct.iter().for_each(|_| self.open(Frame::Inner));
        self.writer.value(index);
        let mut labels = edges.iter().map(|edge| match distinct.iter().position(|other| other == edge) {
            Some(at) => at as u32,
            None => self.label(id, edge.block).expect("an edge without code has a label"),
        });
        let mut labels: Vec<_> = labels.by_ref().collect();
        let default = labels.pop().expect("the default is always there");
        self.writer.push(Instruction::BrTable(labels.into(), default));
        for edge in distinct.into_iter().rev() {
            self.tasks.extend([Task::Edge(id, edge), Task::Close]);
        }
    }

    /// The copies that an edge to `block` has to make: pairs of a parameter and its argument.
    fn copies(
        &self,
        block: Id<Block>,
        skipped: usize,
        args: &'a [Id<Value>],
    ) -> impl DoubleEndedIterator<Item = (Id<Value>, Id<Value>)> + use<'_, 'a> {
        let (homes, locals) = (self.writer.homes, self.writer.locals);
        let is_there = |param, arg| matches!(homes.home(arg), Home::Local) && locals.of(arg) == locals.of(param);
        moves(self.function, homes, block, skipped, args).filter(move |(param, arg)| !is_there(*param, *arg))
    }

    fn edge(&mut self, from: Id<Block>, edge: &'a BlockCall) {
        // All arguments are read before the first parameter is written, so that two may change places.
        let copies: Vec<_> = self.copies(edge.block, 0, &edge.args).collect();
        copies.iter().for_each(|(_, arg)| self.writer.value(*arg));
        copies.iter().rev().for_each(|(param, _)| self.writer.set(*param));
        self.go(from, edge.block);
    }

    /// With the exception on the stack.
    fn unwind(&mut self, from: Id<Block>, unwind: &'a Unwind) {
        let copies: Vec<_> = self.copies(unwind.block, 1, &unwind.args).collect();
        copies.iter().for_each(|(_, arg)| self.writer.value(*arg));
        copies.iter().rev().for_each(|(param, _)| self.writer.set(*param));
        self.writer.set(self.function.blocks[unwind.block].params[0]);
        self.go(from, unwind.block);
    }

    fn go(&mut self, from: Id<Block>, to: Id<Block>) {
        match self.label(from, to) {
            Some(_) if self.falls_to(from, to) => {}
            Some(label)
                if self.rare.contains(to) && !self.is_back(from, to) && self.hinted.insert(to, ()).is_none() =>
            {
                // Only where a branch may lead can be said to be rare.
                self.writer.push(Instruction::I32Const(1));
                self.writer.code.push_branch(Instruction::BrIf(label), Some(false));
                self.writer.push(Instruction::Unreachable);
            }
            Some(label) => self.writer.push(Instruction::Br(label)),
            None => self.tasks.push(Task::Tree(to)),
        }
    }

    fn is_back(&self, from: Id<Block>, to: Id<Block>) -> bool {
        self.dominators.number(to) <= self.dominators.number(from)
    }

    /// The label that leads to a block; none for one that is written where it is entered.
    fn label(&self, from: Id<Block>, to: Id<Block>) -> Option<u32> {
        let frame = match self.is_back(from, to) {
            true => Frame::Loop(to),
            false if self.is_join(to) => Frame::Before(to),
            false => return None,
        };
        let depth = self.frames.iter().rev().position(|open| *open == frame);
        Some(depth.expect("in a reducible graph (verify() sees to it) what is branched to is open") as u32)
    }

    /// Whether control gets to `to` by running off the end of what is open.
    fn falls_to(&self, from: Id<Block>, to: Id<Block>) -> bool {
        let mut frames = self.frames.iter().rev();
        let stop = frames.find(|frame| !matches!(frame, Frame::Arm | Frame::Loop(_)));
        !self.is_back(from, to) && stop == Some(&Frame::Before(to))
    }
}
