//! `/metadata/PublicEntities`, `/metadata/DataEntities`, and the document under `/data/$metadata`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Desk, found, refusals};
use crate::sim::catalogue::{Collection, NOT_PUBLIC};
use crate::sim::odata::{self, Filter, keyed};
use crate::sim::wire::Answer;

/// One list, or one public entity by its (singular) name.
pub(super) fn answer(desk: &Desk<'_>, segment: &str) -> Result<Answer, Answer> {
    let no_route = || refusals::no_route(desk.call);
    let Some((list, field, key)) = keyed(segment) else {
        return match segment.to_ascii_lowercase().as_str() {
            "publicentities" => list(desk, "PublicEntities", &public_entities(desk)),
            "dataentities" => list(desk, "DataEntities", &data_entities(desk)),
            _ => Err(no_route()),
        };
    };
    if !list.eq_ignore_ascii_case("PublicEntities") || !matches!(field, None | Some("Name")) {
        return Err(no_route());
    }
    let row = public_entities(desk)
        .into_iter()
        .find(|row| row["Name"] == key)
        .ok_or_else(no_route)?;
    let mut body = odata::selected(&row, desk.call.query("$select"));
    body["@odata.context"] = context(desk, "PublicEntities/$entity").into();
    Ok(found(&body))
}

fn context(desk: &Desk<'_>, rest: &str) -> String {
    format!("https://{}/metadata/$metadata#{rest}", desk.finops.host)
}

fn list(desk: &Desk<'_>, name: &str, rows: &[Value]) -> Result<Answer, Answer> {
    let call = desk.call;
    let filter = match call.query("$filter") {
        None => None,
        Some(_) if !desk.finops.filters_metadata => {
            return Err(refusals::bad_query(
                "The query option $filter is not supported.",
            ));
        }
        Some(text) => Some(
            Filter::parse(text)
                .ok_or_else(|| refusals::bad_query("The query filter is not understood."))?,
        ),
    };
    let top = call
        .query("$top")
        .and_then(|top| top.parse().ok())
        .unwrap_or(usize::MAX);
    let value: Vec<Value> = rows
        .iter()
        .filter(|row| {
            filter
                .as_ref()
                .is_none_or(|filter| filter.matches_exactly(row))
        })
        .take(top)
        .map(|row| odata::selected(row, call.query("$select")))
        .collect();
    Ok(found(
        &json!({ "@odata.context": context(desk, name), "value": value }),
    ))
}

fn public_entities(desk: &Desk<'_>) -> Vec<Value> {
    desk.finops
        .every_collection()
        .iter()
        .map(|collection| {
            let properties: Vec<Value> = fields(collection)
                .map(|(name, key)| {
                    json!({
                        "Name": name, "TypeName": edm(name), "DataType": "String", "LabelId": null,
                        "IsKey": key, "IsMandatory": key, "ConfigurationEnabled": true,
                        "AllowEdit": !key, "AllowEditOnCreate": true, "IsDimension": false,
                    })
                })
                .collect();
            json!({
                "Name": collection.entity,
                "EntitySetName": collection.set,
                "LabelId": "@SYS0",
                "IsReadOnly": false,
                "ConfigurationEnabled": true,
                "Properties": properties,
                "NavigationProperties": [],
                "PropertyGroups": [],
                "Actions": [],
            })
        })
        .collect()
}

fn data_entities(desk: &Desk<'_>) -> Vec<Value> {
    let public = desk.finops.every_collection();
    let public = public
        .iter()
        .map(|known| (&*known.inner, &*known.entity, &*known.set, true));
    public
        .chain([(NOT_PUBLIC, "", "", false)])
        .map(|(inner, entity, set, served)| {
            json!({
                "Name": inner,
                "PublicEntityName": entity,
                "PublicCollectionName": set,
                "LabelId": "@SYS0",
                "DataServiceEnabled": served,
                "DataManagementEnabled": true,
                "EntityCategory": "Master",
                "IsReadOnly": false,
            })
        })
        .collect()
}

/// The XML document of all types. Real ones take tens of megabytes.
pub(super) fn document(desk: &Desk<'_>) -> Answer {
    let mut types = String::new();
    let mut sets = String::new();
    for collection in desk.finops.every_collection() {
        let entity = &collection.entity;
        // Writing to a String cannot fail.
        let _fits = write!(types, "<EntityType Name=\"{entity}\"><Key>");
        for key in &collection.keys {
            let _fits = write!(types, "<PropertyRef Name=\"{key}\"/>");
        }
        types.push_str("</Key>");
        for (name, _) in fields(&collection) {
            let _fits = write!(types, "<Property Name=\"{name}\" Type=\"{}\"/>", edm(name));
        }
        types.push_str("</EntityType>\n");
        let _fits = writeln!(
            sets,
            "<EntitySet Name=\"{}\" EntityType=\"Microsoft.Dynamics.DataEntities.{entity}\"/>",
            collection.set
        );
    }
    let size = desk.finops.metadata_megabytes.unwrap_or(0) * 1024 * 1024;
    let mut number = 0;
    while types.len() < size {
        number += 1;
        let _fits = writeln!(
            types,
            "<EntityType Name=\"Filler{number}\"><Key><PropertyRef Name=\"RecId\"/></Key><Property Name=\"RecId\" Type=\"Edm.Int64\" Nullable=\"false\"/></EntityType>"
        );
    }
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices><Schema Namespace=\"Microsoft.Dynamics.DataEntities\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n{types}<EntityContainer Name=\"Resources\">\n{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>\n"
    );
    Answer::text(200, text)
        .with("content-type", "application/xml")
        .with("odata-version", "4.0")
}

/// Every field, and whether it is part of the key.
fn fields(collection: &Collection) -> impl Iterator<Item = (&str, bool)> {
    let keys = collection.keys.iter().map(|name| (name.as_str(), true));
    keys.chain(collection.fields.iter().map(|name| (name.as_str(), false)))
}

fn edm(field: &str) -> &'static str {
    match field {
        "LineNumber" => "Edm.Decimal",
        "Enabled" => "Microsoft.Dynamics.DataEntities.NoYes",
        _ => "Edm.String",
    }
}
