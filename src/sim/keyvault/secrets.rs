//! Secrets: lists without values, single versions with them, and what is left of deleted ones.

use serde_json::{Value, json};

use super::entries::{self, named, properties};
use super::refusals::{by_role, inner, not_found, without_nulls};
use super::values::value;
use super::{Desk, MAY_GET_SECRETS, MAY_LIST_SECRETS};
use crate::sim::scenario::{DeletedSecret, VaultRole};
use crate::sim::wire::Answer;

/// `GET /secrets`
pub(super) fn list(desk: &Desk<'_>) -> Result<Answer, Answer> {
    check_list(desk, "")?;
    let rows: Vec<Value> = entries::all(desk)
        .iter()
        .filter_map(|entry| {
            let current = entry.versions.iter().find(|version| version.current)?;
            let id = desk.id(&format!("secrets/{}", entry.name));
            let mut row = properties(desk, entry, current, &id);
            // A list names no version, and so no key.
            row.as_object_mut()?.remove("kid");
            Some(row)
        })
        .collect();
    desk.page(&rows)
}

/// `GET /secrets/{name}/versions`, in an order of its own: the service promises none.
pub(super) fn versions(desk: &Desk<'_>, name: &str) -> Result<Answer, Answer> {
    check_list(desk, &format!("/secrets/{name}"))?;
    let mut entry = named(desk, name).ok_or_else(|| not_found("secrets", name))?;
    entry.versions.sort_by(|left, right| left.id.cmp(&right.id));
    let rows: Vec<Value> = entry
        .versions
        .iter()
        .map(|version| {
            let id = desk.id(&format!("secrets/{}/{}", entry.name, version.id));
            properties(desk, &entry, version, &id)
        })
        .collect();
    desk.page(&rows)
}

/// `GET /secrets/{name}` and `GET /secrets/{name}/{version}`
pub(super) fn get(desk: &Desk<'_>, name: &str, version: Option<&str>) -> Result<Answer, Answer> {
    if !desk.holds(MAY_GET_SECRETS) {
        let object = format!("/secrets/{name}");
        return Err(by_role(desk, "secrets/getSecret/action", "get", &object));
    }
    let entry = named(desk, name).ok_or_else(|| not_found("secrets", name))?;
    let version = entry
        .versions
        .iter()
        .find(|known| version.map_or(known.current, |wanted| known.id == wanted))
        .ok_or_else(|| not_found("secrets", name))?;
    if !version.enabled {
        let text = "Operation get is not allowed on a disabled secret.";
        return Err(inner(403, "Forbidden", "SecretDisabled", text));
    }
    let id = desk.id(&format!("secrets/{}/{}", entry.name, version.id));
    let mut body = properties(desk, &entry, version, &id);
    let value = value(desk, version)
        .ok_or_else(|| Answer::text(500, "the simulator could not make a certificate"))?;
    body["value"] = value.into();
    Ok(Answer::json(200, &body))
}

/// `GET /deletedsecrets`. That the roles which list secrets list deleted ones is not verified.
pub(super) fn deleted(desk: &Desk<'_>) -> Result<Answer, Answer> {
    check_list(desk, "")?;
    let rows: Vec<Value> = desk
        .vault
        .deleted
        .iter()
        .map(|known| remains(desk, known))
        .collect();
    desk.page(&rows)
}

/// `GET /deletedsecrets/{name}`. An access policy needs "get" for it, a role what it needs to list.
pub(super) fn deleted_named(desk: &Desk<'_>, name: &str) -> Result<Answer, Answer> {
    if !desk.holds(MAY_LIST_SECRETS) && !desk.holds(&[VaultRole::SecretsGet]) {
        check_list(desk, &format!("/deletedsecrets/{name}"))?;
    }
    let mut deleted = desk.vault.deleted.iter();
    let known = deleted
        .find(|known| known.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| not_found("secrets", name))?;
    Ok(Answer::json(200, &remains(desk, known)))
}

fn check_list(desk: &Desk<'_>, object: &str) -> Result<(), Answer> {
    if desk.holds(MAY_LIST_SECRETS) {
        return Ok(());
    }
    let action = "secrets/readMetadata/action";
    Err(by_role(desk, action, "list", object))
}

fn remains(desk: &Desk<'_>, known: &DeletedSecret) -> Value {
    let seconds = |days: i64| desk.world.day(days).timestamp();
    let deleted = -known.deleted_days_ago;
    let created = seconds(deleted - 30);
    let attributes = without_nulls(json!({
        "enabled": true,
        "exp": known.expires_in_days.map(seconds),
        "created": created,
        "updated": created,
        "recoveryLevel": desk.recovery_level(),
        "recoverableDays": 90,
    }));
    without_nulls(json!({
        "recoveryId": desk.id(&format!("deletedsecrets/{}", known.name)),
        "deletedDate": seconds(deleted),
        "scheduledPurgeDate": seconds(known.purge_in_days.unwrap_or(deleted + 90)),
        "id": desk.id(&format!("secrets/{}", known.name)),
        "attributes": attributes,
        "tags": known.tags,
        "contentType": known.content_type,
    }))
}
