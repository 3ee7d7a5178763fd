//! Exit 0 means it, against the pretend tenant: what cannot sign in as stored, lesser failed steps, lists.

use credaudit::inside::Severity;

use crate::tenant::{Audited, Tenant};

fn at(threshold: Severity) -> Option<String> {
    Some(format!("version = 1\nfail-on = \"{threshold}\"\n"))
}

fn line(audited: &Audited) -> String {
    let report = audited.report();
    report.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_certificate_at_all_ends_with_10_at_every_threshold() {
    for threshold in [Severity::High, Severity::Critical] {
        let mut tenant = Tenant::tidy();
        tenant.policy = at(threshold);
        let credential: toml::Table = "certificate = \"crm-prod/erp-bridge-secret\""
            .parse()
            .unwrap();
        let registration = tenant.registration("erp-bridge");
        registration.insert("credential".into(), credential.into());
        let audited = tenant.audit().await;
        let worst = &audited.assessment.findings[0];
        assert_eq!(worst.check, "vault-entry-malformed");
        assert_eq!(worst.severity, Severity::Critical);
        assert_eq!(audited.assessment.verdict.exit_code, 10, "{threshold}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_failed_with_less_than_the_threshold_leaves_the_run_incomplete() {
    let mut tenant = Tenant::tidy();
    tenant.policy = at(Severity::Critical);
    tenant.user("prod", "erp-bridge").remove("roles");
    let environment = tenant.scenario["environments"]["prod"].as_table_mut();
    let environment = environment.expect("an environment");
    environment.insert("who-am-i-needs-a-role".into(), true.into());
    let audited = tenant.audit().await;
    let verdict = &audited.assessment.verdict;
    assert_eq!((verdict.exit_code, verdict.failing), (11, 0));
    assert!(audited.assessment.coverage.behind_and_open > 0);
    let line = line(&audited);
    assert!(line.contains("no findings at or above critical"), "{line}");
    assert!(
        line.contains("skipped because an earlier step failed"),
        "{line}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_leads_elsewhere_is_named_and_incomplete_though_nothing_hangs_on_it() {
    let mut tenant = Tenant::tidy();
    tenant.policy = Some("version = 1\n[checks.ownerless-registration]\nenabled = false\n".into());
    tenant.fault("path-contains = \"/owners\"\nshape = \"next-link-elsewhere\"\n");
    let audited = tenant.audit().await;
    let assessment = &audited.assessment;
    assert_eq!(assessment.unknowns, [], "no question hangs on it");
    assert_eq!(assessment.verdict.exit_code, 11);
    let line = line(&audited);
    assert!(line.contains("incomplete lists (owners of "), "{line}");
}
