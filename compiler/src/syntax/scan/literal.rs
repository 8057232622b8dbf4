//! Numbers and strings. Reports: KU0002, KU1007, KU1009.

use super::{Kind, MOST_DIGITS, MOST_OPERATORS, Scanner};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

impl Scanner<'_> {
    pub(super) fn number(&mut self, start: usize) {
        let mut last = 0;
        loop {
            let byte = self.byte(0);
            let signs_exponent = matches!(byte, b'+' | b'-')
                && matches!(last, b'e' | b'E')
                && !matches!(self.bytes().get(start + 1), Some(b'x' | b'X'))
                && self.byte(1).is_ascii_digit();
            if !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || signs_exponent) {
                break;
            }
            last = byte;
            self.at += 1;
        }
        // `1if x` is `1 if x`: what cannot belong to a number is the next word.
        let text = &self.scan.text[start..self.at];
        let is_radix = text.starts_with('0') && text.len() > 1 && text.as_bytes()[1].is_ascii_alphabetic();
        if !is_radix {
            let tail = text.char_indices().find(|(at, c)| {
                let exponent = matches!(c, 'e' | 'E')
                    && text[at + 1..].trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit());
                c.is_ascii_alphabetic() && !exponent && !(matches!(c, 'j' | 'J') && at + 1 == text.len())
            });
            if let Some((at, _)) = tail {
                self.at = start + at;
            }
        }
        let token = self.push(Kind::Number, start);
        if self.at - start > MOST_DIGITS {
            let message = "this number has too many digits";
            let help = "an `int` has 64 bits: it goes up to 9223372036854775807";
            self.scan.fatal.push(Diagnostic::new(Code::LiteralRange, token.span, message).help(help));
        }
    }

    /// Whether a string before, on the same line, ends in the middle of a word: `'it's late'`.
    fn splits_a_word(&self) -> bool {
        let line = self.scan.text[..self.at].rfind('\n').map_or(0, |at| at + 1) as u32 + self.scan.start;
        let mut pairs = self.scan.tokens.windows(2).rev().take_while(|pair| pair[0].span.start >= line);
        pairs.any(|pair| {
            pair[0].kind == Kind::Text && pair[1].kind == Kind::Word && pair[0].span.end == pair[1].span.start
        })
    }

    /// A string; the text from `start` up to here is its prefix.
    pub(super) fn string(&mut self, start: usize) {
        let formatted = self.scan.text[start..self.at].contains(['f', 'F']);
        let opening = self.at;
        let quote = self.byte(0);
        let triple = self.bytes().get(self.at..self.at + 3) == Some(&[quote; 3][..]);
        self.at += if triple { 3 } else { 1 };
        // Depth of braces and how much has been seen of the replacement field that is open.
        let (mut braces, mut field) = (0_u32, 0_u32);
        loop {
            let byte = self.byte(0);
            if self.at >= self.scan.text.len() || (!triple && matches!(byte, b'\n' | b'\r')) {
                let opening = Span::new(self.scan.start + opening as u32, self.span(start).end);
                let quotes = self.scan.text[start..].chars().filter(|c| matches!(c, '"' | '\'')).take(if triple {
                    3
                } else {
                    1
                });
                let message = format!("this string is not closed by `{}`", quotes.collect::<String>());
                let mut diagnostic = Diagnostic::new(Code::UnterminatedString, opening, message).here("it starts here");
                if !triple {
                    diagnostic = if quote == b'\'' && self.splits_a_word() {
                        diagnostic.help("an apostrophe ends a string in `'…'`: put the text into `\"…\"`")
                    } else {
                        diagnostic.help("a string ends on its line; a text of several lines stands in `\"\"\"`")
                    };
                    // What would close the brackets of this line is lost in the string.
                    self.brackets.clear();
                    self.operators.truncate(1);
                }
                self.scan.problems.push(diagnostic);
                break;
            }
            self.at += 1;
            match byte {
                b'\\' => self.at += usize::from(self.at < self.scan.text.len()),
                _ if byte == quote => {
                    if !triple {
                        break;
                    }
                    if self.bytes().get(self.at..self.at + 2) == Some(&[quote; 2][..]) {
                        self.at += 2;
                        break;
                    }
                }
                b'{' => braces += 1,
                b'}' => braces = braces.saturating_sub(1),
                _ => {}
            }
            // What is no letter or digit may be an operator, and an operator is a level of the tree.
            field = if braces == 0 { 0 } else { field + u32::from(!byte.is_ascii_alphanumeric()) };
            if formatted && field > MOST_OPERATORS {
                self.too_many(self.span(start), "this replacement field is too long");
                return;
            }
        }
        // An escape may have stepped into a character of several bytes.
        while !self.scan.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.push(Kind::Text, start);
    }
}
