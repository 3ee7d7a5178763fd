//! How a snapshot is written and read: with each distinct gap once.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{FORMAT, Snapshot};
use crate::model::{Gap, sharing};

impl Serialize for Snapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        sharing(Vec::new(), || Self::serialize(self, serializer))
    }
}

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = serde_json::Value::deserialize(deserializer)?;
        let gaps = value.get_mut("gaps").map(serde_json::Value::take);
        let gaps = gaps.map_or_else(|| Ok(Vec::new()), serde_json::from_value);
        let gaps: Vec<Gap> = gaps.map_err(D::Error::custom)?;
        sharing(gaps, || Self::deserialize(value)).map_err(D::Error::custom)
    }
}

/// Only the table of a stored snapshot.
#[derive(Debug, Deserialize)]
struct Gaps {
    #[serde(default)]
    gaps: Vec<Gap>,
}

/// Reads a snapshot of this version or the one before from its text.
///
/// # Errors
/// The text is not a snapshot; the error names the line.
pub(crate) fn read_snapshot(text: &str) -> Result<Snapshot, serde_json::Error> {
    let Gaps { gaps } = serde_json::from_str(text)?;
    let mut snapshot = sharing(gaps, || {
        let mut text = serde_json::Deserializer::from_str(text);
        let snapshot = Snapshot::deserialize(&mut text)?;
        text.end().map(|()| snapshot)
    })?;
    FORMAT.clone_into(&mut snapshot.format);
    Ok(snapshot)
}

/// A snapshot as JSON with each gap where it is, for tests that take facts away one by one.
#[cfg(test)]
pub(crate) fn unshared(snapshot: &Snapshot) -> serde_json::Value {
    Snapshot::serialize(snapshot, serde_json::value::Serializer).expect("it is JSON")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::facts::testing::tidy::tidy;
    use crate::model::GapKind;

    fn written(snapshot: &Snapshot) -> Value {
        serde_json::to_value(snapshot).unwrap()
    }

    /// All gaps of the text, wherever they are.
    fn whole_gaps(value: &Value) -> usize {
        match value {
            Value::Object(fields) => {
                let here = fields.contains_key("seen") && fields.contains_key("kind");
                usize::from(here) + fields.values().map(whole_gaps).sum::<usize>()
            }
            Value::Array(items) => items.iter().map(whole_gaps).sum(),
            _ => 0,
        }
    }

    #[test]
    fn one_cause_is_written_once_and_read_wherever_it_was() {
        let gap = Gap::new(GapKind::Unreachable, "crm.example: no answer");
        let snapshot = tidy().whole(|_| gap.clone()).into_owned();
        let value = written(&snapshot);
        assert_eq!(value["gaps"].as_array().unwrap().len(), 1);
        assert_eq!(whole_gaps(&value), 1);
        let text = serde_json::to_string(&snapshot).unwrap();
        assert_eq!(read_snapshot(&text).unwrap(), snapshot);
        // In whatever order the keys stand.
        assert_eq!(serde_json::from_value::<Snapshot>(value).unwrap(), snapshot);
    }

    #[test]
    fn a_snapshot_of_before_is_read_with_its_gaps_where_they_are() {
        let snapshot = tidy()
            .whole(|_| Gap::new(GapKind::Denied, "no"))
            .into_owned();
        let mut value = written(&snapshot);
        let table = value.as_object_mut().unwrap().remove("gaps").unwrap();
        fn expand(value: &mut Value, table: &Value) {
            match value {
                Value::Object(fields) => fields.iter_mut().for_each(|(key, field)| {
                    match (key.as_str(), field.as_u64()) {
                        ("unknown" | "gap" | "applications-gap", Some(number)) => {
                            *field = table[number as usize].clone();
                        }
                        _ => expand(field, table),
                    }
                }),
                Value::Array(items) => items.iter_mut().for_each(|item| expand(item, table)),
                _ => {}
            }
        }
        expand(&mut value, &table);
        value["format"] = crate::evidence::OLDER_FORMAT.into();
        assert!(whole_gaps(&value) > 2);
        assert_eq!(read_snapshot(&value.to_string()).unwrap(), snapshot);
    }

    #[test]
    fn a_number_without_a_gap_is_an_error_and_no_table_is_left_behind() {
        let snapshot = tidy()
            .whole(|_| Gap::new(GapKind::Denied, "no"))
            .into_owned();
        let mut value = written(&snapshot);
        value["gaps"] = Value::Array(Vec::new());
        let error = read_snapshot(&value.to_string()).unwrap_err().to_string();
        assert!(error.contains("gap 0 is not among"), "{error}");
        let alone = Gap::new(GapKind::Denied, "no");
        assert!(serde_json::to_value(&alone).unwrap().is_object());
        assert!(serde_json::from_str::<Gap>("0").is_err());
    }
}
