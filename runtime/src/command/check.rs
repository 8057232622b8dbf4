//! `kukri check`: finds what is wrong without running anything. In: files. Out: diagnostics.

use super::failure;
use super::options::{Compilation, source};
use clap::{Args, ValueEnum};
use kukri::Engine;
use kukri_compiler::Failure;
use kukri_compiler::diagnostic::code::Severity;
use kukri_compiler::diagnostic::{render_github, render_json, render_text};
use std::io::{self, Write as _};
use std::path::PathBuf;

/// Finds errors without running anything
#[derive(Args)]
pub(super) struct Check {
    /// How to write what is found
    #[arg(long, default_value = "text")]
    format: Format,

    /// Say of every loop what keeps it from being faster: checks that stay, calls, what was not vectorised
    #[arg(long)]
    notes: bool,

    #[command(flatten)]
    compilation: Compilation,

    /// The programs; `-` for stdin
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object with everything
    Json,
    /// Annotations for GitHub Actions
    Github,
}

impl Check {
    pub(super) fn execute(self) -> i32 {
        match self.write() {
            Ok(status) => status,
            Err(error) => failure::status(&error),
        }
    }

    fn write(&self) -> Result<i32, kukri::Error> {
        let engine = Engine::with(self.compilation.settings())?;
        let colours = failure::colours(&io::stdout());
        let (mut errors, mut warnings) = (0, 0);
        let mut text = String::new();
        let mut all = Vec::new();
        let mut unreadable = false;
        for path in &self.files {
            let source = match source(path) {
                Ok(source) => source,
                Err(error) => {
                    failure::status(&error);
                    unreadable = true;
                    continue;
                }
            };
            let found = match engine.check(&source) {
                Ok(checked) => Failure { sources: checked.sources, diagnostics: checked.notes },
                Err(failure) => failure,
            };
            let Failure { sources, mut diagnostics } = found;
            if self.notes
                && let Ok((_, notes)) = engine.explain(&source)
            {
                diagnostics.extend(notes);
            }
            for diagnostic in &diagnostics {
                match diagnostic.code.severity() {
                    Severity::Error => errors += 1,
                    Severity::Warning => warnings += 1,
                    Severity::Note => {}
                }
            }
            match self.format {
                Format::Text if !diagnostics.is_empty() => {
                    text.push_str(&render_text(&sources, &diagnostics, colours));
                    text.push('\n');
                }
                Format::Text => {}
                Format::Github => text.push_str(&render_github(&sources, &diagnostics)),
                Format::Json => {
                    let rendered: serde_json::Value =
                        serde_json::from_str(&render_json(&sources, &diagnostics)).unwrap_or_default();
                    all.extend(rendered["diagnostics"].as_array().cloned().unwrap_or_default());
                }
            }
        }
        match self.format {
            Format::Text if unreadable && errors + warnings == 0 => {}
            Format::Text => text.push_str(&summary(errors, warnings)),
            Format::Json => text = format!("{}\n", serde_json::json!({ "diagnostics": all })),
            Format::Github => {}
        }
        io::stdout().write_all(text.as_bytes()).map_err(kukri::Error::Console)?;
        Ok(if unreadable { 2 } else { i32::from(errors > 0) })
    }
}

fn summary(errors: usize, warnings: usize) -> String {
    let count = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    match (errors, warnings) {
        (0, 0) => "no errors\n".to_owned(),
        (0, _) => format!("{}\n", count(warnings, "warning")),
        (_, 0) => format!("{}\n", count(errors, "error")),
        _ => format!("{}, {}\n", count(errors, "error"), count(warnings, "warning")),
    }
}
