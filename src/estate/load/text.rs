//! Names, ids and addresses: what they may look like, and what is said when they do not.

use crate::estate::UNDECIDED;
use crate::model::guid::is_guid;
use crate::source::Value;

/// Whose id a GUID is; it decides where to send the reader for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum IdOf {
    Client,
    Tenant,
    Organization,
}

/// A name that can stand in `registration/NAME`: letters, digits, `.`, `_`, `-`.
pub(super) fn name<'t>(value: &Value<'t>) -> Option<&'t str> {
    let text = value.text()?;
    if let Some(message) = name_fault(text) {
        return value.reject(
            format!("`{}` {message}", value.key()),
            "not a name",
            NAME_HELP,
        );
    }
    Some(text)
}

/// The same for a name that is a key: `[environments.NAME]`. `kind` is "environment".
pub(super) fn name_of_key(value: &Value<'_>, kind: &str) {
    if let Some(message) = name_fault(value.key()) {
        value.refuse_key(
            format!("this {kind}'s name {message}"),
            "not a name",
            NAME_HELP,
        );
    }
}

const NAME_HELP: &str = "names appear in reports, waivers and file names: use up to 100 of the \
                         characters a-z, A-Z, 0-9, `.`, `_` and `-`";

fn name_fault(text: &str) -> Option<&'static str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if text.is_empty() {
        Some("is empty")
    } else if text.len() > 100 {
        Some("is longer than 100 characters")
    } else if !text.bytes().all(allowed) {
        Some("holds characters a name cannot have")
    } else {
        None
    }
}

/// A GUID, in lower case.
pub(super) fn guid(value: &Value<'_>, whose: IdOf) -> Option<String> {
    let text = value.text()?;
    if is_guid(text) {
        return Some(text.to_ascii_lowercase());
    }
    let label = if is_guid(text.trim_matches(['{', '}', ' '])) {
        "write it without braces and spaces"
    } else {
        "not a GUID"
    };
    let help = match whose {
        IdOf::Client => {
            "it is the registration's \"Application (client) ID\" in Entra, not its object id and \
             not its secret: xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
        }
        IdOf::Tenant if text.contains('.') => {
            "a domain can move to another tenant, its GUID cannot: Entra's overview shows it as \
             \"Tenant ID\", and `az account show --query tenantId` prints it"
        }
        IdOf::Tenant => {
            "Entra's overview shows it as \"Tenant ID\", and `az account show --query tenantId` \
             prints it"
        }
        IdOf::Organization => {
            "the Power Platform admin centre shows it as \"Organization ID\", and WhoAmI answers it"
        }
    };
    let message = if whose == IdOf::Tenant && text.contains('.') {
        format!("`{}` is a domain name, and should be a GUID", value.key())
    } else {
        format!("`{}` is not a GUID", value.key())
    };
    value.reject(message, label, help)
}

/// A mail address, checked no further than keeps a mail's head intact.
pub(super) fn address(value: &Value<'_>) -> Option<String> {
    let text = value.text()?;
    let odd = |letter: char| {
        letter.is_control() || letter.is_whitespace() || "<>()[],;:\\\"".contains(letter)
    };
    let whole = text.split_once('@').is_some_and(|(user, domain)| {
        !user.is_empty() && !domain.is_empty() && !domain.contains('@')
    });
    if whole && text.len() <= 254 && !text.contains(odd) {
        return Some(text.to_owned());
    }
    value.reject(
        format!("`{}` is not a mail address", value.key()),
        "not a mail address",
        "write one plain address: name@example.com, without a display name",
    )
}

/// Reads a value unless a person has still to decide it: `tier = "?"` is no mistake, and is listed apart.
/// `whose` is what it belongs to, `choices` what it may become.
pub(super) fn decided<'t, T>(
    value: &Value<'t>,
    (whose, choices): (&str, &str),
    read: impl FnOnce(&Value<'t>) -> Option<T>,
) -> Option<T> {
    if value.raw().as_str() != Some(UNDECIDED) {
        return read(value);
    }
    let what = format!("{} of {whose}", value.key());
    value.sheet().leave_open(value.span(), what, choices);
    None
}

/// An optional key read by `read`: absent is `Some(None)`, wrong is `None`.
pub(super) fn optional<'t, T>(
    value: Option<Value<'t>>,
    read: impl FnOnce(&Value<'t>) -> Option<T>,
) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(value) => read(&value).map(Some),
    }
}

/// A list read member by member; a member that stands there twice is a problem. Sorted.
pub(super) fn each<'t, T: Ord>(
    list: &Value<'t>,
    read: impl Fn(&Value<'t>) -> Option<T>,
) -> Option<Vec<T>> {
    let mut all: Vec<T> = Vec::new();
    let mut complete = true;
    for member in list.list()? {
        match read(&member) {
            Some(text) if all.contains(&text) => {
                complete = false;
                member.refuse(
                    format!("`{}` names {} twice", list.key(), member.quote()),
                    "already in this list",
                    "keep one",
                );
            }
            Some(text) => all.push(text),
            None => complete = false,
        }
    }
    all.sort();
    complete.then_some(all)
}
