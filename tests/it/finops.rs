//! Finance & Operations end to end: forms of an answer that are not verified never change a verdict.

use std::collections::BTreeSet;

use credaudit::inside::{CollectionAnswer, FinopsClient};
use credaudit::inside::{GapKind, Observed};
use toml::Value;

use crate::tenant::{Audited, Tenant};

const APP: &str = "erp-bridge";

fn remove_client(tenant: &mut Tenant) {
    let clients = tenant.finops("prod")["clients"].as_array_mut().unwrap();
    clients.retain(|client| client["application"].as_str() != Some(APP));
}

/// What an audit says, without times.
fn said(audited: &Audited) -> (BTreeSet<&str>, BTreeSet<&str>, u8, bool) {
    let verdict = &audited.assessment.verdict;
    (
        audited.roots(),
        audited.consequences(),
        verdict.exit_code,
        verdict.incomplete,
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_without_a_row_is_missing_in_every_form_of_401() {
    for form in ["empty", "json", "html"] {
        let mut tenant = Tenant::tidy();
        remove_client(&mut tenant);
        tenant
            .finops("prod")
            .insert("unauthorized".into(), form.into());
        let audited = tenant.audit().await;
        // A page of HTML is nobody's 401: then the environment's own list alone says that the row is missing.
        let open = form == "html";
        let expected = (["finops-client-missing"].into(), BTreeSet::new(), 10, open);
        assert_eq!(said(&audited), expected, "{form}: {:#?}", audited.gaps());
        let seen = &audited.assessment.findings[0].seen;
        let words = if form == "html" {
            ["list of Entra ID applications", "has none"]
        } else {
            ["answered 401", "tid, aud and oid are right"]
        };
        assert!(
            words.iter().all(|words| seen.letters().contains(words)),
            "{seen}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_s_401_blames_no_client() {
    let mut tenant = Tenant::tidy();
    remove_client(&mut tenant);
    let finops = tenant.finops("prod");
    finops.insert("unauthorized".into(), "html".into());
    // Nor has the auditor a row of its own: nothing says that the client is missing.
    let clients = finops["clients"].as_array_mut().unwrap();
    clients.clear();
    let audited = tenant.audit().await;
    let (roots, _, exit_code, incomplete) = said(&audited);
    assert!(!roots.contains("finops-client-missing"), "{roots:?}");
    assert!(incomplete && exit_code == 11, "{roots:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_user_is_found_whichever_way_it_is_refused() {
    for status in ["401", "403"] {
        let mut tenant = Tenant::tidy();
        tenant
            .finops_user("prod", "ErpBridge")
            .insert("disabled".into(), true.into());
        tenant
            .finops("prod")
            .insert("disabled-user".into(), status.into());
        let audited = tenant.audit().await;
        let expected = (["finops-user-disabled"].into(), BTreeSet::new(), 10, false);
        assert_eq!(said(&audited), expected, "{status}: {:#?}", audited.gaps());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_403_says_the_same_with_and_without_a_body() {
    for form in ["empty", "json"] {
        let mut tenant = Tenant::tidy();
        tenant
            .finops("prod")
            .insert("forbidden".into(), form.into());
        let audited = tenant.audit().await;
        assert_eq!(
            audited.assessment.verdict.exit_code,
            0,
            "{:#?}",
            audited.gaps()
        );
        assert_eq!(audited.assessment.findings, []);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_html_with_403_is_no_refusal() {
    let mut tenant = Tenant::tidy();
    tenant
        .finops("prod")
        .insert("forbidden".into(), "html".into());
    let audited = tenant.audit().await;
    assert_eq!(audited.assessment.verdict.exit_code, 11);
    assert_eq!(audited.assessment.findings, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_without_a_control_are_not_counted_as_such() {
    let mut tenant = Tenant::tidy();
    let expected = tenant.registration(APP)["finops"].as_table_mut().unwrap();
    expected.remove("allow");
    let audited = tenant.audit().await;
    assert_eq!(audited.assessment.findings, []);
    assert_eq!(audited.assessment.verdict.exit_code, 11);
    let view = audited.assessment.registrations.iter();
    let view = view.into_iter().find(|view| view.name == APP).unwrap();
    let rung = view
        .rungs
        .iter()
        .find(|rung| rung.name.as_str() == "finops");
    let note = rung.map(|rung| rung.note.letters());
    let expected = "none of 2 reads settled anything: no other read succeeded";
    assert_eq!(note, Some(expected));
    let lists = &audited.assessment.coverage.lists;
    let clients: Vec<(&str, usize)> = lists
        .iter()
        .filter(|list| list.name.starts_with("F&O clients"))
        .map(|list| (list.name.as_str(), list.read))
        .collect();
    let expected = [
        ("F&O clients of environment prod", 3),
        ("F&O clients of environment test", 2),
    ];
    assert_eq!(clients, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_that_takes_no_filter_is_asked_by_entity() {
    let mut tenant = Tenant::tidy();
    tenant
        .finops("prod")
        .insert("filters-metadata".into(), false.into());
    let audited = tenant.audit().await;
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:#?}",
        audited.gaps()
    );
    // A name that neither way finds is absent where the service document, read to its end, has it not either.
    let allowed = &mut tenant.registration(APP)["finops"]["allow"]["read"];
    allowed.as_array_mut().unwrap().push("InventItems".into());
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), ["declared-name-absent"].into());
    assert_eq!(audited.assessment.verdict.exit_code, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_auditor_without_a_client_leaves_its_own_questions_open_and_no_others() {
    let mut tenant = Tenant::tidy();
    let clients = tenant.finops("prod")["clients"].as_array_mut().unwrap();
    clients.retain(|client| client["application"].as_str() != Some("credaudit"));
    let audited = tenant.audit().await;
    assert_eq!(audited.assessment.findings, []);
    let open: BTreeSet<&str> = audited
        .assessment
        .unknowns
        .iter()
        .map(|unknown| unknown.check.as_str())
        .collect();
    let of_the_auditor = [
        "finops-administrator-mapping",
        "finops-user-disabled",
        "foreign-application-user",
        "whoami-mismatch",
    ];
    assert_eq!(open, of_the_auditor.into(), "{:#?}", audited.gaps());
    for unknown in &audited.assessment.unknowns {
        assert_eq!(unknown.kind, GapKind::Denied);
        let remedy = unknown.remedy.as_ref().unwrap().letters();
        assert!(remedy.contains("Entra ID applications of prod"), "{remedy}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_token_is_told_as_that_and_not_as_a_missing_client() {
    let mut tenant = Tenant::tidy();
    let tid: toml::Table = "tid = \"11111111-2222-4333-8444-555555555555\""
        .parse()
        .unwrap();
    tenant.application(APP).insert("token".into(), tid.into());
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), ["token-unexpected"].into());
    let proof = audited
        .snapshot
        .registration(APP)
        .unwrap()
        .finops
        .as_ref()
        .unwrap();
    assert!(matches!(
        proof.client,
        Observed::Known(FinopsClient::Rejected { .. })
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_absent_name_gets_the_right_one_and_no_read() {
    let mut tenant = Tenant::tidy();
    let allowed = &mut tenant.registration(APP)["finops"]["allow"]["read"];
    *allowed = Value::Array(vec!["VendVendors".into(), "customersv3".into()]);
    let audited = tenant.audit().await;
    let proof = audited
        .snapshot
        .registration(APP)
        .unwrap()
        .finops
        .as_ref()
        .unwrap();
    let nearest: Vec<&[String]> = proof
        .reads
        .iter()
        .filter_map(|read| match &read.answer {
            Observed::Known(CollectionAnswer::NoSuchCollection { nearest }) => {
                Some(nearest.as_slice())
            }
            _ => None,
        })
        .collect();
    assert_eq!(nearest.len(), 2, "{:#?}", proof.reads);
    assert!(
        nearest.contains(&["VendorsV2".to_owned()].as_slice()),
        "{nearest:?}"
    );
    assert!(
        nearest.contains(&["CustomersV3".to_owned()].as_slice()),
        "{nearest:?}"
    );
    assert!(
        audited
            .requests
            .iter()
            .any(|request| format!("{request:?}").contains("/data/ReleasedProductsV2")),
        "the log shows paths"
    );
    for request in &audited.requests {
        let path = format!("{request:?}");
        assert!(!path.contains("/data/VendVendors"), "{path}");
        assert!(!path.contains("data/$metadata"), "{path}");
    }
}

/// One collection is allowed, and the user's role gives nothing.
fn one_collection_refused() -> Tenant {
    let mut tenant = Tenant::tidy();
    let expected = tenant.registration(APP)["finops"].as_table_mut().unwrap();
    expected.remove("deny");
    let read = vec![Value::from("CustomersV3")];
    expected["allow"]["read"] = read.into();
    let role = tenant.finops_role("prod", "ERP bridge");
    role.insert("read".into(), Value::Array(Vec::new()));
    tenant
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_403_on_the_one_allowed_collection_is_told_beside_the_service_document() {
    let audited = one_collection_refused().audit().await;
    let expected = (
        ["expected-access-refused"].into(),
        BTreeSet::new(),
        10,
        false,
    );
    assert_eq!(said(&audited), expected, "{:#?}", audited.gaps());
    let seen = &audited.assessment.findings[0].seen;
    assert!(seen.letters().contains("the service document of"), "{seen}");
}

/// Anything else in the place of the service document shows nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_document_without_its_shape_is_no_control() {
    for odd in [
        "status = 403",
        "shape = \"html\"",
        "shape = \"object\"",
        "shape = \"list\"",
        "shape = \"no-context\"",
        "shape = \"no-value\"",
    ] {
        let mut tenant = one_collection_refused();
        let client = tenant.application(APP)["client-id"].clone();
        // The first that fits is the one: collections are answered as they are.
        tenant.fault("service = \"finops\"\npath = \"/data/\"\ndelay-ms = 1");
        tenant.fault(&format!(
            "service = \"finops\"\npath = \"/data\"\nclient = {client}\n{odd}"
        ));
        let audited = tenant.audit().await;
        let expected = (BTreeSet::new(), BTreeSet::new(), 11, true);
        assert_eq!(said(&audited), expected, "{odd}: {:#?}", audited.gaps());
    }
}
