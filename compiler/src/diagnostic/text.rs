//! Diagnostics for a terminal. In: `Sources`, `Diagnostic`. Out: text, coloured if asked.

use super::code::Severity;
use super::{Diagnostic, Fix};
use crate::arena::Id;
use crate::source::{File, Sources, Span};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use std::ops::Range;

/// Renders every diagnostic, an empty line between two.
pub fn render_text(sources: &Sources, diagnostics: &[Diagnostic], color: bool) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&render(sources, diagnostic, color));
        text.push('\n');
    }
    text
}

/// Renders one diagnostic, without a line break at its end.
pub(super) fn render(sources: &Sources, diagnostic: &Diagnostic, color: bool) -> String {
    let level = match diagnostic.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = printable(&diagnostic.message);
    let mut group = Group::with_title(level.primary_title(message).id(diagnostic.code.to_string()));
    for file in files(sources, diagnostic) {
        let labels = diagnostic.labels.iter().enumerate();
        let labels = labels.filter(|(_, label)| sources.file_of(label.span) == file);
        let annotations = labels.map(|(index, label)| {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation: Annotation = kind.span(first_line(sources.file(file), label.span));
            if label.text.is_empty() { annotation } else { annotation.label(printable(&label.text)) }
        });
        group = group.element(snippet(sources.file(file)).annotations(annotations));
    }
    let mut report = vec![group];
    for help in &diagnostic.help {
        report.push(Group::with_title(Level::HELP.secondary_title(printable(help))));
    }
    if let Some(fix) = &diagnostic.fix {
        report.push(render_fix(sources, fix));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&report)
}

fn render_fix<'a>(sources: &'a Sources, fix: &'a Fix) -> Group<'a> {
    let group = Group::with_title(Level::HELP.secondary_title(printable(&fix.title)));
    let Some((first, _)) = fix.edits.first() else { return group };
    let file = sources.file(sources.file_of(*first));
    let patches = fix.edits.iter().map(|(span, text)| Patch::new(offsets(file, *span), text.as_str()));
    group.element(snippet(file).patches(patches))
}

fn snippet<T: Clone>(file: &File) -> Snippet<'_, T> {
    Snippet::source(&*file.text).line_start(1).path(file.path.as_str())
}

/// The files that the labels are in, that of the first label first.
fn files(sources: &Sources, diagnostic: &Diagnostic) -> Vec<Id<File>> {
    let mut files = Vec::new();
    for label in &diagnostic.labels {
        let file = sources.file_of(label.span);
        if !files.contains(&file) {
            files.push(file);
        }
    }
    files
}

/// Where `span` is in the text of `file`, on character boundaries.
fn offsets(file: &File, span: Span) -> Range<usize> {
    let offset = |address: u32| file.text.floor_char_boundary(file.offset(address) as usize);
    let (start, end) = (offset(span.start), offset(span.end));
    start..end.max(start)
}

/// As [`offsets`], without what follows on other lines: the place where it begins says enough.
fn first_line(file: &File, span: Span) -> Range<usize> {
    let range = offsets(file, span);
    let line = file.text[range.clone()].find(['\n', '\r']);
    range.start..line.map_or(range.end, |length| range.start + length)
}

/// Text from a program must not steer the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::render_text;
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::{Sources, Span};

    fn find(sources: &Sources, text: &str) -> Span {
        let file = sources.file(sources.file_of(Span::new(0, 0)));
        let start = file.text.find(text).expect("the test looks for text that is there") as u32;
        Span::new(start, start + text.len() as u32)
    }

    #[test]
    fn shows_places_help_and_fix() {
        let mut sources = Sources::default();
        let text = "def mean(rows):\n    total = 0\n    for row in rows:\n        total = total + row.split()\n";
        sources.add("mean.py", text);
        let place = find(&sources, "row.split()");
        let message = "`total` is `int`, but `row.split()` gives `list[str]`";
        let diagnostic = Diagnostic::new(Code::TypeMismatch, place, message)
            .here("this is `list[str]`")
            .label(find(&sources, "total"), "`total` became `int` here")
            .help("give the list a name of its own")
            .fix("count the words", vec![(place, "len(row.split())".to_owned())]);
        let expected = "\
error[KU3001 type-mismatch]: `total` is `int`, but `row.split()` gives `list[str]`
 --> mean.py:4:25
  |
2 |     total = 0
  |     ----- `total` became `int` here
3 |     for row in rows:
4 |         total = total + row.split()
  |                         ^^^^^^^^^^^ this is `list[str]`
  |
help: give the list a name of its own
help: count the words
  |
4 -         total = total + row.split()
4 +         total = total + len(row.split())
  |
";
        assert_eq!(render_text(&sources, &[diagnostic], false), expected);
    }

    #[test]
    fn any_span_can_be_shown() {
        let mut sources = Sources::default();
        let text = "x = 'é'\r\n\ty\0z = \u{1b}[31m\rß";
        sources.add("odd.py", text);
        for start in 0..=text.len() as u32 + 1 {
            for end in start..=text.len() as u32 + 2 {
                let span = Span::new(start, end);
                let diagnostic = Diagnostic::new(Code::InvalidSyntax, span, "odd \u{1b}[31m")
                    .label(Span::new(0, end), "here")
                    .fix("mend it", vec![(span, "é".to_owned())]);
                let text = render_text(&sources, &[diagnostic], false);
                assert!(text.contains("odd.py") && !text.contains('\u{1b}'), "{text}");
            }
        }
    }
}
