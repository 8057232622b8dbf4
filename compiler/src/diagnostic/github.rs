//! Diagnostics for GitHub Actions. In: `Sources`, `Diagnostic`. Out: one workflow command a line.

use super::Diagnostic;
use super::code::Severity;
use crate::source::Sources;
use std::fmt::Write;

/// `::error file=…,line=…,col=…,title=…::message`, which GitHub shows beside the changed line.
/// The format is GitHub's "Workflow commands for GitHub Actions".
pub fn render_github(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let span = diagnostic.span();
        let file = sources.file_of(span);
        let (start, end) = (sources.position(file, span.start), sources.position(file, span.end.max(span.start)));
        let level = match diagnostic.code.severity() {
            severity @ (Severity::Error | Severity::Warning) => severity.word(),
            // GitHub's word for it.
            Severity::Note => "notice",
        };
        let path = property(&sources.file(file).path);
        let title = property(&diagnostic.code.to_string());
        let (line, column) = (start.line, start.column);
        // Writing into a string cannot fail.
        let _ = write!(text, "::{level} file={path},line={line},col={column}");
        // GitHub takes an end column only where it is on the same line.
        if end.line == start.line {
            let _ = write!(text, ",endLine={},endColumn={}", end.line, end.column);
        }
        let mut message = diagnostic.message.clone();
        for help in &diagnostic.help {
            let _ = write!(message, "\nhelp: {help}");
        }
        let _ = writeln!(text, ",title={title}::{}", data(&message));
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::render_github;
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::{Sources, Span};

    #[test]
    fn one_line_each_and_nothing_breaks_out_of_it() {
        let mut sources = Sources::default();
        sources.add("a,b:c.py", "x = 1\ny = 100%z\n");
        let first = Diagnostic::new(Code::UndefinedName, Span::new(14, 15), "100%\nno `z`").help("define it");
        let second = Diagnostic::new(Code::IntBecomesFloat, Span::new(0, 8), "two lines");
        let expected = "\
::error file=a%2Cb%3Ac.py,line=2,col=9,endLine=2,endColumn=10,title=KU2001 undefined-name::100%25%0Ano `z`%0Ahelp: define it
::warning file=a%2Cb%3Ac.py,line=1,col=1,title=KU5001 int-becomes-float::two lines
";
        assert_eq!(render_github(&sources, &[first, second]), expected);
    }
}
