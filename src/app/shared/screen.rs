//! What a user sees: standard output, standard error, and report files.
#![expect(
    clippy::disallowed_methods,
    reason = "NO_COLOR and COLUMNS are read here, once"
)]

use std::collections::BTreeSet;
use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};
use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use super::defaults;
use super::error::Failure;
use crate::cli::{AnswerFormat, ColorWhen, CsvRows, FormatWord, Global, Output};
use crate::deliver;
use crate::model::Assessment;
use crate::report::{self, Format, TableOptions};
use crate::source;

/// What went wrong on the way, where one thing's failure keeps no other from being done: the first is the
/// command's own, told last; the others are told as they come.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    first: Option<Failure>,
}

impl Troubles {
    /// Whether it went well.
    pub(crate) fn note(&mut self, done: Result<(), Failure>, screen: &Screen) -> bool {
        let Err(failure) = done else {
            return true;
        };
        match (&self.first, failure) {
            (None, failure) => self.first = Some(failure),
            (Some(_), failure) => screen.failure(&failure),
        }
        false
    }

    /// The exit code that it comes to, where something went wrong.
    pub(crate) fn code(&self) -> Option<u8> {
        self.first.as_ref().map(Failure::code)
    }

    pub(crate) fn end(self) -> Result<(), Failure> {
        self.first.map_or(Ok(()), Err)
    }
}

/// The two streams and how they are to be written.
#[derive(Clone, Debug)]
pub(crate) struct Screen {
    quiet: bool,
    colour: bool,
    colour_errors: bool,
    width: u16,
    more: More,
}

/// The commands that say more than one screen does.
#[derive(Clone, Debug, Default)]
pub(crate) struct More {
    /// `credaudit demo --full`.
    pub full: Option<String>,
    /// What stands behind `credaudit show NAME`: ` --demo`. None where that command cannot look there.
    pub show: Option<String>,
}

/// Columns where nobody says how many there are.
const COLUMNS: u16 = 80;

impl Screen {
    pub(crate) fn new(global: &Global) -> Self {
        // A terminal that says it is dumb knows no colour (terminfo's `dumb`), as do those that name none.
        let dumb =
            std::env::var_os("TERM").is_some_and(|value| value.is_empty() || value == "dumb");
        let plain = dumb || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let wanted = |terminal: bool| match global.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => terminal && !plain,
        };
        let told = || std::env::var("COLUMNS").ok()?.parse().ok();
        let terminal = || {
            console::Term::stdout()
                .size_checked()
                .map(|(_, columns)| columns)
        };
        Self {
            quiet: global.quiet,
            colour: wanted(stdout().is_terminal()),
            colour_errors: wanted(stderr().is_terminal()),
            width: told().or_else(terminal).unwrap_or(COLUMNS).max(20),
            more: More::default(),
        }
    }

    /// The same, with commands at the foot of a summary.
    pub(crate) fn pointing(&self, more: More) -> Self {
        Self {
            more,
            ..self.clone()
        }
    }

    /// The commands at the foot of a summary, each with what it shows.
    fn commands(&self, assessment: &Assessment) -> Vec<(String, &'static str)> {
        let show = report::first_to_show(assessment).zip(self.more.show.as_ref());
        let show = show.map(|(name, behind)| format!("credaudit show {name}{behind}"));
        let full = self.more.full.clone();
        let one = show.map(|one| (one, "one integration and how to fix it"));
        one.into_iter()
            .chain(full.map(|full| (full, "everything")))
            .collect()
    }

    /// The same without notes.
    pub(crate) fn quietly(&self) -> Self {
        Self {
            quiet: true,
            ..self.clone()
        }
    }

    /// Whether progress may be drawn.
    pub(crate) fn shows_progress(&self) -> bool {
        !self.quiet && stderr().is_terminal()
    }

    pub(crate) fn table_options(&self) -> TableOptions {
        TableOptions {
            width: self.width,
            colour: self.colour,
            powershell_first: cfg!(windows) && stdout().is_terminal(),
        }
    }

    /// Writes to standard output. A reader who has seen enough and closed the pipe is no error.
    pub(crate) fn print(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Tool(format!(
                "could not write to standard output: {error}"
            ))),
            _ => Ok(()),
        }
    }

    /// A note on standard error, unless `--quiet`.
    pub(crate) fn note(&self, words: &str) {
        if !self.quiet {
            say(words);
        }
    }

    /// An error on standard error.
    pub(crate) fn error(&self, words: &str) {
        say(&format!("error: {words}"));
    }

    /// A warning on standard error, said even with `--quiet`: something is not as asked, and the run goes on.
    pub(crate) fn warning(&self, words: &str) {
        say(&format!("warning: {words}"));
    }

    /// Why something was not done: an error, or problems in files, each with its line.
    pub(crate) fn failure(&self, failure: &Failure) {
        match failure {
            Failure::Problems(problems) => say(&source::render(
                problems,
                usize::from(self.width),
                self.colour_errors,
            )),
            Failure::Usage(words) | Failure::Tool(words) => self.error(words),
        }
    }

    /// Prints what a command found, as JSON or as a table.
    pub(crate) fn answer(
        &self,
        format: AnswerFormat,
        value: &impl Serialize,
        table: impl FnOnce(&TableOptions) -> String,
    ) -> Result<(), Failure> {
        match format {
            AnswerFormat::Json => self.print(&pretty(value)?),
            AnswerFormat::Table => self.print(table(&self.table_options()).as_bytes()),
        }
    }

    /// Writes JSON into a file, or to standard output where none is named.
    pub(crate) fn put(&self, path: Option<&Path>, value: &impl Serialize) -> Result<(), Failure> {
        let bytes = pretty(value)?;
        match path {
            Some(path) => self.write(path, &bytes),
            None => self.print(&bytes),
        }
    }

    /// Writes a file and says so.
    pub(crate) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        deliver::write(path, bytes)?;
        self.note(&format!("wrote {}", path.display()));
        Ok(())
    }

    /// Gives a report to whoever asked for it: every `-o` file in the format of its ending, and standard
    /// output where no file is named or a format is. What cannot be written keeps nothing else from it, and
    /// a report that came into no file is shown.
    ///
    /// # Errors
    /// The first of what could not be written.
    pub(crate) fn report(&self, assessment: &Assessment, output: &Output) -> Result<(), Failure> {
        let (written, mut troubles) = self.files(assessment, output);
        let shown = self.show(assessment, output, written);
        troubles.note(shown, self);
        troubles.end()
    }

    /// The report's files: how many came about, and what went wrong.
    pub(crate) fn files(&self, assessment: &Assessment, output: &Output) -> (usize, Troubles) {
        let asked = output.format.map(|word| format_of_word(word, output.csv));
        let mut troubles = Troubles::default();
        let mut written = 0;
        for path in &output.output {
            let done = format_of(path, asked, output.csv).and_then(|format| {
                // A file is no terminal: no colour, and the usual width.
                let bytes = report::render(format, assessment, &TableOptions::default());
                self.write(path, &bytes)
            });
            written += usize::from(troubles.note(done, self));
        }
        (written, troubles)
    }

    /// The report on standard output, where it came into no file or a format is asked for; else its verdict on
    /// standard error.
    pub(crate) fn show(
        &self,
        assessment: &Assessment,
        output: &Output,
        written: usize,
    ) -> Result<(), Failure> {
        let asked = output.format.map(|word| format_of_word(word, output.csv));
        if written > 0 && asked.is_none() {
            self.note(&report::verdict_line(assessment));
            return Ok(());
        }
        let usual = defaults::format()?.map(|word| format_of_word(word, output.csv));
        let format = asked.or(usual).unwrap_or(Format::Table);
        if format == Format::Table && !output.full {
            let text = report::summary(
                assessment,
                &self.table_options(),
                &self.commands(assessment),
            );
            return self.print(text.as_bytes());
        }
        self.print(&report::render(format, assessment, &self.table_options()))
    }
}

/// JSON as files hold it.
pub(crate) fn pretty<T: Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| Failure::Tool(format!("could not write JSON: {error}")))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Refuses an `-o` whose format cannot be told or that cannot be a file, before any work is done.
pub(crate) fn check_outputs(output: &Output) -> Result<(), Failure> {
    defaults::format()?;
    let asked = output.format.map(|word| format_of_word(word, output.csv));
    let mut named = BTreeSet::new();
    for path in &output.output {
        format_of(path, asked, output.csv)?;
        // `./a.html` is `a.html`.
        let parts = path.components();
        let file: PathBuf = parts.filter(|part| *part != Component::CurDir).collect();
        if !named.insert(file) {
            return Err(Failure::Usage(format!(
                "-o names {} twice: one would be written over the other",
                path.display()
            )));
        }
        check_file(path)?;
    }
    Ok(())
}

/// Refuses a path that can be no file: it is a folder, or its folder is not there.
pub(crate) fn check_file(path: &Path) -> Result<(), Failure> {
    let refused = |words: String| Err(Failure::Usage(words));
    let shown = path.display();
    if path.is_dir() {
        return refused(format!(
            "could not write {shown}: it is a folder; name a file in it"
        ));
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => refused(format!(
            "could not write {shown}: the folder {} does not exist; create it first",
            folder.display()
        )),
        _ => Ok(()),
    }
}

fn format_of_word(word: FormatWord, rows: CsvRows) -> Format {
    let format = match word {
        FormatWord::Table => Format::Table,
        FormatWord::Json => Format::Json,
        FormatWord::Html => Format::Html,
        FormatWord::Markdown => Format::Markdown,
        FormatWord::Sarif => Format::Sarif,
        FormatWord::Junit => Format::Junit,
        FormatWord::Csv => Format::Csv,
        FormatWord::Ics => Format::Calendar,
        FormatWord::Prometheus => Format::Prometheus,
    };
    with_rows(format, rows)
}

fn with_rows(format: Format, rows: CsvRows) -> Format {
    match rows {
        CsvRows::Credentials => format,
        CsvRows::Findings => format.of_findings(),
    }
}

fn format_of(path: &Path, asked: Option<Format>, rows: CsvRows) -> Result<Format, Failure> {
    Format::from_extension(path)
        .map(|format| with_rows(format, rows))
        .or(asked)
        .ok_or_else(|| {
            Failure::Usage(format!(
                "the ending of {} is not that of a format; use {}, or add --format",
                path.display(),
                report::ENDINGS
            ))
        })
}

fn say(words: &str) {
    let mut err = stderr().lock();
    // Nobody left to tell: nothing to do about it.
    let _ = err.write_all(words.as_bytes());
    if !words.ends_with('\n') {
        let _ = err.write_all(b"\n");
    }
}
