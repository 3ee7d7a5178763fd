//! The plain text of a mail: no colour, no box drawing, and short.

use super::document::{Block, Document, Item};
use crate::report::printable::{clean, cut};
use crate::report::text::page::{Look, Page, Tone};
use crate::report::text::steps::{commands, links, steps};

/// Of one text.
const LONGEST: usize = 480;

/// The document as text, ended by a newline.
pub(super) fn plain(document: &Document, width: u16) -> String {
    let look = Look::plain(width);
    let (mut body, mut foot) = (Page::new(look), Page::new(look));
    body.paragraph(0, 0, &document.headline, Tone::Plain);
    body.gap();
    for line in &document.about {
        body.paragraph(0, 0, line, Tone::Plain);
    }
    for one in &document.blocks {
        block(&mut body, one);
    }
    for line in &document.foot {
        foot.paragraph(0, 0, line, Tone::Plain);
    }
    let (body, foot) = (body.into_text(), foot.into_text());
    format!("{}\n\n-- \n{foot}", body.trim_end())
}

fn block(page: &mut Page, block: &Block) {
    match block {
        Block::Heading(text) => {
            page.gap();
            page.paragraph(0, 0, &text.to_uppercase(), Tone::Plain);
        }
        Block::Text(text) => page.paragraph(0, 0, &cut(&clean(text), LONGEST), Tone::Plain),
        Block::Loud(text) => {
            page.paragraph(0, 0, text, Tone::Plain);
            page.gap();
        }
        Block::Item(one) => item(page, one),
        Block::Table(..) => {}
    }
}

fn item(page: &mut Page, item: &Item) {
    if let Some(text) = &item.in_short {
        let room = usize::from(page.look.width) - 2;
        page.field(0, 2, "-", &cut(&clean(text), room));
        return;
    }
    let title = match item.severity {
        Some(severity) => format!("{severity}: {}", item.title),
        None => item.title.clone(),
    };
    page.field(0, 2, "-", &title);
    for line in &item.details {
        page.paragraph(2, 2, &cut(&clean(line), LONGEST), Tone::Plain);
    }
    links(page, 2, &item.links);
    commands(page, 2, &item.commands);
    steps(page, 2, &item.steps);
    if !(item.links.is_empty() && item.commands.is_empty() && item.steps.is_empty()) {
        page.gap();
    }
}
