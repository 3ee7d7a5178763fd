//! No list of the evidence can be cut short unseen.

use std::collections::BTreeSet;

use serde_json::Value;

use super::policy;
use crate::evaluate::{assess, plan};
use crate::evidence::{AppPolicy, CustomAppPolicy, HeldPrivileges, ReadList, Snapshot};
use crate::facts::testing::foreign::known_in_prod;
use crate::facts::testing::tidy::*;
use crate::model::{Assessment, Gap, GapKind, Listing};

/// A tidy estate in which every kind of list stands.
fn full() -> Snapshot {
    let mut snapshot = tidy();
    app_management(&mut snapshot)
        .custom
        .items
        .push(CustomAppPolicy {
            id: "policy-1".to_owned(),
            name: "vendors".to_owned(),
            policy: AppPolicy {
                enabled: true,
                restrictions: Vec::new(),
            },
            applies_to: Listing::complete(vec!["object-9".to_owned()]),
        });
    let held: &mut HeldPrivileges = held_list(&mut snapshot);
    held.writes = Some(Listing::complete(Vec::new()));
    let environment = snapshot.environments.get_mut("prod").unwrap();
    let mut user = application_user("user-9", "client-9");
    user.roles = Some(Listing::complete(Vec::new()));
    environment.application_users.items.push(user);
    environment.finops_clients = Some(Listing::complete(Vec::new()));
    known_in_prod(&mut snapshot, 0, Some(true), &[]);
    directory(&mut snapshot).reports = vec![ReadList {
        name: "sign-in report of credentials".to_owned(),
        read: 3,
        gap: None,
    }];
    snapshot
}

/// Every list, as a JSON pointer.
fn lists(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            if map.len() == 2 && map.contains_key("items") && map.contains_key("gap") {
                found.push(at.to_owned());
            }
            for (key, value) in map {
                lists(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                lists(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn judged(value: Value) -> Assessment {
    let snapshot: Snapshot = serde_json::from_value(value).unwrap();
    assess(&plan(&policy()).unwrap(), &snapshot, None)
}

fn places() -> (Value, Vec<String>) {
    let value = serde_json::to_value(full()).unwrap();
    let mut places = Vec::new();
    lists(&value, "", &mut places);
    (value, places)
}

/// The names under which the schema of the snapshot has lists.
fn of_the_schema(value: &Value, found: &mut BTreeSet<String>) {
    let Value::Object(map) = value else {
        if let Value::Array(items) = value {
            items.iter().for_each(|one| of_the_schema(one, found));
        }
        return;
    };
    if let Some(Value::Object(fields)) = map.get("properties") {
        for (name, field) in fields {
            if field.to_string().contains("#/$defs/Listing") {
                found.insert(name.clone());
            }
        }
    }
    map.values().for_each(|one| of_the_schema(one, found));
}

#[test]
fn every_kind_of_list_stands_in_the_snapshot_of_these_tests() {
    let schema = serde_json::to_value(schemars::schema_for!(Snapshot)).unwrap();
    let mut fields = BTreeSet::new();
    of_the_schema(&schema, &mut fields);
    assert!(fields.len() > 10, "{fields:?}");
    let (_, places) = places();
    for field in fields {
        let stands = |place: &String| place.split('/').any(|part| part == field);
        assert!(places.iter().any(stands), "no list {field}");
    }
}

#[test]
fn a_list_that_was_begun_and_not_read_to_its_end_is_named_and_incomplete() {
    let (whole, places) = places();
    let clean = judged(whole.clone());
    for place in places {
        for kind in GapKind::ALL {
            let gap = Gap::new(kind, format!("{place} stopped at page 3"));
            let mut cut = whole.clone();
            *cut.pointer_mut(&format!("{place}/gap")).unwrap() =
                serde_json::to_value(&gap).unwrap();
            let assessment = judged(cut);
            let own = |list: &&crate::model::assessment::ListCount| {
                list.cut_short.as_ref() == Some(&gap.seen)
            };
            let told = assessment.coverage.lists.iter().find(own);
            let waits = assessment.unknowns.iter().any(|one| one.seen == gap.seen);
            match kind {
                GapKind::NotReached => {}
                GapKind::Denied | GapKind::NotLicensed => {
                    assert!(waits || told.is_some_and(|list| list.refused), "{place}");
                    if !waits {
                        let code = assessment.verdict.exit_code;
                        assert_eq!(code, clean.verdict.exit_code, "{place}");
                    }
                }
                _ => {
                    assert!(told.is_some_and(|list| list.counts), "{place}, {kind}");
                    assert!(assessment.verdict.incomplete, "{place}, {kind}");
                    assert_ne!(assessment.verdict.exit_code, 0, "{place}, {kind}");
                }
            }
        }
    }
}

#[test]
fn a_report_of_which_no_line_is_missed_counts_as_any_list() {
    let mut snapshot = full();
    let gap = Gap::new(GapKind::Truncated, "page 2 answered 500");
    directory(&mut snapshot).reports[0].gap = Some(gap);
    let assessment = judged(serde_json::to_value(&snapshot).unwrap());
    assert_eq!(assessment.unknowns, []);
    assert!(assessment.verdict.incomplete);
    // An older snapshot tells nothing of it.
    let mut value = serde_json::to_value(full()).unwrap();
    let old = value.pointer_mut("/directories/contoso").unwrap();
    old.as_object_mut().unwrap().remove("reports");
    assert!(!judged(value).verdict.incomplete);
}
