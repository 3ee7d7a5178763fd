//! Finance & Operations and Dataverse wherever they can stand, each under the cloud it signs in at.

use super::{Desk, desk_of};

fn scenario(cloud: &str, dataverse: &str, finops: &str) -> String {
    format!(
        "version = 1
[auditor]
application = \"audit\"
secret = \"audit\"
[tenants.contoso]
id = \"8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0002\"
cloud = \"{cloud}\"
[[applications]]
name = \"audit\"
tenant = \"contoso\"
client-id = \"5b7a2f0e-2d35-4a55-8a64-0d3a51c60009\"
secrets = [{{ label = \"audit\", ends-in-days = 90 }}]
[environments.prod]
tenant = \"contoso\"
host = \"{dataverse}\"
organization-id = \"1f6c0a4e-0b61-4c8e-9f0e-6a1f3d6c0009\"
friendly-name = \"Contoso\"
business-units = [\"contoso\"]
users = [{{ application = \"audit\" }}]
[environments.prod.finops]
host = \"{finops}\"
clients = [{{ application = \"audit\", user = \"Audit\" }}]
users = [{{ name = \"Audit\" }}]
"
    )
}

async fn token(desk: &Desk, login: &str, resource: &str) -> String {
    let auditor = desk.sim.auditor();
    let scope = format!("{resource}/.default");
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", auditor.client_id.as_str()),
        ("client_secret", auditor.client_secret.as_str()),
        ("scope", scope.as_str()),
    ];
    let url = format!("https://{login}/{}/oauth2/v2.0/token", auditor.tenant_id);
    let reply = desk.send(desk.http.post(url).form(&fields)).await;
    let body = reply.json();
    body["access_token"]
        .as_str()
        .unwrap_or_else(|| panic!("{body}"))
        .to_owned()
}

#[tokio::test]
async fn every_geography_answers_under_its_own_name() {
    const PUBLIC: &str = "login.microsoftonline.com";
    for (cloud, login, dataverse, finops) in [
        (
            "public",
            PUBLIC,
            "crm4.dynamics.com",
            "operations.eu.dynamics.com",
        ),
        (
            "public",
            PUBLIC,
            "crm12.dynamics.com",
            "operations.fr.dynamics.com",
        ),
        (
            "public",
            PUBLIC,
            "crm9.dynamics.com",
            "operations.gov.microsoftdynamics.us",
        ),
        (
            "us-government",
            "login.microsoftonline.us",
            "crm.microsoftdynamics.us",
            "operations.high.microsoftdynamics.us",
        ),
    ] {
        for name in ["contoso", "contoso.sandbox"] {
            let host = format!("{name}.{finops}");
            let desk = desk_of(&scenario(cloud, &format!("contoso.{dataverse}"), &host)).await;
            let root = format!("https://{host}");
            let token = token(&desk, login, &root).await;
            let reply = desk.get(&format!("{root}/data"), &token).await;
            assert_eq!(reply.status, 200, "{host}");
            assert_eq!(
                reply.json()["@odata.context"],
                format!("{root}/data/$metadata")
            );
            // Let in, and may not read this.
            let one = desk
                .get(&format!("{root}/data/CustomersV3?$top=1"), &token)
                .await;
            assert_eq!(one.status, 403, "{host}");
        }
    }
}

#[test]
fn a_host_of_another_cloud_is_a_mistake() {
    for (cloud, dataverse, finops, word) in [
        (
            "us-government",
            "contoso.crm.microsoftdynamics.us",
            "contoso.operations.gov.microsoftdynamics.us",
            "no Finance & Operations host",
        ),
        (
            "public",
            "contoso.crm4.dynamics.com",
            "contoso.operations.xx.dynamics.com",
            "no Finance & Operations host",
        ),
        (
            "public",
            "contoso.crm.microsoftdynamics.us",
            "contoso.operations.dynamics.com",
            "no Dataverse host",
        ),
    ] {
        let text = scenario(cloud, dataverse, finops);
        let error = crate::sim::Scenario::parse(&text)
            .expect_err(word)
            .to_string();
        assert!(error.contains(word), "{error}");
    }
}
