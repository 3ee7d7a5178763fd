//! Draws problems for people; the one place that knows the diagnostics crate.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use super::excerpt::{Excerpt, cut};
use super::{Problem, mask, sort};

/// Draws every problem with its file, line, column, source line, caret and help, in the order of the
/// files, and ends with a line that counts them. What is only undecided is listed below, a line each. What may
/// be a secret is hidden.
pub(crate) fn render(problems: &[Problem], width: usize, colour: bool) -> String {
    let width = width.clamp(40, 400);
    let mut problems = problems.to_vec();
    sort(&mut problems);
    let (open, problems): (Vec<Problem>, Vec<Problem>) =
        problems.into_iter().partition(|problem| problem.undecided);
    let theme = if colour {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_context_lines(0)
        .with_links(false)
        .without_syntax_highlighting();
    let mut secrets = BTreeMap::new();
    let mut out = String::new();
    for problem in &problems {
        let drawn = Drawn::new(problem, width, &mut secrets);
        let mut text = String::new();
        // Writing to a string fails only if the diagnostic itself does; then the words still count.
        if handler.render_report(&mut text, &drawn).is_err() {
            text = format!("  × {drawn}");
        }
        for line in text.trim_end().lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out.push('\n');
    }
    if !problems.is_empty() || open.is_empty() {
        out.push_str(&count_line(&problems));
        out.push('\n');
    }
    if !open.is_empty() {
        decisions(&open, &mut out);
    }
    out
}

/// Lists what a person has still to decide, with the line that it stands on.
fn decisions(open: &[Problem], out: &mut String) {
    let files = count_line(open);
    let file = files.split_once(" in ").map_or("", |(_, file)| file);
    let (count, stand) = match open.len() {
        1 => ("1 decision".to_owned(), "is"),
        several => (format!("{several} decisions"), "are"),
    };
    out.push_str(&format!("{count} {stand} left to you in {file}:\n"));
    let line = |problem: &Problem| problem.place.as_ref().map_or(0, super::Place::line);
    let widest = open.iter().map(line).max().unwrap_or_default();
    let digits = widest.to_string().len();
    for problem in open {
        out.push_str(&format!(
            "  line {:>digits$}  {}: {}\n",
            line(problem),
            plain(&problem.message),
            plain(&problem.label)
        ));
    }
    out.push_str("Write each answer in place of its \"?\".\n");
}

fn count_line(problems: &[Problem]) -> String {
    let mut files: Vec<String> = problems
        .iter()
        .filter_map(|problem| problem.place.as_ref())
        .map(|place| short_name(&place.file.name))
        .collect();
    files.dedup();
    let count = match problems.len() {
        1 => "1 problem".to_owned(),
        several => format!("{several} problems"),
    };
    match files.as_slice() {
        [] => count,
        [only] => format!("{count} in {only}"),
        several => format!("{count} in {} files", several.len()),
    }
}

/// A relative name as it was given; of an absolute path only the file's own name.
fn short_name(name: &str) -> String {
    let path = Path::new(name);
    let shown = match path.file_name() {
        Some(last) if path.has_root() => last.to_string_lossy().into_owned(),
        _ => name.to_owned(),
    };
    plain(&shown)
}

/// Words without anything that could steer a terminal.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => {
                '\u{fffd}'
            }
            letter if letter.is_control() => '\u{fffd}',
            letter => letter,
        })
        .collect()
}

/// A problem in the diagnostics crate's terms.
#[derive(Debug)]
struct Drawn {
    message: String,
    label: Option<String>,
    help: Option<String>,
    line: Option<Line>,
}

#[derive(Debug)]
struct Line {
    file: String,
    excerpt: Excerpt,
}

impl Drawn {
    fn new<'p>(
        problem: &'p Problem,
        width: usize,
        secrets: &mut BTreeMap<&'p str, Vec<std::ops::Range<usize>>>,
    ) -> Self {
        let line = problem.place.as_ref().map(|place| {
            let hidden = secrets
                .entry(&place.file.text)
                .or_insert_with(|| mask::secrets(&place.file.text));
            Line {
                file: short_name(&place.file.name),
                excerpt: cut(&place.file, &place.span, hidden, width - 12),
            }
        });
        let label = line.as_ref().and_then(|line| {
            (!problem.label.is_empty()).then(|| wrap(&plain(&problem.label), line, width))
        });
        Self {
            message: plain(&problem.message),
            label,
            help: problem.help.as_deref().map(plain),
            line,
        }
    }
}

/// Breaks a label so that it ends before the right edge, as far as its place allows.
fn wrap(label: &str, line: &Line, width: usize) -> String {
    let before = line.excerpt.text[..line.excerpt.mark.start].chars().count();
    let marked = line.excerpt.text[line.excerpt.mark.clone()].chars().count();
    let room = width.saturating_sub(before + marked / 2 + 14).max(16);
    let mut out = String::new();
    let mut used = 0;
    for word in label.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn {}

impl Diagnostic for Drawn {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.line.as_ref().map(|line| line as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let line = self.line.as_ref()?;
        let mark = &line.excerpt.mark;
        let label = LabeledSpan::new(self.label.clone(), mark.start, mark.len());
        Some(Box::new(std::iter::once(label)))
    }
}

/// Whatever stretch is asked for, the answer is the one prepared line.
impl SourceCode for Line {
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = &self.excerpt.text;
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.clone(),
            text.as_bytes(),
            (0, text.len()).into(),
            self.excerpt.line - 1,
            self.excerpt.column - 1,
            1,
        )))
    }
}
