//! The part of OData that the services share: `$filter`, `$select`, and the splitting of `$expand`.

mod filter;

use serde_json::{Map, Value};

pub(super) use filter::Filter;

/// Keeps the fields named by `$select`, and annotations. Without `$select`, everything.
pub(super) fn selected(row: &Value, select: Option<&str>) -> Value {
    let Some(select) = select.filter(|select| *select != "*") else {
        return row.clone();
    };
    let wanted: Vec<&str> = select.split(',').map(str::trim).collect();
    let keep = |key: &str| key.starts_with('@') || wanted.contains(&key);
    let fields: Map<String, Value> = row
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| keep(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Value::Object(fields)
}

/// The fields a `$select` names.
pub(super) fn fields(select: Option<&str>) -> impl Iterator<Item = &str> {
    let select = select.filter(|select| *select != "*").unwrap_or_default();
    select
        .split(',')
        .map(str::trim)
        .filter(|field| !field.is_empty())
}

/// The first `$option` that is not among `known`. Ignoring it would give a wrong answer.
pub(super) fn unknown_option<'a>(query: &'a [(String, String)], known: &[&str]) -> Option<&'a str> {
    query
        .iter()
        .map(|(key, _)| key.as_str())
        .filter(|key| key.starts_with('$'))
        .find(|key| !known.iter().any(|known| known.eq_ignore_ascii_case(key)))
}

/// One navigation of `$expand`, with the options in its brackets.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expand<'a> {
    pub name: &'a str,
    pub select: Option<&'a str>,
    pub expand: Option<&'a str>,
}

/// Splits `a($select=x,y),b($select=z;$expand=c)`.
pub(super) fn expands(text: &str) -> Vec<Expand<'_>> {
    outside_brackets(text, ',')
        .into_iter()
        .map(|part| {
            let (name, options) = part.split_once('(').unwrap_or((part, ""));
            let options = options.strip_suffix(')').unwrap_or(options);
            let option = |key: &str| {
                outside_brackets(options, ';')
                    .into_iter()
                    .filter_map(|option| option.trim().split_once('='))
                    .find(|(name, _)| *name == key)
                    .map(|(_, value)| value)
            };
            Expand {
                name: name.trim(),
                select: option("$select"),
                expand: option("$expand"),
            }
        })
        .collect()
}

/// Splits at `separator` where no bracket is open.
fn outside_brackets(text: &str, separator: char) -> Vec<&str> {
    let mut depth = 0_usize;
    text.split(|letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && letter == separator
    })
    .filter(|part| !part.trim().is_empty())
    .collect()
}

/// The key in `name(key)` or `name(appId='key')`: the name, the key's own name if any, and its value.
pub(super) fn keyed(segment: &str) -> Option<(&str, Option<&str>, &str)> {
    let (name, rest) = segment.split_once('(')?;
    let key = rest.strip_suffix(')')?;
    let (field, value) = match key.split_once('=') {
        Some((field, value)) => (Some(field.trim()), value.trim()),
        None => (None, key.trim()),
    };
    Some((name, field, value.trim_matches('\'')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expands_nest() {
        let parts = expands(
            "businessunitid($select=name,parent),teams($select=a;$expand=roles($select=b,c))",
        );
        assert_eq!(
            parts[0],
            Expand {
                name: "businessunitid",
                select: Some("name,parent"),
                expand: None
            }
        );
        assert_eq!(
            parts[1],
            Expand {
                name: "teams",
                select: Some("a"),
                expand: Some("roles($select=b,c)")
            }
        );
    }

    #[test]
    fn keys_come_bare_or_named() {
        assert_eq!(
            keyed("applications(appId='x')"),
            Some(("applications", Some("appId"), "x"))
        );
        assert_eq!(
            keyed("systemusers(1-2)"),
            Some(("systemusers", None, "1-2"))
        );
        assert_eq!(keyed("systemusers"), None);
    }
}
