//! Answers of success that are not Graph's, or not to what was asked.

use serde_json::{Value, json};

use crate::collect::fields::Fields;
use crate::collect::graph::batch_answers::{One, this};
use crate::collect::graph::lists::by_client;
use crate::collect::graph::paths::{self, Part};
use crate::collect::graph::{delegated, map, policy, required, roles};
use crate::collect::shape;
use crate::collect::tests::spoiled;
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

const ID: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001";
const CONTEXT: &str = "https://graph.microsoft.com/v1.0/$metadata#";

/// The objects that are asked for, and how contexts name them.
fn objects() -> Vec<(&'static str, One<'static>)> {
    let one = |set, field| One {
        set,
        key: Some((field, ID)),
    };
    vec![
        ("applications", one(&paths::APPLICATIONS, "appId")),
        ("servicePrincipals", One::principal("appId", ID)),
        ("servicePrincipals", One::principal("id", ID)),
        (
            "policies/defaultAppManagementPolicy",
            One {
                set: &paths::POLICY,
                key: None,
            },
        ),
    ]
}

#[test]
fn no_spoiled_answer_of_success_is_an_object() {
    for (set, one) in objects() {
        let right = json!({"@odata.context": format!("{CONTEXT}{set}/$entity"), "id": ID,
            "appId": ID});
        let good = spoiled::answer(200, right.to_string());
        assert!(this("a read", &good, one).is_ok(), "{set}");
        for (what, answer) in spoiled::odata(&right) {
            // A field that is not the key is its reader's to judge.
            let read = what.split(' ').next().unwrap_or_default();
            if read == "appId" && one.key.is_none_or(|(field, _)| field != "appId") {
                continue;
            }
            // Object ids are taken as they are.
            if what.starts_with("id is \"\"") && one.key.is_some_and(|(field, _)| field == "id") {
                continue;
            }
            let gap = this("a read", &answer, one).expect_err(&what);
            assert_eq!(gap.kind, GapKind::Malformed, "{set}: {what}");
        }
        if let Some((field, _)) = one.key {
            let mut other = right.clone();
            other[field] = json!("5b7a2f0e-2d35-4a55-8a64-0d3a51c60002");
            let other = spoiled::answer(200, other.to_string());
            assert!(this("a read", &other, one).is_err(), "another {set}");
        }
    }
}

/// Every list, the context that Graph is known to answer it with, and the set it is taken for.
fn lists() -> Vec<(&'static str, &'static [&'static str])> {
    vec![
        ("applications", &paths::APPLICATIONS),
        ("servicePrincipals(id,appId)", &paths::PRINCIPALS),
        ("directoryObjects(id,mail)", Part::Owners.set()),
        (
            "applications('1')/federatedIdentityCredentials",
            Part::Federated.set(),
        ),
        ("appRoleAssignments", Part::Granted.set()),
        (
            "servicePrincipals('1')/appRoleAssignments",
            Part::Granted.set(),
        ),
        ("oauth2PermissionGrants", Part::Delegated.set()),
        ("Collection(oAuth2PermissionGrant)", Part::Delegated.set()),
        (
            "servicePrincipals('1')/appRoleAssignedTo",
            &paths::ASSIGNMENTS,
        ),
        ("policies/appManagementPolicies", &paths::POLICIES),
        ("directoryObjects(id)", &paths::TARGETS),
    ]
}

#[test]
fn no_spoiled_answer_of_success_is_a_page() {
    for (context, set) in lists() {
        let right = json!({"@odata.context": format!("{CONTEXT}{context}"), "value": [{"id": ID}]});
        let good = spoiled::answer(200, right.to_string());
        assert!(shape::page("a list", &good, set).is_ok(), "{context}");
        for (what, answer) in spoiled::lists(&right) {
            if what.starts_with("rows") || what.contains("[[]]") {
                continue;
            }
            assert!(
                shape::page("a list", &answer, set).is_err(),
                "{context}: {what}"
            );
        }
    }
}

fn gap_of<T>(list: Listing<T>) -> Option<GapKind> {
    list.gap.map(|gap| gap.kind)
}

#[test]
fn rows_of_nothing_cut_every_list_short() {
    let malformed = Some(GapKind::Malformed);
    for odd in spoiled::rows() {
        let list = || Listing::complete(odd.as_array().expect("rows").clone());
        assert_eq!(gap_of(map::owners("owners", list())), malformed, "{odd}");
        assert_eq!(gap_of(map::federated("trusts", list())), malformed, "{odd}");
        assert_eq!(
            gap_of(roles::assignments("roles", list())),
            malformed,
            "{odd}"
        );
        assert_eq!(
            gap_of(delegated::grants("grants", list())),
            malformed,
            "{odd}"
        );
        assert_eq!(gap_of(by_client("objects", list())), malformed, "{odd}");
        let object = |field: &str| {
            let value = json!({"id": ID, "appId": ID, field: odd});
            Observed::Known(Presence::Present(value))
        };
        let asked = required::asked(&object("requiredResourceAccess"), "the application");
        assert!(asked.gap().is_some(), "{odd}");
        for field in ["passwordCredentials", "keyCredentials"] {
            let read = credentials(field, &odd);
            assert!(read.is_none_or(|known| known.is_err()), "{field}: {odd}");
        }
        let rules = json!({"isEnabled": true,
            "restrictions": {"passwordCredentials": odd, "keyCredentials": []}});
        assert!(policy::policy(Fields::new(&rules, "a policy"), "restrictions").is_err());
    }
    let none = json!({"isEnabled": true, "restrictions": null});
    assert!(policy::policy(Fields::new(&none, "a policy"), "restrictions").is_err());
}

/// What an application with these credentials is read as.
fn credentials(field: &str, odd: &Value) -> Option<Result<(), Gap>> {
    let mut value = super::object();
    value[field] = odd.clone();
    let raw = Observed::Known(Presence::Present(value));
    let gap = Gap::new(GapKind::NotReached, "not stored");
    let Observed::Known(Presence::Present(read)) = map::application(&raw, "it", Err(&gap)) else {
        return None;
    };
    Some(read.credentials.get().map(|_| ()).map_err(Clone::clone))
}

#[test]
fn a_date_that_is_none_is_never_left_out() {
    for odd in [json!(null), json!(5), json!("soon"), json!({}), json!("")] {
        let mut value = super::object();
        value["passwordCredentials"][0]["endDateTime"] = odd.clone();
        let read = super::read(value);
        let credentials = read.credentials.known().expect("known");
        assert!(
            credentials.iter().any(|one| one.end.gap().is_some()),
            "{odd}"
        );
    }
}
