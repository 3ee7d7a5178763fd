//! The attributes of a secret as the SDK reads them, in the words of evidence.

use std::collections::HashMap;

use azure_security_keyvault_secrets::models::{Secret, SecretAttributes, SecretProperties};
use chrono::{DateTime, Utc};

use super::place::Place;
use crate::evidence::{EntryAttributes, EntryVersion, ListedSecret};
use crate::model::guid;

/// The tag whose value is kept, where it reads like a mail address.
const OWNER: &str = "owner";

/// The tags that say whose credential an entry holds, without case and separators.
const CLIENT_ID: [&str; 8] = [
    "clientid",
    "appid",
    "applicationid",
    "azureclientid",
    "entraclientid",
    "appregistration",
    "application",
    "registration",
];

/// `None` where the line's id is that of no secret here or it does not say whether the secret is enabled.
pub(super) fn listed(place: Place<'_>, properties: &SecretProperties) -> Option<ListedSecret> {
    let id = place.named(properties.id.as_deref()?)?;
    Some(ListedSecret {
        name: id.name,
        attributes: Told {
            attributes: properties.attributes.as_ref()?,
            content_type: properties.content_type.as_deref(),
            managed: properties.managed,
            tags: properties.tags.as_ref(),
        }
        .in_words(id.version)?,
    })
}

/// `None` where the line names no version of this secret or does not say whether it is enabled.
pub(super) fn version(place: Place<'_>, properties: &SecretProperties) -> Option<EntryVersion> {
    let attributes = properties.attributes.as_ref()?;
    Some(EntryVersion {
        version: place.named(properties.id.as_deref()?)?.version?,
        enabled: attributes.enabled?,
        not_before: moment(attributes.not_before),
        expires: moment(attributes.expires),
        created: moment(attributes.created),
    })
}

/// `None` where the vault does not say whether the secret is enabled.
pub(super) fn of_secret(version: String, secret: &Secret) -> Option<EntryAttributes> {
    Told {
        attributes: secret.attributes.as_ref()?,
        content_type: secret.content_type.as_deref(),
        managed: secret.managed,
        tags: secret.tags.as_ref(),
    }
    .in_words(Some(version))
}

/// What a read and a line of the list have in common.
struct Told<'a> {
    attributes: &'a SecretAttributes,
    content_type: Option<&'a str>,
    managed: Option<bool>,
    tags: Option<&'a HashMap<String, String>>,
}

impl Told<'_> {
    fn in_words(&self, version: Option<String>) -> Option<EntryAttributes> {
        let attributes = self.attributes;
        let level = attributes.recovery_level.as_ref();
        let mut tags: Vec<(&String, &String)> = self.tags.into_iter().flatten().collect();
        tags.sort();
        Some(EntryAttributes {
            version,
            enabled: attributes.enabled?,
            not_before: moment(attributes.not_before),
            expires: moment(attributes.expires),
            created: moment(attributes.created),
            updated: moment(attributes.updated),
            content_type: self.content_type.map(str::to_owned),
            managed: self.managed.unwrap_or(false),
            recovery_level: level.map(|level| <&str>::from(level).to_owned()),
            owner: tags
                .iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case(OWNER))
                .find_map(|(_, value)| mail_address(value)),
            client_id: tags
                .iter()
                .filter(|(name, _)| names_a_client(name))
                .map(|(_, value)| value.trim().to_ascii_lowercase())
                .find(|value| guid::is_guid(value)),
            tags: tags.into_iter().map(|(name, _)| name.clone()).collect(),
        })
    }
}

fn names_a_client(tag: &str) -> bool {
    let letters = tag.chars().filter(|letter| letter.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    CLIENT_ID.contains(&plain.as_str())
}

/// The text, where it reads like one mail address and like nothing else: whatever else people write into
/// a tag stays in the vault.
fn mail_address(text: &str) -> Option<String> {
    let text = text.trim();
    let (name, host) = text.split_once('@')?;
    let plain = |part: &str, also: &[u8]| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
    };
    let is_one = text.len() <= 254
        && plain(name, b".!#$%&'*+/=?^_`{|}~-")
        && host.contains('.')
        && host
            .split('.')
            .all(|label| plain(label, b"-") && !label.starts_with('-') && !label.ends_with('-'))
        && host.rsplit('.').next().is_some_and(|last| {
            last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
    is_one.then(|| text.to_owned())
}

/// Seconds are all that Key Vault tells.
fn moment(date: Option<azure_core::time::OffsetDateTime>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(date?.unix_timestamp(), 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(tags: &serde_json::Value, level: &str) -> EntryAttributes {
        let properties: SecretProperties = serde_json::from_value(json!({
            "id": "https://kv.vault.azure.net/secrets/raia",
            "attributes": {"enabled": true, "recoveryLevel": level},
            "tags": tags,
        }))
        .expect("a line");
        let place = Place {
            host: "kv.vault.azure.net",
            collection: "secrets",
            name: None,
        };
        listed(place, &properties).expect("whole").attributes
    }

    #[test]
    fn tags_are_names_and_only_a_mail_address_is_an_owner() {
        let told = line(
            &json!({"team": "canary", "Owner": "ana@contoso.example", "Zone": "canary"}),
            "CustomizedRecoverable+Purgeable",
        );
        assert_eq!(told.tags, ["Owner", "Zone", "team"]);
        assert_eq!(told.owner.as_deref(), Some("ana@contoso.example"));
        assert_eq!(
            told.recovery_level.as_deref(),
            Some("CustomizedRecoverable+Purgeable")
        );
        // Two spellings of one tag: the first, in the order of their names, that fits.
        let two = line(
            &json!({"owner": "b@contoso.example", "OWNER": "the team"}),
            "Later+Word",
        );
        assert_eq!(two.owner.as_deref(), Some("b@contoso.example"));
        assert_eq!(two.recovery_level.as_deref(), Some("Later+Word"));
    }

    #[test]
    fn a_client_id_is_kept_from_a_tag_that_names_one_and_from_no_other() {
        let id = "5B7A2F0E-2d35-4a55-8a64-0d3a51c60001";
        for name in ["client-id", "ClientId", "APP_ID", "Azure Client Id"] {
            let mut tags = serde_json::Map::new();
            tags.insert(name.to_owned(), json!(format!(" {id} ")));
            let told = line(&tags.into(), "Recoverable");
            assert_eq!(told.client_id, Some(id.to_ascii_lowercase()), "{name}");
        }
        for tags in [
            json!({"api-key": id}),
            json!({"client-id": "canary"}),
            json!(null),
        ] {
            assert_eq!(line(&tags, "Recoverable").client_id, None, "{tags}");
        }
    }

    #[test]
    fn what_reads_like_no_mail_address_stays_in_the_vault() {
        for text in [
            "",
            "ana",
            "ana@",
            "@contoso.example",
            "ana@contoso",
            "ana@b@contoso.example",
            "Ana <ana@contoso.example>",
            "ana@contoso.example, bo@contoso.example",
            "ana@contoso..example",
            "ana@-contoso.example",
            "ana@10.0.0.1",
            "pass word@contoso.example",
        ] {
            assert_eq!(mail_address(text), None, "{text}");
        }
        assert_eq!(
            mail_address(" o'neil+kv@mail.contoso.example ").as_deref(),
            Some("o'neil+kv@mail.contoso.example")
        );
    }
}
