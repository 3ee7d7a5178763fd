//! Registrations for which nothing is stored: managed identities, and those that trust another issuer.

use std::collections::BTreeSet;

use credaudit::inside::{RegistrationView, RungState};
use toml::{Table, Value};

use crate::tenant::{Audited, Tenant};

const ORDERS: &str = "2f6b3a10-6d1c-4a0e-9d0b-5d1f0c9e0191";

fn push(list: &mut Value, text: &str) {
    let table: Table = text.parse().expect("TOML");
    list.as_array_mut().expect("a list").push(table.into());
}

/// The tidy tenant with a Logic App that works in production under its managed identity.
fn with_managed_identity() -> Tenant {
    let mut tenant = Tenant::tidy();
    let principals = tenant.scenario.entry("principals");
    push(
        principals.or_insert_with(|| Value::Array(Vec::new())),
        &format!(
            "name = \"logic-app-orders\"\ntenant = \"contoso\"\nclient-id = \"{ORDERS}\"\ntype = \"ManagedIdentity\"\nsigned-in-days-ago = 1"
        ),
    );
    let users = &mut tenant.scenario["environments"]["prod"]["users"];
    push(
        users,
        "application = \"logic-app-orders\"\nroles = [\"ERP Bridge\"]",
    );
    tenant
}

fn listed(tenant: &mut Tenant) {
    push(
        &mut tenant.estate["registrations"],
        &format!(
            "name = \"logic-app-orders\"\nenvironment = \"prod\"\nclient-id = \"{ORDERS}\"\nowner = \"erp-platform@contoso.com\"\ncredential = \"none\"\n\
             [dataverse]\nbusiness-unit = \"contoso\"\nroles = [\"ERP Bridge\"]\nallow = {{ read = [\"account\"] }}\ndeny = {{ read = [\"incident\"], delete = [\"account\"] }}"
        ),
    );
}

fn view<'a>(audited: &'a Audited, name: &str) -> &'a RegistrationView {
    let mut views = audited.assessment.registrations.iter();
    views.find(|view| view.name == name).expect("a view")
}

fn unknown<'a>(audited: &'a Audited, name: &str) -> Vec<&'a str> {
    let whole = format!("registration/{name}");
    let items = audited.assessment.unknowns.iter();
    items
        .filter(|item| item.resource.path().starts_with(&whole))
        .map(|item| item.check.as_str())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_managed_identity_that_the_estate_lists_is_judged_and_leaves_nothing_open() {
    let stranger = with_managed_identity().audit().await;
    assert!(stranger.roots().contains("unknown-application-user"));

    let mut tenant = with_managed_identity();
    listed(&mut tenant);
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), BTreeSet::new());
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:?}",
        audited.gaps()
    );
    assert!(!audited.assessment.verdict.incomplete);
    // Counted where the verdict line takes it from.
    assert_eq!(stranger.assessment.coverage.cannot_be_proven, 0);
    assert_eq!(audited.assessment.coverage.cannot_be_proven, 1);
    let steps = &view(&audited, "logic-app-orders").rungs;
    for step in steps {
        assert_eq!(step.state, RungState::NotApplicable, "{step:?}");
    }
    assert_eq!(steps[1].note, "cannot be proven".into());
    // Nobody signed in as it.
    let own = audited.requests.iter().filter(|request| {
        request.host.starts_with("login.") && request.client_id_of_token.as_deref() == Some(ORDERS)
    });
    assert_eq!(own.count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_it_is_found_all_the_same() {
    type Spoil = fn(&mut Tenant);
    let spoils: [(Spoil, &str); 4] = [
        (
            |tenant| {
                drop(
                    tenant
                        .user("prod", "logic-app-orders")
                        .insert("disabled".into(), true.into()),
                )
            },
            "application-user-disabled",
        ),
        (
            |tenant| {
                let roles: Value = vec!["ERP Bridge", "System Administrator"].into();
                tenant
                    .user("prod", "logic-app-orders")
                    .insert("roles".into(), roles);
            },
            "administrator-role",
        ),
        (
            |tenant| {
                let roles = Value::Array(Vec::new());
                tenant
                    .user("prod", "logic-app-orders")
                    .insert("roles".into(), roles);
            },
            "application-user-without-roles",
        ),
        (
            |tenant| {
                tenant.registration("logic-app-orders")["dataverse"]
                    .as_table_mut()
                    .unwrap()
                    .insert("business-unit".into(), "Contoso Marketing".into());
            },
            "wrong-business-unit",
        ),
    ];
    for (spoil, check) in spoils {
        let mut tenant = with_managed_identity();
        listed(&mut tenant);
        spoil(&mut tenant);
        let audited = tenant.audit().await;
        assert!(
            audited.roots().contains(check),
            "{check}: {:?}",
            audited.roots()
        );
    }
}

/// `marketing-events` signs in with a token of its pipeline: nothing is stored, and nothing stands in Entra.
fn federated() -> Tenant {
    let mut tenant = Tenant::tidy();
    tenant
        .registration("marketing-events")
        .insert("credential".into(), "federated".into());
    let secrets = tenant.scenario["vaults"]["kv-contoso-crm-prod"]["secrets"]
        .as_array_mut()
        .unwrap();
    secrets.retain(|secret| secret["name"].as_str() != Some("marketing-events-secret"));
    let application = tenant.application("marketing-events");
    application.insert("secrets".into(), Value::Array(Vec::new()));
    let trusted: Table = "name = \"pipeline\"\nissuer = \"https://token.actions.githubusercontent.com\"\nsubject = \"repo:contoso/events:environment:production\""
        .parse()
        .unwrap();
    application.insert("federated".into(), Value::Array(vec![trusted.into()]));
    tenant
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_federated_registration_is_judged_by_what_it_trusts() {
    let audited = federated().audit().await;
    assert_eq!(audited.roots(), BTreeSet::new());
    assert_eq!(unknown(&audited, "marketing-events"), [""; 0]);
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:?}",
        audited.gaps()
    );

    let mut broad = federated();
    broad.application("marketing-events")["federated"][0]
        .as_table_mut()
        .unwrap()
        .insert("subject".into(), "repo:contoso/events:pull_request".into());
    let audited = broad.audit().await;
    assert!(
        audited.roots().contains("federated-credential-too-broad"),
        "{:?}",
        audited.roots()
    );

    let mut gone = federated();
    let application = gone.application("marketing-events");
    application.insert("service-principal".into(), false.into());
    let audited = gone.audit().await;
    assert!(
        audited.roots().contains("service-principal-missing"),
        "{:?}",
        audited.roots()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_secret_beside_it_is_one_too_many() {
    let mut tenant = Tenant::tidy();
    tenant
        .registration("marketing-events")
        .insert("credential".into(), "federated".into());
    let audited = tenant.audit().await;
    let finding = audited
        .assessment
        .findings
        .iter()
        .find(|finding| finding.check == "too-many-live-credentials")
        .expect("a live secret that the estate does not know of");
    assert!(
        finding
            .seen
            .letters()
            .contains("credential = \"federated\""),
        "{}",
        finding.seen
    );
    assert!(
        finding.seen.letters().contains("one is valid"),
        "{}",
        finding.seen
    );
    assert_eq!(finding.resource.path(), "registration/marketing-events");
}
