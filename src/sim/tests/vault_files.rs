//! Key Vault in full: certificates with their secrets, files people store, versions, deleted entries.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p12_keystore::{KeyStore, KeyStoreEntry, Pkcs12ImportPolicy};
use serde_json::Value;

use super::{Desk, VAULT, desk_of};
use crate::sim::{Scenario, overlay};

const RESOURCE: &str = "https://vault.azure.net";

const CHANGES: &str = r#"
[[applications]]
name = "erp-bridge"
certificates = [
    { label = "erp", started-days-ago = 10, ends-in-days = 90 },
    { label = "erp/old", started-days-ago = 300, ends-in-days = 20 },
    { label = "erp/chained", ends-in-days = 90 },
    { label = "erp/short", ends-in-days = 90, key = "rsa-1024", digest = "sha1" },
]

[vaults.kv-contoso-crm-prod]
access = { credaudit = ["reader", "secrets-user"], erp-bridge = ["certificate-user"], marketing-events = ["reader"], service-desk-connector = ["secrets-get"] }
certificates = [
    { name = "erp-certificate", holds = "erp", created-days-ago = 9, tags = { owner = "ben" }, email-contacts = true, older = [
        { holds = "erp/old", created-days-ago = 299 },
    ] },
    { name = "erp-locked", holds = "erp", exportable = false, auto-renew = false, issuer = "Unknown" },
    { name = "erp-text", holds = "erp", content-type = "pem" },
    { name = "erp-short", holds = "erp/short", enabled = false },
]
secrets = [
    { name = "file", holds-certificate = "erp", shape = "pfx-base64" },
    { name = "file-pem", holds-certificate = "erp", shape = "pem" },
    { name = "file-password", holds-certificate = "erp", shape = "pfx-password" },
    { name = "file-chain", holds-certificate = "erp/chained", shape = "pfx-chain" },
    { name = "file-curve", holds-certificate = "erp", shape = "ec" },
]
deleted = [
    { name = "old-sync", deleted-days-ago = 3, content-type = "text/plain", tags = { owner = "anna" } },
    { name = "older-sync", deleted-days-ago = 80, purge-in-days = 2 },
]
"#;

async fn vault(more: &str) -> Desk {
    let tidy = Scenario::text("tidy").expect("built in");
    let text = overlay(tidy, CHANGES).expect("TOML");
    desk_of(&overlay(&text, more).expect("TOML")).await
}

async fn read(desk: &Desk, path: &str, token: &str) -> (u16, Value) {
    let mark = if path.contains('?') { '&' } else { '?' };
    let url = format!("{VAULT}/{path}{mark}api-version=2025-07-01");
    let reply = desk.get(&url, token).await;
    (reply.status, reply.json())
}

/// The certificates in a stored PKCS#12 file, and whether a key is with them.
fn opened(value: &Value, password: &str) -> Option<(Vec<Vec<u8>>, bool)> {
    let file = STANDARD.decode(value.as_str()?).ok()?;
    let store = KeyStore::from_pkcs12(&file, password, Pkcs12ImportPolicy::Strict).ok()?;
    let mut certificates = Vec::new();
    let mut with_key = false;
    for (_, entry) in store.entries() {
        match entry {
            KeyStoreEntry::PrivateKeyChain(chain) => {
                with_key = true;
                certificates.extend(chain.certs().iter().map(|one| one.as_der().to_vec()));
            }
            KeyStoreEntry::Certificate(one) => certificates.push(one.as_der().to_vec()),
            KeyStoreEntry::Secret(_) => {}
        }
    }
    Some((certificates, with_key))
}

#[tokio::test]
async fn a_certificate_its_secret_and_graph_are_one() {
    let desk = vault("").await;
    let token = desk.auditor(RESOURCE).await;
    let made = desk.sim.world.certificate("erp", None).expect("made");
    let (_, shown) = read(&desk, "certificates/erp-certificate", &token).await;
    assert_eq!(shown["cer"], STANDARD.encode(&made.der));
    assert_eq!(shown["x5t"], URL_SAFE_NO_PAD.encode(made.sha1()));
    assert_eq!(shown["tags"]["owner"], "ben");
    let actions = &shown["policy"]["lifetime_actions"];
    assert_eq!(actions[0]["action"]["action_type"], "AutoRenew");
    assert_eq!(actions[1]["action"]["action_type"], "EmailContacts");
    assert_eq!(shown["policy"]["key_props"]["key_size"], 2048);

    let sid = shown["sid"].as_str().expect("the secret's id");
    let path = sid.strip_prefix(&format!("{VAULT}/")).expect("own vault");
    let (status, secret) = read(&desk, path, &token).await;
    assert_eq!(status, 200, "{secret}");
    assert_eq!(secret["kid"], shown["kid"]);
    assert_eq!(secret["managed"], true);
    assert_eq!(secret["contentType"], "application/x-pkcs12");
    assert_eq!(secret["attributes"]["exp"], shown["attributes"]["exp"]);
    assert_eq!(
        opened(&secret["value"], ""),
        Some((vec![made.der.clone()], true))
    );

    // A stored value is the same whenever it is read.
    let (_, again) = read(&desk, path, &token).await;
    assert_eq!(again["value"], secret["value"]);

    let (_, versions) = read(&desk, "secrets/erp-certificate/versions", &token).await;
    assert_eq!(versions["value"].as_array().map(Vec::len), Some(2));
    let (_, of_certificate) = read(&desk, "certificates/erp-certificate/versions", &token).await;
    let thumbprints: Vec<&Value> = of_certificate["value"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["x5t"])
        .collect();
    assert_eq!(thumbprints.len(), 2);
    assert_ne!(thumbprints[0], thumbprints[1]);
    let (_, policy) = read(&desk, "certificates/erp-locked/policy", &token).await;
    assert_eq!(policy["key_props"]["exportable"], false);
    assert_eq!(policy["issuer"]["name"], "Unknown");
    assert_eq!(policy["lifetime_actions"], serde_json::json!([]));
}

#[tokio::test]
async fn a_key_that_may_not_leave_is_missing_from_the_secret() {
    let desk = vault("").await;
    let token = desk.auditor(RESOURCE).await;
    let made = desk.sim.world.certificate("erp", None).expect("made");
    let (_, locked) = read(&desk, "secrets/erp-locked", &token).await;
    assert_eq!(
        opened(&locked["value"], ""),
        Some((vec![made.der.clone()], false))
    );
    let (_, text) = read(&desk, "secrets/erp-text", &token).await;
    assert_eq!(text["contentType"], "application/x-pem-file");
    assert_eq!(text["value"], made.pem(true));
    assert!(made.pem(true).contains("PRIVATE KEY") && !made.pem(false).contains("PRIVATE KEY"));
    let (status, off) = read(&desk, "secrets/erp-short", &token).await;
    assert_eq!(status, 403);
    assert_eq!(off["error"]["innererror"]["code"], "SecretDisabled");
    let (_, short) = read(&desk, "certificates/erp-short", &token).await;
    assert_eq!(short["policy"]["key_props"]["key_size"], 1024);
}

#[tokio::test]
async fn files_are_stored_in_the_shapes_people_store_them_in() {
    let desk = vault("").await;
    let token = desk.auditor(RESOURCE).await;
    let made = desk.sim.world.certificate("erp", None).expect("made");
    let value = async |name: &str| {
        let (status, body) = read(&desk, &format!("secrets/{name}"), &token).await;
        assert_eq!(status, 200, "{body}");
        assert!(body.get("managed").is_none());
        body["value"].clone()
    };
    let plain = Some((vec![made.der.clone()], true));
    assert_eq!(opened(&value("file").await, ""), plain);
    assert_eq!(value("file-pem").await, made.pem(true));
    let locked = value("file-password").await;
    assert_eq!(opened(&locked, ""), None);
    assert_eq!(opened(&locked, &crate::sim::names::secret("erp")), plain);
    let (chain, with_key) = opened(&value("file-chain").await, "").expect("readable");
    let leaf = desk
        .sim
        .world
        .certificate("erp/chained", None)
        .expect("made");
    assert!(with_key && chain.len() == 3 && chain[0] == leaf.der);
    let (curve, _) = opened(&value("file-curve").await, "").expect("readable");
    let (_, curve) = x509_parser::parse_x509_certificate(&curve[0]).expect("a certificate");
    assert!(matches!(
        curve.public_key().parsed(),
        Ok(x509_parser::public_key::PublicKey::EC(_))
    ));
}

#[tokio::test]
async fn three_hundred_versions_come_in_pages_and_in_no_order() {
    let older: String = (1..300)
        .map(|day| format!("{{ holds = \"erp-bridge\", created-days-ago = {day} }},"))
        .collect();
    let change = format!(
        "[vaults.kv-contoso-crm-prod]\nsecrets = [{{ name = \"erp-bridge-secret\", created-days-ago = 0, older = [{older}] }}]"
    );
    let desk = vault(&change).await;
    let token = desk.auditor(RESOURCE).await;
    let mut url = format!("{VAULT}/secrets/erp-bridge-secret/versions?api-version=7.5");
    let (mut created, mut pages) = (Vec::new(), 0);
    loop {
        let body = desk.get(&url, &token).await.json();
        let rows = body["value"].as_array().expect("rows");
        assert_eq!(rows.len(), 25);
        created.extend(rows.iter().map(|row| row["attributes"]["created"].as_i64()));
        pages += 1;
        match body["nextLink"].as_str() {
            Some(link) => url = link.to_owned(),
            None => break,
        }
    }
    assert_eq!((pages, created.len()), (12, 300));
    assert!(!created.is_sorted() && !created.iter().rev().is_sorted());
}

#[tokio::test]
async fn deleted_secrets_are_seen_only_among_the_deleted() {
    let desk = vault("").await;
    let token = desk.auditor(RESOURCE).await;
    let (status, gone) = read(&desk, "secrets/old-sync", &token).await;
    assert_eq!(
        (status, &gone["error"]["code"]),
        (404, &"SecretNotFound".into())
    );
    let (status, found) = read(&desk, "deletedsecrets/old-sync", &token).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(
        found["recoveryId"],
        format!("{VAULT}/deletedsecrets/old-sync")
    );
    assert_eq!(found["tags"]["owner"], "anna");
    assert!(found.get("value").is_none());
    let day = |field: &str| found[field].as_i64().expect("seconds") / 86_400;
    assert_eq!(day("scheduledPurgeDate") - day("deletedDate"), 90);
    let (status, none) = read(&desk, "deletedsecrets/erp-bridge-secret", &token).await;
    assert_eq!(
        (status, &none["error"]["code"]),
        (404, &"SecretNotFound".into())
    );
    let (_, list) = read(&desk, "deletedsecrets?maxresults=1", &token).await;
    assert_eq!(list["value"].as_array().map(Vec::len), Some(1));
    assert!(list["nextLink"].as_str().is_some());
    let (_, list) = read(&desk, "secrets?maxresults=25", &token).await;
    let names: Vec<&str> = list["value"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["id"].as_str()?.rsplit('/').next())
        .collect();
    assert!(names.contains(&"erp-certificate") && !names.contains(&"old-sync"));
    // What came with the scenario holds no application's certificate, and has no secret.
    assert!(!names.contains(&"crm-prod-gateway"));
}

#[tokio::test]
async fn roles_decide_who_reads_what() {
    let desk = vault("").await;
    let reader = desk.token("marketing-events", RESOURCE).await;
    let user = desk.token("erp-bridge", RESOURCE).await;
    let get_only = desk.token("service-desk-connector", RESOURCE).await;
    for (path, of_reader, of_user, of_get) in [
        ("secrets", 200, 200, 403),
        ("secrets/erp-certificate/versions", 200, 200, 403),
        ("secrets/erp-certificate", 403, 200, 200),
        ("certificates", 200, 200, 403),
        ("certificates/erp-certificate", 200, 200, 403),
        ("certificates/erp-certificate/policy", 200, 200, 403),
        ("deletedsecrets", 200, 200, 403),
        ("deletedsecrets/old-sync", 200, 200, 200),
    ] {
        for (token, status) in [(&reader, of_reader), (&user, of_user), (&get_only, of_get)] {
            assert_eq!(read(&desk, path, token).await.0, status, "{path}");
        }
    }
}
