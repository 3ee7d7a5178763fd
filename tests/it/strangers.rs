//! Application users that the estate does not name: whose they are is asked of the tenant's directory.

use credaudit::inside::GapKind;

use crate::tenant::{Audited, Tenant};

/// In no table of Microsoft's, and in every organisation.
const ADVISOR: &str = "c9299480-c13a-49db-a7ae-cdfe54fe0313";
const OF_MICROSOFT: [&str; 2] = [
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    "72f988bf-86f1-41af-91ab-2d7cd011db47",
];

fn push(list: &mut toml::Value, text: &str) {
    let table: toml::Table = text.parse().unwrap();
    list.as_array_mut().unwrap().push(table.into());
}

/// An application of this owner is an application user of production and development.
fn with_user_of(owner: &str) -> Tenant {
    let mut tenant = Tenant::tidy();
    let principals = tenant.scenario.entry("principals");
    push(
        principals.or_insert_with(|| toml::Value::Array(Vec::new())),
        &format!(
            "name = \"PowerApps-Advisor\"\ntenant = \"contoso\"\nclient-id = \"{ADVISOR}\"\nowner-tenant = \"{owner}\""
        ),
    );
    for environment in ["prod", "dev"] {
        push(
            &mut tenant.scenario["environments"][environment]["users"],
            "application = \"PowerApps-Advisor\"",
        );
    }
    tenant
}

fn looks(audited: &Audited) -> usize {
    let asked = |path: &str| path.contains(ADVISOR) && path.contains("appOwnerOrganizationId");
    let requests = audited.requests.iter();
    requests
        .filter(|request| asked(&request.path_and_query))
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_belongs_to_microsoft_is_microsofts() {
    for owner in OF_MICROSOFT {
        let audited = with_user_of(owner).audit().await;
        let findings = &audited.assessment.findings;
        assert_eq!(audited.roots(), [].into(), "{findings:#?}");
        assert_eq!(audited.assessment.unknowns, [], "{:#?}", audited.gaps());
        assert_eq!(audited.assessment.verdict.exit_code, 0);
        assert_eq!(looks(&audited), 1, "one look, however many environments");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_belongs_to_anybody_else_is_found() {
    let audited = with_user_of("11111111-2222-4333-8444-555555555555")
        .audit()
        .await;
    assert_eq!(audited.roots(), ["unknown-application-user"].into());
    let findings = &audited.assessment.findings;
    assert_eq!(findings.len(), 2, "{findings:#?}");
    assert!(
        findings[0].seen.letters().contains("another organisation"),
        "{}",
        findings[0].seen
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_look_leaves_open_whose_it_is_and_nothing_else() {
    let mut tenant = with_user_of(OF_MICROSOFT[0]);
    tenant.fault(&format!(
        "service = \"graph\"\npath-contains = \"{ADVISOR}\"\nstatus = 403"
    ));
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), [].into());
    let unknowns = &audited.assessment.unknowns;
    assert_eq!(unknowns.len(), 2, "{unknowns:#?}");
    for open in unknowns {
        assert_eq!(open.check, "unknown-application-user");
        assert!(open.resource.path().ends_with(ADVISOR), "{open:?}");
        assert_ne!(open.kind, GapKind::NotReached, "{open:?}");
    }
    assert_eq!(audited.assessment.verdict.exit_code, 11);
}
