//! Applications, service principals, owners and batches.

use serde_json::json;

use super::{desk, desk_of, tidy};

const GRAPH: &str = "https://graph.microsoft.com";

#[tokio::test]
async fn applications_come_in_pages() {
    let desk = desk("tidy").await;
    let token = desk.auditor(GRAPH).await;
    let mut url = format!("{GRAPH}/v1.0/applications?$select=id,appId&$top=6");
    let (mut ids, mut pages) = (Vec::new(), 0);
    loop {
        let body = desk.get(&url, &token).await.json();
        let rows = body["value"].as_array().expect("rows").clone();
        assert!(
            rows.iter()
                .all(|row| row.as_object().expect("a row").len() == 2)
        );
        ids.extend(rows);
        pages += 1;
        match body["@odata.nextLink"].as_str() {
            Some(link) => link.clone_into(&mut url),
            None => break,
        }
        assert!(url.contains("$skiptoken="), "{url}");
    }
    // Twelve registrations, the auditor, and two that have nothing to do with Dynamics.
    assert_eq!((ids.len(), pages), (15, 3));
}

#[tokio::test]
async fn an_application_shows_what_a_recorded_one_shows() {
    let desk = desk("tidy").await;
    let token = desk.auditor(GRAPH).await;
    let id = desk.client_id("erp-bridge");
    let url = format!("{GRAPH}/v1.0/applications?$filter=appId eq '{id}'");
    let reply = desk.get(&url, &token).await;
    assert_eq!(reply.header("odata-version"), "4.0");
    let body = reply.json();
    let row = &body["value"][0];
    let secret = &row["passwordCredentials"][0];
    assert_eq!(secret["hint"], crate::sim::names::hint("erp-bridge"));
    assert!(secret["secretText"].is_null() && secret.get("secretText").is_some());
    assert_eq!(secret["endDateTime"], "2027-03-11T07:00:00Z");
    assert_eq!(
        row["web"]["implicitGrantSettings"]["enableIdTokenIssuance"],
        false
    );
    assert_eq!(row["signInAudience"], "AzureADMyOrg");

    // The same by key, and its principal.
    let url = format!("{GRAPH}/v1.0/applications(appId='{id}')");
    assert_eq!(desk.get(&url, &token).await.json()["id"], row["id"]);
    let url = format!("{GRAPH}/v1.0/servicePrincipals(appId='{id}')?$select=accountEnabled");
    assert_eq!(desk.get(&url, &token).await.json()["accountEnabled"], true);
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_not_there() {
    let desk = desk("neglected").await;
    let token = desk.auditor(GRAPH).await;
    for (name, set) in [
        ("crm-backup", "applications"),
        ("tax-engine", "servicePrincipals"),
    ] {
        let url = format!("{GRAPH}/v1.0/{set}(appId='{}')", desk.client_id(name));
        let reply = desk.get(&url, &token).await;
        assert_eq!(reply.status, 404, "{name}");
        assert_eq!(reply.json()["error"]["code"], "Request_ResourceNotFound");
    }
}

#[tokio::test]
async fn rights_decide_what_is_seen() {
    let desk = desk("tidy").await;
    let stranger = desk.token("erp-bridge", GRAPH).await;
    let reply = desk
        .get(&format!("{GRAPH}/v1.0/applications"), &stranger)
        .await;
    assert_eq!(reply.status, 403);
    assert_eq!(reply.json()["error"]["code"], "Authorization_RequestDenied");
    let reply = desk
        .get(&format!("{GRAPH}/v1.0/applications"), "no.token.here")
        .await;
    assert_eq!(reply.status, 401);
    assert_eq!(reply.json()["error"]["code"], "InvalidAuthenticationToken");

    let owners = format!(
        "{GRAPH}/v1.0/applications(appId='{}')/owners",
        desk.client_id("erp-bridge")
    );
    let seen = desk.get(&owners, &desk.auditor(GRAPH).await).await.json();
    assert_eq!(seen["value"][0]["mail"], "ben.okafor@contoso.com");
    assert_eq!(seen["value"].as_array().map(Vec::len), Some(2));

    // Directory.Read.All reads users as well.
    let text = tidy("    \"Directory.Read.All\",\n", "", "");
    let desk = desk_of(&text.replacen("    \"User.ReadBasic.All\",\n", "", 1)).await;
    let blind = desk.get(&owners, &desk.auditor(GRAPH).await).await.json();
    assert!(blind["value"][0]["mail"].is_null());
    assert_eq!(blind["value"][0]["id"], seen["value"][0]["id"]);
}

#[tokio::test]
async fn a_batch_answers_each_part_by_itself() {
    let desk = desk("tidy").await;
    let token = desk.auditor(GRAPH).await;
    let part =
        |id: &str, method: &str, url: String| json!({ "id": id, "method": method, "url": url });
    let found = format!(
        "/applications(appId='{}')/owners",
        desk.client_id("erp-bridge")
    );
    let batch = json!({ "requests": [
        part("1", "GET", found),
        part("2", "GET", "/applications/nowhere".to_owned()),
        part("3", "DELETE", "/applications/nowhere".to_owned()),
    ] });
    let url = format!("{GRAPH}/v1.0/$batch");
    let reply = desk
        .send(desk.http.post(&url).bearer_auth(&token).json(&batch))
        .await;
    assert_eq!(reply.status, 200);
    let body = reply.json();
    let status = |id: &str| {
        let parts = body["responses"].as_array().expect("parts");
        parts
            .iter()
            .find(|part| part["id"] == id)
            .map(|part| part["status"].clone())
    };
    assert_eq!(status("1"), Some(200.into()));
    assert_eq!(status("2"), Some(404.into()));
    assert_eq!(status("3"), Some(405.into()));
    let requests = desk.sim.requests();
    assert!(
        requests
            .iter()
            .any(|seen| seen.in_batch && seen.method == "DELETE")
    );

    let many: Vec<_> = (0..21)
        .map(|id| part(&id.to_string(), "GET", "/applications".to_owned()))
        .collect();
    let batch = json!({ "requests": many });
    let reply = desk
        .send(desk.http.post(&url).bearer_auth(&token).json(&batch))
        .await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn mistyped_properties_and_unknown_options_are_no_empty_answers() {
    let desk = desk("tidy").await;
    let token = desk.auditor(GRAPH).await;
    for query in [
        "$select=appID",
        "$select=id,nothing",
        "$orderby=appId",
        "$filter=appId lt 'x'",
        "$top=1000",
    ] {
        let reply = desk
            .get(&format!("{GRAPH}/v1.0/applications?{query}"), &token)
            .await;
        assert_eq!(reply.status, 400, "{query}");
    }
    let reply = desk
        .get(
            &format!("{GRAPH}/v1.0/applications?$select=isDisabled"),
            &token,
        )
        .await;
    assert_eq!(reply.status, 200);
}
