//! The two places outside the cloud table that only the auditor's own sign-in may ask: the machine's
//! metadata service, and the pipeline that runs the audit.

use std::time::Duration;

use async_trait::async_trait;
use azure_core::http::{AsyncRawResponse, HttpClient, Request};
use url::Url;

use crate::collect::http::{GapError, SdkTransport};
use crate::model::{Gap, GapKind};

/// The metadata service of Azure virtual machines. Off Azure nobody answers there.
const IMDS: &str = "169.254.169.254";

/// The first wait before a metadata service that is not well is asked again; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Managed identity: the metadata service, or the endpoint that the hosting service names.
#[derive(Debug)]
pub(super) struct LocalTransport {
    client: reqwest::Client,
    host: String,
    /// Whether somebody is known to be there.
    probe: bool,
    first_wait: Duration,
}

/// There is no such identity on this machine, or nobody who could tell.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotThere(pub(super) String);

impl From<NotThere> for azure_core::Error {
    /// `Other`: the one kind that no policy of the SDK retries.
    fn from(not_there: NotThere) -> Self {
        Self::new(azure_core::error::ErrorKind::Other, not_there)
    }
}

/// How often the metadata service is asked again after this status. It says 410 while it is updated, for up to
/// 70 s; 404, 429 and 5xx pass sooner (Entra "How to use managed identities on a VM", error handling and retry
/// guidance).
const fn again(status: u16) -> u32 {
    match status {
        410 => 6,
        404 | 429 | 500..=599 => 3,
        _ => 0,
    }
}

impl LocalTransport {
    /// `probe`: one try of a second, as nobody may be there.
    ///
    /// # Errors
    /// A sentence on why no managed identity can be asked.
    pub(super) fn new(endpoint: Option<&str>, probe: bool) -> Result<Self, String> {
        let host = match endpoint {
            None => IMDS.to_owned(),
            Some(endpoint) => Url::parse(endpoint)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned))
                .filter(|host| is_local(host))
                .ok_or("IDENTITY_ENDPOINT names no address of this machine")?,
        };
        let patience = Duration::from_secs(if probe { 1 } else { 5 });
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(patience)
            .timeout(patience)
            .no_proxy()
            .build()
            .map_err(|_| "no client could be set up")?;
        Ok(Self {
            client,
            host,
            probe,
            first_wait: FIRST_WAIT,
        })
    }

    /// One answer, asked for until the service is well, or long enough.
    async fn asked(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let host = &self.host;
        let mut tries = 0;
        loop {
            let (outcome, most) = match self.client.execute_request(request).await {
                Ok(response) if response.status().is_success() => return Ok(response),
                Ok(response) => {
                    let status = u16::from(response.status());
                    (Err(unwell(host, status)), again(status))
                }
                Err(_) => {
                    let words = format!("no metadata service answers at {host}");
                    // Where nobody may be there, one try has to do.
                    (Err(NotThere(words).into()), if self.probe { 0 } else { 2 })
                }
            };
            if tries >= most {
                return outcome;
            }
            tokio::time::sleep(self.first_wait * 2_u32.pow(tries)).await;
            tries += 1;
        }
    }
}

/// What an answer without a token means, when it does not pass.
fn unwell(host: &str, status: u16) -> azure_core::Error {
    let seen = format!("the metadata service at {host} answered {status}");
    let kind = match status {
        400 => {
            let words =
                format!("no such identity is assigned to this machine ({host} answered 400)");
            return NotThere(words).into();
        }
        429 => GapKind::Throttled,
        410 | 500..=599 => GapKind::Unreachable,
        // Also what another cloud's metadata service says.
        _ => return NotThere(seen).into(),
    };
    let gap = Gap::new(kind, format!("{seen}, again and again"));
    GapError(gap.with_remedy("run again later: this machine's metadata service is not well")).into()
}

/// Loopback and link-local addresses: the hosting service never names another.
fn is_local(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse()
            .is_ok_and(|address| match address {
                std::net::IpAddr::V4(address) => {
                    address.is_loopback() || address.is_link_local() || address.is_private()
                }
                std::net::IpAddr::V6(address) => address.is_loopback(),
            })
}

fn refused(seen: String) -> azure_core::Error {
    GapError(Gap::new(GapKind::Unreachable, seen)).into()
}

#[async_trait]
impl HttpClient for LocalTransport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let asked = request.url().host_str().unwrap_or_default();
        if asked != self.host {
            return Err(refused(format!(
                "{asked} is not this machine's metadata service"
            )));
        }
        tracing::debug!(
            host = asked,
            path = request.url().path(),
            "metadata service"
        );
        self.asked(request).await
    }
}

/// Azure Pipelines: its own host for the assertion, the login host for the token.
#[derive(Debug)]
pub(super) struct PipelinesTransport {
    login: SdkTransport,
    client: reqwest::Client,
    host: String,
}

impl PipelinesTransport {
    /// # Errors
    /// A sentence, where the variable names no host of Azure DevOps.
    pub(super) fn new(login: SdkTransport, uri: &str) -> Result<Self, String> {
        let host = Url::parse(uri)
            .ok()
            .filter(|url| url.scheme() == "https")
            .and_then(|url| url.host_str().map(str::to_owned))
            .filter(|host| {
                host == "dev.azure.com"
                    || host.ends_with(".dev.azure.com")
                    || host.ends_with(".visualstudio.com")
            })
            .ok_or("SYSTEM_OIDCREQUESTURI names no host of Azure DevOps")?;
        let client = reqwest::Client::builder()
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(4))
            .timeout(Duration::from_secs(15))
            .build()
            .map_err(|_| "no client could be set up")?;
        Ok(Self {
            login,
            client,
            host,
        })
    }
}

#[async_trait]
impl HttpClient for PipelinesTransport {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        if request.url().host_str() != Some(self.host.as_str()) {
            return self.login.execute_request(request).await;
        }
        tracing::debug!(host = %self.host, path = request.url().path(), "pipeline assertion");
        self.client
            .execute_request(request)
            .await
            .map_err(|_| refused(format!("{} did not answer", self.host)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::collect::http::{found_in, gap_in};

    #[test]
    fn only_this_machine_is_asked_for_its_identity() {
        assert!(LocalTransport::new(Some("http://127.0.0.1:41741/msi/token/"), true).is_ok());
        assert!(LocalTransport::new(Some("http://localhost:42356/msi/token"), true).is_ok());
        assert!(LocalTransport::new(Some("http://evil.example/msi"), true).is_err());
        assert!(LocalTransport::new(None, true).is_ok());
    }

    /// A service that answers each request with the next of these statuses, and with the last one from then on.
    async fn service(statuses: &'static [u16]) -> (LocalTransport, Request, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let app = axum::Router::new().fallback(move || {
            let place = count.fetch_add(1, Ordering::SeqCst).min(statuses.len() - 1);
            async move { axum::http::StatusCode::from_u16(statuses[place]).expect("a status") }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let url = format!(
            "http://{}/msi/token",
            listener.local_addr().expect("an address")
        );
        tokio::spawn(async move { axum::serve(listener, app).await });
        let mut transport = LocalTransport::new(Some(&url), false).expect("local");
        transport.first_wait = Duration::from_millis(1);
        let request = Request::new(url.parse().expect("a url"), azure_core::http::Method::Get);
        (transport, request, asked)
    }

    #[tokio::test]
    async fn a_metadata_service_that_is_not_well_is_asked_again_and_then_it_is_said() {
        const THERE: Option<GapKind> = None;
        for (statuses, requests, kind) in [
            (&[200][..], 1, THERE),
            (&[404, 200], 2, THERE),
            (&[410, 410, 410, 410, 410, 200], 6, THERE),
            (&[429, 500, 503, 200], 4, THERE),
            (&[410], 7, Some(GapKind::Unreachable)),
            (&[429], 4, Some(GapKind::Throttled)),
            (&[503], 4, Some(GapKind::Unreachable)),
        ] {
            let (transport, request, asked) = service(statuses).await;
            let answer = transport.execute_request(&request).await;
            let gap = answer
                .as_ref()
                .err()
                .map(|error| gap_in(error).expect("a gap").kind);
            assert_eq!(gap, kind, "{statuses:?}");
            assert_eq!(asked.load(Ordering::SeqCst), requests, "{statuses:?}");
        }
        for (statuses, requests) in [(&[400][..], 1), (&[401], 1), (&[404], 4)] {
            let (transport, request, asked) = service(statuses).await;
            let error = transport
                .execute_request(&request)
                .await
                .expect_err("no token");
            assert!(
                found_in::<NotThere>(&error).is_some(),
                "{statuses:?}: {error}"
            );
            assert_eq!(asked.load(Ordering::SeqCst), requests, "{statuses:?}");
        }
    }
}
