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

/// Managed identity: the metadata service, or the endpoint that the hosting service names.
#[derive(Debug)]
pub(super) struct LocalTransport {
    client: reqwest::Client,
    host: String,
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
        Ok(Self { client, host })
    }
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
        let response = self
            .client
            .execute_request(request)
            .await
            .map_err(|_| refused(format!("no metadata service answers at {asked}")))?;
        let status = u16::from(response.status());
        // The SDK would repeat some of these for over a minute.
        match status {
            200 => {}
            400 => {
                return Err(refused(format!(
                    "no such identity is assigned to this machine ({asked} answered 400)"
                )));
            }
            _ => {
                return Err(refused(format!(
                    "the metadata service at {asked} answered {status}"
                )));
            }
        }
        Ok(response)
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
    use super::*;

    #[test]
    fn only_this_machine_is_asked_for_its_identity() {
        assert!(LocalTransport::new(Some("http://127.0.0.1:41741/msi/token/"), true).is_ok());
        assert!(LocalTransport::new(Some("http://localhost:42356/msi/token"), true).is_ok());
        assert!(LocalTransport::new(Some("http://evil.example/msi"), true).is_err());
        assert!(LocalTransport::new(None, true).is_ok());
    }
}
