//! The certificates that applications sign in with: made when first asked for, since an RSA key takes long.

mod files;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonwebtoken::DecodingKey;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, RsaKeySize,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use x509_parser::public_key::PublicKey;

use super::scenario::{AppCertificate, DigestKind, KeyKind};

// Made once with openssl. They were never registered anywhere and protect nothing.
const RSA_1024_SHA256: &str = include_str!("throwaway/rsa-1024-sha256.pem");
const RSA_1024_SHA1: &str = include_str!("throwaway/rsa-1024-sha1.pem");
const RSA_2048_SHA1: &str = include_str!("throwaway/rsa-2048-sha1.pem");

/// Key pairs of this process in PKCS#8: several simulators (tests) share the one of a label.
static KEYS: Mutex<BTreeMap<(String, KeyKind), Vec<u8>>> = Mutex::new(BTreeMap::new());

/// A certificate with its private key.
pub(super) struct ClientCertificate {
    pub der: Vec<u8>,
    /// PKCS#8.
    key: Vec<u8>,
    /// Who issued it and who issued that one; nobody when it signed itself.
    issuers: Vec<Vec<u8>>,
    /// PKCS#12 files written so far: a stored value stays the same, and each writing salts anew.
    files: Mutex<BTreeMap<files::Form, String>>,
}

impl std::fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientCertificate").finish_non_exhaustive()
    }
}

impl ClientCertificate {
    /// The thumbprint that Graph and Key Vault show.
    pub(super) fn sha1(&self) -> Vec<u8> {
        Sha1::digest(&self.der).to_vec()
    }

    pub(super) fn sha256(&self) -> Vec<u8> {
        Sha256::digest(&self.der).to_vec()
    }

    /// The key that verifies what this certificate's holder signed; none for a curve.
    pub(super) fn public_key(&self) -> Option<DecodingKey> {
        let (_, certificate) = x509_parser::parse_x509_certificate(&self.der).ok()?;
        match certificate.public_key().parsed().ok()? {
            PublicKey::RSA(key) => {
                let modulus = key.modulus.strip_prefix(&[0]).unwrap_or(key.modulus);
                Some(DecodingKey::from_rsa_raw_components(modulus, key.exponent))
            }
            _ => None,
        }
    }
}

/// What is asked for by label, with its days as moments.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    pub spec: &'a AppCertificate,
    pub kind: KeyKind,
    /// Issued by an authority under a root, instead of by itself.
    pub chained: bool,
    /// Unix seconds.
    pub not_before: i64,
    pub not_after: i64,
}

/// The certificates of one simulator made so far.
#[derive(Debug, Default)]
pub(super) struct ClientCertificates {
    made: Mutex<BTreeMap<(String, KeyKind), Arc<ClientCertificate>>>,
}

impl ClientCertificates {
    /// The certificate asked for, made now unless it was made before. None when a key cannot be made.
    pub(super) fn get(&self, wanted: &Wanted<'_>) -> Option<Arc<ClientCertificate>> {
        let name = (wanted.spec.label.clone(), wanted.kind);
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&name) {
            return Some(Arc::clone(known));
        }
        let fresh = Arc::new(make(wanted)?);
        made.insert(name, Arc::clone(&fresh));
        Some(fresh)
    }

    /// How many were made.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }
}

fn make(wanted: &Wanted<'_>) -> Option<ClientCertificate> {
    match (wanted.kind, wanted.spec.digest) {
        (KeyKind::Rsa1024, DigestKind::Sha256) => embedded(RSA_1024_SHA256),
        (KeyKind::Rsa1024, DigestKind::Sha1) => embedded(RSA_1024_SHA1),
        (KeyKind::Rsa2048, DigestKind::Sha1) => embedded(RSA_2048_SHA1),
        (KeyKind::Rsa2048, DigestKind::Sha256) | (KeyKind::Ec, _) => fresh(wanted),
    }
}

fn embedded(pem: &str) -> Option<ClientCertificate> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
    let key = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).ok()?;
    Some(ClientCertificate {
        der: der.to_vec(),
        key: key.secret_pkcs8_der().to_vec(),
        issuers: Vec::new(),
        files: Mutex::default(),
    })
}

fn fresh(wanted: &Wanted<'_>) -> Option<ClientCertificate> {
    let key = key_pair(&wanted.spec.label, wanted.kind)?;
    let pair = KeyPair::try_from(key.as_slice()).ok()?;
    let mut leaf = params(&wanted.spec.label, wanted)?;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let (certificate, issuers) = if wanted.chained {
        let root = authority(&format!("{} root", wanted.spec.label), wanted)?;
        let root_key = KeyPair::generate().ok()?;
        let root_der = root.self_signed(&root_key).ok()?.der().to_vec();
        let root = Issuer::new(root, root_key);
        let middle = authority(&format!("{} issuer", wanted.spec.label), wanted)?;
        let middle_key = KeyPair::generate().ok()?;
        let middle_der = middle.signed_by(&middle_key, &root).ok()?.der().to_vec();
        let middle = Issuer::new(middle, middle_key);
        let leaf = leaf.signed_by(&pair, &middle).ok()?;
        (leaf, vec![middle_der, root_der])
    } else {
        (leaf.self_signed(&pair).ok()?, Vec::new())
    };
    Some(ClientCertificate {
        der: certificate.der().to_vec(),
        key,
        issuers,
        files: Mutex::default(),
    })
}

fn key_pair(label: &str, kind: KeyKind) -> Option<Vec<u8>> {
    let mut keys = KEYS.lock().unwrap_or_else(PoisonError::into_inner);
    let name = (label.to_owned(), kind);
    if let Some(known) = keys.get(&name) {
        return Some(known.clone());
    }
    let pair = match kind {
        KeyKind::Ec => KeyPair::generate(),
        KeyKind::Rsa2048 | KeyKind::Rsa1024 => {
            KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048)
        }
    };
    let der = pair.ok()?.serialize_der();
    keys.insert(name, der.clone());
    Some(der)
}

fn params(name: &str, wanted: &Wanted<'_>) -> Option<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new()).ok()?;
    params.distinguished_name.push(DnType::CommonName, name);
    let moment = |seconds: i64| {
        let after = u64::try_from(seconds).unwrap_or_default();
        rcgen::date_time_ymd(1970, 1, 1) + std::time::Duration::from_secs(after)
    };
    params.not_before = moment(wanted.not_before);
    params.not_after = moment(wanted.not_after);
    Some(params)
}

fn authority(name: &str, wanted: &Wanted<'_>) -> Option<CertificateParams> {
    let mut params = params(name, wanted)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    Some(params)
}
