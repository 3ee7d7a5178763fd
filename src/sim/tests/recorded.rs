//! The simulator's answers beside recorded ones of the real services: same status, same members, same
//! wording once ids and times are masked.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Desk, LOGIN, PROD, Reply, TENANT, VAULT, desk, desk_of, tidy};

/// A recorded answer: `status`, `headers`, `body_raw`.
struct Recording(Value);

macro_rules! recording {
    ($name:literal) => {
        Recording(
            serde_json::from_str(include_str!(concat!("recordings/", $name, ".json")))
                .expect("a recording"),
        )
    };
}

impl Recording {
    fn body(&self) -> Value {
        serde_json::from_str(self.0["body_raw"].as_str().expect("a body")).expect("JSON")
    }

    /// Same status; the same members down to every leaf, save those that may come and go.
    fn is_like(&self, reply: &Reply, optional: &[&str]) {
        assert_eq!(self.0["status"], reply.status, "{}", reply.text);
        let (mut theirs, mut ours) = (BTreeSet::new(), BTreeSet::new());
        members("", &self.body(), &mut theirs);
        members("", &reply.json(), &mut ours);
        let odd: Vec<&String> = theirs
            .symmetric_difference(&ours)
            .filter(|path| !optional.iter().any(|part| path.contains(part)))
            .collect();
        assert!(odd.is_empty(), "members on one side only: {odd:#?}");
    }
}

/// Every path to a leaf, with the leaf's type; elements of an array count as one.
fn members(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                members(&format!("{path}/{key}"), field, found);
            }
        }
        Value::Array(elements) => {
            found.insert(format!("{path}[]"));
            for element in elements.iter().filter(|element| element.is_object()) {
                members(&format!("{path}[]"), element, found);
            }
        }
        _ => {
            found.insert(path.to_owned());
        }
    }
}

/// Text with GUIDs and other runs of digits and hex letters masked.
fn masked(text: &str) -> String {
    let mut words = Vec::new();
    for word in text.split_inclusive([' ', '=', ';', '/', '\'', ',', '(', ')', '.', '\n']) {
        let (core, end) = word.split_at(word.len() - 1);
        let is_id = core.len() >= 36
            && core
                .bytes()
                .all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
        let is_number = !core.is_empty() && core.bytes().all(|byte| byte.is_ascii_digit());
        words.push(if is_id || is_number {
            format!("*{end}")
        } else {
            word.to_owned()
        });
    }
    words.concat()
}

async fn expired(desk: &Desk) -> Reply {
    desk.sign_in(&desk.client_id("erp-bridge"), "erp-bridge", PROD)
        .await
}

#[tokio::test]
async fn entra() {
    let neglected = desk("neglected").await;
    let recent = recording!("entra-401-7000222-expired-2025");
    let reply = expired(&neglected).await;
    recent.is_like(&reply, &[]);
    let before_trace = |body: Value| {
        let text = body["error_description"].as_str().expect("text").to_owned();
        masked(text.split("Trace ID").next().expect("a beginning"))
    };
    assert_eq!(before_trace(reply.json()), before_trace(recent.body()));

    let text = tidy("ends-in-days = 110", "ends-in-days = -1", "");
    let old = desk_of(&text.replacen("[people]", "[entra]\ncrlf = true\n[people]", 1)).await;
    // The older form had no lookup page.
    recording!("entra-401-7000222-expired-2019-crlf").is_like(&expired(&old).await, &["error_uri"]);

    let token = neglected
        .sign_in(&neglected.client_id("credaudit"), "credaudit", PROD)
        .await;
    recording!("entra-token-200").is_like(&token, &[]);
    let url = format!("{LOGIN}/{TENANT}/v2.0/.well-known/openid-configuration");
    recording!("entra-openid-configuration").is_like(&neglected.get(&url, "").await, &[]);
}

#[tokio::test]
async fn graph() {
    let desk = desk("tidy").await;
    let token = desk.auditor("https://graph.microsoft.com").await;
    let url = format!(
        "https://graph.microsoft.com/v1.0/applications?$filter=appId eq '{}'",
        desk.client_id("erp-bridge")
    );
    let recorded = recording!("graph-applications-with-passwordCredentials");
    let reply = desk.get(&url, &token).await;
    // Newer than the recording.
    recorded.is_like(&reply, &["isDisabled"]);
    for name in ["content-type", "odata-version", "x-ms-resource-unit"] {
        assert_eq!(recorded.0["headers"][name], reply.header(name));
    }
}

#[tokio::test]
async fn key_vault() {
    let desk = desk("tidy").await;
    let challenge = recording!("kv-401-challenge-2025");
    let reply = desk
        .send(desk.http.get(format!("{VAULT}/secrets?api-version=7.4")))
        .await;
    challenge.is_like(&reply, &[]);
    assert_eq!(challenge.body(), reply.json());
    let recorded = challenge.0["headers"]["www-authenticate"]
        .as_str()
        .expect("a challenge");
    let (ours, theirs) = (reply.header("www-authenticate"), recorded);
    assert_eq!(
        ours.replace(TENANT, "*"),
        theirs.replace("c0006b2d-0652-df8c-67cb-fef785b7451a", "*")
    );

    let token = desk.auditor("https://vault.azure.net").await;
    let list = format!("{VAULT}/secrets?api-version=7.4&maxresults=1");
    let first = desk.get(&list, &token).await;
    // These secrets have an end and no tags.
    let optional = &["/tags", "/exp", "/contentType"];
    recording!("kv-secrets-list-page1-2025").is_like(&first, optional);
    let all = desk
        .get(&format!("{VAULT}/secrets?api-version=7.4"), &token)
        .await;
    recording!("kv-secrets-list-page2-2025").is_like(&all, optional);
    assert!(all.json()["nextLink"].is_null());

    let stranger = desk.token("erp-bridge", "https://vault.azure.net").await;
    let refused = desk
        .get(
            &format!("{VAULT}/secrets/somesecret?api-version=7.4"),
            &stranger,
        )
        .await;
    let recorded = recording!("kv-403-rbac-getsecret");
    recorded.is_like(&refused, &[]);
    let wording = |body: Value| {
        let text = body["error"]["message"].as_str().expect("text").to_owned();
        let names = [
            "kv-contoso-crm-prod",
            "someakv",
            "westeurope",
            "eastus",
            "integration",
            "some-rg",
        ];
        masked(
            &names
                .iter()
                .fold(text, |text, name| text.replace(name, "*")),
        )
    };
    assert_eq!(wording(refused.json()), wording(recorded.body()));
}

#[tokio::test]
async fn dataverse() {
    let desk = desk("neglected").await;
    let who = format!("{PROD}/api/data/v9.2/WhoAmI");
    let outsider = desk
        .get(&who, &desk.token("field-service-mobile", PROD).await)
        .await;
    let recorded = recording!("dataverse-403-not-application-user");
    recorded.is_like(&outsider, &[]);
    assert_eq!(recorded.body(), outsider.json());

    let token = desk.token("raia-contact-sync", PROD).await;
    let refused = desk
        .get(&format!("{PROD}/api/data/v9.2/accounts?$top=1"), &token)
        .await;
    let recorded = recording!("dataverse-403-missing-privilege");
    // Annotations come only when they are asked for.
    recorded.is_like(&refused, &["@Microsoft.PowerApps.CDS"]);
    let wording = |body: Value, names: [&str; 3]| {
        let text = body["error"]["message"].as_str().expect("text").to_owned();
        masked(
            &names
                .iter()
                .fold(text, |text, name| text.replace(name, "NAME")),
        )
    };
    assert_eq!(
        wording(refused.json(), ["prvReadAccount", "account", "Account"]),
        wording(
            recorded.body(),
            [
                "prvCreatecat_DeploymentSolutionProfile",
                "cat_deploymentsolutionprofile",
                "Deployment Solution Profile"
            ]
        )
    );
}
