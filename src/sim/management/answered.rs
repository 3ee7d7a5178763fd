//! One page of a query's result, in the form that was asked for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::parse::Step;
use super::refusals::{detail, refused};
use super::resources::COLUMNS;
use crate::sim::wire::Answer;
use crate::sim::world::World;

/// The most rows of a page.
const MOST: usize = 1000;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Options {
    #[serde(rename = "$top", default)]
    pub top: Option<usize>,
    #[serde(rename = "$skip", default)]
    pub skip: Option<usize>,
    #[serde(rename = "$skipToken", default)]
    pub skip_token: Option<String>,
    #[serde(rename = "resultFormat", default)]
    pub format: Format,
    /// Sent by clients of their own accord. It is about tenants of more than a thousand subscriptions.
    #[serde(rename = "allowPartialScopes", default)]
    _partial_scopes: Option<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Format {
    #[default]
    ObjectArray,
    Table,
}

/// The page that the options ask for. It has a token for the next one only where the rows have an id and the
/// query has no limit of its own ("Working with large Azure resource data sets"); without one, what is
/// truncated cannot be had.
pub(super) fn answered(
    world: &World,
    steps: &[Step],
    rows: Vec<Value>,
    options: &Options,
) -> Result<Answer, Answer> {
    let bad = |code: &str, text: &str| refused(world, 400, "BadRequest", &[detail(code, text)]);
    let token = match &options.skip_token {
        None => None,
        Some(token) => {
            let read = read(token);
            Some(read.ok_or_else(|| bad("InvalidSkipToken", "The skip token is not valid."))?)
        }
    };
    let (at, size) = token.unwrap_or((0, MOST));
    // What the options say goes before what the token has.
    let begun = options.skip.unwrap_or(at);
    let top = options.top.unwrap_or(size);
    if !(1..=MOST).contains(&top) {
        return Err(bad("InvalidOptions", "$top must be between 1 and 1000."));
    }
    let switches = &world.scenario.discovery.resource_graph;
    let size = top.min(switches.page.unwrap_or(MOST));
    let columns = columns(steps);
    let total = rows.len();
    let mut shown: Vec<Value> = rows.into_iter().skip(begun).take(size).collect();
    let more = begun + size < total;
    let limited = steps.iter().any(|step| matches!(step, Step::Limit(_)));
    let pages = columns.iter().any(|column| column == "id") && !limited;
    if switches.truncated_without_token {
        shown.truncate(shown.len() / 2);
    }
    let truncated = more || switches.truncated_without_token;
    let mut body = json!({
        "totalRecords": total,
        "count": shown.len(),
        "facets": [],
        "resultTruncated": if truncated { "true" } else { "false" },
    });
    if more && pages && !switches.truncated_without_token {
        let token = json!({ "$id": "1", "begun": begun + size, "top": top });
        body["$skipToken"] = STANDARD.encode(token.to_string()).into();
    }
    body["data"] = match options.format {
        Format::ObjectArray => shown.into(),
        Format::Table => table(&columns, &shown),
    };
    Ok(Answer::json(200, &body))
}

/// Where the next page begins, and how large the pages are.
fn read(token: &str) -> Option<(usize, usize)> {
    let text = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    let token: Value = serde_json::from_str(&text).ok()?;
    let number = |name: &str| usize::try_from(token[name].as_u64()?).ok();
    Some((number("begun")?, number("top")?))
}

/// The columns of the result.
fn columns(steps: &[Step]) -> Vec<String> {
    let last = steps.iter().rev().find_map(|step| match step {
        Step::Project(columns) => Some(columns.iter().map(|column| column.name.clone()).collect()),
        _ => None,
    });
    last.unwrap_or_else(|| COLUMNS.iter().map(|&column| column.to_owned()).collect())
}

fn table(columns: &[String], rows: &[Value]) -> Value {
    let types: Vec<Value> = columns
        .iter()
        .map(|name| {
            let plain = rows.iter().all(|row| row[name].is_string());
            json!({ "name": name, "type": if plain { "string" } else { "object" } })
        })
        .collect();
    let rows: Vec<Vec<&Value>> = rows
        .iter()
        .map(|row| columns.iter().map(|name| &row[name]).collect())
        .collect();
    json!({ "columns": types, "rows": rows })
}
