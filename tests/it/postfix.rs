//! Mail through Postfix, as `.ci/postfix` starts it: over STARTTLS with a CA of its own, into mailboxes.
//!
//! Ignored by default: it needs `CREDAUDIT_POSTFIX` (host:port), `CREDAUDIT_POSTFIX_CA` and
//! `CREDAUDIT_POSTFIX_MAIL`, the folder of the Maildirs `security` and `crm-oncall`.
#![cfg(target_os = "linux")]

use std::path::PathBuf;

use base64::Engine as _;

use crate::binary::{code, credaudit, path, stderr};
use crate::mail_server::{body, plain_part};
use crate::tenant::estate_that_mails;
use crate::two_processes::Process;

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: see .ci/postfix"))
}

/// Waits for the one mail of a Maildir that holds `mark`: Postfix takes it before it delivers it.
fn delivered(mailbox: &str, mark: &str) -> String {
    let folder = PathBuf::from(variable("CREDAUDIT_POSTFIX_MAIL"))
        .join(mailbox)
        .join("new");
    let marked = || {
        let files = std::fs::read_dir(&folder).into_iter().flatten();
        let mails = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        mails.filter(|mail| mail.contains(mark)).collect::<Vec<_>>()
    };
    for _ in 0..600 {
        if let [mail] = marked().as_slice() {
            return mail.replace('\n', "\r\n");
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{} mails of {mark} in {}", marked().len(), folder.display());
}

/// The decoded content of the part that is a file.
fn attached(mail: &str, name: &str) -> String {
    let header = format!("filename=\"{name}\"");
    let (_, after) = mail.split_once(&header).expect("the file");
    let (_, after) = after.split_once("\r\n\r\n").expect("its content");
    let packed: String = after
        .lines()
        .take_while(|line| !line.starts_with("--"))
        .collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(packed);
    String::from_utf8(bytes.expect("base64")).expect("UTF-8")
}

#[test]
#[ignore = "needs Postfix: see .ci/postfix"]
fn a_report_reaches_mailboxes_by_postfix() {
    let server = variable("CREDAUDIT_POSTFIX");
    let (host, port) = server.split_once(':').expect("host:port");
    let ca = variable("CREDAUDIT_POSTFIX_CA");
    let dir = tempfile::tempdir().unwrap();
    let sim = Process::start(&["--scenario", "tidy", "--dir", path(dir.path())]);
    let way = format!("smtp = {{ host = \"{host}\", port = {port}, ca = \"{ca}\" }}");
    let estate = dir.path().join("mailing.toml");
    let report = dir.path().join("report.json");
    // The third is nobody's mailbox: Postfix refuses it, and the others have theirs.
    for (to, wanted) in [
        ("\"security@contoso.com\", \"crm-oncall@contoso.com\"", 0),
        ("\"security@contoso.com\", \"nobody@contoso.com\"", 1),
    ] {
        let text = estate_that_mails(&way, "[history]\nenabled = false")
            .replace("\"security@contoso.com\", \"crm-oncall@contoso.com\"", to);
        std::fs::write(&estate, text).unwrap();
        let audited = credaudit(&["audit", "--mail", "-c", path(&estate), "-o", path(&report)])
            .envs(sim.variables.clone())
            .output()
            .unwrap();
        let errors = stderr(&audited);
        assert_eq!(code(&audited), wanted, "{errors}");
        let report: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(&report).unwrap()).unwrap();
        let id = format!(
            "<{}.report@contoso.com>",
            report["run"]["id"].as_str().unwrap()
        );
        if wanted == 1 {
            assert!(errors.contains("mailed the report to 1 of 2"), "{errors}");
            assert!(
                errors.contains("nobody@contoso.com: permanent error (550)"),
                "{errors}"
            );
            delivered("security", &id);
            continue;
        }
        for mailbox in ["security", "crm-oncall"] {
            whole(&delivered(mailbox, &id), &id);
        }
    }
}

/// What stands in a mailbox is what was sent.
fn whole(mail: &str, id: &str) {
    let (head, _) = mail.split_once("\r\n\r\n").expect("headers");
    for header in [
        &format!("Message-ID: {id}\r\n"),
        "From: credaudit@contoso.com\r\n",
        "To: crm-oncall@contoso.com, security@contoso.com\r\n",
        "Subject: credaudit contoso",
        "Auto-Submitted: auto-generated\r\n",
        "Content-Type: multipart/mixed;",
        // Postfix's own word that the line was encrypted.
        "using TLSv1.3",
    ] {
        assert_eq!(head.matches(header).count(), 1, "{header}: {head}");
    }
    assert_eq!(head.matches("Message-ID:").count(), 1);
    let text = body(plain_part(mail));
    assert!(text.starts_with("Clean: nothing at or above"), "{text}");
    assert_eq!(
        mail.matches("Content-Type: text/html; charset=utf-8")
            .count(),
        2
    );
    let name = mail
        .split_once("filename=\"credaudit-")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(date, _)| format!("credaudit-{date}"))
        .expect("the page is attached");
    let page = attached(mail, &name);
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"));
    for line in mail.lines() {
        assert!(line.len() <= 998, "a line of {} bytes", line.len());
    }
}
