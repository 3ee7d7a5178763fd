//! What comes from elsewhere: applications of other tenants, Microsoft's own, managed identities, a vault in
//! another tenant; and reads that want a right, or a header, of their own.

use serde_json::{Value, json};

use super::{Desk, PROD, TENANT, VAULT, tidy_with};

const GRAPH: &str = "https://graph.microsoft.com";
const VENDOR: &str = "11111111-2222-4333-8444-555555555555";
const MICROSOFT: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";
const WHO: &str = "https://contoso.crm4.dynamics.com/api/data/v9.2/WhoAmI";

async fn principal(desk: &Desk, client_id: &str) -> Value {
    let token = desk.auditor(GRAPH).await;
    let url = format!("{GRAPH}/v1.0/servicePrincipals(appId='{client_id}')");
    let reply = desk.get(&url, &token).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

async fn registration(desk: &Desk, client_id: &str) -> u16 {
    let token = desk.auditor(GRAPH).await;
    let url = format!("{GRAPH}/v1.0/applications(appId='{client_id}')");
    desk.get(&url, &token).await.status
}

fn rows(value: &Value) -> Option<usize> {
    value.as_array().map(Vec::len)
}

const GUEST: &str = r#"
[tenants.vendor]
id = "11111111-2222-4333-8444-555555555555"
[[applications]]
name = "vendor-sync"
tenant = "vendor"
client-id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60009"
audience = "AzureADMultipleOrgs"
secrets = [{ label = "vendor-sync", ends-in-days = 90 }]
guest-in = ["contoso"]
[environments.prod]
users = [{ application = "vendor-sync", roles = ["ERP Bridge"] }]
"#;

#[tokio::test]
async fn an_application_of_another_tenant_signs_in_here_with_its_own_credential() {
    let desk = tidy_with(GUEST).await;
    let id = desk.client_id("vendor-sync");
    let token = desk.token("vendor-sync", PROD).await;
    assert_eq!(desk.get(WHO, &token).await.status, 200);
    let row = principal(&desk, &id).await;
    assert_eq!(row["appOwnerOrganizationId"], VENDOR);
    assert_eq!(rows(&row["passwordCredentials"]), Some(0));
    assert_eq!(registration(&desk, &id).await, 404);
    // A tenant without a service principal does not know it.
    let elsewhere = tidy_with(&GUEST.replace("guest-in = [\"contoso\"]\n", "")).await;
    let reply = elsewhere.sign_in(&id, "vendor-sync", PROD).await;
    assert_eq!(reply.json()["error_codes"][0], 700_016);
}

#[tokio::test]
async fn principals_without_an_application_say_what_they_are() {
    let desk = tidy_with(
        r#"
[[principals]]
name = "vm-sync"
tenant = "contoso"
client-id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001"
type = "ManagedIdentity"
[[principals]]
name = "PowerApps-Advisor"
tenant = "contoso"
client-id = "c9299480-c13a-49db-a7ae-cdfe54fe0313"
owner-tenant = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
[[principals]]
name = "old-vendor"
tenant = "contoso"
client-id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60002"
owner-tenant = "11111111-2222-4333-8444-555555555555"
secrets = [{ label = "old-vendor", ends-in-days = 20 }]
[environments.prod]
users = [
    { application = "vm-sync" },
    { application = "PowerApps-Advisor" },
    { application = "old-vendor" },
]
"#,
    )
    .await;
    for (name, kind, owner, secrets) in [
        ("vm-sync", "ManagedIdentity", Value::Null, 0),
        ("PowerApps-Advisor", "Application", MICROSOFT.into(), 0),
        ("old-vendor", "Application", VENDOR.into(), 1),
    ] {
        let id = desk.client_id(name);
        assert_eq!(registration(&desk, &id).await, 404, "{name}");
        let row = principal(&desk, &id).await;
        assert_eq!(row["servicePrincipalType"], kind);
        assert_eq!(row["appOwnerOrganizationId"], owner);
        assert_eq!(rows(&row["passwordCredentials"]), Some(secrets));
    }
    // Its own secret signs in.
    let token = desk.token("old-vendor", PROD).await;
    assert_eq!(desk.get(WHO, &token).await.status, 200);
}

#[tokio::test]
async fn a_vault_in_another_tenant_refuses_tokens_of_this_one() {
    let desk = tidy_with(&format!(
        "[tenants.vendor]\nid = \"{VENDOR}\"\n[vaults.kv-contoso-crm-prod]\ntenant = \"vendor\"\n"
    ))
    .await;
    let url = format!("{VAULT}/secrets?api-version=7.5");
    let token = desk.auditor("https://vault.azure.net").await;
    let reply = desk.get(&url, &token).await;
    assert_eq!(reply.status, 401);
    assert!(reply.header("www-authenticate").contains(VENDOR));
    let text = reply.json()["error"]["message"].to_string();
    for part in ["AKV10032", VENDOR, TENANT] {
        assert!(text.contains(part), "{text}");
    }
}

#[tokio::test]
async fn metadata_wants_rights_that_the_organisation_row_does_not() {
    let desk = tidy_with(
        r#"
[environments.prod]
roles = [{ name = "Half", read = ["organization"] }]
users = [{ application = "erp-bridge", roles = ["Half"] }]
"#,
    )
    .await;
    let token = desk.token("erp-bridge", PROD).await;
    let get = async |path: &str| {
        let url = format!("{PROD}/api/data/v9.2/{path}");
        desk.get(&url, &token).await
    };
    let row = get("organizations?$select=organizationid").await;
    assert_eq!(row.status, 200, "{}", row.text);
    for (path, right) in [
        ("EntityDefinitions?$select=LogicalName", "prvReadEntity"),
        ("EntityDefinitions(LogicalName='account')", "prvReadEntity"),
        ("GlobalOptionSetDefinitions", "prvReadOptionSet"),
        (
            "GlobalOptionSetDefinitions(Name='need')",
            "prvReadOptionSet",
        ),
    ] {
        let reply = get(path).await;
        assert_eq!(reply.status, 403, "{path}");
        assert!(reply.text.contains(right), "{}", reply.text);
    }
}

const GRANTS: &str = r#"
[graph]
grants-incomplete = true
[[applications]]
name = "erp-bridge"
permissions = [{ resource = "Dynamics CRM", name = "user_impersonation" }]
[[applications]]
name = "marketing-events"
permissions = [{ resource = "Dynamics CRM", name = "user_impersonation" }]
"#;

#[tokio::test]
async fn delegated_grants_are_whole_only_for_an_advanced_query() {
    let desk = tidy_with(GRANTS).await;
    let token = desk.auditor(GRAPH).await;
    let ask = async |query: &str, level: Option<&str>| {
        let url = format!("{GRAPH}/v1.0/oauth2PermissionGrants{query}");
        let mut request = desk.http.get(url).bearer_auth(&token);
        if let Some(level) = level {
            request = request.header("ConsistencyLevel", level);
        }
        let body = desk.send(request).await.json();
        (
            rows(&body["value"]).unwrap_or(0),
            body["@odata.count"].as_u64(),
        )
    };
    let (all, count) = ask("?$count=true", Some("eventual")).await;
    assert!(all >= 2);
    assert_eq!(count.map(usize::try_from), Some(Ok(all)));
    for (query, level) in [("", None), ("?$count=true", None), ("", Some("eventual"))] {
        assert_eq!(
            ask(query, level).await,
            (all / 2, None),
            "{query} {level:?}"
        );
    }
    // In a batch the part has to say it.
    for (headers, expected) in [
        (json!({}), all / 2),
        (json!({ "ConsistencyLevel": "eventual" }), all),
    ] {
        let part = json!({
            "id": "1", "method": "GET", "headers": headers,
            "url": "/oauth2PermissionGrants?$count=true",
        });
        let request = desk.http.post(format!("{GRAPH}/v1.0/$batch"));
        let request = request
            .header("ConsistencyLevel", "eventual")
            .bearer_auth(&token);
        let request = request.json(&json!({ "requests": [part] }));
        let reply = desk.send(request).await.json();
        assert_eq!(
            rows(&reply["responses"][0]["body"]["value"]),
            Some(expected)
        );
    }
}
