//! One person's message as mail text: what is due for them, what is closed, how to silence it.

use super::MailText;
use super::document::{Block, Document, Item};
use super::{letter::letter, plain::plain};
use crate::model::reminder::{Digest, Notice, NoticeKind};
use crate::report::printable::clean;
use crate::report::view::reminder::{
    alive, besides, closed, details, doubts, headline, signature, subject,
};

/// Subject, text and HTML of one person's message. `run` is the audit's id, for questions about it.
pub(crate) fn digest(digest: &Digest, run: &str) -> MailText {
    let document = document(digest, run);
    MailText {
        subject: format!("credaudit: {}", document.headline),
        // Sentences that a reader searches for stay on one line.
        body: plain(&document, u16::MAX),
        html: letter(&document),
    }
}

fn document(digest: &Digest, run: &str) -> Document {
    let is_closed = |notice: &&Notice| notice.kind == NoticeKind::Closed;
    let (settled, due): (Vec<&Notice>, Vec<&Notice>) = digest.notices.iter().partition(is_closed);
    let mut blocks: Vec<Block> = doubts(digest).into_iter().map(Block::Loud).collect();
    if digest.notices.is_empty() {
        blocks.push(Block::Text(alive(digest)));
        let names = digest.registrations.iter();
        blocks.extend(names.map(|name| Block::line(clean(name))));
    }
    if !due.is_empty() {
        blocks.push(Block::Heading("What is due for you".to_owned()));
    }
    blocks.extend(due.iter().map(|notice| {
        Block::Item(Item {
            title: headline(notice),
            details: details(notice),
            steps: notice.steps.clone(),
            ..Item::default()
        })
    }));
    if !due.is_empty() && !settled.is_empty() {
        blocks.push(Block::Heading("Settled".to_owned()));
    }
    blocks.extend(settled.iter().map(|notice| Block::line(closed(notice))));
    for (title, lines) in besides(digest) {
        blocks.push(Block::Heading(title.to_owned()));
        blocks.extend(lines.into_iter().map(Block::line));
    }
    Document {
        name: "Credential reminder",
        colour: "#1f3a5f",
        headline: subject(digest, due.len()),
        about: Vec::new(),
        blocks,
        foot: vec![signature(digest, run)],
    }
}

#[cfg(test)]
mod tests;
