//! Bytes of a file to text, as CPython reads it (PEP 263). In: bytes. Out: text. Reports: KU0002, KU1018.

use super::scan::LONGEST;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{File, Span};
use std::ops::Range;

/// Why bytes are no Python text. Its `text` can stand in [`crate::source::Sources`] so that the place can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecodable {
    /// The text as far as it can be read; what cannot is U+FFFD.
    pub text: String,
    /// Where in `text` the problem is, in bytes.
    pub place: Range<usize>,
    code: Code,
    message: String,
    help: String,
}

impl Undecodable {
    /// The report, once `text` is the text of `file`.
    pub fn diagnostic(&self, file: &File) -> Diagnostic {
        let start = file.span().start;
        let place = Span::new(start + self.place.start as u32, start + self.place.end as u32);
        Diagnostic::new(self.code, place, self.message.as_str()).help(self.help.as_str())
    }
}

/// An encoding that can be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Latin1,
    Ascii,
}

/// Reads a file: UTF-8, unless a comment in one of the first two lines says `coding: latin-1` or `coding: ascii`.
/// A byte order mark is taken off. Line ends stay as they are.
///
/// # Errors
/// Bytes that the encoding does not have, encodings that are not known, and files that are too long.
pub fn decode(bytes: &[u8]) -> Result<String, Box<Undecodable>> {
    if bytes.len() > LONGEST {
        return Err(Box::new(Undecodable {
            text: String::new(),
            place: 0..0,
            code: Code::Limit,
            message: format!("this file is longer than {} megabytes", LONGEST >> 20),
            help: "a program does not hold its data: read it from a file while it runs".to_owned(),
        }));
    }
    let (marked, bytes) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (true, rest),
        None => (false, bytes),
    };
    let problem = |place: Range<usize>, message: String, help: &str| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        // What could not be read became three bytes, so places after it have moved.
        let end = place.end.min(text.len());
        let place = text.floor_char_boundary(place.start.min(end))..text.ceil_char_boundary(end);
        let help = help.to_owned();
        Box::new(Undecodable { text, place, code: Code::BadEncoding, message, help })
    };
    let mut encoding = Encoding::Utf8;
    if let Some((name, place)) = declared(bytes) {
        let Some(known) = known(&name) else {
            let message = format!("the encoding `{name}` is not known");
            return Err(problem(place, message, "save the file as UTF-8 and take the comment away"));
        };
        encoding = known;
        if marked && encoding != Encoding::Utf8 {
            let message = format!("the file says `{name}`, but begins with the mark of UTF-8");
            return Err(problem(place, message, "take the comment away"));
        }
    }
    match encoding {
        Encoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => {
                let at = error.valid_up_to();
                let byte = bytes.get(at).copied().unwrap_or_default();
                let message = format!("this is not UTF-8: byte 0x{byte:02x} at offset {at}");
                let help = "save the file as UTF-8, or say what it is in its first line: `# coding: latin-1`";
                Err(problem(at..at + 1, message, help))
            }
        },
        Encoding::Latin1 => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Encoding::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
            None => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
            Some(at) => {
                let message = format!("this is not ASCII: byte 0x{:02x} at offset {at}", bytes[at]);
                Err(problem(at..at + 1, message, "save the file as UTF-8 and take the comment away"))
            }
        },
    }
}

/// The encoding that a comment in the first two lines names, and where; the second line counts if the first is
/// empty or a comment.
fn declared(bytes: &[u8]) -> Option<(String, Range<usize>)> {
    let mut start = 0;
    for _ in 0..2 {
        let rest = bytes.get(start..)?;
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let line = &rest[..length];
        let blank = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | 0x0c)).count();
        match line.get(blank) {
            None => {}
            Some(b'#') => {
                if let Some(found) = named(line) {
                    let (from, to) = (found.start, found.end);
                    let name = String::from_utf8_lossy(&line[found]).into_owned();
                    return Some((name, start + from..start + to));
                }
            }
            Some(_) => return None,
        }
        let is_pair = rest.get(length..length + 2) == Some(b"\r\n");
        start += length + if is_pair { 2 } else { 1 };
    }
    None
}

/// PEP 263: `coding[:=][ \t]*([-_.a-zA-Z0-9]+)`.
fn named(comment: &[u8]) -> Option<Range<usize>> {
    let word = b"coding";
    for at in 0..comment.len().saturating_sub(word.len()) {
        if comment[at..].starts_with(word) && matches!(comment[at + word.len()], b':' | b'=') {
            let from = at + word.len() + 1;
            let from = from + comment[from..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            let length = comment[from..].iter().take_while(is_name).count();
            if length > 0 {
                return Some(from..from + length);
            }
        }
    }
    None
}

fn known(name: &str) -> Option<Encoding> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    // CPython takes `utf-8-sig`, `utf-8-unix` … for UTF-8, and so on.
    let is = |known: &str| name == known || name.strip_prefix(known).is_some_and(|rest| rest.starts_with('-'));
    if is("utf-8") || name == "utf8" {
        Some(Encoding::Utf8)
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") || matches!(&*name, "latin1" | "l1" | "iso8859-1")
    {
        Some(Encoding::Latin1)
    } else if matches!(&*name, "ascii" | "us-ascii") {
        Some(Encoding::Ascii)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::source::Sources;

    #[test]
    fn reads_what_cpython_reads() {
        for (bytes, text) in [
            (&b"x = 1\n"[..], "x = 1\n"),
            ("s = 'é'\r\n".as_bytes(), "s = 'é'\r\n"),
            (b"\xef\xbb\xbfx = 1", "x = 1"),
            (b"# -*- coding: latin-1 -*-\ns = '\xe9'", "# -*- coding: latin-1 -*-\ns = 'é'"),
            (
                b"#!/usr/bin/python\n# vim: set fileencoding=iso-8859-1 :\n\xe9",
                "#!/usr/bin/python\n# vim: set fileencoding=iso-8859-1 :\né",
            ),
            (b"\r\n# coding: Latin_1\r\n\xe9", "\r\n# coding: Latin_1\r\né"),
            (b"# coding: utf-8-unix\n", "# coding: utf-8-unix\n"),
            (b"x = 1\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n"),
            (b"", ""),
        ] {
            assert_eq!(decode(bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn says_what_it_cannot_read() {
        for (bytes, expected, line) in [
            (&b"x = 1\ns = '\xe9'\n"[..], "this is not UTF-8: byte 0xe9 at offset 11", 2),
            (b"# coding: utf-16\n", "the encoding `utf-16` is not known", 1),
            (b"# coding: ascii\n\n\xe9", "this is not ASCII: byte 0xe9 at offset 17", 3),
            (b"\xef\xbb\xbf# coding: latin-1\n", "the file says `latin-1`, but begins with the mark of UTF-8", 1),
            (b"x = 1\n# coding: latin-1\n\xe9", "this is not UTF-8: byte 0xe9 at offset 24", 3),
            (b"\xff", "this is not UTF-8: byte 0xff at offset 0", 1),
        ] {
            let problem = decode(bytes).expect_err("it cannot be read");
            let mut sources = Sources::default();
            let file = sources.add("t.py", &problem.text);
            let diagnostic = problem.diagnostic(sources.file(file));
            assert_eq!(diagnostic.message, expected);
            assert_eq!(sources.line(diagnostic.span()), line, "{expected}");
        }
    }
}
