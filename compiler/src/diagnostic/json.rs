//! Diagnostics for programs. In: `Sources`, `Diagnostic`. Out: one JSON object.

use super::{Diagnostic, text};
use crate::source::{Sources, Span};
use serde::Serialize;

/// `{"diagnostics": […]}`; each with its code, places, help, fix, and the text for people.
///
/// Lines and columns count from 1, columns in characters; `offset` is in bytes of UTF-8 and `utf16` in UTF-16 code
/// units, both from the start of the file, as Rust and JavaScript count.
pub fn render_json(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    to_json(sources, diagnostics, |diagnostic| Some(text::render(sources, diagnostic, false)))
}

/// The same without the text, for those who show the rest in a way of their own: most of the time goes into it.
pub fn render_json_without_text(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    to_json(sources, diagnostics, |_| None)
}

fn to_json(sources: &Sources, diagnostics: &[Diagnostic], text: impl Fn(&Diagnostic) -> Option<String>) -> String {
    let records = diagnostics.iter().map(|diagnostic| Record::new(sources, diagnostic, text(diagnostic)));
    let records = Records { diagnostics: records.collect() };
    // Strings, numbers and lists always have a JSON form.
    serde_json::to_string(&records).unwrap_or_default()
}

#[derive(Serialize)]
struct Records<'a> {
    diagnostics: Vec<Record<'a>>,
}

#[derive(Serialize)]
struct Record<'a> {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: &'a str,
    labels: Vec<Words<'a>>,
    help: &'a [String],
    fix: Option<Change<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rendered: Option<String>,
}

/// A label: its place and its words.
#[derive(Serialize)]
struct Words<'a> {
    primary: bool,
    text: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct Change<'a> {
    title: &'a str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    text: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
    offset: u32,
    utf16: u32,
}

impl<'a> Record<'a> {
    fn new(sources: &'a Sources, diagnostic: &'a Diagnostic, rendered: Option<String>) -> Self {
        let labels = diagnostic.labels.iter().enumerate();
        let labels = labels.map(|(index, label)| Words {
            primary: index == 0,
            text: &label.text,
            place: place(sources, label.span),
        });
        let fix = diagnostic.fix.as_ref().map(|fix| {
            let edits = fix.edits.iter().map(|(span, text)| Edit { text, place: place(sources, *span) });
            Change { title: &fix.title, edits: edits.collect() }
        });
        Self {
            code: diagnostic.code.number(),
            name: diagnostic.code.name(),
            severity: diagnostic.code.severity().word(),
            message: &diagnostic.message,
            labels: labels.collect(),
            help: &diagnostic.help,
            fix,
            rendered,
        }
    }
}

fn place(sources: &Sources, span: Span) -> Place<'_> {
    let id = sources.file_of(span);
    let file = sources.file(id);
    let point = |address: u32| {
        let position = sources.position(id, address);
        let offset = file.text.floor_char_boundary(file.offset(address) as usize);
        let utf16 = file.utf16_offset(offset as u32);
        Point { line: position.line, column: position.column, offset: offset as u32, utf16 }
    };
    Place { file: &file.path, start: point(span.start), end: point(span.end.max(span.start)) }
}

#[cfg(test)]
mod tests {
    use super::{render_json, render_json_without_text};
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::{Sources, Span};

    #[test]
    fn holds_everything() {
        let mut sources = Sources::default();
        sources.add("a.py", "x = '😀' + 1\n");
        let place = Span::new(12, 13);
        let diagnostic = Diagnostic::new(Code::UnsupportedOperand, place, "`str` + `int`")
            .here("an `int`")
            .label(Span::new(4, 10), "a `str`")
            .help("convert")
            .fix("write `str`", vec![(place, "str(1)".to_owned())]);
        let diagnostics = [diagnostic];
        let mut json: serde_json::Value =
            serde_json::from_str(&render_json(&sources, &diagnostics)).expect("it is JSON");
        let record = &json["diagnostics"][0];
        assert_eq!(record["code"], "KU3002");
        assert_eq!(record["name"], "unsupported-operand");
        assert_eq!(record["severity"], "error");
        assert_eq!(record["labels"][0]["primary"], true);
        assert_eq!(record["labels"][0]["file"], "a.py");
        assert_eq!(record["labels"][0]["start"]["column"], 10);
        assert_eq!(record["labels"][0]["start"]["offset"], 12);
        assert_eq!(record["labels"][0]["start"]["utf16"], 10);
        assert_eq!(record["labels"][1]["text"], "a `str`");
        assert_eq!(record["help"][0], "convert");
        assert_eq!(record["fix"]["edits"][0]["text"], "str(1)");
        assert!(record["rendered"].as_str().is_some_and(|text| text.contains("--> a.py:1:10")));
        json["diagnostics"][0].as_object_mut().expect("it is an object").remove("rendered");
        let without: serde_json::Value =
            serde_json::from_str(&render_json_without_text(&sources, &diagnostics)).expect("it is JSON");
        assert_eq!(json, without);
    }
}
