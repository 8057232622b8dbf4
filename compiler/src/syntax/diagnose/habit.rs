//! Habits from Python 2 and other languages, and names that are keywords. In: `Place`. Out: `Diagnostic`. Reports: KU1001,
//! KU1016, KU1017.

use super::{Place, is_keyword, syntax};
use crate::diagnostic::{Code, Diagnostic, suggest};
use crate::source::Span;
use crate::syntax::scan::{Kind, Token};

impl Place<'_, '_> {
    /// `print x`, `except E, e:`, `raise E, x`.
    pub(super) fn old_statement(&self) -> Option<Diagnostic> {
        let first = self.first();
        let head = self.scan.tokens.get(self.line.first)?.span;
        let second = self.scan.tokens.get(self.line.first + 1)?;
        let word = self.word(0);
        match first {
            "print" | "exec" if self.token <= self.line.first + 2 && second.kind != Kind::Open => {
                let is_value =
                    matches!(second.kind, Kind::Word | Kind::Number | Kind::Text) && second.span.start > head.end;
                if !is_value {
                    return None;
                }
                let message = format!("`{first}` is a function: its arguments stand in brackets");
                let diagnostic = Diagnostic::new(Code::OldPython, head, message);
                let last = self.scan.word(self.line.end.wrapping_sub(1));
                if first == "exec" || last == "," {
                    return Some(diagnostic.help("write `print(…)`, with `end=\"\"` to stay on the line"));
                }
                let edits =
                    vec![(Span::new(head.end, second.span.start), "(".to_owned()), (self.line_end(), ")".to_owned())];
                Some(diagnostic.fix("add the brackets", edits))
            }
            "except" if word == "," => {
                let comma = self.span();
                let message = "several exceptions stand in brackets, and a name for the exception follows `as`";
                let diagnostic = Diagnostic::new(Code::OldPython, comma, message);
                let next = self.get(1)?;
                if self.token == self.line.first + 2 && self.scan.word(self.token + 2) == ":" {
                    let is_class = self.scan.text(next.span).starts_with(char::is_uppercase);
                    if !is_class {
                        let edits = vec![(Span::new(comma.start, next.span.start), " as ".to_owned())];
                        return Some(diagnostic.fix("name the exception with `as`", edits));
                    }
                }
                Some(diagnostic.help("write `except (KeyError, ValueError):` or `except ValueError as error:`"))
            }
            "raise" if word == "," => {
                let message = "the message of an exception is its argument";
                let help = "write `raise ValueError(\"…\")`";
                Some(Diagnostic::new(Code::OldPython, self.span(), message).help(help))
            }
            _ => None,
        }
    }

    /// `whlie x:`, `retrun x`: a line that begins with a word that is nearly a keyword.
    pub(super) fn misspelt_keyword(&self) -> Option<Diagnostic> {
        let head = self.scan.tokens.get(self.line.first)?;
        let word = self.scan.text(head.span);
        let ends_in_colon = self.scan.word(self.line.end.wrapping_sub(1)) == ":";
        let is_second = self.token == self.line.first + 1 && self.is_operand(0);
        if head.kind != Kind::Word || is_keyword(word) || !(is_second || ends_in_colon) {
            return None;
        }
        let opens =
            ["if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "with", "match", "case"];
        let others = ["assert", "del", "from", "global", "import", "nonlocal", "raise", "return", "yield"];
        let candidates: &[&str] = if ends_in_colon { &opens } else { &others };
        let meant = suggest::closest(word, candidates.iter().copied()).filter(|meant| *meant != word)?;
        let diagnostic = syntax(head.span, format!("`{word}` is no keyword"));
        Some(diagnostic.fix(format!("write `{meant}`"), vec![(head.span, meant.to_owned())]))
    }

    /// `if x then`, `while x do`.
    pub(super) fn then_word(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let before = self.before()?;
        if !matches!(word, "then" | "do") || !self.is_header() || self.bracket().is_some() {
            return None;
        }
        let diagnostic = syntax(span, format!("Python has no `{word}`: the line ends in `:`"));
        let place = Span::new(before.span.end, span.end);
        match self.word(1) {
            ":" => Some(diagnostic.fix("take it away", vec![(place, String::new())])),
            _ if self.token + 1 >= self.line.end => Some(diagnostic.fix("write `:`", vec![(place, ":".to_owned())])),
            _ => Some(diagnostic.help("write `:` in its place")),
        }
    }

    /// `for (i = 0; i < 3; i++)`, `for i = 1 to 3`.
    pub(super) fn counting_loop(&self, word: &str) -> Option<Diagnostic> {
        if self.first() != "for" || word != "=" {
            return None;
        }
        let place = self.scan.tokens[self.line.first].span.to(self.span());
        let message = "a `for` goes through values: it has no `=`";
        Some(
            syntax(place, message)
                .help("to count from 0 to 9, write `for i in range(10):`; from 1 to 10, `range(1, 11)`"),
        )
    }

    /// `x = 1 // words`: a comment as in C.
    pub(super) fn comment(&self, word: &str) -> Option<Diagnostic> {
        if !(self.is_operand(0) && self.is_operand(-1)) || word.is_empty() {
            return None;
        }
        let slashes = (self.line.first..self.token).rfind(|index| self.scan.word(*index) == "//")?;
        let is_word = |index: usize| self.scan.tokens.get(index).is_some_and(|token| token.kind == Kind::Word);
        if !(slashes + 1..self.token).all(is_word) {
            return None;
        }
        let place = self.scan.tokens[slashes].span;
        let diagnostic = syntax(place, "a comment begins with `#`; `//` divides");
        Some(diagnostic.fix("write `#`", vec![(place, "#".to_owned())]))
    }

    /// `=>` and `=<`, where the parser stops at the `=`.
    pub(super) fn arrow(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let (first, second) = match (word, self.get(1)) {
            ("=", Some(next)) if next.span.start == span.end => (span, next.span),
            _ => {
                let before = self.before().filter(|before| before.span.end == span.start)?;
                (before.span, span)
            }
        };
        let both = first.to(second);
        let written = self.scan.text(both);
        if !matches!(written, "=>" | "=<") {
            return None;
        }
        if self.first() == "def" && written == "=>" {
            let diagnostic = syntax(both, "the type of the result stands after `->`");
            return Some(diagnostic.fix("write `->`", vec![(both, "->".to_owned())]));
        }
        let compares = matches!(self.first(), "if" | "elif" | "while" | "assert" | "return");
        if written == "=>" && !compares {
            let diagnostic = syntax(both, "Python has no `=>`");
            return Some(diagnostic.help("`>=` compares; a function without a name is written `lambda x: x + 1`"));
        }
        let right: String = written.chars().rev().collect();
        let diagnostic = syntax(both, format!("`{written}` is written `{right}`"));
        Some(diagnostic.fix(format!("write `{right}`"), vec![(both, right)]))
    }

    /// `def f(x): int:`.
    pub(super) fn late_result(&self) -> Option<Diagnostic> {
        let (tokens, mut depth) = (self.line_tokens(), 0_i32);
        let mut colons = Vec::new();
        for token in tokens {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth -= 1,
                Kind::Operator if depth == 0 && self.scan.text(token.span) == ":" => colons.push(token.span),
                Kind::Word | Kind::Number | Kind::Text | Kind::Operator | Kind::Unknown => {}
            }
        }
        let [first, last] = colons.as_slice() else { return None };
        if self.first() != "def" || tokens.last()?.span != *last {
            return None;
        }
        let place = Span::new(first.end, last.start);
        let diagnostic = syntax(place, "the type of the result stands before the `:`, after `->`");
        Some(diagnostic.fix("write `->`", vec![(*first, " ->".to_owned())]))
    }

    /// `<>`.
    pub(super) fn old_operator(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let before = self.before()?;
        if word == ">" && self.scan.text(before.span) == "<" && before.span.end == span.start {
            let both = before.span.to(span);
            let diagnostic = Diagnostic::new(Code::OldPython, both, "`<>` is written `!=`");
            return Some(diagnostic.fix("write `!=`", vec![(both, "!=".to_owned())]));
        }
        None
    }

    /// A line that begins with a word of another language.
    pub(super) fn foreign_word(&self) -> Option<Diagnostic> {
        let (meaning, replacement) = match self.first() {
            "function" | "func" | "fn" | "fun" | "sub" | "define" | "procedure" | "proc" | "defun" => {
                ("a function begins with `def`", "def")
            }
            "elseif" | "elsif" => ("`else if` is written `elif`", "elif"),
            "let" | "var" | "const" | "int" | "float" | "double" | "auto" | "string" => {
                ("a variable is made by assigning to it: `x = 1`, or `x: int = 1` to say its type", "")
            }
            "switch" => ("to choose between values, use `match`", "match"),
            "foreach" => ("a loop over values is written `for x in values:`", "for"),
            "until" | "do" | "unless" | "end" | "then" | "begin" => ("Python has no such keyword", ""),
            _ => return None,
        };
        // Only a word that is followed by another one begins such a statement.
        let second = self.scan.tokens.get(self.line.first + 1)?;
        if self.token != self.line.first + 1 || !matches!(second.kind, Kind::Word | Kind::Open) {
            return None;
        }
        let head = self.scan.tokens[self.line.first].span;
        let diagnostic = syntax(head, meaning);
        Some(match replacement {
            "" => diagnostic,
            _ => diagnostic.fix(format!("write `{replacement}`"), vec![(head, replacement.to_owned())]),
        })
    }

    /// `&&`, `||`, `===`, `!==`.
    pub(super) fn doubled_operator(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let before = self.before()?;
        if before.span.end != span.start {
            return None;
        }
        let left = self.scan.text(before.span);
        let replacement = match (left, word) {
            ("&", "&") => "and",
            ("|", "|") => "or",
            ("==", "=") => "==",
            ("!=", "=") => "!=",
            _ => return None,
        };
        let both = before.span.to(span);
        // `a&&b` needs spaces around the word.
        let is_word = matches!(replacement, "and" | "or");
        let left_space =
            if is_word && self.get(-2).is_some_and(|token| token.span.end == both.start) { " " } else { "" };
        let right_space =
            if is_word && self.get(1).is_some_and(|token| token.span.start == both.end) { " " } else { "" };
        let text = format!("{left_space}{replacement}{right_space}");
        let message = format!("`{left}{word}` is written `{replacement}`");
        Some(syntax(both, message).fix(format!("write `{replacement}`"), vec![(both, text)]))
    }

    /// `x++` and `x--`.
    pub(super) fn increment(&self, before: Token) -> Option<Diagnostic> {
        let sign = self.scan.text(before.span);
        let earlier = self.get(-2)?;
        let is_double =
            matches!(sign, "+" | "-") && self.scan.text(earlier.span) == sign && earlier.span.end == before.span.start;
        if !is_double {
            return None;
        }
        let both = earlier.span.to(before.span);
        let diagnostic = syntax(both, format!("Python has no `{sign}{sign}`"));
        let is_whole = self.token == self.line.first + 3 && self.token == self.line.end;
        if is_whole {
            return Some(diagnostic.fix("add one with an assignment", vec![(both, format!(" {sign}= 1"))]));
        }
        Some(diagnostic.help(format!("write `x {sign}= 1` as a statement of its own")))
    }

    /// `=` and `:=` where they cannot stand.
    pub(super) fn equals(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let first = self.first();
        let bracket = self.bracket();
        if word == ":=" {
            if bracket.is_none() && self.token == self.line.first + 1 {
                let message = "`:=` stands inside an expression; a statement assigns with `=`";
                let diagnostic = Diagnostic::new(Code::AssignmentInExpression, span, message);
                return Some(diagnostic.fix("write `=`", vec![(span, "=".to_owned())]));
            }
            let message = "`:=` cannot stand here";
            let help = "put it in brackets, with a plain name on its left: `(n := len(x))`";
            return Some(Diagnostic::new(Code::AssignmentInExpression, span, message).help(help));
        }
        if word != "=" {
            return None;
        }
        // `f(lambda=1)` is about the keyword.
        if self.before().is_some_and(|token| is_keyword(self.scan.text(token.span))) {
            return None;
        }
        if matches!(first, "if" | "elif" | "while" | "assert" | "return") || (bracket.is_some() && !self.in_call()) {
            let message = "`=` assigns and cannot stand inside an expression; `==` compares";
            let diagnostic = Diagnostic::new(Code::AssignmentInExpression, span, message);
            if let Some((_, "{")) = bracket {
                return Some(diagnostic.help("in a dict, a key and its value are written `key: value`"));
            }
            return Some(diagnostic.fix("compare with `==`", vec![(span, "==".to_owned())]));
        }
        if bracket.is_some() {
            let message = "the left side of `=` in a call must be the name of a parameter";
            let help = "to compare, write `==`";
            return Some(Diagnostic::new(Code::AssignmentInExpression, span, message).help(help));
        }
        None
    }

    /// Whether the innermost bracket is that of a call: it follows a name or a closing bracket directly.
    pub(super) fn in_call(&self) -> bool {
        let Some((index, "(")) = self.bracket() else { return false };
        let Some(before) = index.checked_sub(1).filter(|before| *before >= self.line.first) else { return false };
        let token = self.scan.tokens[before];
        match token.kind {
            Kind::Close => true,
            Kind::Word => !is_keyword(self.scan.text(token.span)),
            Kind::Number | Kind::Text | Kind::Operator | Kind::Open | Kind::Unknown => false,
        }
    }

    /// `lambda = 550e-9`, `def from(x):`, `f(lambda=1)`.
    pub(super) fn keyword_as_name(&self) -> Option<Diagnostic> {
        let is_assigned = |index: usize| {
            let next = self.scan.word(index + 1);
            is_keyword(self.scan.word(index)) && matches!(next, "=" | "+=" | "-=" | "*=" | "/=")
        };
        let before = self.token.checked_sub(1).filter(|before| *before >= self.line.first);
        let index = if is_assigned(self.line.first) {
            self.line.first
        } else if let Some(before) = before.filter(|before| is_assigned(*before)) {
            before
        } else if is_keyword(self.word(0))
            && (is_assigned(self.token)
                || before.is_some_and(|at| matches!(self.scan.word(at), "def" | "class" | "." | "as" | "global"))
                || (self.first() == "def" && self.bracket().is_some()))
        {
            self.token
        } else {
            return None;
        };
        let word = self.scan.word(index);
        if matches!(word, "None" | "True" | "False") {
            return None;
        }
        let message = format!("`{word}` is a keyword and cannot be a name");
        Some(syntax(self.scan.tokens[index].span, message).help(format!("use another name, by custom `{word}_`")))
    }
}
