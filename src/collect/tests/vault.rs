//! What a vault tells beyond the value: versions, deleted entries, certificates, and all of it where the
//! auditor may read no value.

mod passing;

mod elsewhere;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::carry::with_objects;
use super::cloud::{Call, Cloud, Reply};
use super::tenant::{VERSION, estate, object, tidy};
use crate::collect::collect;
use crate::estate::{CredentialForm, Estate};
use crate::evidence::{RegistrationEvidence, Snapshot, VaultEntry};
use crate::model::{Gap, GapKind, Observed, Presence};

const HOST: &str = "https://kv-contoso.vault.azure.net";
const NAME: &str = "raia-secret";

fn raia(snapshot: &Snapshot) -> &RegistrationEvidence {
    snapshot.registration("raia").expect("raia is collected")
}

fn entry(snapshot: &Snapshot) -> &VaultEntry {
    match &raia(snapshot).entry {
        Observed::Known(Presence::Present(entry)) => entry,
        other => panic!("{other:?}"),
    }
}

/// The path, where the auditor asks the vault with a token.
fn vault_path(call: &Call) -> Option<&str> {
    (call.host.contains("vault") && call.token.is_some()).then(|| call.path.trim_end_matches('/'))
}

fn forbidden() -> Reply {
    Reply::json(
        403,
        &json!({"error": {"code": "Forbidden", "message": "canary",
            "innererror": {"code": "ForbiddenByRbac"}}}),
    )
}

async fn seen(
    estate: Estate,
    answer: impl Fn(&Call) -> Option<Reply> + Send + Sync + 'static,
) -> (Snapshot, Vec<Call>) {
    let cloud = Cloud::start(move |call| answer(call).unwrap_or_else(|| tidy(call))).await;
    let snapshot = collect(&estate, None, &cloud.options()).await;
    let text = serde_json::to_string(&snapshot).expect("a snapshot");
    assert!(!text.contains("canary"), "{text}");
    (snapshot, cloud.calls())
}

fn certificate_estate() -> Estate {
    let mut estate = estate();
    estate.registrations[0].stored_mut().kind = CredentialForm::Certificate;
    estate
}

/// Three hundred versions, 25 a page, oldest first.
fn versions_page(call: &Call) -> Reply {
    let page: usize = call
        .query
        .split("skiptoken=")
        .nth(1)
        .and_then(|rest| rest.split('&').next())
        .map_or(0, |page| page.parse().expect("a page"));
    let lines: Vec<Value> = (page * 25..page * 25 + 25)
        .map(|number| {
            json!({"id": format!("{HOST}/secrets/{NAME}/{number:032x}"),
                "attributes": {"enabled": number == 299, "created": 1_600_000_000 + number,
                    "nbf": 1_600_000_000, "exp": 1_900_000_000}})
        })
        .collect();
    let next = (page < 11).then(|| {
        format!(
            "{HOST}:443/secrets/{NAME}/versions?api-version=7.4&$skiptoken={}&maxresults=25",
            page + 1
        )
    });
    Reply::json(200, &json!({"value": lines, "nextLink": next}))
}

#[tokio::test]
async fn three_hundred_versions_are_read_once_and_stand_newest_first() {
    let mut estate = estate();
    let mut twin = estate.registrations[0].clone();
    twin.name = "raia-twin".into();
    estate.registrations.push(twin);
    let (snapshot, calls) = seen(estate, |call| {
        let path = vault_path(call)?;
        (path == "/secrets/raia-secret/versions").then(|| versions_page(call))
    })
    .await;
    let versions = entry(&snapshot).versions.whole().expect("read to its end");
    assert_eq!(versions.len(), 300);
    assert_eq!(versions[0].version, format!("{:032x}", 299));
    assert!(versions[0].enabled && !versions[1].enabled);
    assert_eq!(
        versions[299].created.map(|date| date.timestamp()),
        Some(1_600_000_000)
    );
    let twin = &snapshot.registrations["raia-twin"].entry;
    assert_eq!(twin, &raia(&snapshot).entry);
    let pages = calls.iter().filter(|call| call.path.ends_with("/versions"));
    assert_eq!(pages.count(), 12, "once for both registrations");
}

#[tokio::test]
async fn versions_that_are_refused_or_odd_are_cut_short_and_named() {
    let (snapshot, _) = seen(estate(), |call| {
        vault_path(call)?.ends_with("/versions").then(forbidden)
    })
    .await;
    let gap = entry(&snapshot).versions.gap.as_ref().expect("refused");
    assert_eq!(gap.kind, GapKind::Denied);
    assert!(
        gap.remedy.as_deref().is_some_and(
            |fix| fix.starts_with("grant Key Vault Reader on kv-contoso to the auditor")
        ),
        "{gap}"
    );
    let (snapshot, calls) = seen(estate(), |call| {
        vault_path(call)?.ends_with("/versions").then(|| {
            Reply::json(
                200,
                &json!({"value": [
                    {"id": format!("{HOST}/secrets/{NAME}/{VERSION}"), "attributes": {"enabled": true}}],
                    "nextLink": format!("{HOST}/secrets/{NAME}/versions/elsewhere/at/all?a=1")}),
            )
        })
    })
    .await;
    let versions = &entry(&snapshot).versions;
    assert_eq!(versions.items.len(), 1);
    let gap = versions.gap.as_ref().expect("cut short");
    assert_eq!(gap.kind, GapKind::Truncated);
    assert!(gap.seen.contains("leads to another place"), "{gap}");
    assert!(calls.iter().all(|call| !call.path.contains("elsewhere")));
}

#[tokio::test]
async fn a_deleted_entry_is_asked_for_only_where_there_is_none() {
    let deleted = |answer: fn() -> Reply| async move {
        let (snapshot, calls) = seen(estate(), move |call| match vault_path(call)? {
            "/secrets/raia-secret" => Some(Reply::error(404, "SecretNotFound")),
            "/deletedsecrets/raia-secret" => Some(answer()),
            _ => None,
        })
        .await;
        assert!(calls.iter().all(|call| !call.path.ends_with("/versions")));
        assert_eq!(raia(&snapshot).entry, Observed::Known(Presence::Absent));
        raia(&snapshot).deleted_entry.clone().expect("asked")
    };
    let Observed::Known(Presence::Present(entry)) = deleted(|| {
        Reply::json(
            200,
            &json!({"recoveryId": "https://kv-contoso.vault.azure.net/deletedsecrets/raia-secret",
                "deletedDate": 1_790_000_000, "scheduledPurgeDate": 1_797_776_000,
                "id": "canary", "attributes": {"enabled": true}, "tags": {"a": "canary"}}),
        )
    })
    .await
    else {
        panic!("it was deleted");
    };
    assert_eq!(
        (
            entry.deleted.map(|date| date.timestamp()),
            entry.scheduled_purge.map(|date| date.timestamp())
        ),
        (Some(1_790_000_000), Some(1_797_776_000))
    );
    assert_eq!(
        deleted(|| Reply::error(404, "SecretNotFound")).await,
        Observed::Known(Presence::Absent)
    );
    let refused = deleted(forbidden).await;
    let remedy = refused.gap().and_then(|gap| gap.remedy.as_deref());
    assert!(
        remedy.is_some_and(|fix| fix.starts_with("grant Key Vault Secrets User on kv-contoso")),
        "{refused:?}"
    );
    // No such code, no authority; and a body that is none of a deleted secret.
    assert!(
        deleted(|| Reply::error(404, "NotFound"))
            .await
            .gap()
            .is_some()
    );
    let odd = deleted(|| Reply::json(200, &json!({"value": "canary"}))).await;
    assert_eq!(odd.gap().map(|gap| gap.kind), Some(GapKind::Malformed));
    let (snapshot, calls) = seen(estate(), |_| None).await;
    assert_eq!(raia(&snapshot).deleted_entry, None);
    assert!(calls.iter().all(|call| !call.path.contains("deleted")));
}

fn bundle() -> Value {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key");
    let certificate = rcgen::CertificateParams::default()
        .self_signed(&key)
        .expect("a certificate");
    json!({
        "id": format!("{HOST}/certificates/{NAME}/{VERSION}"),
        "cer": STANDARD.encode(certificate.der()),
        "attributes": {"enabled": true},
        "policy": {"key_props": {"exportable": true}, "issuer": {"name": "Self"},
            "lifetime_actions": [{"trigger": {"lifetime_percentage": 80},
                "action": {"action_type": "AutoRenew"}}]}
    })
}

#[tokio::test]
async fn a_declared_certificate_brings_its_bundle_and_a_secret_none() {
    let body = bundle();
    let answer = move |call: &Call| {
        (vault_path(call)? == "/certificates/raia-secret").then(|| Reply::json(200, &body))
    };
    let (snapshot, calls) = seen(certificate_estate(), answer.clone()).await;
    let Some(Observed::Known(certificate)) = &entry(&snapshot).certificate else {
        panic!("{:?}", entry(&snapshot).certificate);
    };
    assert_eq!(certificate.version.as_deref(), Some(VERSION));
    assert!(certificate.facts.known().is_some());
    // One challenge serves both clients of the SDK.
    let challenged = calls
        .iter()
        .filter(|call| call.host.contains("vault") && call.token.is_none());
    assert_eq!(challenged.count(), 1);
    let (snapshot, calls) = seen(estate(), answer).await;
    assert_eq!(entry(&snapshot).certificate, None);
    assert!(calls.iter().all(|call| !call.path.contains("certificates")));
}

#[tokio::test]
async fn a_pfx_kept_as_a_plain_secret_has_no_bundle_and_a_refused_one_is_a_gap() {
    let with = |reply: fn() -> Reply| async move {
        let (snapshot, _) = seen(certificate_estate(), move |call| {
            vault_path(call)?.starts_with("/certificates/").then(reply)
        })
        .await;
        entry(&snapshot).certificate.clone()
    };
    assert_eq!(
        with(|| Reply::error(404, "CertificateNotFound")).await,
        None
    );
    let gap = |certificate: Option<Observed<_>>| -> Gap {
        match certificate {
            Some(Observed::Unknown(gap)) => gap,
            Some(Observed::Known(_)) | None => panic!("it is no answer"),
        }
    };
    let refused = gap(with(forbidden).await);
    assert_eq!(refused.kind, GapKind::Denied);
    let words = "grant Key Vault Certificate User or Key Vault Reader on kv-contoso to the auditor";
    assert!(
        refused
            .remedy
            .as_deref()
            .is_some_and(|fix| fix.starts_with(words)),
        "{refused}"
    );
    for odd in [
        || Reply::error(404, "NotFound"),
        || Reply::json(200, &json!(["canary"])),
        || Reply {
            status: 200,
            headers: Vec::new(),
            body: b"canary".to_vec(),
        },
    ] {
        gap(with(odd).await);
    }
}

/// The registration's directory entry with this certificate among its credentials.
fn with_key(url: &str, bundle: &Value) -> Value {
    let mut object = object(url);
    if object.get("keyCredentials").is_some_and(Value::is_array)
        && !url.starts_with("/servicePrincipals")
    {
        object["keyCredentials"] = json!([{"keyId": "k9", "type": "AsymmetricX509Cert",
            "usage": "Verify", "endDateTime": "2030-01-01T00:00:00Z", "key": bundle["cer"]}]);
    }
    object
}

/// Key Vault Reader: everything but values.
#[tokio::test]
async fn with_reader_alone_everything_but_the_proof_is_known() {
    let body = bundle();
    let (snapshot, _) = seen(certificate_estate(), move |call| {
        if call.path == "/v1.0/$batch" {
            return Some(with_objects(call, |url| with_key(url, &body)));
        }
        match vault_path(call)? {
            "/secrets/raia-secret" => Some(forbidden()),
            "/certificates/raia-secret" => Some(Reply::json(200, &body)),
            _ => None,
        }
    })
    .await;
    let Observed::Known(Presence::Present(application)) = &raia(&snapshot).application else {
        panic!("{:?}", raia(&snapshot).application);
    };
    let matched: Vec<&str> = application
        .credentials
        .known()
        .expect("credentials")
        .iter()
        .filter(|credential| credential.matches_stored == Observed::Known(true))
        .map(|credential| credential.key_id.as_str())
        .collect();
    assert_eq!(matched, ["k9"], "by its public part");
    let told = entry(&snapshot);
    assert_eq!(told.enabled, Observed::Known(true));
    let attributes = told.attributes.known().expect("from the list");
    assert_eq!(
        attributes.recovery_level.as_deref(),
        Some("Recoverable+Purgeable")
    );
    assert!(attributes.expires.is_some());
    assert_eq!(told.versions.whole().map(<[_]>::len), Ok(1));
    let Some(Observed::Known(certificate)) = &told.certificate else {
        panic!("{:?}", told.certificate);
    };
    assert!(certificate.facts.known().is_some());
    let policy = certificate.policy.known().expect("a policy");
    assert_eq!(policy.issuer, Observed::Known("Self".into()));
    let gap = told.content.gap().expect("the value is refused");
    assert_eq!(gap.kind, GapKind::Denied);
    assert!(
        gap.remedy
            .as_deref()
            .is_some_and(|fix| fix.starts_with("grant Key Vault Secrets User")),
        "{gap}"
    );
    let token = raia(&snapshot).tokens[0].answer.gap().expect("no proof");
    assert_eq!(token.kind, GapKind::NotReached);
    let missing = token.missing.as_ref().expect("the right that is missing");
    assert_eq!(missing.role, "Key Vault Secrets User");
}

/// Neither values nor the list: the certificate itself still says that the entry is there.
#[tokio::test]
async fn a_certificate_stands_for_its_secret_where_nothing_else_may_be_read() {
    let body = bundle();
    let (snapshot, _) = seen(certificate_estate(), move |call| match vault_path(call)? {
        "/certificates/raia-secret" => Some(Reply::json(200, &body)),
        path if path.starts_with("/secrets") => Some(forbidden()),
        _ => None,
    })
    .await;
    let told = entry(&snapshot);
    assert_eq!(told.enabled, Observed::Known(true));
    assert!(told.attributes.gap().is_some() && told.versions.gap.is_some());
    assert!(matches!(told.certificate, Some(Observed::Known(_))));
}
