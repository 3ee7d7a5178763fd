//! What sections of the page are made of: headings, tiles, rows of a list, steps, the filter of a table.

use super::markup::Markup;
use crate::model::assessment::Step;

/// Begins a section: a heading, and a sentence that says what it shows.
pub(super) fn heading(page: &mut Markup, id: &'static str, title: &str, says: &'static str) {
    page.open("section", &[("id", id), ("class", id)]);
    page.raw("\n");
    page.word("h2", "", title);
    if !says.is_empty() {
        page.raw("\n");
        page.word("p", "says", says);
    }
    page.raw("\n");
}

/// The id of a registration's own part, by its place in the list: names are no ids.
pub(super) fn registration_id(index: usize) -> String {
    format!("r-{index}")
}

/// One number with its words.
pub(super) fn tile(
    page: &mut Markup,
    name: &'static str,
    number: &str,
    inner: impl FnOnce(&mut Markup),
) {
    page.raw("<div class=\"tile\">");
    page.word("h2", "", name);
    page.word("p", "number", number);
    inner(page);
    page.raw("</div>\n");
}

pub(super) fn row(page: &mut Markup, name: &'static str, text: &str) {
    page.raw("<div>");
    page.word("dt", "", name);
    page.word("dd", "", text);
    page.raw("</div>");
}

/// What to do, in order, with the command where there is one.
pub(super) fn steps(page: &mut Markup, steps: &[Step]) {
    if steps.is_empty() {
        return;
    }
    page.raw("<ol class=\"steps\">");
    for step in steps {
        page.raw("<li>");
        page.text(&step.say);
        if let Some(run) = &step.run {
            page.command(run);
        }
        page.raw("</li>");
    }
    page.raw("</ol>");
}

/// A field that hides the rows without its words; the script shows it, since it does nothing without.
pub(super) fn row_filter(page: &mut Markup, table: &'static str, label: &'static str) {
    page.raw("<p class=\"rowfilter\" hidden><label>");
    page.text(label);
    page.raw(" ");
    page.open("input", &[("type", "search"), ("data-rows", table)]);
    page.raw("</label></p>\n");
}

/// Says that a box holds more than it shows: it stays in sight at the lower edge.
pub(super) fn more(page: &mut Markup, rows: usize) {
    page.word("p", "more", &format!("{rows} rows: scroll here for more"));
}
