//! Single characters: which can be in names, and what to say about those that Python does not know. Reports: KU1006, KU1017.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Whether a name can begin with `c` (nearly: the parser has the exact tables).
pub(super) fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// Whether a name can go on with `c` (nearly: the parser has the exact tables).
pub(super) fn continues_name(c: char) -> bool {
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    // Combining accents go on; `²`, `½`, `①` are numbers for Unicode, but no digits.
    let is_digit =
        c.is_numeric() && !matches!(c, '²' | '³' | '¹' | '¼'..='¾' | '\u{2070}'..='\u{2189}' | '\u{2460}'..='\u{249b}');
    c.is_alphabetic() || is_digit || ('\u{300}'..='\u{36f}').contains(&c)
}

/// The letter that Python takes `c` for in a name. Names are compared in their normal form NFKC (PEP 3131), which
/// matters for the letters that look like Greek ones and are typed in their place: `µ` on a keyboard is not `μ`.
pub(super) fn normal(c: char) -> char {
    match c {
        'µ' => 'μ',
        '\u{2126}' => 'Ω',
        'ϐ' => 'β',
        'ϑ' => 'θ',
        'ϕ' => 'φ',
        'ϖ' => 'π',
        'ϰ' => 'κ',
        'ϱ' => 'ρ',
        'ϵ' => 'ε',
        'ℓ' => 'l',
        'ℎ' => 'h',
        'ℏ' => 'ħ',
        '\u{212b}' => 'Å',
        _ => c,
    }
}

/// For a backquote or typographic quote, the characters that can close what it opens.
pub(super) fn closing_quote(open: char) -> Option<&'static str> {
    match open {
        '`' => Some("`"),
        '“' | '”' | '„' | '«' | '»' => Some("”“«»"),
        '‘' | '’' | '‚' => Some("’‘"),
        _ => None,
    }
}

/// What is written instead, for characters that look like another one.
fn meant(c: char) -> Option<&'static str> {
    Some(match c {
        '−' | '–' | '—' | '‐' | '‑' => "-",
        '×' | '·' | '∙' | '⋅' | '＊' => "*",
        '÷' | '∕' => "/",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '…' => "...",
        '²' => "**2",
        '³' => "**3",
        '，' | '、' => ",",
        '：' => ":",
        '；' => ";",
        '（' => "(",
        '）' => ")",
        '［' => "[",
        '］' => "]",
        '＝' => "=",
        '＋' => "+",
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => "",
        _ => return None,
    })
}

/// The report on a character that stands where none of its kind can.
pub(super) fn explain(c: char, text: &str, span: Span) -> Diagnostic {
    if c == '`' {
        let help = "backquotes were `repr(…)` in Python 2; write `repr(x)`, or use plain quotes for a string";
        return Diagnostic::new(Code::OldPython, span, "backquotes mean nothing").help(help);
    }
    if let Some(closing) = closing_quote(c) {
        let plain = if closing.contains('’') { "'" } else { "\"" };
        let message = format!("`{c}` is a typographic quote; strings stand in `\"` or `'`");
        let diagnostic = Diagnostic::new(Code::InvalidCharacter, span, message);
        let inside = text.strip_prefix(c).and_then(|rest| rest.strip_suffix(|c| closing.contains(c)));
        return match inside {
            Some(inside) if !inside.contains(plain) && !inside.contains('\\') => {
                diagnostic.fix("use plain quotes", vec![(span, format!("{plain}{inside}{plain}"))])
            }
            _ => diagnostic.help("use plain quotes"),
        };
    }
    let code = Code::InvalidCharacter;
    let number = c as u32;
    if let Some(meant) = meant(c) {
        let (message, title) = match meant {
            "" => (format!("an invisible character stands here (U+{number:04X})"), "take it away".to_owned()),
            " " => (format!("this is not a plain space (U+{number:04X})"), "use a plain space".to_owned()),
            _ => (format!("Python does not know `{c}`"), format!("write `{meant}`")),
        };
        return Diagnostic::new(code, span, message).fix(title, vec![(span, meant.to_owned())]);
    }
    match c {
        '!' => {
            let help = "`not x` negates, and `a != b` compares";
            Diagnostic::new(code, span, "Python does not know `!` alone").help(help)
        }
        '?' => Diagnostic::new(code, span, "Python does not know `?`").help("a choice is written `a if test else b`"),
        '$' => Diagnostic::new(code, span, "Python does not know `$`").help("names begin with a letter or `_`"),
        _ if c.is_control() => Diagnostic::new(code, span, format!("a control character stands here (U+{number:04X})"))
            .help("take it away; in a string, write it as an escape such as `\\x1b`"),
        _ => Diagnostic::new(code, span, format!("Python does not know `{c}` (U+{number:04X})"))
            .help("names are made of letters, digits and `_`; other characters belong in strings and comments"),
    }
}
