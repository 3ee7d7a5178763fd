//! Where mails go, by which way, and who is told.

use crate::estate::{Cadence, MailBy, Routing, SecretRef, SmtpAuth, WebhookKind};

use super::{GOOD, good, told};

const SMTP: &str = "smtp = { host = \"smtp.contoso.com\", user = \"credaudit\", password = { env = \"SMTP_PASSWORD\" } }";

fn by(line: &str) -> String {
    assert!(GOOD.contains(SMTP));
    GOOD.replacen(SMTP, line, 1)
}

#[test]
fn mails_leave_by_one_way() {
    let graph = good(&by("graph = { sender = \"credaudit@contoso.com\" }"))
        .mail
        .unwrap();
    assert_eq!(graph.tenant.as_deref(), Some("contoso"));
    assert!(matches!(graph.by, MailBy::Graph { sender } if sender == "credaudit@contoso.com"));
    let folder = good(&by("folder = \"outbox\"")).mail.unwrap();
    assert_eq!(
        (folder.by, folder.tenant),
        (MailBy::Folder("outbox".into()), None)
    );
    let line = GOOD.lines().count();
    for (way, message) in [
        ("", "`smtp`"),
        (
            "folder = \"a\"\ngraph = { sender = \"a@contoso.com\" }",
            "both `graph` and `folder`",
        ),
        ("graph = { sender = \"everybody\" }", "`sender`"),
    ] {
        let found = told(&by(way));
        assert_eq!(found.len(), 1, "{way}: {found:?}");
        assert!(found[0].1.contains(message), "{found:?}");
        assert!(found[0].0 >= line - 4, "{found:?}");
    }
}

#[test]
fn exchange_is_signed_in_to_by_token() {
    let token = by(
        "smtp = { host = \"smtp.office365.com\", auth = \"xoauth2\", user = \"a@contoso.com\", ca = \"ca.pem\" }",
    );
    let mail = good(&token).mail.unwrap();
    let MailBy::Smtp(smtp) = mail.by else {
        panic!()
    };
    assert_eq!(
        smtp.auth,
        SmtpAuth::Xoauth2 {
            user: "a@contoso.com".into()
        }
    );
    assert_eq!(smtp.ca.as_deref(), Some("ca.pem"));
    assert_eq!(mail.tenant.as_deref(), Some("contoso"));
    for (line, message) in [
        (
            "smtp = { host = \"a.example\", auth = \"xoauth2\" }",
            "`user`",
        ),
        (
            "smtp = { host = \"a.example\", auth = \"xoauth2\", user = \"u\", password = { env = \"P\" } }",
            "`password` has no effect",
        ),
        (
            "smtp = { host = \"a.example\", user = \"u\" }",
            "`user` is given without `password`",
        ),
        (
            "smtp = { host = \"a.example\", auth = \"oauth\" }",
            "`oauth` is not a valid `auth`",
        ),
    ] {
        let found = told(&by(line));
        assert!(
            found.iter().any(|(_, text)| text.contains(message)),
            "{line}: {found:?}"
        );
    }
    let two = format!("{token}[tenants.fabrikam]\nid = \"8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0002\"\n");
    let found = told(&two);
    assert!(found[0].1.contains("`tenant`"), "{found:?}");
}

#[test]
fn routing_has_its_usual_days() {
    let read = |text: &str| good(&format!("{GOOD}{text}")).routing;
    assert_eq!(read(""), None);
    assert_eq!(read("[routing]\n"), Some(Routing::default()));
    let routing = read(
        "[routing]\nfallback = \"sec@contoso.com\"\ndays = [7, 45, 7]\ncadence = \"weekly\"\nescalate-after-days = 0\nalive = false\n",
    )
    .unwrap();
    assert_eq!(routing.days, [45, 7]);
    assert_eq!(routing.cadence, Some(Cadence::Weekly));
    assert_eq!((routing.escalate_after_days, routing.alive), (0, false));
    for (text, message) in [
        ("days = []", "`days` names no day"),
        ("days = [-1]", "not between"),
        ("cadence = \"hourly\"", "`hourly` is not a valid `cadence`"),
        ("fallback = \"nobody\"", "`fallback`"),
        ("owner = \"x\"", "no key `owner`"),
    ] {
        let found = told(&format!("{GOOD}[routing]\n{text}\n"));
        assert!(found[0].1.contains(message), "{text}: {found:?}");
    }
}

#[test]
fn a_webhooks_address_never_stands_in_the_file() {
    let read = |text: &str| format!("{GOOD}[[webhooks]]\n{text}\n");
    let hooks = good(&read("kind = \"teams\"\nurl = { env = \"TEAMS_HOOK\" }")).webhooks;
    assert_eq!(hooks[0].kind, WebhookKind::Teams);
    assert_eq!(hooks[0].url, SecretRef::Env("TEAMS_HOOK".into()));
    assert!(!hooks[0].always);
    let found = told(&read(
        "kind = \"slack\"\nurl = \"https://hooks.example/T0/canary\"",
    ));
    assert!(found[0].1.contains("`url` is plain text"), "{found:?}");
    assert!(!format!("{found:?}").contains("canary"));
}
