//! What `syntax` promises: right places, helpful errors, fixes that mend, and no panic on any input.

use super::{ast, parse};
use crate::diagnostic::{Code, Diagnostic, render_text};
use crate::source::Sources;
use std::fmt::Write;

fn check(text: &str) -> (Sources, Result<ast::Module, Vec<Diagnostic>>) {
    let mut sources = Sources::default();
    let file = sources.add("t.py", text);
    let mut tree = ast::Tree::default();
    let result = parse(sources.file(file), &mut tree);
    (sources, result)
}

/// `name line:column message` of each error, a line each.
fn errors(text: &str) -> String {
    let (sources, result) = check(text);
    let mut lines = String::new();
    for diagnostic in result.err().unwrap_or_default() {
        let place = sources.position(sources.file_of(diagnostic.span()), diagnostic.span().start);
        let name = diagnostic.code.name();
        writeln!(lines, "{name} {}:{} {}", place.line, place.column, diagnostic.message).expect("a string takes all");
    }
    lines
}

/// The text after the fix of its only error.
fn mended(text: &str) -> Option<String> {
    let (sources, result) = check(text);
    let diagnostics = result.err()?;
    let [diagnostic] = diagnostics.as_slice() else { return None };
    let start = sources.file(sources.file_of(diagnostic.span())).span().start;
    let mut edits = diagnostic.fix.clone()?.edits;
    edits.sort();
    let mut text = text.to_owned();
    for (span, new) in edits.iter().rev() {
        text.replace_range((span.start - start) as usize..(span.end - start) as usize, new);
    }
    Some(text)
}

#[test]
fn spans_are_addresses_in_sources() {
    let mut sources = Sources::default();
    sources.add("first.py", "x = 1\n");
    let file = sources.add("second.py", "def f(a, *b):\n    return a + 1\n\ny = f(2)\n");
    let mut tree = ast::Tree::default();
    let module = parse(sources.file(file), &mut tree).expect("this is Python");
    assert_eq!(module.body.len(), 2);
    assert_eq!(sources.text(module.body[1].span), "y = f(2)");
    let (_, function) = tree.functions.iter().next().expect("one function");
    assert_eq!(sources.text(function.name.span), "f");
    assert_eq!(sources.text(function.params[1].name.span), "b");
}

/// The parts of `errors.md`: text between programs, programs, reports.
fn with_reports(page: &str) -> String {
    let mut written = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        writeln!(written, "{line}").expect("a string takes all");
        if line != "```python" {
            continue;
        }
        let program: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").chain([""]).collect();
        let program = program.join("\n");
        assert_eq!(lines.next(), Some("```text"), "a report follows the program\n{program}");
        assert!(lines.by_ref().any(|line| line == "```"), "the report ends");
        let (sources, result) = check(&program);
        let report = render_text(&sources, &result.err().unwrap_or_default(), false);
        write!(written, "{program}```\n```text\n{report}```\n").expect("a string takes all");
    }
    written
}

#[test]
fn reports_are_as_written_down() {
    let page = include_str!("tests/errors.md");
    let written = with_reports(page);
    assert!(written.matches("error[").count() > 100, "the page was read");
    if std::env::var_os("BLESS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/syntax/tests/errors.md");
        std::fs::write(path, &written).expect("the page can be written");
        return;
    }
    for (expected, line) in page.lines().zip(written.lines()) {
        assert_eq!(expected, line, "run with BLESS=1 to see all");
    }
    assert_eq!(page, written);
}

#[test]
fn fixes_mend() {
    for (text, expected) in [
        ("for i in range(3)\n    print(i)\n", "for i in range(3):\n    print(i)\n"),
        ("print \"a\", 1  # c\n", "print(\"a\", 1)  # c\n"),
        ("try:\n    f()\nexcept E as a, e:\n    pass\n", ""),
        ("try:\n    f()\nexcept ValueError, e:\n    pass\n", "try:\n    f()\nexcept ValueError as e:\n    pass\n"),
        ("if x = 3:\n    pass\n", "if x == 3:\n    pass\n"),
        ("x++\n", "x += 1\n"),
        ("if a&&b:\n    pass\n", "if a and b:\n    pass\n"),
        ("print(“it”)\n", "print(\"it\")\n"),
        ("print(‘it’)\n", "print('it')\n"),
        ("y = 2x\n", "y = 2 * x\n"),
        ("if a:\n    pass\nelse if b:\n    pass\n", "if a:\n    pass\nelif b:\n    pass\n"),
        ("y = x²\n", "y = x**2\n"),
        ("y = a ≤ b\n", "y = a <= b\n"),
        ("y = a <> b\n", "y = a != b\n"),
        ("y = 0644\n", "y = 0o644\n"),
        ("y = 007\n", "y = 0o7\n"),
        ("p = 'C:\\users'\n", "p = r'C:\\users'\n"),
        ("n := 5\n", "n = 5\n"),
        ("import numpy np\n", "import numpy as np\n"),
        ("f(x for x in y, 1)\n", "f((x for x in y), 1)\n"),
        ("match x\n    case 1:\n        pass\n", "match x:\n    case 1:\n        pass\n"),
        ("if x then:\n    pass\n", "if x:\n    pass\n"),
        ("x = 1 \\ \n  + 2\n", "x = 1 \\\n  + 2\n"),
        ("x\u{a0}= 1\n", "x = 1\n"),
    ] {
        let mended = mended(text);
        assert_eq!(mended.as_deref().unwrap_or_default(), expected, "{text}");
        if !expected.is_empty() && !expected.starts_with("match") {
            assert_eq!(errors(expected), "", "{text}");
        }
    }
}

#[test]
fn text_is_read_as_cpython_reads_it() {
    for text in [
        "",
        "\n",
        "# only a comment",
        "x = 1",
        "x = 1\r\ny = '''a\r\nb'''\r\n",
        "x = 1\ry = 2\r",
        "if x:\n\ty = 1\n\tz = 2\n",
        // Eight columns a tab and one character a tab agree here.
        "if x:\n  \ty = 1\n  \tz = 2\n",
        "if x:\n\tif y:\n\t    z = 1\n",
        "\x0cif x:\n    y = 1\n\x0c\n    z = 2\n",
        "   # odd comment\nx = 1\n      # another\n",
        "s = '''\n\tx\n  \ty'''\n",
        "x = [\n\t1,\n  \t2]\n",
        "x = 1 \\\n  \t + 2\n",
        "été = 1\nπ = 3.14\nx̂ = 2\n",
        "match = 1\ncase = 2\ntype = 3\nprint(match, case, type)\n",
        "x = 1if y else 2\n",
        "x = 0xfor_ = 1\n".split('f').next().unwrap_or_default(),
        "x = 1_000.0e-1_0j\n",
        "x = (yes := 1)\n",
        "x = f'{a!r:>{w}}' f\"{b=}\" '{c}'\n",
        "for x in *a, b:\n    pass\n",
        "del (a, b), [c.d, e[0]]\n",
        "try:\n    pass\nfinally:\n    pass\n",
        "class A(Exception): pass\nclass B(a.B, A):\n    '''why'''\n    ...\n",
    ] {
        let expected = if text.starts_with("x = 0x") { "invalid-syntax 1:5 `0x` is not a number\n" } else { "" };
        assert_eq!(errors(text), expected, "{text:?}");
    }
}

#[test]
fn names_have_a_normal_form() {
    let (_, result) = check("µ = 1\nμ = 2\n");
    let body = result.expect("this is Python").body;
    let [ast::StmtKind::Assign { targets: first, .. }, ast::StmtKind::Assign { targets: second, .. }] =
        [&body[0].kind, &body[1].kind]
    else {
        panic!("two assignments: {body:?}")
    };
    let (ast::ExprKind::Name(first), ast::ExprKind::Name(second)) = (&first[0].kind, &second[0].kind) else {
        panic!("two names: {body:?}")
    };
    assert_eq!(first, second);
}

#[test]
fn tabs_that_depend_on_their_width_are_refused() {
    for text in ["if x:\n        y = 1\n\tz = 2\n", "if x:\n\ty = 1\n        z = 2\n", "if x:\n    if y:\n\tz = 1\n"] {
        assert!(errors(text).starts_with("bad-indentation"), "{text:?}: {}", errors(text));
    }
}

/// Runs on the smallest stack that the compiler promises to do with.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run).expect("a thread starts");
    thread.join().expect("the thread ends without a panic");
}

#[test]
fn depth_is_limited() {
    on_a_small_stack(|| {
        for count in [10, 90, 150, 190, 250, 1_000, 3_000, 30_000] {
            let texts = [
                format!("x = {}1{}\n", "(".repeat(count), ")".repeat(count)),
                format!("x = {}{}\n", "[".repeat(count), "]".repeat(count)),
                format!("x = {}\n", "[".repeat(count)),
                format!("x = {}1\n", "-".repeat(count)),
                format!("x = {}1\n", "not ".repeat(count)),
                format!("x = 1{}\n", " + 1".repeat(count)),
                format!("x = 1{}\n", " ** 1".repeat(count)),
                format!("x = f{}\n", "()".repeat(count)),
                format!("x = f{}\n", "[0]".repeat(count)),
                format!("x = f{}\n", ".a".repeat(count)),
                format!("x = {}1\n", "lambda: ".repeat(count)),
                format!("x = {}1\n", "1 if a else ".repeat(count)),
                format!("f = f'{{{}1}}'\n", "-".repeat(count)),
                format!("f = f'{{{}1{}}}'\n", "(".repeat(count), ")".repeat(count)),
                format!("f = f'{{1:{{{}1}}}}'\n", "-".repeat(count)),
                format!("if a:\n    pass\n{}", "elif a:\n    pass\n".repeat(count)),
                format!("del {}x{}\n", "(".repeat(count), ",)".repeat(count)),
                format!("{}x{} = 1\n", "[".repeat(count), "]".repeat(count)),
                format!("match x:\n    case {}1{}: pass\n", "[".repeat(count), "]".repeat(count)),
                format!("{}x\n", "yield ".repeat(count)),
                format!("{}x\n", "await ".repeat(count)),
                format!("x = {}1{}", "(a, b:=".repeat(count), ")".repeat(count)),
                blocks(count),
            ];
            for text in texts {
                let found = errors(&text);
                let refused = found.starts_with("limit ") || found.starts_with("unclosed") || found.contains("-syntax");
                let other = found.starts_with("unsupported") || found.starts_with("misplaced");
                let start: String = text.chars().take(40).collect();
                if count >= 1_000 {
                    assert!(refused, "{count} {start}: {found}");
                } else {
                    assert!(found.is_empty() || refused || other, "{count} {start}: {found}");
                }
            }
        }
    });
}

/// Blocks inside each other, as few characters as can be.
fn blocks(count: usize) -> String {
    let mut text = String::new();
    for depth in 0..count.min(3_000) {
        writeln!(text, "{:depth$}if x:", "").expect("a string takes all");
    }
    writeln!(text, "{:count$}pass", "", count = count.min(3_000)).expect("a string takes all");
    text
}

#[test]
fn what_is_not_nested_is_not_limited() {
    let list = format!("x = [{}]\n", "-1 + 2, ".repeat(20_000));
    let sum = "x = 1\n".repeat(20_000);
    let call = format!("f({})\n", "a.b(-1), ".repeat(5_000));
    let strings = format!("x = ({})\n", "'a' ".repeat(5_000));
    let logic = format!("x = {} 1\n", "a and ".repeat(900));
    let dots = format!("x = f'{}'\n", "a.b, {x}. ".repeat(2_000));
    for text in [list, sum, call, strings, logic, dots] {
        assert_eq!(errors(&text), "", "{}", text.chars().take(40).collect::<String>());
    }
}

#[test]
fn several_errors_at_once() {
    let text = "\
def f(x)
    y = 3 4
    return x

def g(x
    return x

print 3
if a = 2:
    x = “b”
z = 1 +
";
    let expected = "\
missing-colon 1:9 `:` is missing at the end of the `def` line
invalid-syntax 2:9 something is missing between `3` and `4`
unclosed-bracket 5:6 `(` is never closed
old-python 8:1 `print` is a function: its arguments stand in brackets
invalid-character 10:9 `“` is a typographic quote; strings stand in `\"` or `'`
invalid-syntax 11:7 a value is missing after `+`
";
    assert_eq!(errors(text), expected);
}

#[test]
fn several_unsupported_things_at_once() {
    let text = "\
class A:
    x = 1

def g():
    with a as b:
        pass
    yield 1
    yield 2
    x = yield 3

async def h():
    pass

f() = 1
";
    let expected = "\
unsupported-class 1:7 class `A` is not supported, because it has a body
unsupported-with 5:5 `with` is not supported
unsupported-generator 7:5 generator functions are not supported
unsupported-async 11:1 `async def` is not supported
invalid-target 14:1 cannot assign to a function call
";
    assert_eq!(errors(text), expected);
}

/// A fixed sequence of numbers (xorshift, Marsaglia 2003): the same mutations on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }
}

#[test]
fn no_input_makes_it_panic() {
    const PIECES: [&str; 48] = [
        "(", ")", "[", "]", "{", "}", "\"", "'", "'''", "f'{", "}'", "\\", "\n", "\r\n", "\r", "\t", "    ", "\x0c",
        "\0", ":", ":=", "=", "==", ",", ";", "*", "**", "@", ".", "...", "!", "“", "é", "😀", "\u{301}", "#", "def ",
        "lambda ", "if ", "else", "case ", "match ", "for ", "in ", "try:", "except ", "0x", "1e",
    ];
    on_a_small_stack(|| {
        let corpus: Vec<&str> = include_str!("tests/errors.md").split("```").collect();
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let mut good = 0;
        for _ in 0..20_000 {
            let mut text: Vec<char> =
                corpus[numbers.below(corpus.len())].trim_start_matches("python\n").chars().collect();
            for _ in 0..=numbers.below(4) {
                let at = numbers.below(text.len() + 1);
                match numbers.below(4) {
                    0 => text.truncate(at),
                    1 => drop(text.drain(at..(at + numbers.below(6)).min(text.len()))),
                    2 => drop(text.splice(at..at, PIECES[numbers.below(PIECES.len())].chars())),
                    _ => {
                        let from = numbers.below(text.len() + 1);
                        let piece: Vec<char> = text[from..(from + 20).min(text.len())].to_vec();
                        drop(text.splice(at..at, piece));
                    }
                }
            }
            let text: String = text.into_iter().collect();
            let (sources, result) = check(&text);
            match result {
                Ok(_) => good += 1,
                Err(diagnostics) => {
                    assert!(!diagnostics.is_empty(), "{text:?}");
                    assert!(!render_text(&sources, &diagnostics, true).is_empty());
                    assert!(diagnostics.iter().all(|diagnostic| diagnostic.code != Code::Internal), "{text:?}");
                }
            }
        }
        assert!((100..19_000).contains(&good), "{good} of the texts are Python");
    });
}

/// The example of `page` in the fence with this word.
fn example(page: &'static str, word: &str) -> &'static str {
    let fence = format!("```python {word}\n");
    let after = page.split_once(&fence).map_or("", |(_, after)| after);
    after.split_once("```").map_or("", |(example, _)| example)
}

#[test]
fn pages_of_syntax_errors_show_them() {
    // Reported by `resolve`, which knows what a decorator is.
    let later = [Code::UnsupportedDecorator];
    let is_ours = |code: &Code| code.number().starts_with("KU1") || *code == Code::Limit;
    for code in Code::ALL.iter().filter(|code| is_ours(code) && !later.contains(code)) {
        let wrong = example(code.page(), "wrong");
        if *code == Code::BadEncoding {
            assert!(super::decode(wrong.as_bytes()).is_err(), "{code}");
        } else {
            let found = check(wrong).1.err().unwrap_or_default();
            assert!(found.iter().any(|diagnostic| diagnostic.code == *code), "{code}: {}", errors(wrong));
        }
    }
    for code in Code::ALL {
        let right = example(code.page(), "right");
        assert_eq!(errors(right), "", "{code}");
    }
}
