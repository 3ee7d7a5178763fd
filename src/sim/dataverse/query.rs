//! Lists and single records with `$select`, `$filter`, `$expand`, `$top`, `$count` and paging.

use serde_json::{Value, json};

use super::functions::{context, described, found};
use super::{Desk, privileges, refusals, rows, sight};
use crate::sim::catalogue::Table;
use crate::sim::odata::{self, Filter};
use crate::sim::wire::Answer;

const LARGEST_PAGE: usize = 5000;
/// Expansions inside expansions, at most.
const DEEPEST: usize = 4;

pub(super) fn list(desk: &Desk<'_>, table: &Table, rows: &[Value]) -> Result<Answer, Answer> {
    privileges::check(desk, "Read", table)?;
    let call = desk.call;
    let filter = match call.query("$filter") {
        None => None,
        Some(text) => Some(
            Filter::parse(text)
                .ok_or_else(|| refusals::bad_query("The query filter is not understood."))?,
        ),
    };
    let matching: Vec<&Value> = rows
        .iter()
        .filter(|row| filter.as_ref().is_none_or(|filter| filter.matches(row)))
        .collect();
    let top = match call.query("$top").map(str::parse::<usize>) {
        None => None,
        Some(Ok(top)) => Some(top),
        Some(Err(_)) => return Err(refusals::bad_query("Invalid value for $top query option.")),
    };
    let asked = call.header("prefer").and_then(page_size);
    let largest = desk.environment.page.unwrap_or(LARGEST_PAGE);
    let page = top.or(asked).unwrap_or(largest).min(largest);
    let skip = call.skip();
    let mut shown = Vec::new();
    for row in matching.iter().skip(skip).take(page) {
        shown.push(as_asked(desk, table, row)?);
    }
    let mut body = json!({ "@odata.context": context(desk, &described(desk, &table.set)) });
    if call.query("$count") == Some("true") {
        body["@odata.count"] = matching.len().into();
    }
    if top.is_none() && skip + page < matching.len() {
        let token = format!(
            "<cookie pagenumber=\"2\" istracking=\"False\" />-{}",
            skip + page
        );
        body["@odata.nextLink"] = call.link_with_skiptoken(&call.host, &token).into();
    }
    body["value"] = shown.into();
    let answer = found(&body);
    Ok(match asked {
        Some(size) => answer.with("preference-applied", format!("odata.maxpagesize={size}")),
        None => answer,
    })
}

pub(super) fn single(desk: &Desk<'_>, table: &Table, row: &Value) -> Result<Answer, Answer> {
    let mut body = as_asked(desk, table, row)?;
    body["@odata.context"] =
        context(desk, &format!("{}/$entity", described(desk, &table.set))).into();
    Ok(found(&body))
}

fn as_asked(desk: &Desk<'_>, table: &Table, row: &Value) -> Result<Value, Answer> {
    let call = desk.call;
    shown(
        desk,
        table,
        row,
        call.query("$select"),
        call.query("$expand"),
        0,
    )
}

/// One record with the fields and expansions asked for; its id is always there.
fn shown(
    desk: &Desk<'_>,
    table: &Table,
    row: &Value,
    select: Option<&str>,
    expand: Option<&str>,
    depth: usize,
) -> Result<Value, Answer> {
    for field in odata::fields(select) {
        if row.get(field).is_none() {
            let message = format!(
                "Could not find a property named '{field}' on type 'Microsoft.Dynamics.CRM.{}'.",
                table.name
            );
            return Err(refusals::bad_query(&message));
        }
    }
    let mut body = odata::selected(row, select);
    body[&table.id_field] = row[&table.id_field].clone();
    body["@odata.etag"] = "W/\"4521873\"".into();
    if depth > DEEPEST {
        return Err(refusals::bad_query("The $expand goes too deep."));
    }
    for part in odata::expands(expand.unwrap_or_default()) {
        let inner = |table: &Table, row: &Value| {
            shown(desk, table, row, part.select, part.expand, depth + 1)
        };
        if let Some((target, found)) = rows::looked_up(desk, row, part.name) {
            privileges::check(desk, "Read", &target)?;
            body[part.name] = if found.is_null() || !sight::sees(desk, &target, &found) {
                Value::Null
            } else {
                inner(&target, &found)?
            };
        } else if let Some((target, found)) = rows::related(desk, table, row, part.name) {
            privileges::check(desk, "Read", &target)?;
            let found = sight::seen(desk, &target, found);
            let found: Result<Vec<Value>, Answer> =
                found.iter().map(|row| inner(&target, row)).collect();
            body[part.name] = found?.into();
        } else {
            let message = format!("Could not find a property named '{}'.", part.name);
            return Err(refusals::bad_query(&message));
        }
    }
    Ok(body)
}

/// `odata.maxpagesize=50` among the preferences.
fn page_size(prefer: &str) -> Option<usize> {
    prefer
        .split(',')
        .find_map(|part| part.trim().strip_prefix("odata.maxpagesize="))?
        .parse()
        .ok()
        .filter(|size| *size > 0)
}
