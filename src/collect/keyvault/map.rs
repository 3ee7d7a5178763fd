//! From a vault's answers to evidence: what a read says, and what a refused one still lets be known.

use super::api::{ReadSecret, VaultError};
use super::content::Content;
use crate::evidence::{EntryAttributes, ListedSecret, VaultEntry};
use crate::model::codes::{self, Class};
use crate::model::{Gap, GapKind, Grant, Listing, Observed, Presence};

/// The entry, from the read and, where that was refused, from the list.
///
/// `denied` are the words for a refused read, `content` is what was made of an answered one.
pub(crate) fn entry(
    name: &str,
    read: &Result<ReadSecret, VaultError>,
    denied: Gap,
    content: Option<&Content>,
    list: &Listing<ListedSecret>,
) -> Observed<Presence<VaultEntry>> {
    let error = match read {
        Ok(secret) => {
            return Observed::Known(Presence::Present(VaultEntry {
                enabled: Observed::Known(secret.attributes.enabled),
                attributes: Observed::Known(secret.attributes.clone()),
                content: content.map_or_else(
                    || Observed::not_reached("nobody looked at the value"),
                    |content| Observed::Known(content.evidence()),
                ),
                versions: versions(),
                certificate: None,
            }));
        }
        Err(error) => error,
    };
    let listed = list.find(|secret| secret.name.eq_ignore_ascii_case(name));
    match error.class() {
        Some((404, Class::NotFound)) => Observed::Known(Presence::Absent),
        Some((403, Class::Disabled)) => {
            let attributes = match listed {
                Observed::Known(Presence::Present(secret)) => Observed::Known(EntryAttributes {
                    enabled: false,
                    ..secret.attributes.clone()
                }),
                // A list that does not tell leaves all but this one fact open.
                _ => Observed::not_reached(format!(
                    "the current version of secret {name} is disabled, and the list does not tell more"
                )),
            };
            Observed::Known(Presence::Present(VaultEntry {
                enabled: Observed::Known(false),
                attributes,
                content: Observed::not_reached(format!(
                    "the current version of secret {name} is disabled"
                )),
                versions: versions(),
                certificate: None,
            }))
        }
        _ => match listed {
            Observed::Known(Presence::Present(secret)) => {
                Observed::Known(Presence::Present(VaultEntry {
                    enabled: Observed::Known(secret.attributes.enabled),
                    attributes: Observed::Known(secret.attributes.clone()),
                    content: Observed::Unknown(denied),
                    versions: versions(),
                    certificate: None,
                }))
            }
            // A read that was answered, however oddly, is of something that exists.
            Observed::Known(Presence::Absent) if denied.kind != GapKind::Malformed => {
                Observed::Known(Presence::Absent)
            }
            Observed::Known(Presence::Absent) => Observed::Unknown(denied),
            Observed::Unknown(_) => Observed::Unknown(denied),
        },
    }
}

fn versions() -> Listing<crate::evidence::EntryVersion> {
    Listing::cut_short(Vec::new(), Gap::new(GapKind::NotReached, "not asked"))
}

impl VaultError {
    fn class(&self) -> Option<(u16, Class)> {
        match self {
            Self::Answered {
                status,
                code: Some(code),
                ..
            } => codes::find(code).map(|known| (*status, known.class)),
            _ => None,
        }
    }
}

/// What a refused list or read means and which grant would fill it.
pub(crate) fn refused(
    call: &str,
    host: &str,
    auditor: &str,
    permission: &str,
    error: &VaultError,
) -> Gap {
    let (status, code, length) = match error {
        VaultError::Gap(gap) => return gap.clone(),
        VaultError::Answered {
            status,
            code,
            length,
        } => (*status, code.as_deref(), *length),
    };
    let known = code.and_then(codes::find);
    let mut seen = format!("{call} answered {status}");
    match (code, known) {
        (Some(code), Some(known)) => seen.push_str(&format!(" {code}: {}", known.cause)),
        (Some(code), None) => seen.push_str(&format!(" {code}")),
        (None, _) => seen.push_str(&format!(" with {length} bytes and no code")),
    }
    let Some(known) = known else {
        return Gap::new(GapKind::Unrecognised, seen);
    };
    let vault = host.split('.').next().unwrap_or(host);
    let missing = |role: String| Grant {
        role,
        scope: format!("key vault {vault}"),
        identity: auditor.to_owned(),
    };
    match known.class {
        Class::AccessDenied if code == Some("ForbiddenByRbac") => {
            let role = if permission == "List" {
                "Key Vault Reader"
            } else {
                "Key Vault Secrets User"
            };
            Gap::new(GapKind::Denied, seen)
                .with_remedy(format!("grant {role} on {vault} to {auditor}"))
                .with_missing(missing(role.to_owned()))
        }
        Class::AccessDenied => Gap::new(GapKind::Denied, seen).with_remedy(format!(
            "grant Key Vault Secrets User on {vault} to {auditor}, or give it the access policy permission {permission} for secrets"
        ))
        .with_missing(missing(format!(
            "Key Vault Secrets User, or the access policy permission {permission} for secrets,"
        ))),
        Class::Network | Class::WrongTenant | Class::Disabled => {
            Gap::new(GapKind::Denied, seen).with_remedy(known.fix)
        }
        Class::Throttled => Gap::new(GapKind::Throttled, seen).with_remedy(known.fix),
        _ => Gap::new(GapKind::Unrecognised, seen).with_remedy(known.fix),
    }
}
