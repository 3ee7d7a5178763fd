//! Secrets made just now, and tokens that do not live long.

use super::{PROD, VAULT, tidy_with};

const WHO: &str = "https://contoso.crm4.dynamics.com/api/data/v9.2/WhoAmI";

#[tokio::test]
async fn a_fresh_secret_is_not_known_everywhere_at_once() {
    let desk = tidy_with(
        r#"
[[applications]]
name = "erp-bridge"
secrets = [{ label = "erp-bridge", works-after-seconds = 3600 }]
[[applications]]
name = "marketing-events"
secrets = [{ label = "marketing-events", started-minutes-ago = 5, works-after-seconds = 20 }]
[[applications]]
name = "raia-contact-sync"
secrets = [{ label = "raia-contact-sync", refused-sign-ins = [1, 3] }]
"#,
    )
    .await;
    let ask = async |name: &str| {
        let reply = desk.sign_in(&desk.client_id(name), name, PROD).await;
        (reply.status, reply.json()["error_codes"][0].as_u64())
    };
    assert_eq!(ask("erp-bridge").await, (401, Some(7_000_215)));
    assert_eq!(ask("marketing-events").await, (200, None));
    for expected in [401, 200, 401, 200] {
        assert_eq!(ask("raia-contact-sync").await.0, expected);
    }
    // Graph says how young it is.
    let token = desk.auditor("https://graph.microsoft.com").await;
    let start = async |name: &str| {
        let id = desk.client_id(name);
        let url = format!("https://graph.microsoft.com/v1.0/applications(appId='{id}')");
        let row = desk.get(&url, &token).await.json();
        row["passwordCredentials"][0]["startDateTime"].clone()
    };
    assert_eq!(start("erp-bridge").await, "2026-11-21T06:00:00Z");
    assert_eq!(start("marketing-events").await, "2026-11-21T05:55:00Z");
}

#[tokio::test]
async fn an_entry_can_have_been_stored_just_now() {
    let desk = tidy_with(
        r#"
[vaults.kv-contoso-crm-prod]
secrets = [{ name = "erp-bridge-secret", created-minutes-ago = 4 }]
"#,
    )
    .await;
    let token = desk.token("erp-bridge", "https://vault.azure.net").await;
    let auditor = desk.auditor("https://vault.azure.net").await;
    let url = format!("{VAULT}/secrets/erp-bridge-secret?api-version=7.5");
    let mine = desk.get(&url, &auditor).await;
    let reply = if mine.status == 200 {
        mine
    } else {
        desk.get(&url, &token).await
    };
    let created = reply.json()["attributes"]["created"].as_i64();
    let start: chrono::DateTime<chrono::Utc> = "2026-11-21T06:00:00Z".parse().expect("a date");
    assert_eq!(created, Some(start.timestamp() - 240));
}

#[tokio::test]
async fn a_token_works_until_its_end_and_not_longer() {
    let desk = tidy_with(
        r#"
[entra]
token-seconds = 2
[[applications]]
name = "erp-bridge"
token = { lifetime-seconds = 0, announced-seconds = 3599 }
"#,
    )
    .await;
    let sign_in = async |name: &str| {
        let reply = desk.sign_in(&desk.client_id(name), name, PROD).await;
        let body = reply.json();
        let token = body["access_token"].as_str().expect("a token").to_owned();
        (body["expires_in"].as_i64(), token)
    };
    let (announced, token) = sign_in("raia-contact-sync").await;
    assert_eq!(announced, Some(2));
    // Asked until the services say no.
    let begun = desk.sim.world.now();
    let mut status = 200;
    while status == 200 {
        status = desk.get(WHO, &token).await.status;
        let lasted = (desk.sim.world.now() - begun).num_seconds();
        assert!(lasted < 60, "it never ends");
    }
    assert_eq!(status, 401);
    assert!((desk.sim.world.now() - begun).num_milliseconds() > 900);

    let (announced, token) = sign_in("erp-bridge").await;
    assert_eq!(announced, Some(3599));
    assert_eq!(desk.get(WHO, &token).await.status, 401);
}
