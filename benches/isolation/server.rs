//! A tenant that answers after a fixed time and counts how many requests are under way at each place.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use credaudit::inside::Trust;
use serde_json::{Value, json};

pub(crate) const TENANT: &str = "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001";
pub(crate) const AUDITOR: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c6ffff";
pub(crate) const LATENCY: Duration = Duration::from_millis(20);

/// The client id of a registration by its number.
pub(crate) fn client(number: usize) -> String {
    format!("5b7a2f0e-2d35-4a55-8a64-{number:012}")
}

/// One place that takes so many requests at a time: a host, or in Dataverse one user of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub requests: u32,
    pub allowed: u32,
    pub most: u32,
    now: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Seen(BTreeMap<String, Count>);

impl Seen {
    fn begin(&mut self, place: &str, allowed: u32) {
        let count = self.0.entry(place.to_owned()).or_default();
        count.allowed = allowed;
        count.requests += 1;
        count.now += 1;
        count.most = count.most.max(count.now);
        assert!(count.now <= allowed, "{place} takes {allowed} at a time");
    }

    fn end(&mut self, place: &str) {
        if let Some(count) = self.0.get_mut(place) {
            count.now -= 1;
        }
    }

    /// The longest first.
    pub(crate) fn busiest(&self) -> Vec<(&str, Count)> {
        let mut all: Vec<_> = self
            .0
            .iter()
            .map(|(place, count)| (place.as_str(), *count))
            .collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(count.requests * 1_000 / count.allowed));
        all
    }
}

struct Call {
    host: String,
    path: String,
    query: String,
    /// The client id that the token names.
    who: Option<String>,
    body: String,
}

pub(crate) fn start() -> (Trust, Arc<Mutex<Seen>>) {
    let (ca_pem, tls) = certificates();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    let connect = listener.local_addr().expect("an address");
    let seen = Arc::new(Mutex::new(Seen::default()));
    let log = Arc::clone(&seen);
    let app = axum::Router::new().fallback(move |request: Request| {
        let log = Arc::clone(&log);
        async move {
            let call = read(request).await;
            let (place, allowed) = place(&call);
            log.lock().expect("the log").begin(&place, allowed);
            tokio::time::sleep(LATENCY).await;
            let (status, body) = answer(&call);
            log.lock().expect("the log").end(&place);
            let mut response = Response::builder()
                .status(status)
                .header("content-type", "application/json");
            if status == 401 {
                response = response.header(
                    "www-authenticate",
                    format!("Bearer authorization=\"https://login.microsoftonline.com/{TENANT}\", resource=\"https://vault.azure.net\""),
                );
            }
            response.body(Body::from(body.to_string())).expect("a response")
        }
    });
    let serve = async move {
        let config = axum_server::tls_rustls::RustlsConfig::from_config(Arc::new(tls));
        let server = axum_server::from_tcp_rustls(listener, config).expect("a server");
        server
            .serve(app.into_make_service())
            .await
            .expect("it serves");
    };
    tokio::spawn(serve);
    (Trust { ca_pem, connect }, seen)
}

fn place(call: &Call) -> (String, u32) {
    let host = call.host.as_str();
    if host.ends_with(".dynamics.com") {
        let who = call.who.as_deref().unwrap_or("nobody");
        return (
            format!("{host} as ..{}", &who[who.len().saturating_sub(4)..]),
            52,
        );
    }
    let allowed = if host.starts_with("login.") { 16 } else { 32 };
    (host.to_owned(), allowed)
}

async fn read(request: Request) -> Call {
    let (parts, body) = request.into_parts();
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let host = parts
        .uri
        .authority()
        .map(|authority| authority.host())
        .or_else(|| header("host"))
        .unwrap_or_default()
        .to_owned();
    let who = header("authorization").and_then(|token| {
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
        let claims: Value = serde_json::from_slice(&claims).ok()?;
        Some(claims.get("appid")?.as_str()?.to_owned())
    });
    Call {
        host,
        who,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body: String::from_utf8(to_bytes(body, 1 << 20).await.expect("a body").to_vec())
            .expect("text"),
    }
}

fn answer(call: &Call) -> (u16, Value) {
    let host = call.host.as_str();
    if host.starts_with("login.") {
        return (200, token(&call.body));
    }
    if host.starts_with("kv-") {
        return vault(call);
    }
    if host.starts_with("graph.") {
        return (200, graph(call));
    }
    dataverse(call)
}

fn token(form: &str) -> Value {
    let field = |name: &str| {
        let mut fields = url::form_urlencoded::parse(form.as_bytes());
        let found = fields.find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let claims = json!({"appid": field("client_id"), "tid": TENANT, "idtyp": "app",
        "aud": field("scope").trim_end_matches("/.default"), "exp": 1_795_000_000,
        "oid": "55555555-0000-4000-8000-000000000001"});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let token = format!(
        "{}.{}.signature",
        part(&json!({"alg": "RS256"})),
        part(&claims)
    );
    json!({"token_type": "Bearer", "expires_in": 3599, "access_token": token})
}

fn vault(call: &Call) -> (u16, Value) {
    let attributes = json!({"enabled": true, "created": 1_741_668_435, "exp": 1_999_668_435});
    let id = format!("https://{}{}", call.host, call.path.trim_end_matches('/'));
    if call.who.is_none() {
        return (
            401,
            json!({"error": {"code": "Unauthorized", "message": "no token"}}),
        );
    }
    let path = call.path.trim_end_matches('/');
    if path == "/secrets" {
        return (200, json!({"value": [], "nextLink": null}));
    }
    let versioned = format!(
        "{}/0123456789abcdef0123456789abcdef",
        id.trim_end_matches("/versions")
    );
    if path.ends_with("/versions") {
        let row = json!({"id": versioned, "attributes": attributes});
        return (200, json!({"value": [row], "nextLink": null}));
    }
    let secret = json!({"value": "abc~stored", "id": versioned, "attributes": attributes});
    (200, secret)
}

fn graph(call: &Call) -> Value {
    if ["/v1.0/applications", "/v1.0/servicePrincipals"].contains(&call.path.as_str()) {
        let object = |number| json!({"id": format!("object-{number}"), "appId": client(number)});
        return json!({"value": (0..200).map(object).collect::<Vec<_>>()});
    }
    if call.path != "/v1.0/$batch" {
        // Reports.
        return json!({"value": []});
    }
    let body: Value = serde_json::from_str(&call.body).expect("a batch");
    let parts = body["requests"].as_array().expect("requests").iter();
    let parts: Vec<Value> = parts
        .map(|part| json!({"id": part["id"], "status": 200, "body": {"value": []}}))
        .collect();
    json!({ "responses": parts })
}

/// Each registration is a user of its own environment alone.
fn dataverse(call: &Call) -> (u16, Value) {
    let number = call.host.trim_start_matches("env");
    let number: usize = number
        .split('.')
        .next()
        .and_then(|text| text.parse().ok())
        .expect("a number");
    let mut home = (number..200).step_by(6);
    let who = call.who.as_deref().unwrap_or_default();
    let path = call.path.trim_start_matches("/api/data/v9.2/");
    if path == "WhoAmI" && who != AUDITOR && !home.clone().any(|number| client(number) == who) {
        return (
            403,
            json!({"error": {"code": "0x80072560", "message": "no"}}),
        );
    }
    let id = "11111111-0000-4000-8000-000000000001";
    match path {
        "WhoAmI" => (
            200,
            json!({"UserId": id, "BusinessUnitId": id, "OrganizationId": id}),
        ),
        "systemusers" if !call.query.contains("roles") => {
            let users: Vec<Value> = home
                .by_ref()
                .map(|number| {
                    json!({"systemuserid": format!("11111111-0000-4000-8000-{number:012}"),
                        "applicationid": client(number), "fullname": "An integration", "isdisabled": false,
                        "_businessunitid_value": id, "businessunitid": {"name": "contoso"}})
                })
                .collect();
            (200, json!({ "value": users }))
        }
        _ => (200, json!({"value": []})),
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
