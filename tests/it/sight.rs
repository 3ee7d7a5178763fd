//! An auditor that reads one business unit only: its lists are short and look whole.

use std::collections::BTreeSet;

use crate::tenant::{Audited, Tenant};

/// The auditor of production reads so far, from a unit beneath the root.
fn audited_by(depth: &str) -> Tenant {
    let mut tenant = Tenant::tidy();
    let role = tenant.role("prod", "Credential Auditor");
    role.insert("depth".into(), depth.into());
    let auditor = tenant.user("prod", "credaudit");
    auditor.insert("business-unit".into(), "Contoso Marketing".into());
    tenant
}

/// Checks that could not be judged of production or of this registration.
fn unknown<'a>(audited: &'a Audited, of: &str) -> BTreeSet<&'a str> {
    let items = audited.assessment.unknowns.iter();
    items
        .filter(|item| item.resource.path().contains(of))
        .map(|item| item.check.as_str())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_its_lists_nothing_is_concluded_by_absence() {
    let audited = audited_by("business-unit").audit().await;
    let of_it = unknown(&audited, "registration/marketing-events");
    for check in ["administrator-role", "unexpected-role"] {
        assert!(of_it.contains(check), "{check}: {of_it:?}");
    }
    let abroad = unknown(&audited, "registration/erp-bridge-dev");
    assert!(abroad.contains("foreign-application-user"), "{abroad:?}");
    let environment = unknown(&audited, "environment/prod");
    assert!(
        environment.contains("unknown-application-user"),
        "{environment:?}"
    );
    // What is missing is named, once.
    let grants = &audited.assessment.grants;
    let prod: Vec<_> = grants
        .iter()
        .filter(|item| item.scope == "environment prod")
        .collect();
    assert_eq!(prod.len(), 1, "{grants:?}");
    assert!(prod[0].role.contains("organisation-level read"));
}

/// An administrator by a team of the root, which such an auditor is not shown, tells of itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_is_not_shown_it_may_still_be_told() {
    let mut tenant = audited_by("business-unit");
    let user = tenant.user("prod", "marketing-events");
    user.insert("teams".into(), vec!["Admins"].into());
    let teams = tenant.scenario["environments"]["prod"]["teams"].as_array_mut();
    let team: toml::Table = "name = \"Admins\"\nroles = [\"System Administrator\"]"
        .parse()
        .unwrap();
    teams.unwrap().push(team.into());
    assert!(tenant.audit().await.roots().contains("administrator-role"));
}

/// Where it reads everything, the same auditor's lists are whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_organisation_depth_they_prove_what_they_do_not_name() {
    let audited = audited_by("organization").audit().await;
    assert_eq!(audited.roots(), BTreeSet::new(), "{:?}", audited.roots());
    assert!(
        audited.assessment.unknowns.is_empty(),
        "{:?}",
        audited.assessment.unknowns
    );
}
