//! Strings and numbers that are not complete. In: `Place`. Out: `Diagnostic`. Reports: KU1001, KU1008, KU1011, KU1014,
//! KU1015, KU1017.

use super::{Place, shortened, syntax};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::scan::{Kind, Token};

impl Place<'_, '_> {
    /// The string around the failure; the parser tells a place inside it or just past it.
    pub(super) fn string(&self) -> Option<Token> {
        let covers =
            |token: &&Token| token.kind == Kind::Text && token.span.start <= self.at && self.at <= token.span.end;
        let near = self.token.saturating_sub(1)..(self.token + 1).min(self.scan.tokens.len());
        self.scan.tokens[near].iter().find(covers).copied()
    }

    pub(super) fn bad_escape(&self) -> Diagnostic {
        let Some(string) = self.string() else {
            return Diagnostic::new(Code::InvalidString, self.span(), "this escape is not complete");
        };
        // The last backslash before the place is that of the escape.
        let head = self.scan.text(Span::new(string.span.start, self.at.max(string.span.start)));
        let text = self.scan.text(string.span);
        let (start, kind) = match head.rfind('\\') {
            Some(at) => (string.span.start + at as u32, text[at + 1..].chars().next().unwrap_or('\\')),
            None => (string.span.start, '\\'),
        };
        let needs = match kind {
            'x' => "`\\x` needs two hexadecimal digits",
            'u' => "`\\u` needs four hexadecimal digits",
            'U' => "`\\U` needs eight hexadecimal digits, at most `0010ffff`",
            'N' => "`\\N{…}` needs the Unicode name of a character",
            _ => "this escape is not complete",
        };
        let length = if start == string.span.start { text.len() as u32 } else { 2 };
        let diagnostic = Diagnostic::new(Code::InvalidString, Span::new(start, start + length), needs);
        if text.starts_with(['"', '\'']) {
            let place = Span::new(string.span.start, string.span.start);
            return diagnostic
                .fix("make it a raw string, where `\\` is an ordinary character", vec![(place, "r".to_owned())]);
        }
        diagnostic.help("double the backslash to write one")
    }

    pub(super) fn bad_fstring(&self, words: &str) -> Diagnostic {
        let place = self.string().map_or_else(|| self.span(), |token| token.span);
        let text = self.scan.text(place);
        let diagnostic = |message: &str| Diagnostic::new(Code::InvalidString, place, message);
        if words.contains("single '}'") {
            return diagnostic("a `}` closes no `{` in this f-string").help("to write a brace, double it: `}}`");
        }
        if words.contains("empty expression") {
            return diagnostic("a replacement field of this f-string is empty")
                .help("to write braces, double them: `{{}}`");
        }
        if words.contains("expecting '}'") || words.contains("unclosed") {
            return diagnostic("a `{` of this f-string is not closed, or its expression is not one Python reads")
                .help("to write a brace, double it: `{{`");
        }
        if words.contains("too deeply") {
            return diagnostic("replacement fields are nested too deeply in this f-string");
        }
        if words.contains("conversion") {
            return diagnostic("after `!` in a replacement field stands `r`, `s` or `a`");
        }
        if text.contains('\\') && words.contains("unterminated") {
            return diagnostic(
                "a replacement field of this f-string holds a backslash, or a string that is not closed",
            )
            .help("Python 3.11 allows no backslash there: give the expression a name first");
        }
        diagnostic("a replacement field of this f-string is no expression").help(
            "between `{` and `}` (or `!` or `:`) stands what could stand in brackets; to write a brace, double it",
        )
    }

    pub(super) fn bad_number(&self, span: Span) -> Diagnostic {
        let text = self.scan.text(span);
        let digits = text.trim_start_matches('0');
        let is_decimal = text.starts_with('0') && text.chars().all(|c| c.is_ascii_digit());
        if is_decimal && digits.chars().all(|c| c < '8') {
            let diagnostic = Diagnostic::new(Code::OldPython, span, "octal numbers begin with `0o`");
            return diagnostic.fix("write it as octal", vec![(span, format!("0o{digits}"))]);
        }
        if is_decimal {
            let diagnostic = Diagnostic::new(Code::OldPython, span, "a decimal number cannot begin with `0`");
            return diagnostic.fix("take the zeros off", vec![(span, digits.to_owned())]);
        }
        let diagnostic = syntax(span, format!("`{}` is not a number", shortened(text)));
        if text.matches('.').count() > 1 {
            return diagnostic.help("a number has one point at most");
        }
        diagnostic.help("`_` may stand between two digits, and `0x`, `0o`, `0b` need digits of their kind")
    }

    pub(super) fn other(&self, words: &str) -> Diagnostic {
        let number = self.token.checked_sub(1).and_then(|index| self.scan.tokens.get(index)).copied();
        let number = [self.get(0), number]
            .into_iter()
            .flatten()
            .find(|token| token.kind == Kind::Number && token.span.start <= self.at && self.at <= token.span.end);
        if let Some(number) = number {
            return self.bad_number(number.span);
        }
        if words.contains("bytes") {
            let place = self.string().map_or_else(|| self.span(), |token| token.span);
            let message = if words.contains("mix") {
                "strings and bytes cannot be joined"
            } else {
                "bytes hold ASCII characters only"
            };
            let help = "write other bytes as `\\xff`, or encode a string: `\"…\".encode()`";
            return Diagnostic::new(Code::InvalidString, place, message).help(help);
        }
        if words.contains("bare *") {
            return Diagnostic::new(Code::ArgumentOrder, self.span(), "parameters must follow a bare `*`")
                .help("those after it can only be given by name");
        }
        if words.contains("starred expression") {
            let help =
                "`*value` unpacks into a call, a list, a tuple or a set; with a comma it is a tuple: `(*value,)`";
            return Diagnostic::new(Code::MisplacedStatement, self.span(), "`*` cannot stand here").help(help);
        }
        if words.contains("'_' as a target") {
            let message = "`_` takes no value in a pattern";
            return Diagnostic::new(Code::InvalidPattern, self.span(), message).help("use another name after `as`");
        }
        syntax(self.span(), words.to_owned())
    }
}
