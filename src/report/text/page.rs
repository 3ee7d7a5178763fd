//! A page of text that wraps, indents and frames; all foreign text is cleaned on its way in.

use std::fmt::Display;

use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, TableStyle, Width, presets,
};
use console::measure_text_width;

use crate::model::Severity;
use crate::report::printable::{clean, command_line};
use crate::report::view::cells::Danger;

/// How the page looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub width: u16,
    pub colour: bool,
    /// Whether the reader sits at PowerShell.
    pub powershell_first: bool,
    /// ASCII rules instead of box drawing.
    pub ascii: bool,
}

impl Look {
    /// As the simplest of clients shows it.
    pub(crate) const fn plain(width: u16) -> Self {
        Self {
            width,
            colour: false,
            powershell_first: false,
            ascii: true,
        }
    }
}

/// What a piece of text stands for; it chooses the colour where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Heading,
    Good,
    Bad,
    Doubt,
    Quiet,
}

impl Tone {
    pub(crate) const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Self::Bad,
            Severity::Medium | Severity::Low => Self::Doubt,
            Severity::Info => Self::Quiet,
        }
    }

    pub(crate) const fn of_danger(danger: Danger) -> Self {
        match danger {
            Danger::Alarm => Self::Bad,
            Danger::Doubt => Self::Doubt,
            Danger::Fine => Self::Good,
            Danger::Silent => Self::Quiet,
        }
    }

    const fn escape(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Heading => "\u{1b}[1m",
            Self::Good => "\u{1b}[32m",
            Self::Bad => "\u{1b}[1;31m",
            Self::Doubt => "\u{1b}[33m",
            Self::Quiet => "\u{1b}[2m",
        }
    }
}

/// The text under way.
#[derive(Debug)]
pub(crate) struct Page {
    pub look: Look,
    text: String,
}

impl Page {
    pub(crate) const fn new(look: Look) -> Self {
        Self {
            look,
            text: String::new(),
        }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Whether the page is wide enough for notes inside the tables.
    pub(crate) const fn is_wide(&self) -> bool {
        self.look.width >= 110
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// An empty line, where text stands before it that has none.
    pub(crate) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.blank();
        }
    }

    /// A heading after an empty line.
    pub(crate) fn heading(&mut self, text: &str) {
        self.blank();
        self.paragraph(0, 0, text, Tone::Heading);
    }

    /// Wrapped text: the first line indented by `first`, the others by `hanging`.
    pub(crate) fn paragraph(&mut self, first: usize, hanging: usize, text: &str, tone: Tone) {
        let text = clean(text);
        let room = usize::from(self.look.width).saturating_sub(hanging.max(first));
        for (index, line) in wrap(&text, room).iter().enumerate() {
            let indent = if index == 0 { first } else { hanging };
            self.line(&" ".repeat(indent), line, tone);
        }
    }

    /// A label and its wrapped text beside it; `column` is where the text starts.
    pub(crate) fn field(&mut self, indent: usize, column: usize, label: &str, text: &str) {
        self.toned_field(indent, column, label, text, Tone::Plain);
    }

    /// The same with the text in a tone.
    pub(crate) fn toned_field(
        &mut self,
        indent: usize,
        column: usize,
        label: &str,
        text: &str,
        tone: Tone,
    ) {
        let text = clean(text);
        let room = usize::from(self.look.width).saturating_sub(column);
        let lead = format!("{}{label}", " ".repeat(indent));
        for (index, line) in wrap(&text, room).iter().enumerate() {
            let before = if index == 0 { lead.as_str() } else { "" };
            self.line(&format!("{before:<column$}"), line, tone);
        }
    }

    /// Fields below each other; a label that stands above is not said again.
    pub(crate) fn fields<'l>(
        &mut self,
        indent: usize,
        column: usize,
        fields: impl IntoIterator<Item = (&'l str, &'l str, Tone)>,
    ) {
        let mut above = "";
        for (label, text, tone) in fields {
            let shown = if label == above { "" } else { label };
            self.toned_field(indent, column, shown, text, tone);
            above = label;
        }
    }

    pub(crate) const fn powershell_first(&self) -> bool {
        self.look.powershell_first
    }

    /// A command on one line of its own, as it is: never wrapped, whatever the width.
    pub(crate) fn command(&mut self, indent: usize, command: &str) {
        self.line(&" ".repeat(indent), &command_line(command), Tone::Plain);
    }

    fn line(&mut self, before: &str, line: &str, tone: Tone) {
        let escape = tone.escape();
        self.text.push_str(before);
        if self.look.colour && !escape.is_empty() && !line.is_empty() {
            self.text.push_str(escape);
            self.text.push_str(line);
            self.text.push_str("\u{1b}[0m");
        } else {
            self.text.push_str(line);
        }
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        self.text.push('\n');
    }

    /// A table; columns with a width never shrink below it, the others share what is left.
    pub(crate) fn grid(&mut self, columns: &[(&str, Option<u16>)], rows: Vec<Vec<Piece>>) {
        let style: TableStyle = if self.look.ascii {
            presets::ASCII_HORIZONTAL_ONLY
        } else {
            presets::UTF8_HORIZONTAL_ONLY
        };
        let mut table = bare(self.look.width);
        table.load_style(style);
        // Rows of more than one line are told apart by a rule only where they are crowded.
        table.style_mut().row_separator = presets::NOTHING.row_separator;
        let titles = columns.iter().map(|(title, _)| cell(title, Tone::Heading));
        table.set_header(titles.map(|title| title.drawn(self.look)));
        for row in rows {
            table.add_row(row.into_iter().map(|piece| piece.drawn(self.look)));
        }
        for (column, (_, width)) in table.column_iter_mut().zip(columns) {
            // The junction between columns is a space already; columns of free text get one more.
            let gap = u16::from(width.is_none());
            column.set_padding((0, gap));
            if let Some(width) = width {
                column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(*width)));
            }
        }
        if self.look.colour {
            table.enforce_styling();
        }
        for line in table.lines() {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }
}

/// What stands in a cell of a grid: cleaned lines, and what they stand for.
pub(crate) struct Piece {
    lines: Vec<String>,
    tone: Tone,
}

/// A cell of one line.
pub(crate) fn cell(text: impl Display, tone: Tone) -> Piece {
    lines(&[text.to_string()], tone)
}

/// A cell of several lines; empty ones are left out.
pub(crate) fn lines(texts: &[impl AsRef<str>], tone: Tone) -> Piece {
    let mut lines: Vec<String> = texts.iter().map(|line| clean(line.as_ref())).collect();
    lines.retain(|line| !line.is_empty());
    Piece { lines, tone }
}

impl Piece {
    fn drawn(self, look: Look) -> Cell {
        let cell = Cell::new(self.lines.join("\n"));
        match self.tone {
            _ if !look.colour => cell,
            Tone::Plain => cell,
            Tone::Heading => cell.add_attribute(Attribute::Bold),
            Tone::Good => cell.fg(Color::DarkGreen),
            Tone::Bad => cell.fg(Color::DarkRed).add_attribute(Attribute::Bold),
            Tone::Doubt => cell.fg(Color::DarkYellow),
            Tone::Quiet => cell.add_attribute(Attribute::Dim),
        }
    }
}

/// A table that asks no terminal for anything: the width and the colour are given.
fn bare(width: u16) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .force_no_tty()
        .set_width(width);
    table
}

/// Breaks cleaned text into lines of at most `room` columns; words longer than that are cut, but for a
/// command in backticks, which stands on a line of its own rather than be broken.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut prose = String::new();
    for piece in spans(text) {
        match piece {
            Span::Prose(words) => prose.push_str(words),
            Span::Command(command) if measure_text_width(command) <= room.min(SHORT_COMMAND) => {
                prose.push_str(&command.replace(' ', UNBROKEN));
            }
            Span::Command(command) => {
                fill(&mut lines, &prose, room);
                prose.clear();
                lines.push(command.to_owned());
            }
        }
    }
    fill(&mut lines, &prose, room);
    lines
}

/// Commands up to this many columns stay within their sentence.
const SHORT_COMMAND: usize = 40;

/// Stands for the spaces of a command while its sentence is wrapped.
const UNBROKEN: &str = "\u{a0}";

/// A part of a sentence.
enum Span<'t> {
    Prose(&'t str),
    /// Several words in backticks, the punctuation behind them included.
    Command(&'t str),
}

fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((start, end)) = quoted_words(rest) {
        let (before, from) = rest.split_at(start);
        let (command, behind) = from.split_at(end - start);
        spans.push(Span::Prose(before));
        spans.push(Span::Command(command));
        rest = behind;
    }
    spans.push(Span::Prose(rest));
    spans
}

/// Where the next backticked span of several words stands, with the punctuation behind it.
fn quoted_words(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find('`')?;
        let inside = text.get(start + 1..)?;
        let length = inside.find('`')?;
        let end = start + 1 + length + 1;
        if inside.get(..length)?.contains(' ') {
            let behind = text.get(end..)?;
            let marks = behind.len() - behind.trim_start_matches([',', '.', ';', ':', ')']).len();
            return Some((start, end + marks));
        }
        from = end;
    }
}

/// Wraps prose onto the end of `lines`.
fn fill(lines: &mut Vec<String>, prose: &str, room: usize) {
    let prose = prose.trim();
    if prose.is_empty() && !lines.is_empty() {
        return;
    }
    let mut table = bare(u16::try_from(room).unwrap_or(u16::MAX).max(8));
    table.add_row([prose]);
    for column in table.column_iter_mut() {
        column.set_padding((0, 0));
    }
    lines.extend(
        table
            .lines()
            .map(|line| line.trim_end().replace(UNBROKEN, " ")),
    );
}

#[cfg(test)]
mod tests {
    use super::wrap;

    const LONG: &str = "`az ad app credential reset --id 5b7a2f0e-2d35-4a55-8a64-0d3a51c60001 --append --end-date 2027-06-30`";

    #[test]
    fn a_command_in_a_sentence_is_never_broken() {
        let text = format!(
            "Add a new credential with {LONG}, store it with `az login` or `az account show`."
        );
        for room in 10..200 {
            let lines = wrap(&text, room);
            assert!(
                lines.iter().any(|line| line.contains(LONG)),
                "{room}: {lines:#?}"
            );
            for short in ["`az login`", "`az account show`"] {
                assert!(
                    lines.iter().any(|line| line.contains(short)),
                    "{room}: {lines:#?}"
                );
            }
            let again = lines.join(" ");
            assert_eq!(
                again.split_whitespace().collect::<Vec<_>>(),
                text.split_whitespace().collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn prose_without_commands_is_wrapped_as_ever() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("an `odd` tick ` alone", 40), ["an `odd` tick ` alone"]);
    }
}
