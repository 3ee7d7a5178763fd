//! The certificates of one run: an authority that signs a single server certificate and is then forgotten.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::SimError;

pub(super) struct Certificates {
    pub ca_pem: String,
    leaf: CertificateDer<'static>,
    key: Vec<u8>,
}

impl Certificates {
    /// One server certificate for all of `hosts`.
    pub(super) fn for_hosts(hosts: &[String]) -> Result<Self, SimError> {
        let ca_key = KeyPair::generate()?;
        let mut ca = params(Vec::new(), "credaudit simulator authority")?;
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let ca_pem = ca.self_signed(&ca_key)?.pem();
        let issuer = Issuer::new(ca, ca_key);

        let key = KeyPair::generate()?;
        let mut leaf = params(hosts.to_vec(), "credaudit simulator")?;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Strict verifiers (Python 3.13 and later) want to see who signed.
        leaf.use_authority_key_identifier_extension = true;
        Ok(Self {
            ca_pem,
            leaf: leaf.signed_by(&key, &issuer)?.der().clone(),
            key: key.serialize_der(),
        })
    }

    /// TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.
    /// The handshake for one of `dead` is broken off: nobody gets a connection there.
    pub(super) fn server_config(&self, dead: &[String]) -> Result<ServerConfig, SimError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        let key = CertifiedKey::from_der(vec![self.leaf.clone()], key, &provider)?;
        let (key, dead) = (Arc::new(key), dead.to_vec());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Alive { key, dead }));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// The one certificate, for every host that is not dead.
#[derive(Debug)]
struct Alive {
    key: Arc<CertifiedKey>,
    dead: Vec<String>,
}

impl ResolvesServerCert for Alive {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let host = hello.server_name().unwrap_or_default();
        let dead = self.dead.iter().any(|dead| dead.eq_ignore_ascii_case(host));
        (!dead).then(|| Arc::clone(&self.key))
    }
}

fn params(hosts: Vec<String>, name: &str) -> Result<CertificateParams, SimError> {
    let mut params = CertificateParams::new(hosts)?;
    params.distinguished_name.push(DnType::CommonName, name);
    // The verifier's clock is the real one, whatever day the scenario plays on.
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    Ok(params)
}
