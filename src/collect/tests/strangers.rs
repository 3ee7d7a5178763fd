//! Application users that nobody explains: whose roles are read, and whose are not.

use serde_json::{Value, json};

use super::cloud::{Cloud, Reply};
use super::tenant::{AUDITOR, CLIENT, USER, estate, tidy};
use crate::collect::collect;

const STRANGER: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c600bb";
const GONE: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c600cc";
/// Flow-RP, on Microsoft's list.
const FLOW: &str = "BDB3D4C5-DC11-426E-8F04-2621DBCCE738";

fn user(number: usize, client: &str, disabled: bool) -> Value {
    json!({"systemuserid": format!("11111111-0000-4000-8000-0000000001{number:02}"),
        "applicationid": client, "fullname": "Somebody", "isdisabled": disabled,
        "_businessunitid_value": null, "businessunitid": null})
}

#[tokio::test]
async fn roles_are_read_of_strangers_only() {
    let cloud = Cloud::start(|call| {
        if call.path.ends_with("/systemusers") {
            let users = [
                user(1, STRANGER, false),
                user(2, GONE, true),
                user(3, FLOW, false),
                user(4, AUDITOR, false),
                json!({"systemuserid": USER, "applicationid": CLIENT.to_uppercase(), "fullname": "Raia",
                    "isdisabled": false, "_businessunitid_value": null, "businessunitid": null}),
            ];
            return Reply::json(200, &json!({ "value": users }));
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let users = &snapshot.environments["prod"].application_users;
    for user in &users.items {
        let names: Option<Vec<&str>> = user.roles.as_ref().map(|roles| {
            let roles = roles.whole().expect("readable").iter();
            roles.map(|role| role.name.as_str()).collect()
        });
        let expected = (user.client_id == STRANGER).then(|| vec!["Of team", "Own"]);
        assert_eq!(names, expected, "{}", user.client_id);
    }
    assert_eq!(users.items.len(), 5);
}

#[tokio::test]
async fn roles_that_are_refused_are_a_gap_and_no_more() {
    let cloud = Cloud::start(|call| {
        if call.path.ends_with("/systemusers") {
            return Reply::json(200, &json!({ "value": [user(1, STRANGER, false)] }));
        }
        if call.path.contains("systemuserroles_association") {
            return Reply::error(403, "0x80040220");
        }
        tidy(call)
    })
    .await;
    let snapshot = collect(&estate(), None, &cloud.options()).await;
    let users = &snapshot.environments["prod"].application_users;
    assert!(users.gap.is_none());
    let roles = users.items[0].roles.as_ref().expect("asked");
    assert!(roles.gap.as_ref().is_some_and(|gap| gap.missing.is_some()));
}
