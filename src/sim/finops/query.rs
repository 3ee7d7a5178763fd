//! Reads of collections with `$select`, `$filter`, `$top`, `$skip`, `$count`, `cross-company` and paging.

use serde_json::{Value, json};

use super::{Desk, found, refusals, rows};
use crate::sim::catalogue::Collection;
use crate::sim::odata::{self, Filter};
use crate::sim::wire::Answer;

const LARGEST_PAGE: usize = 10_000;

pub(super) fn list(desk: &Desk<'_>, collection: &Collection) -> Result<Answer, Answer> {
    let call = desk.call;
    let filter = match call.query("$filter") {
        None => None,
        Some(text) => Some(
            Filter::parse(text)
                .ok_or_else(|| refusals::bad_query("The query filter is not understood."))?,
        ),
    };
    let select = call.query("$select");
    for field in select.unwrap_or_default().split(',').map(str::trim) {
        let known = field.is_empty()
            || collection
                .keys
                .iter()
                .chain(&collection.fields)
                .any(|name| name == field);
        if !known {
            let text = format!(
                "Could not find a property named '{field}' on type 'Microsoft.Dynamics.DataEntities.{}'.",
                collection.entity
            );
            return Err(refusals::bad_query(&text));
        }
    }
    let everywhere = call
        .query("cross-company")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let rows: Vec<Value> = rows::of_collection(desk, collection)
        .into_iter()
        .filter(|row| everywhere || rows::in_own_company(row))
        .filter(|row| filter.as_ref().is_none_or(|filter| filter.matches(row)))
        .collect();
    let top = number(desk, "$top")?;
    let largest = desk.finops.page.unwrap_or(LARGEST_PAGE);
    let page = top.unwrap_or(largest).min(largest);
    let skip = call.skip() + number(desk, "$skip")?.unwrap_or(0);
    let shown: Vec<Value> = rows
        .iter()
        .skip(skip)
        .take(page)
        .map(|row| {
            let mut row = odata::selected(row, select);
            row["@odata.etag"] = "W/\"JzAsNTYzNzE0NDU3Nic=\"".into();
            row
        })
        .collect();
    let selected = select.map(|select| format!("({select})"));
    let context = format!("#{}{}", collection.set, selected.unwrap_or_default());
    let mut body = json!({ "@odata.context": desk.context(&context) });
    if call.query("$count") == Some("true") {
        body["@odata.count"] = rows.len().into();
    }
    body["value"] = shown.into();
    if top.is_none() && skip + page < rows.len() {
        let token = format!("page-{}", skip + page);
        body["@odata.nextLink"] = call.link_with_skiptoken(&call.host, &token).into();
    }
    Ok(found(&body))
}

fn number(desk: &Desk<'_>, option: &str) -> Result<Option<usize>, Answer> {
    match desk.call.query(option).map(str::parse) {
        None => Ok(None),
        Some(Ok(number)) => Ok(Some(number)),
        Some(Err(_)) => Err(refusals::bad_query(&format!("Invalid value for {option}."))),
    }
}
