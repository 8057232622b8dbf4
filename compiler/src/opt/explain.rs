//! Says of every innermost loop how fast it can be: which checks stay in it, what it calls, whether it was vectorised. In: a module whose checks are still instructions of their own, with the notes of the passes. Out:
//! `Diagnostic`s. Reports: KU6001.
//!
//! Most of it can be seen in what the passes made, whichever they were. What cannot be seen is why something was not
//! done; that they note themselves.

use super::calls::CallGraph;
use crate::abi;
use crate::arena::Id;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Origin, Span};
use crate::ssa::dominators::Dominators;
use crate::ssa::loops::{Loop, Loops};
use crate::ssa::note::NoteKind;
use crate::ssa::{Callee, Const, Function, Inst, InstKind, Module, Type};

/// Places that are shown of one loop.
const MOST_LABELS: usize = 12;

pub(crate) fn run(module: &Module) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for id in CallGraph::new(module).groups.into_iter().flatten() {
        let function = &module.functions[id];
        if function.span.origin() == Origin::User {
            found.extend(explain(module, function));
        }
    }
    crate::order::sort_by_key(&mut found, Diagnostic::span);
    // Instances for other types often say the same.
    found.dedup();
    found
}

/// A loop of the source: what became of it.
struct Explained {
    span: Span,
    /// Whether it is one of the library's, called at `span`.
    in_library: bool,
    /// The loops that it became, the one with the fewest checks first.
    versions: Vec<Version>,
}

/// A loop of SSA.
struct Version {
    checks: Vec<(Span, &'static str)>,
    /// Calls, allocations, counts.
    costs: Vec<(Span, String)>,
    is_vector: bool,
}

fn explain(module: &Module, function: &Function) -> Vec<Diagnostic> {
    let dominators = Dominators::new(function);
    let loops = Loops::new(function, &dominators);
    let constants = function.constants();
    let mut all: Vec<Explained> = Vec::new();
    for id in loops.without_inner() {
        let it = &loops.all[id];
        let own = function.loop_span(it.head);
        let in_library = own.origin() == Origin::Prelude;
        let span = if in_library { call_span(function, &dominators, it) } else { own };
        let mut version = Version { checks: Vec::new(), costs: Vec::new(), is_vector: false };
        for inst in it.blocks.iter().flat_map(|block| &function.blocks[*block].insts) {
            version.is_vector |= inst.results.iter().any(|result| function.values[*result].ty == Type::V128);
            match &inst.kind {
                InstKind::Guard { raise, args, .. } => {
                    let class = args.first().and_then(|arg| constants.get(*arg));
                    version.checks.push((inst.span, raised(module, *raise, class.copied())));
                }
                InstKind::Call { .. } | InstKind::Retain(_) | InstKind::Release { .. } => {
                    version.costs.extend(cost(module, inst).map(|words| (inst.span, words)));
                }
                _ => {}
            }
        }
        match all.iter_mut().find(|known| known.span == span && known.in_library == in_library) {
            Some(known) => known.versions.push(version),
            None => all.push(Explained { span, in_library, versions: vec![version] }),
        }
    }
    for it in &mut all {
        crate::order::sort_by_key(&mut it.versions, |version| version.checks.len());
    }
    // Of the library's loops there is only to say what one could do about.
    all.retain(|it| !it.in_library || it.versions.iter().any(|one| !one.checks.is_empty() || !one.costs.is_empty()));
    all.into_iter().map(|it| diagnostic(function, it)).collect()
}

/// Where a loop of the library is called: the last of the user's instructions before it.
fn call_span(function: &Function, dominators: &Dominators, it: &Loop) -> Span {
    let mut block = it.head;
    while let Some(point) = dominators.parent(block) {
        block = point.block;
        let mut insts = function.blocks[block].insts.iter().rev();
        if let Some(inst) = insts.find(|inst| inst.span.origin() == Origin::User) {
            return inst.span;
        }
    }
    function.span
}

/// The exception that a guard raises by calling `raise`, whose first argument may be the number of a class.
fn raised(module: &Module, raise: Id<Function>, first: Option<Const>) -> &'static str {
    let name = |class: Const| match class {
        Const::I64(number) => abi::EXCEPTIONS.get(number as usize).map(|(name, _)| *name),
        Const::I32(_) | Const::F32(_) | Const::F64(_) | Const::V128(_) => None,
    };
    let function = &module.functions[raise];
    if function.name.starts_with("exception_")
        && let Some(name) = first.and_then(name)
    {
        return name;
    }
    let constants = function.constants();
    let mut classes = function.blocks.iter().flat_map(|(_, block)| &block.insts).filter_map(|inst| match &inst.kind {
        InstKind::Call { callee: Callee::Function(callee), args, .. }
            if module.functions[*callee].name.starts_with("exception_") =>
        {
            name(*constants.get(*args.first()?)?)
        }
        _ => None,
    });
    classes.next_back().unwrap_or("an exception")
}

/// What an instruction does that takes time, beside checks.
fn cost(module: &Module, inst: &Inst) -> Option<String> {
    match &inst.kind {
        InstKind::Call { callee: Callee::Function(callee), .. } => {
            let function = &module.functions[*callee];
            if function.rare {
                return None;
            }
            Some(match function.span.origin() {
                Origin::User => format!("calls `{}`, which was not taken in", function.name),
                Origin::Prelude if function.name.starts_with("allocate") => "allocates memory".to_owned(),
                Origin::Prelude => format!("calls the library (`{}`)", function.name),
            })
        }
        InstKind::Call { callee: Callee::Import(import), .. } => {
            Some(format!("calls the host (`{}`)", module.imports[*import].name))
        }
        InstKind::Retain(_) | InstKind::Release { .. } => Some("counts references".to_owned()),
        _ => None,
    }
}

fn diagnostic(function: &Function, it: Explained) -> Diagnostic {
    let Explained { span, in_library, versions } = it;
    let (fast, others) = versions.split_first().expect("a loop became at least one");
    let checks = |count: usize| if count == 1 { "1 check".to_owned() } else { format!("{count} checks") };
    let count = fast.checks.len();
    let has_versions = others.iter().any(|other| other.checks.len() > count);
    let which = if in_library { "this loop of the library" } else { "this loop" };
    let checked = match (count, has_versions) {
        (0, false) => format!("{which} needs no checks"),
        (0, true) => format!("{which} runs without checks where a test before it has passed"),
        (_, false) => format!("{which} makes {} on every turn", checks(count)),
        (_, true) => format!("{which} makes {} on every turn where a test before it has passed", checks(count)),
    };
    let kinds = || function.notes.iter().filter(|note| note.span == span).map(|note| note.kind);
    let turns = kinds().find_map(|kind| match kind {
        NoteKind::Vectorised(turns) => Some(turns),
        NoteKind::NotVectorised(_) | NoteKind::NotVersioned(_) => None,
    });
    let is_vector = turns.is_some() || versions.iter().any(|version| version.is_vector);
    let message = match turns {
        Some(turns) => format!("{checked}, and takes {turns} turns at once"),
        None if is_vector => format!("{checked}, and takes several turns at once"),
        None => checked,
    };
    let mut diagnostic = Diagnostic::new(Code::LoopNotes, span, message);
    let mut labels: Vec<(Span, String)> = Vec::new();
    let of_checks = fast.checks.iter().map(|(at, class)| (*at, format!("checked on every turn: {class}")));
    for (at, words) in of_checks.chain(fast.costs.iter().cloned()) {
        let at = if at.origin() == Origin::User { at } else { span };
        if !labels.contains(&(at, words.clone())) {
            labels.push((at, words));
        }
    }
    let more = labels.len().saturating_sub(MOST_LABELS);
    for (at, words) in labels.into_iter().take(MOST_LABELS) {
        diagnostic = diagnostic.label(at, words);
    }
    if more > 0 {
        diagnostic = diagnostic.help(format!("{more} more places take time"));
    }
    for kind in kinds() {
        diagnostic = match kind {
            // Another version, or another of the library's loops that run here.
            NoteKind::NotVectorised(_) if is_vector => diagnostic,
            NoteKind::NotVectorised(why) => diagnostic.help(format!("it was not vectorised, because {why}")),
            NoteKind::NotVersioned(why) => {
                diagnostic.help(format!("its checks were not made before it, because {why}"))
            }
            NoteKind::Vectorised(_) => diagnostic,
        };
    }
    diagnostic
}
