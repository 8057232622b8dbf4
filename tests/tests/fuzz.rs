//! A bounded run of mutated programs on stable. `cargo xtask mutate --count 1000000` is the long one.

use kukri_tests::fuzz::Run;

#[test]
fn mutated_programs_never_panic_the_compiler() {
    let run = Run { count: 3000, seed: 1, compared: 20, keep: None };
    let counts = kukri_tests::fuzz::run(run).unwrap_or_else(|failures| panic!("{failures}"));
    println!("{counts}");
    assert!(counts.parsed * 10 > counts.inputs * 6, "mutations break too much: {counts}");
    assert!(counts.modules * 3 > counts.inputs, "mutations break too much: {counts}");
}

#[test]
fn every_program_of_the_corpus_compiles_to_errors_or_a_valid_module() {
    let corpus = kukri_tests::fuzz::corpus();
    let programs = [corpus.programs, corpus.refused].concat();
    assert!(programs.len() > 300, "only {} programs", programs.len());
    for program in programs {
        kukri_tests::fuzz::compile_any(program.as_bytes());
    }
}

#[test]
fn odd_bytes_are_answered() {
    let odd: [&[u8]; 14] = [
        b"",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbfprint(1)\n",
        b"x = 1\r\nprint(x)\r\n",
        b"x = 1\rprint(x)\r",
        b"if 1:\n\tx = 1\n        y = 2\n",
        b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        b"x = \"unclosed",
        b"def f(:\n",
        b"\\",
        b"\x0c\nprint(1)",
        // Names of types that go in a circle.
        b"int = int\ndef f(n: int) -> int:\n    return n\nprint(f(1))\n",
        b"A = B\nB = A\nT = list[T]\nD = dict[D, D]\ndef f(a: A, t: T, d: D) -> A:\n    return a\n",
    ];
    for bytes in odd {
        kukri_tests::fuzz::compile_any(bytes);
    }
    for (open, close) in [("(", ")"), ("[", "]"), ("-", ""), ("not ", ""), ("lambda: ", ""), ("f(", ")"), ("x.y(", ")")]
    {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        kukri_tests::fuzz::compile_any(deep.as_bytes());
    }
    let blocks: String = (0..1000).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
    kukri_tests::fuzz::compile_any(blocks.as_bytes());
    let chain = format!("x = 1{}", " + 1".repeat(50_000));
    kukri_tests::fuzz::compile_any(chain.as_bytes());
    let long = format!("if x:\n  pass\n{}", "elif x:\n  pass\n".repeat(20_000));
    kukri_tests::fuzz::compile_any(long.as_bytes());
}
