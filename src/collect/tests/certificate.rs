//! A registration that signs in with a certificate: what is sent, what comes home, and each bad input.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use super::cloud::{Call, Cloud, Reply};
use super::tenant::{self, AUDITOR, CLIENT, RESOURCE, TENANT, tidy};
use crate::collect::collect;
use crate::estate::{CredentialForm, Estate};
use crate::evidence::{AssertionForm, EntryContent, EntryProblem, Snapshot, TokenAnswer};
use crate::model::{Gap, GapKind, Observed, Presence};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../certificate/fixtures/", $name)).as_slice()
    };
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn estate() -> Estate {
    let mut estate = tenant::estate();
    estate.registrations[0].stored_mut().kind = CredentialForm::Certificate;
    estate
}

/// The vault's secret of a certificate.
fn entry(value: &str) -> Value {
    json!({"value": value, "attributes": {"enabled": true}, "managed": true,
        "contentType": "application/x-pkcs12",
        "kid": "https://kv-contoso.vault.azure.net/keys/raia-secret/0123456789abcdef0123456789abcdef",
        "id": "https://kv-contoso.vault.azure.net/secrets/raia-secret/0123456789abcdef0123456789abcdef"})
}

/// A run over this vault entry; the audited client's token requests are answered by `login`, by their number.
async fn run(
    estate: &Estate,
    entry: Value,
    login: impl Fn(usize) -> Reply + Send + Sync + 'static,
) -> (Snapshot, Vec<Call>) {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let cloud = Cloud::start(move |call| {
        if call.path.contains("/secrets/raia-secret") && call.token.is_some() {
            return Reply::json(200, &entry);
        }
        if call.body.contains(&format!("client_id={CLIENT}")) {
            return login(asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst));
        }
        let mut reply = tidy(call);
        if call.path == "/v1.0/$batch" {
            reply.body = with_certificates(&reply.body);
        }
        reply
    })
    .await;
    let snapshot = collect(estate, None, &cloud.options()).await;
    let mut calls = cloud.calls();
    calls.retain(|call| call.body.contains(&format!("client_id={CLIENT}")));
    (snapshot, calls)
}

/// Graph's answer, with the fixture's certificate and another one on the registration.
fn with_certificates(body: &[u8]) -> Vec<u8> {
    let mut body: Value = serde_json::from_slice(body).expect("JSON");
    for part in body["responses"].as_array_mut().expect("responses") {
        if let Some(listed) = part["body"].get_mut("keyCredentials") {
            // `openssl x509 -in leaf.crt -outform der | openssl sha1 -binary | base64`
            *listed = json!([
                {"keyId": "c1", "customKeyIdentifier": "DAWw15j+s57DB7TZgxDCO2bDKt4=", "endDateTime": "2126-01-01T00:00:00Z"},
                {"keyId": "c2", "customKeyIdentifier": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "endDateTime": "2126-01-02T00:00:00Z"},
            ]);
        }
    }
    body.to_string().into_bytes()
}

fn issued() -> Reply {
    let token = tenant::token(RESOURCE, CLIENT);
    Reply::json(
        200,
        &json!({"token_type": "Bearer", "expires_in": 3599, "access_token": token}),
    )
}

fn refused(number: u32) -> Reply {
    Reply::json(
        401,
        &json!({"error": "invalid_client", "error_codes": [number]}),
    )
}

fn field(call: &Call, name: &str) -> Option<String> {
    url::form_urlencoded::parse(call.body.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn answer(snapshot: &Snapshot) -> &Observed<TokenAnswer> {
    &snapshot.registrations["raia"].tokens[0].answer
}

fn signed_as(snapshot: &Snapshot) -> Option<AssertionForm> {
    match answer(snapshot) {
        Observed::Known(TokenAnswer::Issued { assertion, .. }) => *assertion,
        other => panic!("{other:?}"),
    }
}

fn content<'s>(snapshot: &'s Snapshot, name: &str) -> &'s EntryContent {
    match &snapshot.registrations[name].entry {
        Observed::Known(Presence::Present(entry)) => entry.content.known().expect("content"),
        other => panic!("{other:?}"),
    }
}

/// Header and claims of an assertion whose signature is the fixture's key's.
fn verified(call: &Call, algorithm: Algorithm) -> (jsonwebtoken::Header, Value) {
    use x509_parser::prelude::{FromDer, X509Certificate};
    assert_eq!(
        field(call, "client_assertion_type").as_deref(),
        Some(ASSERTION_TYPE)
    );
    assert_eq!(field(call, "client_secret"), None);
    let assertion = field(call, "client_assertion").expect("an assertion");
    let (_, pem) = x509_parser::pem::parse_x509_pem(fixture!("leaf.crt")).expect("PEM");
    let (_, certificate) = X509Certificate::from_der(&pem.contents).expect("a certificate");
    let key = DecodingKey::from_rsa_der(&certificate.public_key().subject_public_key.data);
    let mut checks = Validation::new(algorithm);
    checks.set_audience(&[format!(
        "https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    )]);
    checks.set_issuer(&[CLIENT]);
    checks.sub = Some(CLIENT.into());
    checks.validate_nbf = true;
    let claims = decode::<Value>(&assertion, &key, &checks)
        .expect("a good assertion")
        .claims;
    (decode_header(&assertion).expect("a header"), claims)
}

#[tokio::test]
async fn a_certificate_signs_in_and_is_matched_by_its_thumbprint() {
    let pfx = STANDARD.encode(fixture!("chain.pfx"));
    let (snapshot, calls) = run(&estate(), entry(&pfx), |_| issued()).await;
    assert_eq!(
        calls.len(),
        1,
        "one request a client, resource and credential"
    );
    let (header, claims) = verified(&calls[0], Algorithm::PS256);
    let facts = content(&snapshot, "raia")
        .certificate
        .as_ref()
        .expect("facts");
    let named = URL_SAFE_NO_PAD
        .decode(header.x5t_s256.expect("x5t#S256"))
        .expect("base64url");
    assert_eq!(
        hex::encode_upper(&named),
        facts.thumbprint_sha256,
        "the leaf is named, not the chain"
    );
    assert_eq!(
        claims["exp"]
            .as_i64()
            .zip(claims["nbf"].as_i64())
            .map(|(end, start)| end - start),
        Some(300)
    );
    assert_eq!(
        field(&calls[0], "scope"),
        Some(format!("{RESOURCE}/.default"))
    );
    assert_eq!(signed_as(&snapshot), Some(AssertionForm::Ps256));
    assert_eq!(content(&snapshot, "raia").problems, []);
    assert_eq!(content(&snapshot, "raia").value_group, Some(1));
    let Observed::Known(Presence::Present(application)) =
        &snapshot.registrations["raia"].application
    else {
        panic!("an application");
    };
    let matches: Vec<_> = application
        .credentials
        .known()
        .expect("credentials")
        .iter()
        .map(|credential| {
            (
                credential.key_id.as_str(),
                credential.matches_stored.known().copied(),
            )
        })
        .collect();
    let (no, yes) = (Some(false), Some(true));
    assert_eq!(matches, [("k0", no), ("k1", no), ("c1", yes), ("c2", no)]);
    let text = serde_json::to_string(&snapshot).expect("a snapshot");
    for place in [100, 1500, 3000] {
        assert!(!text.contains(&pfx[place..place + 24]), "the value got out");
    }
}

#[tokio::test]
async fn the_older_form_is_tried_once_where_the_form_may_be_refused() {
    let pfx = STANDARD.encode(fixture!("modern.pfx"));
    for number in [50027, 50012, 700_027] {
        let (snapshot, calls) = run(&estate(), entry(&pfx), move |asked| match asked {
            0 => refused(number),
            _ => issued(),
        })
        .await;
        assert_eq!(calls.len(), 2, "{number}");
        let (header, _) = verified(&calls[1], Algorithm::RS256);
        assert!(header.x5t.is_some() && header.x5t_s256.is_none());
        assert_eq!(signed_as(&snapshot), Some(AssertionForm::Rs256));
    }
    let code = |snapshot: &Snapshot| match answer(snapshot) {
        Observed::Known(TokenAnswer::Refused { seen, .. }) => seen.code.clone(),
        other => panic!("{other:?}"),
    };
    let (snapshot, calls) = run(&estate(), entry(&pfx), |asked| match asked {
        0 => refused(700_027),
        _ => refused(50012),
    })
    .await;
    assert_eq!(calls.len(), 2);
    assert_eq!(code(&snapshot).as_deref(), Some("AADSTS700027"));
    let (snapshot, calls) = run(&estate(), entry(&pfx), |_| refused(700_016)).await;
    assert_eq!(calls.len(), 1, "not about the form");
    assert_eq!(code(&snapshot).as_deref(), Some("AADSTS700016"));
}

#[tokio::test]
async fn a_refused_form_proves_nothing_while_the_other_is_not_answered() {
    let pfx = STANDARD.encode(fixture!("modern.pfx"));
    let (snapshot, _) = run(&estate(), entry(&pfx), |asked| match asked {
        0 => refused(700_027),
        _ => Reply::json(400, &json!({"error_codes": [53003]})),
    })
    .await;
    let gap = answer(&snapshot).gap().expect("a gap");
    assert!(
        gap.seen.contains("AADSTS700027") && gap.seen.contains("AADSTS53003"),
        "{gap}"
    );
}

/// The token's gap and the entry's problems, where nothing may be sent.
async fn unsent(estate: &Estate, entry: Value) -> (Gap, Vec<EntryProblem>) {
    let (snapshot, calls) = run(estate, entry, |_| issued()).await;
    assert_eq!(calls.len(), 0, "nothing is sent");
    let gap = answer(&snapshot).gap().cloned().expect("a gap");
    assert_eq!(gap.kind, GapKind::NotReached);
    let content = content(&snapshot, "raia");
    assert_eq!((content.value_group, &content.certificate), (None, &None));
    (gap, content.problems.clone())
}

#[tokio::test]
async fn each_bad_input_is_said_and_not_sent() {
    let pem = |key: &[u8]| {
        let text = |bytes| std::str::from_utf8(bytes).expect("text").to_owned();
        text(fixture!("leaf.crt")) + &text(key)
    };
    for (value, problem, words) in [
        (
            STANDARD.encode(fixture!("password.pfx")),
            EntryProblem::PasswordProtected,
            "needs a password",
        ),
        (
            pem(fixture!("encrypted.key")),
            EntryProblem::PasswordProtected,
            "needs a password",
        ),
        (
            STANDARD.encode(fixture!("ec.pfx")),
            EntryProblem::KeyNotRsa,
            "no usable value",
        ),
        (
            STANDARD.encode(fixture!("without-key.pfx")),
            EntryProblem::PrivateKeyMissing,
            "the private key of crm/raia-secret stays in the vault (not exportable), and this tool cannot sign with it there",
        ),
        (
            "canary-secret".to_owned(),
            EntryProblem::NoCertificate,
            "no usable value",
        ),
        (
            "x".repeat(25_000),
            EntryProblem::NoCertificate,
            "no usable value",
        ),
        (String::new(), EntryProblem::Empty, "no usable value"),
    ] {
        let (gap, problems) = unsent(&estate(), entry(&value)).await;
        assert_eq!(problems, [problem]);
        assert!(gap.seen.contains(words), "{gap}");
    }
    let mut loose = entry(&STANDARD.encode(fixture!("without-key.pfx")));
    loose["managed"] = json!(false);
    let (gap, _) = unsent(&estate(), loose).await;
    assert!(gap.seen.contains("without its private key"), "{gap}");
    // The estate names a secret, and the entry is a certificate's.
    let pfx = STANDARD.encode(fixture!("modern.pfx"));
    let (gap, problems) = unsent(&tenant::estate(), entry(&pfx)).await;
    assert_eq!(problems, [EntryProblem::CertificateInsteadOfSecret]);
    assert!(gap.seen.contains("never sent as a secret"), "{gap}");
}

#[tokio::test]
async fn a_key_too_short_to_sign_leaves_the_token_open() {
    let pfx = STANDARD.encode(fixture!("small.pfx"));
    let (snapshot, calls) = run(&estate(), entry(&pfx), |_| issued()).await;
    assert_eq!(calls.len(), 0);
    let gap = answer(&snapshot).gap().expect("a gap");
    assert!(gap.seen.contains("has 1024 bits"), "{gap}");
    let facts = content(&snapshot, "raia").certificate.as_ref();
    assert_eq!(facts.and_then(|facts| facts.key_bits), Some(1024));
}

#[tokio::test]
async fn one_key_is_one_value_whatever_form_it_is_stored_in() {
    let mut estate = estate();
    let mut twin = estate.registrations[0].clone();
    twin.name = "raia-twin".into();
    twin.stored_mut().field = Some("pem".into());
    estate.registrations.push(twin);
    let mut plain = tenant::estate().registrations.remove(0);
    plain.name = "raia-plain".into();
    plain.stored_mut().field = Some("plain".into());
    estate.registrations.push(plain);
    estate.registrations[0].stored_mut().field = Some("pfx".into());
    let pem = [fixture!("leaf.crt"), fixture!("pkcs1.key")].concat();
    let mut value = entry("");
    value["managed"] = json!(false);
    value["value"] = json!(
        json!({"pfx": STANDARD.encode(fixture!("legacy.pfx")), "plain": "abc~Q",
            "pem": String::from_utf8(pem).expect("text")})
        .to_string()
    );
    let (snapshot, calls) = run(&estate, value, |_| issued()).await;
    assert_eq!(
        calls.len(),
        2,
        "one for the certificate, one for the secret"
    );
    let group = |name: &str| content(&snapshot, name).value_group;
    assert_eq!(group("raia"), group("raia-twin"));
    assert_ne!(group("raia"), group("raia-plain"));
}

#[tokio::test]
async fn the_auditor_signs_in_with_a_file_behind_a_password() {
    let cloud = Cloud::start(|call| {
        let by_auditor = call.body.contains(&format!("client_id={AUDITOR}"));
        if by_auditor && field(call, "client_assertion").is_some() {
            let scope = field(call, "scope").unwrap_or_default();
            let audience = scope.trim_end_matches("/.default");
            return Reply::json(
                200,
                &json!({"token_type": "Bearer", "expires_in": 3599,
                    "access_token": tenant::token(audience, AUDITOR)}),
            );
        }
        tidy(call)
    })
    .await;
    let mut options = cloud.options();
    options.environment.client_secret = None;
    options.environment.certificate_path = Some(
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/collect/certificate/fixtures/password-legacy.pfx"
        )
        .into(),
    );
    options.environment.certificate_password = Some("canary-password".to_owned().into());
    let snapshot = collect(&tenant::estate(), None, &options).await;
    assert!(snapshot.auditors["contoso"].signed_in.known().is_some());
    assert!(answer(&snapshot).known().is_some());
    let calls = cloud.calls();
    let signed = calls
        .iter()
        .find(|call| field(call, "client_assertion").is_some())
        .expect("an assertion");
    let header = decode_header(field(signed, "client_assertion").expect("an assertion"));
    let header = header.expect("a header");
    assert_eq!(header.alg, Algorithm::PS256);
    assert!(header.x5t_s256.is_some());
}
