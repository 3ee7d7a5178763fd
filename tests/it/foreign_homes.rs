//! Registrations that the estate could not tell of: of another tenant, of a legacy service principal, without
//! expectations, pinned to one version.

use std::collections::BTreeSet;

use credaudit::inside::Severity;
use credaudit::inside::{CredentialEnd, RegistrationView, RungState};
use toml::{Table, Value};

use crate::tenant::{Audited, Tenant};

const VENDOR: &str = "2f6b3a10-6d1c-4a0e-9d0b-5d1f0c9e0192";
const HOME: &str = "0a1b2c3d-6d1c-4a0e-9d0b-5d1f0c9e0001";

fn push(list: &mut Value, text: &str) {
    let table: Table = text.parse().expect("TOML");
    list.as_array_mut().expect("a list").push(table.into());
}

/// The tidy tenant with a vendor's application that signs in by its service principal here; `kind` are
/// lines of the scenario, `said` of the estate.
fn vendor(kind: &str, ends_in_days: i64, said: &str) -> Tenant {
    let mut tenant = Tenant::tidy();
    let principals = tenant.scenario.entry("principals");
    push(
        principals.or_insert_with(|| Value::Array(Vec::new())),
        &format!(
            "name = \"vendor-sync\"\ntenant = \"contoso\"\nclient-id = \"{VENDOR}\"\n{kind}\n\
             secrets = [{{ label = \"vendor-sync\", started-days-ago = 60, ends-in-days = {ends_in_days}, used-days-ago = 1 }}]"
        ),
    );
    push(
        &mut tenant.scenario["vaults"]["kv-contoso-crm-prod"]["secrets"],
        &format!(
            "name = \"vendor-sync-secret\"\nholds = \"vendor-sync\"\ncreated-days-ago = 60\nexpires-in-days = {ends_in_days}"
        ),
    );
    push(
        &mut tenant.scenario["environments"]["prod"]["users"],
        "application = \"vendor-sync\"\nroles = [\"ERP Bridge\"]",
    );
    push(
        &mut tenant.estate["registrations"],
        &format!(
            "name = \"vendor-sync\"\nenvironment = \"prod\"\nclient-id = \"{VENDOR}\"\nowner = \"erp-platform@contoso.com\"\n\
             credential = {{ secret = \"crm-prod/vendor-sync-secret\" }}\n{said}\n\
             [dataverse]\nbusiness-unit = \"contoso\"\nroles = [\"ERP Bridge\"]\nallow = {{ read = [\"account\"] }}\ndeny = {{ read = [\"incident\"] }}"
        ),
    );
    tenant
}

fn unknown<'a>(audited: &'a Audited, name: &str) -> BTreeSet<&'a str> {
    let whole = format!("registration/{name}");
    let items = audited.assessment.unknowns.iter();
    items
        .filter(|item| item.resource.path().starts_with(&whole))
        .map(|item| item.check.as_str())
        .collect()
}

fn view<'a>(audited: &'a Audited, name: &str) -> &'a RegistrationView {
    let mut views = audited.assessment.registrations.iter();
    views.find(|view| view.name == name).expect("a view")
}

fn of_another_tenant() -> String {
    format!("owner-tenant = \"{HOME}\"")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_of_another_tenant_says_whose_it_is_and_leaves_nothing_open() {
    // Not said: its application was not read, and the remedy names the setting.
    let audited = vendor(&of_another_tenant(), 100, "").audit().await;
    assert!(!audited.roots().contains("registration-missing"));
    let items = &audited.assessment.unknowns;
    let about = items
        .iter()
        .find(|item| item.resource.path().starts_with("registration/vendor-sync"))
        .expect("its application was not read");
    let remedy = about.remedy.as_ref().map_or("", |one| one.letters());
    assert!(remedy.contains("home-tenant"), "{remedy}");

    let said = format!("home-tenant = \"{HOME}\"");
    let audited = vendor(&of_another_tenant(), 100, &said).audit().await;
    assert_eq!(audited.roots(), BTreeSet::new());
    assert_eq!(unknown(&audited, "vendor-sync"), BTreeSet::new());
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:?}",
        audited.gaps()
    );
    assert!(view(&audited, "vendor-sync").is_proven());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_of_a_service_principal_without_registration_is_judged() {
    let said = format!("home-tenant = \"{HOME}\"");
    for (kind, said) in [
        ("type = \"Legacy\"".to_owned(), ""),
        (of_another_tenant(), said.as_str()),
    ] {
        let audited = vendor(&kind, 100, said).audit().await;
        assert_eq!(audited.roots(), BTreeSet::new(), "{kind}");
        assert_eq!(unknown(&audited, "vendor-sync"), BTreeSet::new(), "{kind}");

        let audited = vendor(&kind, 3, said).audit().await;
        let roots = audited.roots();
        assert!(roots.contains("credential-expiring"), "{kind}: {roots:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_without_expectations_is_judged_for_what_it_is() {
    let mut tenant = Tenant::tidy();
    tenant.registration("marketing-events").remove("dataverse");
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), BTreeSet::new());
    assert_eq!(unknown(&audited, "marketing-events"), BTreeSet::new());
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:?}",
        audited.gaps()
    );
    let view = view(&audited, "marketing-events");
    assert!(view.is_proven());
    let whoami = view
        .rungs
        .iter()
        .find(|step| step.name.as_str() == "whoami");
    assert_eq!(whoami.expect("a step").state, RungState::Proven);
}

/// The same where its environment has Finance & Operations alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_expectations_and_dataverse_finance_and_operations_shows_that_it_signs_in() {
    let mut tenant = Tenant::tidy();
    let environment = tenant.estate["environments"]["test"]
        .as_table_mut()
        .unwrap();
    environment.remove("dataverse");
    environment.remove("organization-id");
    let registrations = tenant.estate["registrations"].as_array_mut().unwrap();
    registrations.retain(|one| {
        let is = |key: &str, value: &str| one[key].as_str() == Some(value);
        !is("environment", "test") || is("name", "erp-bridge-test")
    });
    let bridge = tenant.registration("erp-bridge-test");
    bridge.remove("dataverse");
    bridge.remove("finops");
    let audited = tenant.audit().await;
    assert_eq!(
        unknown(&audited, "erp-bridge-test"),
        BTreeSet::new(),
        "{:?}",
        audited.gaps()
    );
    assert!(view(&audited, "erp-bridge-test").is_proven());
}

/// `marketing-events` with a second secret, stored as the current version of its entry.
fn rotated(old_ends_in_days: i64) -> Tenant {
    let mut tenant = Tenant::tidy();
    let secrets = &mut tenant.application("marketing-events")["secrets"];
    *secrets = Value::Array(Vec::new());
    push(
        secrets,
        &format!(
            "label = \"old-one\"\nstarted-days-ago = 80\nends-in-days = {old_ends_in_days}\nused-days-ago = 1"
        ),
    );
    push(
        secrets,
        "label = \"new-one\"\nstarted-days-ago = 5\nends-in-days = 100\nused-days-ago = 1",
    );
    let stored = tenant.stored("kv-contoso-crm-prod", "marketing-events-secret");
    stored.insert("holds".into(), "new-one".into());
    stored.insert("created-days-ago".into(), 5.into());
    stored.insert("expires-in-days".into(), 100.into());
    let older = "holds = \"old-one\"\ncreated-days-ago = 80\nexpires-in-days = 60";
    stored.insert("older".into(), Value::Array(Vec::new()));
    push(&mut stored["older"], older);
    tenant
}

/// Pins the integration to the version before the current one.
async fn pinned(mut tenant: Tenant) -> Tenant {
    let audited = tenant.audit().await;
    let evidence = &audited.snapshot.registrations["marketing-events"];
    let entry = evidence.entry.known().and_then(|entry| entry.present());
    let versions = &entry.expect("an entry").versions.items;
    assert_eq!(versions.len(), 2);
    let credential: Table = format!(
        "secret = \"crm-prod/marketing-events-secret\"\nversion = \"{}\"",
        versions[1].version
    )
    .parse()
    .unwrap();
    tenant
        .registration("marketing-events")
        .insert("credential".into(), credential.into());
    tenant
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pinned_version_is_read_proven_and_told_to_be_superseded() {
    let tenant = pinned(rotated(30)).await;
    let audited = tenant.audit().await;
    let view = view(&audited, "marketing-events");
    assert!(view.is_proven());
    match &view.ends {
        CredentialEnd::On { days_left, .. } => assert!((29..=30).contains(days_left)),
        other => panic!("{other:?}"),
    }
    let roots = audited.roots();
    assert!(roots.contains("vault-version-superseded"), "{roots:?}");
    assert!(!roots.contains("vault-old-version-enabled"), "{roots:?}");
    assert_eq!(unknown(&audited, "marketing-events"), BTreeSet::new());

    // The one it is pinned to is over, whatever the current version holds.
    let tenant = pinned(rotated(-20)).await;
    let audited = tenant.audit().await;
    assert_eq!(audited.assessment.verdict.exit_code, 10);
    let refused = audited.assessment.findings.iter().any(|finding| {
        finding.registrations == ["marketing-events"] && finding.severity == Severity::Critical
    });
    assert!(refused, "{:?}", audited.roots());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_version_that_is_enabled_and_dead_is_told() {
    let under_way = rotated(30).audit().await;
    assert!(!under_way.roots().contains("vault-old-version-enabled"));
    let audited = rotated(-20).audit().await;
    let finding = audited
        .assessment
        .findings
        .iter()
        .find(|finding| finding.check == "vault-old-version-enabled")
        .expect("a dead value in an enabled version");
    assert_eq!(
        finding.resource,
        "vault-entry/crm-prod/marketing-events-secret".into()
    );
    let mut lines = finding
        .commands
        .iter()
        .filter_map(|step| step.run.as_deref());
    assert!(
        lines.any(|line| line.contains("--vault-name kv-contoso-crm-prod")),
        "{:?}",
        finding.commands
    );
}
