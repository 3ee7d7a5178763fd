//! How an audit behaves on the wire: what it costs, what it never sends, whom it never talks to.

use std::collections::BTreeMap;

use credaudit::inside::Service;

use crate::tenant::Tenant;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_costs_at_most_ten_requests_besides_shared_lists() {
    let audited = Tenant::tidy().audit().await;
    let mut by_purpose: BTreeMap<&str, u32> = BTreeMap::new();
    for count in &audited.snapshot.requests {
        *by_purpose.entry(&count.purpose).or_default() += count.requests;
    }
    let own: Vec<_> = by_purpose
        .iter()
        .filter(|(purpose, _)| purpose.starts_with("registration/"))
        .collect();
    assert_eq!(own.len(), 12, "{by_purpose:?}");
    for (purpose, requests) in own {
        let name = purpose.trim_start_matches("registration/");
        let declared = audited.snapshot.estate.registration(name).unwrap();
        let dataverse = declared.dataverse.as_ref().unwrap();
        let tables = dataverse.allow.read.len() + dataverse.deny.read.len();
        let metadata = 3 * usize::from(dataverse.metadata) + dataverse.option_sets.len();
        // A token of its own, and one read a collection.
        let finops = declared.finops.as_ref().map_or(0, |finops| {
            1 + finops.allow.read.len() + finops.deny.read.len()
        });
        // A token and one request for each foreign service it is tried on.
        let foreign = &audited.snapshot.registrations[name].foreign;
        let foreign = 2 * foreign.iter().filter(|one| one.tried.is_some()).count();
        // Vault, token, WhoAmI, one read a table; a client id in the vault is one more.
        assert!(
            *requests as usize <= tables + 4 + metadata + finops + foreign,
            "{purpose}: {requests} for {tables} tables"
        );
        if tables == 6 && metadata + finops + foreign == 0 {
            assert!(*requests <= 10, "{purpose}: {requests}");
        }
    }
    // What is counted is what the other side saw.
    let counted: u32 = audited
        .snapshot
        .requests
        .iter()
        .map(|count| count.requests)
        .sum();
    // The pretend Graph logs the parts of a batch, too; over the wire went the batch. The sign-in reports
    // are asked for by themselves.
    let sent = audited
        .requests
        .iter()
        .filter(|request| {
            request.method != "GET"
                || !request.host.starts_with("graph.")
                || request.path_and_query.starts_with("/beta/reports/")
        })
        .count();
    assert_eq!(counted as usize, sent);
}

/// A registration's own path is three round trips deep: vault, token, then everything side by side. The
/// pretend tenant answers WhoAmI and the six reads only once all seven are waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_token_everything_is_asked_at_once() {
    let mut tenant = Tenant::tidy();
    let registrations = tenant.estate["registrations"].as_array_mut().unwrap();
    registrations.retain(|one| one["name"].as_str() == Some("service-desk-connector"));
    let client = tenant.application("service-desk-connector")["client-id"].clone();
    tenant.fault(&format!("client = {client}\ntogether = 7"));
    let audited = tenant.audit().await;
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:?}",
        audited.gaps()
    );
    let own = |purpose: &str| purpose == "registration/service-desk-connector";
    let requests: u32 = audited
        .snapshot
        .requests
        .iter()
        .filter(|count| own(&count.purpose))
        .map(|count| count.requests)
        .sum();
    assert_eq!(requests, 9, "vault, token and seven that came together");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shared_lists_do_not_grow_with_the_registrations() {
    let audited = Tenant::tidy().audit().await;
    let graph: u32 = audited
        .snapshot
        .requests
        .iter()
        .filter(|count| count.service == Service::Graph)
        .map(|count| count.requests)
        .sum();
    // Five parts each of twelve registrations and the auditor in four batches of 20, then the tenant's rules,
    // whom they are for, the names of granted roles, and two sign-in reports.
    assert!(graph <= 9, "{graph} requests to Graph");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_changes_nothing() {
    let audited = Tenant::tidy().audit().await;
    assert!(audited.requests.len() > 100);
    for request in &audited.requests {
        let allowed = match request.method.as_str() {
            "GET" => true,
            "POST" => {
                request.path_and_query.ends_with("/oauth2/v2.0/token")
                    || request.path_and_query.ends_with("/$batch")
            }
            _ => false,
        };
        assert!(
            allowed,
            "{} {}{}",
            request.method, request.host, request.path_and_query
        );
    }
}

/// The tidy tenant, where nobody may change anything, probed.
fn probed() -> Tenant {
    let mut tenant = Tenant::tidy();
    tenant.probe_writes = true;
    for registration in tenant.estate["registrations"].as_array_mut().unwrap() {
        let dataverse = registration["dataverse"].as_table_mut().unwrap();
        let read = dataverse["allow"]["read"].clone();
        for operation in ["write", "delete", "create"] {
            dataverse["allow"].as_table_mut().unwrap().remove(operation);
            let deny = dataverse["deny"].as_table_mut().unwrap();
            deny.insert(operation.to_owned(), read.clone());
        }
    }
    tenant
}

/// Where every write is honoured, one is sent in the whole run, and it finds no row to change.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_honours_every_write_is_written_to_once_and_nothing_is_changed() {
    let mut tenant = probed();
    let environments = tenant.scenario["environments"].as_table_mut().unwrap();
    for (_, environment) in environments.iter_mut() {
        let environment = environment.as_table_mut().unwrap();
        environment.insert("honours-every-write".to_owned(), true.into());
    }
    let audited = tenant.audit().await;
    let mut tried = audited
        .requests
        .iter()
        .filter(|request| !matches!(request.method.as_str(), "GET" | "POST"));
    let only = tried.next().expect("one probe");
    assert!(
        tried.next().is_none(),
        "the first that is honoured ends them all"
    );
    let path = only.path_and_query.split('?').next().unwrap();
    let looked = audited.requests.iter().any(|request| {
        let same = request.path_and_query.split('?').next() == Some(path);
        request.method == "GET" && request.status == 404 && request.host == only.host && same
    });
    assert!(looked, "{path} was seen to be absent");
    assert_eq!(
        only.if_match.as_deref(),
        (only.method == "PATCH").then_some("*")
    );
    let honoured = audited
        .snapshot
        .registrations
        .values()
        .filter_map(|registration| registration.dataverse.as_ref())
        .flat_map(|proof| &proof.write_probes)
        .filter(|probe| {
            let answer = probe.answer.known();
            matches!(
                answer,
                Some(credaudit::inside::WriteAnswer::Honoured { .. })
            )
        })
        .count();
    assert_eq!(honoured, 1);
}

/// Writing and deleting are denied everywhere; with the flag they are tried outside production, on ids that
/// were answered not to exist, and on nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_flag_only_absent_rows_outside_production_are_tried() {
    let audited = probed().audit().await;
    let mut absent: Vec<String> = Vec::new();
    let mut tried = 0;
    for request in &audited.requests {
        let path = request.path_and_query.split('?').next().unwrap();
        let place = format!("{}{path}", request.host);
        match request.method.as_str() {
            "GET" if request.status == 404 => absent.push(place),
            "GET" => {}
            "POST" => assert!(
                path.ends_with("/token") || path.ends_with("/$batch"),
                "{place}"
            ),
            "PATCH" | "DELETE" => {
                tried += 1;
                let seen = absent.iter().position(|known| *known == place);
                absent.swap_remove(seen.unwrap_or_else(|| panic!("{place} was not absent")));
                assert!(
                    request.host.contains("test") || request.host.contains("dev"),
                    "{place}"
                );
            }
            other => panic!("{other} {place}"),
        }
    }
    let estate = &audited.snapshot.estate;
    for registration in &estate.registrations {
        let tier = estate.environments[&registration.environment].tier;
        let proof = audited.snapshot.registrations[&registration.name]
            .dataverse
            .as_ref();
        let probes = &proof.unwrap().write_probes;
        assert_eq!(
            probes.is_empty(),
            tier == credaudit::inside::Tier::Production,
            "{}",
            registration.name
        );
    }
    assert!(tried > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn table_reads_ask_for_one_row_of_ids_only() {
    let audited = Tenant::tidy().audit().await;
    let mut reads = 0;
    for request in &audited.requests {
        let path = &request.path_and_query;
        if path.contains("/contacts?") {
            reads += 1;
            assert!(
                path.contains("top=1") && path.contains("contactid"),
                "{path}"
            );
            assert!(!path.contains(','), "{path} asks for more than the id");
        }
    }
    assert!(reads >= 3, "{reads}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_says_who_asks() {
    let audited = Tenant::tidy().audit().await;
    let run = &audited.snapshot.run;
    for request in &audited.requests {
        let agent = request.user_agent.as_deref().unwrap_or_default();
        assert!(
            agent.starts_with("credaudit/") && agent.contains(run.as_str()),
            "{}{} came from `{agent}`",
            request.host,
            request.path_and_query
        );
    }
}
