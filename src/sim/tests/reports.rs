//! The beta reports: what they say, to whom, and how often.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Reply;
use super::credentials::{batch, members, tidy_with, walk, with_rights};

const GRAPH: &str = "https://graph.microsoft.com";
const SECRETS: &str = "https://graph.microsoft.com/beta/reports/appCredentialSignInActivities";
pub(super) const PRINCIPALS: &str =
    "https://graph.microsoft.com/beta/reports/servicePrincipalSignInActivities";

fn code(reply: &Reply) -> (u16, String) {
    let body = reply.json();
    // Recorded: the same three in every refusal.
    let inner = members(&body["error"]["innerError"]);
    assert_eq!(
        inner,
        BTreeSet::from(["client-request-id", "date", "request-id"])
    );
    let code = body["error"]["code"].as_str().expect("a code");
    (reply.status, code.to_owned())
}

#[tokio::test]
async fn the_report_of_credentials_has_a_line_for_each_that_was_used() {
    let desk = tidy_with(
        "[[applications]]
name = \"erp-bridge\"
secrets = [{ label = \"erp-bridge\", used-days-ago = 40 }]
[[applications]]
name = \"marketing-events\"
secrets = [{ label = \"marketing-events\", absent = [\"used-days-ago\"] }]
",
    )
    .await;
    let token = desk.auditor(GRAPH).await;
    let (rows, pages) = walk(&desk, &format!("{SECRETS}?$top=10"), &token).await;
    assert_eq!((rows.len(), pages), (12, 2));
    let key = crate::sim::names::guid("credential", "erp-bridge");
    let (one, _) = walk(
        &desk,
        &format!("{SECRETS}?$filter=keyId eq '{key}'"),
        &token,
    )
    .await;
    let row = &one[0];
    let documented = BTreeSet::from([
        "appId",
        "appObjectId",
        "createdDateTime",
        "credentialOrigin",
        "expirationDateTime",
        "id",
        "keyId",
        "keyType",
        "keyUsage",
        "resourceId",
        "servicePrincipalObjectId",
        "signInActivity",
    ]);
    assert_eq!(members(row), documented);
    assert_eq!(row["keyType"], "clientSecret");
    assert_eq!(row["credentialOrigin"], "application");
    assert_eq!(
        row["signInActivity"]["lastSignInDateTime"],
        "2026-10-12T06:00:00Z"
    );
    let id = STANDARD.encode(format!("{key}|application"));
    assert_eq!(row["id"], id.as_str());

    let unused = desk.client_id("marketing-events");
    let (none, _) = walk(
        &desk,
        &format!("{SECRETS}?$filter=appId eq '{unused}'"),
        &token,
    )
    .await;
    assert!(none.is_empty());
    // Documented for `eq` on two fields; the sixth request is one too many all the same.
    let odd = desk
        .get(&format!("{SECRETS}?$filter=keyType eq 'secret'"), &token)
        .await;
    assert_eq!(odd.status, 400);
    let refused = desk.get(PRINCIPALS, &token).await;
    assert_eq!(code(&refused), (429, "TooManyRequests".to_owned()));
    let wait: u32 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=10).contains(&wait));
}

#[tokio::test]
async fn the_report_of_principals_knows_when_each_signed_in() {
    let desk = tidy_with(
        "[graph]
report-limit = false
report-spelling = \"example\"
[[applications]]
name = \"erp-bridge\"
signed-in-days-ago = 90
",
    )
    .await;
    let token = desk.auditor(GRAPH).await;
    let of = async |name: &str| {
        let url = format!("{PRINCIPALS}?$filter=appId eq '{}'", desk.client_id(name));
        walk(&desk, &url, &token).await.0
    };
    let row = &of("erp-bridge").await[0];
    let documented = BTreeSet::from([
        "appId",
        "applicationAuthenticationClientSignInActivity",
        "applicationAuthenticationResourceSignInActivity",
        "delegatedClientSignInActivity",
        "delegatedResourceSignInActivity",
        "id",
        "lastSignInActivity",
    ]);
    assert_eq!(members(row), documented);
    let last = &row["lastSignInActivity"];
    assert_eq!(last["lastSignInDateTime"], "2026-08-23T06:00:00Z");
    assert_eq!(
        members(last),
        BTreeSet::from(["lastSignInDateTime", "lastSignInRequestId"])
    );
    // Where nothing else is said, as lately as a secret was used; where none was, no line.
    let last = &of("marketing-events").await[0]["lastSignInActivity"];
    assert_eq!(last["lastSignInDateTime"], "2026-11-20T06:00:00Z");
    assert!(of("intranet-portal").await.is_empty());

    // The limit is off; the other spelling is on.
    for _ in 0..4 {
        let (rows, _) = walk(&desk, SECRETS, &token).await;
        assert!(rows[0].get("expirationDateTime").is_none());
        assert_eq!(rows[0]["keyType"], "secret");
        assert!(rows[0]["expirationDate"].is_string());
    }
}

#[tokio::test]
async fn reports_need_a_permission_a_licence_and_the_global_cloud() {
    for (rights, more, expected) in [
        (
            "Directory.Read.All",
            "",
            "Authentication_MSGraphPermissionMissing",
        ),
        (
            "AuditLog.Read.All",
            "[graph]\nlicensed = false",
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        ),
    ] {
        let desk = with_rights(&[rights], more).await;
        let token = desk.auditor(GRAPH).await;
        for url in [SECRETS, PRINCIPALS] {
            let refused = desk.get(url, &token).await;
            assert_eq!(code(&refused), (403, expected.to_owned()));
        }
    }
    let desk = with_rights(&["AuditLog.Read.All"], "").await;
    let token = desk.auditor(GRAPH).await;
    assert_eq!(desk.get(SECRETS, &token).await.status, 200);
    // It reads no applications, and no batch reaches into beta.
    let apps = format!("{GRAPH}/v1.0/applications");
    assert_eq!(desk.get(&apps, &token).await.status, 403);
    let desk = super::desk("tidy").await;
    let token = desk.auditor(GRAPH).await;
    let urls = ["/beta/reports/appCredentialSignInActivities"];
    assert_eq!(batch(&desk, &token, &urls).await[0].1, 400);
    let url = format!("{GRAPH}/v1.0/reports/appCredentialSignInActivities");
    assert_eq!(desk.get(&url, &token).await.status, 400);
}
