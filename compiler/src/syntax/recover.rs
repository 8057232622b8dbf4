//! Finds further errors after the first. In: text that does not parse. Out: a `Diagnostic` for each part that is wrong.
//!
//! The parser stops at its first error. So the text is cut where a statement begins at the left edge, and each such
//! part is parsed alone; within a part, a line that is wrong is replaced by one that is right and the part parsed again.

use super::convert;
use super::diagnose::{Failure, diagnose};
use super::scan::Scan;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// People mend a few errors and try again.
const MOST_ERRORS: usize = 20;

/// What is wrong with `text`, of which `scan` is the first look and `failure` what the parser said.
pub(super) fn recover(text: &str, start: u32, scan: &Scan<'_>, failure: &Failure) -> Vec<Diagnostic> {
    let mut errors = scan.problems.clone();
    for part in parts(scan) {
        if errors.len() >= MOST_ERRORS {
            break;
        }
        // What the first look found explains the failure of its part.
        let is_explained = scan.problems.iter().any(|problem| {
            let place = problem.span();
            part.start <= place.start && place.start < part.end.max(part.start + 1)
        });
        if !is_explained {
            let range = (part.start - start) as usize..(part.end - start) as usize;
            // It closed a block that stands in braces, which was reported.
            if !errors.is_empty() && text.get(range.clone()).is_some_and(|text| text.trim() == "}") {
                continue;
            }
            errors.extend(part_errors(text.get(range).unwrap_or_default(), part.start, scan));
        }
    }
    if errors.is_empty() {
        errors.push(diagnose(scan, failure));
    }
    crate::order::sort_by_key(&mut errors, Diagnostic::span);
    errors.truncate(MOST_ERRORS);
    errors
}

/// The statements at the left edge, with the clauses and decorators that belong to them.
fn parts(scan: &Scan<'_>) -> Vec<Span> {
    let mut starts = Vec::new();
    let mut decorated = false;
    for line in &scan.lines {
        if line.indent > 0 {
            continue;
        }
        let word = scan.word(line.first);
        let continues = matches!(word, "else" | "elif" | "except" | "finally");
        if !decorated && (!continues || starts.is_empty()) {
            starts.push(scan.tokens[line.first].span.start);
        }
        decorated = word == "@";
    }
    let ends = starts.iter().skip(1).copied().chain([scan.end()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|(start, end)| Span::new(start, end)).collect()
}

/// The errors of one part, each on a line of its own. `scan` is that of the whole text.
fn part_errors(text: &str, start: u32, scan: &Scan<'_>) -> Vec<Diagnostic> {
    let mut errors: Vec<Diagnostic> = Vec::new();
    let mut text = text.to_owned();
    let mut last_line = None;
    while errors.len() < MOST_ERRORS {
        let Err(failure) = convert::syntax(&text, start) else { break };
        let begins = |index: usize| scan.tokens[scan.lines[index].first].span.start;
        let inside = |index: &usize| begins(*index) >= start && (begins(*index) - start) < text.len() as u32;
        let line = (0..scan.lines.len()).filter(inside).rfind(|index| begins(*index) <= failure.at);
        // The stand-in of an earlier line may itself be out of place: that is no error of the user's.
        if !errors.is_empty() && line <= last_line {
            break;
        }
        let diagnostic = diagnose(scan, &failure);
        // A name that is a keyword was reported where it is made: its uses are no errors of their own.
        let used = diagnostic.message.strip_prefix("the keyword ").and_then(|rest| rest.split(' ').next());
        let repeats = |word: &str| {
            let made = format!("{word} is a keyword and cannot be a name");
            errors.iter().any(|error| error.message == made)
        };
        if used.is_some_and(repeats) {
            // It says nothing new.
        } else if errors.last().is_none_or(|error| error.span() != diagnostic.span()) {
            errors.push(diagnostic);
        }
        let Some(number) = line else { break };
        last_line = line;
        let line = scan.lines[number];
        // The cases of a `match` need it.
        if matches!(scan.word(line.first), "match" | "switch") {
            break;
        }
        let opens_block = scan.lines.get(number + 1).is_some_and(|next| next.indent > line.indent);
        let stand_in = if opens_block { "if 1:" } else { "pass" };
        let (from, to) = ((begins(number) - start) as usize, (scan.tokens[line.end - 1].span.end - start) as usize);
        if to - from < stand_in.len() || text.get(from..to).is_none() {
            break;
        }
        // The same length, so that every other place stays where it is.
        let padded = format!("{stand_in:width$}", width = to - from);
        text.replace_range(from..to, &padded);
    }
    errors
}
