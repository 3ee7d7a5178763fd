//! A certificate for `localhost` and the authority that signed it, made for one test.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

/// All in PEM.
pub(crate) struct Localhost {
    pub ca: String,
    pub key: String,
    pub certificate: String,
}

impl Localhost {
    pub(crate) fn new() -> Self {
        let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key"))
            .expect("a CA");
        let key = KeyPair::generate().expect("a key");
        let leaf = CertificateParams::new(vec!["localhost".to_owned()])
            .expect("parameters")
            .signed_by(&key, &issuer)
            .expect("a certificate");
        Self {
            ca: issuer.pem(),
            key: key.serialize_pem(),
            certificate: leaf.pem(),
        }
    }
}
