//! Service principals of every kind, the permissions they hold, and who may see them.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::credentials::{batch, members, tidy_with, walk};
use super::{Desk, desk};

const GRAPH: &str = "https://graph.microsoft.com";
const CRM: &str = "00000007-0000-0000-c000-000000000000";
const ERP: &str = "00000015-0000-0000-c000-000000000000";
const MS_GRAPH: &str = "00000003-0000-0000-c000-000000000000";
const PARTNER: &str = "11111111-7c1e-4d2b-9a57-3f2f6f6f0009";

async fn principal(desk: &Desk, token: &str, id: &str) -> Value {
    let url = format!("{GRAPH}/v1.0/servicePrincipals(appId='{id}')");
    desk.get(&url, token).await.json()
}

const PRINCIPALS: &str = "
[[principals]]
name = \"crm-functions\"
tenant = \"contoso\"
client-id = \"aaaaaaaa-0000-4000-a000-000000000001\"
type = \"ManagedIdentity\"
permissions = [{ resource = \"Dynamics ERP\", name = \"Connector.FullAccess\" }]

[[principals]]
name = \"partner-sync\"
tenant = \"contoso\"
client-id = \"aaaaaaaa-0000-4000-a000-000000000002\"
owner-tenant = \"11111111-7c1e-4d2b-9a57-3f2f6f6f0009\"
signed-in-days-ago = 4
secrets = [{ label = \"partner-sync\", ends-in-days = 40, used-days-ago = 4 }]

[[principals]]
name = \"old-portal\"
tenant = \"contoso\"
client-id = \"aaaaaaaa-0000-4000-a000-000000000003\"
type = \"Legacy\"

[[applications]]
name = \"intranet-portal\"
certificates = [{ label = \"intranet-saml\", usage = \"Sign\", on-service-principal = true, started-days-ago = 90, ends-in-days = 900, used-days-ago = 2 }]
[applications.principal]
app-proxy = true
display-name = \"Intranet\"
saml = { notified = [\"it@contoso.com\"], thumbprint-of = \"intranet-saml\" }
";

#[tokio::test]
async fn service_principals_say_what_they_are() {
    let desk = tidy_with(PRINCIPALS).await;
    let token = desk.auditor(GRAPH).await;
    let of = async |name: &str| principal(&desk, &token, &desk.client_id(name)).await;

    let ordinary = of("erp-bridge").await;
    assert_eq!(ordinary["servicePrincipalType"], "Application");
    assert_eq!(ordinary["appOwnerOrganizationId"], super::TENANT);
    assert_eq!(
        ordinary["tags"],
        json!(["WindowsAzureActiveDirectoryIntegratedApp"])
    );

    let managed = of("crm-functions").await;
    assert_eq!(managed["servicePrincipalType"], "ManagedIdentity");
    assert!(managed["appOwnerOrganizationId"].is_null());
    assert!(managed["appDisplayName"].is_null());
    assert_eq!(managed["alternativeNames"][0], "isExplicit=True");

    let foreign = of("partner-sync").await;
    assert_eq!(foreign["appOwnerOrganizationId"], PARTNER);
    assert_eq!(foreign["signInAudience"], "AzureADMultipleOrgs");
    assert_eq!(
        foreign["passwordCredentials"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(of("old-portal").await["servicePrincipalType"], "Legacy");

    let portal = of("intranet-portal").await;
    assert_eq!(portal["tags"][1], "WindowsAzureActiveDirectoryOnPremApp");
    assert_eq!(portal["preferredSingleSignOnMode"], "saml");
    assert_eq!(
        portal["notificationEmailAddresses"],
        json!(["it@contoso.com"])
    );
    assert_eq!(portal["displayName"], "Intranet");
    assert_eq!(portal["appDisplayName"], "intranet-portal");
    // The thumbprint of the certificate that stands beside it, in hex digits.
    let key = &portal["keyCredentials"][0];
    let bytes = STANDARD.decode(key["customKeyIdentifier"].as_str().expect("base64"));
    let digits = bytes
        .expect("base64")
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02X}"));
    assert_eq!(digits.len(), 40);
    assert_eq!(portal["preferredTokenSigningKeyThumbprint"], digits);

    // There is no registration behind the three, nor behind Microsoft's.
    let lone = ["crm-functions", "partner-sync", "old-portal"].map(|name| desk.client_id(name));
    for id in lone.iter().map(String::as_str).chain([CRM, ERP, MS_GRAPH]) {
        let path = format!("/applications(appId='{id}')");
        assert_eq!(batch(&desk, &token, &[&path]).await[0].1, 404, "{id}");
    }
    let (applications, _) = walk(&desk, &format!("{GRAPH}/v1.0/applications"), &token).await;
    assert_eq!(applications.len(), 15);
    let url = format!("{GRAPH}/v1.0/servicePrincipals?$top=9");
    let (principals, pages) = walk(&desk, &url, &token).await;
    // Fifteen with a registration, three without, three services of Microsoft's and four users.
    assert_eq!((principals.len(), pages), (25, 3));
    let url =
        format!("{GRAPH}/v1.0/servicePrincipals?$filter=appOwnerOrganizationId eq '{PARTNER}'");
    assert_eq!(walk(&desk, &url, &token).await.0.len(), 1);

    let url = format!(
        "{GRAPH}/beta/reports/appCredentialSignInActivities?$filter=appId eq '{}'",
        desk.client_id("partner-sync")
    );
    let row = &walk(&desk, &url, &token).await.0[0];
    assert_eq!(row["credentialOrigin"], "servicePrincipal");
    assert!(row["appObjectId"].is_null());
    // A certificate has a line under the key id that the directory shows.
    let id = key["keyId"].as_str().expect("an id");
    let url = format!("{GRAPH}/beta/reports/appCredentialSignInActivities?$filter=keyId eq '{id}'");
    let row = &walk(&desk, &url, &token).await.0[0];
    assert_eq!(row["keyType"], "certificate");
    assert_eq!(row["keyUsage"], "sign");
}

#[tokio::test]
async fn microsofts_services_offer_their_permissions() {
    let desk = desk("tidy").await;
    let token = desk.auditor(GRAPH).await;
    let ids = |row: &Value, list: &str| -> Vec<(String, String)> {
        let entries = row[list].as_array().expect("a list").iter();
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        entries
            .map(|entry| (text(&entry["value"]), text(&entry["id"])))
            .collect()
    };
    let pair = |name: &str, id: &str| (name.to_owned(), id.to_owned());
    let crm = principal(&desk, &token, CRM).await;
    assert_eq!(
        ids(&crm, "oauth2PermissionScopes"),
        [pair(
            "user_impersonation",
            "78ce3f0f-a1ce-49c2-8cde-64b5c0896db4"
        )]
    );
    assert_eq!(ids(&crm, "appRoles"), []);
    assert_eq!(
        crm["appOwnerOrganizationId"],
        "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
    );
    let erp = principal(&desk, &token, ERP).await;
    assert_eq!(ids(&erp, "appRoles")[0].0, "Connector.FullAccess");
    assert_eq!(ids(&erp, "oauth2PermissionScopes").len(), 3);
    let graph = principal(&desk, &token, MS_GRAPH).await;
    let roles = ids(&graph, "appRoles");
    assert!(roles.contains(&pair("Mail.Send", "b633e1c5-b582-4048-a93e-9f11b44c7e96")));
    // Known only by name: under an id of its own.
    let names: BTreeSet<&str> = roles.iter().map(|(name, _)| name.as_str()).collect();
    let all: BTreeSet<&str> = roles.iter().map(|(_, id)| id.as_str()).collect();
    assert!(names.contains("Policy.Read.ApplicationConfiguration"));
    assert_eq!(names.len(), all.len());
}

const PERMISSIONS: &str = "
[[applications]]
name = \"erp-bridge\"
permissions = [
    { resource = \"Dynamics ERP\", name = \"Connector.FullAccess\" },
    { resource = \"Dynamics ERP\", name = \"Odata.FullAccess\" },
    { resource = \"Dynamics ERP\", name = \"AX.FullAccess\" },
    { resource = \"Dynamics CRM\", name = \"user_impersonation\", granted = false },
    { resource = \"Microsoft Graph\", name = \"Mail.Send\", declared = false },
    { resource = \"Microsoft Graph\", name = \"Mail.Send\", type = \"Scope\", granted = false },
]
";

#[tokio::test]
async fn permissions_are_declared_and_granted_each_in_its_place() {
    let desk = tidy_with(PERMISSIONS).await;
    let token = desk.auditor(GRAPH).await;
    let id = desk.client_id("erp-bridge");
    let row = desk
        .get(&format!("{GRAPH}/v1.0/applications(appId='{id}')"), &token)
        .await
        .json();
    let declared: BTreeSet<(&str, &str)> = row["requiredResourceAccess"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|resource| {
            let of = resource["resourceAppId"].as_str().expect("an id");
            let access = resource["resourceAccess"].as_array().expect("a list");
            access
                .iter()
                .map(move |entry| (of, entry["type"].as_str().expect("a type")))
        })
        .collect();
    assert_eq!(
        declared,
        BTreeSet::from([
            (CRM, "Scope"),
            (ERP, "Role"),
            (ERP, "Scope"),
            (MS_GRAPH, "Scope")
        ])
    );

    let own = format!("{GRAPH}/v1.0/servicePrincipals(appId='{id}')/appRoleAssignments");
    let (held, pages) = walk(&desk, &format!("{own}?$top=1"), &token).await;
    assert_eq!((held.len(), pages), (2, 2));
    let documented = BTreeSet::from([
        "appRoleId",
        "createdDateTime",
        "deletedDateTime",
        "id",
        "principalDisplayName",
        "principalId",
        "principalType",
        "resourceDisplayName",
        "resourceId",
    ]);
    assert_eq!(members(&held[0]), documented);
    let erp = principal(&desk, &token, ERP).await;
    assert_eq!(held[0]["appRoleId"], erp["appRoles"][0]["id"]);
    assert_eq!(held[0]["resourceId"], erp["id"]);
    assert_eq!(held[1]["resourceDisplayName"], "Microsoft Graph");

    // Seen from the other side.
    let of = |id: &str| format!("/servicePrincipals(appId='{id}')/appRoleAssignedTo");
    let answers = batch(&desk, &token, &[&of(ERP), &of(CRM), &of(MS_GRAPH)]).await;
    // Beside the one that the tidy tenant has anyway.
    let on_erp = &answers[0].2["value"];
    assert_eq!(on_erp.as_array().map(Vec::len), Some(2));
    assert_eq!(on_erp[0], held[0]);
    assert_eq!(answers[1].2["value"], json!([]));
    // Six rights of the auditor's, and the bridge's mail.
    assert_eq!(answers[2].2["value"].as_array().map(Vec::len), Some(7));
    let url = format!("{GRAPH}/v1.0{}?$top=3", of(MS_GRAPH));
    assert_eq!(walk(&desk, &url, &token).await.1, 3);
    let object = erp["id"].as_str().expect("an id");
    let by_id = format!("/servicePrincipals/{object}/appRoleAssignedTo");
    let answer = &batch(&desk, &token, &[&by_id]).await[0];
    assert_eq!(&answer.2["value"], on_erp);
}

#[tokio::test]
async fn delegated_grants_are_one_text_each_and_need_a_right() {
    let desk = tidy_with(PERMISSIONS).await;
    let token = desk.auditor(GRAPH).await;
    let url = format!("{GRAPH}/v1.0/oauth2PermissionGrants");
    let (all, _) = walk(&desk, &url, &token).await;
    // The bridge's, and two that the tidy tenant has anyway.
    assert_eq!(all.len(), 3);
    let id = desk.client_id("erp-bridge");
    let client = principal(&desk, &token, &id).await["id"].clone();
    let client = client.as_str().expect("an id");
    let (own, _) = walk(
        &desk,
        &format!("{url}?$filter=clientId eq '{client}'"),
        &token,
    )
    .await;
    let documented = BTreeSet::from([
        "clientId",
        "consentType",
        "id",
        "principalId",
        "resourceId",
        "scope",
    ]);
    assert_eq!(members(&own[0]), documented);
    assert_eq!(own[0]["scope"], "AX.FullAccess Odata.FullAccess");
    assert_eq!(own[0]["consentType"], "AllPrincipals");
    let under = format!("/servicePrincipals/{client}/oauth2PermissionGrants");
    let answers = batch(&desk, &token, &[&under, "/oauth2PermissionGrants"]).await;
    assert_eq!(answers[0].2["value"], json!(own));
    assert_eq!(answers[1].2["value"], json!(all));

    let desk = super::desk("half-permitted").await;
    let token = desk.auditor(GRAPH).await;
    let path = format!("/servicePrincipals(appId='{id}')/appRoleAssignments");
    let answers = batch(&desk, &token, &["/oauth2PermissionGrants", &path]).await;
    assert_eq!(answers[0].1, 403);
    assert_eq!(answers[0].2["error"]["code"], "Authorization_RequestDenied");
    assert_eq!(answers[1].1, 200);
}

/// The claims of a token, as any client can read them.
fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("a JWT");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part);
    serde_json::from_slice(&bytes.expect("base64")).expect("JSON")
}

#[tokio::test]
async fn tokens_carry_the_application_permissions_on_their_resource() {
    let desk = tidy_with(PERMISSIONS).await;
    let finops = "https://contoso.operations.dynamics.com";
    for (resource, expected) in [
        (GRAPH, json!(["Mail.Send"])),
        (finops, json!(["Connector.FullAccess"])),
        (super::PROD, Value::Null),
    ] {
        let token = desk.token("erp-bridge", resource).await;
        assert_eq!(claims(&token)["roles"], expected, "{resource}");
    }
    let auditor = claims(&desk.auditor(GRAPH).await);
    assert_eq!(auditor["roles"].as_array().map(Vec::len), Some(6));
    // What is only declared is in no token.
    let desk = tidy_with(
        "[[applications]]\nname = \"erp-bridge\"\npermissions = [{ resource = \"Dynamics ERP\", name = \"Connector.FullAccess\", granted = false }]",
    )
    .await;
    let token = desk.token("erp-bridge", finops).await;
    assert!(claims(&token)["roles"].is_null());
}

#[tokio::test]
async fn people_agree_for_themselves_and_administrators_for_everybody() {
    let desk = tidy_with(
        "[[applications]]
name = \"erp-bridge\"
permissions = [
    { resource = \"Microsoft Graph\", name = \"User.Read\" },
    { resource = \"Microsoft Graph\", name = \"Calendars.Read\", type = \"Scope\", person = \"anna\" },
    { resource = \"Microsoft Graph\", name = \"User.Read\", person = \"anna\" },
    { resource = \"Microsoft Graph\", name = \"Mail.Read\", type = \"Scope\", person = \"ben\", granted = false },
]
",
    )
    .await;
    let token = desk.auditor(GRAPH).await;
    let id = desk.client_id("erp-bridge");
    let url = format!("{GRAPH}/v1.0/servicePrincipals(appId='{id}')/oauth2PermissionGrants");
    let (rows, _) = walk(&desk, &url, &token).await;
    let seen: Vec<(&str, &str, bool)> = rows
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().expect("text");
            (
                text("consentType"),
                text("scope"),
                row["principalId"].is_string(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("AllPrincipals", "User.Read", false),
            ("Principal", "Calendars.Read User.Read", true)
        ]
    );
    assert_ne!(rows[0]["id"], rows[1]["id"]);
}
