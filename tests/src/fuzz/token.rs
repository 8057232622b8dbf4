//! The pieces that mutations work on. In: Python text, broken or not. Out: `Token`s, statements, values.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name that is no keyword.
    Name,
    /// A keyword.
    Keyword,
    /// A number.
    Number,
    /// A string, prefix and quotes included.
    Text,
    /// An operator or delimiter.
    Operator,
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
}

/// A token and where it is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

const KEYWORDS: [&str; 38] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "match", "case", "_",
];

const LONG: [&str; 24] = [
    "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "@=", ":=",
];

/// The tokens of a text, without comments and line ends.
pub fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let kind = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'\\' | 0x0c => {
                at += 1;
                continue;
            }
            b'#' => {
                at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
                continue;
            }
            b'0'..=b'9' => {
                while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')) {
                    at += 1;
                    // The sign of an exponent.
                    let sign = matches!(bytes.get(at), Some(b'+' | b'-')) && matches!(bytes[at - 1], b'e' | b'E');
                    at += usize::from(sign && !text[start..at].starts_with("0x"));
                }
                Kind::Number
            }
            b'"' | b'\'' => {
                at = string_end(bytes, at);
                Kind::Text
            }
            b'(' | b'[' | b'{' => {
                at += 1;
                Kind::Open
            }
            b')' | b']' | b'}' => {
                at += 1;
                Kind::Close
            }
            _ if is_letter(byte) => {
                while bytes.get(at).is_some_and(|byte| is_letter(*byte) || byte.is_ascii_digit()) {
                    at += 1;
                }
                let word = &text[start..at];
                if word.len() <= 2 && matches!(bytes.get(at), Some(b'"' | b'\'')) {
                    at = string_end(bytes, at);
                    Kind::Text
                } else if KEYWORDS.contains(&word) {
                    Kind::Keyword
                } else {
                    Kind::Name
                }
            }
            _ => {
                at += LONG.iter().find(|long| text[start..].starts_with(**long)).map_or(1, |long| long.len());
                Kind::Operator
            }
        };
        tokens.push(Token { kind, start, end: at });
    }
    tokens
}

/// Letters; every character beyond ASCII counts as one.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// Where the string that begins at `at` ends.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    let quote = bytes[at];
    let triple = bytes[at..].starts_with(&[quote; 3]);
    at += if triple { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            b'\\' => 2,
            b'\n' if !triple => return at,
            _ if byte == quote && !triple => return at + 1,
            _ if byte == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => 1,
        };
    }
    bytes.len()
}

/// The index after the bracket that the token `open` opens.
pub fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(index + 1);
        }
    }
    None
}

/// Values as they stand between operators: a name, a literal or a bracket, with the attributes, calls and subscripts
/// behind it. As ranges of bytes.
pub fn values(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let word = |index: usize| tokens.get(index).map_or("", |token| &text[token.start..token.end]);
    for (index, token) in tokens.iter().enumerate() {
        let before = index.checked_sub(1).map_or("", word);
        if matches!(before, "." | "def" | "class" | "import" | "as" | "from" | "global" | "nonlocal") {
            continue;
        }
        let mut next = match token.kind {
            Kind::Name | Kind::Number | Kind::Text => index + 1,
            Kind::Keyword if matches!(word(index), "None" | "True" | "False") => index + 1,
            Kind::Open
                if !matches!(
                    tokens.get(index.wrapping_sub(1)).map(|token| token.kind),
                    Some(Kind::Name | Kind::Close)
                ) =>
            {
                let Some(next) = closing(tokens, index) else { continue };
                next
            }
            _ => continue,
        };
        // `name=value` in a call, and a parameter's `name: type`, are not values.
        if word(next) == "=" {
            continue;
        }
        found.push(token.start..tokens[next - 1].end);
        loop {
            next = match word(next) {
                "." if tokens.get(next + 1).is_some_and(|token| token.kind == Kind::Name) => next + 2,
                "(" | "[" if tokens[next].start == tokens[next - 1].end => match closing(tokens, next) {
                    Some(next) => next,
                    None => break,
                },
                _ => break,
            };
            found.push(token.start..tokens[next - 1].end);
        }
    }
    found
}

/// The arguments between the brackets that `open` opens, as ranges of bytes without the commas.
pub fn items(text: &str, tokens: &[Token], open: usize) -> Vec<Range<usize>> {
    let Some(end) = closing(tokens, open) else { return Vec::new() };
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, None);
    for token in &tokens[open + 1..end - 1] {
        let is_comma = depth == 0 && &text[token.start..token.end] == ",";
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if is_comma {
            found.extend(start.take());
        } else {
            let from = start.map_or(token.start, |range: Range<usize>| range.start);
            start = Some(from..token.end);
        }
    }
    found.extend(start);
    found
}

/// A line with the lines of its block: indices of lines, and its indentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The lines.
    pub lines: Range<usize>,
    /// Columns.
    pub indent: usize,
}

/// The statements of a text, inner ones included. Lines inside brackets or strings belong to where they began.
pub fn statements(text: &str, tokens: &[Token]) -> Vec<Statement> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line_of = |at: usize| starts.partition_point(|start| *start <= at) - 1;
    let mut heads: Vec<(usize, usize)> = Vec::new();
    let (mut depth, mut last) = (0_usize, None);
    for token in tokens {
        let line = line_of(token.start);
        if depth == 0 && last != Some(line) {
            heads.push((line, token.start - starts[line]));
        }
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        last = Some(line_of(token.end - 1));
    }
    let count = starts.len();
    let mut found = Vec::new();
    for (index, (line, indent)) in heads.iter().enumerate() {
        let end = heads[index + 1..].iter().find(|(_, other)| other <= indent).map_or(count, |(line, _)| *line);
        found.push(Statement { lines: *line..end, indent: *indent });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{items, statements, tokens, values};

    #[test]
    fn values_end_where_operators_begin() {
        let text = "x = f(a, b=1)[0].y + (2, 'a')";
        let found: Vec<_> = values(text, &tokens(text)).into_iter().map(|range| &text[range]).collect();
        let expected = ["f", "f(a, b=1)", "f(a, b=1)[0]", "f(a, b=1)[0].y", "a", "1", "0", "(2, 'a')", "2", "'a'"];
        assert_eq!(found, expected);
    }

    #[test]
    fn items_stand_between_commas() {
        let text = "f(a, (b, c), d=[1, 2])";
        let found: Vec<_> = items(text, &tokens(text), 1).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["a", "(b, c)", "d=[1, 2]"]);
    }

    #[test]
    fn statements_hold_their_blocks() {
        let text = "if x:\n    y = (1,\n2)\n    z = '''\na'''\nw = 1\n";
        let lines: Vec<_> = statements(text, &tokens(text)).into_iter().map(|found| found.lines).collect();
        assert_eq!(lines, [0..5, 1..3, 3..5, 5..7]);
    }
}
