//! From a vault's answers to evidence: what a read says, and what a refused one still lets be known.

use super::api::ReadSecret;
use super::content::Content;
use super::error::VaultError;
use crate::collect::gaps;
use crate::evidence::{EntryAttributes, ListedSecret, VaultEntry};
use crate::model::{Gap, GapKind, Listing, Observed, Presence};
use crate::reference::codes::Class;

/// The entry, from the read and, where that was refused, from the list.
///
/// `denied` are the words for a refused read, `content` is what was made of an answered one.
pub(crate) fn entry(
    name: &str,
    read: &Result<ReadSecret, VaultError>,
    denied: Gap,
    content: Result<&Content, Gap>,
    list: &Listing<ListedSecret>,
) -> Observed<Presence<VaultEntry>> {
    let present = |enabled, attributes, content| {
        Observed::Known(Presence::Present(VaultEntry {
            enabled: Observed::Known(enabled),
            attributes,
            content,
            versions: Listing::cut_short(Vec::new(), gaps::not_asked()),
            certificate: None,
        }))
    };
    let error = match read {
        Ok(secret) => {
            let attributes = Observed::Known(secret.attributes.clone());
            let content = content.map(Content::evidence).into();
            return present(secret.attributes.enabled, attributes, content);
        }
        Err(error) => error,
    };
    let listed = list.find(|secret| secret.name.eq_ignore_ascii_case(name));
    match error.class() {
        Some((404, Class::NotFound)) => Observed::Known(Presence::Absent),
        Some((403, Class::Disabled)) => {
            let why = format!("the current version of secret {name} is disabled");
            let attributes = match listed {
                Observed::Known(Presence::Present(secret)) => Observed::Known(EntryAttributes {
                    enabled: false,
                    ..secret.attributes.clone()
                }),
                // A list that does not tell leaves all but this one fact open.
                _ => Observed::not_reached(format!("{why}, and the list does not say more")),
            };
            present(false, attributes, Observed::not_reached(why))
        }
        _ => match listed {
            Observed::Known(Presence::Present(secret)) => {
                let attributes = Observed::Known(secret.attributes.clone());
                present(
                    secret.attributes.enabled,
                    attributes,
                    Observed::Unknown(denied),
                )
            }
            // A read that was answered, however oddly, is of something that exists.
            Observed::Known(Presence::Absent) if denied.kind != GapKind::Malformed => {
                Observed::Known(Presence::Absent)
            }
            Observed::Known(Presence::Absent) | Observed::Unknown(_) => Observed::Unknown(denied),
        },
    }
}

/// The list tells of current versions: of another version it tells that there is such an entry, and no more.
pub(crate) fn of_another_version(list: Listing<ListedSecret>) -> Listing<ListedSecret> {
    let gap = list.gap.unwrap_or_else(|| {
        Gap::new(
            GapKind::NotReached,
            "the list of secrets has current versions only",
        )
    });
    Listing::cut_short(Vec::new(), gap)
}
