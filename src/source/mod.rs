//! Files that people write: their text, the places in it, and the problems found there.

use std::ops::Range;
use std::sync::Arc;

/// A file's name and text, kept so that a problem can show its line.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    pub name: String,
    pub text: String,
}

/// A stretch of a file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<SourceFile>,
    pub span: Range<usize>,
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
}
