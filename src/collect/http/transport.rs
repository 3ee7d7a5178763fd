//! The Azure SDK's requests through the same client: same guard, limits and retries.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::error::ErrorKind;
use azure_core::http::headers::{HeaderName as SdkName, HeaderValue as SdkValue, Headers};
use azure_core::http::{AsyncRawResponse, Body, HttpClient, Method, Request};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::{Answer, Ask, SHARED, Wire, vault_code};
use crate::model::{Gap, GapKind, Service};
use crate::reference::codes;
use crate::reference::codes::Class;

/// A gap on its way through the SDK, which knows only its own errors.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct GapError(pub(crate) Gap);

impl From<GapError> for azure_core::Error {
    /// `Other`: the one kind that no policy of the SDK retries.
    fn from(gap: GapError) -> Self {
        Self::new(ErrorKind::Other, gap)
    }
}

/// An answer of Entra that is no token, on its way through the SDK, which understands some of its forms only.
#[derive(Debug, thiserror::Error)]
#[error("{} answered {}", Service::Entra.name(), .0.status)]
pub(crate) struct NoToken(pub(crate) Answer);

impl From<NoToken> for azure_core::Error {
    /// `Other`, as for a gap.
    fn from(answer: NoToken) -> Self {
        Self::new(ErrorKind::Other, answer)
    }
}

/// The gap that travelled inside an SDK error.
pub(crate) fn gap_in(error: &(dyn std::error::Error + 'static)) -> Option<Gap> {
    found_in::<GapError>(error).map(|GapError(gap)| gap.clone())
}

/// An error of our own that travelled inside an SDK error.
pub(crate) fn found_in<'e, T: std::error::Error + 'static>(
    error: &'e (dyn std::error::Error + 'static),
) -> Option<&'e T> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        if let Some(inner) = error
            .downcast_ref::<azure_core::Error>()
            .and_then(azure_core::Error::get_ref)
            && let Some(found) = found_in(inner)
        {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// Lets an answer through as the SDK may read it, or says why it is none.
pub(crate) type Screen = fn(&str, Answer) -> Result<Answer, Gap>;

/// What the SDK sends with. It talks to one host only, whatever url it is given.
#[derive(Debug)]
pub(crate) struct SdkTransport {
    pub(crate) wire: Arc<Wire>,
    pub(crate) service: Service,
    /// The only host, lower case.
    pub(crate) host: String,
    /// Key Vault: the name of the secret or certificate in the path -> purpose.
    pub(crate) purposes: BTreeMap<String, String>,
    /// Looks at each answer before the SDK does.
    pub(crate) screen: Option<Screen>,
    /// The vault's challenge, once seen: the requests that the SDK sends only to be challenged are
    /// answered with it.
    challenge: Mutex<Option<String>>,
    /// Pages of lists that were asked for: none is asked for twice.
    pages: Mutex<BTreeSet<String>>,
}

/// The SDK takes a page without `value` for an empty one; an answer that is no page is a gap instead.
fn is_page(answer: &Answer, call: &str) -> Result<(), Gap> {
    let page = answer.json(call)?;
    if page.get("value").is_some_and(serde_json::Value::is_array) {
        return Ok(());
    }
    Err(answer.malformed(call, "which is not a page of a list"))
}

/// Waits between the tries where a vault refuses a good token for a moment (AKV10046:
/// terraform-provider-azurerm#30912, read November 2026).
const PASSING: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// Whether a 401 is a passing fault of the vault, by its code.
fn is_passing(answer: &Answer) -> bool {
    let code = || vault_code(&serde_json::from_slice(&answer.body).ok()?);
    answer.status == 401
        && code().is_some_and(|code| {
            codes::find(&code).is_some_and(|known| known.class == Class::Transient)
        })
}

/// Whether the vault answers this with a page of a list; `None` where it is nothing that is ever asked.
fn is_list(url: &Url) -> Option<bool> {
    let segments: Vec<&str> = url
        .path_segments()?
        .filter(|part| !part.is_empty())
        .collect();
    match segments.as_slice() {
        ["secrets"] | ["secrets", _, "versions"] => Some(true),
        ["secrets", _] | ["secrets", _, _] | ["deletedsecrets", _] | ["certificates", _] => {
            Some(false)
        }
        _ => None,
    }
}

impl SdkTransport {
    pub(crate) fn new(wire: Arc<Wire>, service: Service, host: impl Into<String>) -> Self {
        Self {
            wire,
            service,
            host: host.into(),
            purposes: BTreeMap::new(),
            screen: None,
            challenge: Mutex::default(),
            pages: Mutex::default(),
        }
    }

    /// Sends, and lets no answer through that the SDK would misread as a page: it takes a body without
    /// `value` for an empty page, and an array for one with a next link.
    async fn send(&self, ask: &Ask) -> Result<Answer, GapError> {
        let page = match self.service {
            Service::KeyVault => is_list(&ask.url).ok_or_else(|| {
                GapError(Gap::new(
                    GapKind::Malformed,
                    format!("a list in {} leads to another place", self.host),
                ))
            })?,
            _ => false,
        };
        let authorised = ask.headers.contains_key("authorization");
        if page && authorised && !self.pages.lock().await.insert(ask.url.to_string()) {
            return Err(GapError(Gap::new(
                GapKind::Malformed,
                format!("a list in {} leads back to itself", self.host),
            )));
        }
        let answer = self.send_patiently(ask).await.map_err(GapError)?;
        if self.service == Service::KeyVault && answer.is_success() {
            // The SDK takes any 2xx for what was asked for.
            answer.brings(&ask.call).map_err(GapError)?;
        }
        if page && answer.is_success() {
            is_page(&answer, &ask.call).map_err(GapError)?;
        }
        match self.screen {
            Some(screen) => screen(&ask.call, answer).map_err(GapError),
            None => Ok(answer),
        }
    }

    /// Sends again, with a longer wait each time, where Key Vault refuses a good token for a moment.
    async fn send_patiently(&self, ask: &Ask) -> Result<Answer, Gap> {
        for wait in PASSING {
            let answer = self.wire.send(ask).await?;
            if self.service != Service::KeyVault
                || !is_passing(&answer)
                || Instant::now() + wait >= self.wire.deadline()
            {
                return Ok(answer);
            }
            tokio::time::sleep(wait).await;
        }
        self.wire.send(ask).await
    }

    fn ask(&self, request: &Request) -> Result<Ask, GapError> {
        let url = request.url().clone();
        let host = url.host_str().unwrap_or_default();
        if host != self.host {
            return Err(GapError(Gap::new(
                GapKind::Unrecognised,
                format!(
                    "{} points to another host, {host}; nothing was sent there",
                    self.host
                ),
            )));
        }
        let authorised = request
            .headers()
            .iter()
            .any(|(name, _)| name.as_str() == "authorization");
        let purpose = url
            .path_segments()
            .and_then(|mut segments| segments.nth(1))
            .and_then(|name| self.purposes.get(name))
            .filter(|_| authorised && is_list(&url) != Some(true))
            .map_or(SHARED, String::as_str);
        let call = format!("{} {}", self.service.name(), self.host);
        let mut ask = Ask::get(self.service, purpose, call, url);
        ask.method = match request.method() {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            other => {
                // The audit changes nothing: no other method leaves this machine.
                return Err(GapError(Gap::new(
                    GapKind::Unrecognised,
                    format!("a {other} to {} was not sent", self.host),
                )));
            }
        };
        ask.headers = headers(request);
        ask.body = match request.body() {
            Body::Bytes(bytes) => Some(bytes.clone()).filter(|bytes| !bytes.is_empty()),
            Body::SeekableStream(_) => None,
        };
        Ok(ask)
    }
}

#[async_trait]
impl HttpClient for SdkTransport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let ask = self.ask(request)?;
        if self.service == Service::Entra {
            let answer = self.send(&ask).await?;
            if !answer.is_success() {
                return Err(NoToken(answer).into());
            }
            return Ok(raw(&answer));
        }
        if self.service != Service::KeyVault || ask.headers.contains_key("authorization") {
            return Ok(raw(&self.send(&ask).await?));
        }
        let mut challenge = self.challenge.lock().await;
        if let Some(challenge) = &*challenge {
            let mut headers = Headers::new();
            headers.insert("www-authenticate", challenge.clone());
            return Ok(AsyncRawResponse::from_bytes(
                401.into(),
                headers,
                Vec::new(),
            ));
        }
        let answer = self.send(&ask).await?;
        if answer.status == 401 {
            challenge.clone_from(&answer.challenge);
        }
        Ok(raw(&answer))
    }
}

/// The SDK's headers, except its own User-Agent: the audit has one for all it sends.
fn headers(request: &Request) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers().iter() {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        let value = HeaderValue::from_str(value.as_str());
        if let (Ok(name), Ok(mut value)) = (name, value)
            && name != reqwest::header::USER_AGENT
        {
            value.set_sensitive(name == reqwest::header::AUTHORIZATION);
            headers.insert(name, value);
        }
    }
    headers
}

fn raw(answer: &Answer) -> AsyncRawResponse {
    let mut headers = Headers::new();
    headers.insert(
        SdkName::from_static("content-type"),
        SdkValue::from(answer.content_type.clone()),
    );
    if let Some(challenge) = &answer.challenge {
        headers.insert("www-authenticate", challenge.clone());
    }
    AsyncRawResponse::from_bytes(answer.status.into(), headers, answer.body.to_vec())
}
