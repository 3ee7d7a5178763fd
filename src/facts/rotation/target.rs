//! What of a vault entry a new secret may take the place of: a wrapper that the integration reads is kept.

use super::azure_cli::Target;
use crate::facts::case::Case;
use crate::facts::prelude::*;

/// What has to happen before any rotation.
#[derive(Debug)]
pub(crate) enum Unwrapping {
    /// The same value is stored again, bare.
    Bare,
    /// The estate or the entry is corrected first: a step in words.
    InEstate(String),
}

/// What of the entry a new secret takes the place of.
///
/// # Errors
/// Why no line can put it there, in words.
pub(crate) fn target<'a>(case: &Case<'a>) -> Result<Target<'a>, String> {
    let content = content(case);
    let Some(wrapper) = content.and_then(|content| content.wrapper.as_ref()) else {
        let stored = case.registration.credential.as_ref();
        let field = stored.and_then(|stored| stored.field.as_deref());
        return match (field, content) {
            (None, _) => Ok(Target::Whole),
            (Some(field), Some(_)) => Err(format!("the estate names its field `{field}`")),
            // What stands there was not read.
            (Some(field), None) => Err(format!(
                "the estate names its field `{field}`, and what else is there was not read"
            )),
        };
    };
    match &wrapper.inside {
        Some(inside) => replaced(inside),
        None => match wrapper.forms.iter().find(|form| !is_replaced_whole(**form)) {
            Some(form) => Err(format!("it holds {}", form.as_str())),
            None if case.stored().is_ok_and(|stored| stored.field.is_some()) => {
                Err("the estate names a field of it".to_owned())
            }
            None => Ok(Target::Whole),
        },
    }
}

fn content<'a>(case: &Case<'a>) -> Option<&'a EntryContent> {
    let entry = case.evidence.entry.known().and_then(Presence::present)?;
    entry.content.known()
}

fn replaced(inside: &Inside) -> Result<Target<'_>, String> {
    let by_hand = || format!("it holds {}", inside.form.as_str());
    if !inside.replaceable {
        return Err(by_hand());
    }
    match (inside.form, inside.path.as_slice()) {
        (WrapperForm::Json, path) => Ok(Target::Json(path)),
        (WrapperForm::ConnectionString, [PathSegment::Name(name)]) => {
            Ok(Target::Pair { name, mark: ';' })
        }
        (WrapperForm::Variables, [PathSegment::Name(name)]) => {
            Ok(Target::Pair { name, mark: '\n' })
        }
        _ => Err(by_hand()),
    }
}

/// Whether nothing in it is worth keeping.
const fn is_replaced_whole(form: WrapperForm) -> bool {
    form.comes_off()
        || matches!(
            form,
            WrapperForm::Placeholder
                | WrapperForm::SecureString
                | WrapperForm::NoValue
                | WrapperForm::Mask
                | WrapperForm::Token
        )
}

/// What is to be done before a new secret is made; `None` where a new one helps.
pub(crate) fn unwrapping(case: &Case<'_>) -> Option<Unwrapping> {
    let content = content(case)?;
    let name = case.entry_name();
    if content.problems.contains(&EntryProblem::OtherClientId) {
        return Some(Unwrapping::InEstate(format!(
            "Correct the client id, in {name} or in the estate: the two name different applications"
        )));
    }
    let wrapper = content.wrapper.as_ref();
    if content
        .problems
        .contains(&EntryProblem::SurroundingWhitespace)
        && wrapper.is_none()
    {
        return is_known(case).then_some(Unwrapping::Bare);
    }
    let wrapper = wrapper?;
    if wrapper.inside.is_none() && wrapper.forms.iter().any(|form| form.has_fields()) {
        return Some(Unwrapping::InEstate(format!(
            "Name the field of {name} that holds the credential in the estate (`field`); what it holds stays as it is"
        )));
    }
    (wrapper.inside.is_none() && wrapper.comes_off() && is_known(case)).then_some(Unwrapping::Bare)
}

/// Whether a live credential of the registration begins as what is left of the value does.
fn is_known(case: &Case<'_>) -> bool {
    let held = case.of_stored_kind().unwrap_or_default();
    held.iter()
        .any(|one| one.matches_stored.known() == Some(&true) && one.lives_at(case.context.as_of))
}
