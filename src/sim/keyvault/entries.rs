//! Everything that stands under `/secrets`: what people put there, and the secrets that belong to
//! certificates.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Desk;
use super::refusals::without_nulls;
use crate::sim::names;
use crate::sim::scenario::{VaultCertificate, VaultSecret};

/// A secret with its versions.
pub(super) struct Entry<'a> {
    pub name: &'a str,
    content_type: Option<&'a str>,
    tags: &'a BTreeMap<String, String>,
    /// It belongs to a certificate, as does a key of the same name.
    managed: bool,
    pub versions: Vec<Version<'a>>,
}

/// One version of a secret. Moments in Unix seconds.
pub(super) struct Version<'a> {
    pub id: String,
    pub content: Content<'a>,
    pub current: bool,
    pub enabled: bool,
    not_before: Option<i64>,
    expires: Option<i64>,
    created: i64,
}

/// What a version holds.
pub(super) enum Content<'a> {
    Text {
        secret: &'a VaultSecret,
        /// The label of the client secret.
        holds: Option<&'a str>,
    },
    Certificate {
        of: &'a VaultCertificate,
        label: &'a str,
    },
}

/// All of them, by name.
pub(super) fn all<'a>(desk: &Desk<'a>) -> Vec<Entry<'a>> {
    let secrets = desk.vault.secrets.iter().map(|known| plain(desk, known));
    let managed = desk
        .vault
        .certificates
        .iter()
        .filter_map(|known| of_certificate(desk, known));
    let mut entries: Vec<Entry<'a>> = secrets.chain(managed).collect();
    entries.sort_by(|left, right| left.name.cmp(right.name));
    entries
}

pub(super) fn named<'a>(desk: &Desk<'a>, name: &str) -> Option<Entry<'a>> {
    all(desk)
        .into_iter()
        .find(|entry| entry.name.eq_ignore_ascii_case(name))
}

/// How a secret is shown without its value.
pub(super) fn properties(
    desk: &Desk<'_>,
    entry: &Entry<'_>,
    version: &Version<'_>,
    id: &str,
) -> Value {
    let attributes = without_nulls(json!({
        "enabled": version.enabled,
        "nbf": version.not_before,
        "exp": version.expires,
        "created": version.created,
        "updated": version.created,
        "recoveryLevel": desk.recovery_level(),
        "recoverableDays": 90,
    }));
    without_nulls(json!({
        "id": id,
        "attributes": attributes,
        "tags": entry.tags,
        "contentType": entry.content_type,
        "managed": entry.managed.then_some(true),
        "kid": entry.managed.then(|| desk.id(&format!("keys/{}/{}", entry.name, version.id))),
    }))
}

fn plain<'a>(desk: &Desk<'a>, secret: &'a VaultSecret) -> Entry<'a> {
    let seconds = |days: i64| desk.world.day(days).timestamp();
    let content = |holds: &'a Option<String>| Content::Text {
        secret,
        holds: holds.as_deref(),
    };
    let current = Version {
        id: names::version(&format!("{}/current", secret.name)),
        content: content(&secret.holds),
        current: true,
        enabled: secret.enabled,
        not_before: secret.not_before_in_days.map(seconds),
        expires: secret.expires_in_days.map(seconds),
        created: secret.created_minutes_ago.map_or_else(
            || seconds(-secret.created_days_ago),
            |minutes| desk.world.minutes_ago(minutes).timestamp(),
        ),
    };
    let older = secret.older.iter().enumerate();
    let older = older.map(|(number, older)| Version {
        id: names::version(&format!("{}/{number}", secret.name)),
        content: content(&older.holds),
        current: false,
        enabled: older.enabled,
        not_before: None,
        expires: older.expires_in_days.map(seconds),
        created: seconds(-older.created_days_ago),
    });
    Entry {
        name: &secret.name,
        content_type: secret.content_type.as_deref(),
        tags: &secret.tags,
        managed: false,
        versions: std::iter::once(current).chain(older).collect(),
    }
}

/// Its attributes mirror those of the certificate. Without a certificate to hold there is no secret.
fn of_certificate<'a>(desk: &Desk<'a>, of: &'a VaultCertificate) -> Option<Entry<'a>> {
    of.holds.as_ref()?;
    let versions = super::certificates::versions_of(desk, of)
        .into_iter()
        .filter_map(|version| {
            let label = version.holds?;
            Some(Version {
                id: version.id,
                content: Content::Certificate { of, label },
                current: version.current,
                enabled: version.enabled,
                not_before: Some(version.created),
                expires: Some(version.expires),
                created: version.created,
            })
        });
    Some(Entry {
        name: &of.name,
        content_type: Some(of.content_type.as_str()),
        tags: &of.tags,
        managed: true,
        versions: versions.collect(),
    })
}
