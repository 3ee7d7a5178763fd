//! Taking fields out of JSON: what is missing or of a wrong type is said, never guessed.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::model::{Gap, GapKind, Listing, guid};

/// One JSON object and what it is called in words: `the application 5b7a…`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    pub(crate) value: &'a Value,
    pub(crate) what: &'a str,
}

impl<'a> Fields<'a> {
    pub(crate) const fn new(value: &'a Value, what: &'a str) -> Self {
        Self { value, what }
    }

    /// Malformed: the field and what is wrong with it.
    pub(crate) fn odd(&self, field: &str) -> Gap {
        let state = match self.value.get(field) {
            None => "is missing",
            Some(Value::Null) => "is null",
            Some(_) => "has an unexpected form",
        };
        Gap::new(
            GapKind::Malformed,
            format!("{}: the field {field} {state}", self.what),
        )
    }

    pub(crate) fn text(&self, field: &str) -> Result<String, Gap> {
        self.value
            .get(field)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| self.odd(field))
    }

    /// Text that may be missing or null.
    pub(crate) fn optional_text(&self, field: &str) -> Option<String> {
        self.text(field).ok().filter(|text| !text.is_empty())
    }

    pub(crate) fn guid(&self, field: &str) -> Result<String, Gap> {
        self.text(field)
            .ok()
            .filter(|text| guid::is_guid(text))
            .map(|text| text.to_ascii_lowercase())
            .ok_or_else(|| self.odd(field))
    }

    pub(crate) fn flag(&self, field: &str) -> Result<bool, Gap> {
        self.value
            .get(field)
            .and_then(Value::as_bool)
            .ok_or_else(|| self.odd(field))
    }

    pub(crate) fn date(&self, field: &str) -> Result<DateTime<Utc>, Gap> {
        self.text(field)
            .ok()
            .and_then(|text| DateTime::parse_from_rfc3339(&text).ok())
            .map(|date| date.with_timezone(&Utc))
            .ok_or_else(|| self.odd(field))
    }

    pub(crate) fn list(&self, field: &str) -> Result<&'a [Value], Gap> {
        self.value
            .get(field)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .ok_or_else(|| self.odd(field))
    }

    /// A list of nothing but texts.
    pub(crate) fn texts(&self, field: &str) -> Result<Vec<String>, Gap> {
        let text = |item: &Value| item.as_str().map(str::to_owned);
        let texts: Option<_> = self.list(field)?.iter().map(text).collect();
        texts.ok_or_else(|| self.odd(field))
    }
}

/// Whether a name can stand in a path or filter as it is.
pub(crate) fn is_word(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Each row by `read`; one that cannot be read cuts the list short.
pub(crate) fn read_rows<T>(
    list: Listing<Value>,
    read: impl Fn(&Value) -> Result<T, Gap>,
) -> Listing<T> {
    let mut items = Vec::new();
    let mut gap = list.gap;
    for row in &list.items {
        match read(row) {
            Ok(item) => items.push(item),
            Err(odd) => gap = gap.or(Some(odd)),
        }
    }
    Listing { items, gap }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_or_odd_is_said_and_never_guessed() {
        let value = json!({"id": "5B7A2F0E-2D35-4A55-8A64-0D3A51C60001", "on": "true", "end": "soon", "n": null});
        let fields = Fields::new(&value, "the thing");
        assert_eq!(
            fields.guid("id").as_deref(),
            Ok("5b7a2f0e-2d35-4a55-8a64-0d3a51c60001")
        );
        assert_eq!(
            fields.flag("on").expect_err("text is no flag").seen,
            "the thing: the field on has an unexpected form"
        );
        assert_eq!(
            fields.text("n").expect_err("null").seen,
            "the thing: the field n is null"
        );
        assert_eq!(fields.list("m").expect_err("none").kind, GapKind::Malformed);
        assert!(fields.date("end").is_err());
    }
}
