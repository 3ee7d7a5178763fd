//! What a vault entry is opened with, and what is taken out of it, end to end: a certificate's password that
//! stands in another entry, a client id in a field.

use credaudit::inside::GapItem;
use toml::{Table, Value};

use crate::tenant::{Audited, Tenant};

const APP: &str = "erp-bridge";
const VAULT: &str = "kv-contoso-crm-prod";

fn push(list: &mut Value, text: &str) {
    let table: Table = text.parse().expect("TOML");
    list.as_array_mut().expect("a list").push(table.into());
}

fn proven(audited: &Audited) -> bool {
    let mut views = audited.assessment.registrations.iter();
    views
        .find(|view| view.name == APP)
        .expect("a view")
        .is_proven()
}

/// The registration signs in with a certificate that lies in a secret as PKCS#12, under a password; another
/// entry holds the secret of this label.
fn behind_a_password(holds: &str, declared: &str) -> Tenant {
    let mut tenant = Tenant::tidy();
    let application = tenant.application(APP);
    application.insert("certificates".into(), Value::Array(Vec::new()));
    push(
        &mut application["certificates"],
        "label = \"erp-bridge-key\"\nstarted-days-ago = 60\nends-in-days = 110\nused-days-ago = 1",
    );
    application.insert("secrets".into(), Value::Array(Vec::new()));
    // No secret of the registration: only its value is used, as the file's password.
    for label in ["erp-bridge-key", "other"] {
        push(
            &mut application["secrets"],
            &format!(
                "label = \"{label}\"\nstarted-days-ago = 60\nends-in-days = 110\nremoved = true"
            ),
        );
    }
    let secrets = &mut tenant.vault(VAULT)["secrets"];
    let kept = secrets.as_array_mut().expect("a list");
    kept.retain(|one| one["name"].as_str() != Some("erp-bridge-secret"));
    push(
        secrets,
        "name = \"erp-bridge\"\nholds-certificate = \"erp-bridge-key\"\nshape = \"pfx-password\"\ncreated-days-ago = 60\nexpires-in-days = 110",
    );
    push(
        secrets,
        &format!(
            "name = \"erp-bridge-password\"\nholds = \"{holds}\"\ncreated-days-ago = 60\nexpires-in-days = 110"
        ),
    );
    let credential: Table = declared.parse().expect("TOML");
    tenant
        .registration(APP)
        .insert("credential".into(), credential.into());
    tenant
}

const WITH_PASSWORD: &str = "certificate = \"crm-prod/erp-bridge\"\npassword = { secret = \"crm-prod/erp-bridge-password\" }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_opened_with_the_password_that_stands_in_another_entry() {
    let audited = behind_a_password("erp-bridge-key", WITH_PASSWORD)
        .audit()
        .await;
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:?} {:?}",
        audited.roots(),
        audited.gaps()
    );
    assert!(proven(&audited));
    let asked = |name: &str| {
        let path = format!("/secrets/{name}");
        let mut requests = audited.requests.iter();
        requests.any(|request| request.path_and_query.contains(&path))
    };
    assert!(asked("erp-bridge-password"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_right_password_nothing_is_proven_and_nothing_is_clean() {
    let absent = WITH_PASSWORD.replace("erp-bridge-password", "nowhere");
    for (holds, declared) in [
        ("erp-bridge-key", "certificate = \"crm-prod/erp-bridge\""),
        ("other", WITH_PASSWORD),
        ("erp-bridge-key", absent.as_str()),
    ] {
        let audited = behind_a_password(holds, declared).audit().await;
        let verdict = &audited.assessment.verdict;
        assert_ne!(verdict.exit_code, 0, "{holds}: {declared}");
        assert!(!proven(&audited), "{holds}: {declared}");
        let report = audited.report();
        assert!(report.contains("password"), "{report}");
        assert!(!report.contains("CANARY"), "{report}");
    }
    // A password that may not be read proves nothing about the certificate.
    let mut tenant = behind_a_password("erp-bridge-key", WITH_PASSWORD);
    tenant.fault(
        "path-contains = \"/secrets/erp-bridge-password\"\nstatus = 500\nbody = \"{}\"\nheaders = { content-type = \"application/json\" }",
    );
    let audited = tenant.audit().await;
    assert_eq!(audited.assessment.verdict.exit_code, 11);
    assert!(!proven(&audited));
}

/// Id and secret lie in one entry, as JSON.
fn both_in_one(client_id: &str) -> Tenant {
    let mut tenant = Tenant::tidy();
    tenant
        .stored(VAULT, "erp-bridge-secret")
        .insert("shape".into(), "json".into());
    let lines: Table = format!(
        "client-id = {client_id}\ncredential = {{ secret = \"crm-prod/erp-bridge-secret\", field = \"clientSecret\" }}"
    )
    .parse()
    .expect("TOML");
    let registration = tenant.registration(APP);
    registration.extend(lines);
    tenant
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_id_is_taken_from_the_field_that_the_estate_names() {
    let entry = "secret = \"crm-prod/erp-bridge-secret\"";
    let named = both_in_one(&format!("{{ {entry}, field = \"clientId\" }}"));
    let audited = named.audit().await;
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:?} {:?}",
        audited.roots(),
        audited.gaps()
    );
    assert!(proven(&audited));

    // Not named, of another field, of none: not known, and what stands there is not shown.
    for client_id in [
        format!("{{ {entry} }}"),
        format!("{{ {entry}, field = \"clientSecret\" }}"),
        format!("{{ {entry}, field = \"dataverse.clientId\" }}"),
    ] {
        let audited = both_in_one(&client_id).audit().await;
        assert_eq!(audited.assessment.verdict.exit_code, 11, "{client_id}");
        let gaps = &audited.assessment.gaps;
        let seen = |gap: &&GapItem| gap.seen.letters().contains("holds no client id");
        let remedies = gaps
            .iter()
            .filter(seen)
            .filter_map(|gap| gap.remedy.as_ref().map(|one| one.letters()));
        assert!(
            remedies.clone().any(|remedy| remedy.contains("field = ")),
            "{client_id}: {gaps:#?}"
        );
        assert!(!audited.report().contains("CANARY"), "{client_id}");
    }

    // Deeper: the path's names are joined by points.
    let mut tenant = both_in_one("{ secret = \"crm-prod/ids\", field = \"dataverse.clientId\" }");
    let id = tenant.application(APP)["client-id"].as_str().expect("text");
    let text = serde_json::json!({ "dataverse": { "clientId": id } }).to_string();
    let stored: Table = format!("name = \"ids\"\ntext = {}", Value::from(text))
        .parse()
        .expect("TOML");
    let secrets = tenant.vault(VAULT)["secrets"]
        .as_array_mut()
        .expect("a list");
    secrets.push(stored.into());
    let audited = tenant.audit().await;
    assert!(proven(&audited), "{:?}", audited.gaps());
}
