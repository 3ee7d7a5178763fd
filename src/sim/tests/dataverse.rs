//! Who am I, users with their roles, metadata, and reads judged by roles.

use super::{Desk, PROD, Reply, desk};

const API: &str = "https://contoso.api.crm4.dynamics.com/api/data/v9.2";

impl Desk {
    async fn read(&self, name: &str, path: &str) -> Reply {
        let token = self.token(name, PROD).await;
        self.get(&format!("{API}/{path}"), &token).await
    }
}

fn code(reply: &Reply) -> (u16, String) {
    let code = reply.json()["error"]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (reply.status, code)
}

#[tokio::test]
async fn reads_are_judged_by_the_callers_roles() {
    let desk = desk("tidy").await;
    let allowed = desk
        .read("erp-bridge", "salesorders?$top=1&$select=salesorderid")
        .await;
    assert_eq!(allowed.status, 200, "{}", allowed.text);
    assert_eq!(allowed.json()["value"].as_array().map(Vec::len), Some(1));
    assert!(!allowed.text.contains(crate::sim::BUSINESS_CANARY));
    let whole = desk.read("erp-bridge", "salesorders?$top=1").await;
    assert!(whole.text.contains(crate::sim::BUSINESS_CANARY));

    let denied = desk
        .read(
            "raia-contact-sync",
            "salesorders?$top=1&$select=salesorderid",
        )
        .await;
    assert_eq!(code(&denied), (403, "0x80040220".to_owned()));
    let text = denied.json()["error"]["message"].to_string();
    assert!(text.contains("is missing prvReadOrder privilege"), "{text}");
    assert!(
        text.contains("on OTC=1088 for entity 'salesorder'"),
        "{text}"
    );

    // By a team's role.
    assert_eq!(
        desk.read("power-bi-extract", "quotes?$top=1").await.status,
        200
    );
    let absent = desk.read("erp-bridge", "cnt_nothings?$top=1").await;
    assert_eq!(code(&absent), (404, "0x80060888".to_owned()));
    let field = desk
        .read("erp-bridge", "accounts?$top=1&$select=nothing")
        .await;
    assert_eq!(field.status, 400);
}

#[tokio::test]
async fn users_are_refused_each_for_its_own_reason() {
    let desk = desk("neglected").await;
    for (name, who, read) in [
        (
            "field-service-mobile",
            (403, "0x80072560"),
            (403, "0x80072560"),
        ),
        ("loyalty-points", (403, "0x80040225"), (403, "0x80040225")),
        ("survey-responses", (200, ""), (403, "0x80042f09")),
    ] {
        let reply = desk.read(name, "WhoAmI").await;
        assert_eq!(code(&reply), (who.0, who.1.to_owned()), "{name}");
        let reply = desk.read(name, "contacts?$top=1").await;
        assert_eq!(code(&reply), (read.0, read.1.to_owned()), "{name}");
    }
    let me = desk.read("event-hub-relay", "WhoAmI()").await.json();
    let users = desk
        .read("credaudit", "systemusers?$select=systemuserid")
        .await
        .json();
    let users = users["value"].as_array().expect("users").clone();
    assert!(
        users
            .iter()
            .all(|user| user["systemuserid"] != me["UserId"])
    );
}

#[tokio::test]
async fn only_a_token_for_this_environment_is_taken() {
    let desk = desk("tidy").await;
    let foreign = desk
        .token("erp-bridge", "https://contoso-test.crm4.dynamics.com")
        .await;
    for token in [foreign.as_str(), "", "x.y.z"] {
        let reply = desk.get(&format!("{API}/WhoAmI"), token).await;
        assert_eq!(reply.status, 401);
        assert!(
            reply
                .header("www-authenticate")
                .starts_with("Bearer authorization_uri=")
        );
    }
}

#[tokio::test]
async fn application_users_are_listed_with_unit_and_roles() {
    let desk = desk("tidy").await;
    let token = desk.auditor(PROD).await;
    let url = format!(
        "{API}/systemusers?$select=fullname,applicationid,isdisabled&$filter=applicationid ne null&$expand=businessunitid($select=name),systemuserroles_association($select=name,_roletemplateid_value),teammembership_association($select=name;$expand=teamroles_association($select=name))"
    );
    let (mut link, mut rows) = (url, Vec::new());
    loop {
        let request = desk
            .http
            .get(&link)
            .bearer_auth(&token)
            .header("prefer", "odata.maxpagesize=3");
        let reply = desk.send(request).await;
        assert_eq!(reply.header("preference-applied"), "odata.maxpagesize=3");
        let body = reply.json();
        rows.extend(body["value"].as_array().expect("rows").clone());
        match body["@odata.nextLink"].as_str() {
            Some(next) => next.clone_into(&mut link),
            None => break,
        }
    }
    // Six registrations, the auditor, and four of Microsoft's own; the person is no application.
    assert_eq!(rows.len(), 11);
    let of = |name: &str| {
        let id = desk.client_id(name);
        rows.iter()
            .find(|row| row["applicationid"] == id)
            .expect("listed")
    };
    assert_eq!(
        of("marketing-events")["businessunitid"]["name"],
        "Contoso Marketing"
    );
    assert_eq!(
        of("erp-bridge")["systemuserroles_association"][0]["name"],
        "ERP Bridge"
    );
    let team = &of("power-bi-extract")["teammembership_association"][0];
    assert_eq!(team["teamroles_association"][0]["name"], "Power BI Extract");

    let id = of("erp-bridge")["systemuserid"].as_str().expect("an id");
    let url = format!(
        "{API}/systemusers({id})/systemuserroles_association?$select=roleid,name,_roletemplateid_value"
    );
    let roles = desk.get(&url, &token).await.json();
    assert_eq!(roles["value"][0]["name"], "ERP Bridge");
    let refused = desk
        .read("erp-bridge", "systemusers?$select=fullname")
        .await;
    assert_eq!(code(&refused), (403, "0x80040220".to_owned()));
}

#[tokio::test]
async fn metadata_names_sets_and_privileges() {
    let desk = desk("tidy").await;
    let path = "EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryIdAttribute,Privileges&$filter=LogicalName eq 'phonecall' or LogicalName eq 'salesorder' or LogicalName eq 'nothing'";
    let body = desk.read("credaudit", path).await.json();
    let rows = body["value"].as_array().expect("rows");
    assert_eq!(rows.len(), 2);
    let names = |row: &serde_json::Value| row["Privileges"].to_string();
    assert!(names(&rows[0]).contains("prvReadActivity"), "{}", rows[0]);
    assert!(names(&rows[1]).contains("prvReadOrder"), "{}", rows[1]);
    assert_eq!(rows[0]["PrimaryIdAttribute"], "activityid");
    let one = desk
        .read(
            "credaudit",
            "EntityDefinitions(LogicalName='contact')?$select=EntitySetName",
        )
        .await;
    assert_eq!(one.json()["EntitySetName"], "contacts");
    let none = desk
        .read("credaudit", "EntityDefinitions(LogicalName='nothing')")
        .await;
    assert_eq!(none.status, 404);
    assert_eq!(
        desk.read("erp-bridge", "EntityDefinitions").await.status,
        403
    );
}

#[tokio::test]
async fn functions_answer_about_the_organisation_and_a_user() {
    let desk = desk("tidy").await;
    let me = desk.read("erp-bridge", "WhoAmI").await.json();
    let organization = desk.read("erp-bridge", "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')").await;
    assert_eq!(
        organization.json()["Detail"]["OrganizationId"],
        me["OrganizationId"]
    );
    assert!(desk.read("erp-bridge", "RetrieveVersion()").await.json()["Version"].is_string());
    let path = format!(
        "systemusers({})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=[\"prvReadOrder\",\"prvReadLead\"]",
        me["UserId"].as_str().expect("an id")
    );
    let body = desk.read("credaudit", &path).await.json();
    let names: Vec<_> = body["RolePrivileges"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["PrivilegeName"].clone())
        .collect();
    assert_eq!(names, ["prvReadOrder"]);
}

#[tokio::test]
async fn global_choices_need_a_privilege_of_their_own() {
    let desk = desk("tidy").await;
    let path = |name: &str| format!("GlobalOptionSetDefinitions(Name='{name}')?$select=Name");
    let known = desk.read("raia-contact-sync", &path("budgetstatus")).await;
    assert_eq!(known.status, 200, "{}", known.text);
    assert_eq!(known.json()["Name"], "budgetstatus");
    let absent = desk.read("raia-contact-sync", &path("cnt_nothing")).await;
    assert_eq!(code(&absent), (404, "0x80040217".to_owned()));
    let refused = desk.read("marketing-events", &path("budgetstatus")).await;
    assert_eq!(code(&refused), (403, "0x80040220".to_owned()));
    let organization = "organizations?$select=name,organizationid";
    let read = desk.read("raia-contact-sync", organization).await;
    assert_eq!(read.status, 200);
    let refused = desk.read("marketing-events", organization).await;
    assert_eq!(refused.status, 403);
}
