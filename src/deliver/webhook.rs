//! Telling a webhook: one POST of JSON to an https address that is itself a secret.

use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::error::DeliverError;
use super::https::{OwnServer, client, send, why};

/// A webhook, its address read from where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    /// `teams`, `slack` or `json`.
    pub kind: &'static str,
    /// Where the address stands, for messages: `environment variable TEAMS_HOOK`.
    pub place: String,
    pub url: SecretString,
}

/// Posts `payload` (JSON). Any 2xx counts as taken; a service that is busy is asked again; a redirect is not
/// followed.
///
/// # Errors
/// An address that is not https, or what was answered; never with the address in it.
pub(crate) async fn post(
    hook: &Hook,
    payload: &[u8],
    own: Option<&OwnServer>,
) -> Result<(), DeliverError> {
    let address = |why| DeliverError::WebhookAddress {
        kind: hook.kind,
        why,
        place: hook.place.clone(),
    };
    let failed = |seen: String| DeliverError::Webhook {
        kind: hook.kind,
        place: hook.place.clone(),
        seen,
    };
    let url =
        Url::parse(hook.url.expose_secret().trim()).map_err(|_| address("it is not a URL"))?;
    if url.scheme() != "https" {
        return Err(address("it does not begin with https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(address("it holds a user or a password"));
    }
    let client = client(own).map_err(failed)?;
    let request = || {
        client
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(payload.to_vec())
    };
    let answer = send(request, busy)
        .await
        .map_err(|error| failed(why(&error).to_owned()))?;
    let status = answer.status();
    if status.is_success() {
        Ok(())
    } else {
        let number = status.as_u16();
        let meaning = match number {
            300..=399 => {
                ", a redirect, and those are not followed; take the address that it leads to"
            }
            401 | 403 | 404 | 410 => {
                "; make a new webhook, if this one is gone, and store its address"
            }
            429 | 500..=599 => {
                ", and no better when asked again; the next audit's message is sent to it"
            }
            _ => "; see whether its kind is the right one",
        };
        Err(failed(format!("it answered {number}{meaning}")))
    }
}

/// What may be asked again: the worst is that a channel shows a message twice.
fn busy(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}
