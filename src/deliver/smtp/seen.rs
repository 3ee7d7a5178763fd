//! What a mail server or the system said, made fit to be repeated.

use std::error::Error as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use lettre::transport::smtp::Error as SmtpError;
use secrecy::ExposeSecret;

use crate::deliver::mail::MailServer;

/// How much of a server's answer is repeated.
const QUOTED: usize = 200;
/// From this length on, a piece of a secret is one.
const PIECE: usize = 12;
const STRUCK: &str = "(password)";

/// Whether TLS itself is behind an error: it travels inside an I/O error.
pub(super) fn tls_cause(error: &SmtpError) -> bool {
    let mut cause = error.source();
    while let Some(one) = cause {
        let io = one.downcast_ref::<std::io::Error>();
        if io
            .and_then(std::io::Error::get_ref)
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
        {
            return true;
        }
        cause = one.source();
    }
    false
}

/// Whether a server says that signing in by password is switched off. Exchange Online answers 535 5.7.139
/// (in several texts: basic authentication, or SMTP AUTH of the tenant or the mailbox, is disabled) or
/// 550 5.7.30 (client submission takes no password any more): public captures, read November 2026.
pub(super) fn password_is_off(error: &SmtpError) -> bool {
    let Some(status) = error.status() else {
        return false;
    };
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    matches!(
        (u16::from(status), enhanced(&text)),
        (535, Some((5, 7, 139))) | (550, Some((5, 7, 30)))
    )
}

/// The enhanced status code that an answer begins with (RFC 3463, section 2).
fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let word = text.split_whitespace().next()?;
    let mut parts = word.split('.').map(|part| part.parse::<u16>().ok());
    let code = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(code)
}

/// The server's or system's words on one line, shortened, with the password or token struck out should a
/// server repeat it or a piece of it, as it is or as it was sent.
pub(super) fn seen(error: &SmtpError, server: &MailServer) -> String {
    let mut text = error.to_string();
    let password = server.password.as_ref().map(ExposeSecret::expose_secret);
    if let Some(password) = password.filter(|one| !one.is_empty()) {
        let user = server.user.as_deref().unwrap_or_default();
        let forms = [
            BASE64.encode(format!("\0{user}\0{password}")),
            BASE64.encode(format!("user={user}\x01auth=Bearer {password}\x01\x01")),
            BASE64.encode(password),
            password.to_owned(),
        ];
        for form in &forms {
            text = text.replace(form, STRUCK);
        }
        let piece = |word: &str| {
            let word = word.trim_matches(|one: char| !one.is_ascii_alphanumeric());
            word.len() >= PIECE && forms.iter().any(|form| form.contains(word))
        };
        text = text
            .split_whitespace()
            .map(|word| if piece(word) { STRUCK } else { word })
            .collect::<Vec<_>>()
            .join(" ");
    }
    let line: String = text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .take(QUOTED)
        .collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
