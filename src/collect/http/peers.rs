//! Whose certificate each host shows. Only the handshake is begun: it ends when the certificate was seen, and nothing is
//! ever sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex};

use futures::future::join_all;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, RootCertStore, SignatureScheme};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::client::{CONNECT, OneAddress, fault, user_agent};
use super::lock;
use super::retry::Fault;
use crate::collect::options::Options;
use crate::model::diagnosis::{Certificate, Trust};

/// Name resolution, connection and handshake together.
const LOOK: std::time::Duration = std::time::Duration::from_secs(8);

/// What a host showed, or why there was no connection.
pub(crate) type Peer = Result<Certificate, &'static str>;

/// Looks at every host, by the way that requests take: through the proxy, where there is one.
pub(crate) async fn look(options: &Options, hosts: &BTreeSet<String>) -> BTreeMap<String, Peer> {
    let seen = Arc::new(Mutex::new(BTreeMap::new()));
    let Some(client) = client(options, &seen) else {
        let unusable = "this machine's certificate store or proxy settings cannot be used";
        return hosts
            .iter()
            .map(|host| (host.clone(), Err(unusable)))
            .collect();
    };
    let client = &client;
    let peers = join_all(hosts.iter().map(|host| async move {
        let asked = client.get(format!("https://{host}/")).send();
        let failed = match tokio::time::timeout(LOOK, asked).await {
            Ok(Err(error)) => match fault(&error) {
                Fault::Unreachable(why) => why,
                _ => "the connection broke off",
            },
            // An answer is never waited for: the handshake does not come to its end.
            Ok(Ok(_)) => "it answered without showing a certificate",
            Err(_) => "it did not answer within 8 s",
        };
        (host.clone(), failed)
    }))
    .await;
    let seen = lock(&seen);
    peers
        .into_iter()
        .map(|(host, failed)| {
            let peer = seen.get(&host).cloned().ok_or(failed);
            (host, peer)
        })
        .collect()
}

type Seen = Arc<Mutex<BTreeMap<String, Certificate>>>;

fn client(options: &Options, seen: &Seen) -> Option<reqwest::Client> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let watcher = Watcher {
        machine: machine(options, &provider)?,
        public: public(&provider)?,
        seen: Arc::clone(seen),
    };
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .ok()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(watcher))
        .with_no_client_auth();
    let mut builder = reqwest::Client::builder()
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .user_agent(user_agent(&options.run))
        .tls_backend_preconfigured(config);
    if let Some(trust) = &options.trust {
        builder = builder
            .no_proxy()
            .dns_resolver(Arc::new(OneAddress(trust.connect)));
    }
    builder.build().ok()
}

/// What this machine trusts; in the demo, the pretend tenant's authority alone.
fn machine(
    options: &Options,
    provider: &Arc<CryptoProvider>,
) -> Option<Arc<dyn ServerCertVerifier>> {
    let Some(trust) = &options.trust else {
        let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(provider)).ok()?;
        return Some(Arc::new(verifier));
    };
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from_pem_slice(trust.ca_pem.as_bytes()).ok()?;
    roots.add(authority).ok()?;
    Some(by_roots(roots, provider)?)
}

/// What public authorities vouch for, by Mozilla's list.
fn public(provider: &Arc<CryptoProvider>) -> Option<Arc<WebPkiServerVerifier>> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    by_roots(roots, provider)
}

fn by_roots(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Option<Arc<WebPkiServerVerifier>> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .ok()
}

/// Notes each certificate and accepts none.
struct Watcher {
    machine: Arc<dyn ServerCertVerifier>,
    public: Arc<WebPkiServerVerifier>,
    seen: Seen,
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watcher").finish_non_exhaustive()
    }
}

impl ServerCertVerifier for Watcher {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let by = |verifier: &dyn ServerCertVerifier| {
            verifier.verify_server_cert(own, between, name, ocsp, now)
        };
        let trust = match (by(self.machine.as_ref()), by(self.public.as_ref())) {
            (Err(_), _) => Trust::Untrusted,
            (Ok(_), Err(_)) => Trust::Private,
            (Ok(_), Ok(_)) => Trust::Public,
        };
        let certificate = Certificate {
            issuer: issuer(own),
            trust,
        };
        lock(&self.seen).insert(name.to_str().into_owned(), certificate);
        Err(rustls::Error::General("it was only looked at".to_owned()))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.machine.verify_tls12_signature(message, own, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.machine.verify_tls13_signature(message, own, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.machine.supported_verify_schemes()
    }
}

/// Who issued a certificate.
fn issuer(der: &CertificateDer<'_>) -> String {
    match X509Certificate::from_der(der) {
        Ok((_, certificate)) => certificate.issuer().to_string(),
        Err(_) => "something that is not a certificate".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_list_and_this_machines_store_can_be_used() {
        let provider = Arc::new(aws_lc_rs::default_provider());
        assert!(public(&provider).is_some());
    }
}
