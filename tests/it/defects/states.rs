//! States that are no defect, or more than one: each form of a certificate, each state of a rotation, odd input.

use std::sync::Arc;

use credaudit::inside::{RegistrationView, RotationState, RungState, StoredMatch};
use credaudit::inside::{assess, plan};
use toml::Value;

use super::lifecycle::{another_secret, in_plain_secret, in_vault, with_certificate};
use super::{APP, ENTRY, VAULT, parsed};
use crate::tenant::{Audited, Tenant};

fn view(audited: &Audited) -> &RegistrationView {
    let views = &audited.assessment.registrations;
    views.iter().find(|view| view.name == APP).unwrap()
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
        .find(|rung| rung.name.as_str() == "token")
        .unwrap();
    assert!(token.note.letters().contains("RS256"), "{token:?}");
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
        .map(|day| {
            Value::from(parsed(&format!(
                "created-days-ago = {}\nenabled = false",
                61 + day
            )))
        })
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_never_proven_is_never_called_proven() {
    let mut tenant = Tenant::tidy();
    tenant
        .registration(APP)
        .insert("prove".into(), "never".into());
    let audited = tenant.audit().await;
    assert_eq!(audited.assessment.findings, []);
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:#?}",
        audited.gaps()
    );
    assert_eq!(audited.assessment.coverage.proven, 11);
    let told: Vec<_> = view(&audited).rungs.iter().map(|rung| rung.state).collect();
    assert!(
        told[1..]
            .iter()
            .all(|state| *state == RungState::NotApplicable),
        "{told:?}"
    );
    let client = tenant.application(APP)["client-id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        audited
            .requests
            .iter()
            .all(|request| request.client_id_of_token.as_deref() != Some(&client))
    );
}

/// Whether the audit signed in as the registration.
fn signed_in(tenant: &mut Tenant, audited: &Audited) -> bool {
    let client = tenant.application(APP)["client-id"]
        .as_str()
        .unwrap()
        .to_owned();
    let is_its =
        |one: &credaudit::inside::LoggedRequest| one.client_id_of_token.as_ref() == Some(&client);
    audited.requests.iter().any(is_its)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_is_repeated_until_something_changes() {
    let mut tenant = Tenant::tidy();
    tenant
        .registration(APP)
        .insert("prove".into(), "on-change".into());
    let first = assert_tidy(clone(&tenant)).await;
    assert!(signed_in(&mut tenant, &first));
    assert_eq!(view(&first).proven_on, None);
    tenant.previous = Some(Arc::new(first.snapshot));
    let second = assert_tidy(clone(&tenant)).await;
    assert!(!signed_in(&mut tenant, &second));
    assert!(view(&second).proven_on.is_some());
    // The proof of yesterday says nothing of a user that is disabled today.
    tenant
        .user("prod", APP)
        .insert("disabled".into(), true.into());
    let third = tenant.audit().await;
    assert!(signed_in(&mut tenant, &third));
    assert_eq!(third.roots(), ["application-user-disabled"].into());
}

fn clone(tenant: &Tenant) -> Tenant {
    Tenant {
        scenario: tenant.scenario.clone(),
        estate: tenant.estate.clone(),
        probe_writes: false,
        policy: tenant.policy.clone(),
        previous: tenant.previous.clone(),
        now: tenant.now,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_that_no_report_has_seen_make_nobody_idle() {
    let mut tenant = Tenant::tidy();
    tenant.registration(APP).remove("consumers");
    another_secret(
        &mut tenant,
        "label = \"old\"\nstarted-days-ago = 90\nends-in-days = 100\nused-days-ago = 1",
    );
    let audited = tenant.audit().await;
    let plan = plan(&credaudit::inside::baseline()).unwrap();
    for days in [0, 40, 95] {
        let later = audited.snapshot.started + chrono::TimeDelta::days(days);
        let assessment = assess(&plan, &audited.snapshot, Some(later));
        let views = &assessment.registrations;
        let credentials = views.iter().flat_map(|view| &view.credentials);
        let removable: Vec<_> = credentials.filter(|one| one.safe_to_remove).collect();
        assert!(removable.is_empty(), "{days}: {removable:#?}");
        let unused = |check: &str| check == "unused-credential";
        assert!(
            !assessment
                .findings
                .iter()
                .any(|finding| unused(&finding.check)),
            "{days}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_two_registrations_name_is_not_written_over() {
    let mut tenant = Tenant::tidy();
    let credential = parsed("secret = \"crm-prod/marketing-events-secret\"");
    tenant
        .registration(APP)
        .insert("credential".into(), credential.into());
    let audited = tenant.audit().await;
    let steps = &view(&audited).rotation.steps;
    assert!(steps.iter().all(|step| step.run.is_none()), "{steps:#?}");
    assert!(
        steps[0].say.letters().contains("marketing-events"),
        "{steps:#?}"
    );
    let finding = &audited.assessment.findings[0];
    assert_eq!(finding.check, "vault-value-not-live");
    assert!(
        finding.seen.letters().contains("same entry"),
        "{finding:#?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_long_for_a_secret_is_never_sent() {
    let mut tenant = Tenant::tidy();
    tenant
        .stored(VAULT, ENTRY)
        .insert("shape".into(), "huge".into());
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), ["vault-entry-malformed"].into());
    assert!(!signed_in(&mut tenant, &audited));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_certificate_for_two_registrations_is_a_shared_secret() {
    let mut tenant = Tenant::tidy();
    with_certificate(&mut tenant);
    let key = parsed(
        "label = \"erp-bridge-key\"\nshared = true\nstarted-days-ago = 60\nends-in-days = 110\nused-days-ago = 1",
    );
    let other = tenant.application("marketing-events");
    other.remove("secrets");
    other.insert("certificates".into(), vec![Value::from(key)].into());
    let credential = parsed("certificate = \"crm-prod/erp-bridge\"");
    let registration = tenant.registration("marketing-events");
    registration.insert("credential".into(), credential.into());
    let secrets = tenant.vault(VAULT)["secrets"].as_array_mut().unwrap();
    secrets.retain(|secret| secret["name"].as_str() != Some("marketing-events-secret"));
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), ["secret-shared"].into());
    assert_eq!(
        audited.assessment.findings.len(),
        1,
        "{:#?}",
        audited.assessment.findings
    );
    assert_eq!(audited.assessment.coverage.proven, 12);
}
