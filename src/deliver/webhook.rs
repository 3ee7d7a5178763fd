//! Telling a webhook: one POST of JSON to an https address that is itself a secret.

use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::error::DeliverError;
use super::https::{OwnServer, client, words};

/// A webhook, its address read from where it stands.
#[derive(Clone, Debug)]
pub struct Hook {
    /// `teams`, `slack` or `json`.
    pub kind: &'static str,
    /// Where the address stands, for messages: `environment variable TEAMS_HOOK`.
    pub place: String,
    pub url: SecretString,
}

/// Posts `payload` (JSON). Any 2xx counts as taken.
///
/// # Errors
/// An address that is not https, or what was answered; never with the address in it.
pub async fn post(
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
    let url = Url::parse(hook.url.expose_secret().trim()).map_err(|_| address("it is no url"))?;
    if url.scheme() != "https" {
        return Err(address("it does not begin with https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(address("it holds a user or a password"));
    }
    let answer = client(own)
        .map_err(failed)?
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .body(payload.to_vec())
        .send()
        .await
        .map_err(|error| failed(words(&error).to_owned()))?;
    if answer.status().is_success() {
        Ok(())
    } else {
        Err(failed(format!("it answered {}", answer.status().as_u16())))
    }
}
