//! Source files in one address space, so that a `Span` is two numbers wherever it comes from.
//! In: names and texts of files. Out: `Sources`, `Span`.

use crate::arena::{Arena, Id};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};

/// A range of bytes in the common address space of [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Whether it lies in the user's text or in the prelude's.
    pub fn origin(self) -> Origin {
        if self.start < LIBRARY_START { Origin::User } else { Origin::Prelude }
    }

    /// The span from `start` up to `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// The first address of the library's files: those of a program come before them, however many there are, so that
/// the library's addresses never change.
const LIBRARY_START: u32 = 1 << 31;

thread_local! {
    /// The spans that were written, in order.
    static WRITTEN: RefCell<Vec<Span>> = const { RefCell::new(Vec::new()) };
    /// How many spans were read.
    static READ: Cell<u32> = const { Cell::new(0) };
}

/// A span of the library has a number in the trees that are built in, and it is not even written: it is the next one.
/// Where it lies in the text is written elsewhere (`places_in`), and only errors of ours ask for it.
impl Serialize for Span {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        assert_eq!(self.origin(), Origin::Prelude, "every part of the library's trees has its place");
        WRITTEN.with_borrow_mut(|written| written.push(*self));
        to.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        <()>::deserialize(from)?;
        let number = READ.replace(READ.get() + 1);
        // One address for its start, one for its end.
        let start = LIBRARY_START + 2 * number;
        Ok(Self { start, end: start + 1 })
    }
}

/// The spans that are read next have the numbers from here on.
pub(crate) fn begin_spans(number: u32) {
    READ.set(number);
}

/// The spans that were written since the last call, in the order of their numbers.
#[expect(dead_code, reason = "build.rs alone writes trees")]
pub(crate) fn take_spans() -> Vec<Span> {
    WRITTEN.take()
}

/// Where spans lie in their file: how far each begins from where the one before it began, and its length.
#[expect(dead_code, reason = "build.rs alone writes trees")]
pub(crate) fn places_in(file: &File, spans: &[Span]) -> Vec<(i32, u32)> {
    let mut before = file.start;
    let place = |span: &Span| {
        let distance = span.start.wrapping_sub(std::mem::replace(&mut before, span.start));
        (distance as i32, span.end - span.start)
    };
    spans.iter().map(place).collect()
}

/// Where a file comes from: it decides how errors in it are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Written by the user.
    User,
    /// Part of Kukri's own library: an error in it is a compiler bug, and tracebacks do not show it.
    Prelude,
}

/// One file of Python text.
#[derive(Debug)]
pub struct File {
    /// The path as the user gave it; for display and for imports.
    pub path: String,
    /// The text, after a byte order mark was taken off.
    pub text: Cow<'static, str>,
    /// User or prelude.
    pub origin: Origin,
    start: u32,
    /// How many addresses it has.
    length: u32,
    /// Of a file that is built in: where its spans lie in the text, as postcard writes them.
    places: Option<&'static [u8]>,
    /// The byte of the text that each of those addresses means.
    offsets: OnceCell<Vec<u32>>,
    /// Where every line begins; of few files it is ever asked.
    lines: OnceCell<Vec<Start>>,
}

/// Where a line begins in its file.
#[derive(Clone, Copy, Debug, Default)]
struct Start {
    /// In bytes of UTF-8.
    byte: u32,
    /// In code units of UTF-16.
    utf16: u32,
}

impl File {
    fn new(path: &str, text: Cow<'static, str>, origin: Origin, start: u32, length: u32) -> Self {
        let (offsets, lines) = (OnceCell::new(), OnceCell::new());
        Self { path: path.to_owned(), text, origin, start, length, places: None, offsets, lines }
    }

    /// The whole file as a span.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.start + self.length)
    }

    /// The byte of the text at an address.
    pub fn offset(&self, address: u32) -> u32 {
        let at = address.saturating_sub(self.start);
        let Some(places) = self.places else { return at.min(self.length) };
        let offsets = self.offsets.get_or_init(|| {
            let places: Vec<(i32, u32)> = postcard::from_bytes(places).unwrap_or_default();
            let mut start = 0_u32;
            let place = |(distance, length): (i32, u32)| {
                start = start.wrapping_add_signed(distance);
                [start, start + length]
            };
            places.into_iter().flat_map(place).collect()
        });
        offsets.get(at as usize).copied().unwrap_or_default()
    }

    fn lines(&self) -> &[Start] {
        self.lines.get_or_init(|| {
            let mut start = Start::default();
            let next = line_starts(&self.text).map(|byte| {
                start.utf16 += utf16_length(&self.text[start.byte as usize..byte as usize]);
                start.byte = byte;
                start
            });
            std::iter::once(Start::default()).chain(next).collect()
        })
    }

    /// How many UTF-16 code units stand before this byte of the text, as JavaScript counts.
    pub fn utf16_offset(&self, byte: u32) -> u32 {
        let byte = self.text.floor_char_boundary(byte as usize);
        let lines = self.lines();
        let start = lines[lines.partition_point(|start| start.byte as usize <= byte) - 1];
        start.utf16 + utf16_length(&self.text[start.byte as usize..byte])
    }

    /// The byte of the text before which so many UTF-16 code units stand; its end, if it has not so many.
    pub fn byte_offset(&self, utf16: u32) -> u32 {
        let lines = self.lines();
        let start = lines[lines.partition_point(|start| start.utf16 <= utf16) - 1];
        let mut left = (utf16 - start.utf16) as usize;
        let line = &self.text[start.byte as usize..];
        let found = line.char_indices().find(|(_, c)| {
            let fits = left < c.len_utf16();
            left = left.saturating_sub(c.len_utf16());
            fits
        });
        start.byte + found.map_or(line.len(), |(at, _)| at) as u32
    }

    /// The text of line `line` (from 1) without its line break.
    pub fn line(&self, line: u32) -> &str {
        let first = self.lines().get(line as usize - 1).copied().unwrap_or_default().byte as usize;
        let rest = self.text.get(first..).unwrap_or_default();
        rest.lines().next().unwrap_or_default()
    }
}

/// A place as people count: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode code points, from 1.
    pub column: u32,
}

/// All files of one compilation.
#[derive(Debug)]
pub struct Sources {
    /// The library's, then the program's.
    files: Arena<File>,
    /// How many are the library's.
    library: usize,
    library_end: u32,
    users_end: u32,
}

impl Default for Sources {
    fn default() -> Self {
        Self { files: Arena::default(), library: 0, library_end: LIBRARY_START, users_end: 0 }
    }
}

impl Sources {
    /// Adds a file of the program and gives it the next free addresses.
    pub fn add(&mut self, path: &str, text: &str) -> Id<File> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let start = self.users_end;
        // One address is left between files, so that the end of one is not the start of the next.
        let length = text.len() as u32;
        self.users_end = start + length + 1;
        self.files.push(File::new(path, text.into(), Origin::User, start, length))
    }

    /// Adds a file of the library with its text. These come first.
    pub fn add_library(&mut self, path: &'static str, text: &'static str) -> Id<File> {
        self.push_library(File::new(path, text.into(), Origin::Prelude, self.library_end, text.len() as u32 + 1))
    }

    /// Adds a file of the library whose trees are built in: how many spans these have, and where they lie in the text,
    /// which may both be left out.
    pub fn add_built_in(
        &mut self,
        path: &'static str,
        text: &'static str,
        spans: u32,
        places: &'static [u8],
    ) -> Id<File> {
        let file = File::new(path, text.into(), Origin::Prelude, self.library_end, 2 * spans);
        self.push_library(File { places: Some(places), ..file })
    }

    fn push_library(&mut self, file: File) -> Id<File> {
        assert_eq!(self.users_end, 0, "the library's files come first");
        self.library_end += file.length;
        self.library += 1;
        self.files.push(file)
    }

    /// One file.
    pub fn file(&self, id: Id<File>) -> &File {
        &self.files[id]
    }

    /// Every file: the library's, then the program's in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter().map(|(_, file)| file)
    }

    /// The file that holds `span`. Spans are made by `syntax` alone, so there always is one.
    pub fn file_of(&self, span: Span) -> Id<File> {
        let (library, users) = self.files.as_slice().split_at(self.library);
        let (first, files) = match span.origin() {
            Origin::Prelude => (0, library),
            Origin::User => (library.len(), users),
        };
        let after = files.partition_point(|file| file.start <= span.start);
        Id::new(first + after.checked_sub(1).expect("every span lies in a file that was added"))
    }

    /// The text that `span` covers.
    pub fn text(&self, span: Span) -> &str {
        let file = self.file(self.file_of(span));
        file.text.get(file.offset(span.start) as usize..file.offset(span.end) as usize).unwrap_or_default()
    }

    /// Line and column of an address.
    pub fn position(&self, file: Id<File>, address: u32) -> Position {
        let file = self.file(file);
        let offset = file.offset(address);
        let lines = file.lines();
        let line = lines.partition_point(|start| start.byte <= offset);
        let first = lines[line - 1].byte as usize;
        let column = file.text.get(first..offset as usize).map_or(0, |text| text.chars().count());
        Position { line: line as u32, column: column as u32 + 1 }
    }

    /// Line (from 1) of the start of `span`.
    pub fn line(&self, span: Span) -> u32 {
        self.position(self.file_of(span), span.start).line
    }
}

fn utf16_length(text: &str) -> u32 {
    if text.is_ascii() { text.len() as u32 } else { text.encode_utf16().count() as u32 }
}

/// Offsets after every line break; `\r\n` and a lone `\r` count as one, as in CPython.
fn line_starts(text: &str) -> impl Iterator<Item = u32> {
    let bytes = text.as_bytes();
    (0..bytes.len())
        .filter(|at| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n')))
        .map(|at| at as u32 + 1)
}
