//! The challenge, lists, values and refusals of Key Vault.

use super::{VAULT, desk, desk_of, tidy};

const RESOURCE: &str = "https://vault.azure.net";

#[tokio::test]
async fn the_first_answer_is_a_challenge() {
    let desk = desk("tidy").await;
    let reply = desk
        .send(
            desk.http
                .get(format!("{VAULT}/secrets?api-version=2025-07-01")),
        )
        .await;
    assert_eq!(reply.status, 401);
    assert_eq!(
        reply.header("www-authenticate"),
        format!(
            "Bearer authorization=\"{}/{}\", resource=\"{RESOURCE}\"",
            super::LOGIN,
            super::TENANT
        )
    );
    assert_eq!(reply.json()["error"]["code"], "Unauthorized");
    let foreign = desk.auditor("https://graph.microsoft.com").await;
    let reply = desk
        .get(&format!("{VAULT}/secrets?api-version=7.5"), &foreign)
        .await;
    assert_eq!(reply.status, 401);
}

#[tokio::test]
async fn a_list_has_pages_and_no_values() {
    let desk = desk("tidy").await;
    let token = desk.auditor(RESOURCE).await;
    let mut url = format!("{VAULT}/secrets?api-version=7.5&maxresults=3");
    let mut names = Vec::new();
    loop {
        let reply = desk.get(&url, &token).await;
        assert!(!reply.text.contains(crate::sim::SECRET_CANARY));
        let body = reply.json();
        for row in body["value"].as_array().expect("rows") {
            assert!(row["attributes"]["created"].is_i64());
            names.push(row["id"].as_str().expect("an id").to_owned());
        }
        match body["nextLink"].as_str() {
            Some(link) => {
                assert!(link.starts_with(&format!("{VAULT}:443/secrets?")), "{link}");
                url = link.replace(":443", "");
            }
            None => break,
        }
    }
    // Six secrets and a client id.
    assert_eq!(names.len(), 7);
    let without = desk.get(&format!("{VAULT}/secrets"), &token).await;
    assert_eq!(
        (without.status, without.json()["error"]["code"].clone()),
        (400, "BadParameter".into())
    );
}

#[tokio::test]
async fn a_value_is_read_by_name_and_by_version() {
    let desk = desk("tidy").await;
    let token = desk.auditor(RESOURCE).await;
    let url = format!("{VAULT}/secrets/erp-bridge-secret/?api-version=2025-07-01");
    let body = desk.get(&url, &token).await.json();
    assert_eq!(body["value"], crate::sim::names::secret("erp-bridge"));
    assert!(body["attributes"]["exp"].is_i64());
    let id = body["id"].as_str().expect("an id").to_owned();
    let again = desk
        .get(&format!("{id}?api-version=2025-07-01"), &token)
        .await
        .json();
    assert_eq!(again["value"], body["value"]);
    let url = format!("{VAULT}/secrets/erp-bridge-secret/versions?api-version=2025-07-01");
    assert_eq!(desk.get(&url, &token).await.json()["value"][0]["id"], id);
    let url = format!("{VAULT}/certificates/crm-prod-gateway/?api-version=2025-07-01");
    assert!(desk.get(&url, &token).await.json()["cer"].is_string());
}

#[tokio::test]
async fn values_come_in_the_shapes_people_store_them_in() {
    let desk = desk("neglected").await;
    let token = desk.auditor(RESOURCE).await;
    let read = async |name: &str| {
        desk.get(&format!("{VAULT}/secrets/{name}?api-version=7.5"), &token)
            .await
    };
    let cti = read("telephony-cti-secret").await.json();
    assert!(
        cti["value"]
            .as_str()
            .is_some_and(|value| value.ends_with('\n'))
    );
    let json = read("document-archive-secret").await.json();
    assert!(
        json["value"]
            .as_str()
            .is_some_and(|value| value.contains("\"clientSecret\""))
    );
    let gone = read("sms-gateway-secret").await;
    assert_eq!(
        (gone.status, gone.json()["error"]["code"].clone()),
        (404, "SecretNotFound".into())
    );
    let off = read("quote-signing-secret").await;
    assert_eq!(off.status, 403);
    assert_eq!(off.json()["error"]["innererror"]["code"], "SecretDisabled");
}

#[tokio::test]
async fn roles_decide_between_list_and_value() {
    let text = tidy(
        "credaudit = [\"reader\", \"secrets-user\"]",
        "credaudit = [\"secrets-get\"], erp-bridge = [\"reader\"]",
        "",
    );
    let desk = desk_of(&text).await;
    let list = format!("{VAULT}/secrets?api-version=7.5");
    let value = format!("{VAULT}/secrets/erp-bridge-secret?api-version=7.5");
    let auditor = desk.auditor(RESOURCE).await;
    let reader = desk.token("erp-bridge", RESOURCE).await;
    let stranger = desk.token("marketing-events", RESOURCE).await;
    for (url, token, status) in [
        (&list, &auditor, 403),
        (&value, &auditor, 200),
        (&list, &reader, 200),
        (&value, &reader, 403),
        (&list, &stranger, 403),
        (&value, &stranger, 403),
    ] {
        let reply = desk.get(url, token).await;
        assert_eq!(reply.status, status, "{url}");
        if status == 403 {
            let error = reply.json()["error"].clone();
            assert_eq!(error["innererror"]["code"], "ForbiddenByRbac");
            assert!(error["message"].as_str().is_some_and(|text| {
                text.contains("\r\nAction: 'Microsoft.KeyVault/vaults/secrets/")
            }));
        }
    }
}

#[tokio::test]
async fn a_firewall_refuses_everybody() {
    let new = "[vaults.kv-contoso-crm-prod]\nrefuse = \"ForbiddenByFirewall\"";
    let desk = desk_of(&tidy("[vaults.kv-contoso-crm-prod]", new, "")).await;
    let token = desk.auditor(RESOURCE).await;
    let reply = desk
        .get(&format!("{VAULT}/secrets?api-version=7.5"), &token)
        .await;
    assert_eq!(
        reply.json()["error"]["innererror"]["code"],
        "ForbiddenByFirewall"
    );
}

#[tokio::test]
async fn a_good_token_can_meet_a_vault_that_does_not_know_its_key() {
    let url = format!("{VAULT}/secrets?api-version=7.5");
    for (change, statuses) in [
        ("akv10046-times = 1", [401, 200, 200]),
        ("akv10046-times = 2", [401, 401, 200]),
        ("refuse = \"AKV10046\"", [401, 401, 401]),
    ] {
        let desk = super::tidy_with(&format!("[vaults.kv-contoso-crm-prod]\n{change}")).await;
        let token = desk.auditor(RESOURCE).await;
        for status in statuses {
            let reply = desk.get(&url, &token).await;
            assert_eq!(reply.status, status, "{change}");
            if status == 401 {
                let error = reply.json()["error"].clone();
                assert_eq!(error["code"], "Unauthorized");
                let text = error["message"].as_str().unwrap_or_default();
                assert!(text.starts_with("AKV10046: "), "{text}");
                assert!(!text.contains(&token));
            }
        }
        // Without a token it is the challenge, whatever the vault knows.
        let bare = desk.send(desk.http.get(&url)).await;
        assert!(bare.text.contains("AKV10000"), "{}", bare.text);
    }
}

#[tokio::test]
async fn a_list_shows_what_an_entry_can_be_told_by() {
    let tidy = desk("tidy").await;
    let token = tidy.auditor(RESOURCE).await;
    let url = "https://kv-contoso-crm-test.vault.azure.net/secrets?api-version=7.4";
    let reply = tidy.get(url, &token).await;
    assert!(!reply.text.contains(crate::sim::SECRET_CANARY));
    let rows = reply.json()["value"].as_array().expect("rows").clone();
    let row = |name: &str| {
        let end = format!("/secrets/{name}");
        let mut rows = rows.iter();
        rows.find(|row| row["id"].as_str().is_some_and(|id| id.ends_with(&end)))
            .unwrap_or_else(|| panic!("{name}"))
    };
    let tagged = row("erp-bridge-test-secret");
    let id = tidy.client_id("erp-bridge-test");
    assert_eq!(tagged["tags"]["application-id"], id.as_str());
    let kind = &row("marketing-events-test-secret")["contentType"];
    let id = tidy.client_id("marketing-events-test");
    assert!(kind.as_str().is_some_and(|kind| kind.ends_with(&id)));
    let bare = row("raia-contact-sync-test-secret");
    assert_eq!(bare["tags"], serde_json::json!({}));
    assert!(bare.get("contentType").is_none());
    assert_eq!(bare["attributes"]["exp"], tagged["attributes"]["exp"]);

    // By its name one registration's, by its tag another's.
    let everything = desk("everything").await;
    let token = everything.auditor(RESOURCE).await;
    let url = format!("{VAULT}/secrets/power-bi-extract-secret/versions?api-version=7.4");
    let body = everything.get(&url, &token).await.json();
    let id = everything.client_id("erp-bridge");
    assert_eq!(body["value"][0]["tags"]["application-id"], id.as_str());
}
