//! The heap after a program: what a program made and dropped is free again, and the heap's structure is whole.
//!
//! Each program runs several times in one instance. What its variables hold from one run to the next is the same, so
//! the live bytes must be too. A second build of each program overwrites what it frees, so that what is used after it
//! was freed shows in what the program prints.

use kukri_compiler::arena::Id;
use kukri_compiler::ssa::{self, Binary, Const, Inst, InstKind, LoadKind, Type, Value};
use kukri_compiler::{Input, Options, abi, compile_to_ssa, emit, opt};
use kukri_tests::page;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use wasmtime::{Caller, Engine, Linker, Memory, Module, Store, TypedFunc};

/// How often a program runs before its memory is looked at, and until it is looked at again.
const ROUNDS: [usize; 2] = [3, 12];
/// The heads of the heap's lists, before its first block; see `compiler/prelude/heap.py`.
const LISTS: usize = 256;
const USED: u32 = 1;
const BEFORE_USED: u32 = 2;

/// Bodies of functions that make and drop objects in a loop. Each runs 10 and 1,000 times.
const BODIES: &[&str] = &[
    "a = np.zeros(i % 50)\na[:] = i\nb = a + 1\nb *= a\nassert b.size == i % 50",
    "a = np.arange(12).reshape(3, 4)\nv = a[1:, ::2]\na = np.zeros((1, 1), dtype=np.int64)\nassert v[0, 0] == 4",
    "rows = [np.arange(3) for _ in range(3)]\nv = rows[1][::-1]\nrows.clear()\nassert v[0] == 2",
    "d = {str(k): np.zeros(k) for k in range(4)}\ne = d['3'][1:]\nd['3'] = np.ones(2)\ndel d['1']\nassert len(e) == 2",
    "t = (np.ones(2), [1, 2], 'x' + str(i))\na, b, c = t\nt = (a, b, c + 'y')\nassert t[2][-1] == 'y'",
    "words = ('a b ' + str(i)).split()\ntext = '-'.join(w.upper() for w in words)\nassert text[0] == 'A'",
    "nested = [[[j] * k for j in range(3)] for k in range(3)]\nnested[1][2].append(i)\nnested[0] = nested[1]\nassert nested[0][2][-1] == i",
    "s = {str(j % 3) for j in range(9)}\ns.discard('1')\ns |= {'z'}\nassert len(s) == 3",
    "try:\n    a = [str(i)]\n    b = np.zeros(3)\n    b[i + 3] = len(a)\nexcept IndexError as e:\n    text = str(e) + a[0]\n    assert 'axis' in text",
    "try:\n    try:\n        x = [str(j) for j in range(5)]\n        raise ValueError(x[i % 5])\n    finally:\n        y = x + ['f']\nexcept ValueError as e:\n    assert y[-1] == 'f' and str(e) in x",
    "for j in range(3):\n    a = [j]\n    if j == i % 3:\n        continue\n    b = a + [len(str(j))]\n    if j == 2:\n        break\nassert a[0] == 2",
    "def add(k):\n    total[k] += k\n    return words[k] + str(k)\ntotal = np.zeros(4)\nwords = ['a', 'b', 'c', 'd']\nassert [add(j) for j in range(4)][3] == 'd3'",
    "fs = lambda k: names[k] * 2\nnames = [str(i), 'b']\nassert sum(len(fs(j)) for j in range(2)) > 2",
    "m = np.ones((3, 3))\nfor row in m:\n    row *= 2\nassert sum(r.sum() for r in m) == 18.0 and m.T[0][1] == 2.0",
    "x = None\nfor j in range(4):\n    if x is None:\n        x = [str(j)]\n    else:\n        x = x + x if j < 3 else None\nassert x is None",
    "a = np.arange(5)\nb = a\na = a[a.size // 2:]\nb[2], b[3] = b[3], b[2]\nassert a[0] == 3",
    "n = len(f'{i:>5} {[str(i)]!r} {np.arange(3)} {(i, str(i))}')\nassert n > 10",
    "q = [(str(j), [j]) for j in range(3)]\nwhile q:\n    name, items = q.pop()\n    if len(name) > 9:\n        return\n    q.sort(key=lambda p: p[0])\nassert items == [0]",
    "keep = early(i)\nassert keep is None or keep[0] == str(i)",
    "total = 0\nfor (a, b), c in zip([(str(j), j) for j in range(3)], [[1], [2], [3]]):\n    total += len(a) + b + c[0]\nassert total == 12",
];

/// What the bodies call.
const BEFORE: &str = "import numpy as np\n\ndef early(n: int):\n    a = [str(n)]\n    for j in range(n % 7):\n        b = a + [str(j)]\n        if j == 3:\n            return b\n    return None\n\n";

#[test]
fn a_loop_that_makes_and_drops_objects_needs_constant_memory() {
    for (number, body) in BODIES.iter().enumerate() {
        let indented = body.replace('\n', "\n    ");
        let text = format!(
            "{BEFORE}def body(i: int) -> None:\n    {indented}\n\ndef work(n: int) -> None:\n    for i in range(n):\n        body(i)\n"
        );
        for level in [opt::Level::None, opt::Level::Full] {
            let files = BTreeMap::from([("main.py".to_owned(), text.clone())]);
            let mut instance = Instance::new(&files, level, false).unwrap_or_else(|error| panic!("{error}\n{text}"));
            instance.main();
            let work: TypedFunc<(i64, i32), i32> = instance
                .instance
                .get_typed_func(&mut instance.store, "work")
                .expect("annotated functions are exported");
            let live = [10, 1000].map(|rounds| {
                let raised = work.call(&mut instance.store, (rounds, 16)).expect("no trap");
                assert_eq!(raised, 0, "body {number} raises, {level:?}\n{body}");
                instance.heap().unwrap_or_else(|error| panic!("{error}\n{body}"))
            });
            assert_eq!(live[0], live[1], "live bytes after 10 and 1,000 rounds of body {number}, {level:?}\n{body}");
        }
    }
}

#[test]
fn programs_of_the_specification_leave_nothing_behind() {
    let mut ran = 0;
    let mut wrong = Vec::new();
    for path in kukri_tests::files(&kukri_tests::folder().join("spec"), "md") {
        let text = std::fs::read_to_string(&path).expect("a page that was listed can be read");
        for test in page::parse(&text).expect("the specification is well-formed") {
            for program in test.programs.iter().filter(|program| !program.is_refused()) {
                // What is appended to `sys.argv` stays there: it is not made anew.
                if program.files["main.py"].contains("sys.argv.append") {
                    continue;
                }
                match leaks(&program.files) {
                    Ok(true) => ran += 1,
                    Ok(false) => {}
                    Err(why) => wrong.push(format!("{}: {}\n{why}", path.display(), test.name)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(ran > 100, "only {ran} programs ran");
}

/// `KUKRI_MEMORY_TESTS=1000` for a long run, `KUKRI_MEMORY_FOLDER=…` for the programs of a folder.
#[test]
fn random_programs_leave_nothing_behind() {
    let count = std::env::var("KUKRI_MEMORY_TESTS").ok().and_then(|count| count.parse().ok()).unwrap_or(60);
    let mut texts: Vec<(String, String)> = (0..count)
        .map(|seed| {
            let text = kukri_tests::random::program(&mut kukri_tests::random::Choices::new(seed));
            (format!("seed {seed}"), text)
        })
        .collect();
    if let Ok(folder) = std::env::var("KUKRI_MEMORY_FOLDER") {
        for path in kukri_tests::files(std::path::Path::new(&folder), "py") {
            texts
                .push((path.display().to_string(), std::fs::read_to_string(&path).expect("a listed file can be read")));
        }
    }
    let mut ran = 0;
    let mut wrong = Vec::new();
    for (name, text) in texts {
        match leaks(&BTreeMap::from([("main.py".to_owned(), text.clone())])) {
            Ok(true) => ran += 1,
            Ok(false) => {}
            Err(why) => wrong.push(format!("{name}: {why}\n{text}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(ran > count / 4, "only {ran} programs ran to their end");
}

/// Runs a program again and again. `Ok(false)` where it is refused, or raises at its end.
fn leaks(files: &BTreeMap<String, String>) -> Result<bool, String> {
    let mut printed = Vec::new();
    for (level, poison) in [(opt::Level::None, false), (opt::Level::None, true), (opt::Level::Full, false)] {
        let Ok(mut instance) = Instance::new(files, level, poison) else { return Ok(false) };
        let mut live = Vec::new();
        let mut round = 0;
        for until in ROUNDS {
            while round < until {
                if !instance.main() {
                    return Ok(false);
                }
                round += 1;
            }
            live.push(instance.heap()?);
        }
        if live[0] != live[1] {
            return Err(format!("{} and {} live bytes after {ROUNDS:?} runs, {level:?}", live[0], live[1]));
        }
        printed.push(instance.store.into_data());
    }
    if printed[0] != printed[1] {
        return Err("it prints something else where freed memory is overwritten".to_owned());
    }
    Ok(true)
}

struct Instance {
    store: Store<Vec<u8>>,
    instance: wasmtime::Instance,
    memory: Memory,
    /// Where the heap begins.
    start: usize,
}

impl Instance {
    fn new(files: &BTreeMap<String, String>, level: opt::Level, poison: bool) -> Result<Self, String> {
        let mut modules = |name: &str| {
            let path = format!("{}.py", name.replace('.', "/"));
            files.get(&path).map(|text| (path, text.clone()))
        };
        let input = Input { path: "main.py", text: &files["main.py"], modules: &mut modules };
        let (_, mut module) = compile_to_ssa(input, &Options { level, ..Options::default() }).map_err(|failure| {
            kukri_compiler::diagnostic::render_text(&failure.sources, &failure.diagnostics, false)
        })?;
        if poison {
            overwrite_freed(&mut module);
        }
        let start = (abi::DATA_START as usize + module.data.len()).next_multiple_of(16);
        let wasm = emit::emit(&module, &[], &emit::Options::default()).wasm;
        let engine = Engine::default();
        let module = Module::new(&engine, &wasm).map_err(|error| format!("{error:?}"))?;
        let mut linker = Linker::new(&engine);
        let system = abi::SYSTEM_MODULE;
        let write = |mut caller: Caller<'_, Vec<u8>>, _stream: i32, at: i32, length: i32| {
            let memory =
                caller.get_export(abi::MEMORY).and_then(wasmtime::Extern::into_memory).expect("it is exported");
            let (bytes, printed) = memory.data_and_store_mut(&mut caller);
            printed.extend_from_slice(&bytes[at as usize..][..length as usize]);
        };
        linker.func_wrap(system, "write", write).expect("each import once");
        let started = Instant::now();
        linker.func_wrap(system, "time", move || started.elapsed().as_secs_f64()).expect("each import once");
        linker.func_wrap(system, "argument", |_: i32, _: i32, _: i32| -1_i32).expect("each import once");
        linker.func_wrap(system, "read_line", |_: i32, _: i32| -1_i32).expect("each import once");
        let mut store = Store::new(&engine, Vec::new());
        let instance = linker.instantiate(&mut store, &module).map_err(|error| format!("{error:?}"))?;
        let memory = instance.get_memory(&mut store, abi::MEMORY).expect("the memory is exported");
        Ok(Self { store, instance, memory, start })
    }

    /// Runs the module level; whether it came to its end.
    fn main(&mut self) -> bool {
        let main: TypedFunc<(), i32> =
            self.instance.get_typed_func(&mut self.store, abi::MAIN).expect("it is exported");
        main.call(&mut self.store, ()).is_ok_and(|raised| raised == 0)
    }

    /// The live bytes of the heap, all of whose blocks and lists are looked at.
    fn heap(&self) -> Result<usize, String> {
        let memory = self.memory.data(&self.store);
        let word = |at: usize| u32::from_le_bytes(memory[at..at + 4].try_into().expect("four bytes"));
        let mut at = self.start + LISTS + 12;
        if at + 4 > memory.len() || word(at) == 0 {
            return Ok(0);
        }
        let (mut live, mut free, mut before_used) = (0, BTreeSet::new(), true);
        loop {
            let header = word(at);
            let (size, used) = ((header & !15) as usize, header & USED != 0);
            if (header & BEFORE_USED != 0) != before_used {
                return Err(format!("the block at {at} is wrong about the one before it"));
            }
            if size == 0 {
                break;
            }
            if used {
                live += size;
            } else {
                if !before_used || word(at + size - 4) as usize != size {
                    return Err(format!("the free block at {at} is not joined, or has no end"));
                }
                free.insert(at);
            }
            (before_used, at) = (used, at + size);
        }
        if at + 4 != memory.len() {
            return Err(format!("the heap ends at {at}, the memory at {}", memory.len()));
        }
        for list in 0..LISTS / 4 {
            let mut before = self.start + list * 4 - 4;
            while word(before + 4) != 0 {
                let block = word(before + 4) as usize;
                if !free.remove(&block) || word(block + 8) as usize != before {
                    return Err(format!("list {list} holds {block}, which is not free, or not linked back"));
                }
                before = block;
            }
        }
        if free.is_empty() { Ok(live) } else { Err(format!("free blocks in no list: {free:?}")) }
    }
}

/// Makes `free(object)` overwrite the object first.
fn overwrite_freed(module: &mut ssa::Module) {
    // A program without objects does not export it.
    let Some((_, id)) = module.exports.iter().find(|(name, _)| name == abi::FREE).cloned() else { return };
    let function = &mut module.functions[id];
    let object = function.params()[0];
    let entry = function.entry;
    let span = function.span;
    let mut insts = Vec::new();
    let mut emit = |function: &mut ssa::Function, kind: InstKind, ty: Type| -> Id<Value> {
        let result = function.value(ty);
        insts.push(Inst { kind, results: vec![result], span });
        result
    };
    let four = emit(function, InstKind::Const(Const::I32(4)), Type::I32);
    let mask = emit(function, InstKind::Const(Const::I32(-16)), Type::I32);
    let byte = emit(function, InstKind::Const(Const::I32(0xA5)), Type::I32);
    let block = emit(function, InstKind::Binary(Binary::I32Sub, object, four), Type::I32);
    let header = emit(function, InstKind::Load { kind: LoadKind::I32, address: block, offset: 0 }, Type::I32);
    let size = emit(function, InstKind::Binary(Binary::I32And, header, mask), Type::I32);
    let length = emit(function, InstKind::Binary(Binary::I32Sub, size, four), Type::I32);
    insts.push(Inst { kind: InstKind::MemoryFill { to: object, byte, length }, results: Vec::new(), span });
    function.blocks[entry].insts.splice(0..0, insts);
}
