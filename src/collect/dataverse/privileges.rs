//! From metadata and Dataverse's privilege functions to privileges: a word that is not known is a gap.

use serde_json::Value;

use crate::collect::fields::{Fields, is_word};
use crate::collect::http::Answer;
use crate::collect::shape;
use crate::evidence::{Depth, TablePrivilege};
use crate::model::{Gap, Listing, Operation};

/// A table's privileges, sorted (`EntityMetadata.Privileges`, SecurityPrivilegeMetadata).
pub(super) fn of_table(row: &Value) -> Result<Vec<TablePrivilege>, Gap> {
    let table = row.get("LogicalName").and_then(Value::as_str);
    let what = match table.filter(|name| is_word(name)) {
        Some(name) => format!("the metadata of table {name}"),
        None => "a table's metadata".to_owned(),
    };
    let mut privileges = Vec::new();
    for row in Fields::new(row, &what).list("Privileges")? {
        let what = format!("{what}: a privilege");
        let fields = Fields::new(row, &what);
        // PrivilegeType EnumType of the Web API.
        let operation = match fields.text("PrivilegeType")?.as_str() {
            "Read" => Operation::Read,
            "Create" => Operation::Create,
            "Write" => Operation::Write,
            "Delete" => Operation::Delete,
            "Append" => Operation::Append,
            "AppendTo" => Operation::AppendTo,
            "Assign" | "Share" | "None" => continue,
            _ => return Err(fields.odd("PrivilegeType")),
        };
        // The name later stands in a url.
        let name = fields.text("Name").ok().filter(|name| is_word(name));
        privileges.push(TablePrivilege {
            operation,
            name: name.ok_or_else(|| fields.odd("Name"))?,
            by_unit: fields.flag("CanBeLocal")?,
        });
    }
    privileges.sort();
    privileges.dedup();
    Ok(privileges)
}

/// One row of `RolePrivileges` (RolePrivilege ComplexType).
pub(super) struct Row {
    /// GUID, lower case: the oldest of its fields.
    pub(super) id: Result<String, Gap>,
    /// Later servers say the name, too.
    pub(super) name: Result<String, Gap>,
    pub(super) depth: Depth,
}

/// The rows that one of the privilege functions answered; a row of a depth that is not known is left out
/// and cuts the list short.
///
/// # Errors
/// Malformed, where the answer holds no list.
pub(super) fn rows(call: &str, answer: &Answer, function: &str) -> Result<Listing<Row>, Gap> {
    let body = shape::object(call, answer, &[&format!("{function}Response")])?;
    let list = body.get("RolePrivileges").and_then(Value::as_array);
    let Some(list) = list else {
        return Err(answer.malformed(call, "which holds no list named RolePrivileges"));
    };
    let mut gap = None;
    let mut items = Vec::new();
    for row in list {
        let what = format!("{call}: a privilege");
        let fields = Fields::new(row, &what);
        match depth(&fields) {
            Ok(depth) => items.push(Row {
                id: fields.guid("PrivilegeId"),
                name: fields.text("PrivilegeName"),
                depth,
            }),
            Err(odd) => gap = gap.or(Some(odd)),
        }
    }
    Ok(Listing { items, gap })
}

/// PrivilegeDepth EnumType. `RecordFilter` is one of its words, too: which rows it opens is told nowhere.
fn depth(fields: &Fields<'_>) -> Result<Depth, Gap> {
    match fields.text("Depth")?.as_str() {
        "Basic" => Ok(Depth::User),
        "Local" => Ok(Depth::BusinessUnit),
        "Deep" => Ok(Depth::ParentAndChild),
        "Global" => Ok(Depth::Organization),
        _ => Err(fields.odd("Depth")),
    }
}
