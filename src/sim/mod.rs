//! The pretend tenant: a TLS server on loopback that answers as Entra, Graph, Key Vault and Dataverse do,
//! by host name, and a CONNECT proxy through which any client reaches it under the real names.
//!
//! Written from the services' documents and recorded answers. It knows nothing of what an audit looks for.

mod catalogue;
mod certificates;
mod client_certificates;
mod clouds;
mod connections;
mod dataverse;
mod entra;
mod faults;
mod finops;
mod graph;
mod keyvault;
mod management;
mod names;
mod odata;
mod power_platform;
mod proxy;
mod rate_limit;
mod router;
mod scenario;
mod tokens;
mod wire;
mod world;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use chrono::{DateTime, Utc};

pub use names::{BUSINESS_CANARY, SECRET_CANARY};
pub use scenario::{Scenario, overlay};
pub use world::LoggedRequest;
pub(crate) use world::{Change, TakenMail};

use world::World;

/// How a simulator is started.
#[derive(Clone, Copy, Debug)]
pub struct SimOptions {
    /// Port of the TLS listener, and the one above it for the proxy; any free ones when absent.
    pub port: Option<u16>,
    /// The moment that the scenario's days count from.
    pub now: DateTime<Utc>,
}

/// A running simulator. Dropping it stops it.
#[derive(Debug)]
pub struct Sim {
    world: Arc<World>,
    ca_pem: String,
    tls_addr: SocketAddr,
    proxy_addr: SocketAddr,
    handle: axum_server::Handle<SocketAddr>,
    server: tokio::task::JoinHandle<()>,
    proxy: tokio::task::JoinHandle<()>,
}

/// What a client needs to sign in as the scenario's auditor.
#[derive(Clone)]
pub struct SimAuditor {
    pub tenant_id: String,
    pub client_id: String,
    pub client_secret: String,
}

impl std::fmt::Debug for SimAuditor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimAuditor")
            .field("tenant_id", &self.tenant_id)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What signs in as the scenario's person, as somebody signs in to the Azure CLI.
#[derive(Clone)]
pub struct SimPerson {
    pub tenant_id: String,
    /// The Azure CLI's.
    pub client_id: String,
    pub user_name: String,
    pub password: String,
}

impl std::fmt::Debug for SimPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimPerson")
            .field("tenant_id", &self.tenant_id)
            .field("user_name", &self.user_name)
            .finish_non_exhaustive()
    }
}

/// Why a simulator could not start.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    #[error("could not listen on 127.0.0.1:{port}; choose another port")]
    Listen {
        port: u16,
        #[source]
        source: std::io::Error,
    },
    #[error("could not make the simulator's certificates")]
    Certificate(#[from] rcgen::Error),
    #[error("could not set up TLS")]
    Tls(#[from] rustls::Error),
    #[error("could not make the key that signs tokens")]
    SigningKey,
}

impl Sim {
    /// Starts the server and its proxy on 127.0.0.1, and nowhere else.
    pub async fn start(scenario: Scenario, options: SimOptions) -> Result<Self, SimError> {
        let key = tokens::SigningKey::shared()?;
        let world = Arc::new(World::new(scenario, options.now, key));
        let hosts = world.hosts();
        let certificates = certificates::Certificates::for_hosts(&hosts)?;

        let listener = listen(options.port.unwrap_or(0))?;
        let port = options.port.map_or(0, |port| port.saturating_add(1));
        let proxy_listener = listen(port)?;
        let address = |listener: &TcpListener| {
            let source = |source| SimError::Listen { port: 0, source };
            listener.local_addr().map_err(source)
        };
        let tls_addr = address(&listener)?;
        let proxy_addr = address(&proxy_listener)?;

        let handle = axum_server::Handle::new();
        let config = RustlsConfig::from_config(Arc::new(
            certificates.server_config(&world.scenario.dead_hosts)?,
        ));
        let acceptor = RustlsAcceptor::new(config).acceptor(connections::Breakable);
        let server = axum_server::from_tcp(listener)
            .map_err(|source| SimError::Listen {
                port: tls_addr.port(),
                source,
            })?
            .acceptor(acceptor)
            .handle(handle.clone());
        let service = router::router(Arc::clone(&world)).into_make_service();
        let server = tokio::spawn(async move {
            if let Err(error) = server.serve(service).await {
                tracing::error!(%error, "the simulator's server ended");
            }
        });
        let proxy_listener =
            tokio::net::TcpListener::from_std(proxy_listener).map_err(|source| {
                SimError::Listen {
                    port: proxy_addr.port(),
                    source,
                }
            })?;
        let proxy = tokio::spawn(proxy::run(proxy_listener, hosts, tls_addr));

        Ok(Self {
            world,
            ca_pem: certificates.ca_pem,
            tls_addr,
            proxy_addr,
            handle,
            server,
            proxy,
        })
    }

    /// The authority that signed the server's certificate. Made at the start and thrown away with it.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    pub const fn tls_addr(&self) -> SocketAddr {
        self.tls_addr
    }

    pub const fn proxy_addr(&self) -> SocketAddr {
        self.proxy_addr
    }

    /// Every host name the simulator answers to, sorted.
    pub fn hosts(&self) -> Vec<String> {
        self.world.hosts()
    }

    /// The identity to audit with.
    pub fn auditor(&self) -> SimAuditor {
        let scenario = &self.world.scenario;
        let application = scenario.application(&scenario.auditor.application);
        SimAuditor {
            tenant_id: application
                .and_then(|application| scenario.tenants.get(&application.tenant))
                .map(|tenant| tenant.id.clone())
                .unwrap_or_default(),
            client_id: application
                .map(|application| application.client_id.clone())
                .unwrap_or_default(),
            client_secret: scenario.secret(&scenario.auditor.secret),
        }
    }

    /// The person to look for an estate with, where the scenario has one.
    pub fn person(&self) -> Option<SimPerson> {
        let scenario = &self.world.scenario;
        let key = scenario.auditor.person.as_ref()?;
        let person = scenario.people.get(key)?;
        let tenant = self.world.tenant(scenario.tenant_of_person(person)?)?;
        Some(SimPerson {
            tenant_id: tenant.id.clone(),
            client_id: entra::AZURE_CLI.to_owned(),
            user_name: person.mail.clone(),
            password: entra::password(key),
        })
    }

    /// A token of that person's for a resource (`https://globaldisco.crm.dynamics.com`), as
    /// `az account get-access-token` prints it. No request is made for it.
    pub fn token_of_person(&self, resource: &str) -> Option<String> {
        let key = self.world.scenario.auditor.person.as_ref()?;
        entra::token_of(&self.world, key, resource)
    }

    /// The requests answered so far, in order (the latest hundred thousand).
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.world.requests()
    }

    /// What clients have changed so far, in order. An audit leaves it empty.
    pub fn changes(&self) -> Vec<Change> {
        self.world.changes()
    }

    /// The mails that clients handed to Graph so far, in order.
    pub fn mails(&self) -> Vec<TakenMail> {
        self.world.mails()
    }

    /// Stops listening and ends open connections.
    pub async fn stop(mut self) {
        self.handle
            .graceful_shutdown(Some(Duration::from_millis(200)));
        self.proxy.abort();
        let _ended = (&mut self.server).await;
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.handle.shutdown();
        self.proxy.abort();
        self.server.abort();
    }
}

fn listen(port: u16) -> Result<TcpListener, SimError> {
    let open = || {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    open().map_err(|source| SimError::Listen { port, source })
}

#[cfg(test)]
mod tests;
