//! Certificates: enough of them for clients that list and read them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::Desk;
use super::refusals::{by_role, not_found};
use crate::sim::names;
use crate::sim::scenario::{VaultCertificate, VaultRole};
use crate::sim::wire::Answer;

const MAY_READ: &[VaultRole] = &[VaultRole::Reader, VaultRole::CertificateUser];

/// `GET /certificates`
pub(super) fn list(desk: &Desk<'_>) -> Result<Answer, Answer> {
    if !desk.holds(MAY_READ) {
        return Err(by_role(desk, "certificates/read", "list", ""));
    }
    let rows: Vec<Value> = desk
        .vault
        .certificates
        .iter()
        .map(|certificate| {
            let id = desk.id(&format!("certificates/{}", certificate.name));
            properties(desk, certificate, &id)
        })
        .collect();
    desk.page(&rows)
}

/// `GET /certificates/{name}[/{version}]`
pub(super) fn get(desk: &Desk<'_>, name: &str) -> Result<Answer, Answer> {
    if !desk.holds(MAY_READ) {
        let object = format!("/certificates/{name}");
        return Err(by_role(desk, "certificates/read", "get", &object));
    }
    let certificate = desk
        .vault
        .certificates
        .iter()
        .find(|known| known.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| not_found("certificates", name))?;
    let id = |kind: &str| {
        let version = names::version(&certificate.name);
        desk.id(&format!("{kind}/{}/{version}", certificate.name))
    };
    let mut body = properties(desk, certificate, &id("certificates"));
    body["kid"] = id("keys").into();
    body["sid"] = id("secrets").into();
    body["cer"] = der(certificate).map(|der| STANDARD.encode(der)).into();
    body["contentType"] = "application/x-pkcs12".into();
    body["policy"] = json!({
        "id": desk.id(&format!("certificates/{}/policy", certificate.name)),
        "key_props": { "exportable": true, "kty": "RSA", "key_size": 2048, "reuse_key": false },
        "secret_props": { "contentType": "application/x-pkcs12" },
        "x509_props": { "subject": certificate.subject, "validity_months": 6 },
        "lifetime_actions": [{
            "trigger": { "lifetime_percentage": 80 }, "action": { "action_type": "AutoRenew" },
        }],
        "issuer": { "name": "Self" },
    });
    Ok(Answer::json(200, &body))
}

fn properties(desk: &Desk<'_>, certificate: &VaultCertificate, id: &str) -> Value {
    let seconds = |days: i64| desk.world.day(days).timestamp();
    let created = seconds(-certificate.created_days_ago);
    json!({
        "id": id,
        // Twenty bytes, as a SHA-1 thumbprint has, but not computed from `cer`.
        "x5t": URL_SAFE_NO_PAD.encode(names::thumbprint(&certificate.name)),
        "attributes": {
            "enabled": certificate.enabled, "nbf": created,
            "exp": seconds(certificate.expires_in_days), "created": created, "updated": created,
            "recoveryLevel": desk.recovery_level(), "recoverableDays": 90,
        },
        "subject": certificate.subject,
    })
}

/// A self-signed certificate with the right subject, made on the spot.
fn der(certificate: &VaultCertificate) -> Option<Vec<u8>> {
    let mut params = rcgen::CertificateParams::new(Vec::new()).ok()?;
    let name = certificate.subject.trim_start_matches("CN=");
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    let key = rcgen::KeyPair::generate().ok()?;
    Some(params.self_signed(&key).ok()?.der().to_vec())
}
