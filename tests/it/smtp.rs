//! Mail through a real server (npm's smtp-server): STARTTLS, sign-in, a private CA, and every refusal.
//!
//! Ignored by default: it needs node and `CREDAUDIT_SMTP_SERVER_DIR`, a folder with `smtp-server` installed.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the test reads its environment, starts a server and says what it expects"
)]

use std::process::Command;

use base64::Engine as _;
use credaudit::inside::{DeliverError, MailServer, Outgoing, Sent, SignIn, Tls, send};

use crate::mail_server::{Server, body, plain_part};

const TEXT: &str = "FINDINGS 1 · Größe 日本語\n.\n..two dots\nFrom here\nlast line\n";

impl Server {
    fn settings(&self, tls: Tls, password: &str) -> MailServer {
        MailServer {
            host: "localhost".into(),
            port: self.port,
            tls,
            sign_in: SignIn::Password,
            user: Some("credaudit".into()),
            password: Some(password.to_owned().into()),
        }
    }

    fn send(&self, tls: Tls, password: &str, to: &[&str]) -> Result<Sent, DeliverError> {
        deliver(&self.settings(tls, password), to, Some(&self.ca))
    }
}

fn deliver(server: &MailServer, to: &[&str], ca: Option<&str>) -> Result<Sent, DeliverError> {
    let mail = Outgoing {
        from: "credaudit <credaudit@contoso.com>".into(),
        to: to.iter().map(|one| (*one).to_owned()).collect(),
        subject: "credaudit: FINDINGS 1 für 日本".into(),
        text: TEXT.into(),
        html: None,
        attachments: Vec::new(),
        message_id: "run-1@credaudit".into(),
        date: "2026-11-21T06:00:00Z".parse().expect("a literal date"),
    };
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(send(server, &mail, ca))
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn a_mail_arrives_whole_over_starttls_and_implicit_tls() {
    for (mode, tls) in [("starttls", Tls::StartTls), ("implicit", Tls::Implicit)] {
        let mut server = Server::start(mode);
        let sent = server.send(
            tls,
            "right-canary-1",
            &["a@contoso.com", "B <b@contoso.com>"],
        );
        assert_eq!(sent.expect(mode).accepted, 2);
        let mail = server.mail();
        assert_eq!(mail["user"], "credaudit", "signed in");
        assert_eq!(mail["encrypted"], true);
        assert_eq!(mail["from"], "credaudit@contoso.com");
        assert_eq!(
            mail["to"],
            serde_json::json!(["a@contoso.com", "b@contoso.com"])
        );
        let raw = mail["raw"].as_str().expect("text");
        assert_eq!(body(raw).trim_end(), TEXT.trim_end(), "{mode}");
        assert!(raw.contains("Message-ID: <run-1@credaudit>\r\n"), "{raw}");
        assert!(
            raw.contains("Subject: credaudit: FINDINGS 1 =?utf-8?b?"),
            "{raw}"
        );
    }
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn a_plain_ascii_body_with_dots_arrives_as_it_was() {
    let mut server = Server::start("starttls");
    let settings = server.settings(Tls::StartTls, "right-canary-1");
    let mail = Outgoing {
        from: "credaudit@contoso.com".into(),
        to: vec!["a@contoso.com".into()],
        subject: "dots".into(),
        text: ".\n..\n.hidden\nend\n".into(),
        html: None,
        attachments: Vec::new(),
        message_id: "run-2@credaudit".into(),
        date: "2026-11-21T06:00:00Z".parse().expect("a literal date"),
    };
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(send(&settings, &mail, Some(&server.ca)))
        .expect("sent");
    let mail = server.mail();
    let raw = mail["raw"].as_str().expect("text");
    let body = raw.split_once("\r\n\r\n").expect("a body").1;
    assert_eq!(body.trim_end(), ".\r\n..\r\n.hidden\r\nend");
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn a_wrong_password_is_said_without_the_password() {
    let server = Server::start("starttls");
    let error = server
        .send(Tls::StartTls, "wrong-canary-2", &["a@contoso.com"])
        .expect_err("refused");
    assert!(
        matches!(error, DeliverError::SignInRefused { .. }),
        "{error:?}"
    );
    let sent = base64::engine::general_purpose::STANDARD.encode("\0credaudit\0wrong-canary-2");
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("canary") && !text.contains(&sent), "{text}");
    }
    assert!(
        error
            .to_string()
            .contains("refused the sign-in of credaudit"),
        "{error}"
    );
    assert!(error.to_string().contains("535"), "{error}");
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn a_server_without_starttls_gets_nothing() {
    let server = Server::start("plain");
    let error = server
        .send(Tls::StartTls, "right-canary-1", &["a@contoso.com"])
        .expect_err("left");
    assert!(
        matches!(error, DeliverError::NoStartTls { .. }),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("does not offer STARTTLS"),
        "{error}"
    );
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn a_certificate_nobody_vouches_for_or_of_another_name_is_not_trusted() {
    let server = Server::start("starttls");
    let mut settings = server.settings(Tls::StartTls, "right-canary-1");
    let error = deliver(&settings, &["a@contoso.com"], None).expect_err("not trusted");
    assert!(matches!(error, DeliverError::Untrusted { .. }), "{error:?}");
    settings.host = "127.0.0.1".into();
    let error = deliver(&settings, &["a@contoso.com"], Some(&server.ca)).expect_err("another name");
    assert!(matches!(error, DeliverError::Untrusted { .. }), "{error:?}");
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn one_refused_recipient_does_not_keep_the_mail_from_the_others() {
    let mut server = Server::start("starttls");
    let sent = server
        .send(
            Tls::StartTls,
            "right-canary-1",
            &["refused@contoso.com", "a@contoso.com"],
        )
        .expect("sent to the other");
    assert_eq!(sent.accepted, 1);
    assert_eq!(sent.refused[0].address, "refused@contoso.com");
    assert!(sent.refused[0].seen.contains("no such mailbox"), "{sent:?}");
    assert_eq!(server.mail()["to"], serde_json::json!(["a@contoso.com"]));
    let error = server
        .send(Tls::StartTls, "right-canary-1", &["refused@contoso.com"])
        .expect_err("nobody is left");
    assert!(
        matches!(error, DeliverError::RecipientsRefused { .. }),
        "{error:?}"
    );
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn the_wrong_kind_of_tls_for_the_port_is_told() {
    let server = Server::start("starttls");
    let error = server
        .send(Tls::Implicit, "right-canary-1", &["a@contoso.com"])
        .expect_err("no TLS there");
    assert!(
        matches!(error, DeliverError::Encryption { .. }),
        "{error:?}"
    );
}

/// On Linux the roots come from `SSL_CERT_FILE` where it is set; the environment is this process's own,
/// so the test runs itself once more with it.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn the_machines_roots_are_honoured() {
    if let Ok(port) = std::env::var("CREDAUDIT_TEST_SMTP_PORT") {
        let settings = MailServer {
            host: "localhost".into(),
            port: port.parse().expect("a port"),
            tls: Tls::StartTls,
            sign_in: SignIn::Password,
            user: Some("credaudit".into()),
            password: Some("right-canary-1".into()),
        };
        deliver(&settings, &["a@contoso.com"], None).expect("trusted by SSL_CERT_FILE");
        return;
    }
    let mut server = Server::start("starttls");
    let again = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "--ignored",
            "--exact",
            "smtp::the_machines_roots_are_honoured",
        ])
        .env("CREDAUDIT_TEST_SMTP_PORT", server.port.to_string())
        .env("SSL_CERT_FILE", server.folder.path().join("ca.pem"))
        .output()
        .expect("it runs");
    assert!(
        again.status.success(),
        "{}",
        String::from_utf8_lossy(&again.stdout)
    );
    assert_eq!(server.mail()["to"], serde_json::json!(["a@contoso.com"]));
}

/// The whole way: the binary audits the pretend tenant in another process and mails the report.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn an_audit_mails_its_report() {
    let mut server = Server::start("starttls");
    let sim = crate::two_processes::Process::start(&[
        "--scenario",
        "neglected",
        "--dir",
        server.folder.path().to_str().expect("a path"),
    ]);
    let folder = server.folder.path();
    let estate = std::fs::read_to_string(folder.join("estate.toml"))
        .expect("the estate")
        .replace("smtp.contoso.com", "localhost")
        .replace("port = 587", &format!("port = {}", server.port));
    std::fs::write(folder.join("estate.toml"), estate).expect("written");
    // One file of roots for both: the tenant's CA and the mail server's.
    let tenant_ca = sim
        .variables
        .iter()
        .find(|(name, _)| name == "SSL_CERT_FILE")
        .map(|(_, file)| std::fs::read_to_string(file).expect("the CA"))
        .expect("the variable");
    let roots = folder.join("roots.pem");
    std::fs::write(&roots, format!("{tenant_ca}\n{}", server.ca)).expect("written");
    let audited = crate::binary::credaudit(&["audit", "--mail", "-c"])
        .arg(folder.join("estate.toml"))
        .envs(sim.variables.clone())
        .env("SSL_CERT_FILE", &roots)
        .env("CREDAUDIT_SMTP_PASSWORD", "right-canary-1")
        .output()
        .expect("it runs");
    let errors = String::from_utf8_lossy(&audited.stderr);
    assert_eq!(audited.status.code(), Some(10), "{errors}");
    assert!(errors.contains("mailed the report to 2 of 2"), "{errors}");
    let mail = server.mail();
    let raw = mail["raw"].as_str().expect("text");
    assert!(raw.contains("Subject: credaudit contoso"), "{raw}");
    let text = body(plain_part(raw));
    assert!(
        text.contains("credential-expired") && text.contains("DO THIS FIRST"),
        "{text}"
    );
}
