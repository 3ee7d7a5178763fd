//! What Graph says of credentials beyond the registration: federated ones, policies, dates.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::overlay;
use super::{Desk, desk, desk_of};
use crate::sim::Scenario;

const GRAPH: &str = "https://graph.microsoft.com";
/// The tidy tenant with these changes.
pub(super) async fn tidy_with(changes: &str) -> Desk {
    let tidy = Scenario::text("tidy").expect("built in");
    desk_of(&overlay(tidy, changes).expect("TOML")).await
}

/// The tidy tenant, its auditor with these permissions and no others.
pub(super) async fn with_rights(rights: &[&str], more: &str) -> Desk {
    let rights = serde_json::to_string(rights).expect("JSON");
    let changes =
        format!("[[applications]]\nname = \"credaudit\"\ngraph-permissions = {rights}\n{more}");
    tidy_with(&changes).await
}

/// The names of an object's members.
pub(super) fn members(row: &Value) -> BTreeSet<&str> {
    row.as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

/// Every row of a list, and how many pages it came in.
pub(super) async fn walk(desk: &Desk, first: &str, token: &str) -> (Vec<Value>, usize) {
    let (mut rows, mut pages, mut url) = (Vec::new(), 0, first.to_owned());
    loop {
        let reply = desk.get(&url, token).await;
        assert_eq!(reply.status, 200, "{url}: {}", reply.text);
        let body = reply.json();
        assert!(body["@odata.context"].is_string(), "{url}");
        rows.extend(body["value"].as_array().expect("rows").clone());
        pages += 1;
        match body["@odata.nextLink"].as_str() {
            Some(next) => next.clone_into(&mut url),
            None => return (rows, pages),
        }
    }
}

pub(super) async fn batch(desk: &Desk, token: &str, urls: &[&str]) -> Vec<(String, u64, Value)> {
    let parts: Vec<Value> = urls
        .iter()
        .map(|url| json!({ "id": url, "method": "GET", "url": url }))
        .collect();
    let url = format!("{GRAPH}/v1.0/$batch");
    let request = desk.http.post(url).bearer_auth(token);
    let reply = desk.send(request.json(&json!({ "requests": parts }))).await;
    let body = reply.json();
    let answers = body["responses"].as_array().expect("answers");
    let mut answers: Vec<(String, u64, Value)> = answers
        .iter()
        .map(|part| {
            let id = part["id"].as_str().expect("an id").to_owned();
            let status = part["status"].as_u64().expect("a status");
            (id, status, part["body"].clone())
        })
        .collect();
    answers.sort_by_key(|(id, _, _)| urls.iter().position(|url| url == id));
    answers
}

const TRUST: &str = "
[[applications]]
name = \"github-deployments\"
federated = [
    { name = \"main\", issuer = \"https://token.actions.githubusercontent.com\", subject = \"repo:contoso/crm:ref:refs/heads/main\" },
    { name = \"prod\", issuer = \"https://token.actions.githubusercontent.com\", subject = \"repo:contoso/crm:environment:prod\", audiences = [\"api://Other\"], description = \"releases\" },
    { name = \"aks\", issuer = \"https://oidc.example.com/\", subject = \"system:serviceaccount:crm:sync\" },
]
";

#[tokio::test]
async fn federated_credentials_are_listed_paged_expanded_and_batched() {
    let desk = tidy_with(TRUST).await;
    let token = desk.auditor(GRAPH).await;
    let id = desk.client_id("github-deployments");
    let path = format!("/applications(appId='{id}')/federatedIdentityCredentials");
    let url = format!("{GRAPH}/v1.0{path}");
    let (rows, pages) = walk(&desk, &format!("{url}?$top=2"), &token).await;
    assert_eq!((rows.len(), pages), (3, 2));
    let documented = BTreeSet::from([
        "audiences",
        "description",
        "id",
        "issuer",
        "name",
        "subject",
    ]);
    assert_eq!(members(&rows[0]), documented);
    assert_eq!(rows[0]["audiences"], json!(["api://AzureADTokenExchange"]));
    assert_eq!(rows[1]["description"], "releases");

    let subject = "repo:contoso/crm:environment:prod";
    let filtered = format!("{url}?$filter=subject eq '{subject}'&$select=name");
    let (one, _) = walk(&desk, &filtered, &token).await;
    assert_eq!(one, [json!({ "name": "prod" })]);

    let expanded = format!(
        "{GRAPH}/v1.0/applications?$filter=appId eq '{id}'&$expand=federatedIdentityCredentials($select=name)&$select=id"
    );
    let (apps, _) = walk(&desk, &expanded, &token).await;
    assert_eq!(
        apps[0]["federatedIdentityCredentials"][2],
        json!({ "name": "aks" })
    );
    let object = apps[0]["id"].as_str().expect("an id");
    let by_id = format!("/applications/{object}/federatedIdentityCredentials");
    for (url, status, body) in batch(&desk, &token, &[&path, &by_id]).await {
        assert_eq!(status, 200, "{url}");
        assert_eq!(body["value"], Value::from(rows.clone()), "{url}");
    }
}

const POLICIES: &str = "
[tenants.contoso.app-management]
default = { password-addition-blocked = true, for-apps-created-since-days-ago = 30 }
custom = [
    { name = \"Bridges\", password-max-days = 90, applies-to = [\"erp-bridge\", \"erp-bridge-test\"] },
    { name = \"Nobody's\", enabled = false },
]
";

#[tokio::test]
async fn policies_are_shown_with_whom_they_apply_to() {
    let desk = tidy_with(POLICIES).await;
    let token = desk.auditor(GRAPH).await;
    let url = format!("{GRAPH}/v1.0/policies");
    let default = desk
        .get(&format!("{url}/defaultAppManagementPolicy"), &token)
        .await
        .json();
    assert_eq!(default["id"], "00000000-0000-0000-0000-000000000000");
    assert_eq!(default["isEnabled"], true);
    let entry = |kind: &str, days: Option<&str>, since: Option<&str>| {
        json!({
            "restrictionType": kind, "state": "enabled", "maxLifetime": days,
            "restrictForAppsCreatedAfterDateTime": since,
        })
    };
    let since = Some("2026-10-22T07:00:00Z");
    let mut key = entry("asymmetricKeyLifetime", Some("P180D"), since);
    key["certificateBasedApplicationConfigurationIds"] = json!([]);
    let restrictions = json!({
        "passwordCredentials": [
            entry("passwordAddition", None, since), entry("passwordLifetime", Some("P180D"), since),
        ],
        "keyCredentials": [key],
    });
    assert_eq!(default["applicationRestrictions"], restrictions);
    assert_eq!(default["servicePrincipalRestrictions"], restrictions);

    let list = format!("{url}/appManagementPolicies");
    let (rows, pages) = walk(&desk, &format!("{list}?$top=1"), &token).await;
    assert_eq!((rows.len(), pages), (2, 2));
    let documented = BTreeSet::from([
        "description",
        "displayName",
        "id",
        "isEnabled",
        "restrictions",
    ]);
    assert_eq!(members(&rows[0]), documented);
    assert_eq!(
        rows[0]["restrictions"]["passwordCredentials"],
        json!([entry("passwordLifetime", Some("P90D"), None)])
    );
    assert_eq!(rows[1]["isEnabled"], false);
    let id = rows[0]["id"].as_str().expect("an id");
    let (named, _) = walk(
        &desk,
        &format!("{list}/{id}/appliesTo?$select=displayName,appId"),
        &token,
    )
    .await;
    assert_eq!(named[1]["displayName"], "erp-bridge-test");
    assert_eq!(named[1]["@odata.type"], "#microsoft.graph.application");
    let of = |name: &str| {
        let id = desk.client_id(name);
        format!("/applications(appId='{id}')/appManagementPolicies")
    };
    let (bound, free) = (of("erp-bridge"), of("marketing-events"));
    let applies = format!("/policies/appManagementPolicies/{id}/appliesTo");
    let nowhere = "/policies/appManagementPolicies/0/appliesTo";
    let answers = batch(&desk, &token, &[&bound, &free, &applies, nowhere]).await;
    assert_eq!(answers[0].2["value"], json!([rows[0]]));
    assert_eq!(answers[1].2["value"], json!([]));
    assert_eq!(answers[2].1, 200);
    assert_eq!(answers[3].1, 404);
}

#[tokio::test]
async fn policies_need_rights_of_their_own() {
    let paths = [
        "/policies/defaultAppManagementPolicy",
        "/policies/appManagementPolicies",
    ];
    let desk = desk("half-permitted").await;
    let token = desk.auditor(GRAPH).await;
    for (path, status, body) in batch(&desk, &token, &paths).await {
        assert_eq!(status, 403, "{path}");
        assert_eq!(body["error"]["code"], "Authorization_RequestDenied");
    }
    let narrow = "Policy.Read.ApplicationConfiguration";
    let desk = with_rights(&[narrow, "Application.Read.All"], POLICIES).await;
    let token = desk.auditor(GRAPH).await;
    let answers = batch(&desk, &token, &paths).await;
    assert!(answers.iter().all(|(_, status, _)| *status == 200));
    // Whom a policy applies to is documented for Policy.Read.All, not for this one.
    let id = answers[1].2["value"][0]["id"].as_str().expect("an id");
    let applies = format!("/policies/appManagementPolicies/{id}/appliesTo");
    assert_eq!(batch(&desk, &token, &[&applies]).await[0].1, 403);

    // What Entra has before anyone touches it.
    let desk = tidy_with("[tenants.contoso]\nabsent = [\"app-management\"]").await;
    let token = desk.auditor(GRAPH).await;
    let answers = batch(&desk, &token, &paths).await;
    assert_eq!(answers[0].2["isEnabled"], false);
    let none = json!({ "passwordCredentials": [], "keyCredentials": [] });
    assert_eq!(answers[0].2["applicationRestrictions"], none);
    assert_eq!(answers[1].2["value"], json!([]));
}

#[tokio::test]
async fn dates_can_come_with_fractions_and_an_offset() {
    let desk = tidy_with("[graph]\nodd-dates = true").await;
    let token = desk.auditor(GRAPH).await;
    let path = format!("/applications(appId='{}')", desk.client_id("erp-bridge"));
    let odd = "2027-03-11T09:00:00.1234567+02:00";
    let row = desk
        .get(&format!("{GRAPH}/v1.0{path}"), &token)
        .await
        .json();
    assert_eq!(row["passwordCredentials"][0]["endDateTime"], odd);
    let part = &batch(&desk, &token, &[&path]).await[0].2;
    assert_eq!(part["passwordCredentials"][0]["endDateTime"], odd);
    let (rows, _) = walk(&desk, super::reports::PRINCIPALS, &token).await;
    let last = &rows[0]["lastSignInActivity"]["lastSignInDateTime"];
    assert_eq!(last, "2026-11-20T08:00:00.1234567+02:00");
}
