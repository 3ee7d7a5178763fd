//! Signing in with a certificate: what the token endpoint accepts, and how it refuses the rest.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use super::{Desk, LOGIN, PROD, Reply, TENANT, desk, desk_of};
use crate::sim::{Scenario, overlay};

const CERTIFICATES: &str = r#"
[[applications]]
name = "erp-bridge"
certificates = [
    { label = "current", started-days-ago = 10, ends-in-days = 90 },
    { label = "lapsed", started-days-ago = 400, ends-in-days = -5 },
    { label = "removed", ends-in-days = 90, removed = true },
    { label = "saml", ends-in-days = 90, usage = "Sign", on-service-principal = true },
    { label = "curve", ends-in-days = 90, key = "ec" },
]

[[applications]]
name = "marketing-events"
token = { only-rs256 = true }
certificates = [{ label = "other", ends-in-days = 90 }]
"#;

/// The tidy tenant with certificates, and `more` laid over it.
async fn certified(more: &str) -> Desk {
    let tidy = Scenario::text("tidy").expect("built in");
    let text = overlay(tidy, CERTIFICATES).expect("TOML");
    desk_of(&overlay(&text, more).expect("TOML")).await
}

/// An assertion as a client makes it, to be spoilt.
struct Assertion {
    /// Labels of the certificate that is named and of the key that signs.
    named: &'static str,
    key: &'static str,
    algorithm: Algorithm,
    header: Value,
    claims: Value,
}

fn good(desk: &Desk, algorithm: Algorithm) -> Assertion {
    let id = desk.client_id("erp-bridge");
    let now = desk.sim.world.clock().timestamp();
    Assertion {
        named: "current",
        key: "current",
        algorithm,
        header: json!({ "alg": format!("{algorithm:?}"), "typ": "JWT" }),
        claims: json!({
            "aud": format!("{LOGIN}/{TENANT}/oauth2/v2.0/token"),
            "iss": id, "sub": id, "jti": "a GUID", "iat": now, "nbf": now, "exp": now + 600,
        }),
    }
}

impl Assertion {
    fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.claims[claim] = value.into();
        self
    }

    fn signed(mut self, desk: &Desk) -> String {
        let named = desk.sim.world.certificate(self.named, None).expect("made");
        if self.header.get("bare").is_none() {
            match self.algorithm {
                Algorithm::PS256 => {
                    self.header["x5t#S256"] = URL_SAFE_NO_PAD.encode(named.sha256()).into();
                }
                _ if self.header.get("x5t").is_none() => {
                    self.header["x5t"] = URL_SAFE_NO_PAD.encode(named.sha1()).into();
                }
                _ => {}
            }
        }
        let encoded = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let message = format!("{}.{}", encoded(&self.header), encoded(&self.claims));
        let pem = desk
            .sim
            .world
            .certificate(self.key, None)
            .expect("made")
            .pem(true);
        let key = &pem[..pem.find("-----BEGIN CERT").expect("two parts")];
        let key = match self.algorithm {
            Algorithm::ES256 => EncodingKey::from_ec_pem(key.as_bytes()),
            _ => EncodingKey::from_rsa_pem(key.as_bytes()),
        };
        let key = key.expect("a key");
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &key, self.algorithm).expect("signed");
        format!("{message}.{signature}")
    }
}

async fn present(desk: &Desk, client: &str, assertion: &str) -> Reply {
    let scope = format!("{PROD}/.default");
    desk.ask(
        TENANT,
        &[
            ("grant_type", "client_credentials"),
            ("client_id", &desk.client_id(client)),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
            ("scope", &scope),
        ],
    )
    .await
}

async fn accepted(desk: &Desk, assertion: Assertion) {
    let reply = present(desk, "erp-bridge", &assertion.signed(desk)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let token = reply.json()["access_token"].clone();
    let claims = token.as_str().and_then(|token| token.split('.').nth(1));
    let claims = URL_SAFE_NO_PAD.decode(claims.expect("three parts"));
    let claims: Value = serde_json::from_slice(&claims.expect("base64url")).expect("JSON");
    assert_eq!(claims["appidacr"], "2");
    assert_eq!(claims["appid"], desk.client_id("erp-bridge"));
}

async fn refused(desk: &Desk, assertion: Assertion, code: u32, part: &str) {
    let assertion = assertion.signed(desk);
    refused_text(desk, "erp-bridge", &assertion, code, part).await;
}

async fn refused_text(desk: &Desk, client: &str, assertion: &str, code: u32, part: &str) {
    let reply = present(desk, client, assertion).await;
    let body = reply.json();
    assert_eq!(body["error_codes"], json!([code]), "{part}: {body}");
    let (status, error) = match code {
        50027 | 50048 => (400, "invalid_request"),
        _ => (401, "invalid_client"),
    };
    assert_eq!((reply.status, &body["error"]), (status, &error.into()));
    let text = body["error_description"].as_str().expect("a description");
    assert!(text.starts_with(&format!("AADSTS{code}: ")), "{text}");
    assert!(text.contains(part), "{text}");
}

#[tokio::test]
async fn assertions_of_a_registered_certificate_are_accepted() {
    let desk = certified("").await;
    accepted(&desk, good(&desk, Algorithm::PS256)).await;
    accepted(&desk, good(&desk, Algorithm::RS256)).await;
    // The tenant by its domain.
    let by_domain = format!("{LOGIN}/contoso.onmicrosoft.com/oauth2/v2.0/token");
    accepted(&desk, good(&desk, Algorithm::PS256).with("aud", by_domain)).await;
    // Moments as text, as MSAL for .NET writes them.
    let now = desk.sim.world.clock().timestamp();
    let as_text = good(&desk, Algorithm::RS256)
        .with("nbf", now.to_string())
        .with("exp", (now + 600).to_string());
    accepted(&desk, as_text).await;
    // With a fraction and without `nbf`, as MSAL for Python does.
    let mut fraction = good(&desk, Algorithm::PS256);
    if let Some(claims) = fraction.claims.as_object_mut() {
        claims.remove("nbf");
        claims.insert("exp".to_owned(), json!(now as f64 + 600.25));
    }
    accepted(&desk, fraction).await;
    // The thumbprint in the standard alphabet with padding, as one SDK writes it.
    let mut padded = good(&desk, Algorithm::RS256);
    let current = desk.sim.world.certificate("current", None).expect("made");
    padded.header["x5t"] = STANDARD.encode(current.sha1()).into();
    accepted(&desk, padded).await;
}

#[tokio::test]
async fn each_wrong_assertion_is_refused_with_the_code_of_its_cause() {
    let desk = certified("").await;
    let now = desk.sim.world.clock().timestamp();
    for algorithm in [Algorithm::PS256, Algorithm::RS256] {
        let good = || good(&desk, algorithm);
        let wrong = good().with("aud", format!("{LOGIN}/common/oauth2/v2.0/token"));
        refused(&desk, wrong, 700_023, "audience").await;
        let wrong = Assertion {
            key: "other",
            ..good()
        };
        refused(&desk, wrong, 700_027, "did not match the expected").await;
        for named in ["other", "removed", "saml"] {
            let wrong = Assertion {
                named,
                key: named,
                ..good()
            };
            refused(&desk, wrong, 700_027, "key was not found").await;
        }
        let wrong = Assertion {
            named: "lapsed",
            key: "lapsed",
            ..good()
        };
        refused(&desk, wrong, 700_027, "key used is expired").await;
        let wrong = good().with("nbf", now - 7200).with("exp", now - 3600);
        refused(&desk, wrong, 700_024, "valid time range").await;
        let wrong = good().with("nbf", now + 3600).with("exp", now + 7200);
        refused(&desk, wrong, 700_024, "valid time range").await;
        let wrong = good().with("exp", Value::Null);
        refused(&desk, wrong, 700_024, "valid time range").await;
        let mut wrong = good();
        wrong.header["bare"] = true.into();
        refused(&desk, wrong, 50027, "No certificate thumbprint").await;
        let other = desk.client_id("marketing-events");
        let wrong = good().with("iss", other.clone());
        refused(&desk, wrong, 50048, "Subject must match").await;
        let wrong = good().with("iss", other.clone()).with("sub", other);
        refused(&desk, wrong, 700_021, "client_id").await;
    }
    // A signature of the one kind under the name of the other.
    let mut wrong = good(&desk, Algorithm::PS256);
    wrong.header["alg"] = "RS256".into();
    refused(&desk, wrong, 700_027, "did not match the expected").await;
    let wrong = Assertion {
        named: "curve",
        key: "curve",
        ..good(&desk, Algorithm::ES256)
    };
    refused(&desk, wrong, 5_002_738, "'ES256' is not a supported").await;
    for text in ["no jwt", "a.b.c", "e30.e30"] {
        refused_text(&desk, "erp-bridge", text, 50027, "Invalid JWT token").await;
    }
}

#[tokio::test]
async fn an_application_may_be_behind_and_take_rs256_alone() {
    let desk = certified("").await;
    let id = desk.client_id("marketing-events");
    let mine = |algorithm| {
        Assertion {
            named: "other",
            key: "other",
            ..good(&desk, algorithm)
        }
        .with("iss", id.clone())
        .with("sub", id.clone())
        .signed(&desk)
    };
    let name = "marketing-events";
    refused_text(
        &desk,
        name,
        &mine(Algorithm::PS256),
        700_027,
        "not registered",
    )
    .await;
    let reply = present(&desk, name, &mine(Algorithm::RS256)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[tokio::test]
async fn the_older_form_of_a_refusal_has_two_codes() {
    let desk = certified("[entra]\ncrlf = true").await;
    let wrong = good(&desk, Algorithm::RS256).with("aud", "https://login.microsoftonline.com/");
    let reply = present(&desk, "erp-bridge", &wrong.signed(&desk)).await;
    let body = reply.json();
    assert_eq!(reply.status, 401);
    assert_eq!(body["error_codes"], json!([70002, 50012]));
    let text = body["error_description"].as_str().expect("a description");
    assert!(text.starts_with("AADSTS70002: "), "{text}");
    assert!(text.contains(" AADSTS50012: ") && text.contains("\r\nTrace ID: "));
    assert!(body.get("error_uri").is_none());
}

#[tokio::test]
async fn graph_shows_certificates_and_a_tenant_without_any_makes_none() {
    let bare = desk("tidy").await;
    let shown = async |desk: &Desk, set: &str| {
        let id = desk.client_id("erp-bridge");
        let url = format!(
            "https://graph.microsoft.com/v1.0/{set}(appId='{id}')?$select=id,keyCredentials"
        );
        let token = desk.auditor("https://graph.microsoft.com").await;
        desk.get(&url, &token).await.json()["keyCredentials"].clone()
    };
    assert_eq!(shown(&bare, "applications").await, json!([]));
    assert_eq!(bare.sim.world.certificates.count(), 0);

    let desk = certified("").await;
    let on_application = shown(&desk, "applications").await;
    assert_eq!(on_application.as_array().map(Vec::len), Some(3));
    let current = desk.sim.world.certificate("current", None).expect("made");
    let first = &on_application[0];
    assert_eq!(first["key"], STANDARD.encode(&current.der));
    assert_eq!(
        first["customKeyIdentifier"],
        STANDARD.encode(current.sha1())
    );
    assert_eq!(first["displayName"], "CN=current");
    assert_eq!(first["type"], "AsymmetricX509Cert");
    assert_eq!(first["usage"], "Verify");
    let on_principal = shown(&desk, "servicePrincipals").await;
    assert_eq!(on_principal.as_array().map(Vec::len), Some(1));
    assert_eq!(on_principal[0]["usage"], "Sign");
    // A list hides the key, and the certificate says the same days as Graph.
    let token = desk.auditor("https://graph.microsoft.com").await;
    let url = "https://graph.microsoft.com/v1.0/applications?$select=appId,keyCredentials";
    assert!(
        !desk
            .get(url, &token)
            .await
            .text
            .contains(&STANDARD.encode(&current.der))
    );
    let (_, parsed) = x509_parser::parse_x509_certificate(&current.der).expect("a certificate");
    let end = chrono::DateTime::from_timestamp(parsed.validity().not_after.timestamp(), 0);
    assert_eq!(
        first["endDateTime"].as_str(),
        end.map(crate::sim::world::timestamp).as_deref()
    );
}

#[tokio::test]
async fn a_secret_full_of_signs_is_accepted_when_it_is_encoded_rightly() {
    let change = "[[applications]]\nname = \"erp-bridge\"\nsecrets = [{ label = \"erp-bridge\", value-style = \"tricky\", hint-missing = true }]";
    let desk = certified(change).await;
    let secret = desk.sim.world.scenario.secret("erp-bridge");
    assert!(secret.contains('\u{e9}') && secret.contains("%2B") && secret.contains('+'));
    let id = desk.client_id("erp-bridge");
    let scope = format!("{PROD}/.default");
    let fields = |secret: &str| {
        [
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", id.clone()),
            ("client_secret", secret.to_owned()),
            ("scope", scope.clone()),
        ]
    };
    let url = format!("{LOGIN}/{TENANT}/oauth2/v2.0/token");
    let right = desk.send(desk.http.post(&url).form(&fields(&secret))).await;
    assert_eq!(right.status, 200, "{}", right.text);
    // Written into the form as it is, or encoded twice.
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let twice = desk
        .send(desk.http.post(&url).form(&fields(&encoded)))
        .await;
    let bare = fields(&secret).map(|(name, value)| format!("{name}={value}"));
    let bare = desk
        .http
        .post(&url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(bare.join("&"));
    for reply in [twice, desk.send(bare).await] {
        assert_eq!(reply.json()["error_codes"][0], 7_000_215, "{}", reply.text);
    }
    let token = desk.auditor("https://graph.microsoft.com").await;
    let url = format!(
        "https://graph.microsoft.com/v1.0/applications(appId='{id}')?$select=passwordCredentials"
    );
    let row = desk.get(&url, &token).await.json();
    assert_eq!(row["passwordCredentials"][0]["hint"], Value::Null);
}

#[tokio::test]
async fn a_certificate_outside_its_validity_or_revoked_has_a_code_of_its_own() {
    for (word, code) in [("outside-validity", 1_000_502), ("revoked", 7_000_214)] {
        let desk = certified(&format!(
            "[[applications]]\nname = \"erp-bridge\"\ncertificates = [{{ label = \"current\", refused = \"{word}\" }}]"
        ))
        .await;
        let assertion = good(&desk, Algorithm::PS256).signed(&desk);
        let reply = present(&desk, "erp-bridge", &assertion).await;
        let body = reply.json();
        assert_eq!(
            (reply.status, &body["error"]),
            (401, &json!("invalid_client"))
        );
        assert_eq!(body["error_codes"], json!([code]));
        let text = body["error_description"].as_str().unwrap_or_default();
        assert!(text.starts_with(&format!("AADSTS{code}: ")), "{text}");
    }
}
