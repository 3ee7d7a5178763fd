//! Secrets: lists without values, and single versions with them.

use serde_json::{Value, json};

use super::Desk;
use super::refusals::{by_role, inner, not_found, without_nulls};
use crate::sim::names;
use crate::sim::scenario::{Shape, VaultRole, VaultSecret};
use crate::sim::wire::Answer;

/// One version of a secret.
struct Version<'a> {
    id: String,
    holds: Option<&'a String>,
    current: bool,
    enabled: bool,
    expires_in_days: Option<i64>,
    created_days_ago: i64,
}

const MAY_LIST: &[VaultRole] = &[VaultRole::Reader, VaultRole::SecretsUser];
const MAY_GET: &[VaultRole] = &[VaultRole::SecretsUser, VaultRole::SecretsGet];

/// `GET /secrets`
pub(super) fn list(desk: &Desk<'_>) -> Result<Answer, Answer> {
    if !desk.holds(MAY_LIST) {
        return Err(by_role(desk, "secrets/readMetadata/action", "list", ""));
    }
    let mut secrets: Vec<&VaultSecret> = desk.vault.secrets.iter().collect();
    secrets.sort_by(|left, right| left.name.cmp(&right.name));
    let rows: Vec<Value> = secrets
        .into_iter()
        .filter_map(|secret| {
            let version = versions_of(secret).into_iter().next()?;
            let id = desk.id(&format!("secrets/{}", secret.name));
            Some(properties(desk, secret, &version, &id))
        })
        .collect();
    desk.page(&rows)
}

/// `GET /secrets/{name}/versions`
pub(super) fn versions(desk: &Desk<'_>, name: &str) -> Result<Answer, Answer> {
    if !desk.holds(MAY_LIST) {
        let object = format!("/secrets/{name}");
        return Err(by_role(
            desk,
            "secrets/readMetadata/action",
            "list",
            &object,
        ));
    }
    let secret = named(desk, name).ok_or_else(|| not_found("secrets", name))?;
    let rows: Vec<Value> = versions_of(secret)
        .iter()
        .map(|version| {
            let id = desk.id(&format!("secrets/{}/{}", secret.name, version.id));
            properties(desk, secret, version, &id)
        })
        .collect();
    desk.page(&rows)
}

/// `GET /secrets/{name}` and `GET /secrets/{name}/{version}`
pub(super) fn get(desk: &Desk<'_>, name: &str, version: Option<&str>) -> Result<Answer, Answer> {
    if !desk.holds(MAY_GET) {
        let object = format!("/secrets/{name}");
        return Err(by_role(desk, "secrets/getSecret/action", "get", &object));
    }
    let secret = named(desk, name).ok_or_else(|| not_found("secrets", name))?;
    let version = versions_of(secret)
        .into_iter()
        .find(|known| version.map_or(known.current, |wanted| known.id == wanted))
        .ok_or_else(|| not_found("secrets", name))?;
    if !version.enabled {
        let text = "Operation get is not allowed on a disabled secret.";
        return Err(inner(403, "Forbidden", "SecretDisabled", text));
    }
    let id = desk.id(&format!("secrets/{}/{}", secret.name, version.id));
    let mut body = properties(desk, secret, &version, &id);
    body["value"] = value(desk, secret, &version).into();
    Ok(Answer::json(200, &body))
}

fn named<'a>(desk: &Desk<'a>, name: &str) -> Option<&'a VaultSecret> {
    desk.vault
        .secrets
        .iter()
        .find(|secret| secret.name.eq_ignore_ascii_case(name))
}

/// Newest first.
fn versions_of(secret: &VaultSecret) -> Vec<Version<'_>> {
    let current = Version {
        id: names::version(&format!("{}/current", secret.name)),
        holds: secret.holds.as_ref(),
        current: true,
        enabled: secret.enabled,
        expires_in_days: secret.expires_in_days,
        created_days_ago: secret.created_days_ago,
    };
    let older = secret
        .older
        .iter()
        .enumerate()
        .map(|(number, older)| Version {
            id: names::version(&format!("{}/{number}", secret.name)),
            holds: older.holds.as_ref(),
            current: false,
            enabled: older.enabled,
            expires_in_days: older.expires_in_days,
            created_days_ago: older.created_days_ago,
        });
    std::iter::once(current).chain(older).collect()
}

fn properties(desk: &Desk<'_>, secret: &VaultSecret, version: &Version<'_>, id: &str) -> Value {
    let seconds = |days: i64| desk.world.day(days).timestamp();
    let created = seconds(-version.created_days_ago);
    let not_before = secret.not_before_in_days.filter(|_| version.current);
    let attributes = without_nulls(json!({
        "enabled": version.enabled,
        "nbf": not_before.map(seconds),
        "exp": version.expires_in_days.map(seconds),
        "created": created,
        "updated": created,
        "recoveryLevel": desk.recovery_level(),
        "recoverableDays": 90,
    }));
    without_nulls(json!({
        "id": id,
        "attributes": attributes,
        "tags": secret.tags,
        "contentType": secret.content_type,
    }))
}

/// What is stored, in the shape the scenario gives it.
fn value(desk: &Desk<'_>, secret: &VaultSecret, version: &Version<'_>) -> String {
    let plain = match version.holds {
        Some(label) => names::secret(label),
        None => secret.text.clone().unwrap_or_default(),
    };
    if !version.current {
        return plain;
    }
    match secret.shape {
        Shape::Plain => plain,
        Shape::TrailingNewline => format!("{plain}\n"),
        Shape::LeadingSpace => format!(" {plain}"),
        Shape::Empty => String::new(),
        Shape::CredentialId => version
            .holds
            .map_or(plain, |label| names::guid("credential", label)),
        Shape::Json => {
            let owner = version.holds.and_then(|label| {
                let applications = &desk.world.scenario.applications;
                applications
                    .iter()
                    .find(|known| known.secrets.iter().any(|own| &own.label == label))
            });
            let client_id = owner.map(|known| known.client_id.clone());
            json!({ "clientId": client_id, "clientSecret": plain }).to_string()
        }
        Shape::JsonWithoutField => json!({ "secret": plain }).to_string(),
        Shape::Huge => plain.chars().cycle().take(25 * 1024).collect(),
    }
}
