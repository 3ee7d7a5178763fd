//! Subscriptions, and Azure Resource Graph over what stands in them.

use serde_json::{Value, json};

use super::{Desk, Reply, desk, tidy_with};

const ARM: &str = "https://management.azure.com";
const QUERY: &str = "resources | where type =~ 'microsoft.keyvault/vaults' | project id, name, properties.vaultUri, properties.enableRbacAuthorization, properties.enablePurgeProtection | order by id asc";

async fn ask(desk: &Desk, body: &Value) -> Reply {
    let token = desk.auditor(ARM).await;
    let url = format!("{ARM}/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01");
    desk.send(desk.http.post(url).bearer_auth(token).json(body))
        .await
}

async fn subscriptions(desk: &Desk) -> Reply {
    let token = desk.auditor(ARM).await;
    desk.get(
        &format!("{ARM}/subscriptions?api-version=2022-12-01"),
        &token,
    )
    .await
}

fn codes(reply: &Reply) -> Vec<String> {
    let error = reply.json()["error"].clone();
    let details = error["details"].as_array().cloned().unwrap_or_default();
    let all = std::iter::once(error).chain(details);
    all.map(|one| one["code"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn a_reader_finds_the_vaults() {
    let desk = desk("tidy").await;
    let reply = ask(&desk, &json!({ "query": QUERY })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.header("x-ms-user-quota-remaining"), "14");
    assert_eq!(reply.header("x-ms-user-quota-resets-after"), "00:00:05");
    let body = reply.json();
    assert_eq!(
        (&body["totalRecords"], &body["count"]),
        (&json!(3), &json!(3))
    );
    // A text, not a truth.
    assert_eq!(body["resultTruncated"], "false");
    assert_eq!(body["facets"], json!([]));
    assert!(body.get("$skipToken").is_none());
    let rows = body["data"].as_array().expect("rows");
    let names: Vec<&str> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(
        names,
        [
            "kv-contoso-crm-dev",
            "kv-contoso-crm-prod",
            "kv-contoso-crm-test"
        ]
    );
    let row = rows[1].as_object().expect("a row");
    assert_eq!(row.len(), 5);
    // A path without a name of its own gets one.
    assert_eq!(
        row["properties_vaultUri"],
        "https://kv-contoso-crm-prod.vault.azure.net/"
    );
    assert_eq!(row["properties_enableRbacAuthorization"], true);

    // What is no vault stands there, too; a misspelt property is null.
    let all = ask(
        &desk,
        &json!({ "query": "Resources | project id, uri = properties.vaultURL" }),
    )
    .await;
    let body = all.json();
    assert_eq!(body["totalRecords"], 4);
    assert!(
        body["data"]
            .as_array()
            .is_some_and(|rows| rows.iter().all(|row| row["uri"].is_null()))
    );
}

#[tokio::test]
async fn properties_follow_the_vault() {
    let desk = tidy_with(
        "[vaults.kv-contoso-crm-dev]\npurgeable = true\naccess-policies = true\n[vaults.kv-contoso-crm-test]\nseen-by-resource-graph = false",
    )
    .await;
    let body = ask(&desk, &json!({ "query": QUERY })).await.json();
    assert_eq!(body["totalRecords"], 2);
    let dev = &body["data"][0];
    assert_eq!(dev["properties_enableRbacAuthorization"], false);
    assert!(dev["properties_enablePurgeProtection"].is_null());
    // It is there all the same.
    let token = desk.auditor("https://vault.azure.net").await;
    let url = "https://kv-contoso-crm-test.vault.azure.net/secrets?api-version=7.5";
    assert_eq!(desk.get(url, &token).await.status, 200);
}

#[tokio::test]
async fn results_come_in_pages_while_rows_have_an_id() {
    let desk = desk("tidy").await;
    let (mut options, mut names, mut pages) = (json!({ "$top": 1 }), Vec::new(), 0);
    loop {
        let body = ask(&desk, &json!({ "query": QUERY, "options": options }))
            .await
            .json();
        assert_eq!(body["totalRecords"], 3);
        names.extend(body["data"].as_array().expect("rows").clone());
        let Some(token) = body["$skipToken"].as_str() else {
            assert_eq!(body["resultTruncated"], "false");
            break;
        };
        assert_eq!(
            (&body["resultTruncated"], &body["count"]),
            (&json!("true"), &json!(1))
        );
        options = json!({ "$skipToken": token });
        pages += 1;
    }
    // The token knows how large the pages are.
    assert_eq!((names.len(), pages), (3, 2));
    // Without an id, or with a limit of its own, a result has no next page.
    for query in [
        "resources | project name",
        "resources | project id | limit 3",
    ] {
        let body = ask(&desk, &json!({ "query": query, "options": { "$top": 1 } }))
            .await
            .json();
        assert_eq!(body["resultTruncated"], "true", "{query}");
        assert!(body.get("$skipToken").is_none(), "{query}");
    }
    for options in [
        json!({ "$top": 0 }),
        json!({ "$top": 1001 }),
        json!({ "$skipToken": "x" }),
    ] {
        let reply = ask(&desk, &json!({ "query": QUERY, "options": options })).await;
        assert_eq!(reply.status, 400);
    }
    // As Microsoft's clients send it.
    let options = json!({ "allowPartialScopes": false, "resultFormat": "table" });
    let body = ask(&desk, &json!({ "query": QUERY, "options": options }))
        .await
        .json();
    assert_eq!(
        body["data"]["columns"][1],
        json!({ "name": "name", "type": "string" })
    );
    assert_eq!(body["data"]["rows"][0][1], "kv-contoso-crm-dev");
}

#[tokio::test]
async fn a_truncated_result_can_be_without_a_token() {
    let desk = tidy_with("[discovery.resource-graph]\ntruncated-without-token = true").await;
    let body = ask(&desk, &json!({ "query": QUERY })).await.json();
    assert_eq!(body["resultTruncated"], "true");
    assert!(body.get("$skipToken").is_none());
    assert_eq!(
        (&body["totalRecords"], &body["count"]),
        (&json!(3), &json!(1))
    );
}

#[tokio::test]
async fn a_query_that_is_not_understood_is_refused_in_the_services_words() {
    let desk = desk("tidy").await;
    let reply = ask(
        &desk,
        &json!({ "query": "resources\n| where type =~ 'x'\n| mv-apply y" }),
    )
    .await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        codes(&reply),
        ["BadRequest", "InvalidQuery", "ParserFailure"]
    );
    let failure = &reply.json()["error"]["details"][1];
    assert_eq!(
        (&failure["line"], &failure["token"]),
        (&json!(3), &json!("mv"))
    );
    for body in [
        json!({}),
        json!({ "query": QUERY, "managementGroups": ["x"] }),
    ] {
        let reply = ask(&desk, &body).await;
        assert_eq!(
            (reply.status, codes(&reply)),
            (400, vec!["InvalidRequestContent".to_owned()])
        );
    }
}

#[tokio::test]
async fn rights_on_subscriptions_decide() {
    let desk = tidy_with("[discovery]\nsubscription-readers = []").await;
    // Without a right the list is empty, and nothing refused.
    let reply = subscriptions(&desk).await;
    assert_eq!(
        (reply.status, reply.json()["value"].clone()),
        (200, json!([]))
    );
    let reply = ask(&desk, &json!({ "query": QUERY })).await;
    assert_eq!(
        (reply.status, codes(&reply)),
        (403, vec!["AccessDenied".to_owned(); 2])
    );
    let id = crate::sim::names::guid("subscription", "contoso");
    let reply = ask(&desk, &json!({ "query": QUERY, "subscriptions": [id] })).await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        codes(&reply),
        ["BadRequest", "NoValidSubscriptionsInQueryRequest"]
    );

    let desk = tidy_with(
        "[vaults.kv-contoso-crm-dev]\nsubscription = \"sales\"\n[vaults.kv-contoso-crm-test]\nsubscription = \"lab\"\n[discovery]\nunreadable-subscriptions = [\"lab\"]\nsubscription-page = 1",
    )
    .await;
    let first = subscriptions(&desk).await.json();
    assert_eq!(first["value"][0]["displayName"], "contoso");
    let token = desk.auditor(ARM).await;
    let link = first["nextLink"].as_str().expect("a link");
    let second = desk.get(link, &token).await.json();
    let sales = second["value"][0]["subscriptionId"]
        .as_str()
        .expect("an id");
    assert!(second.get("nextLink").is_none());
    let all = ask(&desk, &json!({ "query": QUERY })).await.json();
    assert_eq!(all["totalRecords"], 2);
    // One that it does not read is passed over without a word.
    let lab = crate::sim::names::guid("subscription", "lab");
    let some = ask(
        &desk,
        &json!({ "query": QUERY, "subscriptions": [sales, lab] }),
    )
    .await;
    assert_eq!(some.json()["data"][0]["name"], "kv-contoso-crm-dev");
    assert_eq!(some.json()["totalRecords"], 1);
    let none = ask(
        &desk,
        &json!({ "query": QUERY, "subscriptions": ["sales"] }),
    )
    .await;
    assert_eq!(
        codes(&none),
        ["BadRequest", "SubscriptionsContainInvalidGuids"]
    );
}

#[tokio::test]
async fn too_many_queries_are_refused_with_the_time_to_wait() {
    let desk = desk("tidy").await;
    let token = desk.auditor(ARM).await;
    let url = format!("{ARM}/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01");
    let send = || {
        desk.http
            .post(&url)
            .bearer_auth(&token)
            .json(&json!({ "query": QUERY }))
            .send()
    };
    let replies = futures::future::join_all((0..40).map(|_| send())).await;
    let refused = replies
        .into_iter()
        .map(|reply| reply.expect("an answer"))
        .find(|reply| reply.status() == 429)
        .expect("one too many");
    let header = |name: &str| refused.headers()[name].to_str().expect("text").to_owned();
    let seconds: u32 = header("retry-after").parse().expect("seconds");
    assert!((1..=5).contains(&seconds));
    assert_eq!(
        header("x-ms-user-quota-resets-after"),
        format!("00:00:0{seconds}")
    );
    assert_eq!(header("x-ms-user-quota-remaining"), "0");

    let fault = "[discovery.resource-graph]\nlimit = false\n[[faults]]\nservice = \"management\"\nretry-after = \"7\"\ntimes = 1";
    let desk = tidy_with(fault).await;
    let reply = ask(&desk, &json!({ "query": QUERY })).await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, "7"));
    assert_eq!(codes(&reply), ["RateLimiting", "RateLimiting"]);
    assert_eq!(ask(&desk, &json!({ "query": QUERY })).await.status, 200);
}

#[tokio::test]
async fn only_a_token_for_the_management_of_azure_is_taken() {
    let desk = desk("tidy").await;
    let url = format!("{ARM}/subscriptions?api-version=2022-12-01");
    let foreign = desk.auditor("https://graph.microsoft.com").await;
    for (token, code) in [
        (foreign.as_str(), "InvalidAuthenticationTokenAudience"),
        ("x.y.z", "InvalidAuthenticationToken"),
    ] {
        let reply = desk.get(&url, token).await;
        assert_eq!((reply.status, codes(&reply)), (401, vec![code.to_owned()]));
        assert!(reply.header("www-authenticate").starts_with("Bearer "));
    }
    let older = desk.auditor("https://management.core.windows.net/").await;
    assert_eq!(desk.get(&url, &older).await.status, 200);
    let reply = desk.get(&format!("{ARM}/subscriptions"), &older).await;
    assert_eq!(
        (reply.status, codes(&reply)),
        (400, vec!["MissingApiVersionParameter".to_owned()])
    );
    let nowhere = desk
        .get(&format!("{ARM}/somewhere?api-version=2022-12-01"), &older)
        .await;
    assert_eq!(
        (nowhere.status, codes(&nowhere)),
        (404, vec!["MissingSubscription".to_owned()])
    );
}
