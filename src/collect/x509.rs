//! What an X.509 certificate says of itself, read from its DER form.

use chrono::{DateTime, Utc};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use crate::evidence::CertificateFacts;

/// `None` where it is no certificate, or its dates are none.
pub(crate) fn facts(der: &[u8]) -> Option<CertificateFacts> {
    let (rest, certificate) = X509Certificate::from_der(der).ok()?;
    if !rest.is_empty() {
        return None;
    }
    let key = certificate.public_key();
    let algorithm = key.algorithm.algorithm.to_id_string();
    let (key_type, key_bits) = match (algorithm.as_str(), key.parsed()) {
        ("1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10", Ok(PublicKey::RSA(rsa))) => {
            ("RSA".to_owned(), bits(rsa.modulus))
        }
        ("1.2.840.10045.2.1", Ok(PublicKey::EC(point))) => {
            ("EC".to_owned(), u32::try_from(point.key_size()).ok())
        }
        _ => (algorithm, None),
    };
    Some(CertificateFacts {
        thumbprint: hex::encode_upper(Sha1::digest(der)),
        thumbprint_sha256: hex::encode_upper(Sha256::digest(der)),
        subject: certificate.subject().to_string(),
        not_before: moment(certificate.validity().not_before.timestamp())?,
        not_after: moment(certificate.validity().not_after.timestamp())?,
        key_type,
        key_bits,
        signature_hash: signature_hash(&certificate),
    })
}

fn moment(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

/// Bits of a big-endian modulus, leading zeros not counted.
fn bits(modulus: &[u8]) -> Option<u32> {
    let first = modulus.iter().position(|byte| *byte != 0)?;
    let significant = modulus.get(first..)?;
    let whole = u32::try_from(significant.len()).ok()?.checked_mul(8)?;
    Some(whole - significant.first()?.leading_zeros())
}

/// By the object identifiers of RFC 8017, 3279 and 5758. RSASSA-PSS names its hash in its parameters.
fn signature_hash(certificate: &X509Certificate<'_>) -> String {
    let algorithm = &certificate.signature_algorithm;
    let id = algorithm.algorithm.to_id_string();
    let hash = match id.as_str() {
        "1.2.840.113549.1.1.2" => "MD2",
        "1.2.840.113549.1.1.4" => "MD5",
        // The third is OIW's, which older tools of Windows write.
        "1.2.840.113549.1.1.5" | "1.2.840.10045.4.1" | "1.3.14.3.2.29" | "1.2.840.10040.4.3" => {
            "SHA-1"
        }
        "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => "SHA-256",
        "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => "SHA-384",
        "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => "SHA-512",
        "1.2.840.113549.1.1.10" => return pss_hash(certificate).unwrap_or(id),
        _ => return id,
    };
    hash.to_owned()
}

fn pss_hash(certificate: &X509Certificate<'_>) -> Option<String> {
    use x509_parser::signature_algorithm::SignatureAlgorithm;
    let SignatureAlgorithm::RSASSA_PSS(parameters) =
        SignatureAlgorithm::try_from(&certificate.signature_algorithm).ok()?
    else {
        return None;
    };
    let hash = match parameters.hash_algorithm_oid().to_id_string().as_str() {
        "1.3.14.3.2.26" => "SHA-1",
        "2.16.840.1.101.3.4.2.1" => "SHA-256",
        "2.16.840.1.101.3.4.2.2" => "SHA-384",
        "2.16.840.1.101.3.4.2.3" => "SHA-512",
        _ => return None,
    };
    Some(hash.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(algorithm: &'static rcgen::SignatureAlgorithm) -> CertificateFacts {
        let key = rcgen::KeyPair::generate_for(algorithm).expect("a key");
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, "bridge.contoso.example");
        let certificate = params.self_signed(&key).expect("a certificate");
        facts(certificate.der()).expect("facts")
    }

    #[test]
    fn kind_size_and_hash_of_a_key_are_told() {
        let rsa = made(&rcgen::PKCS_RSA_SHA256);
        assert_eq!((rsa.key_type.as_str(), rsa.key_bits), ("RSA", Some(2048)));
        assert_eq!(rsa.signature_hash, "SHA-256");
        assert_eq!(rsa.subject, "CN=bridge.contoso.example");
        assert_eq!(
            (rsa.thumbprint.len(), rsa.thumbprint_sha256.len()),
            (40, 64)
        );
        let ec = made(&rcgen::PKCS_ECDSA_P384_SHA384);
        assert_eq!((ec.key_type.as_str(), ec.key_bits), ("EC", Some(384)));
        assert_eq!(ec.signature_hash, "SHA-384");
    }

    #[test]
    fn what_is_no_certificate_has_no_facts() {
        assert_eq!(facts(b""), None);
        assert_eq!(facts(&[0x30, 0x82, 0xff, 0xff]), None);
    }
}
