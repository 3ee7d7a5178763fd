//! Environments as the Power Platform API lists them, and the administration service before it.

use super::{Desk, Reply, desk, tidy_with};

const API: &str = "https://api.powerplatform.com";
const LIST: &str =
    "https://api.powerplatform.com/environmentmanagement/environments?api-version=2024-10-01";
const OLDER: &str = "https://api.bap.microsoft.com";
const OLDER_PATH: &str = "https://api.bap.microsoft.com/providers/Microsoft.BusinessAppPlatform";

async fn listed(desk: &Desk, query: &str) -> Reply {
    let token = desk.auditor(API).await;
    desk.get(&format!("{LIST}{query}"), &token).await
}

fn texts(reply: &Reply, field: &str) -> Vec<String> {
    let body = reply.json();
    let rows = body["value"].as_array().expect("rows").clone();
    rows.iter().map(|row| row[field].to_string()).collect()
}

#[tokio::test]
async fn a_reader_lists_every_environment_flat() {
    let desk = desk("tidy").await;
    let reply = listed(&desk, "").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let body = reply.json();
    assert!(body.get("@odata.nextlink").is_none());
    let rows = body["value"].as_array().expect("rows");
    assert_eq!(rows.len(), 3);
    let prod = rows
        .iter()
        .find(|row| row["url"] == "https://contoso.crm4.dynamics.com/")
        .expect("prod");
    assert_eq!(prod["displayName"], "Contoso");
    assert_eq!(prod["type"], "Production");
    assert_eq!(prod["state"], "Ready");
    assert_eq!(prod["dataverseId"], "c670c21c-3b41-43f4-a262-20ddaa647779");
    assert_eq!(prod["tenantId"], super::TENANT);
    assert!(prod.get("properties").is_none());
    assert_eq!(
        prod["finOpsMetadata"]["url"],
        "https://contoso.operations.dynamics.com/"
    );
    let types = texts(&reply, "type");
    for kind in ["\"Sandbox\"", "\"Developer\""] {
        assert!(types.iter().any(|known| known == kind), "{types:?}");
    }
}

#[tokio::test]
async fn without_the_role_the_list_is_forbidden() {
    let desk = tidy_with("[discovery]\npower-platform-readers = []").await;
    let reply = listed(&desk, "").await;
    assert_eq!(reply.status, 403);
    assert_eq!(reply.json()["error"]["code"], "Forbidden");
    // Nor has anybody else it.
    let token = desk.token("erp-bridge", API).await;
    assert_eq!(desk.get(LIST, &token).await.status, 403);

    let named = tidy_with("[discovery]\npower-platform-readers = [\"erp-bridge\"]").await;
    let token = named.token("erp-bridge", API).await;
    assert_eq!(named.get(LIST, &token).await.status, 200);
}

#[tokio::test]
async fn only_a_token_for_the_api_is_taken() {
    let desk = desk("tidy").await;
    let foreign = desk.auditor("https://graph.microsoft.com").await;
    for (token, code) in [
        (foreign.as_str(), "InvalidAuthenticationAudience"),
        ("x.y.z", "InvalidAuthenticationToken"),
    ] {
        let reply = desk.get(LIST, token).await;
        assert_eq!(reply.status, 401);
        assert_eq!(reply.json()["error"]["code"], code);
    }
    let bare = desk.send(desk.http.get(LIST)).await;
    assert_eq!(bare.status, 401);
    assert!(bare.header("www-authenticate").starts_with("Bearer "));

    let token = desk.auditor(API).await;
    let unversioned = format!("{API}/environmentmanagement/environments");
    assert_eq!(desk.get(&unversioned, &token).await.status, 400);
    assert_eq!(
        desk.get(&format!("{unversioned}?api-version=1"), &token)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_tenant_without_the_apis_principal_gives_no_token_for_it() {
    let desk = tidy_with("[discovery]\nwithout-power-platform-api = true").await;
    let id = desk.client_id("credaudit");
    let reply = desk.sign_in(&id, "credaudit", API).await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()["error_codes"][0], 500_011);
    assert_eq!(desk.sign_in(&id, "credaudit", OLDER).await.status, 200);
}

#[tokio::test]
async fn pages_are_strung_together_by_a_link_in_small_letters() {
    let desk = tidy_with(
        "[discovery]\nenvironment-page = 2\nenvironments-without-dataverse = [\"Contoso (default)\"]",
    )
    .await;
    let token = desk.auditor(API).await;
    let (mut url, mut names, mut pages) = (LIST.to_owned(), Vec::new(), 0);
    loop {
        let reply = desk.get(&url, &token).await;
        names.extend(texts(&reply, "displayName"));
        pages += 1;
        let body = reply.json();
        assert!(body.get("@odata.nextLink").is_none());
        match body["@odata.nextlink"].as_str() {
            Some(link) => link.clone_into(&mut url),
            None => break,
        }
    }
    assert_eq!((names.len(), pages), (4, 2), "{names:?}");
    // What has no Dataverse has no address.
    let reply = listed(&desk, "&$filter=type eq 'Default'").await;
    let body = reply.json();
    assert_eq!(body["value"].as_array().map(Vec::len), Some(1));
    assert!(body["value"][0]["url"].is_null());
    let two = listed(&desk, "&$top=3&$select=id,url").await.json();
    assert_eq!(two["value"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        two["value"][0].as_object().map(serde_json::Map::len),
        Some(2)
    );
    let link = two["@odata.nextlink"].as_str().expect("a link");
    let rest = desk.get(link, &token).await.json();
    assert_eq!(rest["value"].as_array().map(Vec::len), Some(1));
    assert!(rest.get("@odata.nextlink").is_none());
}

#[tokio::test]
async fn a_query_that_is_not_understood_is_refused() {
    let desk = desk("tidy").await;
    for query in [
        "&$orderby=displayName",
        "&$filter=displayName eq 'Contoso'",
        "&$top=x",
    ] {
        assert_eq!(listed(&desk, query).await.status, 400, "{query}");
    }
    let one = listed(&desk, "&$filter=domainName eq 'contoso-test'").await;
    assert_eq!(texts(&one, "displayName"), ["\"Contoso Test\""]);
}

#[tokio::test]
async fn the_older_service_answers_management_applications_only() {
    let environments = format!("{OLDER_PATH}/scopes/admin/environments?api-version=2020-10-01");
    let applications = format!("{OLDER_PATH}/adminApplications?api-version=2020-10-01");
    let desk = desk("tidy").await;
    let token = desk.auditor(OLDER).await;
    for url in [&environments, &applications] {
        let reply = desk.get(url, &token).await;
        assert_eq!(reply.status, 403);
        let text = reply.json()["error"]["message"].to_string();
        assert!(
            text.contains("does not have permission to access the path"),
            "{text}"
        );
    }

    let desk =
        tidy_with("[discovery]\nmanagement-applications = [\"credaudit\", \"erp-bridge\"]").await;
    let token = desk.auditor("https://service.powerapps.com").await;
    let body = desk.get(&environments, &token).await.json();
    let rows = body["value"].as_array().expect("rows");
    assert_eq!(rows.len(), 3);
    let linked = &rows[0]["properties"]["linkedEnvironmentMetadata"];
    assert!(
        linked["instanceUrl"]
            .as_str()
            .is_some_and(|url| url.ends_with(".dynamics.com/"))
    );
    let body = desk.get(&applications, &token).await.json();
    let ids = [desk.client_id("credaudit"), desk.client_id("erp-bridge")];
    for id in ids {
        let rows = body["value"].as_array().expect("rows");
        assert!(rows.iter().any(|row| row["applicationId"] == id.as_str()));
    }
}

#[tokio::test]
async fn the_government_community_cloud_has_hosts_of_its_own() {
    let changes = "[environments.test]\nhost = \"contoso-test.crm9.dynamics.com\"";
    let desk = tidy_with(changes).await;
    assert_eq!(texts(&listed(&desk, "").await, "url").len(), 2);
    let api = "https://api.gov.powerplatform.microsoft.us";
    let token = desk.auditor(api).await;
    let url = format!("{api}/environmentmanagement/environments?api-version=2024-10-01");
    let reply = desk.get(&url, &token).await;
    assert_eq!(
        texts(&reply, "url"),
        ["\"https://contoso-test.crm9.dynamics.com/\""]
    );
}
