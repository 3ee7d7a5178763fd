//! A TOML file opened for reading: its tree with places, and the problems found so far.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;

use super::syntax::{self, ParserError};
use super::{Place, Problem, SourceFile, line_at, sort};

/// An opened file. Whoever reads reports here and goes on, so that one run shows every problem.
pub(crate) struct Sheet<'s> {
    file: &'s Arc<SourceFile>,
    tree: Spanned<DeTable<'s>>,
    problems: RefCell<Vec<Problem>>,
    /// Lines the parser could not read whole: what is missing there is no second problem.
    broken_lines: BTreeSet<usize>,
    /// The file is of another format, and one problem says so.
    is_foreign: bool,
}

impl<'s> Sheet<'s> {
    /// Parses a file; what the parser cannot read becomes problems, the rest is kept.
    pub(crate) fn open(file: &'s Arc<SourceFile>) -> Self {
        let (tree, errors) = DeTable::parse_recoverable(&file.text);
        let errors: Vec<ParserError<'_>> = errors
            .iter()
            .map(|error| ParserError {
                message: error.message(),
                span: error.span().unwrap_or(0..0),
            })
            .collect();
        let unread = syntax::explain(file, &errors);
        Self {
            file,
            tree,
            problems: RefCell::new(unread.problems),
            broken_lines: unread.lines,
            is_foreign: unread.is_foreign,
        }
    }

    /// The parser's own top level.
    pub(super) fn tree(&'s self) -> &'s DeTable<'s> {
        self.tree.get_ref()
    }

    /// Notes a problem at a place of this file. An empty help is none.
    pub(crate) fn report(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        label: &str,
        help: &str,
    ) {
        let line = line_at(&self.file.text, span.start);
        if self.is_foreign || self.broken_lines.contains(&line) {
            return;
        }
        self.problems.borrow_mut().push(Problem {
            message: message.into(),
            label: label.to_owned(),
            help: (!help.is_empty()).then(|| help.to_owned()),
            place: Some(self.place(span)),
            undecided: false,
        });
    }

    /// Notes that a person has still to decide what stands here: `what` it is, and between which words.
    pub(crate) fn leave_open(&self, span: Range<usize>, what: impl Into<String>, choices: &str) {
        self.problems.borrow_mut().push(Problem {
            message: what.into(),
            label: choices.to_owned(),
            help: None,
            place: Some(self.place(span)),
            undecided: true,
        });
    }

    /// Notes the absence of something; kept back while parts of the file could not be read, because
    /// it may stand there.
    pub(crate) fn report_absence(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
        label: &str,
        help: &str,
    ) {
        if self.broken_lines.is_empty() {
            self.report(span, message, label, help);
        }
    }

    /// A stretch of this file.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        Place {
            file: Arc::clone(self.file),
            span,
        }
    }

    /// Whether a stretch stands in a header, right behind its bracket: `[registrations]`, not `registrations =`.
    pub(super) fn stands_in_header(&self, span: &Range<usize>) -> bool {
        let before = self.file.text.get(..span.start).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
        !line.is_empty() && line.bytes().all(|byte| byte == b'[')
    }

    /// The file's name, as it was given.
    pub(crate) fn name(&self) -> &str {
        &self.file.name
    }

    /// The line a byte of this file stands on, counted from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        line_at(&self.file.text, at)
    }

    /// Whether nothing has been found wrong so far.
    pub(crate) fn is_clean(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// Every problem, in the order of the file.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        sort(&mut problems);
        problems
    }
}

/// Values stay out: one of them may be a secret pasted by mistake.
impl fmt::Debug for Sheet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sheet")
            .field("file", &self.file.name)
            .finish_non_exhaustive()
    }
}
