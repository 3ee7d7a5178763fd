//! What may and what must not be done, by operation, with names of tables or collections.

use crate::estate::{Expectations, Permission};
use crate::model::Operation;
use crate::source::{Table, Value};

use super::text;

/// How the things of a service are named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// Dataverse tables: `contact`, `new_budget`.
    LogicalName,
    /// Finance & Operations collections: `CustomersV3`.
    Collection,
}

/// A named thing and the line it stands on.
type Standing = (Operation, String, usize);

/// Reads `allow` and `deny`. The same name under the same operation in both is a problem.
pub(super) fn pair(
    table: &Table<'_>,
    naming: Naming,
) -> (Option<Expectations>, Option<Expectations>) {
    let mut allowed: Vec<Standing> = Vec::new();
    let allow = side(table, "allow", naming, |operation, name, value| {
        allowed.push((
            operation,
            name.to_owned(),
            value.sheet().line(value.span().start),
        ));
    });
    let deny = side(table, "deny", naming, |operation, name, value| {
        let both = allowed
            .iter()
            .find(|(other, allowed, _)| *other == operation && allowed == name);
        if let Some((_, _, line)) = both {
            value.refuse(
                format!("`{name}` is both allowed and denied for {operation}"),
                &format!("allowed on line {line}"),
                "keep one of the two",
            );
        }
    });
    (allow, deny)
}

fn side(
    table: &Table<'_>,
    key: &'static str,
    naming: Naming,
    mut each: impl FnMut(Operation, &str, &Value<'_>),
) -> Option<Expectations> {
    let Some(value) = table.get(key) else {
        return Some(Expectations::default());
    };
    let inner = value.table(format!("`{key}`"))?;
    let mut found = Expectations::default();
    let mut complete = true;
    for operation in Operation::ALL {
        let Some(list) = inner.get(operation.as_str()) else {
            continue;
        };
        let names = if naming == Naming::Collection && operation != Operation::Read {
            list.reject(
                format!("`{key}.{operation}` of Finance & Operations cannot be checked: only a real write would \
                         show it, and the audit never writes"),
                "no check reads it",
                "take it out: what is declared here and never checked would look like a pass. `read` is proven",
            )
        } else {
            let members = list.raw().as_array().and_then(|_| list.list());
            for member in members.unwrap_or_default() {
                if let Some(name) = member.raw().as_str() {
                    each(operation, name, &member);
                }
            }
            text::each(&list, |member| thing(member, naming))
        };
        match names {
            Some(names) => *found.of_mut(operation) = names,
            None => complete = false,
        }
    }
    inner.close();
    complete.then_some(found)
}

/// An application permission: `Dynamics ERP/Connector.FullAccess`.
pub(super) fn permission(value: &Value<'_>) -> Option<Permission> {
    let text = value.filled()?;
    let parts = text
        .rsplit_once('/')
        .map(|(resource, role)| (resource.trim(), role.trim()));
    match parts {
        Some((resource, role)) if !resource.is_empty() && !role.is_empty() => Some(Permission {
            resource: resource.to_owned(),
            role: role.to_owned(),
        }),
        _ => value.reject(
            format!("{} names no application permission", value.quote()),
            "no resource before it",
            "write the API's name, a slash and the permission: `Dynamics ERP/Connector.FullAccess`",
        ),
    }
}

/// `read-only = true` beside an allowed change contradicts itself.
pub(super) fn against_read_only(value: &Value<'_>, allow: &Expectations) {
    let changes = [Operation::Create, Operation::Write, Operation::Delete];
    let first = changes
        .iter()
        .find_map(|operation| Some((operation, allow.of(*operation).first()?)));
    if let Some((operation, table)) = first {
        value.refuse(
            format!("the registration is read-only, yet `allow` lets it {operation} `{table}`"),
            "contradicts `allow`",
            "take one of the two out",
        );
    }
}

/// A global option set's name.
pub(super) fn option_set(value: &Value<'_>) -> Option<String> {
    let text = value.text()?;
    if is_word(text) {
        return Some(text.to_owned());
    }
    value.reject(
        format!("`{}` names no option set", value.key()),
        "not an option set's name",
        "write the global option set's name: letters, digits and underscores, `budgetstatus`",
    )
}

fn is_word(text: &str) -> bool {
    text.len() <= 128
        && text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn thing(value: &Value<'_>, naming: Naming) -> Option<String> {
    let text = value.text()?;
    let word = is_word(text);
    let capitals = text.bytes().any(|byte| byte.is_ascii_uppercase());
    match naming {
        Naming::LogicalName if word && capitals => {
            let lower = text.to_ascii_lowercase();
            value.reject(
                format!("{} is not a logical name: those are lower case", value.quote()),
                &format!("write `{lower}`"),
                "the logical name is `contact`, not the schema name `Contact` nor the set `contacts`",
            )
        }
        _ if word => Some(text.to_owned()),
        Naming::LogicalName => value.reject(
            format!("`{}` names no table by its logical name", value.key()),
            "not a logical name",
            "logical names are lower-case letters, digits and underscores: `contact`, `new_budget`",
        ),
        Naming::Collection => value.reject(
            format!("`{}` names no collection", value.key()),
            "not a collection's name",
            "write the public collection name as in /data: `CustomersV3`",
        ),
    }
}
