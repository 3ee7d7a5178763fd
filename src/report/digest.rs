//! One person's message as mail text: what is due for them, what is closed, how to silence it.

use super::html;
use super::mail::MailText;
use super::text::clean;
use crate::model::reminder::{Digest, Notice, NoticeKind};
use crate::model::time::day;

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

fn subject(digest: &Digest, due: usize) -> String {
    let words = if digest.notices.is_empty() {
        let known = if digest.incomplete {
            "known to be "
        } else {
            "is "
        };
        format!("nothing {known}due")
    } else if due == 0 {
        format!("{} renewed", credentials(digest.notices.len()))
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
    if digest.incomplete {
        text.push_str(&format!("{}\n\n", incomplete(digest)));
    }
    if digest.notices.is_empty() {
        text.push_str(&format!("{}\n\n", nothing_due(digest)));
        for name in &digest.registrations {
            text.push_str(&format!("  {}\n", clean(name)));
        }
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
    text.push_str(&format!("\n-- \n{}\n", signature(digest, run)));
    text
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

pub(super) fn nothing_due(digest: &Digest) -> String {
    format!(
        "Nothing {} due for you. credaudit watches {} of yours and is alive:",
        if digest.incomplete {
            "is known to be"
        } else {
            "is"
        },
        match digest.registrations.len() {
            1 => "one registration".to_owned(),
            many => format!("{many} registrations"),
        }
    )
}

pub(super) fn incomplete(digest: &Digest) -> String {
    let yours = match digest.unanswered {
        0 => "None of it is about your registrations.".to_owned(),
        1 => "1 question about your registrations is open.".to_owned(),
        many => format!("{many} questions about your registrations are open."),
    };
    format!(
        "THE AUDIT IS INCOMPLETE: something that should be known could not be read, and what is not named here \
         is not thereby fine. {yours}"
    )
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
        lines
            .push("No further audit is planned before that: this is the last reminder.".to_owned());
    }
    if notice.kind == NoticeKind::Escalated {
        let whom: Vec<String> = notice.owners.iter().map(|one| clean(one)).collect();
        lines.push(format!(
            "{} was told, and nothing changed: you stand behind the owner.",
            whom.join(", ")
        ));
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
            text.push_str(&format!("     {}\n", clean(run)));
        }
    }
    text.push('\n');
    text
}

pub(super) fn closed(notice: &Notice) -> String {
    let name = clean(&notice.registration);
    let now = clean(&notice.name);
    match (&notice.end, notice.name.is_empty()) {
        (Some(end), false) => format!(
            "{name}: renewed, it signs in with {now} now, which ends on {}.",
            day(*end)
        ),
        (None, false) => format!("{name}: renewed, it signs in with {now} now, which has no end."),
        _ => format!("{name}: nothing is due there any more."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::assessment::{RouteBy, Step};

    fn notice(kind: NoticeKind, registration: &str, days_left: i64) -> Notice {
        let as_of: chrono::DateTime<chrono::Utc> = "2026-11-21T06:00:00Z".parse().expect("a date");
        Notice {
            kind,
            registration: registration.into(),
            environment: "prod".into(),
            credential: "key-1".into(),
            name: "secret \"2026\"".into(),
            band: "14".into(),
            end: Some(as_of + chrono::TimeDelta::days(days_left)),
            days_left: Some(days_left),
            before_next_run: days_left < 7,
            by: (kind == NoticeKind::Band).then_some(RouteBy::Entra),
            owners: vec!["ann@contoso.example".into()],
            steps: vec![Step {
                say: "Add a new secret".into(),
                run: Some("az ad app credential reset --append".into()),
            }],
        }
    }

    fn message(notices: Vec<Notice>) -> Digest {
        Digest {
            recipient: "ann@contoso.example".into(),
            notices,
            registrations: vec!["raia".into()],
            incomplete: false,
            unanswered: 0,
            as_of: "2026-11-21T06:00:00Z".parse().expect("a date"),
        }
    }

    #[test]
    fn a_message_says_what_ends_when_and_what_to_do() {
        let text = digest(
            &message(vec![
                notice(NoticeKind::Band, "raia", 3),
                notice(NoticeKind::Escalated, "erp-bridge", -2),
                notice(NoticeKind::Closed, "portal", 200),
            ]),
            "run-1",
        );
        insta::assert_snapshot!(format!("{}\n\n{}", text.subject, text.body), @r#"
        credaudit: 2 credentials due, erp-bridge ended 2 days ago

        What is due for you:

        * raia (prod): secret "2026" ends in 3 days, 2026-11-24 06:00 UTC
          No further audit is planned before that: this is the last reminder.
          You get this as owner in Entra.
          1. Add a new secret
             az ad app credential reset --append

        * erp-bridge (prod): secret "2026" ended 2 days ago, 2026-11-19 06:00 UTC
          ann@contoso.example was told, and nothing changed: you stand behind the owner.
          1. Add a new secret
             az ad app credential reset --append

        Settled:

        * portal: renewed, it signs in with secret "2026" now, which ends on 2027-06-09.

        -- 
        The audit of 2026-11-21 (run run-1). Each band is told once; after a renewal one line closes the matter.
        "#);
    }

    #[test]
    fn an_incomplete_audit_says_so_first_and_silence_is_broken() {
        let text = digest(
            &Digest {
                incomplete: true,
                unanswered: 2,
                ..message(Vec::new())
            },
            "run-1",
        );
        insta::assert_snapshot!(format!("{}\n\n{}", text.subject, text.body), @r"
        credaudit: nothing known to be due (audit incomplete)

        THE AUDIT IS INCOMPLETE: something that should be known could not be read, and what is not named here is not thereby fine. 2 questions about your registrations are open.

        Nothing is known to be due for you. credaudit watches one registration of yours and is alive:

          raia

        -- 
        The audit of 2026-11-21 (run run-1). This message comes once in four weeks where there is nothing else to say, so that silence is not mistaken for health.
        ");
    }

    #[test]
    fn a_hostile_name_stays_on_its_line() {
        let mut one = notice(NoticeKind::Band, "x\r\nBcc: thief@example.com\u{202e}", 3);
        one.name = "<script>\u{1b}[2J".into();
        let text = digest(&message(vec![one]), "run\r\n1");
        assert!(!text.html.contains("<script>"), "{}", text.html);
        assert!(
            !text.subject.contains(char::is_control),
            "{:?}",
            text.subject
        );
        for line in text.body.lines() {
            assert!(
                !line.contains(|one: char| one.is_control() || one == '\u{202e}'),
                "{line:?}"
            );
            assert!(!line.starts_with("Bcc"), "{line}");
        }
    }
}
