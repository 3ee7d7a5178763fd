//! Lists: `$filter`, `$top`, `$count`, and the pages that `@odata.nextLink` strings together.

use serde_json::{Value, json};

use super::{Refused, found};
use crate::sim::odata::{self, Filter};
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

/// Collections inside a row that a filter may look into, in advanced queries alone. Credentials are none of them
/// (microsoft-graph-devx-api#2325).
const SEARCHED: [&str; 1] = ["requiredResourceAccess"];

/// One page of a list.
pub(super) struct Page<T> {
    pub items: Vec<T>,
    count: Option<usize>,
    next: Option<String>,
}

/// The page a request asks for. `row` gives what a filter looks at.
pub(super) fn page<T>(
    world: &World,
    call: &Call,
    mut items: Vec<T>,
    row: impl Fn(&T) -> &Value,
) -> Result<Page<T>, Refused> {
    if let Some(text) = call.query("$filter") {
        let filter = Filter::with_elements(text).ok_or_else(unsupported_filter)?;
        let looked_into = filter.looks_into();
        let searchable = looked_into.iter().all(|collection| {
            SEARCHED.contains(collection)
                && items.iter().all(|item| row(item)[*collection].is_array())
        });
        let advanced = super::is_eventual(call) && call.query("$count") == Some("true");
        if !searchable || !(looked_into.is_empty() || advanced) {
            return Err(unsupported_filter());
        }
        items.retain(|item| filter.matches(row(item)));
        if world.scenario.graph.lambda_first_row_only && !looked_into.is_empty() {
            items.truncate(1);
        }
    }
    let switches = &world.scenario.graph;
    let size = match call.query("$top").map(str::parse::<usize>) {
        None => switches.page,
        Some(Ok(top)) if (1..=999).contains(&top) => top.min(switches.largest_page),
        Some(_) => {
            let message =
                "Invalid page size specified. Must be between 1 and 999 inclusive.".to_owned();
            return Err(Refused(400, "Request_UnsupportedQuery", message));
        }
    };
    let total = items.len();
    let skip = call.skip();
    let next = (skip + size < total).then(|| {
        let token = format!("RFNwdAIAAQAAACM6QXBwbGljYXRpb25f-{}", skip + size);
        call.link_with_skiptoken(&call.host, &token)
    });
    Ok(Page {
        items: items.into_iter().skip(skip).take(size).collect(),
        count: super::is_counted(call).then_some(total),
        next,
    })
}

impl<T> Page<T> {
    /// The answer with these rows, each as the request wants to see it.
    pub(super) fn answer(&self, context: &str, rows: Vec<Value>) -> Answer {
        let mut body = json!({ "@odata.context": context });
        if let Some(count) = self.count {
            body["@odata.count"] = count.into();
        }
        if let Some(next) = &self.next {
            body["@odata.nextLink"] = next.as_str().into();
        }
        body["value"] = rows.into();
        found(&body)
    }
}

/// A list of rows that need no more than `$select`.
pub(super) fn list(
    world: &World,
    call: &Call,
    context: &str,
    rows: Vec<Value>,
) -> Result<Answer, Refused> {
    let page = page(world, call, rows, |row| row)?;
    let select = call.query("$select");
    let known = |field: &str| page.items.iter().all(|row| row.get(field).is_some());
    if let Some(field) = odata::fields(select).find(|field| !known(field)) {
        let message = format!("Could not find a property named '{field}'.");
        return Err(Refused(400, "BadRequest", message));
    }
    let rows = page.items.iter();
    let rows = rows.map(|row| odata::selected(row, select)).collect();
    Ok(page.answer(context, rows))
}

pub(super) fn unsupported_filter() -> Refused {
    Refused(
        400,
        "Request_UnsupportedQuery",
        "Unsupported or invalid query filter clause specified.".to_owned(),
    )
}
