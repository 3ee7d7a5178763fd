//! Answers that say 200 and are not what was asked for, and every way to say "not now".

use serde_json::Value;

use super::{Desk, PROD, Reply, VAULT, tidy_with};

const GRAPH: &str = "https://graph.microsoft.com";

async fn shaped(shape: &str, more: &str) -> Desk {
    tidy_with(&format!(
        "[[faults]]\npath-contains = \"/contacts\"\nshape = \"{shape}\"\n{more}\n"
    ))
    .await
}

async fn contacts(desk: &Desk, who: &str) -> Reply {
    let token = desk.token(who, PROD).await;
    let url = format!("{PROD}/api/data/v9.2/contacts?$select=contactid,fullname&$top=2");
    desk.get(&url, &token).await
}

#[tokio::test]
async fn bodies_of_another_kind_come_with_200_or_204() {
    for (shape, body) in [
        ("empty", ""),
        ("object", "{}"),
        ("list", "[]"),
        ("null", "null"),
        ("number", "5"),
        ("boolean", "true"),
        ("text", "\"text\""),
    ] {
        let reply = contacts(&shaped(shape, "").await, "raia-contact-sync").await;
        assert_eq!((reply.status, reply.text.as_str()), (200, body), "{shape}");
        assert!(reply.header("content-type").starts_with("application/json"));
    }
    let reply = contacts(&shaped("no-content", "").await, "raia-contact-sync").await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    let reply = contacts(&shaped("error-object", "").await, "raia-contact-sync").await;
    assert_eq!(reply.status, 200);
    assert!(reply.json()["error"]["code"].is_string());
    for (shape, kind) in [("html", "text/html"), ("html-as-json", "application/json")] {
        let reply = contacts(&shaped(shape, "").await, "raia-contact-sync").await;
        assert_eq!(reply.status, 200);
        assert!(reply.text.starts_with("<!DOCTYPE html>"));
        assert!(reply.header("content-type").starts_with(kind), "{shape}");
    }
    let reply = contacts(&shaped("blanks", "").await, "raia-contact-sync").await;
    assert!(reply.text.len() > 1_000_000 && reply.text.trim().is_empty());
}

#[tokio::test]
async fn what_is_no_whole_json_parses_nowhere() {
    for shape in ["truncated", "twice", "deep", "byte-order-mark"] {
        let desk = shaped(shape, "").await;
        let token = desk.token("raia-contact-sync", PROD).await;
        let url = format!("{PROD}/api/data/v9.2/contacts?$top=1");
        let request = desk.http.get(url).bearer_auth(&token);
        let bytes = request
            .send()
            .await
            .expect("sent")
            .bytes()
            .await
            .expect("a body");
        assert!(serde_json::from_slice::<Value>(&bytes).is_err(), "{shape}");
    }
    let desk = shaped("bad-utf8", "").await;
    let token = desk.token("raia-contact-sync", PROD).await;
    let url = format!("{PROD}/api/data/v9.2/contacts?$top=1");
    let request = desk.http.get(url).bearer_auth(&token);
    let bytes = request
        .send()
        .await
        .expect("sent")
        .bytes()
        .await
        .expect("a body");
    assert!(std::str::from_utf8(&bytes).is_err());
    assert!(serde_json::from_str::<Value>(&String::from_utf8_lossy(&bytes)).is_ok());
}

#[tokio::test]
async fn the_right_json_is_changed_in_one_place() {
    let fine = contacts(&tidy_with("").await, "raia-contact-sync")
        .await
        .json();
    assert_eq!(
        fine["@odata.context"],
        format!("{PROD}/api/data/v9.2/$metadata#contacts(contactid,fullname)")
    );
    let of = async |shape: &str| {
        let reply = contacts(&shaped(shape, "").await, "raia-contact-sync").await;
        assert_eq!(reply.status, 200, "{shape}");
        reply.json()
    };
    assert!(of("no-context").await.get("@odata.context").is_none());
    let context = of("wrong-context").await["@odata.context"].to_string();
    assert!(context.contains("contoso.crm4") && context.contains("#Elsewhere"));
    let context = of("foreign-context").await["@odata.context"].to_string();
    assert!(context.contains("elsewhere.example") && context.contains("#contacts"));
    assert_eq!(of("number-context").await["@odata.context"], 5);
    assert_eq!(of("bare-list").await, fine["value"]);
    assert!(of("no-value").await.get("value").is_none());
    assert!(of("null-value").await["value"].is_null());
    assert!(of("object-value").await["value"].is_object());
    assert_eq!(of("row-for-list").await, fine["value"][0]);
    assert_eq!(
        of("null-rows").await["value"],
        serde_json::json!([null, null])
    );
    assert_eq!(of("empty-rows").await["value"], serde_json::json!([{}, {}]));
    assert!(of("null-fields").await["value"][0]["fullname"].is_null());
    assert_eq!(of("other-types").await["value"][0]["fullname"], 5);
    let other = of("wrong-id").await["value"][0]["contactid"].clone();
    assert!(other.is_string() && other != fine["value"][0]["contactid"]);
    assert_eq!(of("empty-id").await["value"][0]["contactid"], "");
    assert_eq!(of("wrong-count").await["@odata.count"], 9);
    for (shape, start) in [
        (
            "next-link-self",
            "\"https://contoso.crm4.dynamics.com/api/data/v9.2/contacts?",
        ),
        (
            "next-link-endless",
            "\"https://contoso.crm4.dynamics.com/api/data/v9.2/contacts?",
        ),
        ("next-link-elsewhere", "\"https://elsewhere.example/"),
        ("next-link-garbage", "\"::not"),
        ("next-link-number", "5"),
    ] {
        let link = of(shape).await["@odata.nextLink"].to_string();
        assert!(link.starts_with(start), "{link}");
    }
}

#[tokio::test]
async fn a_refused_read_comes_out_as_200_unless_refusals_are_spared() {
    let refused = contacts(&tidy_with("").await, "erp-bridge").await.status;
    assert_eq!(refused, 403);
    let reply = contacts(&shaped("no-context", "").await, "erp-bridge").await;
    assert_eq!(
        (reply.status, reply.json()),
        (200, serde_json::json!({ "value": [] }))
    );
    let reply = contacts(
        &shaped("empty", "spare-refusals = true").await,
        "erp-bridge",
    )
    .await;
    assert_eq!(reply.status, 403);
    let reply = contacts(&shaped("empty", "as-status = 206").await, "erp-bridge").await;
    assert_eq!(reply.status, 206);
}

#[tokio::test]
async fn faults_are_told_apart_by_service_and_number() {
    let desk = tidy_with(
        "[[faults]]
service = \"vault\"
method = \"GET\"
nth = 2
shape = \"wrong-id\"
[[faults]]
service = \"graph\"
shape = \"object\"
[[faults]]
service = \"finops\"
shape = \"list\"
",
    )
    .await;
    let token = desk.auditor("https://vault.azure.net").await;
    let url = format!("{VAULT}/secrets/erp-bridge-secret?api-version=7.5");
    for own in [true, false, true] {
        let id = desk.get(&url, &token).await.json()["id"].to_string();
        assert_eq!(id.contains("/secrets/erp-bridge-secret/"), own, "{id}");
    }
    let token = desk.auditor(GRAPH).await;
    let apps = desk
        .get(&format!("{GRAPH}/v1.0/applications"), &token)
        .await;
    assert_eq!(apps.text, "{}");
    let finops = "https://contoso.operations.dynamics.com";
    let token = desk.token("erp-bridge", finops).await;
    let reply = desk.get(&format!("{finops}/data"), &token).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, "[]"));
}

#[tokio::test]
async fn not_now_comes_with_any_wait_and_in_the_services_words() {
    for (service, status, wait, url, word) in [
        (
            "dataverse",
            429,
            "86400",
            format!("{PROD}/api/data/v9.2/WhoAmI"),
            "0x80072322",
        ),
        (
            "graph",
            429,
            "-5",
            format!("{GRAPH}/v1.0/applications"),
            "TooManyRequests",
        ),
        (
            "graph",
            503,
            "120",
            format!("{GRAPH}/v1.0/applications"),
            "",
        ),
        (
            "vault",
            429,
            "soon",
            format!("{VAULT}/secrets?api-version=7.5"),
            "Throttled",
        ),
        (
            "finops",
            503,
            "1.5",
            "https://contoso.operations.dynamics.com/data".to_owned(),
            "",
        ),
        (
            "login",
            429,
            "60",
            format!("{}/common/discovery/instance", super::LOGIN),
            "Too Many",
        ),
    ] {
        let status_line = if status == 429 {
            String::new()
        } else {
            format!("status = {status}\n")
        };
        let desk = tidy_with(&format!(
            "[[faults]]\nservice = \"{service}\"\nretry-after = \"{wait}\"\n{status_line}"
        ))
        .await;
        let reply = desk.send(desk.http.get(&url)).await;
        assert_eq!(
            (reply.status, reply.header("retry-after")),
            (status, wait),
            "{service}"
        );
        assert!(reply.text.contains(word), "{service}: {}", reply.text);
    }
    let desk = tidy_with(
        "[[faults]]\nservice = \"graph\"\nstatus = 503\nretry-after-date-in-seconds = 86400\n",
    )
    .await;
    let reply = desk
        .send(desk.http.get(format!("{GRAPH}/v1.0/applications")))
        .await;
    let date = chrono::DateTime::parse_from_rfc2822(reply.header("retry-after"));
    assert_eq!((reply.status, date.is_ok()), (503, true));
}
