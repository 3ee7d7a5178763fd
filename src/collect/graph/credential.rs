//! Credentials as Graph writes them (`passwordCredential`, `keyCredential`), on applications and on
//! service principals alike.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::keys;
use crate::collect::credential::Stored;
use crate::collect::fields::Fields;
use crate::collect::gaps;
use crate::collect::x509;
use crate::evidence::{CertificateFacts, Credential, CredentialKind, KeyCredential};
use crate::model::{Gap, GapKind, Observed};

/// A key that both sides know: nothing that a vault's secret or certificate could be.
const SYMMETRIC: &str = "Symmetric";

/// `passwordCredentials` and `keyCredentials` of one object, by end, then key id.
///
/// # Errors
/// Malformed, where a list is missing or one of its items has no key id.
pub(crate) fn credentials(
    fields: Fields<'_>,
    stored: Result<Stored<'_>, &Gap>,
) -> Result<Vec<Credential>, Gap> {
    let mut credentials = Vec::new();
    for (list, kind) in [
        ("passwordCredentials", CredentialKind::Secret),
        ("keyCredentials", CredentialKind::Certificate),
    ] {
        for value in fields.list(list)? {
            let what = format!("{}, one of its {list}", fields.what);
            credentials.push(credential(Fields::new(value, &what), kind, stored)?);
        }
    }
    credentials.sort_by(|left, right| order(left).cmp(&order(right)));
    Ok(credentials)
}

pub(super) fn order(credential: &Credential) -> (Option<DateTime<Utc>>, &str) {
    (credential.end.known().copied(), &credential.key_id)
}

fn credential(
    fields: Fields<'_>,
    kind: CredentialKind,
    stored: Result<Stored<'_>, &Gap>,
) -> Result<Credential, Gap> {
    Ok(Credential {
        key_id: fields.text("keyId")?,
        kind,
        display_name: fields.optional_text("displayName"),
        start: fields.date("startDateTime").ok(),
        end: fields.date("endDateTime").into(),
        matches_stored: matches_stored(fields, kind, stored).into(),
        certificate: (kind == CredentialKind::Certificate).then(|| key_credential(fields)),
        last_use: Observed::Unknown(gaps::not_asked()),
    })
}

/// Whether this can be the stored credential. Across kinds it cannot.
fn matches_stored(
    fields: Fields<'_>,
    kind: CredentialKind,
    stored: Result<Stored<'_>, &Gap>,
) -> Result<bool, Gap> {
    if fields.value.get("type").and_then(Value::as_str) == Some(SYMMETRIC) {
        return Ok(false);
    }
    match (kind, stored.map_err(Clone::clone)?) {
        (CredentialKind::Secret, Stored::Secret(value)) => matches_hint(fields, value),
        (CredentialKind::Certificate, Stored::Certificate(facts)) => keys::matches(fields, facts),
        (CredentialKind::Secret, Stored::Certificate(_))
        | (CredentialKind::Certificate, Stored::Secret(_)) => Ok(false),
    }
}

/// Whether the stored value begins as the hint says. The hint goes no further than this.
fn matches_hint(fields: Fields<'_>, stored: &SecretString) -> Result<bool, Gap> {
    if fields.value.get("hint").is_some_and(Value::is_null) {
        return Err(Gap::new(
            GapKind::NotReached,
            "older secrets have no hint to compare the stored value with",
        ));
    }
    let hint = fields.text("hint")?;
    if hint.is_empty() {
        return Err(fields.odd("hint"));
    }
    // White space before a secret is told as such, and hides nothing of which one it is.
    Ok(stored.expose_secret().trim_start().starts_with(&hint))
}

fn key_credential(fields: Fields<'_>) -> KeyCredential {
    KeyCredential {
        thumbprint: keys::thumbprint(fields),
        usage: fields.optional_text("usage"),
        facts: facts(fields).into(),
    }
}

/// The facts in `key`: the certificate, base64 of its DER form.
fn facts(fields: Fields<'_>) -> Result<CertificateFacts, Gap> {
    let not_reached = |why| Err(Gap::new(GapKind::NotReached, why));
    let word = |field| fields.value.get(field).and_then(Value::as_str);
    if word("type") == Some(SYMMETRIC) {
        return not_reached("a symmetric key has no certificate");
    }
    match fields.value.get("key") {
        None | Some(Value::Null) if word("usage") == Some("Sign") => not_reached(
            "Graph hands out no certificate with a key that signs; its twin with usage Verify has it",
        ),
        None | Some(Value::Null) => {
            not_reached("Graph hands out the certificate only where the object is read alone")
        }
        Some(_) => keys::public_part(fields)
            .and_then(|der| x509::facts(&der))
            .ok_or_else(|| fields.odd("key")),
    }
}
