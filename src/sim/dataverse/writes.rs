//! PATCH, DELETE and POST: judged as Dataverse judges them, noted, and never kept.
//!
//! Nothing that is written can be read back: the rows are made up at each request. What a write would have
//! done stands in the list of changes, for a test to find.

use axum::http::Method;
use serde_json::Value;

use super::{Desk, matches_key, privileges, refusals, rows};
use crate::model::guid::is_guid;
use crate::sim::catalogue::Table;
use crate::sim::names::guid;
use crate::sim::odata::keyed;
use crate::sim::wire::Answer;
use crate::sim::world::{Change, ChangeKind};

/// What every row shows as its version.
const ETAG: &str = "W/\"4521873\"";

pub(super) fn answer(desk: &Desk<'_>, path: &[&str]) -> Result<Answer, Answer> {
    let call = desk.call;
    if desk.environment.honours_every_write {
        let (kind, status) = match call.method {
            Method::DELETE => (ChangeKind::Deleted, 204),
            Method::POST => (ChangeKind::Created, 204),
            _ => (ChangeKind::Updated, 204),
        };
        note(desk, kind);
        return Ok(Answer::text(status, ""));
    }
    let not_here = || {
        let text = "The requested resource does not support this method.";
        refusals::error(405, "0x80060888", text)
    };
    let [row] = path else {
        return Err(not_here());
    };
    let set = row.split('(').next().unwrap_or(row);
    let table = desk
        .environment
        .table_of_set(set)
        .ok_or_else(|| refusals::no_segment(set))?;
    match (&call.method, keyed(row)) {
        (&Method::POST, None) => {
            body(desk, &table)?;
            privileges::check(desk, "Create", &table)?;
            let id = guid("created", &format!("{}/{}", call.host, call.path));
            Ok(done(desk, &table, &id, ChangeKind::Created))
        }
        (&Method::PATCH, Some((_, field, key))) => {
            body(desk, &table)?;
            update(desk, &table, field, key)
        }
        (&Method::DELETE, Some((_, field, key))) => {
            let exists = exists(desk, &table, field, key)?;
            judge(desk, "Delete", &table, key, exists)?;
            unless_changed(desk, exists)?;
            Ok(done(desk, &table, key, ChangeKind::Deleted))
        }
        _ => Err(not_here()),
    }
}

/// An update, or, where nothing forbids it, the making of the row (an upsert).
fn update(
    desk: &Desk<'_>,
    table: &Table,
    field: Option<&str>,
    key: &str,
) -> Result<Answer, Answer> {
    let exists = exists(desk, table, field, key)?;
    if desk.call.header("if-none-match") == Some("*") && exists {
        return Err(changed("A record with matching key values already exists."));
    }
    if exists || desk.call.header("if-match").is_some() {
        judge(desk, "Write", table, key, exists)?;
        unless_changed(desk, exists)?;
        return Ok(done(desk, table, key, ChangeKind::Updated));
    }
    privileges::check(desk, "Create", table)?;
    Ok(done(desk, table, key, ChangeKind::Created))
}

/// Privilege and existence, in the order that the scenario says.
fn judge(
    desk: &Desk<'_>,
    operation: &str,
    table: &Table,
    key: &str,
    exists: bool,
) -> Result<(), Answer> {
    let absent = || {
        if exists {
            Ok(())
        } else {
            Err(refusals::no_record(desk.environment, table, key))
        }
    };
    if desk.environment.privilege_before_existence {
        privileges::check(desk, operation, table)?;
        absent()
    } else {
        absent()?;
        privileges::check(desk, operation, table)
    }
}

/// 412 where `If-Match` names another version.
fn unless_changed(desk: &Desk<'_>, exists: bool) -> Result<(), Answer> {
    match desk.call.header("if-match") {
        Some(tag) if exists && tag != "*" && tag != ETAG => Err(changed(
            "The version of the existing record doesn't match the RowVersion property provided.",
        )),
        _ => Ok(()),
    }
}

fn changed(text: &str) -> Answer {
    refusals::error(412, "0x80060882", text)
}

fn exists(desk: &Desk<'_>, table: &Table, field: Option<&str>, key: &str) -> Result<bool, Answer> {
    if field.is_none() && !is_guid(key) {
        return Err(refusals::bad_query(
            "Bad Request - Error in query syntax: the key is no Edm.Guid.",
        ));
    }
    let field = field.unwrap_or(&table.id_field);
    Ok(rows::of_table(desk, table)
        .iter()
        .any(|row| matches_key(row, field, key)))
}

/// The body is read before anything is judged.
fn body(desk: &Desk<'_>, table: &Table) -> Result<(), Answer> {
    let object =
        serde_json::from_slice::<Value>(&desk.call.body).is_ok_and(|body| body.is_object());
    let json = desk
        .call
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/json"));
    if object && json {
        return Ok(());
    }
    let text = format!(
        "Error identified in Payload provided by the user for Entity :'{}'",
        table.set
    );
    Err(refusals::error(400, "0x80048d19", &text))
}

fn note(desk: &Desk<'_>, kind: ChangeKind) {
    desk.world.change(Change {
        host: desk.call.host.clone(),
        path: desk.call.path.clone(),
        kind,
        client_id: desk.client_id.clone(),
    });
}

fn done(desk: &Desk<'_>, table: &Table, key: &str, kind: ChangeKind) -> Answer {
    note(desk, kind);
    if kind == ChangeKind::Deleted {
        return Answer::text(204, "");
    }
    let wanted = desk.call.header("prefer").unwrap_or_default();
    let uri = format!(
        "https://{}/api/data/v9.2/{}({key})",
        desk.call.host, table.set
    );
    if wanted.contains("return=representation") {
        let status = if kind == ChangeKind::Created {
            201
        } else {
            200
        };
        let mut row = serde_json::json!({ "@odata.etag": ETAG });
        row[&table.id_field] = key.into();
        return Answer::json(status, &row).with("odata-entityid", uri);
    }
    Answer::text(204, "").with("odata-entityid", uri)
}
