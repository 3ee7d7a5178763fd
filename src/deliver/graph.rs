//! Sending by Microsoft Graph `users/{sender}/sendMail` (v1.0), the mail as MIME.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use secrecy::{ExposeSecret, SecretString};

use super::error::DeliverError;
use super::https::{OwnServer, client, send, why};
use super::mail::{Outgoing, Sent, eml};

/// The mailbox to send from, and the token that may.
#[derive(Clone, Debug)]
pub struct GraphMailbox {
    /// `graph.microsoft.com`, from the table of clouds.
    pub host: &'static str,
    /// An address or an object id.
    pub sender: String,
    pub token: SecretString,
}

/// Hands `mail` to Graph: 202 means that it was taken for everybody. A Graph that is busy is asked again.
///
/// # Errors
/// What Graph answered and what to do; never with the token in it.
pub async fn send_by_graph(
    mailbox: &GraphMailbox,
    mail: &Outgoing,
    own: Option<&OwnServer>,
) -> Result<Sent, DeliverError> {
    let client = client(own).map_err(|seen| DeliverError::Graph { seen })?;
    let body = BASE64.encode(eml(mail)?);
    let path: String = url::form_urlencoded::byte_serialize(mailbox.sender.as_bytes()).collect();
    let url = format!("https://{}/v1.0/users/{path}/sendMail", mailbox.host);
    let bearer = format!("Bearer {}", mailbox.token.expose_secret());
    let request = || {
        client
            .post(&url)
            .header(AUTHORIZATION, &bearer)
            .header(CONTENT_TYPE, "text/plain")
            .body(body.clone())
    };
    // Another 5xx may come from a gateway behind which the mail went out.
    let busy = |status| {
        status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE
    };
    let answer = send(request, busy)
        .await
        .map_err(|error| DeliverError::Graph {
            seen: why(&error).to_owned(),
        })?;
    let status = answer.status();
    if status == StatusCode::ACCEPTED {
        return Ok(Sent {
            accepted: mail.to.len(),
            refused: Vec::new(),
        });
    }
    Err(refusal(mailbox, status, &code(answer).await))
}

/// Graph's own word for what is wrong: letters only, so that nothing of the answer can slip along.
async fn code(answer: reqwest::Response) -> String {
    let body = answer.bytes().await.unwrap_or_default();
    let told: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let code = told
        .pointer("/error/code")
        .and_then(serde_json::Value::as_str);
    code.filter(|code| {
        code.len() <= 60
            && code
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
    .map_or_else(|| "no code".to_owned(), str::to_owned)
}

fn refusal(mailbox: &GraphMailbox, status: StatusCode, code: &str) -> DeliverError {
    let (sender, seen) = (
        mailbox.sender.clone(),
        format!("{} {code}", status.as_u16()),
    );
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            DeliverError::GraphRefused { sender, seen }
        }
        StatusCode::NOT_FOUND => DeliverError::NoMailbox { sender, seen },
        StatusCode::PAYLOAD_TOO_LARGE => DeliverError::GraphTooLarge { seen },
        other if other.is_client_error() && other != StatusCode::TOO_MANY_REQUESTS => {
            DeliverError::GraphUnwilling { seen }
        }
        _ => DeliverError::Graph { seen },
    }
}
