//! `credaudit schema`: JSON Schemas of the files people write and of those credaudit writes.

use serde_json::{Map, Value, json};

use super::CLEAN;
use super::shared::{Failure, Screen, pretty};
use crate::checks::ALL;
use crate::cli::{Schema, SchemaOf};
use crate::{estate, evidence, policy, report};

pub(super) fn run(command: &Schema, screen: &Screen) -> Result<u8, Failure> {
    let bytes = match command.of {
        SchemaOf::Estate => estate()?,
        SchemaOf::Policy => policy()?,
        SchemaOf::Snapshot => pretty(&schemars::schema_for!(evidence::Snapshot))?,
        SchemaOf::Report => pretty(&report::machine::json::schema())?,
    };
    screen.print(&bytes)?;
    Ok(CLEAN)
}

/// The estate file as people write it; kept beside the reader.
pub(super) fn estate() -> Result<Vec<u8>, Failure> {
    pretty(&parsed(estate::SCHEMA)?)
}

/// The policy file, with every check by its id and with its own parameters beside the common keys.
pub(super) fn policy() -> Result<Vec<u8>, Failure> {
    let mut schema = parsed(policy::SCHEMA)?;
    let common = schema
        .pointer("/$defs/check/properties")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let checks: Map<String, Value> = ALL
        .iter()
        .map(|check| {
            let mut keys = common.clone();
            let mut params = (check.params)().to_value();
            if let Some(Value::Object(own)) = params.get_mut("properties") {
                keys.append(own);
            }
            let about = format!("{}. Default: {}.", check.meta.title, check.meta.severity);
            let value = json!({
                "description": about,
                "type": "object",
                "additionalProperties": false,
                "properties": keys,
            });
            (check.meta.id.to_owned(), value)
        })
        .collect();
    if let Some(place) = schema.pointer_mut("/properties/checks/properties") {
        *place = Value::Object(checks);
    }
    pretty(&schema)
}

fn parsed(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text)
        .map_err(|error| Failure::Tool(format!("a schema of this credaudit is not JSON: {error}")))
}
