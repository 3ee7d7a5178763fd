//! Writes HTML in which text cannot become markup: only literals are taken as they are.

use std::fmt::Display;

use crate::report::printable::{clean, command_line};

/// Attributes of an element: names are literals, values are escaped.
pub(crate) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// HTML as it grows. There is no way to put a `String` into it unescaped.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    out: String,
}

impl Markup {
    /// Markup of the program's own: a literal, so that nothing from outside can be in it.
    pub(crate) fn raw(&mut self, markup: &'static str) {
        self.out.push_str(markup);
    }

    /// Text from anywhere: on one line, nothing in it steers whoever reads it, and escaped.
    pub(crate) fn text(&mut self, text: &str) {
        escape(&mut self.out, &clean(text));
    }

    /// Markup of the program's own whose holes, `{}`, are filled with text from anywhere.
    pub(crate) fn fill(&mut self, markup: &'static str, texts: &[&dyn Display]) {
        let mut texts = texts.iter();
        for (index, piece) in markup.split("{}").enumerate() {
            if let Some(text) = (index > 0).then(|| texts.next()).flatten() {
                self.text(&text.to_string());
            }
            self.raw(piece);
        }
    }

    pub(crate) fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            escape(&mut self.out, &clean(value));
            self.out.push('"');
        }
        self.out.push('>');
    }

    pub(crate) fn close(&mut self, tag: &'static str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    /// An element with whatever `inner` puts into it.
    pub(crate) fn element(
        &mut self,
        tag: &'static str,
        attributes: Attributes<'_>,
        inner: impl FnOnce(&mut Self),
    ) {
        self.open(tag, attributes);
        inner(self);
        self.close(tag);
    }

    /// An element of one class (none where it is empty) with text in it.
    pub(crate) fn word(&mut self, tag: &'static str, class: &'static str, text: &str) {
        if class.is_empty() {
            self.open(tag, &[]);
        } else {
            self.open(tag, &[("class", class)]);
        }
        self.text(text);
        self.close(tag);
    }

    /// A command to paste, with every space it has.
    pub(crate) fn command(&mut self, command: &str) {
        self.open("code", &[("class", "run")]);
        self.command_text(command);
        self.close("code");
    }

    /// The same within an element of the caller's.
    pub(crate) fn command_text(&mut self, command: &str) {
        escape(&mut self.out, &command_line(command));
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }
}

fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_values_never_become_markup() {
        let mut markup = Markup::default();
        let evil = "</td><script>alert('1')</script>\"\r\n\u{202e}&";
        markup.element("td", &[("title", evil)], |cell| cell.text(evil));
        let safe =
            "&lt;/td&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot; \\u{202e}&amp;";
        assert_eq!(markup.finish(), format!("<td title=\"{safe}\">{safe}</td>"));
    }
}
