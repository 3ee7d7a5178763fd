//! Files that people write: their text, the places in it, and the problems found there.

mod data;
mod draw;
mod encoding;
mod excerpt;
mod mask;
mod sheet;
mod suggest;
mod syntax;
mod table;
mod value;

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub(crate) use data::{ListedProblem, as_data};
pub(crate) use draw::render;
pub(crate) use encoding::decode;
pub(crate) use mask::{looks_secret, reads_like_reference, reads_like_variable};
pub(crate) use sheet::Sheet;
pub(crate) use suggest::{did_you_mean, listed, meant_or};
pub(crate) use table::Table;
pub(crate) use value::Value;

/// A file's name and text, kept so that a problem can show its line.
#[derive(PartialEq, Eq)]
pub struct SourceFile {
    pub name: String,
    pub text: String,
}

/// The text may hold a secret pasted by mistake, so it stays out of debug output.
impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceFile")
            .field("name", &self.name)
            .field("bytes", &self.text.len())
            .finish()
    }
}

/// A stretch of a file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<SourceFile>,
    pub span: Range<usize>,
}

impl Place {
    /// The line this place begins on, counted from 1.
    pub fn line(&self) -> usize {
        line_at(&self.file.text, self.span.start)
    }

    /// The column this place begins on, in characters, counted from 1.
    pub(crate) fn column(&self) -> usize {
        let before = self.file.text.get(..self.span.start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.chars().count() + 1
    }
}

/// The line a byte stands on, counted from 1.
pub(crate) fn line_at(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// A few words beneath the caret; may be empty.
    pub label: String,
    /// What to do.
    pub help: Option<String>,
    pub place: Option<Place>,
    /// Nothing is wrong here: a person has still to decide it. The label says between what.
    pub undecided: bool,
}

/// Puts problems in the order a reader meets them, each once; those without a place come first.
pub(crate) fn sort(problems: &mut Vec<Problem>) {
    problems.sort_by(|left, right| order(left).cmp(&order(right)));
    problems.dedup();
}

fn order(problem: &Problem) -> (Option<(&str, usize, usize)>, &str) {
    let place = problem
        .place
        .as_ref()
        .map(|place| (place.file.name.as_str(), place.span.start, place.span.end));
    (place, &problem.message)
}
