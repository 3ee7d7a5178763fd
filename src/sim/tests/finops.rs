//! Finance & Operations: who is accepted, what its roles open, and the names it knows.

use super::{Desk, Reply, desk, desk_of, tidy};
use crate::sim::BUSINESS_CANARY;

const FINOPS: &str = "https://contoso.operations.dynamics.com";
const LIST: &str = "clients = [";

impl Desk {
    async fn finops(&self, name: &str, path: &str) -> Reply {
        let token = self.token(name, FINOPS).await;
        self.get(&format!("{FINOPS}/{path}"), &token).await
    }

    async fn status(&self, name: &str, path: &str) -> u16 {
        self.finops(name, path).await.status
    }
}

#[tokio::test]
async fn the_mapped_users_roles_open_collections() {
    let desk = desk("tidy").await;
    let one = desk
        .finops(
            "erp-bridge",
            "data/CustomersV3?$top=1&$select=CustomerAccount&cross-company=true",
        )
        .await;
    assert_eq!(one.status, 200, "{}", one.text);
    let rows = one.json()["value"].as_array().cloned().unwrap_or_default();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].as_object().map(serde_json::Map::len), Some(2));
    let all = "data/CustomersV3?$count=true";
    let own = desk.finops("erp-bridge", all).await;
    assert!(own.text.contains(BUSINESS_CANARY));
    assert_eq!(own.json()["@odata.count"], 3);
    let everywhere = desk
        .finops("erp-bridge", &format!("{all}&cross-company=true"))
        .await;
    assert_eq!(everywhere.json()["@odata.count"], 6);

    let refused = desk.finops("erp-bridge", "data/VendorsV2?$top=1").await;
    assert_eq!((refused.status, refused.text.as_str()), (403, ""));
    for unknown in ["VendVendors", "customersv3", "CustomersV3('x')"] {
        let reply = desk
            .finops("erp-bridge", &format!("data/{unknown}?$top=1"))
            .await;
        assert_eq!(reply.status, 404);
        let text = reply.json()["Message"].to_string();
        assert!(text.contains("No HTTP resource was found"), "{text}");
    }
    let field = desk
        .status("erp-bridge", "data/CustomersV3?$select=nothing")
        .await;
    assert_eq!(field, 400);
}

#[tokio::test]
async fn only_the_right_token_of_a_listed_client_is_let_in() {
    let desk = desk("tidy").await;
    let path = "data/CustomersV3?$top=1";
    assert_eq!(desk.status("marketing-events", path).await, 401);
    let url = format!("{FINOPS}/{path}");
    for resource in [
        "https://contoso.operations.dynamics.com/",
        "https://Contoso.operations.dynamics.com",
        "https://contoso.crm4.dynamics.com",
    ] {
        let token = desk.token("erp-bridge", resource).await;
        assert_eq!(desk.get(&url, &token).await.status, 401, "{resource}");
    }
    assert_eq!(desk.get(&url, "no token").await.status, 401);

    let named = "name = \"erp-bridge\"\n";
    for switch in [
        "without-oid = true",
        "tid = \"11111111-2222-4333-8444-555555555555\"",
    ] {
        let new = format!("{named}token = {{ {switch} }}\n");
        let desk = desk_of(&tidy(named, &new, "")).await;
        assert_eq!(desk.status("erp-bridge", path).await, 401, "{switch}");
    }
}

#[tokio::test]
async fn unverified_refusals_come_in_every_form() {
    let path = "data/VendorsV2?$top=1";
    for (form, part, kind) in [
        ("empty", "", ""),
        ("json", "\"Message\"", "application/json"),
        ("html", "<!DOCTYPE html>", "text/html"),
    ] {
        let switches = format!("unauthorized = \"{form}\"\nforbidden = \"{form}\"\n{LIST}");
        let desk = desk_of(&tidy(LIST, &switches, "")).await;
        for (name, status) in [("marketing-events", 401), ("erp-bridge", 403)] {
            let reply = desk.finops(name, path).await;
            assert_eq!(reply.status, status);
            assert!(reply.text.contains(part) && reply.header("content-type").starts_with(kind));
            assert_eq!(reply.text.is_empty(), form == "empty");
            assert!(!reply.header("p3p").is_empty());
        }
    }
    let user = "{ name = \"ErpBridge\", ";
    let off = format!("{user}disabled = true, ");
    for (switch, status) in [("401", 401), ("403", 403)] {
        let text = tidy(user, &off, "").replacen(
            LIST,
            &format!("disabled-user = \"{switch}\"\n{LIST}"),
            1,
        );
        let desk = desk_of(&text).await;
        assert_eq!(desk.status("erp-bridge", "data/CustomersV3").await, status);
    }
}

#[tokio::test]
async fn names_are_found_one_by_one() {
    let desk = desk("tidy").await;
    let found = |reply: &Reply| {
        let rows = reply.json()["value"].as_array().cloned();
        rows.unwrap_or_default().len()
    };
    for (filter, count) in [
        ("EntitySetName eq 'CustomersV3'", 1),
        ("EntitySetName eq 'customersv3'", 0),
        (
            "(tolower(Name) eq tolower('customersv3') or tolower(EntitySetName) eq tolower('customersv3'))",
            1,
        ),
        ("EntitySetName eq 'VendVendors'", 0),
    ] {
        let path =
            format!("metadata/PublicEntities?$filter={filter}&$select=Name,EntitySetName&$top=1");
        let reply = desk.finops("erp-bridge", &path).await;
        assert_eq!((reply.status, found(&reply)), (200, count), "{filter}");
        assert!(!reply.text.contains("Properties"));
    }
    for (key, status) in [
        ("'CustomerV3'", 200),
        ("Name='CustomerV3'", 200),
        ("'CustomersV3'", 404),
        ("'customerv3'", 404),
    ] {
        let path = format!("metadata/PublicEntities({key})");
        assert_eq!(desk.status("erp-bridge", &path).await, status, "{key}");
    }
    let entities = desk.finops("erp-bridge", "metadata/DataEntities").await;
    assert!(entities.text.contains("\"DataServiceEnabled\":false"));
    assert_eq!(
        desk.status("marketing-events", "metadata/PublicEntities")
            .await,
        401
    );

    let text = tidy(
        LIST,
        &format!("filters-metadata = false\nmetadata-megabytes = 2\n{LIST}"),
        "",
    );
    let desk = desk_of(&text).await;
    let path = "metadata/PublicEntities?$filter=EntitySetName eq 'CustomersV3'";
    assert_eq!(desk.status("erp-bridge", path).await, 400);
    let document = desk.finops("erp-bridge", "data/$metadata").await;
    assert!(document.text.len() > 2 * 1024 * 1024);
    assert!(document.text.contains("<EntitySet Name=\"CustomersV3\""));
}

#[tokio::test]
async fn the_auditor_reads_the_client_list_and_others_may_not() {
    let desk = desk("tidy").await;
    let id = desk.client_id("erp-bridge");
    let path = format!("data/SysAADClients?$filter=AADClientId eq '{id}'");
    let clients = desk.finops("credaudit", &path).await.json();
    assert_eq!(clients["value"][0]["UserId"], "ErpBridge");
    let users = desk
        .finops("credaudit", "data/SystemUsers?$select=UserID,Enabled")
        .await;
    assert_eq!(users.json()["value"][0]["Enabled"], true);
    let path = "data/SecurityUserRoles?$filter=UserId eq 'Admin'";
    let roles = desk.finops("credaudit", path).await.json();
    assert_eq!(roles["value"][0]["SecurityRoleIdentifier"], "-SYSADMIN-");
    for path in [
        "data/SysAADClients",
        "data/SystemUsers",
        "data/SecurityUserRoles",
    ] {
        assert_eq!(desk.status("erp-bridge", path).await, 403, "{path}");
    }
    assert_eq!(desk.status("credaudit", "data/CustomersV3").await, 403);
}
