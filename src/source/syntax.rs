//! What the TOML parser could not read, told once and as what it is: another format, something that
//! is defined twice, a date in another order, a word without its quotes.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::suggest::short;
use super::{Place, Problem, SourceFile, line_at, looks_secret};

/// One error of the parser.
pub(super) struct ParserError<'e> {
    pub(super) message: &'e str,
    pub(super) span: Range<usize>,
}

/// The problems behind the parser's errors, and the lines that could not be read for them.
pub(super) struct Unread {
    pub(super) problems: Vec<Problem>,
    pub(super) lines: BTreeSet<usize>,
    /// The file is of another format: nothing else in it is worth a word.
    pub(super) is_foreign: bool,
}

/// What the parser's errors mean.
pub(super) fn explain(file: &Arc<SourceFile>, errors: &[ParserError<'_>]) -> Unread {
    let mut unread = Unread {
        problems: Vec::new(),
        lines: BTreeSet::new(),
        is_foreign: false,
    };
    if errors.is_empty() {
        return unread;
    }
    if let Some((at, name)) = other_format(&file.text) {
        unread.is_foreign = true;
        unread.problems.push(problem(
            file,
            at..at + 1,
            format!("this file is {name}, and credaudit reads TOML"),
            "not TOML",
            "write it as TOML: `key = \"value\"`, one per line, beneath `[table]` headers; `credaudit init` writes one",
        ));
        return unread;
    }
    for error in errors {
        // One slip often upsets the parser several times on its line; the first one tells.
        if !unread.lines.insert(line_at(&file.text, error.span.start)) {
            continue;
        }
        if error.message == "duplicate key" {
            twice(file, error, &mut unread);
        } else {
            unread.problems.push(unreadable(file, error));
        }
    }
    unread
}

fn problem(
    file: &Arc<SourceFile>,
    span: Range<usize>,
    message: String,
    label: &str,
    help: &str,
) -> Problem {
    Problem {
        message,
        label: label.to_owned(),
        help: Some(help.to_owned()),
        place: Some(Place {
            file: Arc::clone(file),
            span,
        }),
        undecided: false,
    }
}

/// Another format that people write such files in, by how its first line begins, and where.
fn other_format(text: &str) -> Option<(usize, &'static str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begins = at + (line.len() - line.trim_start().len());
        at += line.len();
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let name = if line.starts_with('{') || is_json_list(line) {
            "JSON"
        } else if line.starts_with('<') {
            "XML or HTML"
        } else if line.starts_with("---") || line.starts_with("- ") || is_yaml_key(line) {
            "YAML"
        } else if line.starts_with("//") || line.starts_with("/*") {
            "JSON with comments, or a program"
        } else {
            return None;
        };
        return Some((begins, name));
    }
    None
}

/// `[`, `[{`, `["a", …`: a header of TOML closes its bracket on the line and holds no such thing.
fn is_json_list(line: &str) -> bool {
    line.strip_prefix('[').is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with('{') || (rest.starts_with('"') && rest.contains(','))
    })
}

/// `key:` or `key: value` with a plain key.
fn is_yaml_key(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, rest)| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !key.is_empty() && key.bytes().all(plain) && (rest.is_empty() || rest.starts_with(' '))
    })
}

/// A line of the file.
struct Line<'t> {
    /// Counted from 1.
    number: usize,
    /// Where `text` begins in the file.
    at: usize,
    /// Without the white space around it.
    text: &'t str,
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    text.split_inclusive('\n')
        .enumerate()
        .map(move |(index, text)| {
            let line = Line {
                number: index + 1,
                at: at + (text.len() - text.trim_start().len()),
                text: text.trim(),
            };
            at += text.len();
            line
        })
}

impl Line<'_> {
    /// What names the same table: the header without white space, quotes and comment.
    fn header(&self) -> Option<String> {
        let end = self.text.rfind(']')?;
        let header = self.text.get(..=end).filter(|text| text.starts_with('['))?;
        Some(header.replace([' ', '\t', '"', '\''], ""))
    }

    /// The key that is given a value here, written plainly.
    fn key(&self) -> Option<String> {
        let (key, _) = self.text.split_once('=')?;
        Some(key.replace([' ', '\t', '"', '\''], ""))
    }
}

/// A table or a key that is defined twice: told once, with both lines; what the second table holds is left
/// out, since the parser would report each of its keys again.
fn twice(file: &Arc<SourceFile>, error: &ParserError<'_>, unread: &mut Unread) {
    let line = line_at(&file.text, error.span.start);
    let all: Vec<Line<'_>> = lines(&file.text).collect();
    let Some(here) = all.get(line - 1) else {
        return;
    };
    let before = all.get(..line - 1).unwrap_or_default().iter().rev();
    let (what, first) = match here.header() {
        Some(header) => {
            let beneath = all.get(line..).unwrap_or_default().iter();
            let inside = beneath.take_while(|line| line.header().is_none());
            unread.lines.extend(inside.map(|line| line.number));
            let mut before = before;
            let first = before.find(|line| line.header().as_ref() == Some(&header));
            (format!("the table `{}`", short(&header)), first)
        }
        None => {
            let key = here.key();
            let mut before = before.take_while(|line| line.header().is_none());
            let first = before.find(|line| line.key().is_some() && line.key() == key);
            let named = key.filter(|key| !looks_secret(key));
            let what = named.map_or_else(
                || "this key".to_owned(),
                |key| format!("the key `{}`", short(&key)),
            );
            (what, first)
        }
    };
    let (message, label) = match first {
        Some(first) => (
            format!(
                "{what} is defined twice, on lines {} and {line}",
                first.number
            ),
            format!("first on line {}", first.number),
        ),
        None => (format!("{what} is defined twice"), "here again".to_owned()),
    };
    unread.problems.push(problem(
        file,
        error.span.clone(),
        message,
        &label,
        "remove one of the two, or rename one",
    ));
}

/// A value in a form that TOML does not have.
fn unreadable(file: &Arc<SourceFile>, error: &ParserError<'_>) -> Problem {
    let line = lines(&file.text).nth(line_at(&file.text, error.span.start) - 1);
    let bare = line.as_ref().and_then(bare_value);
    let at_error = file.text.get(error.span.clone()).unwrap_or_default();
    if at_error.starts_with(TYPOGRAPHIC) {
        return problem(
            file,
            error.span.clone(),
            "these are typographic quotes, and TOML takes straight ones".to_owned(),
            "not a quote to TOML",
            "write the text in straight quotes: \"…\"; word processors and chats replace them",
        );
    }
    if let Some((span, value)) = &bare {
        if is_date_like(value) {
            return problem(
                file,
                span.clone(),
                "this is not a date as TOML writes it".to_owned(),
                "year, month and day, such as 2027-06-30",
                "write year-month-day in digits, without quotes: 2027-06-30",
            );
        }
        if is_word(value) {
            return problem(
                file,
                span.clone(),
                "this text has no quotes".to_owned(),
                "should be in quotes",
                "put the text in double quotes; only numbers, dates, true and false have none",
            );
        }
    }
    let message = error.message.trim_end_matches(", expected nothing");
    problem(
        file,
        error.span.clone(),
        format!("this is not TOML: {message}"),
        "here",
        "the file is TOML: `key = \"value\"`, one per line, beneath `[table]` headers",
    )
}

/// Quotes that a word processor makes of straight ones.
const TYPOGRAPHIC: [char; 10] = ['“', '”', '„', '‟', '‘', '’', '‚', '«', '»', '″'];

/// What stands after `key =` on a line, without its comment, where it begins with no quote or bracket.
fn bare_value<'t>(line: &Line<'t>) -> Option<(Range<usize>, &'t str)> {
    let (key, value) = line.text.split_once('=')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_. \t".contains(&byte);
    if !key.bytes().all(plain) {
        return None;
    }
    let value = value.split('#').next().unwrap_or(value).trim();
    if value.is_empty() || value.starts_with(['"', '\'', '[', '{']) {
        return None;
    }
    let after_key = key.len() + 1;
    let begins = line.at + after_key + line.text.get(after_key..)?.find(value)?;
    Some((begins..begins + value.len(), value))
}

/// Two or three numbers with dots, slashes or dashes between them, or a month's name beside numbers.
fn is_date_like(value: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let parts: Vec<&str> = value
        .split(|one: char| !one.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let number = |part: &&str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let month = |part: &&str| {
        let part = part.to_ascii_lowercase();
        MONTHS.iter().any(|month| part.starts_with(month))
    };
    let numbers = parts.iter().filter(|part| number(part)).count();
    let months = parts.iter().filter(|part| month(part)).count();
    parts.len() == numbers + months
        && ((numbers == 3 && months == 0) || (months == 1 && (1..=2).contains(&numbers)))
}

/// One plain word or several, as people leave them without quotes.
fn is_word(value: &str) -> bool {
    value.starts_with(|one: char| one.is_alphabetic())
        && !value.contains(['"', '=', '{', '['])
        && !matches!(value, "true" | "false" | "inf" | "nan")
}
