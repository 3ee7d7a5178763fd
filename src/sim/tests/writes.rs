//! Writes: judged, noted, and caught where a client should not have sent them.

use reqwest::Method;

use super::credentials::tidy_with;
use super::{Desk, PROD, Reply};
use crate::sim::world::ChangeKind;

const API: &str = "https://contoso.api.crm4.dynamics.com/api/data/v9.2";
const ABSENT: &str = "0b9f1a52-0000-4000-a000-000000000077";
const WRITER: &str = "
[[environments.prod.roles]]
name = \"ERP Bridge\"
read = [\"account\", \"product\", \"salesorder\"]
write = [\"account\"]
delete = [\"salesorder\"]
";

impl Desk {
    async fn write(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
        let token = self.token("erp-bridge", PROD).await;
        let mut request = self.http.request(method.clone(), format!("{API}/{path}"));
        if method != Method::DELETE {
            request = request.json(&serde_json::json!({}));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.bearer_auth(token)).await
    }

    /// Status and code of an update that makes nothing.
    async fn update(&self, set: &str) -> (u16, String) {
        let path = format!("{set}({ABSENT})");
        let reply = self.write(Method::PATCH, &path, &[("If-Match", "*")]).await;
        let code = reply.json()["error"]["code"].as_str().map(str::to_owned);
        (reply.status, code.unwrap_or_default())
    }

    fn kinds(&self) -> Vec<ChangeKind> {
        self.sim
            .changes()
            .iter()
            .map(|change| change.kind)
            .collect()
    }
}

#[tokio::test]
async fn an_update_of_an_absent_row_changes_nothing_whatever_is_looked_at_first() {
    let absent = (404, "0x80040217".to_owned());
    let refused = (403, "0x80040220".to_owned());
    let desk = tidy_with(WRITER).await;
    assert_eq!(desk.update("accounts").await, absent);
    assert_eq!(desk.update("products").await, refused);
    let path = |set: &str| format!("{set}({ABSENT})");
    let deleted = desk.write(Method::DELETE, &path("salesorders"), &[]).await;
    assert_eq!(deleted.status, 404);
    let deleted = desk.write(Method::DELETE, &path("accounts"), &[]).await;
    assert_eq!(deleted.status, 403);
    assert!(
        deleted.text.contains("prvDeleteAccount"),
        "{}",
        deleted.text
    );

    let other = tidy_with(&format!(
        "{WRITER}[environments.prod]\nprivilege-before-existence = false\nabsent-row-code = \"\""
    ))
    .await;
    assert_eq!(other.update("accounts").await, (404, String::new()));
    assert_eq!(other.update("products").await, (404, String::new()));
    assert_eq!(desk.kinds(), []);
    assert_eq!(other.kinds(), []);

    let logged = desk.sim.requests();
    let sent: Vec<_> = logged
        .iter()
        .filter(|request| request.method == "PATCH")
        .map(|request| (request.path_and_query.as_str(), request.if_match.as_deref()))
        .collect();
    let account = format!("/api/data/v9.2/accounts({ABSENT})");
    assert_eq!(sent[0], (account.as_str(), Some("*")));
}

#[tokio::test]
async fn a_write_that_should_not_have_been_sent_is_noted() {
    let changes = format!("{WRITER}create = [\"account\"]\n");
    let desk = tidy_with(&changes).await;
    let path = format!("accounts({ABSENT})");
    // Without If-Match an update makes the row.
    let made = desk.write(Method::PATCH, &path, &[]).await;
    assert_eq!(made.status, 204, "{}", made.text);
    assert!(
        made.header("odata-entityid")
            .ends_with(&format!("({ABSENT})"))
    );
    let wanted = [("Prefer", "return=representation")];
    assert_eq!(desk.write(Method::PATCH, &path, &wanted).await.status, 201);
    assert_eq!(desk.write(Method::POST, "accounts", &[]).await.status, 204);
    assert_eq!(desk.write(Method::POST, "products", &[]).await.status, 403);
    assert_eq!(desk.kinds(), [ChangeKind::Created; 3]);
    assert!(
        desk.sim
            .changes()
            .iter()
            .all(|change| change.client_id == desk.client_id("erp-bridge"))
    );

    let token = desk.token("erp-bridge", PROD).await;
    let list = desk
        .get(&format!("{API}/accounts?$select=accountid"), &token)
        .await
        .json();
    let row = format!(
        "accounts({})",
        list["value"][0]["accountid"].as_str().expect("an id")
    );
    let stale = [("If-Match", "W/\"1\"")];
    assert_eq!(desk.write(Method::PATCH, &row, &stale).await.status, 412);
    let fresh = [("If-None-Match", "*")];
    assert_eq!(desk.write(Method::PATCH, &row, &fresh).await.status, 412);
    assert_eq!(desk.kinds().len(), 3);
    assert_eq!(
        desk.write(Method::PATCH, &row, &[("If-Match", "*")])
            .await
            .status,
        204
    );
    assert_eq!(desk.kinds()[3], ChangeKind::Updated);

    let url = format!("{API}/{path}");
    let bare = desk.send(desk.http.patch(&url).bearer_auth(&token)).await;
    assert_eq!(
        (bare.status, bare.json()["error"]["code"].clone()),
        (400, "0x80048d19".into())
    );
    assert_eq!(
        desk.write(Method::PATCH, "accounts(no-guid)", &[])
            .await
            .status,
        400
    );
    assert_eq!(desk.write(Method::PATCH, "accounts", &[]).await.status, 405);
    assert_eq!(desk.write(Method::PUT, &path, &[]).await.status, 405);
    assert_eq!(desk.kinds().len(), 4);
}

#[tokio::test]
async fn a_server_that_honours_every_write_notes_them_all() {
    let desk = tidy_with("[environments.prod]\nhonours-every-write = true").await;
    let path = format!("products({ABSENT})");
    for method in [Method::PATCH, Method::DELETE] {
        let reply = desk.write(method, &path, &[("If-Match", "*")]).await;
        assert_eq!(reply.status, 204);
    }
    assert_eq!(desk.kinds(), [ChangeKind::Updated, ChangeKind::Deleted]);
    // Who it is, it asks all the same.
    let url = format!("{API}/{path}");
    assert_eq!(desk.send(desk.http.delete(&url)).await.status, 401);
    assert_eq!(desk.kinds().len(), 2);
}
