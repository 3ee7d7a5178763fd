//! `EntityDefinitions`: what tables there are, and the names of their privileges.

use serde_json::{Value, json};

use super::functions::{context, described, found};
use super::{Desk, privileges, refusals};
use crate::sim::catalogue::Table;
use crate::sim::names::guid;
use crate::sim::odata::{self, Filter};
use crate::sim::wire::Answer;

/// `EntityDefinitions` and `EntityDefinitions(LogicalName='contact')`.
pub(super) fn answer(
    desk: &Desk<'_>,
    key: Option<(&str, Option<&str>, &str)>,
) -> Result<Answer, Answer> {
    let environment = desk.environment;
    if let Some(entity) = environment.table("entity") {
        privileges::check(desk, "Read", &entity)?;
    }
    let select = desk.call.query("$select");
    let set = described(desk, "EntityDefinitions");
    let shown = |row: &Value| {
        let mut shown = odata::selected(row, select);
        shown["MetadataId"] = row["MetadataId"].clone();
        shown
    };
    if let Some((_, field, key)) = key {
        let field = field.unwrap_or("MetadataId");
        let row = environment
            .every_table()
            .iter()
            .map(definition)
            .find(|row| {
                row[field]
                    .as_str()
                    .is_some_and(|value| value.eq_ignore_ascii_case(key))
            });
        let Some(row) = row else {
            let message = format!(
                "The entity with a name = '{key}' with namemapping = 'Logical' was not found in the MetadataCache."
            );
            return Err(refusals::error(404, "0x80041102", &message));
        };
        let mut body = shown(&row);
        body["@odata.context"] = context(desk, &format!("{set}/$entity")).into();
        return Ok(found(&body));
    }
    if desk.call.query("$top").is_some() {
        return Err(refusals::bad_query(
            "The query parameter $top is not supported",
        ));
    }
    let filter = match desk.call.query("$filter") {
        None => None,
        Some(text) => Some(
            Filter::parse(text)
                .ok_or_else(|| refusals::bad_query("The query filter is not understood."))?,
        ),
    };
    let rows: Vec<Value> = environment
        .every_table()
        .iter()
        .map(definition)
        .filter(|row| filter.as_ref().is_none_or(|filter| filter.matches(row)))
        .map(|row| shown(&row))
        .collect();
    Ok(found(
        &json!({ "@odata.context": context(desk, &set), "value": rows }),
    ))
}

fn definition(table: &Table) -> Value {
    let by_unit = table.ownership.by_unit();
    // SecurityPrivilegeMetadata, its members as in the documents.
    let privilege = |name: &str, kind: &str| {
        json!({
            "CanBeBasic": by_unit, "CanBeDeep": by_unit, "CanBeGlobal": true, "CanBeLocal": by_unit,
            "CanBeEntityReference": false, "CanBeParentEntityReference": false,
            "Name": name, "PrivilegeId": guid("privilege", name), "PrivilegeType": kind,
        })
    };
    let mut privileges: Vec<Value> = table
        .operations()
        .iter()
        .map(|operation| privilege(&table.privilege(operation), operation))
        .collect();
    if table.name == "systemuser" {
        // One that is for none of the operations.
        privileges.push(privilege("prvDisableUser", "None"));
    }
    json!({
        "MetadataId": guid("table", &table.name),
        "LogicalName": table.name,
        "SchemaName": table.label(),
        "EntitySetName": table.set,
        "LogicalCollectionName": table.set,
        "ObjectTypeCode": table.type_code,
        "PrimaryIdAttribute": table.id_field,
        "PrimaryNameAttribute": table.name_field,
        "IsActivity": table.id_field == "activityid",
        "IsCustomEntity": table.is_custom(),
        "IsIntersect": table.operations().is_empty(),
        "OwnershipType": table.ownership.as_str(),
        "Privileges": privileges,
    })
}
