//! What is reported to people. In: facts of every phase. Out: `Diagnostic`, rendered as text, JSON or GitHub lines.

pub mod code;
pub mod github;
pub mod json;
pub mod suggest;
pub mod text;

use crate::source::Span;
pub use code::Code;
pub use github::render_github;
pub use json::{render_json, render_json_without_text};
pub use text::render_text;

/// One problem, as every phase reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Number and name, severity included.
    pub code: Code,
    /// One sentence without a full stop; names in backticks.
    pub message: String,
    /// The first is the place of the problem; the others say how it came about.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Vec<String>,
    /// A change that mends it and can be applied as it is.
    pub fix: Option<Fix>,
}

/// Words at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What; may be empty.
    pub text: String,
}

/// Replacements that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: "call `len`".
    pub title: String,
    /// Each span with its new text; they do not overlap.
    pub edits: Vec<(Span, String)>,
}

/// Puts "an" where a message says "a" before a name in backquotes that begins with a vowel: "an `int`".
fn with_articles(text: String) -> String {
    const ARTICLE: &str = "a `";
    let mut fitting = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(ARTICLE) {
        let (before, after) = rest.split_at(at + 1);
        fitting.push_str(before);
        let is_word = !before[..at].ends_with(char::is_alphanumeric);
        // `uint8` begins with the sound of "you".
        let is_vowel = after[2..].starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
        if is_word && is_vowel {
            fitting.push('n');
        }
        rest = after;
    }
    fitting + rest
}

impl Diagnostic {
    /// A problem at `span`.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let labels = vec![Label { span, text: String::new() }];
        Self { code, message: with_articles(message.into()), labels, help: Vec::new(), fix: None }
    }

    /// Words at the place of the problem itself.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        self.labels[0].text = with_articles(text.into());
        self
    }

    /// Words at another place that explains it.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: with_articles(text.into()) });
        self
    }

    /// What to do instead.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(with_articles(text.into()));
        self
    }

    /// A change that mends it.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits });
        self
    }

    /// Another name, in the place of the one at `span`, was probably meant.
    #[must_use]
    pub fn meant(self, span: Span, name: &str) -> Self {
        self.fix(format!("did you mean `{name}`?"), vec![(span, name.to_owned())])
    }

    /// The place of the problem.
    pub fn span(&self) -> Span {
        self.labels[0].span
    }
}
