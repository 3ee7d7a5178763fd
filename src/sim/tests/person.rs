//! Somebody who signs in as to the Azure CLI, and what each service shows them.

use serde_json::{Value, json};

use super::{Desk, PROD, Reply, desk, tidy_with};

const GRAPH: &str = "https://graph.microsoft.com";
const DISCOVERY: &str = "https://globaldisco.crm.dynamics.com";

impl Desk {
    /// What the token endpoint answers to the scenario's person.
    async fn person_signs_in(&self, resource: &str, password: Option<&str>) -> Reply {
        let person = self.sim.person().expect("a person");
        let scope = format!("{resource}/.default openid offline_access");
        self.ask(
            &person.tenant_id,
            &[
                ("grant_type", "password"),
                ("client_id", &person.client_id),
                ("username", &person.user_name),
                ("password", password.unwrap_or(&person.password)),
                ("scope", &scope),
            ],
        )
        .await
    }

    async fn person(&self, resource: &str) -> String {
        let reply = self.person_signs_in(resource, None).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        text(&reply.json()["access_token"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

/// What stands in a token.
fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let body = token.split('.').nth(1).expect("a token");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(body);
    serde_json::from_slice(&bytes.expect("base64")).expect("JSON")
}

#[tokio::test]
async fn a_persons_token_says_whose_it_is() {
    let desk = desk("tidy").await;
    let reply = desk.person_signs_in(GRAPH, None).await.json();
    let seen = claims(&text(&reply["access_token"]));
    assert_eq!(seen["upn"], "chiara.romano@contoso.com");
    assert_eq!(seen["appid"], "04b07795-8ddb-461a-bbee-02f9e1bf7b46");
    assert_eq!(seen["oid"], crate::sim::names::guid("person", "chiara"));
    assert!(
        seen["scp"]
            .as_str()
            .is_some_and(|scp| scp.contains("Directory.AccessAsUser.All"))
    );
    assert!(seen.get("roles").is_none());
    let other = claims(&desk.person(PROD).await);
    assert_eq!(other["scp"], "user_impersonation");
    // As the Azure CLI prints it, without a request.
    let printed = desk.sim.token_of_person(PROD).expect("a token");
    assert_eq!(claims(&printed)["upn"], seen["upn"]);

    // Another one for what came with the first.
    let person = desk.sim.person().expect("a person");
    let again = |refresh: String| {
        let scope = format!("{PROD}/.default");
        let desk = &desk;
        let person = person.clone();
        async move {
            desk.ask(
                &person.tenant_id,
                &[
                    ("grant_type", "refresh_token"),
                    ("client_id", &person.client_id),
                    ("refresh_token", &refresh),
                    ("scope", &scope),
                ],
            )
            .await
        }
    };
    assert_eq!(again(text(&reply["refresh_token"])).await.status, 200);
    let refused = again(text(&reply["access_token"])).await;
    assert_eq!(refused.json()["error_codes"][0], 700_082);
}

#[tokio::test]
async fn a_sign_in_is_refused_each_for_its_own_reason() {
    let desk = desk("tidy").await;
    let wrong = desk.person_signs_in(GRAPH, Some("wrong")).await.json();
    assert_eq!(
        (&wrong["error"], &wrong["error_codes"][0]),
        (&json!("invalid_grant"), &json!(50126))
    );
    let nowhere = desk
        .person_signs_in("https://nowhere.example", None)
        .await
        .json();
    assert_eq!(nowhere["error_codes"][0], 500_011);
    let person = desk.sim.person().expect("a person");
    for (client, user, code) in [
        (person.client_id.as_str(), "nobody@contoso.com", 50034),
        (
            "5f0a2535-6b4d-49c9-a4ae-174d681d5071",
            person.user_name.as_str(),
            700_016,
        ),
    ] {
        let fields = [
            ("grant_type", "password"),
            ("client_id", client),
            ("username", user),
            ("password", person.password.as_str()),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        let reply = desk.ask(&person.tenant_id, &fields).await;
        assert_eq!(reply.json()["error_codes"][0], code);
    }

    let desk =
        tidy_with("[people.chiara.refuse-for]\n\"https://api.powerplatform.com\" = 65002").await;
    let refused = desk
        .person_signs_in("https://api.powerplatform.com", None)
        .await
        .json();
    assert_eq!(refused["error_codes"][0], 65002);
    desk.person(GRAPH).await;
    let desk = tidy_with("[people.chiara]\nrefuse = 50076").await;
    assert_eq!(
        desk.person_signs_in(GRAPH, None).await.json()["error_codes"][0],
        50076
    );
}

#[tokio::test]
async fn graph_shows_a_person_itself_and_what_members_see() {
    let desk = desk("tidy").await;
    let token = desk.person(GRAPH).await;
    let me = desk.get(&format!("{GRAPH}/v1.0/me"), &token).await.json();
    assert_eq!(me["userPrincipalName"], "chiara.romano@contoso.com");
    assert_eq!(me["id"], crate::sim::names::guid("person", "chiara"));
    let auditor = desk.auditor(GRAPH).await;
    let refused = desk.get(&format!("{GRAPH}/v1.0/me"), &auditor).await;
    assert_eq!(refused.status, 400);
    let applications = format!("{GRAPH}/v1.0/applications?$select=id");
    assert_eq!(desk.get(&applications, &token).await.status, 200);
    let reports = format!("{GRAPH}/beta/reports/servicePrincipalSignInActivities");
    assert_eq!(desk.get(&reports, &token).await.status, 403);

    let desk = tidy_with("[people.chiara]\ndirectory-roles = [\"reports-reader\"]").await;
    let token = desk.person(GRAPH).await;
    assert_eq!(desk.get(&reports, &token).await.status, 200);
}

#[tokio::test]
async fn a_filter_looks_into_required_permissions_in_advanced_queries_only() {
    let desk = desk("neglected").await;
    let token = desk.auditor(GRAPH).await;
    let ask = async |collection: &str, key: &str, count: &str, level: Option<&str>| {
        let url = format!(
            "{GRAPH}/v1.0/applications?$filter={collection}/any(r:r/{key} eq 00000007-0000-0000-c000-000000000000)&$select=appId,requiredResourceAccess{count}"
        );
        let mut request = desk.http.get(url).bearer_auth(&token);
        if let Some(level) = level {
            request = request.header("ConsistencyLevel", level);
        }
        desk.send(request).await
    };
    let count = "&$count=true";
    let found = ask(
        "requiredResourceAccess",
        "resourceAppId",
        count,
        Some("eventual"),
    )
    .await;
    assert_eq!(found.status, 200, "{}", found.text);
    let body = found.json();
    let rows = body["value"].as_array().expect("rows");
    assert_eq!(body["@odata.count"], rows.len());
    let all = desk.sim.world.scenario.applications.len();
    assert!(
        rows.len() > 1 && rows.len() < all,
        "{} of {all}",
        rows.len()
    );
    for row in rows {
        assert!(
            row["requiredResourceAccess"]
                .to_string()
                .contains("00000007-")
        );
    }
    for (collection, key, count, level) in [
        ("requiredResourceAccess", "resourceAppId", count, None),
        (
            "requiredResourceAccess",
            "resourceAppId",
            "",
            Some("eventual"),
        ),
        ("passwordCredentials", "keyId", count, Some("eventual")),
        ("nothing", "keyId", count, Some("eventual")),
    ] {
        let reply = ask(collection, key, count, level).await;
        assert_eq!(reply.status, 400, "{collection}");
        assert_eq!(reply.json()["error"]["code"], "Request_UnsupportedQuery");
    }
    // In a batch, the part has to say it.
    let url = "/applications?$filter=requiredResourceAccess/any(r:r/resourceAppId eq '00000007-0000-0000-c000-000000000000')&$count=true&$select=appId";
    let batch = json!({ "requests": [
        { "id": "1", "method": "GET", "url": url },
        { "id": "2", "method": "GET", "url": url, "headers": { "ConsistencyLevel": "eventual" } },
    ] });
    let request = desk
        .http
        .post(format!("{GRAPH}/v1.0/$batch"))
        .bearer_auth(&token);
    let request = request.header("ConsistencyLevel", "eventual").json(&batch);
    let body = desk.send(request).await.json();
    for (id, status) in [("1", 400), ("2", 200)] {
        let parts = body["responses"].as_array().expect("parts");
        let part = parts
            .iter()
            .find(|part| part["id"] == id)
            .expect("the part");
        assert_eq!(part["status"], status, "{id}");
    }
}

#[tokio::test]
async fn such_a_filter_can_find_its_first_row_only() {
    let changes = "[graph]\nlambda-first-row-only = true\n[[applications]]\nname = \"erp-bridge\"\npermissions = [{ resource = \"Dynamics ERP\", name = \"Connector.FullAccess\" }]";
    let desk = tidy_with(changes).await;
    let token = desk.auditor(GRAPH).await;
    let url = format!(
        "{GRAPH}/v1.0/applications?$filter=requiredResourceAccess/any(r:r/resourceAppId eq 00000015-0000-0000-c000-000000000000)&$count=true&$select=appId"
    );
    let request = desk.http.get(url).bearer_auth(token);
    let body = desk
        .send(request.header("ConsistencyLevel", "eventual"))
        .await
        .json();
    assert_eq!(body["value"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn dataverse_finops_and_vaults_know_people_by_their_own_rights() {
    let changes = "[vaults.kv-contoso-crm-prod.access]\nchiara = [\"reader\"]\n[environments.prod.finops]\nusers = [{ name = \"Admin\", person = \"chiara\" }]";
    let desk = tidy_with(changes).await;
    let token = desk.person(PROD).await;
    let me = desk
        .get(&format!("{PROD}/api/data/v9.2/WhoAmI"), &token)
        .await;
    assert_eq!(me.status, 200);
    let users = format!(
        "{PROD}/api/data/v9.2/systemusers?$select=applicationid,fullname,isdisabled,azureactivedirectoryobjectid&$filter=applicationid ne null"
    );
    let request = desk.http.get(&users).bearer_auth(&token);
    let reply = desk
        .send(request.header("Prefer", "odata.maxpagesize=4"))
        .await;
    let body = reply.json();
    assert_eq!(
        body["value"].as_array().map(Vec::len),
        Some(4),
        "{}",
        reply.text
    );
    assert!(body["@odata.nextLink"].is_string());

    let finops = "https://contoso.operations.dynamics.com";
    let clients = format!("{finops}/data/SysAADClients?$select=AADClientId,Name,UserId");
    let listed = desk.get(&clients, &desk.person(finops).await).await.json();
    assert_eq!(listed["value"].as_array().map(Vec::len), Some(3));
    let people = format!("{finops}/data/SystemUsers?$select=UserID,Alias,Enabled");
    let listed = desk.get(&people, &desk.person(finops).await).await.json();
    assert_eq!(listed["value"][0]["Alias"], "chiara.romano@contoso.com");

    let vault = desk.person("https://vault.azure.net").await;
    for (name, status) in [("kv-contoso-crm-prod", 200), ("kv-contoso-crm-test", 403)] {
        let url = format!("https://{name}.vault.azure.net/secrets?api-version=7.4");
        assert_eq!(desk.get(&url, &vault).await.status, status, "{name}");
    }

    // No user in this environment, and no client: neither is accepted.
    let stranger = tidy_with("[auditor]\nperson = \"ben\"").await;
    let refused = stranger.get(&users, &stranger.person(PROD).await).await;
    assert_eq!(refused.json()["error"]["code"], "0x80072560");
    let refused = stranger.get(&clients, &stranger.person(finops).await).await;
    assert_eq!(refused.status, 401);
}

#[tokio::test]
async fn people_list_the_environments_they_use() {
    let list =
        "https://api.powerplatform.com/environmentmanagement/environments?api-version=2024-10-01";
    let older = "https://api.bap.microsoft.com/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments?api-version=2020-10-01";
    let managing = "https://api.bap.microsoft.com/providers/Microsoft.BusinessAppPlatform/adminApplications?api-version=2020-10-01";
    let count = |reply: &Reply| reply.json()["value"].as_array().map(Vec::len);
    for (person, uses, administers) in [("chiara", 3, 3), ("anna", 1, 0), ("ben", 0, 0)] {
        let desk = tidy_with(&format!("[auditor]\nperson = \"{person}\"")).await;
        let token = desk.person("https://api.powerplatform.com").await;
        assert_eq!(count(&desk.get(list, &token).await), Some(uses), "{person}");
        let token = desk.person("https://service.powerapps.com").await;
        assert_eq!(
            count(&desk.get(older, &token).await),
            Some(administers),
            "{person}"
        );
        assert_eq!(desk.get(managing, &token).await.status, 403);
        let token = desk.person(DISCOVERY).await;
        let found = desk
            .get(&format!("{DISCOVERY}/api/discovery/v2.0/Instances"), &token)
            .await;
        assert_eq!(count(&found), Some(uses), "{person}");
    }
    let changes = "[auditor]\nperson = \"ben\"\n[people.ben]\ndirectory-roles = [\"power-platform-administrator\"]\n[discovery]\nmanagement-applications = [\"erp-bridge\"]";
    let desk = tidy_with(changes).await;
    let token = desk.person("https://api.bap.microsoft.com").await;
    assert_eq!(count(&desk.get(older, &token).await), Some(3));
    assert_eq!(count(&desk.get(managing, &token).await), Some(1));
}

#[tokio::test]
async fn instances_are_shown_as_documented() {
    let desk = desk("tidy").await;
    let token = desk.person(DISCOVERY).await;
    let root = format!("{DISCOVERY}/api/discovery/v2.0");
    let reply = desk.get(&format!("{root}/Instances"), &token).await;
    assert_eq!(reply.header("odata-version"), "4.0");
    let body = reply.json();
    assert!(
        body["@odata.context"]
            .as_str()
            .is_some_and(|context| context.ends_with("/$metadata#Instances"))
    );
    let rows = body["value"].as_array().expect("rows");
    let prod = rows
        .iter()
        .find(|row| row["UrlName"] == "contoso")
        .expect("prod");
    assert_eq!(prod["ApiUrl"], "https://contoso.api.crm4.dynamics.com");
    assert_eq!(prod["Url"], "https://contoso.crm4.dynamics.com/");
    assert_eq!(prod["Id"], "c670c21c-3b41-43f4-a262-20ddaa647779");
    assert_eq!(prod["TenantId"], super::TENANT);
    assert_eq!(
        (&prod["State"], &prod["Region"]),
        (&json!(0), &json!("EMEA"))
    );
    assert_eq!(prod["IsUserSysAdmin"], true);
    // The environment is the one that the Power Platform lists.
    let list = "https://api.powerplatform.com/environmentmanagement/environments?api-version=2024-10-01&$filter=domainName eq 'contoso'";
    let listed = desk
        .get(list, &desk.auditor("https://api.powerplatform.com").await)
        .await;
    assert_eq!(listed.json()["value"][0]["id"], prod["EnvironmentId"]);

    let some = desk.get(&format!("{root}/Instances?$select=ApiUrl,FriendlyName&$filter=FriendlyName eq 'Contoso Test'"), &token).await.json();
    assert_eq!(
        some["value"],
        json!([{ "ApiUrl": "https://contoso-test.api.crm4.dynamics.com", "FriendlyName": "Contoso Test" }])
    );
    // Letters of either case differ here; a key gives a list of one.
    let none = desk
        .get(
            &format!("{root}/Instances?$filter=FriendlyName eq 'contoso test'"),
            &token,
        )
        .await
        .json();
    assert_eq!(none["value"], json!([]));
    let one = desk
        .get(
            &format!("{root}/Instances(UniqueName='unqcontoso')"),
            &token,
        )
        .await
        .json();
    assert_eq!(one["value"][0]["Id"], prod["Id"]);
    for query in ["$select=Nothing", "$orderby=Id", "$filter=Id gt 1"] {
        let reply = desk.get(&format!("{root}/Instances?{query}"), &token).await;
        assert_eq!(reply.status, 400, "{query}");
    }
}

#[tokio::test]
async fn global_discovery_knows_no_applications() {
    let url = format!("{DISCOVERY}/api/discovery/v2.0/Instances");
    for (switch, status) in [
        ("unauthorized", 401),
        ("forbidden", 403),
        ("empty-list", 200),
    ] {
        let change = format!("[discovery]\nglobal-discovery-to-applications = \"{switch}\"");
        let desk = tidy_with(&change).await;
        let reply = desk.get(&url, &desk.auditor(DISCOVERY).await).await;
        assert_eq!(reply.status, status);
        if status == 200 {
            assert_eq!(reply.json()["value"], json!([]));
        }
        // A person's token for an environment is none for this.
        let reply = desk.get(&url, &desk.person(PROD).await).await;
        assert_eq!(reply.status, 401);
        assert_eq!(
            reply.json()["Message"],
            "Authorization has been denied for this request."
        );
    }
}

#[tokio::test]
async fn an_application_of_another_tenant_can_be_a_user_here() {
    let changes = "[[principals]]\nname = \"vendor-sync\"\ntenant = \"contoso\"\nclient-id = \"2f6b3a10-6d1c-4a0e-9d0b-5d1f0c9e0999\"\nowner-tenant = \"5f0a2535-6b4d-49c9-a4ae-174d681d5999\"\n[[environments.prod.users]]\napplication = \"vendor-sync\"\nroles = [\"ERP Bridge\"]";
    let desk = tidy_with(changes).await;
    let id = "2f6b3a10-6d1c-4a0e-9d0b-5d1f0c9e0999";
    let users = format!(
        "{PROD}/api/data/v9.2/systemusers?$select=applicationid,azureactivedirectoryobjectid&$filter=applicationid eq {id}&$expand=systemuserroles_association($select=name),businessunitid($select=name)"
    );
    let body = desk.get(&users, &desk.auditor(PROD).await).await.json();
    let row = &body["value"][0];
    assert_eq!(row["systemuserroles_association"][0]["name"], "ERP Bridge");
    assert_eq!(row["businessunitid"]["name"], "contoso");
    let token = desk.auditor(GRAPH).await;
    let principal = desk
        .get(
            &format!(
                "{GRAPH}/v1.0/servicePrincipals(appId='{id}')?$select=id,appOwnerOrganizationId"
            ),
            &token,
        )
        .await
        .json();
    assert_eq!(principal["id"], row["azureactivedirectoryobjectid"]);
    assert_eq!(
        principal["appOwnerOrganizationId"],
        "5f0a2535-6b4d-49c9-a4ae-174d681d5999"
    );
    let absent = desk
        .get(&format!("{GRAPH}/v1.0/applications(appId='{id}')"), &token)
        .await;
    assert_eq!(absent.status, 404);
    // Microsoft's own stand in the list as they do everywhere.
    let all = format!(
        "{PROD}/api/data/v9.2/systemusers?$select=applicationid&$filter=applicationid ne null"
    );
    let body = desk.get(&all, &desk.auditor(PROD).await).await.json();
    assert!(
        body.to_string()
            .contains("1884bdbf-452a-4a11-9c76-afdbdb1b3768")
    );
}
