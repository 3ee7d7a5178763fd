//! What Graph says of credentials beyond the registration: trust, sign-in reports, policies, dates.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::overlay;
use super::{Desk, Reply, desk, desk_of};
use crate::sim::Scenario;

const GRAPH: &str = "https://graph.microsoft.com";
const SECRETS: &str = "https://graph.microsoft.com/beta/reports/appCredentialSignInActivities";
const PRINCIPALS: &str =
    "https://graph.microsoft.com/beta/reports/servicePrincipalSignInActivities";

/// The tidy tenant with these changes.
pub(super) async fn tidy_with(changes: &str) -> Desk {
    let tidy = Scenario::text("tidy").expect("built in");
    desk_of(&overlay(tidy, changes).expect("TOML")).await
}

/// The tidy tenant, its auditor with these permissions and no others.
async fn with_rights(rights: &[&str], more: &str) -> Desk {
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

fn code(reply: &Reply) -> (u16, String) {
    let body = reply.json();
    // Recorded: the same three in every refusal.
    let inner = members(&body["error"]["innerError"]);
    assert_eq!(
        inner,
        BTreeSet::from(["client-request-id", "date", "request-id"])
    );
    let code = body["error"]["code"].as_str().expect("a code");
    (reply.status, code.to_owned())
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

#[tokio::test]
async fn the_report_of_credentials_has_a_line_for_each_that_was_used() {
    let desk = tidy_with(
        "[[applications]]
name = \"erp-bridge\"
secrets = [{ label = \"erp-bridge\", used-days-ago = 40 }]
[[applications]]
name = \"marketing-events\"
secrets = [{ label = \"marketing-events\", absent = [\"used-days-ago\"] }]
",
    )
    .await;
    let token = desk.auditor(GRAPH).await;
    let (rows, pages) = walk(&desk, &format!("{SECRETS}?$top=10"), &token).await;
    assert_eq!((rows.len(), pages), (12, 2));
    let key = crate::sim::names::guid("credential", "erp-bridge");
    let (one, _) = walk(
        &desk,
        &format!("{SECRETS}?$filter=keyId eq '{key}'"),
        &token,
    )
    .await;
    let row = &one[0];
    let documented = BTreeSet::from([
        "appId",
        "appObjectId",
        "createdDateTime",
        "credentialOrigin",
        "expirationDateTime",
        "id",
        "keyId",
        "keyType",
        "keyUsage",
        "resourceId",
        "servicePrincipalObjectId",
        "signInActivity",
    ]);
    assert_eq!(members(row), documented);
    assert_eq!(row["keyType"], "clientSecret");
    assert_eq!(row["credentialOrigin"], "application");
    assert_eq!(
        row["signInActivity"]["lastSignInDateTime"],
        "2026-10-12T06:00:00Z"
    );
    use base64::Engine as _;
    let id = base64::engine::general_purpose::STANDARD.encode(format!("{key}|application"));
    assert_eq!(row["id"], id.as_str());

    let unused = desk.client_id("marketing-events");
    let (none, _) = walk(
        &desk,
        &format!("{SECRETS}?$filter=appId eq '{unused}'"),
        &token,
    )
    .await;
    assert!(none.is_empty());
    // Documented for `eq` on two fields; the sixth request is one too many all the same.
    let odd = desk
        .get(&format!("{SECRETS}?$filter=keyType eq 'secret'"), &token)
        .await;
    assert_eq!(odd.status, 400);
    let refused = desk.get(PRINCIPALS, &token).await;
    assert_eq!(code(&refused), (429, "TooManyRequests".to_owned()));
    let wait: u32 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=10).contains(&wait));
}

#[tokio::test]
async fn the_report_of_principals_knows_when_each_signed_in() {
    let desk = tidy_with(
        "[graph]
report-limit = false
report-spelling = \"example\"
[[applications]]
name = \"erp-bridge\"
signed-in-days-ago = 90
",
    )
    .await;
    let token = desk.auditor(GRAPH).await;
    let of = async |name: &str| {
        let url = format!("{PRINCIPALS}?$filter=appId eq '{}'", desk.client_id(name));
        walk(&desk, &url, &token).await.0
    };
    let row = &of("erp-bridge").await[0];
    let documented = BTreeSet::from([
        "appId",
        "applicationAuthenticationClientSignInActivity",
        "applicationAuthenticationResourceSignInActivity",
        "delegatedClientSignInActivity",
        "delegatedResourceSignInActivity",
        "id",
        "lastSignInActivity",
    ]);
    assert_eq!(members(row), documented);
    let last = &row["lastSignInActivity"];
    assert_eq!(last["lastSignInDateTime"], "2026-08-23T06:00:00Z");
    assert_eq!(
        members(last),
        BTreeSet::from(["lastSignInDateTime", "lastSignInRequestId"])
    );
    // Where nothing else is said, as lately as a secret was used; where none was, no line.
    let last = &of("marketing-events").await[0]["lastSignInActivity"];
    assert_eq!(last["lastSignInDateTime"], "2026-11-20T06:00:00Z");
    assert!(of("intranet-portal").await.is_empty());

    // The limit is off; the other spelling is on.
    for _ in 0..4 {
        let (rows, _) = walk(&desk, SECRETS, &token).await;
        assert!(rows[0].get("expirationDateTime").is_none());
        assert_eq!(rows[0]["keyType"], "secret");
        assert!(rows[0]["expirationDate"].is_string());
    }
}

#[tokio::test]
async fn reports_need_a_permission_a_licence_and_the_global_cloud() {
    for (rights, more, expected) in [
        (
            "Directory.Read.All",
            "",
            "Authentication_MSGraphPermissionMissing",
        ),
        (
            "AuditLog.Read.All",
            "[graph]\nlicensed = false",
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        ),
    ] {
        let desk = with_rights(&[rights], more).await;
        let token = desk.auditor(GRAPH).await;
        for url in [SECRETS, PRINCIPALS] {
            let refused = desk.get(url, &token).await;
            assert_eq!(code(&refused), (403, expected.to_owned()));
        }
    }
    let desk = with_rights(&["AuditLog.Read.All"], "").await;
    let token = desk.auditor(GRAPH).await;
    assert_eq!(desk.get(SECRETS, &token).await.status, 200);
    // It reads no applications, and no batch reaches into beta.
    let apps = format!("{GRAPH}/v1.0/applications");
    assert_eq!(desk.get(&apps, &token).await.status, 403);
    let desk = super::desk("tidy").await;
    let token = desk.auditor(GRAPH).await;
    let urls = ["/beta/reports/appCredentialSignInActivities"];
    assert_eq!(batch(&desk, &token, &urls).await[0].1, 400);
    let url = format!("{GRAPH}/v1.0/reports/appCredentialSignInActivities");
    assert_eq!(desk.get(&url, &token).await.status, 400);
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
    let (rows, _) = walk(&desk, PRINCIPALS, &token).await;
    let last = &rows[0]["lastSignInActivity"]["lastSignInDateTime"];
    assert_eq!(last, "2026-11-20T08:00:00.1234567+02:00");
}
