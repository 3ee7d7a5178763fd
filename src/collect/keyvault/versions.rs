//! The versions of one entry, and what is left of a deleted one: metadata, never a value.

use azure_core::http::Response;
use azure_security_keyvault_secrets::SecretClient;
use azure_security_keyvault_secrets::models::{DeletedSecret, SecretProperties};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::api::VaultReader;
use super::attributes;
use super::error::{VaultError, read_error};
use super::grants::Right;
use super::place::Place;
use crate::evidence::{DeletedEntry, EntryVersion};
use crate::model::{Listing, Observed, Presence};
use crate::reference::codes::Class;

impl VaultReader {
    /// Every version of one secret, newest first (Key Vault REST `GET /secrets/NAME/versions`, pages of
    /// 25).
    pub(crate) async fn versions(&self, name: &str) -> Listing<EntryVersion> {
        let call = format!("the list of versions of secret {name} in {}", self.host);
        let pager = |client: &SecretClient| client.list_secret_properties_versions(name, None);
        let place = self.place("secrets", Some(name));
        let line = |properties: &SecretProperties| attributes::version(place, properties);
        let mut versions = self.pages(&call, pager, line).await;
        versions.items.sort_by(newest_first);
        versions
    }

    /// What is left of a deleted secret (Key Vault REST `GET /deletedsecrets/NAME`).
    pub(crate) async fn deleted(&self, name: &str) -> Observed<Presence<DeletedEntry>> {
        let call = format!("the read of deleted secret {name} in {}", self.host);
        match self.ask_deleted(name, &call).await {
            Ok(entry) => Observed::Known(Presence::Present(entry)),
            Err(error) if error.class() == Some((404, Class::NotFound)) => {
                Observed::Known(Presence::Absent)
            }
            Err(error) => Observed::Unknown(self.in_words(&call, Right::ReadDeleted, &error).await),
        }
    }

    async fn ask_deleted(&self, name: &str, call: &str) -> Result<DeletedEntry, VaultError> {
        let client = self.secrets.as_ref().map_err(VaultError::of)?;
        let read = async { Ok(client.get_deleted_secret(name, None).await) };
        let response: Response<DeletedSecret> = match self.wire.in_time(call, read).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(read_error(&error, call)),
            Err(gap) => return Err(VaultError::Gap(gap)),
        };
        deleted(
            self.place("deletedsecrets", Some(name)),
            response.body().as_ref(),
        )
        .ok_or_else(|| VaultError::odd(call, "a body that is not a deleted secret"))
    }
}

/// Without a date of its making a version stands last.
fn newest_first(left: &EntryVersion, right: &EntryVersion) -> std::cmp::Ordering {
    right
        .created
        .cmp(&left.created)
        .then_with(|| left.version.cmp(&right.version))
}

/// Takes the two dates and nothing else out of the answer. `None` where it is not this deleted secret: its
/// `recoveryId` says so, which a living one has not.
fn deleted(place: Place<'_>, body: &[u8]) -> Option<DeletedEntry> {
    let body: Value = serde_json::from_slice(body).ok()?;
    place.named(body.get("recoveryId")?.as_str()?)?;
    let date = |field: &str| -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(body.get(field)?.as_i64()?, 0)
    };
    Some(DeletedEntry {
        deleted: date("deletedDate"),
        scheduled_purge: date("scheduledPurgeDate"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(name: &str, created: Option<i64>) -> EntryVersion {
        EntryVersion {
            version: name.into(),
            enabled: true,
            not_before: None,
            expires: None,
            created: created.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        }
    }

    #[test]
    fn versions_stand_newest_first_whatever_order_the_vault_lists_them_in() {
        let mut versions = [
            version("c", None),
            version("a", Some(10)),
            version("d", Some(20)),
            version("b", Some(20)),
        ];
        versions.sort_by(newest_first);
        let names: Vec<&str> = versions.iter().map(|one| one.version.as_str()).collect();
        assert_eq!(names, ["b", "d", "a", "c"]);
    }

    #[test]
    fn of_a_deleted_secret_only_the_dates_are_taken() {
        let place = Place {
            host: "kv.vault.azure.net",
            collection: "deletedsecrets",
            name: Some("raia"),
        };
        let body = |id: &str| {
            format!(
                r#"{{"recoveryId":"https://kv.vault.azure.net/{id}","deletedDate":1741668435,"scheduledPurgeDate":"soon"}}"#
            )
        };
        let entry = deleted(place, body("deletedsecrets/raia").as_bytes()).expect("deleted");
        assert_eq!(
            entry.deleted.map(|date| date.timestamp()),
            Some(1_741_668_435)
        );
        assert_eq!(entry.scheduled_purge, None);
        for other in [
            "",
            "[]",
            r#"{"value":"canary"}"#,
            r#"{"recoveryId":null}"#,
            r#"{"deletedDate":1741668435}"#,
            &body("deletedsecrets/other"),
            &body("secrets/raia"),
        ] {
            assert_eq!(deleted(place, other.as_bytes()), None, "{other}");
        }
    }
}
