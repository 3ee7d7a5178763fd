//! Each state of a credential's life, planted alone: certificates, rotations, what nobody lists.

use credaudit::model::assessment::{RegistrationView, RotationState, StoredMatch};
use toml::Value;

use super::{APP, ENTRY, VAULT, parsed};
use crate::tenant::{Audited, Tenant};

/// The registration signs in with a Key Vault certificate instead of its secret.
fn with_certificate(tenant: &mut Tenant) {
    let key = parsed(
        "label = \"erp-bridge-key\"\nstarted-days-ago = 60\nends-in-days = 110\nused-days-ago = 1",
    );
    let application = tenant.application(APP);
    application.remove("secrets");
    application.insert("certificates".into(), vec![Value::from(key)].into());
    let stored = parsed(
        "name = \"erp-bridge\"\nholds = \"erp-bridge-key\"\ncreated-days-ago = 60\nexpires-in-days = 110",
    );
    let vault = tenant.vault(VAULT);
    vault["certificates"]
        .as_array_mut()
        .unwrap()
        .push(stored.into());
    let secrets = vault["secrets"].as_array_mut().unwrap();
    secrets.retain(|secret| secret["name"].as_str() != Some(ENTRY));
    let credential = parsed("certificate = \"crm-prod/erp-bridge\"");
    tenant
        .registration(APP)
        .insert("credential".into(), credential.into());
}

fn certificate(tenant: &mut Tenant) -> &mut toml::Table {
    tenant.application(APP)["certificates"][0]
        .as_table_mut()
        .unwrap()
}

fn in_vault(tenant: &mut Tenant) -> &mut toml::Table {
    let certificates = tenant.vault(VAULT)["certificates"].as_array_mut().unwrap();
    certificates
        .iter_mut()
        .filter_map(Value::as_table_mut)
        .find(|one| one["name"].as_str() == Some("erp-bridge"))
        .unwrap()
}

/// A plain secret holds the certificate, in one of the shapes of a file.
fn in_plain_secret(tenant: &mut Tenant, shape: &str) {
    with_certificate(tenant);
    let vault = tenant.vault(VAULT);
    let certificates = vault["certificates"].as_array_mut().unwrap();
    certificates.retain(|one| one["name"].as_str() != Some("erp-bridge"));
    let stored = parsed(&format!(
        "name = \"erp-bridge\"\nholds-certificate = \"erp-bridge-key\"\nshape = \"{shape}\"\ncreated-days-ago = 60\nexpires-in-days = 110"
    ));
    vault["secrets"].as_array_mut().unwrap().push(stored.into());
}

/// A second secret, beside the stored one.
fn another_secret(tenant: &mut Tenant, text: &str) {
    let secrets = tenant.application(APP)["secrets"].as_array_mut().unwrap();
    secrets.push(parsed(text).into());
}

fn view(audited: &Audited) -> &RegistrationView {
    let views = &audited.assessment.registrations;
    views.iter().find(|view| view.name == APP).unwrap()
}

super::defects! {
    certificate_expired: "credential-expired" => ["token-refused"], |tenant| {
        with_certificate(&mut tenant);
        certificate(&mut tenant).insert("ends-in-days".into(), (-3).into());
        in_vault(&mut tenant).insert("expires-in-days".into(), (-3).into());
    }
    certificate_expiring: "credential-expiring" => [], |tenant| {
        with_certificate(&mut tenant);
        certificate(&mut tenant).insert("ends-in-days".into(), 10.into());
        in_vault(&mut tenant).insert("expires-in-days".into(), 10.into());
    }
    certificate_signed_with_sha1: "weak-certificate" => [], |tenant| {
        with_certificate(&mut tenant);
        certificate(&mut tenant).insert("digest".into(), "sha1".into());
    }
    certificate_without_renewal: "certificate-without-auto-renewal" => [], |tenant| {
        with_certificate(&mut tenant);
        in_vault(&mut tenant).insert("auto-renew".into(), false.into());
    }
    certificate_of_another: "vault-value-not-live" => ["token-refused"], |tenant| {
        with_certificate(&mut tenant);
        let old = parsed("label = \"erp-bridge-lost\"\nstarted-days-ago = 60\nends-in-days = 110\nremoved = true");
        tenant.application(APP)["certificates"].as_array_mut().unwrap().push(old.into());
        in_vault(&mut tenant).insert("holds".into(), "erp-bridge-lost".into());
    }
    file_behind_a_password: "vault-entry-malformed" => [], |tenant| {
        in_plain_secret(&mut tenant, "pfx-password");
    }
    key_on_a_curve: "vault-entry-malformed" => [], |tenant| {
        in_plain_secret(&mut tenant, "ec");
    }
    certificate_declared_as_secret: "vault-entry-malformed" => [], |tenant| {
        with_certificate(&mut tenant);
        let credential = parsed("secret = \"crm-prod/erp-bridge\"");
        tenant.registration(APP).insert("credential".into(), credential.into());
    }
    old_one_never_removed: "rotation-unfinished" => [], |tenant| {
        another_secret(&mut tenant, "label = \"old\"\nstarted-days-ago = 90\nends-in-days = 80\nused-days-ago = 61");
    }
    new_one_never_stored: "rotation-unfinished" => [], |tenant| {
        another_secret(&mut tenant, "label = \"new\"\nstarted-days-ago = 30\nends-in-days = 140");
    }
    not_touched_for_long: "rotation-overdue" => [], |tenant| {
        tenant.stored(VAULT, ENTRY).insert("created-days-ago".into(), 200.into());
    }
    three_alive: "too-many-live-credentials" => [], |tenant| {
        tenant.secret(APP).insert("started-days-ago".into(), 2.into());
        another_secret(&mut tenant, "label = \"second\"\nstarted-days-ago = 4\nends-in-days = 110\nused-days-ago = 1");
        another_secret(&mut tenant, "label = \"third\"\nstarted-days-ago = 6\nends-in-days = 110\nused-days-ago = 1");
    }
    nobody_signs_in: "unused-credential" => [], |tenant| {
        tenant.secret(APP).insert("started-days-ago".into(), 110.into());
        tenant.secret(APP).insert("ends-in-days".into(), 65.into());
        tenant.secret(APP).insert("used-days-ago".into(), 100.into());
        tenant.stored(VAULT, ENTRY).insert("expires-in-days".into(), 65.into());
    }
    left_on_the_principal: "expired-credential-left-behind" => [], |tenant| {
        another_secret(&mut tenant, "label = \"old\"\nstarted-days-ago = 100\nends-in-days = -5\non-service-principal = true");
    }
    entry_deleted: "vault-entry-disabled" => [], |tenant| {
        let vault = tenant.vault(VAULT);
        let secrets = vault["secrets"].as_array_mut().unwrap();
        secrets.retain(|secret| secret["name"].as_str() != Some(ENTRY));
        let gone = parsed("name = \"erp-bridge-secret\"\ndeleted-days-ago = 3\npurge-in-days = 87");
        vault.insert("deleted".into(), vec![Value::from(gone)].into());
    }
    vault_can_be_purged: "vault-entry-purgeable" => [], |tenant| {
        tenant.vault(VAULT).insert("purgeable".into(), true.into());
    }
    saml_lapses: "saml-certificate-expiring" => [], |tenant| {
        let saml = parsed("saml = { notified = [], thumbprint-of = \"erp-bridge-saml\" }");
        tenant.application(APP).insert("principal".into(), saml.into());
        let key = parsed("label = \"erp-bridge-saml\"\nusage = \"Sign\"\non-service-principal = true\nstarted-days-ago = 1000\nends-in-days = 9");
        tenant.application(APP).insert("certificates".into(), vec![Value::from(key)].into());
    }
    any_repository: "federated-credential-too-broad" => [], |tenant| {
        let federated = parsed("name = \"any\"\nissuer = \"https://token.actions.githubusercontent.com\"\nsubject = \"repo:contoso/*\"");
        tenant.application(APP).insert("federated".into(), vec![Value::from(federated)].into());
    }
    issuer_of_somebody_else: "federated-credential-too-broad" => [], |tenant| {
        let federated = parsed("name = \"odd\"\nissuer = \"https://tokens.evil.example\"\nsubject = \"anyone\"");
        tenant.application(APP).insert("federated".into(), vec![Value::from(federated)].into());
    }
    no_app_policy: "app-management-policy-missing" => [], |tenant| {
        let policy = parsed("default = { enabled = false }");
        let contoso = tenant.scenario["tenants"]["contoso"].as_table_mut().unwrap();
        contoso.insert("app-management".into(), policy.into());
    }
    lax_policy_of_its_own: "app-management-policy-missing" => [], |tenant| {
        let contoso = tenant.scenario["tenants"]["contoso"].as_table_mut().unwrap();
        let policy = contoso["app-management"].as_table_mut().unwrap();
        let custom = parsed("name = \"Old vendor\"\nenabled = true\npassword-max-days = 730\nkey-max-days = 730\napplies-to = [\"erp-bridge\"]");
        policy.insert("custom".into(), vec![Value::from(custom)].into());
    }
    auditor_lapses: "auditor-credential-expiring" => [], |tenant| {
        tenant.secret("credaudit").insert("ends-in-days".into(), 5.into());
    }
    nobody_listed_it: "unlisted-registration" => [], |tenant| {
        tenant.estate.entry("auditor").or_insert_with(|| Value::Table(Default::default()))
            .as_table_mut().unwrap().insert("scope".into(), "tenant".into());
        let portal = tenant.application("intranet-portal");
        let asks = parsed("resource = \"Dynamics CRM\"\nname = \"user_impersonation\"");
        portal.insert("permissions".into(), vec![Value::from(asks)].into());
    }
}

/// Nothing is wrong with it, and everything is proven.
async fn assert_tidy(tenant: Tenant) -> Audited {
    let audited = tenant.audit().await;
    assert_eq!(audited.assessment.findings, []);
    assert_eq!(audited.assessment.unknowns, [], "{:#?}", audited.gaps());
    assert_eq!(audited.assessment.coverage.proven, 12);
    audited
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_in_any_form_is_proven() {
    let mut tenant = Tenant::tidy();
    with_certificate(&mut tenant);
    let audited = assert_tidy(tenant).await;
    assert_eq!(view(&audited).credentials[0].stored, StoredMatch::Proven);
    for shape in ["pfx-base64", "pem", "pfx-chain"] {
        let mut tenant = Tenant::tidy();
        in_plain_secret(&mut tenant, shape);
        assert_tidy(tenant).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_older_assertion_is_tried_and_told() {
    let mut tenant = Tenant::tidy();
    with_certificate(&mut tenant);
    let token = parsed("only-rs256 = true");
    tenant.application(APP).insert("token".into(), token.into());
    let audited = assert_tidy(tenant).await;
    let token = view(&audited)
        .rungs
        .iter()
        .find(|rung| rung.name == "token")
        .unwrap();
    assert!(token.note.contains("RS256"), "{token:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_cannot_leave_the_vault_proves_nothing() {
    let mut tenant = Tenant::tidy();
    with_certificate(&mut tenant);
    in_vault(&mut tenant).insert("exportable".into(), false.into());
    let audited = tenant.audit().await;
    assert_eq!(audited.assessment.findings, []);
    assert_eq!(audited.assessment.verdict.exit_code, 11);
    let said = audited.gaps().join("\n");
    assert!(said.contains("not exportable"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_state_of_a_rotation_is_told() {
    type Plant = fn(&mut Tenant);
    let states: [(RotationState, Plant); 6] = [
        (RotationState::Fresh, |_| {}),
        (RotationState::Due, |tenant| {
            tenant.secret(APP).insert("ends-in-days".into(), 20.into());
        }),
        (RotationState::Overlap, |tenant| {
            another_secret(
                tenant,
                "label = \"old\"\nstarted-days-ago = 90\nends-in-days = 80\nused-days-ago = 61",
            );
        }),
        (RotationState::HalfDone, |tenant| {
            another_secret(
                tenant,
                "label = \"new\"\nstarted-days-ago = 3\nends-in-days = 140",
            );
        }),
        (RotationState::Overdue, |tenant| {
            tenant
                .stored(VAULT, ENTRY)
                .insert("created-days-ago".into(), 200.into());
        }),
        (RotationState::Broken, |tenant| {
            tenant
                .secret(APP)
                .insert("ends-in-days".into(), (-3).into());
        }),
    ];
    for (state, plant) in states {
        let mut tenant = Tenant::tidy();
        plant(&mut tenant);
        let audited = tenant.audit().await;
        let view = view(&audited);
        assert_eq!(view.rotation.state, state, "{:#?}", view.rotation);
        let steps = view.rotation.steps.len();
        assert_eq!(
            steps == 0,
            state == RotationState::Fresh,
            "{:#?}",
            view.rotation
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_an_idle_one_that_nobody_holds_is_safe_to_remove() {
    let old = |used: i64| {
        format!("label = \"old\"\nstarted-days-ago = 90\nends-in-days = 80\nused-days-ago = {used}")
    };
    for (used, held, safe) in [(61, false, true), (3, false, false), (61, true, false)] {
        let mut tenant = Tenant::tidy();
        another_secret(&mut tenant, &old(used));
        if held {
            let vendor = parsed("name = \"A vendor\"\ncontact = \"it@vendor.example\"");
            let consumers = vec![Value::from(vendor)];
            tenant
                .registration(APP)
                .insert("consumers".into(), consumers.into());
        } else {
            tenant.registration(APP).remove("consumers");
        }
        let audited = tenant.audit().await;
        let removable: Vec<_> = view(&audited)
            .credentials
            .iter()
            .filter(|credential| credential.safe_to_remove)
            .collect();
        assert_eq!(
            removable.len(),
            usize::from(safe),
            "{used} {held}: {removable:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_that_begin_alike_or_without_a_hint_cannot_be_told_apart() {
    let mut tenant = Tenant::tidy();
    tenant
        .secret(APP)
        .insert("hint-missing".into(), true.into());
    another_secret(
        &mut tenant,
        "label = \"other\"\nstarted-days-ago = 60\nends-in-days = 100\nhint-missing = true\nused-days-ago = 1",
    );
    let audited = tenant.audit().await;
    for credential in &view(&audited).credentials {
        assert_eq!(
            credential.stored,
            StoredMatch::CannotTell,
            "{credential:#?}"
        );
        assert!(!credential.safe_to_remove);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_full_of_signs_is_sent_as_it_is() {
    let mut tenant = Tenant::tidy();
    tenant
        .secret(APP)
        .insert("value-style".into(), "tricky".into());
    assert_tidy(tenant).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_versions_are_read() {
    let mut tenant = Tenant::tidy();
    let older: Vec<Value> = (0..300)
        .map(|day| Value::from(parsed(&format!("created-days-ago = {}", 61 + day))))
        .collect();
    tenant
        .stored(VAULT, ENTRY)
        .insert("older".into(), older.into());
    let audited = assert_tidy(tenant).await;
    let entry = &audited.snapshot.registrations[APP].entry;
    let entry = entry.known().and_then(|entry| entry.present()).unwrap();
    assert_eq!(entry.versions.items.len(), 301);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_too_little_where_the_policy_says_so() {
    let mut tenant = Tenant::tidy();
    tenant.policy = Some("version = 1\nextends = \"baseline\"\n[checks.secret-where-certificate-expected]\nexpect = \"certificate\"\ntiers = [\"production\"]\n".to_owned());
    let audited = tenant.audit().await;
    assert_eq!(
        audited.roots(),
        ["secret-where-certificate-expected"].into()
    );
    assert_eq!(audited.assessment.findings.len(), 6);
}

#[test]
fn odd_dates_of_graph_are_read() {
    // Seven digits of a second, and another time zone.
    let mut tenant = Tenant::tidy();
    let graph = parsed("odd-dates = true");
    tenant.scenario.insert("graph".into(), graph.into());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        assert_tidy(tenant).await;
    });
}
