//! Days on which an audit sees only half: it says so, judges what it saw, and nothing from silence.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use credaudit::inside::Cloud;
use credaudit::inside::GapKind;

use crate::binary;
use crate::tenant::{Audited, Tenant};

/// Nothing failed, every question is accounted for, and so many stay open.
fn judged(audited: &Audited, exit_code: u8, unknown: usize, proven: usize) {
    let assessment = &audited.assessment;
    let gaps = audited.gaps();
    assert_eq!(assessment.findings, [], "{gaps:#?}");
    assert_eq!(assessment.verdict.exit_code, exit_code, "{gaps:#?}");
    assert_eq!(assessment.verdict.incomplete, exit_code == 11, "{gaps:#?}");
    let coverage = &assessment.coverage;
    assert_eq!((coverage.unknown, coverage.proven), (unknown, proven));
    let told = coverage.passed + coverage.unknown + coverage.not_applicable;
    assert_eq!((told, coverage.failed), (coverage.asked, 0));
}

/// What could be read is judged: only these registrations have open questions, the rest of a vault only
/// the one question for which every entry must be known, and of an environment that was not read only
/// who else is let in there, and what the auditor holds there.
fn open_only_for(audited: &Audited, names: &[&str]) {
    let stray: Vec<_> = audited
        .assessment
        .unknowns
        .iter()
        .filter(|unknown| unknown.check != "secret-shared" && unknown.counts)
        // A right of the whole tenant, Directory.Read.All: it can be high, so that it counts.
        .filter(|unknown| unknown.check != "unneeded-delegated-permission")
        .filter(|unknown| {
            let mut parts = unknown.resource.path().split('/');
            let elsewhere = unknown.check == "foreign-application-user"
                || matches!(parts.clone().next(), Some("environment" | "auditor"));
            if elsewhere {
                return false;
            }
            let about = match (parts.next(), parts.next(), parts.next()) {
                (Some("registration"), Some(name), _) => name,
                (Some("vault-entry"), Some(_), Some(entry)) => {
                    entry.strip_suffix("-secret").unwrap_or(entry)
                }
                _ => "",
            };
            !names.contains(&about)
        })
        .collect();
    assert!(stray.is_empty(), "{stray:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_permitted() {
    let audited = Tenant::named("half-permitted").audit().await;
    judged(&audited, 11, 234, 6);
    open_only_for(
        &audited,
        &[
            "document-archive",
            "erp-bridge-dev",
            "erp-bridge-test",
            "marketing-events-test",
            "raia-contact-sync-dev",
            "raia-contact-sync-test",
            "release-pipeline-test",
        ],
    );
    let owners = audited
        .assessment
        .unknowns
        .iter()
        .find(|unknown| unknown.check == "ownerless-registration");
    assert!(owners.is_some_and(|owners| owners.kind == GapKind::Denied));
    insta::assert_snapshot!("half-permitted", audited.report());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn throttled_and_recovered() {
    let begun = Instant::now();
    let audited = Tenant::named("throttled").audit().await;
    judged(&audited, 0, 0, 12);
    assert!(begun.elapsed() < Duration::from_secs(30));
    let refused: BTreeSet<&str> = audited
        .requests
        .iter()
        .filter(|request| request.status == 429)
        .map(|request| request.host.as_str())
        .collect();
    assert_eq!(
        refused,
        [
            "contoso.api.crm4.dynamics.com",
            "contoso.operations.dynamics.com",
            "graph.microsoft.com",
            "kv-contoso-crm-prod.vault.azure.net",
            "login.microsoftonline.com",
        ]
        .into()
    );
    insta::assert_snapshot!("throttled", audited.report());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken() {
    let audited = Tenant::named("broken").audit().await;
    judged(&audited, 11, 264, 5);
    open_only_for(
        &audited,
        &[
            "erp-bridge-dev",
            "erp-bridge-test",
            "marketing-events",
            "marketing-events-test",
            "power-bi-extract",
            "raia-contact-sync-dev",
            "raia-contact-sync-test",
            "release-pipeline-test",
        ],
    );
    let kinds: BTreeSet<GapKind> = audited.assessment.gaps.iter().map(|gap| gap.kind).collect();
    for kind in [
        GapKind::Malformed,
        GapKind::Truncated,
        GapKind::Unreachable,
        GapKind::Unrecognised,
    ] {
        assert!(kinds.contains(&kind), "{kind}");
    }
    insta::assert_snapshot!("broken", audited.report());
}

#[test]
fn the_binary_shows_each_of_them() {
    for (scenario, code) in [("half-permitted", 11), ("throttled", 0), ("broken", 11)] {
        let output = binary::run(&["demo", "--scenario", scenario, "--exit-code"]);
        assert_eq!(binary::code(&output), code, "{}", binary::stderr(&output));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn throttled_to_the_end() {
    let mut tenant = Tenant::tidy();
    tenant.fault("status = 429\nheaders = { retry-after = \"1\" }\nbody = \"Too Many Requests\"");
    let begun = Instant::now();
    let audited = tenant.audit_within(Duration::from_secs(3)).await;
    assert!(begun.elapsed() < Duration::from_secs(10));
    let assessment = &audited.assessment;
    assert_eq!(assessment.findings, []);
    assert_eq!(assessment.verdict.exit_code, 11);
    assert_eq!(assessment.coverage.proven, 0);
    let kinds: BTreeSet<GapKind> = assessment.gaps.iter().map(|gap| gap.kind).collect();
    let expected = [GapKind::Throttled, GapKind::TimedOut, GapKind::NotReached];
    assert!(kinds.is_subset(&expected.into()), "{:#?}", audited.gaps());
    assert!(kinds.contains(&GapKind::Throttled) || kinds.contains(&GapKind::TimedOut));
}

/// Every host of a run ends as its cloud's hosts end, and the tenant is as tidy as in the public cloud.
async fn is_tidy_in(cloud: Cloud) {
    let audited = Tenant::tidy_in(cloud).audit().await;
    assert_eq!(audited.assessment.findings, [], "{:#?}", audited.gaps());
    assert_eq!(audited.assessment.unknowns, [], "{:#?}", audited.gaps());
    assert_eq!(audited.assessment.coverage.proven, 12);
    let hosts = cloud.hosts();
    let mut kinds = BTreeSet::new();
    for request in &audited.requests {
        let host = request.host.as_str();
        let kind = if host == hosts.login {
            "login"
        } else if host == hosts.graph {
            "graph"
        } else if cloud.is_vault_host(host) {
            "vault"
        } else if cloud.is_dataverse_host(host) {
            "dataverse"
        } else if cloud.is_finops_host(host) {
            "finops"
        } else {
            host
        };
        kinds.insert(kind);
    }
    let mut expected: BTreeSet<&str> = ["dataverse", "graph", "login", "vault"].into();
    if !hosts.finops.is_empty() {
        expected.insert("finops");
    }
    assert_eq!(kinds, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn us_government() {
    is_tidy_in(Cloud::UsGovernment).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn us_dod() {
    is_tidy_in(Cloud::UsDod).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn china() {
    is_tidy_in(Cloud::China).await;
}
