//! Certificates: lists, versions, and single ones with their policies.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::Desk;
use super::refusals::{by_role, not_found, without_nulls};
use crate::sim::names;
use crate::sim::scenario::{KeyKind, VaultCertificate, VaultRole};
use crate::sim::wire::Answer;

const MAY_READ: &[VaultRole] = &[VaultRole::Reader, VaultRole::CertificateUser];

/// One version of a certificate. Moments in Unix seconds.
pub(super) struct Version<'a> {
    pub id: String,
    /// The label of the application's certificate.
    pub holds: Option<&'a str>,
    pub current: bool,
    pub enabled: bool,
    pub expires: i64,
    pub created: i64,
}

/// `GET /certificates`
pub(super) fn list(desk: &Desk<'_>) -> Result<Answer, Answer> {
    if !desk.holds(MAY_READ) {
        return Err(by_role(desk, "certificates/read", "list", ""));
    }
    let rows: Vec<Value> = desk
        .vault
        .certificates
        .iter()
        .filter_map(|certificate| {
            let id = desk.id(&format!("certificates/{}", certificate.name));
            let versions = versions_of(desk, certificate);
            let current = versions.iter().find(|version| version.current)?;
            Some(properties(desk, certificate, current, &id))
        })
        .collect();
    desk.page(&rows)
}

/// `GET /certificates/{name}/versions`, in an order of its own.
pub(super) fn versions(desk: &Desk<'_>, name: &str) -> Result<Answer, Answer> {
    let certificate = named(desk, name)?;
    let mut versions = versions_of(desk, certificate);
    versions.sort_by(|left, right| left.id.cmp(&right.id));
    let rows: Vec<Value> = versions
        .iter()
        .map(|version| {
            let id = desk.id(&format!("certificates/{}/{}", certificate.name, version.id));
            properties(desk, certificate, version, &id)
        })
        .collect();
    desk.page(&rows)
}

/// `GET /certificates/{name}[/{version}]`
pub(super) fn get(desk: &Desk<'_>, name: &str, version: Option<&str>) -> Result<Answer, Answer> {
    let certificate = named(desk, name)?;
    let versions = versions_of(desk, certificate);
    let version = versions
        .iter()
        .find(|known| version.map_or(known.current, |wanted| known.id == wanted))
        .ok_or_else(|| not_found("certificates", name))?;
    let id = |kind: &str| desk.id(&format!("{kind}/{}/{}", certificate.name, version.id));
    let mut body = properties(desk, certificate, version, &id("certificates"));
    body["kid"] = id("keys").into();
    body["sid"] = id("secrets").into();
    body["cer"] = der(desk, certificate, version)
        .map(|der| STANDARD.encode(der))
        .into();
    body["contentType"] = certificate.content_type.as_str().into();
    body["policy"] = policy_of(desk, certificate);
    Ok(Answer::json(200, &body))
}

/// `GET /certificates/{name}/policy`
pub(super) fn policy(desk: &Desk<'_>, name: &str) -> Result<Answer, Answer> {
    let certificate = named(desk, name)?;
    Ok(Answer::json(200, &policy_of(desk, certificate)))
}

fn named<'a>(desk: &Desk<'a>, name: &str) -> Result<&'a VaultCertificate, Answer> {
    if !desk.holds(MAY_READ) {
        let object = format!("/certificates/{name}");
        return Err(by_role(desk, "certificates/read", "get", &object));
    }
    desk.vault
        .certificates
        .iter()
        .find(|known| known.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| not_found("certificates", name))
}

pub(super) fn versions_of<'a>(desk: &Desk<'a>, of: &'a VaultCertificate) -> Vec<Version<'a>> {
    let seconds = |days: i64| desk.world.day(days).timestamp();
    let end = |own: Option<i64>, holds: &Option<String>| {
        let held = holds
            .as_ref()
            .and_then(|label| desk.world.scenario.certificate(label))
            .map(|held| held.ends_in_days);
        seconds(own.or(held).unwrap_or(365))
    };
    let current = Version {
        id: names::version(&of.name),
        holds: of.holds.as_deref(),
        current: true,
        enabled: of.enabled,
        expires: end(of.expires_in_days, &of.holds),
        created: seconds(-of.created_days_ago),
    };
    let older = of.older.iter().enumerate();
    let older = older.map(|(number, older)| Version {
        id: names::version(&format!("{}/{number}", of.name)),
        holds: older.holds.as_deref(),
        current: false,
        enabled: older.enabled,
        expires: end(older.expires_in_days, &older.holds),
        created: seconds(-older.created_days_ago),
    });
    std::iter::once(current).chain(older).collect()
}

fn properties(
    desk: &Desk<'_>,
    certificate: &VaultCertificate,
    version: &Version<'_>,
    id: &str,
) -> Value {
    let held = version
        .holds
        .and_then(|label| desk.world.certificate(label, None));
    // Twenty bytes, as a SHA-1 thumbprint has; of a certificate that nobody holds, not those of `cer`.
    let thumbprint = held.map_or_else(|| names::thumbprint(&certificate.name), |held| held.sha1());
    let tags = (!certificate.tags.is_empty()).then_some(&certificate.tags);
    without_nulls(json!({
        "id": id,
        "x5t": URL_SAFE_NO_PAD.encode(thumbprint),
        "attributes": {
            "enabled": version.enabled, "nbf": version.created,
            "exp": version.expires, "created": version.created, "updated": version.created,
            "recoveryLevel": desk.recovery_level(), "recoverableDays": 90,
        },
        "subject": certificate.subject(),
        "tags": tags,
    }))
}

fn policy_of(desk: &Desk<'_>, certificate: &VaultCertificate) -> Value {
    let held = certificate
        .holds
        .as_ref()
        .and_then(|label| desk.world.scenario.certificate(label));
    let kind = held.map_or(KeyKind::Rsa2048, |held| held.key);
    let mut key = json!({ "exportable": certificate.exportable, "reuse_key": false });
    let size = certificate.key_size;
    match kind {
        KeyKind::Ec => {
            key["kty"] = "EC".into();
            key["crv"] = "P-256".into();
            key["key_size"] = size.unwrap_or(256).into();
        }
        KeyKind::Rsa2048 | KeyKind::Rsa1024 => {
            let own = if kind == KeyKind::Rsa1024 { 1024 } else { 2048 };
            key["kty"] = "RSA".into();
            key["key_size"] = size.unwrap_or(own).into();
        }
    }
    let mut actions = Vec::new();
    if certificate.auto_renew {
        actions.push(json!({
            "trigger": { "lifetime_percentage": 80 }, "action": { "action_type": "AutoRenew" },
        }));
    }
    if certificate.email_contacts {
        actions.push(json!({
            "trigger": { "days_before_expiry": 30 }, "action": { "action_type": "EmailContacts" },
        }));
    }
    json!({
        "id": desk.id(&format!("certificates/{}/policy", certificate.name)),
        "key_props": key,
        "secret_props": { "contentType": certificate.content_type.as_str() },
        "x509_props": { "subject": certificate.subject(), "validity_months": 6 },
        "lifetime_actions": actions,
        "issuer": { "name": certificate.issuer },
    })
}

/// The certificate held, or a self-signed one with the right subject, made on the spot.
fn der(desk: &Desk<'_>, certificate: &VaultCertificate, version: &Version<'_>) -> Option<Vec<u8>> {
    if let Some(label) = version.holds {
        return Some(desk.world.certificate(label, None)?.der.clone());
    }
    let mut params = rcgen::CertificateParams::new(Vec::new()).ok()?;
    let subject = certificate.subject();
    let name = subject.trim_start_matches("CN=");
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    let key = rcgen::KeyPair::generate().ok()?;
    Some(params.self_signed(&key).ok()?.der().to_vec())
}
