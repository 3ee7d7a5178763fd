//! Tokens and the refusals of the token endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{LOGIN, PROD, TENANT, desk, desk_of, tidy};

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("claims")
}

#[tokio::test]
async fn a_token_names_who_and_what_for() {
    let desk = desk("tidy").await;
    let token = desk.token("erp-bridge", PROD).await;
    let claims = claims(&token);
    assert_eq!(claims["aud"], PROD);
    assert_eq!(claims["tid"], TENANT);
    assert_eq!(claims["appid"], desk.client_id("erp-bridge"));
    assert_eq!(claims["iss"], format!("https://sts.windows.net/{TENANT}/"));
    assert_eq!(claims["ver"], "1.0");

    // The published keys verify it.
    let keys = desk
        .get(&format!("{LOGIN}/{TENANT}/discovery/v2.0/keys"), "")
        .await
        .json();
    let key = &keys["keys"][0];
    let part = |name: &str| key[name].as_str().expect("a number");
    let key = jsonwebtoken::DecodingKey::from_rsa_components(part("n"), part("e")).expect("a key");
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.set_audience(&[PROD]);
    validation.validate_exp = false;
    assert!(jsonwebtoken::decode::<Value>(&token, &key, &validation).is_ok());
}

#[tokio::test]
async fn refusals_carry_the_code_of_their_cause() {
    let desk = desk("neglected").await;
    let id = |name: &str| desk.client_id(name);
    for (name, label, resource, status, error, code) in [
        (
            "erp-bridge",
            "erp-bridge",
            PROD,
            401,
            "invalid_client",
            7_000_222,
        ),
        (
            "telephony-cti",
            "erp-bridge",
            PROD,
            401,
            "invalid_client",
            7_000_215,
        ),
        (
            "web-shop-orders",
            "web-shop-orders/removed",
            PROD,
            401,
            "invalid_client",
            7_000_215,
        ),
        (
            "crm-backup",
            "crm-backup",
            PROD,
            400,
            "unauthorized_client",
            700_016,
        ),
        (
            "data-quality-bot",
            "data-quality-bot",
            PROD,
            400,
            "unauthorized_client",
            7_000_112,
        ),
        (
            "tax-engine",
            "tax-engine",
            PROD,
            401,
            "invalid_client",
            7_000_229,
        ),
        (
            "credit-check",
            "credit-check",
            PROD,
            400,
            "invalid_grant",
            501_051,
        ),
        (
            "partner-portal",
            "partner-portal",
            "https://nowhere.crm4.dynamics.com",
            400,
            "invalid_resource",
            500_011,
        ),
    ] {
        let reply = desk.sign_in(&id(name), label, resource).await;
        let body = reply.json();
        assert_eq!(reply.status, status, "{name}: {body}");
        assert_eq!(body["error"], error, "{name}");
        assert_eq!(body["error_codes"][0], code, "{name}");
        let text = body["error_description"].as_str().expect("a description");
        assert!(text.starts_with(&format!("AADSTS{code}: ")), "{text}");
        assert!(text.contains(" Trace ID: "), "{text}");
        assert_eq!(body["error_uri"], format!("{LOGIN}/error?code={code}"));
    }
}

#[tokio::test]
async fn tenant_and_request_are_checked_before_the_secret() {
    let desk = desk("tidy").await;
    let unknown = desk.ask("8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f9999", &[]).await;
    assert_eq!(unknown.status, 400);
    assert_eq!(unknown.json()["error_codes"][0], 90002);
    assert_eq!(unknown.json()["error"], "invalid_request");
    let id = desk.client_id("erp-bridge");
    let bare = desk
        .ask(
            TENANT,
            &[("grant_type", "client_credentials"), ("client_id", &id)],
        )
        .await;
    assert_eq!(bare.json()["error_codes"][0], 7_000_216);
    let by_domain = desk
        .ask("contoso.onmicrosoft.com", &[("client_id", &id)])
        .await;
    assert_eq!(by_domain.json()["error_codes"][0], 900_144);
}

#[tokio::test]
async fn a_client_may_name_itself_by_http_basic() {
    let desk = desk("tidy").await;
    let secret = crate::sim::names::secret("erp-bridge");
    let basic = STANDARD.encode(format!("{}:{secret}", desk.client_id("erp-bridge")));
    let scope = format!("{PROD}/.default");
    let request = desk
        .http
        .post(format!("{LOGIN}/{TENANT}/oauth2/v2.0/token"))
        .header("authorization", format!("Basic {basic}"))
        .form(&[("grant_type", "client_credentials"), ("scope", &scope)]);
    let reply = desk.send(request).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[tokio::test]
async fn the_older_wording_is_a_switch() {
    let desk = desk_of(&tidy("[people]", "[entra]\ncrlf = true\n\n[people]", "")).await;
    let reply = desk
        .sign_in(&desk.client_id("erp-bridge"), "other", PROD)
        .await;
    let body = reply.json();
    assert!(
        body["error_description"]
            .as_str()
            .expect("text")
            .contains("\r\nTrace ID: ")
    );
}

#[tokio::test]
async fn tokens_can_be_wrong_in_what_they_say() {
    let desk = desk("neglected").await;
    let token = desk.token("geo-coding", PROD).await;
    assert_eq!(
        claims(&token)["aud"],
        "https://contoso-old.crm4.dynamics.com"
    );
    let reply = desk
        .get(&format!("{PROD}/api/data/v9.2/WhoAmI"), &token)
        .await;
    assert_eq!(reply.status, 401);
    assert!(
        reply
            .header("www-authenticate")
            .contains("authorization_uri=")
    );
}

#[tokio::test]
async fn configuration_leads_to_the_endpoints() {
    let desk = desk("tidy").await;
    let document = desk
        .get(
            &format!("{LOGIN}/{TENANT}/v2.0/.well-known/openid-configuration"),
            "",
        )
        .await
        .json();
    assert_eq!(
        document["token_endpoint"],
        format!("{LOGIN}/{TENANT}/oauth2/v2.0/token")
    );
    let nobody = desk
        .get(
            &format!("{LOGIN}/no.example/v2.0/.well-known/openid-configuration"),
            "",
        )
        .await;
    assert_eq!(
        (nobody.status, nobody.json()["error"].clone()),
        (400, "invalid_tenant".into())
    );
    let url = format!(
        "{LOGIN}/common/discovery/instance?api-version=1.1&authorization_endpoint={LOGIN}/{TENANT}/oauth2/v2.0/authorize"
    );
    let instances = desk.get(&url, "").await.json();
    assert!(
        instances["metadata"][0]["aliases"]
            .as_array()
            .is_some_and(|names| !names.is_empty())
    );
}
