//! Building the reqwest client and one exchange with it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;
use zeroize::Zeroizing;

use super::retry::Fault;
use super::skew::Skews;
use super::{Answer, Ask, Keep, asked};
use crate::collect::clock;
use crate::collect::options::Options;
use crate::model::{Gap, GapKind};

/// Name resolution, connection and TLS together.
pub(super) const CONNECT: Duration = Duration::from_secs(4);

/// Connections that are made at a time, to all hosts together: more would only wait for this machine and its
/// network, and be taken for hosts that do not answer.
const CONNECTING: usize = 32;

/// No service answers longer bodies than this to what is asked.
pub(crate) const LONGEST_BODY: usize = 8 * 1024 * 1024;

/// Nor than this to a read of one column of one row.
pub(crate) const SHORT_BODY: usize = 64 * 1024;

/// Finds every host at one address: the pretend tenant's.
pub(super) struct OneAddress(pub(super) SocketAddr);

impl Resolve for OneAddress {
    fn resolve(&self, _: Name) -> Resolving {
        let address = self.0;
        Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
    }
}

/// The User-Agent of everything that a run sends.
pub(crate) fn user_agent(run: &str) -> String {
    format!("credaudit/{} (run {run})", env!("CARGO_PKG_VERSION"))
}

/// What requests share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sharing {
    Connections,
    /// Each request has a connection of its own.
    Nothing,
}

/// # Errors
/// A gap in words, when the trust store or the pretend tenant's CA cannot be used.
pub(super) fn build(options: &Options, sharing: Sharing) -> Result<reqwest::Client, Gap> {
    let unusable = |what: &str| {
        Gap::new(
            GapKind::Unreachable,
            format!("no https client could be set up: {what}"),
        )
    };
    let mut builder = reqwest::Client::builder()
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        // The time counts from when it is a connection's turn: the limit lies around it.
        .connector_layer(TimeoutLayer::new(CONNECT))
        .connector_layer(ConcurrencyLimitLayer::new(CONNECTING))
        .user_agent(user_agent(&options.run));
    if sharing == Sharing::Nothing {
        builder = builder.pool_max_idle_per_host(0);
    }
    if let Some(trust) = &options.trust {
        let ca = reqwest::Certificate::from_pem(trust.ca_pem.as_bytes())
            .map_err(|_| unusable("the pretend tenant's CA is not a PEM certificate"))?;
        builder = builder
            .tls_certs_only([ca])
            .no_proxy()
            .dns_resolver(Arc::new(OneAddress(trust.connect)));
    }
    builder
        .build()
        .map_err(|_| unusable("this machine's certificate store or proxy settings cannot be used"))
}

/// Sends once and reads the answer, at most [`LONGEST_BODY`] of it, or [`SHORT_BODY`] where no more is due.
///
/// `token` stands in place of the request's own. What time the service says it is goes to `skews`.
pub(super) async fn exchange(
    client: &reqwest::Client,
    ask: &Ask,
    token: Option<HeaderValue>,
    skews: &Skews,
) -> Result<Answer, Fault> {
    let mut headers = ask.headers.clone();
    if let Some(token) = token {
        headers.insert(AUTHORIZATION, token);
    }
    let mut request = client
        .request(ask.method.clone(), ask.url.clone())
        .headers(headers);
    if let Some(body) = &ask.body {
        request = request.body(body.clone());
    }
    let response = request.send().await.map_err(|error| fault(&error))?;
    let now = clock::now();
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let date = header("date");
    skews.note(ask.host(), date.as_deref(), now);
    let by_service = date.as_deref().and_then(asked::http_date).unwrap_or(now);
    let texts = response
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let mut answer = Answer {
        status: response.status().as_u16(),
        content_type: header("content-type")
            .map_or_else(|| "no content type".into(), |text| media_type(&text)),
        retry_after: asked::wait(texts, by_service),
        challenge: header("www-authenticate"),
        of_finops: ["ms-dyn-aid", "p3p"]
            .iter()
            .any(|name| response.headers().contains_key(*name)),
        body: Zeroizing::default(),
        at: now,
    };
    if answer.is_success() && ask.keep == Keep::StatusOnly {
        return Ok(answer);
    }
    let most = if answer.is_success() && ask.keep == Keep::Short {
        SHORT_BODY
    } else {
        LONGEST_BODY
    };
    read_body(response, most, &mut answer).await?;
    Ok(answer)
}

/// Reads the body into the answer, at most so many bytes.
async fn read_body(
    mut response: reqwest::Response,
    most: usize,
    answer: &mut Answer,
) -> Result<(), Fault> {
    while let Some(chunk) = response.chunk().await.map_err(|_| Fault::Broken)? {
        if answer.body.len() + chunk.len() > most {
            return Err(Fault::TooLarge {
                status: answer.status,
                content_type: answer.content_type.clone(),
                bytes: most,
            });
        }
        answer.body.extend_from_slice(&chunk);
    }
    Ok(())
}

/// The media type without its parameters, if it looks like one.
fn media_type(header: &str) -> String {
    let word = header.split(';').next().unwrap_or_default().trim();
    let plain = !word.is_empty()
        && word.len() <= 80
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/+.-".contains(&byte));
    if plain {
        word.to_ascii_lowercase()
    } else {
        "an odd content type".into()
    }
}

/// What a reqwest error means. Its own text names urls and is not used.
pub(super) fn fault(error: &reqwest::Error) -> Fault {
    if !error.is_connect() {
        return if error.is_timeout() {
            Fault::Silent
        } else {
            Fault::Broken
        };
    }
    if error.is_timeout() {
        return Fault::Unreachable("it did not answer within 4 s");
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::ConnectionRefused
        {
            return Fault::Unreachable("the connection was refused");
        }
        let words = cause.to_string();
        if words.contains("dns error") {
            return Fault::Unreachable("its name could not be resolved");
        }
        if words.contains("certificate") {
            return Fault::Unreachable("its TLS certificate is not trusted");
        }
        source = cause.source();
    }
    Fault::Unreachable("no connection could be made")
}
