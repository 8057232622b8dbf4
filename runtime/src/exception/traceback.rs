//! The frames of a traceback, with the markers of CPython 3.11. In: `Frame`s. Out: text.

use super::Frame;
use std::fmt;

/// How often one frame is repeated before the rest is only counted.
const REPEATED: usize = 3;

/// Writes frames, outermost first.
pub(super) fn write(f: &mut fmt::Formatter<'_>, frames: &[Frame]) -> fmt::Result {
    let place = |frame: &Frame| (frame.file.clone(), frame.line, frame.function.clone());
    for same in frames.chunk_by(|one, other| place(one) == place(other)) {
        for frame in same.iter().take(REPEATED) {
            write_frame(f, frame)?;
        }
        match same.len().saturating_sub(REPEATED) {
            0 => {}
            1 => writeln!(f, "  [Previous line repeated 1 more time]")?,
            more => writeln!(f, "  [Previous line repeated {more} more times]")?,
        }
    }
    Ok(())
}

fn write_frame(f: &mut fmt::Formatter<'_>, frame: &Frame) -> fmt::Result {
    writeln!(f, "  File \"{}\", line {}, in {}", frame.file, frame.line, frame.function)?;
    let line = frame.text.trim();
    if line.is_empty() {
        return Ok(());
    }
    writeln!(f, "    {line}")?;
    if let Some(markers) = markers(frame) {
        writeln!(f, "    {markers}")?;
    }
    Ok(())
}

/// The line of `~` and `^` below a source line; none if it would mark the whole line alike.
fn markers(frame: &Frame) -> Option<String> {
    let whole: Vec<char> = frame.text.chars().collect();
    let indent = whole.iter().take_while(|c| c.is_whitespace()).count();
    let length = frame.text.trim().chars().count();
    let start = (frame.column as usize).checked_sub(1)?.max(indent);
    let end = if frame.end_line == frame.line { frame.end_column as usize - 1 } else { indent + length };
    let end = end.min(indent + length);
    let marked = whole.get(start..end).filter(|marked| !marked.is_empty())?;
    // An expression that goes on in the next line is marked to the end of this one, without its operator.
    let anchor = if frame.end_line == frame.line { anchor(marked) } else { None };
    if anchor.is_none() && marked.len() >= length {
        return None;
    }
    let mut line = " ".repeat(start - indent);
    match anchor {
        Some((from, to)) => {
            line.push_str(&"~".repeat(from));
            line.push_str(&"^".repeat(to - from));
            line.push_str(&"~".repeat(marked.len() - to));
        }
        None => line.push_str(&"^".repeat(marked.len())),
    }
    Some(line)
}

/// The operator of a binary operation, or the brackets of a subscript, in the text of an expression.
fn anchor(text: &[char]) -> Option<(usize, usize)> {
    let tokens = tokens(text)?;
    let top: Vec<_> = tokens.iter().filter(|token| token.depth == 0).collect();
    // A statement, a comparison, `and`, `or`, `not`, `x if y else z`, a lambda: not a binary operation.
    let word = |token: &Token| text[token.start..token.end].iter().collect::<String>();
    if top.iter().any(|token| match token.kind {
        Kind::Word => KEYWORDS.contains(&word(token).as_str()),
        Kind::Other => true,
        Kind::Operator | Kind::Open | Kind::Close | Kind::Value | Kind::Dot => false,
    }) {
        return None;
    }
    // The operator that is applied last: the loosest, of several the rightmost (of `**` the leftmost).
    let mut best: Option<(u8, &Token)> = None;
    for (at, token) in top.iter().enumerate() {
        let operand_before = at > 0 && matches!(top[at - 1].kind, Kind::Word | Kind::Value | Kind::Close);
        if token.kind == Kind::Operator && operand_before {
            let strength = strength(&word(token))?;
            if best.is_none_or(|(other, _)| strength < other || (strength == other && strength != POWER)) {
                best = Some((strength, token));
            }
        }
    }
    if let Some((_, operator)) = best {
        return Some((operator.start, operator.end));
    }
    // `-x[0]` is a unary operation.
    if top.iter().any(|token| token.kind == Kind::Operator) {
        return None;
    }
    let close = top.last().filter(|token| token.kind == Kind::Close && text[token.start] == ']')?;
    let open = top.iter().rev().find(|token| token.kind == Kind::Open)?;
    (open.start > 0).then_some((open.start, close.end))
}

const KEYWORDS: [&str; 20] = [
    "and", "or", "not", "in", "is", "if", "else", "lambda", "await", "yield", "raise", "return", "assert", "for",
    "while", "with", "del", "import", "from", "async",
];

const POWER: u8 = 7;

/// How tightly a binary operator binds.
fn strength(operator: &str) -> Option<u8> {
    Some(match operator {
        "|" => 0,
        "^" => 1,
        "&" => 2,
        "<<" | ">>" => 3,
        "+" | "-" => 4,
        "**" => POWER,
        "*" | "/" | "//" | "%" | "@" => 6,
        _ => return None,
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Word,
    Value,
    Dot,
    Operator,
    Open,
    Close,
    /// Comparison, assignment, comma: this is no binary operation.
    Other,
}

#[derive(Debug)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
    /// How many brackets are open around it; brackets themselves count as outside.
    depth: usize,
}

/// Splits an expression; `None` if it is not a whole one.
fn tokens(text: &[char]) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let (mut at, mut depth) = (0, 0usize);
    while let Some(c) = text.get(at).copied() {
        let start = at;
        at += 1;
        let next = text.get(at).copied();
        let kind = match c {
            c if c.is_whitespace() => continue,
            '(' | '[' | '{' => Kind::Open,
            ')' | ']' | '}' => Kind::Close,
            '"' | '\'' => {
                at = after_string(text, start)?;
                Kind::Value
            }
            c if c.is_ascii_digit() || (c == '.' && next.is_some_and(|next| next.is_ascii_digit())) => {
                while let Some(c) = text.get(at)
                    && (c.is_alphanumeric() || *c == '.' || *c == '_' || exponent_sign(text, start, at))
                {
                    at += 1;
                }
                Kind::Value
            }
            c if c.is_alphanumeric() || c == '_' => {
                while text.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
                    at += 1;
                }
                // A prefix of a string: `f"…"`.
                if matches!(text.get(at), Some('"' | '\'')) && at - start <= 2 {
                    at = after_string(text, at)?;
                    Kind::Value
                } else {
                    Kind::Word
                }
            }
            '.' => Kind::Dot,
            '<' | '>' if next == Some(c) => {
                at += 1;
                Kind::Operator
            }
            '*' | '/' => {
                at += usize::from(next == Some(c));
                Kind::Operator
            }
            '+' | '-' | '%' | '@' | '&' | '|' | '^' | '~' => Kind::Operator,
            _ => Kind::Other,
        };
        // `+=` and its like are statements.
        let kind = if kind == Kind::Operator && text.get(at) == Some(&'=') { Kind::Other } else { kind };
        if kind == Kind::Close {
            depth = depth.checked_sub(1)?;
        }
        tokens.push(Token { kind, start, end: at, depth });
        depth += usize::from(kind == Kind::Open);
    }
    (depth == 0).then_some(tokens)
}

/// Whether the character at `at` is the sign in a number such as `1e-5`.
fn exponent_sign(text: &[char], start: usize, at: usize) -> bool {
    let hexadecimal = text[start] == '0' && matches!(text.get(start + 1), Some('x' | 'X'));
    matches!(text[at], '+' | '-') && matches!(text[at - 1], 'e' | 'E') && !hexadecimal
}

/// The place after the string literal whose quote is at `at`.
fn after_string(text: &[char], at: usize) -> Option<usize> {
    let quote = text[at];
    let triple = text.get(at..at + 3).is_some_and(|three| three.iter().all(|c| *c == quote));
    let mut at = at + if triple { 3 } else { 1 };
    loop {
        match text.get(at)? {
            '\\' => at += 2,
            c if *c == quote && !triple => return Some(at + 1),
            c if *c == quote && text.get(at..at + 3)?.iter().all(|c| *c == quote) => return Some(at + 3),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The markers below `text` when the part between `⟦` and `⟧` raised.
    fn marked(text: &str) -> Option<String> {
        let place = |mark| text.chars().position(|c| c == mark).unwrap_or_default() as u32;
        let frame = Frame {
            file: "a.py".into(),
            function: "f".into(),
            line: 1,
            column: place('⟦') + 1,
            end_line: 1,
            end_column: place('⟧'),
            text: text.replace(['⟦', '⟧'], ""),
        };
        markers(&frame)
    }

    // What CPython 3.11 prints for each.
    #[test]
    fn markers_are_those_of_cpython() {
        assert_eq!(marked("    return ⟦1 / (x - 3)⟧").as_deref(), Some("       ~~^~~~~~~~~"));
        assert_eq!(marked("⟦f(3)⟧"), None);
        assert_eq!(marked("x = ⟦f(3)⟧").as_deref(), Some("    ^^^^"));
        assert_eq!(marked("⟦a + b * c⟧").as_deref(), Some("~~^~~~~~~"));
        assert_eq!(marked("x = ⟦a * b - c[1]⟧").as_deref(), Some("    ~~~~~~^~~~~~"));
        assert_eq!(marked("x = ⟦a.b[1][i + 2]⟧").as_deref(), Some("    ~~~~~~^^^^^^^"));
        assert_eq!(marked("x = ⟦2 ** 3 ** k⟧").as_deref(), Some("    ~~^^~~~~~~~"));
        assert_eq!(marked("x = ⟦-a[0]⟧").as_deref(), Some("    ^^^^^"));
        assert_eq!(marked("x = ⟦a < b⟧").as_deref(), Some("    ^^^^^"));
        assert_eq!(marked("x = ⟦'a + b' % 1e-5⟧").as_deref(), Some("    ~~~~~~~~^~~~~~"));
        assert_eq!(marked("⟦raise ValueError(1 + 2)⟧"), None);
        assert_eq!(marked("if x: ⟦raise ValueError(1 + 2)⟧").as_deref(), Some("      ^^^^^^^^^^^^^^^^^^^^^^^"));
        assert_eq!(marked("x ⟦+= 1⟧").as_deref(), Some("  ^^^^"));
    }

    #[test]
    fn a_recursion_is_counted() {
        let frame = |line| Frame {
            file: "a.py".into(),
            function: "f".into(),
            line,
            column: 1,
            end_line: line,
            end_column: 2,
            text: String::new(),
        };
        let frames: Vec<_> = std::iter::once(frame(1)).chain((0..7).map(|_| frame(2))).collect();
        let exception = super::super::Exception {
            frames,
            ..super::super::Exception::new("RecursionError", "maximum recursion depth exceeded")
        };
        let one = "  File \"a.py\", line 1, in f\n";
        let two = "  File \"a.py\", line 2, in f\n";
        assert_eq!(
            exception.to_string(),
            format!(
                "Traceback (most recent call last):\n{one}{two}{two}{two}  [Previous line repeated 4 more times]\n\
                 RecursionError: maximum recursion depth exceeded\n"
            )
        );
    }
}
