//! What OData services put into every answer: the context that says what it holds, and an object's key. A
//! test that wants none writes null.

use serde_json::Value;

use super::cloud::{Call, Reply};

/// The reply with the contexts that are not written out in the test.
pub(super) fn add(call: &Call, mut reply: Reply) -> Reply {
    let odata = call.host == "graph.microsoft.com" || call.host.ends_with(".dynamics.com");
    if reply.status != 200 || !odata {
        return reply;
    }
    let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body) else {
        return reply;
    };
    if call.path.ends_with("/$batch") {
        let asked: Value = serde_json::from_str(&call.body).expect("a batch");
        let part = |id: &Value| {
            let all = asked["requests"].as_array().expect("requests");
            let one = all.iter().find(|one| one["id"] == *id)?;
            Some(one["url"].as_str().expect("a url").to_owned())
        };
        for answer in body["responses"].as_array_mut().into_iter().flatten() {
            if answer["status"] == 200
                && let Some(url) = part(&answer["id"])
            {
                name(&format!("/v1.0{url}"), &mut answer["body"]);
            }
        }
    } else {
        name(&call.path, &mut body);
    }
    reply.body = body.to_string().into_bytes();
    reply
}

/// Names what hangs on an object by the whole way there, and every other list by its set.
fn name(path: &str, body: &mut Value) {
    let path = path.split('?').next().unwrap_or_default();
    if let Some((_, id)) = path.split_once("(appId='")
        && let Some(id) = id.strip_suffix("')")
        && body.get("appId").is_none()
    {
        body["appId"] = id.into();
    }
    if !body["value"].is_array() || body.get("@odata.context").is_some() {
        return;
    }
    let roots = [
        "/api/data/v9.2/",
        "/v1.0/",
        "/beta/",
        "/data/",
        "/metadata/",
    ];
    let context = match roots.iter().find_map(|root| path.strip_prefix(root)) {
        Some(set) => format!("$metadata#{set}"),
        None => "$metadata".to_owned(),
    };
    body["@odata.context"] = format!("https://service.example/{context}").into();
}
