//! A Key Vault certificate: its public part, and how the vault makes and renews it.
//!
//! Source: Key Vault REST `GET /certificates/NAME` (CertificateBundle). The body is read field by field
//! and not as the SDK's model, which knows all of it or nothing.

use std::collections::BTreeMap;

use azure_security_keyvault_certificates::models::CertificateClientGetCertificateOptions;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;
use url::Url;

use super::api::VaultReader;
use super::error::{VaultError, read_error};
use super::grants::Right;
use crate::collect::fields::Fields;
use crate::collect::x509;
use crate::evidence::{CertificateFacts, CertificatePolicy, VaultCertificate};
use crate::model::{Gap, GapKind, Observed, Presence};
use crate::reference::codes::Class;

/// `cer` is base64; whether it ends with padding does not matter.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl VaultReader {
    /// The bundle of one version, the current one without. Absent: the vault has no certificate of this name, though it
    /// may have a secret.
    pub(crate) async fn certificate(
        &self,
        name: &str,
        version: Option<String>,
    ) -> Observed<Presence<VaultCertificate>> {
        let call = format!("the read of certificate {name} in {}", self.host);
        match self.ask_certificate(name, version, &call).await {
            Ok(body) => Observed::Known(Presence::Present(bundle(
                &body,
                &format!("certificate {name} in {}", self.host),
            ))),
            Err(error) if error.class() == Some((404, Class::NotFound)) => {
                Observed::Known(Presence::Absent)
            }
            Err(error) => {
                Observed::Unknown(self.in_words(&call, Right::ReadCertificate, &error).await)
            }
        }
    }

    async fn ask_certificate(
        &self,
        name: &str,
        version: Option<String>,
        call: &str,
    ) -> Result<Value, VaultError> {
        let client = self.certificates.as_ref().map_err(VaultError::of)?;
        let options = version.map(|version| CertificateClientGetCertificateOptions {
            certificate_version: Some(version),
            ..CertificateClientGetCertificateOptions::default()
        });
        let read = async { Ok(client.get_certificate(name, options).await) };
        let response = match self.wire.in_time(call, read).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(read_error(&error, call)),
            Err(gap) => return Err(VaultError::Gap(gap)),
        };
        serde_json::from_slice(response.body().as_ref())
            .ok()
            .filter(|body: &Value| {
                let id = body.get("id").and_then(Value::as_str);
                let place = self.place("certificates", Some(name));
                id.is_some_and(|id| place.named(id).is_some())
            })
            .ok_or_else(|| VaultError::odd(call, "a body that is not a certificate"))
    }
}

/// What the bundle says, field by field.
pub(crate) fn bundle(body: &Value, what: &str) -> VaultCertificate {
    let fields = Fields::new(body, what);
    VaultCertificate {
        version: fields.text("id").ok().and_then(|id| version(&id)),
        enabled: part(&fields, "attributes")
            .and_then(|attributes| attributes.fields().flag("enabled"))
            .into(),
        facts: facts(&fields).into(),
        policy: part(&fields, "policy")
            .map(|policy| policy_of(&policy))
            .into(),
    }
}

/// An object inside the bundle, and its name there.
struct Part<'a> {
    value: &'a Value,
    what: String,
}

impl Part<'_> {
    fn fields(&self) -> Fields<'_> {
        Fields::new(self.value, &self.what)
    }
}

/// `certificate raia in kv…, policy`.
fn part<'a>(fields: &Fields<'a>, field: &str) -> Result<Part<'a>, Gap> {
    let value = fields.value.get(field).filter(|value| value.is_object());
    Ok(Part {
        value: value.ok_or_else(|| fields.odd(field))?,
        what: format!("{}, {field}", fields.what),
    })
}

/// `https://VAULT/certificates/NAME/VERSION`.
fn version(id: &str) -> Option<String> {
    let id: Url = id.parse().ok()?;
    let version = id.path_segments()?.nth(2)?;
    let plain = version.len() == 32 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| version.to_owned())
}

fn facts(fields: &Fields<'_>) -> Result<CertificateFacts, Gap> {
    let text = fields.text("cer")?;
    let der = BASE64.decode(text.trim()).map_err(|_| fields.odd("cer"))?;
    x509::facts(&der).ok_or_else(|| {
        Gap::new(
            GapKind::Malformed,
            format!("{}: the field cer holds no X.509 certificate", fields.what),
        )
    })
}

fn policy_of(policy: &Part<'_>) -> CertificatePolicy {
    let fields = policy.fields();
    CertificatePolicy {
        exportable: part(&fields, "key_props")
            .and_then(|key| key.fields().flag("exportable"))
            .into(),
        issuer: part(&fields, "issuer")
            .and_then(|issuer| issuer.fields().text("name"))
            .into(),
        lifetime_actions: lifetime_actions(&fields).into(),
    }
}

/// Action and trigger in words; an action with several triggers has them joined.
fn lifetime_actions(fields: &Fields<'_>) -> Result<BTreeMap<String, String>, Gap> {
    let mut actions: BTreeMap<String, String> = BTreeMap::new();
    for action in fields.list("lifetime_actions")? {
        let (name, trigger) =
            lifetime_action(action).ok_or_else(|| fields.odd("lifetime_actions"))?;
        actions
            .entry(name)
            .and_modify(|triggers| *triggers = format!("{triggers} and {trigger}"))
            .or_insert(trigger);
    }
    Ok(actions)
}

fn lifetime_action(action: &Value) -> Option<(String, String)> {
    let name = action.pointer("/action/action_type")?.as_str()?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let number = |field: &str| match action.pointer(&format!("/trigger/{field}")) {
        None | Some(Value::Null) => Some(None),
        Some(value) => value.as_u64().map(Some),
    };
    let trigger = match (
        number("lifetime_percentage")?,
        number("days_before_expiry")?,
    ) {
        (Some(percentage), None) => format!("{percentage} % of its life"),
        (None, Some(1)) => "1 day before it expires".to_owned(),
        (None, Some(days)) => format!("{days} days before it expires"),
        _ => return None,
    };
    Some((name.to_owned(), trigger))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn whole() -> Value {
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = rcgen::CertificateParams::default()
            .self_signed(&key)
            .expect("a certificate");
        json!({
            "id": "https://kv.vault.azure.net/certificates/raia/0123456789abcdef0123456789abcdef",
            "cer": BASE64.encode(certificate.der()),
            "attributes": {"enabled": false},
            "policy": {
                "key_props": {"exportable": true, "kty": "RSA"},
                "issuer": {"name": "Self"},
                "lifetime_actions": [
                    {"trigger": {"lifetime_percentage": 80}, "action": {"action_type": "AutoRenew"}},
                    {"trigger": {"days_before_expiry": 30}, "action": {"action_type": "EmailContacts"}},
                    {"trigger": {"days_before_expiry": 1, "lifetime_percentage": null},
                        "action": {"action_type": "EmailContacts"}}]
            }
        })
    }

    #[test]
    fn a_bundle_is_told_whole() {
        let told = bundle(&whole(), "certificate raia");
        assert_eq!(
            told.version.as_deref(),
            Some("0123456789abcdef0123456789abcdef")
        );
        assert_eq!(told.enabled, Observed::Known(false));
        assert!(
            told.facts
                .known()
                .is_some_and(|facts| facts.key_type == "EC")
        );
        let policy = told.policy.known().expect("a policy");
        assert_eq!(policy.exportable, Observed::Known(true));
        assert_eq!(policy.issuer, Observed::Known("Self".into()));
        let actions = policy.lifetime_actions.known().expect("actions");
        assert_eq!(actions["AutoRenew"], "80 % of its life");
        assert_eq!(
            actions["EmailContacts"],
            "30 days before it expires and 1 day before it expires"
        );
    }

    /// One odd field is one gap, and everything else stays known.
    #[test]
    fn each_odd_field_is_a_gap_of_its_own() {
        let gaps = |told: &VaultCertificate| -> Vec<String> {
            let policy = told.policy.known();
            [
                told.enabled.gap(),
                told.facts.gap(),
                told.policy.gap(),
                policy.and_then(|policy| policy.exportable.gap()),
                policy.and_then(|policy| policy.issuer.gap()),
                policy.and_then(|policy| policy.lifetime_actions.gap()),
            ]
            .into_iter()
            .flatten()
            .map(|gap| {
                assert_eq!(gap.kind, GapKind::Malformed);
                gap.seen.to_string()
            })
            .collect()
        };
        assert!(gaps(&bundle(&whole(), "c")).is_empty());
        let odd_actions = json!([{"trigger": {}, "action": {"action_type": "AutoRenew"}}]);
        for (place, value, seen) in [
            (
                "/attributes/enabled",
                json!("true"),
                "c, attributes: the field enabled has an unexpected form",
            ),
            (
                "/attributes",
                json!(null),
                "c: the field attributes is null",
            ),
            (
                "/cer",
                json!("!"),
                "c: the field cer has an unexpected form",
            ),
            (
                "/cer",
                json!("AAAA"),
                "c: the field cer holds no X.509 certificate",
            ),
            (
                "/policy",
                json!([]),
                "c: the field policy has an unexpected form",
            ),
            (
                "/policy/key_props/exportable",
                json!(1),
                "c, policy, key_props: the field exportable has an unexpected form",
            ),
            (
                "/policy/issuer/name",
                json!(null),
                "c, policy, issuer: the field name is null",
            ),
            (
                "/policy/lifetime_actions",
                odd_actions,
                "c, policy: the field lifetime_actions has an unexpected form",
            ),
            (
                "/policy/lifetime_actions/0/trigger",
                json!({"lifetime_percentage": 80, "days_before_expiry": 3}),
                "c, policy: the field lifetime_actions has an unexpected form",
            ),
            (
                "/policy/lifetime_actions/0/action/action_type",
                json!("a <b>"),
                "c, policy: the field lifetime_actions has an unexpected form",
            ),
        ] {
            let mut body = whole();
            *body.pointer_mut(place).expect("a place") = value;
            assert_eq!(gaps(&bundle(&body, "c")), [seen], "{place}");
        }
        let mut body = whole();
        body["id"] = json!("https://kv.vault.azure.net/certificates/raia");
        assert_eq!(bundle(&body, "c").version, None);
    }
}
