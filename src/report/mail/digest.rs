//! One person's message as mail text: what is due for them, what is closed, how to silence it.

use super::MailText;
use super::reminder::reminder;
use crate::model::reminder::{Digest, Notice, NoticeKind};
use crate::report::printable::{clean, command_line};
use crate::report::view::reminder::{
    alive, besides, closed, details, doubts, headline, signature, subject,
};

/// Subject, text and HTML of one person's message. `run` is the audit's id, for questions about it.
#[must_use]
pub fn digest(digest: &Digest, run: &str) -> MailText {
    let due = digest
        .notices
        .iter()
        .filter(|notice| notice.kind != NoticeKind::Closed)
        .count();
    let headline = subject(digest, due);
    MailText {
        subject: format!("credaudit: {headline}"),
        body: body(digest, due, run),
        html: reminder(digest, &headline, run),
    }
}

fn body(digest: &Digest, due: usize, run: &str) -> String {
    let mut text = String::new();
    for doubt in doubts(digest) {
        text.push_str(&format!("{doubt}\n\n"));
    }
    if digest.notices.is_empty() {
        text.push_str(&format!("{}\n\n", alive(digest)));
        for name in &digest.registrations {
            text.push_str(&format!("  {}\n", clean(name)));
        }
        text.push('\n');
    }
    if due > 0 {
        text.push_str("What is due for you:\n\n");
    }
    let mut settled = false;
    for notice in &digest.notices {
        if notice.kind == NoticeKind::Closed {
            if due > 0 && !settled {
                text.push_str("Settled:\n\n");
            }
            settled = true;
            text.push_str(&format!("* {}\n", closed(notice)));
        } else {
            text.push_str(&open(notice));
        }
    }
    for (title, lines) in besides(digest) {
        text.push_str(&format!("\n{title}\n\n"));
        for line in lines {
            text.push_str(&format!("* {line}\n"));
        }
    }
    let text = text.trim_end();
    format!("{text}\n\n-- \n{}\n", signature(digest, run))
}

fn open(notice: &Notice) -> String {
    let mut text = format!("* {}\n", headline(notice));
    for line in details(notice) {
        text.push_str(&format!("  {line}\n"));
    }
    for (number, step) in notice.steps.iter().enumerate() {
        text.push_str(&format!("  {}. {}\n", number + 1, clean(&step.say)));
        if let Some(run) = &step.run {
            text.push_str(&format!("     {}\n", command_line(run)));
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
