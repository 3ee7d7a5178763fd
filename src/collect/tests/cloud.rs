//! A TLS server on loopback that answers as a test tells it to and remembers what it was asked.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;

use crate::collect::{AuditorVariables, Options, Silent, Trust};

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) host: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) token: Option<String>,
    pub(super) user_agent: String,
    pub(super) if_match: Option<String>,
    pub(super) body: String,
}

pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json".into())],
            body: body.to_string().into_bytes(),
        }
    }

    pub(super) fn error(status: u16, code: &str) -> Self {
        Self::json(
            status,
            &serde_json::json!({"error": {"code": code, "message": "no"}}),
        )
    }

    /// No answer: the whole connection breaks, and with it whatever else was asked on it.
    pub(super) fn break_connection() -> Self {
        Self {
            status: 1,
            ..Self::hang_up()
        }
    }

    /// No answer.
    pub(super) fn hang_up() -> Self {
        Self {
            status: 0,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// The running server.
pub(super) struct Cloud {
    pub(super) trust: Trust,
    connections: Arc<AtomicUsize>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Cloud {
    pub(super) async fn start(answer: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Self {
        let (trust_pem, tls) = certificates();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let connect = listener.local_addr().expect("an address");
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&calls), Arc::new(answer));
        let broken = broadcast::Sender::new(1024);
        let connections = Arc::new(AtomicUsize::new(0));
        let proxy = proxy(connect, broken.clone(), Arc::clone(&connections)).await;
        let app = axum::Router::new().fallback(move |request: Request| {
            let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
            let broken = broken.clone();
            async move {
                let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
                let peer = peer.map(|info| info.0.port()).unwrap_or_default();
                let call = read(request).await;
                log.lock().expect("the log").push(call.clone());
                let reply = super::contexts::add(&call, answer(&call));
                if reply.status == 1 {
                    broken.send(peer).expect("the proxy listens");
                    return std::future::pending().await;
                }
                let mut response = Response::builder().status(reply.status);
                for (name, value) in reply.headers {
                    response = response.header(name, value);
                }
                response
                    .body(Body::from(reply.body))
                    .expect("a response, or a test that hangs up")
            }
        });
        let config = axum_server::tls_rustls::RustlsConfig::from_config(Arc::new(tls));
        let server = axum_server::from_tcp_rustls(listener, config).expect("a server");
        tokio::spawn(server.serve(app.into_make_service_with_connect_info::<SocketAddr>()));
        Self {
            trust: Trust {
                ca_pem: trust_pem,
                connect: proxy,
            },
            connections,
            calls,
        }
    }

    /// How many connections were made.
    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("the log").clone()
    }

    pub(super) fn options(&self) -> Options {
        Options {
            previous: None,
            isolation: crate::model::IsolationProbe::Off,
            probe_writes: None,
            run: "0d9f6a56-3c39-4b33-9f7e-000000000001".into(),
            trust: Some(self.trust.clone()),
            environment: AuditorVariables {
                tenant_id: Some(super::tenant::TENANT.into()),
                client_id: Some(super::tenant::AUDITOR.into()),
                client_secret: Some("canary-auditor-secret".to_owned().into()),
                ..AuditorVariables::default()
            },
            deadline: std::time::Duration::from_secs(60),
            report_span: std::time::Duration::from_millis(50),
            progress: Arc::new(Silent),
            cancel: None,
        }
    }
}

/// A way to the server on which single connections can be broken: `broken` names one by its port at the server.
async fn proxy(
    server: SocketAddr,
    broken: broadcast::Sender<u16>,
    connections: Arc<AtomicUsize>,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            connections.fetch_add(1, Ordering::SeqCst);
            let mut broken = broken.subscribe();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(server).await.expect("the server");
                let port = server.local_addr().expect("an address").port();
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                    () = async { while broken.recv().await != Ok(port) {} } => {}
                }
            });
        }
    });
    address
}

async fn read(request: Request) -> Call {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    // HTTP/2 has no Host header.
    let host = parts
        .uri
        .authority()
        .map(|authority| authority.host().to_owned())
        .or_else(|| header("host"))
        .unwrap_or_default();
    Call {
        host,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().replace("%20", " "),
        token: header("authorization"),
        if_match: header("if-match"),
        user_agent: header("user-agent").unwrap_or_default(),
        body: String::from_utf8(to_bytes(body, 1 << 20).await.expect("a body").to_vec())
            .expect("text"),
    }
}

fn certificates() -> (String, rustls::ServerConfig) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut ca = rcgen::CertificateParams::default();
    ca.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root = ca.self_signed(&key).expect("a CA");
    let issuer = rcgen::Issuer::new(ca, key);
    let leaf_key = rcgen::KeyPair::generate().expect("a key");
    let names = [
        "login.microsoftonline.com",
        "graph.microsoft.com",
        "*.vault.azure.net",
        "*.api.crm4.dynamics.com",
        "*.operations.dynamics.com",
    ];
    let leaf = rcgen::CertificateParams::new(names.map(String::from).to_vec())
        .expect("names")
        .signed_by(&leaf_key, &issuer)
        .expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::try_from(leaf_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .expect("a configuration");
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    (root.pem(), tls)
}
