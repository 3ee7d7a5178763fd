//! An https server of a test's own on `localhost`: answers as it is told and keeps what it hears.

use std::collections::{BTreeMap, VecDeque};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use axum_server::tls_rustls::RustlsConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::certificate::Localhost;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub method: String,
    pub path: String,
    pub content_type: String,
    pub body: Vec<u8>,
}

/// Status and headers.
pub(crate) type Told = (u16, &'static [(&'static str, &'static str)]);

#[derive(Default)]
struct Desk {
    /// By path; 200 where nothing is left to say.
    answers: Mutex<BTreeMap<String, VecDeque<Told>>>,
    heard: Mutex<Vec<Heard>>,
}

/// The server; it ends with the value.
pub(crate) struct Listener {
    pub port: u16,
    /// PEM.
    pub ca: String,
    desk: Arc<Desk>,
    _runtime: tokio::runtime::Runtime,
}

impl Listener {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let made = Localhost::new();
        let desk = Arc::new(Desk::default());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let service = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&desk))
            .into_make_service();
        let config = RustlsConfig::from_config(Arc::new(tls(&made)));
        runtime.spawn(async move {
            let server = axum_server::from_tcp_rustls(listener, config).unwrap();
            server.serve(service).await.unwrap();
        });
        Self {
            port,
            ca: made.ca,
            desk,
            _runtime: runtime,
        }
    }

    /// What the next requests for `path` are answered.
    pub(crate) fn answers(&self, path: &str, told: &[Told]) {
        let mut answers = self.desk.answers.lock().unwrap();
        answers.insert(path.to_owned(), told.iter().copied().collect());
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// Everything so far, in order.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.desk.heard.lock().unwrap().clone()
    }

    /// What arrived at one path.
    pub(crate) fn at(&self, path: &str) -> Vec<Heard> {
        let mut heard = self.heard();
        heard.retain(|one| one.path == path);
        heard
    }
}

async fn answer(State(desk): State<Arc<Desk>>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 64 << 20).await.unwrap().to_vec();
    let path = head.uri.path().to_owned();
    let kind = head.headers.get("content-type");
    desk.heard.lock().unwrap().push(Heard {
        method: head.method.to_string(),
        path: path.clone(),
        content_type: kind.map_or("", |kind| kind.to_str().unwrap()).to_owned(),
        body,
    });
    let mut answers = desk.answers.lock().unwrap();
    let told = answers.get_mut(&path).and_then(VecDeque::pop_front);
    let (status, headers) = told.unwrap_or((200, &[]));
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Body::empty()).unwrap()
}

fn tls(made: &Localhost) -> rustls::ServerConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let certificate = CertificateDer::from_pem_slice(made.certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(made.key.as_bytes()).unwrap();
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}
