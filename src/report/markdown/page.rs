//! A page that takes what fits and counts the rest; text that Markdown and HTML leave alone.

use crate::model::Resource;
use crate::model::assessment::Step;
use crate::model::plural::count;
use crate::report::printable::{clean, command_line};

/// What the note on cut sections may take.
const NOTE: usize = 1_000;

/// Sections in their order; each is cut at a whole piece.
pub(super) struct Page {
    text: String,
    room: usize,
    cut: Vec<String>,
}

impl Page {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            text: String::new(),
            room: limit.saturating_sub(NOTE),
            cut: Vec::new(),
        }
    }

    /// Adds a section: what opens it, its pieces, what closes it. Nothing where there are no pieces; as
    /// many pieces as fit otherwise.
    pub(super) fn section(
        &mut self,
        what: &str,
        open: &str,
        pieces: impl IntoIterator<Item = String>,
        close: &str,
    ) {
        let mut pieces = pieces.into_iter().peekable();
        if pieces.peek().is_none() {
            return;
        }
        let mut text = String::new();
        let edges = open.len() + close.len();
        let mut left_out = 0;
        for piece in pieces {
            // What comes after a piece that did not fit stays out, too: a list has no holes.
            if left_out > 0 || edges + text.len() + piece.len() > self.room {
                left_out += 1;
            } else {
                text.push_str(&piece);
            }
        }
        if left_out > 0 {
            self.cut.push(count(left_out, what));
        }
        if !text.is_empty() {
            self.room -= edges + text.len();
            self.text.push_str(open);
            self.text.push_str(&text);
            self.text.push_str(close);
        }
    }

    /// The note on what was cut, empty where nothing was, and the sections.
    pub(super) fn finish(self) -> (String, String) {
        let note = if self.cut.is_empty() {
            String::new()
        } else {
            format!(
                "\n> **Shortened** to fit: not shown are {}. The JSON report has everything.\n",
                self.cut.join(", ")
            )
        };
        (note, self.text)
    }
}

/// One line of text that stays text: no markup, no HTML, no link, nobody mentioned.
pub(in crate::report) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '#' | '$' => safe.extend(['\\', letter]),
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // In a table even a code span is split by it.
            '|' => safe.push_str("&#124;"),
            // `https://` and `www.` would become links.
            ':' if text[at..].starts_with("://") => safe.push_str("\\:"),
            '.' if safe.to_ascii_lowercase().ends_with("www") => safe.push_str("\\."),
            // Only what stands after a letter is no mention: an address.
            '@' if !before.is_alphanumeric() => safe.push_str("@<!-- -->"),
            '\n' | '\r' => safe.push(' '),
            letter => safe.push(letter),
        }
        before = letter;
    }
    safe
}

/// The same, of foreign text.
pub(super) fn text(text: &str) -> String {
    escape(&clean(text))
}

/// A name as code. Not between backticks, which nothing can escape.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(&clean(text)))
}

/// `check on resource`, both as code.
pub(super) fn about(check: &str, resource: &Resource) -> String {
    format!("{} on {}", code(check), code(resource.path()))
}

/// A command to paste, with every space it has.
pub(super) fn command(command: &str) -> String {
    format!("<code>{}</code>", escape(&command_line(command)))
}

/// Steps, or commands without an order, each with its line in each shell.
pub(super) fn listed(piece: &mut String, title: &str, bullet: &str, steps: &[Step]) {
    if steps.is_empty() {
        return;
    }
    piece.push_str(&format!("\n**{title}:**\n\n"));
    for step in steps {
        piece.push_str(&format!("{bullet} {}", text(step.say.letters())));
        for (number, (shell, line)) in step.lines(false).into_iter().enumerate() {
            let mark = if number == 0 { ":" } else { ";" };
            let shell = shell.map_or_else(String::new, |shell| format!(" {shell}"));
            piece.push_str(&format!("{mark}{shell} {}", command(line)));
        }
        piece.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_words_stay_readable() {
        assert_eq!(
            escape("owner crm@contoso.com, 3/3 allowed"),
            "owner crm@contoso.com, 3/3 allowed"
        );
        assert_eq!(
            code("vault-entry/crm-prod/x"),
            "<code>vault-entry/crm-prod/x</code>"
        );
    }

    #[test]
    fn an_empty_section_leaves_no_heading() {
        let mut page = Page::new(10_000);
        page.section("row", "## Nothing\n", Vec::new(), "");
        assert_eq!(page.finish(), (String::new(), String::new()));
    }

    #[test]
    fn a_list_has_no_holes() {
        let mut page = Page::new(NOTE + 10);
        let pieces = ["aaa", "bbbbbbbbbbbbbb", "c"].map(str::to_owned);
        page.section("row", "<", pieces, ">");
        let (note, text) = page.finish();
        assert_eq!(text, "<aaa>");
        assert!(note.contains("2 rows"), "{note}");
    }
}
