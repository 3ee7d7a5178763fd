//! The auditor's own refusals in words: which grant is missing, on what, for whom.

use super::http::Answer;
use crate::model::{Gap, GapKind, Grant};
use crate::reference::codes;
use crate::reference::codes::Class;

/// What would help where a service refuses: in words, and as the right itself where it is one.
#[derive(Clone, Debug)]
pub(crate) struct Remedy {
    words: String,
    missing: Option<Box<Grant>>,
}

impl Remedy {
    pub(crate) fn new(words: String, missing: Grant) -> Self {
        Self {
            words,
            missing: Some(Box::new(missing)),
        }
    }

    /// The gap with this remedy.
    pub(crate) fn onto(&self, gap: Gap) -> Gap {
        Gap {
            remedy: Some(self.words.clone().into()),
            missing: self.missing.clone(),
            ..gap
        }
    }
}

impl From<String> for Remedy {
    fn from(words: String) -> Self {
        Self {
            words,
            missing: None,
        }
    }
}

/// What the auditor was answered instead of what it asked for.
///
/// `code` is the service's own; `grant` names the missing right, the place and the identity.
pub(crate) fn auditor_refused(
    call: &str,
    answer: &Answer,
    code: Option<&str>,
    grant: &Remedy,
) -> Gap {
    let known = code.and_then(codes::find);
    let refusal = matches!(answer.status, 401 | 403)
        || known
            .is_some_and(|known| matches!(known.class, Class::NotAMember | Class::UserDisabled));
    let gap = answer.unrecognised(call, code);
    match known {
        Some(known) if refusal => {
            let denied = Gap {
                kind: GapKind::Denied,
                seen: format!("{}: {}", gap.seen, known.cause).into(),
                ..gap.clone()
            };
            match known.class {
                // A token that was not accepted is no missing grant.
                Class::AccessDenied if answer.status == 401 => denied.with_remedy(known.fix),
                Class::NotAMember
                | Class::UserDisabled
                | Class::NoRoles
                | Class::PrivilegeDenied
                | Class::AccessDenied => grant.onto(denied),
                Class::NotLicensed => Gap {
                    kind: GapKind::NotLicensed,
                    ..denied
                }
                .with_remedy(known.fix),
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
