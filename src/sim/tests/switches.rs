//! Behaviour that a scenario turns on: expired and opaque tokens, other clouds, other refusals.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{PROD, VAULT, desk_of, tidy_with};
use crate::sim::Scenario;

const GRAPH: &str = "https://graph.microsoft.com";

#[tokio::test]
async fn expired_and_forged_tokens_are_refused_everywhere() {
    let desk =
        tidy_with("[[applications]]\nname = \"credaudit\"\ntoken = { lifetime-seconds = -5 }")
            .await;
    let honest = desk_of(Scenario::text("tidy").expect("built in")).await;
    let stranger = crate::sim::tokens::SigningKey::generate().expect("a key");
    for (resource, url, word) in [
        (PROD, format!("{PROD}/api/data/v9.2/WhoAmI"), ""),
        (GRAPH, format!("{GRAPH}/v1.0/applications"), "expired"),
        (
            "https://vault.azure.net",
            format!("{VAULT}/secrets?api-version=7.5"),
            "TokenExpired",
        ),
    ] {
        let expired = desk.get(&url, &desk.auditor(resource).await).await;
        assert_eq!(expired.status, 401, "{url}");
        assert!(expired.text.contains(word), "{}", expired.text);
        assert!(!expired.header("www-authenticate").is_empty());
        let token = honest.auditor(resource).await;
        assert_eq!(honest.get(&url, &token).await.status, 200, "{url}");
        // The same claims, signed with another key.
        let claims = token.split('.').nth(1).expect("a payload");
        let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64");
        let claims = serde_json::from_slice(&claims).expect("claims");
        let forged = stranger.sign(&claims).expect("a token");
        assert_eq!(honest.get(&url, &forged).await.status, 401, "{url}");
    }
}

#[tokio::test]
async fn an_opaque_token_works_though_no_client_can_read_it() {
    let desk =
        tidy_with("[[applications]]\nname = \"erp-bridge\"\ntoken = { opaque = true }").await;
    let token = desk.token("erp-bridge", PROD).await;
    assert!(!token.contains('.'));
    let reply = desk
        .get(&format!("{PROD}/api/data/v9.2/WhoAmI"), &token)
        .await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn an_application_can_be_refused_with_any_code() {
    let desk = tidy_with(
        "[[applications]]
name = \"erp-bridge\"
token = { refuse = 53003 }
[[applications]]
name = \"marketing-events\"
token = { refuse = 53003, refuse-status = 401, refuse-error = \"access_denied\" }
[[faults]]
host = \"login.microsoftonline.com\"
nth = 3
status = 429
headers = { Retry-After = \"60\" }
body = \"Too Many Requests\"
",
    )
    .await;
    let ask = async |name: &str| desk.sign_in(&desk.client_id(name), name, PROD).await;
    let usual = ask("erp-bridge").await;
    assert_eq!(
        (usual.status, usual.json()["error"].clone()),
        (400, "invalid_grant".into())
    );
    assert_eq!(usual.json()["error_codes"][0], 53003);
    let other = ask("marketing-events").await;
    assert_eq!(
        (other.status, other.json()["error"].clone()),
        (401, "access_denied".into())
    );
    let throttled = ask("power-bi-extract").await;
    assert_eq!(
        (throttled.status, throttled.text.as_str()),
        (429, "Too Many Requests")
    );
    assert_eq!(throttled.header("retry-after"), "60");
}

#[tokio::test]
async fn environments_and_vaults_have_older_ways_to_refuse() {
    let desk = tidy_with(
        "[environments.prod]
disabled-user = \"400\"
who-am-i-needs-a-role = true
users = [
    { application = \"erp-bridge\", disabled = true },
    { application = \"marketing-events\", roles = [] },
]
[vaults.kv-contoso-crm-prod]
access-policies = true
purgeable = true
access = { erp-bridge = [\"reader\"] }
",
    )
    .await;
    let who = format!("{PROD}/api/data/v9.2/WhoAmI");
    let disabled = desk.get(&who, &desk.token("erp-bridge", PROD).await).await;
    assert_eq!(
        (disabled.status, disabled.json()["error"]["code"].clone()),
        (400, "0x80041d1f".into())
    );
    let roleless = desk
        .get(&who, &desk.token("marketing-events", PROD).await)
        .await;
    assert_eq!(
        (roleless.status, roleless.json()["error"]["code"].clone()),
        (403, "0x80042f09".into())
    );

    let token = desk.token("erp-bridge", "https://vault.azure.net").await;
    let value = desk
        .get(
            &format!("{VAULT}/secrets/erp-bridge-secret?api-version=7.5"),
            &token,
        )
        .await;
    let error = value.json()["error"].clone();
    assert_eq!(
        (value.status, error["innererror"]["code"].clone()),
        (403, "AccessDenied".into())
    );
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|text| text.contains("secrets get permission"))
    );
    let list = desk
        .get(&format!("{VAULT}/secrets?api-version=7.5"), &token)
        .await;
    assert!(list.text.contains("Recoverable+Purgeable"));
}

#[tokio::test]
async fn every_cloud_has_its_own_hosts_and_resources() {
    let desk = desk_of(
        "version = 1
[auditor]
application = \"audit\"
secret = \"audit\"
[tenants.agency]
id = \"8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0002\"
cloud = \"us-government\"
[[applications]]
name = \"audit\"
tenant = \"agency\"
client-id = \"5b7a2f0e-2d35-4a55-8a64-0d3a51c60009\"
graph-permissions = [\"Application.Read.All\"]
secrets = [{ label = \"audit\", ends-in-days = 90 }]
[vaults.kv-agency]
tenant = \"agency\"
access = { audit = [\"secrets-user\"] }
[environments.prod]
tenant = \"agency\"
host = \"agency.crm.microsoftdynamics.us\"
organization-id = \"1f6c0a4e-0b61-4c8e-9f0e-6a1f3d6c0009\"
friendly-name = \"Agency\"
business-units = [\"agency\"]
users = [{ application = \"audit\" }]
",
    )
    .await;
    let auditor = desk.sim.auditor();
    let ask = async |login: &str, resource: &str| {
        let scope = format!("{resource}/.default");
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", auditor.client_id.as_str()),
            ("client_secret", auditor.client_secret.as_str()),
            ("scope", scope.as_str()),
        ];
        let url = format!("https://{login}/{}/oauth2/v2.0/token", auditor.tenant_id);
        desk.send(desk.http.post(url).form(&fields)).await
    };
    for (resource, url) in [
        (
            "https://graph.microsoft.us",
            "https://graph.microsoft.us/v1.0/applications",
        ),
        (
            "https://vault.usgovcloudapi.net",
            "https://kv-agency.vault.usgovcloudapi.net/secrets?api-version=7.5",
        ),
        (
            "https://agency.crm.microsoftdynamics.us",
            "https://agency.api.crm.microsoftdynamics.us/api/data/v9.2/WhoAmI",
        ),
    ] {
        let reply = ask("login.microsoftonline.us", resource).await;
        let token = reply.json()["access_token"]
            .as_str()
            .expect("a token")
            .to_owned();
        assert_eq!(desk.get(url, &token).await.status, 200, "{url}");
    }
    let elsewhere = ask("login.microsoftonline.com", "https://graph.microsoft.com").await;
    assert_eq!(elsewhere.json()["error_codes"][0], 90002);
    let public = ask("login.microsoftonline.us", "https://vault.azure.net").await;
    assert_eq!(public.json()["error_codes"][0], 500_011);
}
