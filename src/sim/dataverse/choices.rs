//! `GlobalOptionSetDefinitions`: global choices, which an integration reads to map values.

use serde_json::{Value, json};

use super::functions::{context, described, found};
use super::{Desk, privileges, refusals};
use crate::sim::names::guid;
use crate::sim::odata;
use crate::sim::wire::Answer;

/// Choices of every organisation.
const STANDARD: [&str; 5] = [
    "budgetstatus",
    "initialcommunication",
    "need",
    "purchaseprocess",
    "purchasetimeframe",
];

/// `GlobalOptionSetDefinitions` and `GlobalOptionSetDefinitions(Name='budgetstatus')`.
pub(super) fn answer(
    desk: &Desk<'_>,
    key: Option<(&str, Option<&str>, &str)>,
) -> Result<Answer, Answer> {
    if let Some(table) = desk.environment.table("optionset") {
        privileges::check(desk, "Read", &table)?;
    }
    let rows = STANDARD
        .into_iter()
        .chain(desk.environment.option_sets.iter().map(String::as_str))
        .map(definition);
    let select = desk.call.query("$select");
    let set = described(desk, "GlobalOptionSetDefinitions");
    let shown = |row: &Value| {
        let mut shown = odata::selected(row, select);
        shown["MetadataId"] = row["MetadataId"].clone();
        shown
    };
    let Some((_, field, key)) = key else {
        let rows: Vec<Value> = rows.map(|row| shown(&row)).collect();
        let context = context(desk, &set);
        return Ok(found(&json!({ "@odata.context": context, "value": rows })));
    };
    let field = field.unwrap_or("MetadataId");
    let row = rows
        .into_iter()
        .find(|row| row[field] == key)
        .ok_or_else(|| {
            // Text and code as public clients quote them; not seen on the wire.
            let message = format!(
                "Could not find an optionset with name {key} and id 00000000-0000-0000-0000-000000000000."
            );
            refusals::error(404, "0x80040217", &message)
        })?;
    let mut body = shown(&row);
    body["@odata.context"] = context(desk, &format!("{set}/$entity")).into();
    body["@odata.type"] = "#Microsoft.Dynamics.CRM.OptionSetMetadata".into();
    Ok(found(&body))
}

fn definition(name: &str) -> Value {
    let options: Vec<Value> = (0..3)
        .map(|value| {
            let label = format!("{name} {value}");
            json!({
                "Value": value,
                "Label": { "UserLocalizedLabel": { "Label": label, "LanguageCode": 1033 } },
            })
        })
        .collect();
    json!({
        "MetadataId": guid("optionset", name),
        "Name": name,
        "IsGlobal": true,
        "IsCustomOptionSet": name.contains('_'),
        "OptionSetType": "Picklist",
        "Options": options,
    })
}
