//! A small tenant in which everything is right; a test answers some calls otherwise.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::cloud::{Call, Reply};
use super::rights;
use crate::estate::Estate;

pub(super) const TENANT: &str = "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001";
pub(super) const AUDITOR: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c600aa";
pub(super) const CLIENT: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001";
pub(super) const USER: &str = "11111111-0000-4000-8000-000000000001";
pub(super) const UNIT: &str = "22222222-0000-4000-8000-000000000001";
pub(super) const ORGANIZATION: &str = "33333333-0000-4000-8000-000000000001";
const ROW: &str = "12121212-0000-4000-8000-000000000001";
pub(super) const TEAM: &str = "44444444-0000-4000-8000-000000000001";
pub(super) const RESOURCE_ID: &str = "99999999-0000-4000-8000-000000000001";
pub(super) const ROLE: &str = "99999999-0000-4000-8000-0000000000aa";
pub(super) const SCOPE: &str = "a849e696-ce45-464a-81de-e5c5b45519c1";
pub(super) const ERP: &str = "00000015-0000-0000-c000-000000000000";
pub(super) const VALUE: &str = "abc~canary-stored-secret";
pub(super) const VERSION: &str = "0123456789abcdef0123456789abcdef";
pub(super) const RESOURCE: &str = "https://contoso.crm4.dynamics.com";

pub(super) const ALLOWED: [&str; 3] = ["contact", "lead", "task"];
const DENIED: [&str; 3] = ["account", "invoice", "quote"];

/// Another environment beside the estate's own.
pub(super) fn beside(estate: &mut Estate, name: &str, environment: Value) {
    let environment = serde_json::from_value(environment).expect("a literal environment");
    estate.environments.insert(name.into(), environment);
}

pub(super) fn estate() -> Estate {
    serde_json::from_value(json!({
        "auditor": {"identity": "environment"},
        "tenants": {"contoso": {"id": TENANT, "cloud": "public"}},
        "environments": {"prod": {
            "tenant": "contoso", "tier": "production", "dataverse": "contoso.crm4.dynamics.com"}},
        "vaults": {"crm": {"environment": "prod", "host": "kv-contoso.vault.azure.net"}},
        "registrations": [{
            "name": "raia",
            "environment": "prod",
            "client-id": {"literal": CLIENT},
            "credential": {"kind": "secret", "entry": {"vault": "crm", "name": "raia-secret"}},
            "prove": "always",
            "dataverse": {"allow": {"read": ALLOWED}, "deny": {"read": DENIED}}
        }]
    }))
    .expect("a literal estate")
}

pub(super) fn token(audience: &str, client: &str) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!(
        "{}.{}.canary-signature",
        part(json!({"alg": "RS256"})),
        part(
            json!({"aud": audience, "tid": TENANT, "appid": client, "exp": 1_795_000_000,
            "oid": "55555555-0000-4000-8000-000000000001", "idtyp": "app"})
        )
    )
}

/// Everything as it should be.
pub(super) fn tidy(call: &Call) -> Reply {
    match call.host.as_str() {
        "login.microsoftonline.com" => login(call),
        "graph.microsoft.com" => graph(call),
        "kv-contoso.vault.azure.net" => vault(call),
        "contoso.api.crm4.dynamics.com" => dataverse(call),
        other => panic!("{other} was asked"),
    }
}

fn login(call: &Call) -> Reply {
    assert_eq!(call.path, format!("/{TENANT}/oauth2/v2.0/token"));
    let field = |name: &str| {
        url::form_urlencoded::parse(call.body.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let (client, secret) = (field("client_id"), field("client_secret"));
    let right = if client == AUDITOR {
        "canary-auditor-secret"
    } else {
        VALUE
    };
    if secret != right {
        return Reply::json(
            401,
            &json!({"error": "invalid_client", "error_codes": [7_000_215]}),
        );
    }
    let scope = field("scope");
    let audience = scope.strip_suffix("/.default").expect("a scope");
    Reply::json(
        200,
        &json!({"token_type": "Bearer", "expires_in": 3599, "access_token": token(audience, &client)}),
    )
}

fn vault(call: &Call) -> Reply {
    if call.token.is_none() {
        return Reply::error(401, "Unauthorized").header(
            "www-authenticate",
            format!("Bearer authorization=\"https://login.microsoftonline.com/{TENANT}\", resource=\"https://vault.azure.net\""),
        );
    }
    let attributes = json!({"enabled": true, "created": 1_741_668_435, "exp": 1_799_668_435,
        "recoveryLevel": "Recoverable+Purgeable"});
    let id = |name: &str| format!("https://kv-contoso.vault.azure.net/secrets/{name}");
    match call.path.trim_end_matches('/') {
        "/secrets" if !call.query.contains("skiptoken") => Reply::json(
            200,
            &json!({"value": [{"id": id("raia-secret"), "attributes": attributes}],
                "nextLink": "https://kv-contoso.vault.azure.net:443/secrets?api-version=7.4&$skiptoken=two"}),
        ),
        "/secrets" => Reply::json(
            200,
            &json!({"value": [{"id": id("other"), "attributes": attributes}], "nextLink": null}),
        ),
        "/secrets/raia-secret" => Reply::json(
            200,
            &json!({"value": VALUE, "attributes": attributes,
                "id": id(&format!("raia-secret/{VERSION}"))}),
        ),
        "/secrets/raia-secret/versions" => Reply::json(
            200,
            &json!({"value": [{"id": id(&format!("raia-secret/{VERSION}")), "attributes": attributes}],
                "nextLink": null}),
        ),
        _ => Reply::error(404, "SecretNotFound"),
    }
}

fn graph(call: &Call) -> Reply {
    if let Some(reply) = super::reports::tidy(call) {
        return reply;
    }
    assert_eq!(
        (call.method.as_str(), call.path.as_str()),
        ("POST", "/v1.0/$batch")
    );
    let body: Value = serde_json::from_str(&call.body).expect("a batch");
    let parts: Vec<Value> = body["requests"]
        .as_array()
        .expect("requests")
        .iter()
        .map(|part| {
            assert_eq!(part["method"], "GET");
            json!({"id": part["id"], "status": 200, "body": object(part["url"].as_str().expect("a url"))})
        })
        .collect();
    Reply::json(200, &json!({ "responses": parts }))
}

pub(super) fn object(url: &str) -> Value {
    if url.contains("/owners") {
        return json!({"value": [{"id": "66666666-0000-4000-8000-000000000001"}]});
    }
    if url.contains("/federatedIdentityCredentials") {
        return json!({"value": [{"id": "88888888-0000-4000-8000-000000000001", "name": "pipeline",
            "issuer": "https://token.actions.githubusercontent.com", "description": "canary-words",
            "subject": "repo:contoso/sync:ref:refs/heads/main", "audiences": ["api://AzureADTokenExchange"]}]});
    }
    if url.contains("/oauth2PermissionGrants") {
        return json!({"value": [{"id": "c", "clientId": "sp-1", "consentType": "AllPrincipals",
            "principalId": null, "resourceId": RESOURCE_ID, "scope": " CustomService.FullAccess"}]});
    }
    if url.contains("/appRoleAssignments") {
        return json!({"value": [
            {"id": "a", "appRoleId": ROLE, "resourceId": RESOURCE_ID, "resourceDisplayName": "Dynamics ERP"},
            {"id": "b", "appRoleId": "00000000-0000-0000-0000-000000000000",
                "resourceId": "99999999-0000-4000-8000-000000000002", "resourceDisplayName": "Portal"}]});
    }
    let by_id = format!("/servicePrincipals/{RESOURCE_ID}");
    let by_app = format!("/servicePrincipals(appId='{ERP}')");
    if url.starts_with(&by_id) || url.starts_with(&by_app) {
        return json!({"id": RESOURCE_ID, "appId": ERP, "displayName": "Dynamics ERP",
            "appRoles": [{"id": ROLE.to_uppercase(), "value": "Connector.FullAccess"}],
            "oauth2PermissionScopes": [{"id": SCOPE, "value": "CustomService.FullAccess"}]});
    }
    if url.starts_with("/policies") {
        return policies(url);
    }
    if url.starts_with("/servicePrincipals") {
        return json!({"id": "sp-1", "accountEnabled": true,
            "servicePrincipalType": "Application", "appOwnerOrganizationId": TENANT, "tags": [],
            "passwordCredentials": [], "keyCredentials": [], "preferredSingleSignOnMode": null,
            "preferredTokenSigningKeyThumbprint": null, "notificationEmailAddresses": []});
    }
    json!({"id": "app-1", "displayName": "Raia",
        "signInAudience": "AzureADMyOrg", "disabledByMicrosoftStatus": null,
        "passwordCredentials": [
            {"keyId": "k1", "hint": "abc", "startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2027-01-01T00:00:00Z"},
            {"keyId": "k0", "hint": "xyz", "endDateTime": "2025-01-01T00:00:00Z"}],
        "keyCredentials": [],
        "requiredResourceAccess": [{"resourceAppId": ERP, "resourceAccess": [
            {"id": ROLE, "type": "Role"}, {"id": SCOPE, "type": "Scope"}]}],
        "isFallbackPublicClient": null,
        "web": {"redirectUris": ["https://contoso.example/auth"],
            "implicitGrantSettings": {"enableAccessTokenIssuance": false, "enableIdTokenIssuance": false}},
        "spa": {"redirectUris": []}, "publicClient": {"redirectUris": []}})
}

fn policies(url: &str) -> Value {
    let rules = json!({"keyCredentials": [], "passwordCredentials": [{"restrictionType": "passwordLifetime",
        "maxLifetime": "P180D", "restrictForAppsCreatedAfterDateTime": null, "state": "enabled"}]});
    if url.contains("/appliesTo") {
        return json!({"value": [{"@odata.type": "#microsoft.graph.application", "id": "app-1"}]});
    }
    if url.starts_with("/policies/appManagementPolicies") {
        return json!({"value": [{"id": "aaaaaaaa-0000-4000-8000-000000000001", "displayName": "Legacy apps",
            "description": "canary-words", "isEnabled": true, "restrictions": rules}]});
    }
    json!({"id": "00000000-0000-0000-0000-000000000000", "isEnabled": true,
        "applicationRestrictions": rules, "servicePrincipalRestrictions": rules})
}

fn dataverse(call: &Call) -> Reply {
    let role = |name: &str| {
        json!({"value": [{"roleid": "77777777-0000-4000-8000-000000000001", "name": name,
            "_roletemplateid_value": null}]})
    };
    let path = call.path.strip_prefix("/api/data/v9.2/").expect("v9.2");
    match path {
        "WhoAmI" => Reply::json(
            200,
            &json!({"UserId": USER, "BusinessUnitId": UNIT, "OrganizationId": ORGANIZATION}),
        ),
        "EntityDefinitions" if call.query.replace("%27", "'").contains("'systemuser'") => {
            rights::of_people()
        }
        "EntityDefinitions" => {
            let rows: Vec<Value> = ALLOWED
                .iter()
                .chain(&DENIED)
                .map(|name| {
                    json!({"LogicalName": name, "EntitySetName": format!("{name}s"),
                        "PrimaryIdAttribute": format!("{name}id"),
                        "Privileges": rights::of_table(name)})
                })
                .collect();
            Reply::json(200, &json!({ "value": rows }))
        }
        "systemusers" => Reply::json(
            200,
            &json!({"value": [{"systemuserid": USER, "applicationid": CLIENT, "fullname": "Raia",
                "isdisabled": false, "modifiedon": "2026-01-05T10:00:00Z", "_businessunitid_value": UNIT,
                "businessunitid": {"name": "contoso", "_parentbusinessunitid_value": null}}]}),
        ),
        path if rights::is_asked(path) => rights::answer(path, &call.query),
        path if path.ends_with("systemuserroles_association") => Reply::json(200, &role("Own")),
        path if path.ends_with("teammembership_association") => Reply::json(
            200,
            &json!({"value": [{"teamid": TEAM, "name": "Sync team"}]}),
        ),
        path if path.ends_with("teamroles_association") => Reply::json(200, &role("Of team")),
        set if DENIED.iter().any(|name| set == format!("{name}s")) => {
            Reply::error(403, "0x80040220")
        }
        set if ALLOWED.iter().any(|name| set == format!("{name}s")) => {
            let key = format!("{}id", set.trim_end_matches('s'));
            Reply::json(200, &json!({"value": [{"name": "canary-row", key: ROW}]}))
        }
        other => panic!("{other} was asked"),
    }
}
