//! JSON around a credential: its fields' names, and one of them by a dotted path.

use secrecy::SecretString;
use serde_json::Value;
use zeroize::Zeroize;

use super::fields::{Beside, Names};
use crate::evidence::{EntryProblem, Inside, PathSegment, WrapperForm};

/// The longest path that is looked for, in names.
const DEEPEST: usize = 16;

/// A JSON object or list. Its texts are overwritten when it is dropped, for any of them may be a secret.
pub(super) struct Json(Value);

impl Drop for Json {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(object) => object.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Json {
    /// `None` where the text is neither.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.starts_with(['{', '[']) {
            return None;
        }
        serde_json::from_str(text).ok().map(Self)
    }

    /// The names of everything that is not an object or a list itself.
    pub(super) fn names(&self) -> Names {
        let mut names = Names::default();
        leaves(&self.0, "", &mut names);
        names
    }

    /// The text at this path, and what stands beside it. A name may have dots of its own; the place in a list
    /// is a number, `servers.0.secret` or `servers[0].secret`.
    ///
    /// # Errors
    /// FieldMissing, where there is no text; Empty, where it is empty.
    pub(super) fn take(&self, field: &str) -> Result<(Inside, SecretString, Beside), EntryProblem> {
        let found = find(&self.0, field, DEEPEST).ok_or(EntryProblem::FieldMissing)?;
        let Value::String(text) = found.value else {
            return Err(EntryProblem::FieldMissing);
        };
        if text.trim().is_empty() {
            return Err(EntryProblem::Empty);
        }
        let mut beside = Beside::default();
        if let Value::Object(object) = found.parent {
            for (name, value) in object {
                if let Value::String(value) = value {
                    beside.look_at(name, value);
                }
            }
        }
        let mut path = found.path;
        path.reverse();
        let inside = Inside {
            form: WrapperForm::Json,
            path,
            replaceable: true,
        };
        Ok((inside, SecretString::from(text.as_str()), beside))
    }
}

fn leaves(value: &Value, path: &str, names: &mut Names) {
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                leaves(value, &below(name), names);
            }
        }
        Value::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                leaves(value, &below(&place.to_string()), names);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => names.push(path),
    }
}

struct Found<'v> {
    value: &'v Value,
    parent: &'v Value,
    /// From the innermost name out.
    path: Vec<PathSegment>,
}

/// The whole path as one name first, then each way to split it, the longest first name before the others.
fn find<'v>(parent: &'v Value, path: &str, depth: usize) -> Option<Found<'v>> {
    let depth = depth.checked_sub(1)?;
    if let Some((value, segment)) = step(parent, path) {
        return Some(Found {
            value,
            parent,
            path: vec![segment],
        });
    }
    let splits = path.rmatch_indices(['.', '[']);
    for (place, mark) in splits {
        let (name, rest) = path.split_at_checked(place)?;
        let rest = rest.strip_prefix(mark)?;
        let Some((value, segment)) = step(parent, name) else {
            continue;
        };
        if let Some(mut found) = find(value, rest, depth) {
            found.path.push(segment);
            return Some(found);
        }
    }
    None
}

fn step<'v>(value: &'v Value, name: &str) -> Option<(&'v Value, PathSegment)> {
    match value {
        Value::Object(object) => {
            let inner = object.get(name)?;
            Some((inner, PathSegment::Name(name.to_owned())))
        }
        Value::Array(items) => {
            let digits = name.strip_suffix(']').unwrap_or(name);
            let digits = digits.strip_prefix('[').unwrap_or(digits);
            let place: u32 = digits.parse().ok()?;
            let inner = items.get(usize::try_from(place).ok()?)?;
            Some((inner, PathSegment::Index(place)))
        }
        _ => None,
    }
}
