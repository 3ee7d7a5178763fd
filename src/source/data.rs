//! Problems for a program: each with its file, line and column.

use serde::Serialize;

use super::draw::plain;
use super::{Problem, sort};

/// One problem, or one decision that is left. Nothing of the file's own text is in it but the names that the
/// message says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ListedProblem {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// In characters, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    pub message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Nothing is wrong: a person has still to decide it.
    pub undecided: bool,
}

/// Problems in the order a reader meets them.
pub(crate) fn as_data(mut problems: Vec<Problem>) -> Vec<ListedProblem> {
    sort(&mut problems);
    let one = |problem: Problem| {
        let place = problem.place.as_ref();
        ListedProblem {
            file: place.map(|place| plain(&place.file.name)),
            line: place.map(super::Place::line),
            column: place.map(super::Place::column),
            message: plain(&problem.message),
            detail: plain(&problem.label),
            help: problem.help.as_deref().map(plain),
            undecided: problem.undecided,
        }
    };
    problems.into_iter().map(one).collect()
}
