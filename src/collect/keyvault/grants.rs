//! What a vault's refusal means, and which right would fill the gap that it leaves.

use super::error::VaultError;
use crate::model::grant;
use crate::model::grant::Identity;
use crate::model::{Gap, GapKind};
use crate::reference::codes;
use crate::reference::codes::Class;

/// What a call to a vault takes. Source: Azure "Key Vault RBAC guide" (roles), Key Vault REST reference
/// (permissions of an access policy).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// Names and attributes of secrets and their versions.
    ListSecrets,
    /// A secret's value.
    ReadValue,
    /// What is left of a deleted secret: `Get` in an access policy.
    ReadDeleted,
    /// A certificate's public part and policy.
    ReadCertificate,
}

impl Right {
    /// The smallest role that has it.
    const fn role(self) -> &'static str {
        match self {
            Self::ListSecrets => "Key Vault Reader",
            // The one that surely reads what is deleted: whether Key Vault Reader does is not documented.
            Self::ReadValue | Self::ReadDeleted => "Key Vault Secrets User",
            Self::ReadCertificate => "Key Vault Certificate User or Key Vault Reader",
        }
    }

    /// The role as a right on a vault that uses roles.
    fn as_role(self, host: &str) -> grant::Right {
        grant::Right::VaultRole {
            role: match self {
                Self::ReadCertificate => "Key Vault Certificate User",
                other => other.role(),
            }
            .to_owned(),
            host: host.to_owned(),
        }
    }

    /// The permission as a right on a vault that uses access policies.
    fn in_policy(self, host: &str) -> grant::Right {
        let (kind, permission) = match self {
            Self::ListSecrets => ("secret", "list"),
            Self::ReadValue | Self::ReadDeleted => ("secret", "get"),
            Self::ReadCertificate => ("certificate", "get"),
        };
        grant::Right::VaultPolicy {
            kind: kind.to_owned(),
            permission: permission.to_owned(),
            host: host.to_owned(),
        }
    }

    /// The permission of a vault that uses access policies.
    const fn permission(self) -> &'static str {
        match self {
            Self::ListSecrets => "List for secrets",
            Self::ReadValue | Self::ReadDeleted => "Get for secrets",
            Self::ReadCertificate => "Get for certificates",
        }
    }
}

/// What a refused list or read means and which grant would fill it.
pub(crate) fn refused(
    call: &str,
    host: &str,
    auditor: &Identity,
    right: Right,
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
    let missing =
        |role: String, granted| auditor.lacks(role, format!("key vault {vault}"), Some(granted));
    let (role, permission) = (right.role(), right.permission());
    match known.class {
        Class::AccessDenied if code == Some("ForbiddenByRbac") => Gap::new(GapKind::Denied, seen)
            .with_remedy(format!("grant {role} on {vault} to {auditor}"))
            .with_missing(missing(role.to_owned(), right.as_role(host))),
        Class::AccessDenied => Gap::new(GapKind::Denied, seen)
            .with_remedy(format!(
                "grant {role} on {vault} to {auditor}, or give it the access policy permission {permission}"
            ))
            .with_missing(missing(
                format!("{role}, or the access policy permission {permission},"),
                right.in_policy(host),
            )),
        Class::Network | Class::WrongTenant | Class::Disabled => {
            Gap::new(GapKind::Denied, seen).with_remedy(known.fix)
        }
        Class::Throttled => Gap::new(GapKind::Throttled, seen).with_remedy(known.fix),
        _ => Gap::new(GapKind::Unrecognised, seen).with_remedy(known.fix),
    }
}
