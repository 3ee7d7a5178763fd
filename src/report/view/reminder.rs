//! One person's message in sentences: what is due for them, what is closed, what is not known.

use crate::model::assessment::RouteBy;
use crate::model::plural::count;
use crate::model::reminder::{Closing, Digest, Notice, NoticeKind};
use crate::model::time::day;
use crate::report::printable::{capital, clean};

/// How many other findings are named.
const FINDINGS: usize = 10;

/// Whether something about this person's registrations is not known.
fn in_doubt(digest: &Digest) -> bool {
    digest.incomplete
        || digest.unanswered > 0
        || !digest.unread.is_empty()
        || digest.narrowed.is_some()
}

pub(crate) fn subject(digest: &Digest, due: usize) -> String {
    let words = if digest.notices.is_empty() {
        nothing_new(digest)
    } else if due == 0 {
        let renewed = |notice: &Notice| notice.closing == Some(Closing::Renewed);
        if digest.notices.iter().all(renewed) {
            format!("{} renewed", count(digest.notices.len(), "credential"))
        } else {
            format!("{} settled", count(digest.notices.len(), "credential"))
        }
    } else {
        let open = digest.notices.iter();
        let soonest = open
            .filter(|notice| notice.kind != NoticeKind::Closed)
            .filter_map(|notice| Some((notice.days_left?, notice)))
            .min_by_key(|(days, _)| *days);
        let end = soonest
            .map(|(days, notice)| format!(", {} {}", clean(&notice.registration), in_days(days)));
        format!(
            "{} due{}",
            count(due, "credential"),
            end.unwrap_or_default()
        )
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
        (0, 1) => "nothing expires soon, 1 other finding".to_owned(),
        (0, many) => format!("nothing expires soon, {many} other findings"),
        (still, _) => format!("nothing new, {} still due", count(still, "credential")),
    }
}

fn in_days(days: i64) -> String {
    match days {
        -1 => "expired yesterday".to_owned(),
        ..0 => format!("expired {} days ago", -days),
        0 => "expires today".to_owned(),
        1 => "expires tomorrow".to_owned(),
        many => format!("expires in {many} days"),
    }
}

/// What is not new and must not be forgotten: a title and a line for each.
pub(crate) fn besides(digest: &Digest) -> Vec<(&'static str, Vec<String>)> {
    let mut parts = Vec::new();
    if !digest.still.is_empty() {
        let lines = digest.still.iter().map(headline).collect();
        parts.push(("Already reported, still open", lines));
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
        parts.push(("Other findings in your integrations", lines));
    }
    parts
}

pub(crate) fn signature(digest: &Digest, run: &str) -> String {
    let rule = if digest.notices.is_empty() {
        "You get this message every four weeks when there is nothing else to report, so you know that the audit \
         still runs."
    } else {
        "You get one mail per reminder date, and one when the credential is renewed."
    };
    format!(
        "The audit of {} (run {}). {rule}",
        day(digest.as_of),
        clean(run)
    )
}

/// The sign of life.
pub(crate) fn alive(digest: &Digest) -> String {
    format!(
        "{}. credaudit still monitors {}:",
        capital(&nothing_new(digest)),
        match digest.registrations.len() {
            1 => "your registration".to_owned(),
            many => format!("your {many} registrations"),
        }
    )
}

/// What is not known, said before everything else.
pub(crate) fn doubts(digest: &Digest) -> Vec<String> {
    let mut lines = Vec::new();
    let yours = match digest.unanswered {
        0 => "None of that concerns your registrations.".to_owned(),
        1 => "1 check of your registrations has no answer.".to_owned(),
        many => format!("{many} checks of your registrations have no answer."),
    };
    if digest.incomplete {
        lines.push(format!(
            "INCOMPLETE: part of the audit could not run. Anything not listed here has not been confirmed as OK. \
             {yours}"
        ));
    } else if digest.unanswered > 0 {
        lines.push(format!("NOT CHECKED: {yours}"));
    }
    if let Some(narrowed) = &digest.narrowed {
        lines.push(format!(
            "PART OF THE ESTATE only was audited ({}): the rest was not checked.",
            clean(narrowed)
        ));
    }
    if !digest.unread.is_empty() {
        let names: Vec<String> = digest.unread.iter().map(|name| clean(name)).collect();
        lines.push(format!(
            "EXPIRY UNKNOWN for {}, so no reminder can be sent.",
            names.join(", ")
        ));
    }
    lines
}

/// Which credential, and when it ends.
pub(crate) fn headline(notice: &Notice) -> String {
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
pub(crate) fn details(notice: &Notice) -> Vec<String> {
    let mut lines = Vec::new();
    if notice.before_next_run && notice.days_left.is_some_and(|days| days >= 0) {
        lines.push("No further audit is planned before that.".to_owned());
    }
    if notice.kind == NoticeKind::Escalated {
        let whom: Vec<String> = notice.owners.iter().map(|one| clean(one)).collect();
        let whom = whom.join(", ");
        lines.push(if notice.reached {
            format!("{whom} was notified and nothing has changed: you are next in line after the owner.")
        } else {
            format!("{whom} could not be reached and nothing has changed: you are next in line after the owner.")
        });
    }
    if notice.kind == NoticeKind::Orphan {
        lines.push(
            "It has no owner or contact, so this goes to the recipients of the report: name an owner in the estate, \
             or a fallback in [routing]."
                .to_owned(),
        );
    }
    if let Some(by) = notice.by {
        lines.push(format!("You receive this because {}.", why_you(by)));
    }
    lines
}

/// Where this person's address comes from.
const fn why_you(by: RouteBy) -> &'static str {
    match by {
        RouteBy::Estate => "the estate lists you as the owner",
        RouteBy::Entra => "Entra lists you as an owner",
        RouteBy::VaultTag => "the vault entry's tag names you as the owner",
        RouteBy::Contact => "you are the contact of its environment",
        RouteBy::Fallback => "it has no owner and you are the estate's fallback",
    }
}

pub(crate) fn closed(notice: &Notice) -> String {
    let name = clean(&notice.registration);
    let now = clean(&notice.name);
    let ends = notice.end.map_or_else(
        || "does not expire".to_owned(),
        |end| format!("expires on {}", day(end)),
    );
    match notice.closing {
        Some(Closing::Renewed) => {
            format!("{name}: renewed. It now signs in with {now}, which {ends}.")
        }
        Some(Closing::FarOff) => {
            format!("{name}: {now} {ends}, which is later than the reminder days of [routing].")
        }
        _ => format!(
            "{name}: no longer in the estate, so no more reminders are sent. If it still signs in, add it again."
        ),
    }
}
