//! What one person's message says, and how little a hostile name does in it.

use super::*;
use crate::model::assessment::{RouteBy, Step};
use crate::model::reminder::Closing;

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
        reached: true,
        closing: (kind == NoticeKind::Closed).then_some(Closing::Renewed),
        steps: vec![Step {
            say: "Add a new secret".into(),
            run: Some("az ad app credential reset --append".into()),
            powershell: Some("az ad app credential reset --append".into()),
            others: Default::default(),
        }],
    }
}

fn message(notices: Vec<Notice>) -> Digest {
    Digest {
        recipient: "ann@contoso.example".into(),
        notices,
        registrations: vec!["raia".into()],
        still: Vec::new(),
        findings: Vec::new(),
        narrowed: None,
        unread: Vec::new(),
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
    credaudit: 2 credentials due, erp-bridge expired 2 days ago

    2 credentials due, erp-bridge expired 2 days ago

    WHAT IS DUE FOR YOU
    - raia (prod): secret "2026" expires in 3 days, 2026-11-24 06:00 UTC
      No further audit is planned before that.
      You receive this because Entra lists you as an owner.
      1. Add a new secret
         az ad app credential reset --append

    - erp-bridge (prod): secret "2026" expired 2 days ago, 2026-11-19 06:00 UTC
      ann@contoso.example was notified and nothing has changed: you are next in line after the owner.
      1. Add a new secret
         az ad app credential reset --append

    SETTLED
    - portal: renewed. It now signs in with secret "2026", which expires on 2027-06-09.

    -- 
    The audit of 2026-11-21 (run run-1). You get one mail per reminder date, and one when the credential is renewed.
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
    credaudit: nothing is known to be due (audit incomplete)

    nothing is known to be due (audit incomplete)

    INCOMPLETE: part of the audit could not run. Anything not listed here has not been confirmed as OK. 2 checks of your registrations have no answer.

    Nothing is known to be due. credaudit still monitors your registration:
    - raia

    -- 
    The audit of 2026-11-21 (run run-1). You get this message every four weeks when there is nothing else to report, so you know that the audit still runs.
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
