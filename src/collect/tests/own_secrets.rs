//! The auditor's own registration, as it sees it in Graph.

use serde_json::json;

use super::cloud::{Call, Cloud, Reply};
use super::directory::{batch, is_batch};
use super::graph::run;
use super::tenant::{AUDITOR, CLIENT, estate, object, tidy};
use crate::collect::collect;
use crate::evidence::Snapshot;
use crate::model::{Observed, Presence};

/// The auditor's evidence by scope, of a run in which its own key credential has this certificate.
async fn signed_in_with_certificate(der: Vec<u8>, pem: &str) -> Snapshot {
    use base64::Engine;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("auditor.pem");
    #[expect(clippy::disallowed_methods, reason = "a test's fixture")]
    std::fs::write(&path, pem).expect("a file");
    let key = base64::engine::general_purpose::STANDARD.encode(der);
    let cloud = Cloud::start(move |call: &Call| {
        if call.body.contains(&format!("client_id={AUDITOR}")) {
            let scope = url::form_urlencoded::parse(call.body.as_bytes())
                .find(|(name, _)| name == "scope")
                .map(|(_, value)| value.into_owned())
                .expect("a scope");
            let audience = scope.trim_end_matches("/.default");
            let token = super::tenant::token(audience, AUDITOR);
            let body = json!({"token_type": "Bearer", "expires_in": 3599, "access_token": token});
            return Reply::json(200, &body);
        }
        if !is_batch(call) {
            return tidy(call);
        }
        batch(call, |url| {
            let mut body = object(url);
            if body.get("keyCredentials").is_some() && url.contains(AUDITOR) {
                body["keyCredentials"] = json!([{"keyId": "c1", "key": key,
                    "endDateTime": "2029-01-01T00:00:00Z"}]);
            }
            Some(json!({"status": 200, "body": body}))
        })
    })
    .await;
    let mut estate = estate();
    let auditor = estate.auditor.clone();
    let prod = estate.environments.get_mut("prod").expect("prod");
    prod.auditor = Some(auditor);
    let mut options = cloud.options();
    options.environment.client_secret = None;
    options.environment.certificate_path = Some(path);
    collect(&estate, None, &options).await
}

#[tokio::test]
async fn the_auditor_knows_the_certificate_it_signs_in_with() {
    let made = || {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key");
        let certificate = rcgen::CertificateParams::default()
            .self_signed(&pair)
            .expect("a certificate");
        let pem = format!("{}{}", pair.serialize_pem(), certificate.pem());
        (certificate.der().to_vec(), pem)
    };
    let ((der, pem), (other, _)) = (made(), made());
    for (der, same) in [(der, true), (other, false)] {
        let snapshot = signed_in_with_certificate(der, &pem).await;
        // An environment's own auditor is looked up beside the tenant's.
        for scope in ["contoso", "environment/prod"] {
            let own = snapshot.auditors[scope].registration.as_ref().expect(scope);
            let Observed::Known(Presence::Present(application)) = &own.application else {
                panic!("{scope}: {:?}", own.application);
            };
            let credentials = application.credentials.known().expect("credentials");
            let key = credentials
                .iter()
                .find(|one| one.key_id == "c1")
                .expect("a key");
            assert_eq!(key.matches_stored, Observed::Known(same), "{scope}");
            let certificate = key.certificate.as_ref().expect("a certificate");
            assert!(certificate.facts.known().is_some());
        }
    }
}

#[tokio::test]
async fn the_auditor_sees_its_own_registration_and_which_secret_it_uses() {
    let snapshot = run(|url| {
        if !url.contains(AUDITOR) || !url.starts_with("/applications") || url.contains(")/") {
            return None;
        }
        let mut body = object(url);
        body["id"] = json!("app-of-the-auditor");
        body["passwordCredentials"] = json!([
            {"keyId": "k1", "hint": "can", "endDateTime": "2027-01-01T00:00:00Z"},
            {"keyId": "k2", "hint": "xyz", "endDateTime": "2028-01-01T00:00:00Z"}]);
        Some(json!({"status": 200, "body": body}))
    })
    .await;
    let auditor = &snapshot.auditors["contoso"];
    let identity = auditor.signed_in.known().expect("signed in");
    assert_eq!(identity.user, Observed::Known(false));
    let own = auditor.registration.as_ref().expect("a registration");
    let Observed::Known(Presence::Present(application)) = &own.application else {
        panic!("{:?}", own.application);
    };
    assert_eq!(application.object_id, "app-of-the-auditor");
    let matches: Vec<_> = application
        .credentials
        .known()
        .expect("credentials")
        .iter()
        .map(|one| one.matches_stored.known().copied())
        .collect();
    assert_eq!(matches, [Some(true), Some(false)]);
    let Observed::Known(Presence::Present(principal)) = &own.service_principal else {
        panic!("{:?}", own.service_principal);
    };
    assert_eq!(principal.granted.whole().map(<[_]>::len), Ok(2));
    assert_eq!(
        snapshot.directories["contoso"].applications_read, 1,
        "its own is not audited"
    );
    assert!(application.federated.gap.is_none());
    assert!(
        !snapshot.registrations["raia"]
            .application
            .known()
            .is_none_or(Presence::is_absent)
    );
    assert_eq!(
        CLIENT,
        snapshot.registrations["raia"]
            .client_id
            .known()
            .expect("known")
    );
}
