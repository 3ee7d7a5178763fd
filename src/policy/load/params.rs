//! A check's own parameters: TOML turned into JSON, merged table by table, with the place of each.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value as Json};
use toml::de::DeValue;

use crate::source::{Place, Value};

/// The JSON of a value. What JSON cannot hold is a problem.
pub(super) fn json(value: &Value<'_>) -> Option<Json> {
    match value.raw() {
        DeValue::String(text) => Some(Json::String(text.clone().into_owned())),
        DeValue::Boolean(truth) => Some(Json::Bool(*truth)),
        DeValue::Datetime(moment) => Some(Json::String(moment.to_string())),
        DeValue::Integer(_) => value
            .whole(&(i64::MIN..=i64::MAX))
            .map(|whole| Json::Number(whole.into())),
        DeValue::Float(float) => {
            let number = float.as_str().parse().ok().and_then(Number::from_f64);
            if number.is_none() {
                value.wrong_type("a finite number");
            }
            number.map(Json::Number)
        }
        DeValue::Array(_) => {
            let members: Option<Vec<Json>> = value.list()?.iter().map(json).collect();
            members.map(Json::Array)
        }
        DeValue::Table(_) => {
            let table = value.table(format!("`{}`", value.key()))?;
            let members: Option<Map<String, Json>> = table
                .entries()
                .iter()
                .map(|member| Some((member.key().to_owned(), json(member)?)))
                .collect();
            table.close_except(|_| true);
            members.map(Json::Object)
        }
    }
}

/// Notes where a parameter stands, and each one inside it: `within-days`, `within-days.low`.
pub(super) fn places(value: &Value<'_>, prefix: &str, found: &mut BTreeMap<String, Place>) {
    let path = format!("{prefix}{}", value.key());
    let span = value.key_span().start..value.span().end.max(value.key_span().end);
    if value.raw().is_table()
        && let Some(table) = value.table("")
    {
        for member in table.entries() {
            places(&member, &format!("{path}."), found);
        }
        table.close_except(|_| true);
    }
    found.insert(path, value.sheet().place(span));
}

/// Lays `above` over `beneath`: tables are merged, anything else is replaced.
pub(super) fn merge(beneath: &mut Map<String, Json>, above: Map<String, Json>) {
    for (key, value) in above {
        match (beneath.get_mut(&key), value) {
            (Some(Json::Object(old)), Json::Object(new)) => merge(old, new),
            (_, value) => {
                beneath.insert(key, value);
            }
        }
    }
}
