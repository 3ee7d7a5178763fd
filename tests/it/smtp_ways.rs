//! Mail through a real server in the ways that need more than one answer: by token, by an own CA, after a
//! "later".
//!
//! Ignored by default: it needs node and `CREDAUDIT_SMTP_SERVER_DIR`, a folder with `smtp-server` installed.
#![cfg(target_os = "linux")]

use std::process::Output;

use credaudit::inside::{DeliverError, MailServer, Outgoing, Sent, SignIn, Tls, send};
use serde_json::{Value, json};

use crate::binary::{code, credaudit, path, stderr, stdout};
use crate::mail_server::{Server, body, plain_part};
use crate::tenant::estate_that_mails;
use crate::two_processes::Process;

const MAILBOX: &str = "credaudit@contoso.com";

/// The tidy tenant in another process, with its estate beside the server's CA.
fn tenant(server: &Server) -> Process {
    Process::start(&["--scenario", "tidy", "--dir", path(server.folder.path())])
}

/// One audit that mails, by a `[mail] smtp` of these words. The machine trusts the tenant alone.
fn audit(server: &Server, sim: &Process, smtp: &str) -> Output {
    // The tenant's CA stands where the server's stood.
    std::fs::write(server.folder.path().join("mail-ca.pem"), &server.ca).unwrap();
    let estate = server.folder.path().join("estate.toml");
    let way = format!(
        "smtp = {{ host = \"localhost\", port = {}, {smtp} }}",
        server.port
    );
    let text = estate_that_mails(&way, "[history]\nenabled = false");
    std::fs::write(&estate, text).unwrap();
    credaudit(&["audit", "--mail", "-vvv", "-c"])
        .arg(estate)
        .envs(sim.variables.clone())
        .env("CREDAUDIT_SMTP_PASSWORD", "right-canary-1")
        // Elsewhere than where the estate lies: its paths count from its folder.
        .current_dir("/")
        .output()
        .unwrap()
}

fn variable<'a>(sim: &'a Process, name: &str) -> &'a str {
    let found = sim.variables.iter().find(|(known, _)| known == name);
    &found.expect("the variable").1
}

/// What a token says, once its signature is checked with the key that the tenant publishes.
fn verified(sim: &Process, token: &str) -> Value {
    let tenant = variable(sim, "AZURE_TENANT_ID");
    let keys = format!("https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys");
    let ca = std::fs::read(variable(sim, "SSL_CERT_FILE")).unwrap();
    let client = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(&ca).unwrap()])
        .proxy(reqwest::Proxy::all(variable(sim, "HTTPS_PROXY")).unwrap())
        .build()
        .unwrap();
    let keys: Value = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let answer = client.get(keys).send().await.unwrap();
        answer.json().await.unwrap()
    });
    let number = |name: &str| keys["keys"][0][name].as_str().unwrap();
    let key = jsonwebtoken::DecodingKey::from_rsa_components(number("n"), number("e")).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_audience(&["https://outlook.office365.com"]);
    jsonwebtoken::decode::<Value>(token, &key, &validation)
        .expect("issued here, for Exchange Online")
        .claims
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn an_audit_mails_with_a_token_of_its_own_identity() {
    let mut server = Server::start("token");
    let sim = tenant(&server);
    let smtp = format!("user = \"{MAILBOX}\", auth = \"xoauth2\", ca = \"mail-ca.pem\"");
    let audited = audit(&server, &sim, &smtp);
    let errors = stderr(&audited);
    assert_eq!(code(&audited), 0, "{errors}");
    assert!(errors.contains("mailed the report to 2 of 2"), "{errors}");
    let mail = server.mail();
    assert_eq!(mail["encrypted"], true);
    let signed_in = mail["user"].as_str().expect("who it was");
    let (user, token): (String, String) = serde_json::from_str(signed_in).unwrap();
    assert_eq!(user, MAILBOX);
    let claims = verified(&sim, &token);
    assert_eq!(claims["appid"], variable(&sim, "AZURE_CLIENT_ID"));
    assert_eq!(claims["tid"], variable(&sim, "AZURE_TENANT_ID"));
    let raw = mail["raw"].as_str().expect("text");
    assert!(
        body(plain_part(raw)).contains("Clean: nothing at or above high"),
        "{raw}"
    );
    assert!(!errors.contains(&token) && !stdout(&audited).contains(&token));
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn a_refused_token_is_told_in_words_and_never_shown() {
    for mode in ["token-535", "token-334"] {
        let server = Server::start(mode);
        let sim = tenant(&server);
        let smtp = format!("user = \"{MAILBOX}\", auth = \"xoauth2\", ca = \"mail-ca.pem\"");
        let audited = audit(&server, &sim, &smtp);
        let errors = stderr(&audited);
        assert_eq!(code(&audited), 1, "{errors}");
        let said = errors.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in [
            "refused the token for the mailbox credaudit@contoso.com",
            "535",
            "SMTP.SendAsApp",
        ] {
            assert!(said.contains(words), "{mode}: {errors}");
        }
        // The start of a token; the same within base64; and `auth=Bearer` in base64, at each of three offsets.
        for start in ["eyJ", "ZXlK", "YXV0aD1C", "F1dGg9Qm", "hdXRoPUJl"] {
            assert!(!errors.contains(start), "{mode}: {errors}");
            assert!(!stdout(&audited).contains(start));
        }
        assert!(server.rest().is_empty(), "nothing may be handed over");
    }
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn an_own_ca_is_trusted_where_the_estate_names_it() {
    let mut server = Server::start("starttls");
    let sim = tenant(&server);
    let sign_in = "user = \"credaudit\", password = { env = \"CREDAUDIT_SMTP_PASSWORD\" }";
    let refused = audit(&server, &sim, sign_in);
    assert_eq!(code(&refused), 1, "{}", stderr(&refused));
    let said = stderr(&refused);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("is not trusted"), "{said}");
    assert!(
        said.contains("the file that `ca` of `smtp` names"),
        "{said}"
    );
    let missing = audit(&server, &sim, &format!("{sign_in}, ca = \"none.pem\""));
    assert_eq!(code(&missing), 2, "{}", stderr(&missing));
    let trusted = audit(&server, &sim, &format!("{sign_in}, ca = \"mail-ca.pem\""));
    assert_eq!(code(&trusted), 0, "{}", stderr(&trusted));
    assert_eq!(server.mail()["user"], "credaudit");
    assert!(server.rest().is_empty(), "one mail, from the third audit");
}

fn deliver(server: &Server, to: &[&str]) -> Result<Sent, DeliverError> {
    let settings = MailServer {
        host: "localhost".into(),
        port: server.port,
        tls: Tls::StartTls,
        sign_in: SignIn::Password,
        user: Some("credaudit".into()),
        password: Some("right-canary-1".into()),
    };
    let mail = Outgoing {
        from: MAILBOX.into(),
        to: to.iter().map(|one| (*one).to_owned()).collect(),
        subject: "again".into(),
        text: "once\n".into(),
        html: Some("<p>once</p>".into()),
        attachments: Vec::new(),
        message_id: "run-3@contoso.com".into(),
        date: "2026-11-21T06:00:00Z".parse().unwrap(),
    };
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(send(&settings, &mail, Some(&server.ca)))
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn a_message_that_is_put_off_comes_again_as_the_same_mail() {
    let server = Server::start("busy");
    let sent = deliver(&server, &["a@contoso.com"]).expect("taken at the second try");
    assert_eq!(sent.accepted, 1);
    let seen = server.rest();
    let refused: Vec<&Value> = seen.iter().map(|one| &one["refused"]).collect();
    assert_eq!(
        refused,
        [&json!(true), &json!(false)],
        "one is in the mailbox"
    );
    assert_eq!(seen[0]["raw"], seen[1]["raw"], "the same to the byte");
    let raw = seen[1]["raw"].as_str().unwrap();
    assert!(raw.contains("Message-ID: <run-3@contoso.com>\r\n"), "{raw}");
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn a_greylisted_recipient_gets_the_mail_once_and_so_do_the_others() {
    let server = Server::start("starttls");
    let sent = deliver(
        &server,
        &["a@contoso.com", "later@contoso.com", "refused@contoso.com"],
    )
    .expect("taken");
    assert_eq!(sent.accepted, 2, "{sent:?}");
    assert_eq!(sent.refused.len(), 1);
    assert_eq!(sent.refused[0].address, "refused@contoso.com");
    let seen = server.rest();
    let to: Vec<&Value> = seen.iter().map(|one| &one["to"]).collect();
    assert_eq!(
        to,
        [&json!(["a@contoso.com"]), &json!(["later@contoso.com"])]
    );
    assert_eq!(seen[0]["raw"], seen[1]["raw"], "one Message-ID");
}

#[test]
#[ignore = "needs node and CREDAUDIT_SMTP_SERVER_DIR"]
fn a_recipient_that_stays_greylisted_is_told_as_for_now() {
    let server = Server::start("starttls");
    let error = deliver(&server, &["never@contoso.com"]).expect_err("put off three times");
    assert!(matches!(error, DeliverError::NotNow { .. }), "{error:?}");
    let said = error.to_string();
    assert!(said.contains("greylisted for ever"), "{said}");
    assert!(said.contains("send the report again later"), "{said}");
    assert!(server.rest().is_empty());
}
