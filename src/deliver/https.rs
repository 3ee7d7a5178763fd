//! The https client of Graph's sendMail and of webhooks: no redirects, no plain http, an end to every wait.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::RETRY_AFTER;

/// Name resolution, connection and TLS together.
const CONNECT: Duration = Duration::from_secs(15);
/// The whole exchange: an attachment takes its time.
const WHOLE: Duration = Duration::from_secs(60);

/// How often a busy service is asked, the longest that is waited in between, and how long where it does not say.
const TRIES: u32 = 3;
const LONGEST_PAUSE: u64 = 120;
const USUAL_PAUSE: u64 = 5;

/// A server that callers run themselves (the pretend tenant): this CA (PEM) is trusted and nothing else,
/// and every host is found at this address. No flag or file entry leads here.
#[derive(Clone, Debug)]
pub struct OwnServer {
    pub ca_pem: String,
    pub connect: SocketAddr,
}

struct OneAddress(SocketAddr);

impl Resolve for OneAddress {
    fn resolve(&self, _: Name) -> Resolving {
        let address = self.0;
        Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
    }
}

/// # Errors
/// Why no client can be set up, in words.
pub(super) fn client(own: Option<&OwnServer>) -> Result<reqwest::Client, String> {
    let mut builder = reqwest::Client::builder()
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .timeout(WHOLE)
        .user_agent(concat!("credaudit/", env!("CARGO_PKG_VERSION")));
    if let Some(own) = own {
        let ca = reqwest::Certificate::from_pem(own.ca_pem.as_bytes())
            .map_err(|_| "the server's CA is not a PEM certificate".to_owned())?;
        builder = builder
            .tls_certs_only([ca])
            .no_proxy()
            .dns_resolver(Arc::new(OneAddress(own.connect)));
    }
    builder
        .build()
        .map_err(|_| "this machine's certificate store or proxy settings cannot be used".to_owned())
}

/// Sends what `request` makes, and again where `busy` calls the answer a "later": three times at most, after the
/// pause that `Retry-After` names in seconds, if that is no longer than two minutes. A request that got no
/// answer is not repeated: it may have been taken.
pub(super) async fn send(
    request: impl Fn() -> reqwest::RequestBuilder,
    busy: fn(StatusCode) -> bool,
) -> Result<reqwest::Response, reqwest::Error> {
    let mut tries = 1;
    loop {
        let answer = request().send().await?;
        let pause = pause(&answer);
        if tries == TRIES || !busy(answer.status()) || pause > LONGEST_PAUSE {
            return Ok(answer);
        }
        tokio::time::sleep(Duration::from_secs(pause)).await;
        tries += 1;
    }
}

fn pause(answer: &reqwest::Response) -> u64 {
    answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .unwrap_or(USUAL_PAUSE)
}

/// What kept a request from being answered, without its url: a webhook's address is a secret.
pub(super) fn why(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection: name, network or certificate"
    } else {
        "the exchange broke off"
    }
}
