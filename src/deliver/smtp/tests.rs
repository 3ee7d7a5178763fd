//! What needs no mail server: closed ports, names that do not resolve, servers that say odd things.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use super::*;
use crate::deliver::Tls;

fn outgoing() -> Outgoing {
    Outgoing {
        from: "credaudit@contoso.com".into(),
        to: vec!["a@contoso.com".into()],
        subject: "x".into(),
        text: "y\n".into(),
        html: None,
        attachments: Vec::new(),
        message_id: "run-1@credaudit".into(),
        date: "2026-11-21T06:00:00Z".parse().expect("a literal date"),
    }
}

fn server(port: u16, tls: Tls) -> MailServer {
    MailServer {
        host: "127.0.0.1".into(),
        port,
        tls,
        sign_in: crate::deliver::SignIn::Password,
        user: Some("credaudit".into()),
        password: Some("canary-3".into()),
    }
}

/// A server that greets with `greeting` and answers `EHLO` with `hello`.
fn scripted(greeting: &'static str, hello: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let (mut line, _) = listener.accept().expect("a client");
        line.write_all(greeting.as_bytes()).expect("greeted");
        let mut heard = String::new();
        let mut reader = BufReader::new(line.try_clone().expect("the other half"));
        if reader.read_line(&mut heard).is_ok_and(|read| read > 0) {
            let _ = line.write_all(hello.as_bytes());
            let _ = reader.read_line(&mut heard);
        }
    });
    port
}

#[tokio::test]
async fn a_closed_port_is_told_as_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    for tls in [Tls::StartTls, Tls::Implicit] {
        let error = send(&server(port, tls), &outgoing(), None)
            .await
            .expect_err("closed");
        assert!(
            matches!(error, DeliverError::Unreachable { .. }),
            "{error:?}"
        );
        assert!(
            error.to_string().contains(&format!("127.0.0.1:{port}")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn without_starttls_nothing_is_said_and_a_busy_server_is_told_as_such() {
    let port = scripted("220 mail ESMTP\r\n", "250-mail\r\n250 AUTH PLAIN LOGIN\r\n");
    let error = send(&server(port, Tls::StartTls), &outgoing(), None)
        .await
        .expect_err("plain");
    assert!(
        matches!(error, DeliverError::NoStartTls { .. }),
        "{error:?}"
    );
    let port = scripted("421 too many connections\r\n", "");
    let error = send_again(
        &server(port, Tls::StartTls),
        &outgoing(),
        None,
        &[],
        DEADLINE,
    )
    .await
    .expect_err("busy");
    assert!(matches!(error, DeliverError::NotNow { .. }), "{error:?}");
    assert!(
        error.to_string().contains("too many connections"),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_no_mail_server_is_told_and_never_obeyed() {
    let port = scripted("HTTP/1.1 400 Bad\u{1b}[2J Request\r\n\r\n", "");
    let error = send(&server(port, Tls::StartTls), &outgoing(), None)
        .await
        .expect_err("no mail");
    assert!(matches!(error, DeliverError::BrokenOff { .. }), "{error:?}");
    assert!(!error.to_string().contains(char::is_control), "{error:?}");
}

#[tokio::test]
async fn half_a_sign_in_is_a_mistake_in_the_settings() {
    let mut half = server(1, Tls::StartTls);
    half.password = None;
    let error = send(&half, &outgoing(), None).await.expect_err("half");
    assert!(
        error.to_string().contains("a user but no password"),
        "{error}"
    );
    half.user = None;
    half.password = Some("canary-3".into());
    let error = send(&half, &outgoing(), None).await.expect_err("half");
    assert!(
        error.to_string().contains("a password but no user"),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    for tls in [Tls::StartTls, Tls::Implicit] {
        let second = Duration::from_secs(1);
        let error = send_again(&server(port, tls), &outgoing(), None, &[], second)
            .await
            .expect_err("silence");
        assert!(matches!(error, DeliverError::TimedOut { .. }), "{error:?}");
        assert!(
            error.to_string().contains("within 1 s (connecting)"),
            "{error}"
        );
    }
    drop(listener);
}

#[tokio::test]
async fn a_busy_server_is_asked_again_and_one_that_refuses_is_not() {
    for (greeting, calls) in [("421 later\r\n", 3), ("554 never\r\n", 1)] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (told, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in listener.incoming() {
                // Counted first: the client may be gone as soon as it has read the line.
                let _ = told.send(());
                let _ = line.expect("a client").write_all(greeting.as_bytes());
            }
        });
        let pauses = [Duration::ZERO; 2];
        let sent = send_again(
            &server(port, Tls::StartTls),
            &outgoing(),
            None,
            &pauses,
            DEADLINE,
        )
        .await;
        assert!(sent.is_err());
        assert_eq!(heard.try_iter().count(), calls, "{greeting}");
    }
}

/// A server that takes every command but the one that begins with `verb`, which it answers so; in the clear.
fn refusing(verb: &'static str, answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let (mut line, _) = listener.accept().expect("a client");
        let _ = line.write_all(b"220 mail ESMTP\r\n");
        let mut reader = BufReader::new(line.try_clone().expect("the other half"));
        let mut heard = String::new();
        while reader.read_line(&mut heard).is_ok_and(|read| read > 0) {
            let said = if heard.starts_with("EHLO") {
                "250-mail\r\n250 AUTH PLAIN LOGIN XOAUTH2\r\n"
            } else if heard.starts_with(verb) {
                answer
            } else if heard.starts_with("AUTH") {
                "235 in\r\n"
            } else {
                "250 ok\r\n"
            };
            if line.write_all(said.as_bytes()).is_err() {
                break;
            }
            heard.clear();
        }
    });
    port
}

/// What comes of signing in and naming sender and recipient there.
async fn talked(port: u16, sign_in: crate::deliver::SignIn) -> Result<(), DeliverError> {
    let mut server = server(port, Tls::StartTls);
    server.sign_in = sign_in;
    let until = Instant::now() + DEADLINE;
    let talk = Talk {
        server: &server,
        name: format!("127.0.0.1:{port}"),
        deadline: DEADLINE,
        until,
        taking: DEADLINE,
    };
    let address = ("127.0.0.1", port);
    let hello = lettre::transport::smtp::extension::ClientId::default();
    let mut line = lettre::transport::smtp::client::AsyncSmtpConnection::connect_tokio1(
        address, None, &hello, None, None,
    )
    .await
    .expect("a connection");
    let credentials = lettre::transport::smtp::authentication::Credentials::new(
        "credaudit".into(),
        "canary-3".into(),
    );
    talk.sign_in(&mut line, &credentials).await?;
    let to: lettre::Address = "a@contoso.com".parse().expect("an address");
    let message = lettre::Message::builder()
        .from("credaudit@contoso.com".parse().expect("an address"))
        .to("a@contoso.com".parse().expect("an address"))
        .body(String::from("x"))
        .expect("a message");
    let sender = "credaudit@contoso.com";
    let handed = talk.hand_over(&mut line, &message, sender, &[to]).await?;
    assert_eq!(handed.refused.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_password_that_is_switched_off_is_not_called_wrong() {
    use crate::deliver::SignIn;
    for (verb, answer, off) in [
        (
            "AUTH",
            "535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [X]\r\n",
            true,
        ),
        (
            "AUTH",
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.\r\n",
            true,
        ),
        (
            "AUTH",
            "550 5.7.30 Basic authentication is not supported for Client Submission.\r\n",
            true,
        ),
        (
            "MAIL",
            "550 5.7.30 Basic authentication is not supported\r\n",
            true,
        ),
        (
            "RCPT",
            "550 5.7.30 Basic authentication is not supported\r\n",
            true,
        ),
        ("AUTH", "535 5.7.3 Authentication unsuccessful\r\n", false),
        ("AUTH", "535 5.7.8 the password is not 5.7.139\r\n", false),
        ("AUTH", "535 no such login 5.7.139\r\n", false),
        ("MAIL", "550 5.7.1 not yours\r\n", false),
    ] {
        let error = talked(refusing(verb, answer), SignIn::Password)
            .await
            .expect_err(answer);
        let is_off = matches!(error, DeliverError::PasswordOff { .. });
        assert_eq!(is_off, off, "{answer}: {error:?}");
        let words = error.to_string();
        assert_eq!(words.contains("auth = \"xoauth2\""), off, "{words}");
        assert!(!words.contains("canary-3"), "{words}");
        if off {
            assert!(words.contains("`graph`") && !words.contains("check user and password"));
        }
    }
    // A token is no password: its refusal has words of its own.
    let answer =
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled\r\n";
    let error = talked(refusing("AUTH", answer), SignIn::Token)
        .await
        .expect_err("refused");
    assert!(
        matches!(error, DeliverError::TokenRefused { .. }),
        "{error:?}"
    );
}
