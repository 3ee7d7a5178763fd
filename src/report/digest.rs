//! One person's message as mail text: what is due for them, what is closed, how to silence it.

use super::html;
use super::mail::MailText;
use super::text::{clean, command_line};
use crate::model::reminder::{Closing, Digest, Notice, NoticeKind};
use crate::model::time::day;

/// How many other findings are named.
const FINDINGS: usize = 10;

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
        html: html::reminder(digest, &headline, run),
    }
}

fn credentials(count: usize) -> String {
    match count {
        1 => "1 credential".to_owned(),
        many => format!("{many} credentials"),
    }
}

/// Whether something about this person's registrations is not known.
fn in_doubt(digest: &Digest) -> bool {
    digest.incomplete
        || digest.unanswered > 0
        || !digest.unread.is_empty()
        || digest.narrowed.is_some()
}

fn subject(digest: &Digest, due: usize) -> String {
    let words = if digest.notices.is_empty() {
        nothing_new(digest)
    } else if due == 0 {
        let renewed = |notice: &Notice| notice.closing == Some(Closing::Renewed);
        if digest.notices.iter().all(renewed) {
            format!("{} renewed", credentials(digest.notices.len()))
        } else {
            format!("{} settled", credentials(digest.notices.len()))
        }
    } else {
        let open = digest.notices.iter();
        let soonest = open
            .filter(|notice| notice.kind != NoticeKind::Closed)
            .filter_map(|notice| Some((notice.days_left?, notice)))
            .min_by_key(|(days, _)| *days);
        let end = soonest
            .map(|(days, notice)| format!(", {} {}", clean(&notice.registration), in_days(days)));
        format!("{} due{}", credentials(due), end.unwrap_or_default())
    };
    let incomplete = if digest.incomplete {
        " (audit incomplete)"
    } else {
        ""
    };
    format!("{words}{incomplete}")
}

/// The sign of life in a few words: what still is as it was told, and never more health than is known.
fn nothing_new(digest: &Digest) -> String {
    match (digest.still.len(), digest.findings.len()) {
        (0, 0) if in_doubt(digest) => "nothing is known to be due".to_owned(),
        (0, 0) => "nothing is due".to_owned(),
        (0, 1) => "no end is near, 1 finding is open".to_owned(),
        (0, many) => format!("no end is near, {many} findings are open"),
        (still, _) => format!("nothing new, {} still due", credentials(still)),
    }
}

fn in_days(days: i64) -> String {
    match days {
        -1 => "ended yesterday".to_owned(),
        ..0 => format!("ended {} days ago", -days),
        0 => "ends today".to_owned(),
        1 => "ends tomorrow".to_owned(),
        many => format!("ends in {many} days"),
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

/// What is not new and must not be forgotten: a title and a line for each.
pub(super) fn besides(digest: &Digest) -> Vec<(&'static str, Vec<String>)> {
    let mut parts = Vec::new();
    if !digest.still.is_empty() {
        let lines = digest.still.iter().map(headline).collect();
        parts.push(("Told before, and still so:", lines));
    }
    if !digest.findings.is_empty() {
        let mut lines: Vec<String> = digest
            .findings
            .iter()
            .take(FINDINGS)
            .map(|one| format!("{}: {} ({})", one.severity, one.title, clean(&one.whose)))
            .collect();
        if digest.findings.len() > FINDINGS {
            lines.push(format!("and {} more", digest.findings.len() - FINDINGS));
        }
        parts.push(("What the audit found on yours besides:", lines));
    }
    parts
}

pub(super) fn signature(digest: &Digest, run: &str) -> String {
    let rule = if digest.notices.is_empty() {
        "This message comes once in four weeks where there is nothing else to say, so that silence is not \
         mistaken for health."
    } else {
        "Each band is told once; after a renewal one line closes the matter."
    };
    format!(
        "The audit of {} (run {}). {rule}",
        day(digest.as_of),
        clean(run)
    )
}

/// The sign of life.
pub(super) fn alive(digest: &Digest) -> String {
    let words = nothing_new(digest);
    let mut letters = words.chars();
    let first = letters.next().map(|one| one.to_ascii_uppercase());
    format!(
        "{}{}. credaudit is alive and watches {} of yours:",
        first.unwrap_or_default(),
        letters.as_str(),
        match digest.registrations.len() {
            1 => "one registration".to_owned(),
            many => format!("{many} registrations"),
        }
    )
}

/// What is not known, said before everything else.
pub(super) fn doubts(digest: &Digest) -> Vec<String> {
    let mut lines = Vec::new();
    let yours = match digest.unanswered {
        0 => "None of it is about your registrations.".to_owned(),
        1 => "1 question about your registrations is open.".to_owned(),
        many => format!("{many} questions about your registrations are open."),
    };
    if digest.incomplete {
        lines.push(format!(
            "THE AUDIT IS INCOMPLETE: something that should be known could not be read, and what is not named \
             here is not thereby fine. {yours}"
        ));
    } else if digest.unanswered > 0 {
        lines.push(format!("NOT ALL IS KNOWN: {yours}"));
    }
    if let Some(narrowed) = &digest.narrowed {
        lines.push(format!(
            "A PART ONLY was looked at ({}): of the rest nothing is said.",
            clean(narrowed)
        ));
    }
    if !digest.unread.is_empty() {
        let names: Vec<String> = digest.unread.iter().map(|name| clean(name)).collect();
        lines.push(format!(
            "NOT KNOWN is when the credential in use ends of: {}. Nobody can remind you of it.",
            names.join(", ")
        ));
    }
    lines
}

/// Which credential, and when it ends.
pub(super) fn headline(notice: &Notice) -> String {
    let end = notice
        .end
        .map(|end| format!(", {}", end.format("%Y-%m-%d %H:%M UTC")))
        .unwrap_or_default();
    format!(
        "{} ({}): {} {}{end}",
        clean(&notice.registration),
        clean(&notice.environment),
        clean(&notice.name),
        in_days(notice.days_left.unwrap_or_default())
    )
}

/// Why it is said now, and to whom.
pub(super) fn details(notice: &Notice) -> Vec<String> {
    let mut lines = Vec::new();
    if notice.before_next_run && notice.days_left.is_some_and(|days| days >= 0) {
        lines.push("No further audit is planned before that.".to_owned());
    }
    if notice.kind == NoticeKind::Escalated {
        let whom: Vec<String> = notice.owners.iter().map(|one| clean(one)).collect();
        let whom = whom.join(", ");
        lines.push(if notice.reached {
            format!("{whom} was told, and nothing changed: you stand behind the owner.")
        } else {
            format!("{whom} could not be reached, and nothing changed: you stand behind the owner.")
        });
    }
    if notice.kind == NoticeKind::Orphan {
        lines.push(
            "Nobody answers for it, and so you are told, who get the report: name an owner in the estate, or a \
             fallback in [routing]."
                .to_owned(),
        );
    }
    if let Some(by) = notice.by {
        lines.push(format!("You get this as {}.", by.as_str()));
    }
    lines
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

pub(super) fn closed(notice: &Notice) -> String {
    let name = clean(&notice.registration);
    let now = clean(&notice.name);
    let ends = notice.end.map_or_else(
        || "has no end".to_owned(),
        |end| format!("ends on {}", day(end)),
    );
    match notice.closing {
        Some(Closing::Renewed) => {
            format!("{name}: renewed, it signs in with {now} now, which {ends}.")
        }
        Some(Closing::FarOff) => {
            format!("{name}: {now} {ends}, which is farther off than the days of [routing] now.")
        }
        _ => format!(
            "{name}: the estate does not name it any more, and nobody is reminded of it. If it still signs in, \
             put it back."
        ),
    }
}

#[cfg(test)]
mod tests;
