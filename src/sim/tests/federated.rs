//! Federated credentials: v1.0 fails where one of them is flexible, beta shows all.

use super::credentials::batch;
use super::{Desk, Reply, tidy_with};

const GRAPH: &str = "https://graph.microsoft.com";
const TRUST: &str = "
[[applications]]
name = \"erp-bridge\"
federated = [
    { name = \"gh\", issuer = \"https://token.actions.githubusercontent.com\", subject = \"repo:contoso/crm:ref:refs/heads/main\" },
    { name = \"tags\", issuer = \"https://token.actions.githubusercontent.com\", expression = \"claims['sub'] matches 'repo:contoso/crm:ref:refs/tags/*'\" },
]
";

async fn federated(desk: &Desk, version: &str, of: &str) -> Reply {
    let token = desk.auditor(GRAPH).await;
    let id = desk.client_id(of);
    let url = format!("{GRAPH}/{version}/applications(appId='{id}')/federatedIdentityCredentials");
    desk.get(&url, &token).await
}

#[tokio::test]
async fn v1_breaks_off_amid_the_json_and_beta_has_the_expression() {
    let desk = tidy_with(TRUST).await;
    let broken = federated(&desk, "v1.0", "erp-bridge").await;
    assert_eq!(broken.status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&broken.text).is_err());
    assert!(
        broken
            .text
            .contains("{\"error\":{\"code\":\"InternalServerError\"")
    );
    assert!(broken.text.contains("subject[Nullable=False]"));
    assert!(!broken.text.contains("refs/tags"));

    let whole = federated(&desk, "beta", "erp-bridge").await.json();
    let context = whole["@odata.context"].as_str().expect("a context");
    assert!(
        context.starts_with(&format!("{GRAPH}/beta/$metadata#applications('")),
        "{context}"
    );
    let rows = whole["value"].as_array().expect("rows");
    assert_eq!(rows.len(), 2);
    assert!(rows[0]["claimsMatchingExpression"].is_null());
    assert!(rows[1]["subject"].is_null());
    assert_eq!(rows[1]["claimsMatchingExpression"]["languageVersion"], 1);
    let text = rows[1]["claimsMatchingExpression"]["value"].to_string();
    assert!(text.contains("refs/tags/*"), "{text}");

    // Others are not touched by it.
    let other = federated(&desk, "v1.0", "marketing-events").await;
    assert_eq!(other.json()["value"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn v1_can_answer_500_and_does_so_inside_of_a_batch() {
    let id = |desk: &Desk| desk.client_id("erp-bridge");
    let desk = tidy_with(&format!("[graph]\nflexible = \"internal-error\"\n{TRUST}")).await;
    let refused = federated(&desk, "v1.0", "erp-bridge").await;
    assert_eq!(refused.status, 500);
    assert_eq!(refused.json()["error"]["code"], "InternalServerError");

    let desk = tidy_with(TRUST).await;
    let token = desk.auditor(GRAPH).await;
    let list = format!(
        "/applications(appId='{}')/federatedIdentityCredentials",
        id(&desk)
    );
    let expanded = format!(
        "/applications(appId='{}')?$expand=federatedIdentityCredentials",
        id(&desk)
    );
    for (_, status, body) in batch(&desk, &token, &[&list, &expanded]).await {
        assert_eq!(status, 500);
        assert_eq!(body["error"]["code"], "InternalServerError");
    }
    let url = format!("{GRAPH}/beta/$batch");
    let parts = serde_json::json!({ "requests": [{ "id": "1", "method": "GET", "url": list }] });
    let reply = desk
        .send(desk.http.post(url).bearer_auth(&token).json(&parts))
        .await;
    let rows = reply.json()["responses"][0]["body"]["value"]
        .as_array()
        .map(Vec::len);
    assert_eq!(rows, Some(2));
}
