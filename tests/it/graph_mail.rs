//! Mail by Microsoft Graph: what the binary hands over, and what it says where Graph refuses.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use credaudit::inside::SourceFile;
use credaudit::inside::mail_token;
use credaudit::inside::{Attachment, GraphMailbox, Outgoing, OwnServer, eml, send_by_graph};
use credaudit::inside::{Scenario, Sim, SimOptions, parse_estate};

use crate::binary::{code, credaudit, path, stderr, stdout};
use crate::tenant::{estate_that_mails, options};

const SENDER: &str = "credaudit@contoso.com";
/// The Exchange role for one mailbox: the token shows nothing of it.
const MAILBOX: &str =
    "\n[[mailboxes]]\naddress = \"credaudit@contoso.com\"\nsenders = [\"credaudit\"]\n";

/// The tidy estate, sending by Graph.
fn estate(more: &str) -> String {
    let way = format!("graph = {{ sender = \"{SENDER}\" }}");
    estate_that_mails(&way, more)
}

async fn tenant(more: &str) -> Sim {
    let text = format!("{}\n{more}", Scenario::text("tidy").unwrap());
    let options = SimOptions {
        port: None,
        now: chrono::Utc::now(),
    };
    Sim::start(Scenario::parse(&text).unwrap(), options)
        .await
        .unwrap()
}

/// A command in a process of its own, against the tenant in this one; `more` is added to the estate.
fn command(sim: &Sim, dir: &Path, arguments: &[&str], more: &str) -> Command {
    let file = |name: &str, text: &str| {
        let file = dir.join(name);
        std::fs::write(&file, text).unwrap();
        file
    };
    let auditor = sim.auditor();
    let mut command = credaudit(arguments);
    command
        .arg("-c")
        .arg(file("estate.toml", &estate(more)))
        .env("HTTPS_PROXY", format!("http://{}", sim.proxy_addr()))
        .env("SSL_CERT_FILE", file("ca.pem", sim.ca_pem()))
        .env("AZURE_TENANT_ID", auditor.tenant_id)
        .env("AZURE_CLIENT_ID", auditor.client_id)
        .env("AZURE_CLIENT_SECRET", auditor.client_secret)
        .env("XDG_STATE_HOME", dir.join("state"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// One `audit --mail`, with its report.
async fn audit(sim: &Sim, more: &str) -> (Output, serde_json::Value) {
    let dir = tempfile::tempdir().unwrap();
    let report = dir.path().join("report.json");
    let arguments = [
        "audit",
        "--mail",
        "-vvv",
        "--env",
        "dev",
        "-o",
        path(&report),
    ];
    let mut command = command(sim, dir.path(), &arguments, more);
    let audited = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    for text in [stdout(&audited), stderr(&audited)] {
        assert!(!text.contains("eyJ"), "a token is shown: {text}");
    }
    let report = std::fs::read_to_string(report).unwrap();
    (audited, serde_json::from_str(&report).unwrap())
}

/// The statuses that sendMail was answered, in order.
fn statuses(sim: &Sim) -> Vec<u16> {
    sim.requests()
        .into_iter()
        .filter(|one| one.path_and_query.ends_with("/sendMail"))
        .map(|one| one.status)
        .collect()
}

fn said(output: &Output) -> String {
    stderr(output)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_audit_mails_from_a_mailbox_of_its_own() {
    let sim = tenant(MAILBOX).await;
    let (audited, report) = audit(&sim, "").await;
    assert_eq!(code(&audited), 0, "{}", stderr(&audited));
    assert!(said(&audited).contains("mailed the report to 2 of 2"));
    assert_eq!(statuses(&sim), [202]);
    let [mail] = sim.mails().try_into().expect("one mail");
    assert_eq!(mail.mailbox, SENDER);
    assert_eq!(mail.client_id, sim.auditor().client_id);
    let mime = String::from_utf8(mail.mime).expect("a mail is ASCII");
    let run = report["run"]["id"].as_str().unwrap();
    for header in [
        format!("Message-ID: <{run}.report@contoso.com>\r\n"),
        format!("From: {SENDER}\r\n"),
        "To: crm-oncall@contoso.com, security@contoso.com\r\n".to_owned(),
        "Subject: credaudit contoso".to_owned(),
        "Content-Type: multipart/mixed;".to_owned(),
        "Content-Type: text/plain; charset=utf-8\r\n".to_owned(),
        "Content-Type: text/html; charset=utf-8\r\n".to_owned(),
    ] {
        assert_eq!(
            mime.matches(&header).count().min(1),
            1,
            "{header}: {mime:.2000}"
        );
    }
    assert_eq!(mime.matches("Message-ID: ").count(), 1);
    assert!(sim.changes().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_graph_decodes_is_the_mail_to_the_byte() {
    let sim = tenant(MAILBOX).await;
    let estate = parse_estate(&Arc::new(SourceFile {
        name: "estate.toml".to_owned(),
        text: estate(""),
    }))
    .unwrap();
    let options = options(&sim, credaudit::inside::baseline().isolation);
    let scope = "https://graph.microsoft.com/.default";
    let mailbox = GraphMailbox {
        host: "graph.microsoft.com",
        sender: SENDER.to_owned(),
        token: mail_token(&estate, &options, "contoso", scope)
            .await
            .unwrap(),
    };
    let mail = Outgoing {
        from: format!("Prüfer <{SENDER}>"),
        to: vec!["a@contoso.com".into()],
        subject: "Größe 日本".into(),
        text: ".\n..\nGröße\n".into(),
        html: Some("<p>Größe</p>".into()),
        attachments: vec![Attachment {
            name: "report.html".into(),
            content_type: "text/html; charset=utf-8".into(),
            bytes: "Größe".repeat(1000).into_bytes(),
        }],
        message_id: "run-1@contoso.com".into(),
        date: "2026-11-21T06:00:00Z".parse().unwrap(),
    };
    let own = OwnServer {
        ca_pem: sim.ca_pem().to_owned(),
        connect: sim.tls_addr(),
    };
    let sent = send_by_graph(&mailbox, &mail, Some(&own)).await.unwrap();
    assert_eq!(sent.accepted, 1);
    assert_eq!(sim.mails()[0].mime, eml(&mail).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_says_which_role_is_missing() {
    let sim = tenant(&MAILBOX.replace("\"credaudit\"]", "]")).await;
    let (audited, report) = audit(&sim, "").await;
    assert_eq!(code(&audited), 1, "{}", stderr(&audited));
    assert_eq!(report["verdict"]["exit_code"], 0, "the report stands");
    let said = said(&audited);
    for words in [
        "Microsoft Graph refused to send as credaudit@contoso.com: 403 ErrorAccessDenied",
        "Application Mail.Send for this mailbox",
        "RBAC for applications",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(statuses(&sim), [403], "asked once");
    assert!(sim.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_that_is_not_there_is_told_as_such() {
    let everywhere = "\n[[mailboxes]]\naddress = \"other@contoso.com\"\nsenders = []\n";
    let text = Scenario::text("tidy").unwrap();
    let granted = text.replacen(
        "\"Policy.Read.All\",",
        "\"Policy.Read.All\", \"Mail.Send\",",
        1,
    );
    let options = SimOptions {
        port: None,
        now: chrono::Utc::now(),
    };
    let scenario = Scenario::parse(&format!("{granted}{everywhere}")).unwrap();
    let sim = Sim::start(scenario, options).await.unwrap();
    let (audited, _) = audit(&sim, "").await;
    assert_eq!(code(&audited), 1, "{}", stderr(&audited));
    let said = said(&audited);
    assert!(
        said.contains("knows no mailbox credaudit@contoso.com: 404 ErrorInvalidUser"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_graph_is_asked_again_as_it_says() {
    let fault = "\n[[faults]]\npath-contains = \"/sendMail\"\nstatus = 429\ntimes = 2\n\
                 headers = { retry-after = \"0\" }\n";
    let sim = tenant(&format!("{MAILBOX}{fault}")).await;
    let (audited, _) = audit(&sim, "").await;
    assert_eq!(code(&audited), 0, "{}", stderr(&audited));
    assert_eq!(statuses(&sim), [429, 429, 202]);
    assert_eq!(sim.mails().len(), 1);
    // A pause longer than two minutes is not waited for.
    let fault = fault.replace("\"0\"", "\"600\"");
    let sim = tenant(&format!("{MAILBOX}{fault}")).await;
    let (audited, _) = audit(&sim, "").await;
    assert_eq!(code(&audited), 1, "{}", stderr(&audited));
    assert_eq!(statuses(&sim), [429]);
    assert!(said(&audited).contains("429"), "{}", stderr(&audited));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_cannot_be_mailed_keeps_no_reminder_back() {
    let fault = "\n[[faults]]\npath-contains = \"/sendMail\"\nstatus = 400\ntimes = 1\n";
    let sim = tenant(&format!("{MAILBOX}{fault}")).await;
    let (audited, _) = audit(&sim, "[routing]\ndays = [730]\n").await;
    assert_eq!(code(&audited), 1, "{}", stderr(&audited));
    let said = said(&audited);
    assert!(
        said.contains("Microsoft Graph does not take the mail: 400"),
        "{said}"
    );
    assert!(said.contains("2 people were notified"), "{said}");
    assert_eq!(statuses(&sim), [400, 202, 202]);
}

/// Each mail takes its time, so that the second run comes while the first is sending.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_at_once_send_each_reminder_once() {
    let fault = "\n[[faults]]\npath-contains = \"/sendMail\"\ndelay-ms = 3000\n";
    let sim = tenant(&format!("{MAILBOX}{fault}")).await;
    let dir = tempfile::tempdir().unwrap();
    let both = [(); 2].map(|()| {
        let more = "[routing]\ndays = [730]\nalive = false\n";
        let one = command(&sim, dir.path(), &["remind", "--env", "dev"], more).spawn();
        tokio::task::spawn_blocking(|| one.unwrap().wait_with_output().unwrap())
    });
    for one in both {
        let ended = one.await.unwrap();
        assert_eq!(code(&ended), 0, "{}", stderr(&ended));
    }
    assert_eq!(sim.mails().len(), 2, "one for each of the two owners");
}
