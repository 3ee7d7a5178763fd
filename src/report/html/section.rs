//! What sections of the page are made of: headings, tiles, rows of a list, steps, the filter of a table.

use super::markup::Markup;
use crate::model::assessment::{Link, RegistrationView, Step};
use crate::report::printable::capital;
use crate::report::view::registrations::environment;

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

/// Numbers below each other, each after its words.
pub(super) fn counts(
    page: &mut Markup,
    rows: impl IntoIterator<Item = (impl FnOnce(&mut Markup), usize)>,
) {
    page.raw("<ul class=\"counts\">");
    for (words, number) in rows {
        page.raw("<li>");
        words(page);
        page.raw(" ");
        page.word("b", "", &number.to_string());
        page.raw("</li>");
    }
    page.raw("</ul>");
}

pub(super) fn row(page: &mut Markup, name: &'static str, text: &str) {
    page.raw("<div>");
    page.word("dt", "", &capital(name));
    page.word("dd", "", text);
    page.raw("</div>");
}

/// What to do, in order, with the command where there is one.
pub(super) fn steps(page: &mut Markup, steps: &[Step]) {
    if steps.is_empty() {
        return;
    }
    page.raw("<ol class=\"steps\">");
    steps.iter().for_each(|step| one(page, step));
    page.raw("</ol>");
}

/// Commands of a remedy: they need not all be run, and have no order.
pub(super) fn commands(page: &mut Markup, commands: &[Step]) {
    if commands.is_empty() {
        return;
    }
    page.raw("<ul class=\"steps\">");
    commands.iter().for_each(|step| one(page, step));
    page.raw("</ul>");
}

/// Pages of a portal.
pub(super) fn links(page: &mut Markup, links: &[Link]) {
    if links.is_empty() {
        return;
    }
    page.raw("<ul class=\"links\">");
    for link in links {
        page.raw("<li>");
        page.element(
            "a",
            &[("href", &link.url), ("rel", "noreferrer")],
            |inner| {
                inner.text(&link.say);
            },
        );
        page.raw("</li>");
    }
    page.raw("</ul>");
}

fn one(page: &mut Markup, step: &Step) {
    page.raw("<li>");
    page.text(step.say.letters());
    for (shell, line) in step.lines(false) {
        if let Some(shell) = shell {
            page.word("small", "", shell);
        }
        page.command(line);
    }
    page.raw("</li>");
}

/// A registration's name, which leads to its own part, and its environment.
pub(super) fn whose(page: &mut Markup, index: usize, view: &RegistrationView) {
    page.fill(
        "<a href=\"#{}\">{}</a> <small>{}</small>",
        &[&registration_id(index), &view.name, &environment(view)],
    );
}

/// A table of many rows.
pub(super) struct Scrolling {
    pub id: &'static str,
    /// The label of the field that filters its rows.
    pub filter: &'static str,
    pub label: &'static str,
    /// How it begins.
    pub head: &'static str,
}

/// More rows than this scroll inside their box.
pub(super) const LONG: usize = 60;

/// A table in its box, and a field that hides the rows without its words: the script shows it, since it does
/// nothing without. Ends the section.
pub(super) fn scrolling(
    page: &mut Markup,
    table: &Scrolling,
    rows: usize,
    inner: impl FnOnce(&mut Markup),
) {
    let class = if rows > LONG { "scroll long" } else { "scroll" };
    page.fill(
        "<p class=\"rowfilter\" hidden><label>{} <input type=\"search\" data-rows=\"{}\"></label></p>\n\
         <section class=\"{}\" tabindex=\"0\" aria-label=\"{}\">\n",
        &[&table.filter, &table.id, &class, &table.label],
    );
    page.raw(table.head);
    inner(page);
    if rows > LONG {
        // It stays in sight at the lower edge.
        let text = format!("{rows} rows: scroll here for more");
        page.word("p", "more", &text);
    }
    page.raw("</section>\n</section>\n");
}
