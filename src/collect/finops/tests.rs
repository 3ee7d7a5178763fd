//! Every form an answer may take, the unverified ones in all their variants: the verdict is the same.

use serde_json::{Value, json};

use super::map::{self, CollectionName};
use crate::collect::http::Answer;
use crate::collect::pages::Place;
use crate::collect::tests::spoiled::{self, labelled as answer};
use crate::evidence::{ClientMapping, CollectionAnswer, FinopsClient, ForeignAnswer};
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

fn json_answer(status: u16, body: &Value) -> Answer {
    answer(status, "application/json", body.to_string())
}

const SET: &str = "CustomersV3";

const PLACE: Place<'static> = Place {
    host: "contoso.operations.dynamics.com",
    also: None,
};

fn customers() -> CollectionName {
    CollectionName {
        collection: SET.to_owned(),
        key: "CustomerAccount".to_owned(),
    }
}

fn page() -> Value {
    json!({"@odata.context": "https://x/data/$metadata#CustomersV3(CustomerAccount)", "value": []})
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
fn a_403_is_a_refusal_by_status_only_unless_a_page_of_html_says_it() {
    for answer in forms(403) {
        assert!(
            matches!(
                map::read("a read", &answer, &customers(), PLACE),
                Observed::Known(CollectionAnswer::Refused { .. })
            ),
            "{answer:?}"
        );
        assert!(
            matches!(
                map::client("a read", &answer, SET, PLACE),
                Some(FinopsClient::Accepted { .. })
            ),
            "{answer:?}"
        );
    }
    let gap = map::read("a read", &html(403), &customers(), PLACE)
        .gap()
        .cloned()
        .unwrap();
    assert_eq!(gap.kind, GapKind::Unrecognised);
    assert!(gap.seen.contains("HTML"), "{}", gap.seen);
    assert_eq!(map::client("a read", &html(403), SET, PLACE), None);
}

#[test]
fn what_is_neither_proves_nothing() {
    for status in [404, 408, 500, 503] {
        for answer in forms(status).into_iter().chain([html(status)]) {
            assert!(
                map::read("a read", &answer, &customers(), PLACE)
                    .gap()
                    .is_some(),
                "{answer:?}"
            );
        }
    }
    for status in [408, 500, 503] {
        assert_eq!(map::client("a read", &html(status), SET, PLACE), None);
    }
    // A proxy's page comes with 200.
    assert!(
        map::read("a read", &html(200), &customers(), PLACE)
            .gap()
            .is_some()
    );
    assert_eq!(map::client("a read", &html(200), SET, PLACE), None);
}

#[test]
fn one_call_that_is_let_in_outweighs_a_401() {
    let shown = |statuses: &[u16]| {
        let shown = statuses.iter().filter_map(|status| {
            let mut answer = json_answer(*status, &page());
            answer.of_finops = true;
            map::client("a read", &answer, SET, PLACE)
        });
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

fn by_filter(rows: &Value) -> Result<Presence<CollectionName>, Gap> {
    let rows = rows.as_array().unwrap().clone();
    map::by_filter("the metadata", Listing::complete(rows), SET)
}

#[test]
fn a_name_is_resolved_letter_by_letter_to_a_key_that_is_not_the_company() {
    let rows = json!([entity("CustomersV3", &["dataAreaId", "CustomerAccount"])]);
    let named = Presence::Present(CollectionName {
        collection: "CustomersV3".to_owned(),
        key: "CustomerAccount".to_owned(),
    });
    assert_eq!(by_filter(&rows), Ok(named.clone()));
    // A build that takes no notice of the filter answers the whole list.
    let all = json!([entity("Banks", &["Id"]), rows[0]]);
    assert_eq!(by_filter(&all), Ok(named));
    let wrong_case = json!([entity("customersv3", &["Id"])]);
    assert_eq!(by_filter(&wrong_case), Ok(Presence::Absent));
    assert_eq!(by_filter(&json!([])), Ok(Presence::Absent));
}

#[test]
fn absence_is_told_only_by_a_whole_list_that_is_about_this_name() {
    let cut = |rows: Vec<Value>| {
        let gap = Gap::new(GapKind::Truncated, "cut short");
        map::by_filter("the metadata", Listing::cut_short(rows, gap), SET)
    };
    let right = entity("CustomersV3", &["CustomerAccount"]);
    assert!(cut(Vec::new()).is_err());
    assert!(cut(vec![right]).is_err(), "not whole is not read");
    let other = entity("Banks", &["Id"]);
    for odd in [json!([{}]), json!([null]), json!([5]), json!([other])] {
        let gap = by_filter(&odd).unwrap_err();
        assert_eq!(gap.kind, GapKind::Malformed, "{odd}");
    }
    let keyless = json!([entity("CustomersV3", &[])]);
    assert!(by_filter(&keyless).is_err());
    let hostile = json!([entity("CustomersV3", &["a&$expand=x"])]);
    assert!(by_filter(&hostile).is_err());
}

#[test]
fn the_key_form_counts_only_where_it_names_the_collection() {
    let right = json_answer(200, &entity("CustomersV3", &["CustomerAccount"]));
    let key = map::by_key("the read", &right, "CustomersV3").map(|name| name.key);
    assert_eq!(key.as_deref(), Some("CustomerAccount"));
    assert_eq!(map::by_key("the read", &right, "CustomersV2"), None);
    assert_eq!(
        map::by_key("the read", &json_answer(404, &json!({})), "CustomersV3"),
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
    assert_eq!(
        map::user(Listing::complete(Vec::new()), "Raia"),
        Observed::Known(Presence::Absent)
    );
    // Another user's row: the filter was not taken, or the answer is to another question.
    let other = json!({"UserID": "other", "Enabled": true});
    assert!(
        map::user(Listing::complete(vec![other]), "Raia")
            .gap()
            .is_some()
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

fn kind<T>(judged: &Observed<T>) -> Option<GapKind> {
    judged.gap().map(|gap| gap.kind)
}

#[test]
fn no_spoiled_answer_of_success_proves_anything() {
    let row = json!({"@odata.etag": "W/1", "CustomerAccount": "US-001"});
    let mut right = page();
    right["value"] = json!([row]);
    let good = spoiled::answer(200, right.to_string());
    assert!(
        map::read("a read", &good, &customers(), PLACE)
            .known()
            .is_some()
    );
    assert!(map::client("a read", &good, SET, PLACE).is_some());
    for (what, answer) in spoiled::lists(&right) {
        let read = map::read("a read", &answer, &customers(), PLACE);
        assert_eq!(kind(&read), Some(GapKind::Malformed), "{what}");
        // A page of other rows still shows that the client is accepted.
        if !what.starts_with("rows") && !what.contains("[[]]") {
            assert_eq!(map::client("a read", &answer, SET, PLACE), None, "{what}");
        }
    }
    let mut foreign = page();
    foreign["@odata.nextLink"] = json!("https://evil.example/data/CustomersV3");
    let foreign = spoiled::answer(200, foreign.to_string());
    assert_eq!(map::client("a read", &foreign, SET, PLACE), None);
    let read = map::read("a read", &foreign, &customers(), PLACE);
    assert_eq!(kind(&read), Some(GapKind::Malformed));
    let right = json!({"@odata.context": "https://x/data/$metadata",
        "value": [{"name": "CustomersV3", "kind": "EntitySet", "url": "CustomersV3"}]});
    let good = spoiled::answer(200, right.to_string());
    assert!(map::entered("a call", &good).known().is_some());
    assert!(map::listed("a call", &good).is_ok());
    for (what, answer) in spoiled::lists(&right) {
        let entered = map::entered("a call", &answer);
        assert_eq!(kind(&entered), Some(GapKind::Malformed), "{what}");
        assert!(map::listed("a call", &answer).is_err(), "{what}");
    }
    let mut right = entity(SET, &["CustomerAccount"]);
    right["@odata.context"] = json!("https://x/metadata/$metadata#PublicEntities/$entity");
    assert!(map::by_key("a call", &json_answer(200, &right), SET).is_some());
    for (what, answer) in spoiled::odata(&right) {
        if what.starts_with("Name ") {
            continue;
        }
        assert!(map::by_key("a call", &answer, SET).is_none(), "{what}");
    }
}

#[test]
fn a_401_counts_at_home_and_abroad_in_the_service_s_own_form_only() {
    let captured = json!({"Message": "Authentication failed.", "StackTrace": null,
        "ExceptionType": "System.InvalidOperationException"});
    let mut marked = answer(401, "no content type", "");
    marked.of_finops = true;
    for own in [json_answer(401, &captured), marked] {
        assert!(
            matches!(
                map::entered("a call", &own),
                Observed::Known(ForeignAnswer::Rejected { .. })
            ),
            "{own:?}"
        );
        assert!(
            matches!(
                map::client("a read", &own, SET, PLACE),
                Some(FinopsClient::Rejected { .. })
            ),
            "{own:?}"
        );
    }
    let mut page = html(401);
    page.of_finops = true;
    for other in [
        answer(401, "no content type", ""),
        answer(401, "text/plain", "Unauthorized"),
        json_answer(401, &json!({})),
        json_answer(401, &json!({"Message": "Unauthorized"})),
        json_answer(401, &json!({"error": {"code": "401", "message": "no"}})),
        html(401),
        page,
    ] {
        assert!(map::entered("a call", &other).gap().is_some(), "{other:?}");
        assert_eq!(map::client("a read", &other, SET, PLACE), None, "{other:?}");
        // Of the collection, no 401 says anything.
        assert!(
            map::read("a read", &other, &customers(), PLACE)
                .gap()
                .is_some(),
            "{other:?}"
        );
        let gap = map::unsigned("a call", &other);
        assert!(gap.remedy.is_some_and(|remedy| remedy.contains("proxy")));
    }
}

#[test]
fn roles_of_others_alone_are_no_answer_about_this_user() {
    let other = json!({"UserId": "other", "SecurityRoleIdentifier": "-SYSADMIN-"});
    assert!(
        map::roles(Listing::complete(vec![other]), "Raia")
            .gap
            .is_some()
    );
    assert!(
        map::roles(Listing::complete(Vec::new()), "Raia")
            .gap
            .is_none()
    );
    for row in [json!(null), json!(5), json!({"UserId": null})] {
        let list = || Listing::complete(vec![row.clone()]);
        assert!(map::roles(list(), "Raia").gap.is_some(), "{row}");
        assert!(map::user(list(), "Raia").gap().is_some(), "{row}");
        assert!(map::clients(list()).gap.is_some(), "{row}");
    }
}
