//! The auditor's own refusals in words: which grant is missing, on what, for whom.

use super::http::Answer;
use crate::model::codes::{self, Class};
use crate::model::{Gap, GapKind};

/// What the auditor was answered instead of what it asked for.
///
/// `code` is the service's own; `grant` names the missing right, the place and the identity.
pub(crate) fn auditor_refused(call: &str, answer: &Answer, code: Option<&str>, grant: &str) -> Gap {
    let known = code.and_then(codes::find);
    let refusal = matches!(answer.status, 401 | 403)
        || known
            .is_some_and(|known| matches!(known.class, Class::NotAMember | Class::UserDisabled));
    let gap = answer.unrecognised(call, code);
    match known {
        Some(known) if refusal => {
            let denied = Gap {
                kind: GapKind::Denied,
                seen: format!("{}: {}", gap.seen, known.cause),
                remedy: None,
            };
            match known.class {
                // A token that was not accepted is no missing grant.
                Class::AccessDenied if answer.status == 401 => denied.with_remedy(known.fix),
                Class::NotAMember
                | Class::UserDisabled
                | Class::NoRoles
                | Class::PrivilegeDenied
                | Class::AccessDenied => denied.with_remedy(grant),
                Class::Throttled | Class::Transient => gap.with_remedy(known.fix),
                _ => denied.with_remedy(known.fix),
            }
        }
        Some(known) if known.class == Class::Throttled => {
            Gap::new(GapKind::Throttled, gap.seen).with_remedy(known.fix)
        }
        Some(known) => gap.with_remedy(known.fix),
        None => gap,
    }
}
