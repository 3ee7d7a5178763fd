//! What a mail is made of, and what cannot be slipped into it.

use super::*;

fn outgoing() -> Outgoing {
    Outgoing {
        from: "credaudit <credaudit@contoso.com>".into(),
        to: vec!["security@contoso.com".into(), "crm@contoso.com".into()],
        subject: "credaudit: FINDINGS 1 für 日本".into(),
        text: "first line\n.\n..two dots\nGröße 日本\n".into(),
        html: None,
        attachments: Vec::new(),
        message_id: "run-1@credaudit".into(),
        date: "2026-11-21T06:00:00Z".parse().expect("a literal date"),
    }
}

fn text(mail: &Outgoing) -> String {
    String::from_utf8(eml(mail).expect("a mail")).expect("text")
}

#[test]
fn the_same_mail_gives_the_same_bytes() {
    let first = text(&outgoing());
    assert_eq!(first, text(&outgoing()));
    for line in [
        "Message-ID: <run-1@credaudit>\r\n",
        "Date: Sat, 21 Nov 2026 06:00:00 +0000\r\n",
        "To: security@contoso.com, crm@contoso.com\r\n",
        "MIME-Version: 1.0\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
    ] {
        assert!(first.contains(line), "{line} in {first}");
    }
    assert!(
        first.is_ascii(),
        "a mail needs nothing but ASCII on its way"
    );
    assert!(
        !first.replace("\r\n", "").contains(['\r', '\n']),
        "no bare line ends"
    );
}

#[test]
fn no_header_can_be_slipped_in() {
    let mut mail = outgoing();
    mail.subject = "x\r\nBcc: thief@example.com\u{2028}y".into();
    mail.message_id = "a>\r\nBcc: thief@example.com".into();
    let sent = text(&mail);
    let headers = sent.split_once("\r\n\r\n").expect("headers").0;
    assert!(
        !headers.lines().any(|line| line.starts_with("Bcc")),
        "{headers}"
    );
    for address in [
        "a@b.example\r\nBcc: thief@example.com",
        "a@b\0.example",
        "nobody",
        "ü@ü.example",
    ] {
        mail.to = vec![address.into()];
        let error = eml(&mail).expect_err("no address").to_string();
        assert!(
            error.contains("cannot be used as a mail address"),
            "{error}"
        );
        assert!(!error.contains(char::is_control), "{error:?}");
    }
}

#[test]
fn a_mail_to_nobody_is_refused() {
    let mut mail = outgoing();
    mail.to.clear();
    assert!(matches!(eml(&mail), Err(DeliverError::NoRecipient)));
}

#[test]
fn a_date_out_of_range_is_no_panic() {
    let mut mail = outgoing();
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        mail.date = at;
        assert!(eml(&mail).is_ok());
    }
}

#[test]
fn the_password_is_in_no_debug_output() {
    let server = MailServer {
        host: "smtp.contoso.com".into(),
        port: 587,
        tls: Tls::StartTls,
        sign_in: SignIn::Password,
        user: Some("credaudit".into()),
        password: Some("hunter2-canary".into()),
    };
    assert!(!format!("{server:?} {server}").contains("hunter2"));
}

fn with_parts() -> Outgoing {
    let mut mail = outgoing();
    mail.html = Some(format!("<p>{}</p>\n.\n", "Größe ".repeat(400)));
    mail.attachments = vec![
        Attachment {
            name: "report.html".into(),
            content_type: "text/html; charset=utf-8".into(),
            bytes: b"<!doctype html>\n".to_vec(),
        },
        Attachment {
            name: "ends.ics".into(),
            content_type: "text/calendar; charset=utf-8".into(),
            bytes: vec![0, 255, 10, 13],
        },
    ];
    mail
}

#[test]
fn text_comes_first_then_html_then_the_files() {
    let mail = text(&with_parts());
    let at = |what: &str| {
        mail.find(what)
            .unwrap_or_else(|| panic!("{what} in {mail}"))
    };
    let order = [
        at("Content-Type: multipart/mixed"),
        at("Content-Type: multipart/alternative"),
        at("Content-Type: text/plain"),
        at("Content-Type: text/html"),
        at("filename=\"report.html\""),
        at("filename=\"ends.ics\""),
    ];
    assert!(order.is_sorted(), "{order:?}\n{mail}");
    assert!(mail.contains("AP8KDQ=="), "bytes stay as they are: {mail}");
    assert!(mail.is_ascii());
    assert!(mail.lines().all(|line| line.len() <= 998));
    assert!(!mail.replace("\r\n", "").contains(['\r', '\n']));
}

#[test]
fn a_mail_in_parts_is_the_same_twice_and_html_alone_needs_no_mixed() {
    assert_eq!(text(&with_parts()), text(&with_parts()));
    let mut mail = with_parts();
    mail.attachments.clear();
    let alone = text(&mail);
    assert!(alone.contains("multipart/alternative") && !alone.contains("multipart/mixed"));
    mail.html = None;
    mail.attachments = with_parts().attachments;
    let files = text(&mail);
    assert!(files.contains("multipart/mixed") && !files.contains("multipart/alternative"));
}

#[test]
fn a_file_name_is_a_file_name_and_nothing_else() {
    let mut mail = outgoing();
    for (given, sent) in [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\"\r\nBcc: thief@example.com", "a_Bcc_ thief_example.com"),
        ("re\u{202e}lmth.exe", "re_lmth.exe"),
        ("<script>.html", "_script_.html"),
        ("Größe 日本.html", "Gr_e _.html"),
        ("..", "attachment"),
        ("", "attachment"),
    ] {
        mail.attachments = vec![Attachment {
            name: given.into(),
            content_type: "text/html".into(),
            bytes: Vec::new(),
        }];
        let mail = text(&mail);
        assert!(
            mail.contains(&format!("filename=\"{sent}\"\r\n")),
            "{sent} in {mail}"
        );
        assert!(!mail.lines().any(|line| line.starts_with("Bcc")), "{mail}");
    }
}

#[test]
fn an_attachment_of_no_known_kind_is_an_error_not_a_panic() {
    let mut mail = with_parts();
    mail.attachments[0].content_type = "html\r\nX: y".into();
    assert!(matches!(eml(&mail), Err(DeliverError::Message { .. })));
}
