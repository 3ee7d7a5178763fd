//! Answers of success that are not what was asked for: each table of a room's tests runs its calls over all
//! of them, and none may pass for an answer.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::collect::http::Answer;

/// An answer of success, labelled as JSON.
pub(crate) fn answer(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    labelled(status, "application/json", body)
}

/// Any answer, under any label.
pub(crate) fn labelled(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
    Answer {
        status,
        content_type: content_type.to_owned(),
        retry_after: None,
        challenge: None,
        of_finops: false,
        body: Zeroizing::new(body.into()),
        at: "2026-11-21T06:00:00Z".parse().expect("a date"),
    }
}

/// Every spoiled form of a right answer, with words for each.
pub(crate) fn forms(right: &Value) -> Vec<(String, Answer)> {
    let text = right.to_string();
    let mut all: Vec<(String, Answer)> = bodies(&text)
        .into_iter()
        .map(|(what, body)| (what.to_owned(), answer(200, body)))
        .collect();
    for status in [201, 202, 203, 204, 206] {
        all.push((format!("{status}, empty"), answer(status, "")));
        all.push((format!("{status}, right"), answer(status, text.clone())));
    }
    let mut error = right.clone();
    error["error"] = json!({"code": "0x80040220", "message": "no"});
    all.push(("right, and an error".into(), answer(200, error.to_string())));
    for (name, _) in right.as_object().expect("an object") {
        if name == "@odata.context" {
            continue;
        }
        for odd in [json!(null), json!(5), json!({}), json!(""), json!([[]])] {
            let mut body = right.clone();
            body[name] = odd.clone();
            all.push((format!("{name} is {odd}"), answer(200, body.to_string())));
        }
    }
    all
}

/// The same for answers of OData.
pub(crate) fn odata(right: &Value) -> Vec<(String, Answer)> {
    let mut all = forms(right);
    let mut labelled = answer(200, right.to_string());
    labelled.content_type = "text/html".into();
    all.push(("labelled as HTML".into(), labelled));
    for context in [
        json!("https://x/$metadata#somethings"),
        json!("https://x/$metadata#somethings/$entity"),
        json!("https://x/$metadata#Collection(ns.something)"),
        json!("https://x/$metadata#contacts(1)/somethings"),
        json!("https://x/#contacts"),
        json!("contacts"),
        json!(""),
        json!(null),
        json!(5),
    ] {
        let mut body = right.clone();
        body["@odata.context"] = context.clone();
        all.push((format!("context {context}"), answer(200, body.to_string())));
    }
    all
}

/// The same for lists.
pub(crate) fn lists(right: &Value) -> Vec<(String, Answer)> {
    let mut all = odata(right);
    let mut nameless = right.clone();
    nameless
        .as_object_mut()
        .expect("a page")
        .remove("@odata.context");
    all.push((
        "without a context".into(),
        answer(200, nameless.to_string()),
    ));
    for rows in rows() {
        let mut body = right.clone();
        body["value"] = rows.clone();
        all.push((format!("rows {rows}"), answer(200, body.to_string())));
    }
    for odd in [json!(5), json!({}), json!(true), json!(["https://x/2"])] {
        let mut odd_link = right.clone();
        odd_link["@odata.nextLink"] = odd.clone();
        all.push((
            format!("an odd next link, {odd}"),
            answer(200, odd_link.to_string()),
        ));
    }
    all
}

/// Lists of what are no rows of anything.
pub(crate) fn rows() -> Vec<Value> {
    vec![
        json!([null]),
        json!([5]),
        json!(["a"]),
        json!([true]),
        json!([[]]),
        json!([{}]),
        json!([{"id": null}]),
    ]
}

fn bodies(right: &str) -> Vec<(&'static str, Vec<u8>)> {
    let deep = 200_000;
    vec![
        ("empty", Vec::new()),
        ("an object of nothing", b"{}".to_vec()),
        ("a list", b"[]".to_vec()),
        ("a list of the right one", format!("[{right}]").into_bytes()),
        ("null", b"null".to_vec()),
        ("a number", b"5".to_vec()),
        ("a text", b"\"contacts\"".to_vec()),
        ("true", b"true".to_vec()),
        ("an error", br#"{"error":{"code":"0x80040220"}}"#.to_vec()),
        (
            "an error in words",
            br#"{"error":"invalid_client"}"#.to_vec(),
        ),
        ("another's error", br#"{"Message":"no"}"#.to_vec()),
        ("no list", br#"{"value":null}"#.to_vec()),
        ("a list of nothing", br#"{"value":[]}"#.to_vec()),
        (
            "a page",
            b"<!DOCTYPE html><html><body>sign in</body></html>".to_vec(),
        ),
        ("cut short", right.as_bytes()[..right.len() - 1].to_vec()),
        (
            "cut in the middle",
            right.as_bytes()[..right.len() / 2].to_vec(),
        ),
        ("twice", format!("{right}{right}").into_bytes()),
        ("blanks", vec![b' '; 1 << 20]),
        ("zeros", vec![0; 1 << 10]),
        (
            "gzip",
            b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xed\xc1\x01\r\0\0".to_vec(),
        ),
        (
            "UTF-16",
            right.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            "no UTF-8",
            [b"{\"value\":\"\xff\xfe\"}".as_slice()].concat(),
        ),
        ("deep lists", vec![b'['; deep]),
        ("deep objects", b"{\"a\":".repeat(deep)),
    ]
}
