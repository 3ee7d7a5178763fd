//! The identity that looks, and the one client that it looks with: Entra, Graph and the hosts of discovery, as
//! the table of clouds names them.

use std::collections::BTreeSet;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::collect::Options;
use crate::collect::entra::claims;
use crate::collect::fields::Fields;
use crate::collect::http::{Ask, SHARED, Wire};
use crate::collect::identity::Auditor;
use crate::estate::{self, Tenant};
use crate::model::grant::Identity;
use crate::model::{Gap, GapKind, Grant, Observed, Service};
use crate::reference::cloud::Cloud;

/// One tenant, and who asks in it.
pub(super) struct Session {
    pub(super) wire: Arc<Wire>,
    auditor: Arc<Auditor>,
    pub(super) tenant: Tenant,
}

impl Session {
    /// # Errors
    /// The gap that stands for everything, when no https client can be set up.
    pub(super) fn open(
        options: &Options,
        identity: &estate::Auditor,
        tenant: Tenant,
    ) -> Result<Self, Gap> {
        let hosts = tenant.cloud.hosts();
        let own = [
            hosts.login,
            hosts.graph,
            hosts.global_discovery,
            hosts.resource_manager,
        ];
        let all = own.into_iter().chain(hosts.power_platform);
        let hosts: BTreeSet<String> = all.map(str::to_owned).collect();
        let wire = Arc::new(Wire::new(options, hosts)?);
        let auditor = Auditor::new(&wire, options, &tenant, identity);
        Ok(Self {
            auditor: Arc::new(auditor),
            wire,
            tenant,
        })
    }

    /// A token for what stands at this host.
    pub(super) async fn token(&self, host: &str) -> Result<SecretString, Gap> {
        self.auditor
            .token(&format!("https://{host}/.default"))
            .await
    }

    /// How a remedy names the identity: `the auditor (client id …)`.
    pub(super) async fn who(&self) -> Identity {
        self.auditor.name().await
    }

    /// Whether a person looks. Known once a token was given.
    pub(super) async fn is_person(&self) -> Observed<bool> {
        match self.auditor.evidence(None, None).await.signed_in {
            Observed::Known(identity) => identity.user,
            Observed::Unknown(gap) => Observed::Unknown(gap),
        }
    }

    pub(super) const fn cloud(&self) -> Cloud {
        self.tenant.cloud
    }

    /// A request to one of the table's hosts.
    pub(super) fn get(service: Service, call: &str, url: Url, token: &SecretString) -> Ask {
        Ask::get(service, SHARED, call, url)
            .header("accept", "application/json")
            .bearer(token.expose_secret())
    }

    /// A right that whoever looks would have to be given here.
    pub(super) async fn grant(&self, role: &str, scope: &str) -> Grant {
        self.who().await.lacks(role, scope, None)
    }
}

/// `https://HOST/PATH`.
///
/// # Errors
/// Malformed, which a host of the table never is.
pub(super) fn address(host: &str, path: &str) -> Result<Url, Gap> {
    format!("https://{host}/{path}")
        .parse()
        .map_err(|_| Gap::new(GapKind::Malformed, format!("{host} makes no url")))
}

/// The tenant of whoever is signed in, where nobody names one: what the token says it was given in.
///
/// # Errors
/// The gap, where nobody is signed in, or the token does not say.
pub(super) async fn home(
    options: &Options,
    identity: &estate::Auditor,
    cloud: Cloud,
) -> Result<String, Gap> {
    let tenant = Tenant {
        id: String::new(),
        cloud,
        auditor: None,
    };
    let session = Session::open(options, identity, tenant)?;
    let token = session.token(cloud.hosts().graph).await?;
    let claims = claims::payload(token.expose_secret());
    let tenant = claims.and_then(|claims| Fields::new(&claims, "the token").guid("tid").ok());
    tenant.ok_or_else(|| {
        Gap::new(
            GapKind::Unrecognised,
            "the token does not say which tenant it was given in",
        )
        .with_remedy("name it: --tenant GUID")
    })
}
