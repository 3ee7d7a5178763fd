//! Answers that go wrong: each becomes a gap that says so, the rest goes on, and nothing is judged from it.

use std::time::{Duration, Instant};

use credaudit::inside::GapKind;
use toml::{Table, Value};

use crate::tenant::{Audited, Tenant};

const VAULT: &str = "kv-contoso-crm-prod";

fn gap_kinds(audited: &Audited) -> Vec<GapKind> {
    audited.assessment.gaps.iter().map(|gap| gap.kind).collect()
}

/// Everything the run says, in one text.
fn everything(audited: &Audited) -> String {
    serde_json::to_string(&audited.assessment).unwrap()
        + &serde_json::to_string(&audited.snapshot).unwrap()
}

fn assert_incomplete_and_silent(audited: &Audited, why: &str) {
    let findings = &audited.assessment.findings;
    assert_eq!(
        audited.assessment.verdict.exit_code, 11,
        "{why}: {findings:#?}"
    );
    assert_eq!(findings, &[], "{why}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_that_is_not_there_is_a_gap_and_the_rest_goes_on() {
    let mut tenant = Tenant::tidy();
    tenant.estate["vaults"]["crm-prod"]["url"] = "https://kv-contoso-gone.vault.azure.net".into();
    let begun = Instant::now();
    let audited = tenant.audit().await;
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
    assert_incomplete_and_silent(&audited, "no such vault");
    assert!(
        gap_kinds(&audited).contains(&GapKind::Unreachable),
        "{:?}",
        audited.gaps()
    );
    assert_eq!(audited.assessment.coverage.proven, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_names_the_role_and_the_vault() {
    type Spoil = fn(&mut Table);
    let refusals: [(&str, Spoil); 4] = [
        ("Key Vault Secrets User", |vault| {
            vault.insert("access".into(), Value::Table(Table::new()));
        }),
        ("access policy", |vault| {
            vault.insert("access".into(), Value::Table(Table::new()));
            vault.insert("access-policies".into(), true.into());
        }),
        ("firewall", |vault| {
            vault.insert("refuse".into(), "ForbiddenByFirewall".into());
        }),
        ("private", |vault| {
            vault.insert("refuse".into(), "ForbiddenByConnection".into());
        }),
    ];
    for (words, refuse) in refusals {
        let mut tenant = Tenant::tidy();
        refuse(tenant.vault(VAULT));
        let audited = tenant.audit().await;
        assert_incomplete_and_silent(&audited, words);
        let gaps = &audited.assessment.gaps;
        let told = gaps.iter().any(|gap| {
            gap.kind == GapKind::Denied
                && gap.seen.letters().contains(VAULT)
                && gap
                    .remedy
                    .as_ref()
                    .map_or("", |one| one.letters())
                    .contains(words)
        });
        assert!(told, "{words}: {gaps:#?}");
        assert_eq!(audited.assessment.coverage.proven, 6, "{words}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_list_never_stops_a_read() {
    let mut tenant = Tenant::tidy();
    let access = "access = { credaudit = [\"secrets-get\"] }"
        .parse::<Table>()
        .unwrap();
    tenant.vault(VAULT).extend(access);
    let audited = tenant.audit().await;
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:?}",
        audited.gaps()
    );
    assert_eq!(audited.assessment.coverage.proven, 12);
    let lists = &audited.assessment.coverage.lists;
    assert!(
        lists
            .iter()
            .any(|list| list.name.contains("crm-prod") && list.cut_short.is_some())
    );
}

/// Sixty more registrations, so that applications are listed instead of asked for one by one.
fn crowd(tenant: &mut Tenant) {
    for number in 0..60 {
        let id = format!("00000000-0000-4000-9000-{number:012}");
        let app = format!(
            "name = \"bulk-{number}\"\ntenant = \"contoso\"\nclient-id = \"{id}\"\nowners = [\"anna\"]\nsecrets = [{{ label = \"bulk-{number}\", started-days-ago = 10, ends-in-days = 100 }}]"
        );
        let stored =
            format!("name = \"bulk-{number}\"\nholds = \"bulk-{number}\"\nexpires-in-days = 100");
        let listed = format!(
            "name = \"bulk-{number}\"\nenvironment = \"prod\"\nclient-id = \"{id}\"\nowner = \"anna@contoso.com\"\ncredential = {{ secret = \"crm-prod/bulk-{number}\" }}"
        );
        let add = |list: &mut Value, text: &str| {
            list.as_array_mut()
                .unwrap()
                .push(text.parse::<Table>().unwrap().into());
        };
        add(&mut tenant.scenario["applications"], &app);
        add(&mut tenant.scenario["vaults"][VAULT]["secrets"], &stored);
        add(&mut tenant.estate["registrations"], &listed);
    }
    let graph = "largest-page = 20\npage = 20".parse::<Table>().unwrap();
    tenant.scenario.insert("graph".into(), graph.into());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_fifty_registrations_are_read_page_by_page() {
    let mut tenant = Tenant::tidy();
    crowd(&mut tenant);
    let audited = tenant.audit().await;
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:?}",
        audited.gaps()
    );
    // The sixty have no user in the environment, and the estate expects none: they sign in, and no more.
    assert_eq!(audited.assessment.coverage.proven, 12);
    let read = audited.snapshot.directories["contoso"].applications_read;
    assert_eq!(
        read, 75,
        "twelve of the estate, sixty more, three that are not in it"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_fails_for_good_cuts_the_list_short_and_says_where() {
    let mut tenant = Tenant::tidy();
    crowd(&mut tenant);
    // From the third page on: the first two hold forty.
    tenant.fault(
        "host = \"graph.microsoft.com\"\npath = \"/v1.0/applications?\"\npath-contains = \"skiptoken\"\nstatus = 500\nafter = 1",
    );
    let audited = tenant.audit().await;
    assert_incomplete_and_silent(&audited, "page 3 answers 500");
    let directory = &audited.snapshot.directories["contoso"];
    assert_eq!(directory.applications_read, 40);
    assert_eq!(
        directory.applications_gap.as_ref().unwrap().kind,
        GapKind::Truncated
    );
    let lists = &audited.assessment.coverage.lists;
    assert!(
        lists
            .iter()
            .any(|list| list.read == 40 && list.cut_short.is_some()),
        "{lists:?}"
    );
}

const HOSTS: [&str; 4] = [
    "login.microsoftonline.com",
    "graph.microsoft.com",
    "kv-contoso-crm-prod.vault.azure.net",
    "contoso.api.crm4.dynamics.com",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_not_what_it_should_be_is_never_quoted_and_never_judged() {
    for host in HOSTS {
        for body in [
            "body = \"<html>QUOTEME</html>\"",
            "body = \"QUOTEME\"",
            "body = '[\"QUOTEME\"]'",
            "body = '{\"QUOTEME\": 1}'",
            "body = '{\"value\": \"QUOTEME\", \"access_token\": 7, \"responses\": {\"id\": \"QUOTEME\"}}'",
            "truncate = 20",
        ] {
            let begun = Instant::now();
            let mut tenant = Tenant::tidy();
            tenant.fault(&format!(
                "host = \"{host}\"\nmethod = \"GET\"\nstatus = 200\n{body}"
            ));
            tenant.fault(&format!(
                "host = \"{host}\"\nmethod = \"POST\"\nstatus = 200\n{body}"
            ));
            let audited = tenant.audit().await;
            let why = format!("{host}: {body}");
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "{why}: {:?}",
                begun.elapsed()
            );
            assert!(audited.assessment.verdict.exit_code >= 10, "{why}");
            assert!(audited.assessment.verdict.incomplete, "{why}");
            assert!(!everything(&audited).contains("QUOTEME"), "{why}");
            // Nor is anything concluded from it: a table that is denied is not open by it.
            assert_eq!(audited.roots(), [].into(), "{why}");
        }
    }
}

/// Refusals carry ids and addresses in their text: status, code and length are all that is told of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_text_of_a_refusal_is_never_quoted_either() {
    for host in HOSTS {
        for body in [
            "body = \"<html>QUOTEME</html>\"",
            "body = '{\"error\": {\"code\": \"Forbidden\", \"message\": \"QUOTEME\", \"innererror\": {\"code\": \"ForbiddenByRbac\"}}}'",
            "body = '{\"error\": \"access_denied\", \"error_description\": \"QUOTEME\"}'",
        ] {
            let mut tenant = Tenant::tidy();
            tenant.fault(&format!("host = \"{host}\"\nstatus = 403\n{body}"));
            let audited = tenant.audit().await;
            let why = format!("{host}: {body}");
            assert!(!everything(&audited).contains("QUOTEME"), "{why}");
            assert_incomplete_and_silent(&audited, &why);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_without_end_is_not_read_to_its_end() {
    let mut tenant = Tenant::tidy();
    tenant.fault("path-contains = \"erp-bridge-secret\"\nstatus = 200\nbody-megabytes = 50");
    let audited = tenant.audit().await;
    assert_incomplete_and_silent(&audited, "50 MB");
    assert!(
        gap_kinds(&audited).contains(&GapKind::Malformed),
        "{:?}",
        audited.gaps()
    );
    assert_eq!(audited.assessment.coverage.proven, 11);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_a_redirect_nor_a_next_link_leads_to_another_host() {
    let elsewhere = "https://evil.example/data?api-version=2025-07-01&$skiptoken=x";
    let faults = [
        format!(
            "host = \"{VAULT}.vault.azure.net\"\npath = \"/secrets?\"\nstatus = 200\nbody = '{{\"value\": [], \"nextLink\": \"{elsewhere}\"}}'"
        ),
        format!(
            "path-contains = \"systemusers?\"\nstatus = 200\nheaders = {{ content-type = \"application/json\" }}\nbody = '{{\"@odata.context\": \"https://contoso.crm4.dynamics.com/api/data/v9.2/$metadata#systemusers\", \"value\": [], \"@odata.nextLink\": \"{elsewhere}\"}}'"
        ),
        format!(
            "path-contains = \"WhoAmI\"\nstatus = 302\nheaders = {{ location = \"{elsewhere}\" }}"
        ),
        format!(
            "path-contains = \"/oauth2/v2.0/token\"\nstatus = 307\nheaders = {{ location = \"{elsewhere}\" }}"
        ),
        format!(
            "host = \"{VAULT}.vault.azure.net\"\nstatus = 302\nheaders = {{ location = \"{elsewhere}\" }}"
        ),
    ];
    for fault in faults {
        let mut tenant = Tenant::tidy();
        tenant.fault(&fault);
        let audited = tenant.audit().await;
        assert!(
            audited
                .requests
                .iter()
                .all(|request| !request.host.contains("evil")),
            "{fault}"
        );
        assert!(!audited.assessment.gaps.is_empty(), "{fault}");
        assert_eq!(audited.roots(), [].into(), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vaults_token_does_not_follow_a_next_link_to_another_vault_of_the_estate() {
    let elsewhere = "https://kv-contoso-crm-test.vault.azure.net/secrets?api-version=2025-07-01&$skiptoken=astray";
    let mut tenant = Tenant::tidy();
    tenant.fault(&format!("host = \"{VAULT}.vault.azure.net\"\npath = \"/secrets?\"\nstatus = 200\nbody = '{{\"value\": [], \"nextLink\": \"{elsewhere}\"}}'"));
    let audited = tenant.audit().await;
    let astray = |path: &str| path.contains("astray");
    assert!(
        audited
            .requests
            .iter()
            .all(|request| !astray(&request.path_and_query))
    );
    assert!(audited.snapshot.vaults["crm-prod"].secrets.gap.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_403_that_is_no_privilege_answer_proves_nothing() {
    for answer in [
        "status = 403\nbody = '{\"error\": {\"code\": \"0x80095ffe\", \"message\": \"blocked\"}}'",
        "status = 403\nbody = '{\"error\": {\"code\": \"0x80048306\", \"message\": \"no\"}}'",
        "status = 403\nbody = '{\"error\": {\"code\": \"0x8FFFFFFF\", \"message\": \"no\"}}'",
        "status = 403\nbody = \"<html>a proxy</html>\"",
        "status = 403",
        "status = 429\nheaders = { retry-after = \"0\" }",
    ] {
        let mut tenant = Tenant::tidy();
        tenant.fault(&format!(
            "host = \"contoso.api.crm4.dynamics.com\"\npath-contains = \"top=1\"\n{answer}"
        ));
        let audited = tenant.audit().await;
        assert_incomplete_and_silent(&audited, answer);
        let open = audited
            .assessment
            .unknowns
            .iter()
            .filter(|unknown| unknown.check == "forbidden-access-granted")
            .count();
        assert!(open > 0, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conditional_access_proves_nothing_about_the_credential() {
    for code in [53003, 53011, 530_032] {
        let mut tenant = Tenant::tidy();
        let refuse = format!("refuse = {code}").parse::<Table>().unwrap();
        tenant
            .application("erp-bridge")
            .insert("token".into(), refuse.into());
        let audited = tenant.audit().await;
        assert_incomplete_and_silent(&audited, "Conditional Access");
        assert!(everything(&audited).contains(&format!("AADSTS{code}")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_nobody_has_verified_leaves_the_verdict_to_the_list() {
    let mut tenant = Tenant::tidy();
    let prod = tenant.scenario["environments"]["prod"]
        .as_table_mut()
        .unwrap();
    prod.insert("disabled-user".into(), "400".into());
    tenant
        .user("prod", "erp-bridge")
        .insert("disabled".into(), true.into());
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), ["application-user-disabled"].into());
    let seen = &audited.assessment.findings[0].seen;
    assert!(
        seen.letters()
            .contains("lists its application user as disabled"),
        "{seen}"
    );
    assert!(audited.assessment.verdict.incomplete);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_deadline_passes_the_rest_is_timed_out() {
    let mut tenant = Tenant::tidy();
    tenant.fault("host = \"contoso.api.crm4.dynamics.com\"\ndelay-ms = 60000");
    let begun = Instant::now();
    let audited = tenant.audit_within(Duration::from_secs(3)).await;
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    assert_incomplete_and_silent(&audited, "deadline");
    assert!(
        gap_kinds(&audited).contains(&GapKind::TimedOut),
        "{:?}",
        audited.gaps()
    );
    assert_eq!(audited.assessment.coverage.proven, 6);
}
