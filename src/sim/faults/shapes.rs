//! Answers that say 200 and not what was asked for.

use serde_json::{Value, json};

use crate::sim::names;
use crate::sim::scenario::{AnswerShape, Service};
use crate::sim::wire::{Answer, Call};

const MEGABYTE: usize = 1024 * 1024;
const BLANKS: usize = 20 * MEGABYTE;
const OVERSIZE: usize = 32 * MEGABYTE;
const DEPTH: usize = 100_000;
const JSON: &str = "application/json; charset=utf-8";
const PAGE: &str = "<!DOCTYPE html>\r\n<html><head><title>Sign in to the network</title></head>\r\n<body><h1>Welcome</h1></body></html>\r\n";

/// The service's answer in another shape.
pub(super) fn spoiled(
    shape: AnswerShape,
    call: &Call,
    service: Option<Service>,
    answer: Answer,
) -> Answer {
    let fine = (200..300).contains(&answer.status);
    let own: Option<Value> = serde_json::from_slice(&answer.body).ok().filter(|_| fine);
    let was_json = own.is_some();
    let right = own.unwrap_or_else(|| empty_list(call, service));
    let mut answer = Answer {
        status: 200,
        ..answer
    };
    if !was_json {
        answer = answer.with("content-type", JSON);
    }
    match bare(shape, &right) {
        Some((status, kind, body)) => {
            answer.status = status;
            answer.body = body;
            match kind {
                Some(kind) => answer.with("content-type", kind),
                None => answer,
            }
        }
        None => {
            answer.body = changed(shape, call, service, right)
                .to_string()
                .into_bytes();
            match shape {
                AnswerShape::FalseGzip => answer.with("content-encoding", "gzip"),
                _ => answer,
            }
        }
    }
}

/// Status, content type where it is another, and body of the shapes that are no JSON of the right form.
fn bare(shape: AnswerShape, right: &Value) -> Option<(u16, Option<&'static str>, Vec<u8>)> {
    let text = right.to_string();
    let same = |body: Vec<u8>| Some((200, None, body));
    match shape {
        AnswerShape::Empty => same(Vec::new()),
        AnswerShape::NoContent => Some((204, None, Vec::new())),
        AnswerShape::Blanks => same(vec![b' '; BLANKS]),
        AnswerShape::Html => Some((200, Some("text/html; charset=utf-8"), PAGE.into())),
        AnswerShape::HtmlAsJson => same(PAGE.into()),
        AnswerShape::JsonAsText => Some((200, Some("text/plain"), text.into_bytes())),
        AnswerShape::Truncated => same(text.as_bytes()[..text.len() / 2].to_vec()),
        AnswerShape::Twice => same(format!("{text}{text}").into_bytes()),
        AnswerShape::BadUtf8 => {
            let mut bytes = text.into_bytes();
            // Before the quote that ends the last text, so that only its letters are wrong.
            let at = bytes.iter().rposition(|byte| *byte == b'"').unwrap_or(0);
            bytes.insert(at, 0xff);
            same(bytes)
        }
        AnswerShape::ByteOrderMark => same(format!("\u{feff}{text}").into_bytes()),
        AnswerShape::Oversize => {
            let mut bytes = text.into_bytes();
            bytes.resize(bytes.len() + OVERSIZE, b' ');
            same(bytes)
        }
        AnswerShape::Deep => same([vec![b'['; DEPTH], vec![b']'; DEPTH]].concat()),
        _ => None,
    }
}

fn changed(shape: AnswerShape, call: &Call, service: Option<Service>, mut right: Value) -> Value {
    match shape {
        AnswerShape::Object => json!({}),
        AnswerShape::List => json!([]),
        AnswerShape::Null => Value::Null,
        AnswerShape::Number => json!(5),
        AnswerShape::Boolean => json!(true),
        AnswerShape::Text => json!("text"),
        AnswerShape::ErrorObject => {
            json!({ "error": { "code": "InternalError", "message": "An unexpected error occurred." } })
        }
        AnswerShape::BareList => right
            .get("value")
            .cloned()
            .unwrap_or_else(|| json!([right])),
        AnswerShape::RowForList => right.pointer("/value/0").cloned().unwrap_or(right),
        AnswerShape::NoContext
        | AnswerShape::WrongContext
        | AnswerShape::ForeignContext
        | AnswerShape::NumberContext => {
            context(shape, call, &mut right);
            right
        }
        AnswerShape::NoValue => {
            if let Some(fields) = right.as_object_mut() {
                fields.remove("value");
            }
            right
        }
        AnswerShape::NullValue => with(right, "value", Value::Null),
        AnswerShape::ObjectValue => with(right, "value", json!({})),
        AnswerShape::WrongCount => {
            let rows = right["value"].as_array().map_or(0, Vec::len);
            with(right, "@odata.count", json!(rows + 7))
        }
        AnswerShape::NullRows
        | AnswerShape::EmptyRows
        | AnswerShape::NullFields
        | AnswerShape::OtherTypes
        | AnswerShape::WrongId
        | AnswerShape::EmptyId
        | AnswerShape::WrongName => {
            rows(shape, &mut right);
            right
        }
        AnswerShape::NextLinkSelf
        | AnswerShape::NextLinkEndless
        | AnswerShape::NextLinkElsewhere
        | AnswerShape::NextLinkGarbage
        | AnswerShape::NextLinkNumber => {
            let name = match service {
                Some(Service::Vault | Service::Management) => "nextLink",
                Some(Service::PowerPlatform) => "@odata.nextlink",
                _ => "@odata.nextLink",
            };
            with(right, name, next_link(shape, call))
        }
        // What is no JSON was dealt with before.
        _ => right,
    }
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
    object
}

/// What stands in for an answer that the service did not give.
fn empty_list(call: &Call, service: Option<Service>) -> Value {
    let root = match service {
        Some(Service::Graph) => "v1.0",
        Some(Service::Dataverse) => "api/data/v9.2",
        Some(Service::Finops) => "data",
        Some(Service::Vault) => return json!({ "value": [], "nextLink": null }),
        Some(Service::GlobalDiscovery) => "api/discovery/v2.0",
        Some(Service::Login | Service::Management | Service::PowerPlatform) | None => {
            return json!({ "value": [] });
        }
    };
    let list = call
        .segments()
        .last()
        .copied()
        .unwrap_or_default()
        .to_owned();
    let context = format!("https://{}/{root}/$metadata#{list}", call.host);
    json!({ "@odata.context": context, "value": [] })
}

fn context(shape: AnswerShape, call: &Call, right: &mut Value) {
    let Some(fields) = right.as_object_mut() else {
        return;
    };
    let Some(context) = fields.remove("@odata.context") else {
        return;
    };
    let context = context.as_str().unwrap_or_default();
    let (root, list) = context.split_once('#').unwrap_or((context, ""));
    let other = match shape {
        AnswerShape::WrongContext => format!("{root}#Elsewhere").into(),
        AnswerShape::ForeignContext => {
            let root = root.replace(&call.host, "elsewhere.example");
            format!("{root}#{list}").into()
        }
        AnswerShape::NumberContext => json!(5),
        _ => return,
    };
    fields.insert("@odata.context".to_owned(), other);
}

/// Changes every row of a list, or the one object.
fn rows(shape: AnswerShape, right: &mut Value) {
    let in_list = right.get("value").is_some_and(Value::is_array);
    if !in_list {
        row(shape, right);
        return;
    }
    for one in right["value"].as_array_mut().into_iter().flatten() {
        match shape {
            AnswerShape::NullRows => *one = Value::Null,
            AnswerShape::EmptyRows => *one = json!({}),
            _ => row(shape, one),
        }
    }
}

fn row(shape: AnswerShape, one: &mut Value) {
    for (name, value) in one.as_object_mut().into_iter().flatten() {
        if name.starts_with('@') {
            continue;
        }
        match shape {
            AnswerShape::NullRows | AnswerShape::EmptyRows | AnswerShape::NullFields => {
                *value = Value::Null;
            }
            AnswerShape::OtherTypes if value.is_string() => *value = json!(5),
            AnswerShape::OtherTypes => *value = json!("text"),
            AnswerShape::WrongId if is_id(name) => *value = other(value),
            AnswerShape::EmptyId if is_id(name) => *value = json!(""),
            AnswerShape::WrongName if is_name(name) => *value = json!("Elsewhere"),
            _ => {}
        }
    }
}

fn is_id(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("id")
}

fn is_name(name: &str) -> bool {
    [
        "name",
        "Name",
        "displayName",
        "EntitySetName",
        "LogicalName",
        "PublicCollectionName",
        "url",
    ]
    .contains(&name)
}

/// Another id of the same form: a vault's is an address.
fn other(id: &Value) -> Value {
    let id = id.as_str().unwrap_or_default();
    match id.split_once("://") {
        Some((scheme, rest)) => {
            let kind = rest.split('/').nth(1).unwrap_or_default();
            let version = names::version("elsewhere");
            format!("{scheme}://elsewhere.vault.azure.net/{kind}/elsewhere/{version}").into()
        }
        None => names::guid("elsewhere", id).into(),
    }
}

fn next_link(shape: AnswerShape, call: &Call) -> Value {
    let host = match shape {
        AnswerShape::NextLinkElsewhere => "elsewhere.example",
        AnswerShape::NextLinkGarbage => return json!("::not an address::"),
        AnswerShape::NextLinkNumber => return json!(5),
        AnswerShape::NextLinkEndless => {
            // The page after this one, which a service that counts pages finds empty.
            let token = format!("endless-{}", call.skip() + 1);
            return call.link_with_skiptoken(&call.host, &token).into();
        }
        _ => &call.host,
    };
    format!("https://{host}{}", call.path_and_query).into()
}
