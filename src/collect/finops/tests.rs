//! Every form an answer may take, the unverified ones in all their variants: the verdict is the same.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::map::{self, CollectionName};
use crate::collect::http::Answer;
use crate::evidence::{ClientMapping, CollectionAnswer, FinopsClient};
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

fn answer(status: u16, content_type: &str, body: impl Into<String>) -> Answer {
    Answer {
        status,
        content_type: content_type.to_owned(),
        retry_after: None,
        challenge: None,
        body: Zeroizing::new(body.into().into_bytes()),
        at: "2026-11-21T06:00:00Z".parse().unwrap(),
    }
}

fn json_answer(status: u16, body: &Value) -> Answer {
    answer(status, "application/json", body.to_string())
}

/// One status in the forms it was seen or may come in.
fn forms(status: u16) -> Vec<Answer> {
    vec![
        answer(status, "no content type", ""),
        json_answer(
            status,
            &json!({"Message": "Authentication failed.", "StackTrace": null,
                    "ExceptionType": "System.InvalidOperationException"}),
        ),
        json_answer(
            status,
            &json!({"error": {"code": "", "message": "Forbidden"}}),
        ),
        answer(status, "text/plain", "Forbidden"),
    ]
}

fn html(status: u16) -> Answer {
    answer(status, "text/html", "<html>no</html>")
}

#[test]
fn a_401_is_a_rejected_client_whatever_its_body() {
    for answer in forms(401).into_iter().chain([html(401)]) {
        assert!(
            matches!(
                map::client("a read", &answer),
                Some(FinopsClient::Rejected { .. })
            ),
            "{answer:?}"
        );
        assert!(map::read("a read", &answer).gap().is_some(), "{answer:?}");
    }
}

#[test]
fn a_403_is_a_refusal_by_status_only_unless_a_page_of_html_says_it() {
    for answer in forms(403) {
        assert!(
            matches!(
                map::read("a read", &answer),
                Observed::Known(CollectionAnswer::Refused { .. })
            ),
            "{answer:?}"
        );
        assert!(
            matches!(
                map::client("a read", &answer),
                Some(FinopsClient::Accepted { .. })
            ),
            "{answer:?}"
        );
    }
    let gap = map::read("a read", &html(403)).gap().cloned().unwrap();
    assert_eq!(gap.kind, GapKind::Unrecognised);
    assert!(gap.seen.contains("HTML"), "{}", gap.seen);
    assert_eq!(map::client("a read", &html(403)), None);
}

#[test]
fn what_is_neither_proves_nothing() {
    for status in [404, 408, 500, 503] {
        for answer in forms(status).into_iter().chain([html(status)]) {
            assert!(map::read("a read", &answer).gap().is_some(), "{answer:?}");
        }
    }
    for status in [408, 500, 503] {
        assert_eq!(map::client("a read", &html(status)), None);
    }
    // A proxy's page comes with 200.
    assert!(map::read("a read", &html(200)).gap().is_some());
    assert_eq!(map::client("a read", &html(200)), None);
}

#[test]
fn one_call_that_is_let_in_outweighs_a_401() {
    let shown = |statuses: &[u16]| {
        let shown = statuses
            .iter()
            .filter_map(|status| map::client("a read", &json_answer(*status, &json!({}))));
        map::together(shown.collect())
    };
    assert!(matches!(
        shown(&[401, 200, 401]),
        Some(FinopsClient::Accepted { .. })
    ));
    assert!(matches!(
        shown(&[401, 500]),
        Some(FinopsClient::Rejected { .. })
    ));
    assert_eq!(shown(&[500]), None);
}

fn entity(set: &str, keys: &[&str]) -> Value {
    let properties: Vec<Value> = keys
        .iter()
        .map(|name| json!({"Name": name, "IsKey": true}))
        .chain([json!({"Name": "Balance", "IsKey": false})])
        .collect();
    json!({"Name": "X", "EntitySetName": set, "Properties": properties})
}

fn by_filter(body: &Value) -> Result<Presence<CollectionName>, Gap> {
    map::by_filter("the metadata", &json_answer(200, body), "CustomersV3")
}

#[test]
fn a_name_is_resolved_letter_by_letter_to_a_key_that_is_not_the_company() {
    let rows = json!({"value": [entity("CustomersV3", &["dataAreaId", "CustomerAccount"])]});
    let named = Presence::Present(CollectionName {
        collection: "CustomersV3".to_owned(),
        key: "CustomerAccount".to_owned(),
    });
    assert_eq!(by_filter(&rows), Ok(named.clone()));
    // A build that takes no notice of the filter answers the whole list.
    let all = json!({"value": [entity("Banks", &["Id"]), rows["value"][0]]});
    assert_eq!(by_filter(&all), Ok(named));
    let wrong_case = json!({"value": [entity("customersv3", &["Id"])]});
    assert_eq!(by_filter(&wrong_case), Ok(Presence::Absent));
    assert_eq!(by_filter(&json!({"value": []})), Ok(Presence::Absent));
}

#[test]
fn absence_is_told_only_by_a_list_that_ends() {
    let page = json!({"value": [entity("Banks", &["Id"])], "@odata.nextLink": "https://x/?p=2"});
    assert!(by_filter(&page).is_err());
    for odd in [json!({}), json!({"value": "no"}), json!({"value": [{}]})] {
        assert!(by_filter(&odd).is_err(), "{odd}");
    }
    let keyless = json!({"value": [entity("CustomersV3", &[])]});
    assert!(by_filter(&keyless).is_err());
    let hostile = json!({"value": [entity("CustomersV3", &["a&$expand=x"])]});
    assert!(by_filter(&hostile).is_err());
    for answer in forms(400).into_iter().chain(forms(401)).chain([html(200)]) {
        assert!(map::by_filter("the metadata", &answer, "CustomersV3").is_err());
    }
}

#[test]
fn the_key_form_counts_only_where_it_names_the_collection() {
    let right = json_answer(200, &entity("CustomersV3", &["CustomerAccount"]));
    let key = map::by_key(&right, "CustomersV3").map(|name| name.key);
    assert_eq!(key.as_deref(), Some("CustomerAccount"));
    assert_eq!(map::by_key(&right, "CustomersV2"), None);
    assert_eq!(
        map::by_key(&json_answer(404, &json!({})), "CustomersV3"),
        None
    );
}

#[test]
fn clients_are_read_under_either_spelling_and_an_odd_row_cuts_the_list_short() {
    let id = "5B7A2F0E-2D35-4A55-8A64-0D3A51C60001";
    for row in [
        json!({"AADClientId": id, "Name": "Raia", "UserId": "Raia"}),
        json!({"AadClientId": format!("{{{id}}}"), "UserId": "Raia"}),
    ] {
        let clients = map::clients(Listing::complete(vec![row]));
        assert_eq!(clients.gap, None);
        assert_eq!(clients.items[0].client_id, id.to_ascii_lowercase());
        let mapping = ClientMapping {
            user_id: "Raia".to_owned(),
        };
        assert_eq!(clients.items[0].mapping, mapping);
    }
    for odd in [json!({"UserId": "Raia"}), json!({"AADClientId": id})] {
        assert!(map::clients(Listing::complete(vec![odd])).gap.is_some());
    }
}

#[test]
fn a_user_is_read_as_flag_or_word_and_never_guessed() {
    for (enabled, known) in [
        (json!(true), Some(true)),
        (json!("No"), Some(false)),
        (json!(1), None),
        (Value::Null, None),
    ] {
        let row = json!({"UserID": "raia", "Enabled": enabled});
        let Observed::Known(Presence::Present(user)) =
            map::user(Listing::complete(vec![row]), "Raia")
        else {
            panic!("the user is there");
        };
        assert_eq!(user.enabled.known().copied(), known);
    }
    // Another user's row: the filter was not taken, or the user is gone.
    let other = json!({"UserID": "other", "Enabled": true});
    assert_eq!(
        map::user(Listing::complete(vec![other]), "Raia"),
        Observed::Known(Presence::Absent)
    );
}

#[test]
fn roles_of_others_and_switched_off_ones_are_left_out() {
    let row = |user: &str, id: &str, status: &str| {
        json!({"UserId": user, "SecurityRoleIdentifier": id, "SecurityRoleName": id,
               "AssignmentStatus": status})
    };
    let roles = map::roles(
        Listing::complete(vec![
            row("raia", "SYNC", "Enabled"),
            row("raia", "-SYSADMIN-", "Disabled"),
            row("other", "-SYSADMIN-", "Enabled"),
        ]),
        "Raia",
    );
    assert_eq!(roles.gap, None);
    let ids: Vec<&str> = roles.items.iter().map(|role| role.id.as_str()).collect();
    assert_eq!(ids, ["SYNC"]);
}
