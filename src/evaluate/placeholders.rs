//! Fills the placeholders of advice with what a finding is about, so that its command can be pasted.

use crate::estate::{ClientId, Registration};
use crate::model::Verdict;
use crate::model::command::bash_word;
use crate::where_used::map::Map;

/// What advice may leave to be filled in.
const PLACEHOLDERS: [&str; 9] = [
    "CLIENT-ID",
    "ENVIRONMENT-URL",
    "FINOPS-URL",
    "ENTRY-NAME",
    "ENTRY",
    "KEY-ID",
    "TENANT-ID",
    "VAULT",
    "ROLE",
];

/// The advice with every placeholder that is known of all these registrations, and the same of each.
pub(super) fn filled(
    map: &Map<'_>,
    verdict: &Verdict,
    registrations: &[&Registration],
    advice: &str,
) -> String {
    let mut text = String::with_capacity(advice.len());
    let mut rest = advice;
    while let Some((at, name)) = first(rest) {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        let mut values = registrations
            .iter()
            .map(|one| value(map, verdict, one, name));
        let value = values.next().flatten();
        let agreed = value.filter(|one| values.all(|other| other.as_ref() == Some(one)));
        text.push_str(agreed.as_deref().unwrap_or(name));
        rest = after.get(name.len()..).unwrap_or_default();
    }
    text + rest
}

/// The first placeholder: a whole word, not a piece of a longer one.
fn first(text: &str) -> Option<(usize, &'static str)> {
    let joins = |one: char| one.is_alphanumeric() || one == '-' || one == '_';
    let whole = |at: usize, name: &str| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text
            .get(at + name.len()..)
            .and_then(|after| after.chars().next());
        !before.is_some_and(joins) && !after.is_some_and(joins)
    };
    PLACEHOLDERS
        .iter()
        .filter_map(|name| {
            let mut all = text.match_indices(name);
            all.find(|(at, name)| whole(*at, name))
                .map(|(at, _)| (at, *name))
        })
        .min_by_key(|(at, _)| *at)
}

/// What stands in the place of one placeholder where advice is about this registration.
fn value(
    map: &Map<'_>,
    verdict: &Verdict,
    registration: &Registration,
    name: &str,
) -> Option<String> {
    let snapshot = map.snapshot;
    let environment = snapshot.estate.environment_of(registration);
    let entry = registration.credential.as_ref().map(|stored| &stored.entry);
    let host = || {
        let vault = snapshot.estate.vaults.get(&entry?.vault)?;
        Some(vault.host.as_str())
    };
    match name {
        "CLIENT-ID" => match &registration.client_id {
            ClientId::Literal(id) => Some(id.clone()),
            ClientId::Secret(_) | ClientId::Field { .. } => {
                let evidence = snapshot.registration(&registration.name)?;
                evidence.client_id.known().cloned()
            }
        },
        "ENVIRONMENT-URL" => Some(format!("https://{}", environment?.dataverse.as_ref()?)),
        "FINOPS-URL" => Some(format!("https://{}", environment?.finops.as_ref()?)),
        "TENANT-ID" => {
            let tenant = snapshot.estate.tenants.get(&environment?.tenant)?;
            Some(tenant.id.clone())
        }
        "VAULT" => host()?.split('.').next().map(str::to_owned),
        "ENTRY-NAME" => bash_word(&entry?.name),
        "ENTRY" => Some(format!("https://{}/secrets/{}", host()?, entry?.name)),
        "KEY-ID" => verdict.resource.credential().map(str::to_owned),
        // The one role that the estate states; where it states several, which is missing is the check's to say.
        _ => match registration.dataverse.as_ref()?.roles.as_deref()? {
            [role] => bash_word(role),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_a_whole_word() {
        assert_eq!(first("use ENTRY-NAME of VAULT"), Some((4, "ENTRY-NAME")));
        assert_eq!(first("--id ENTRY/VERSION"), Some((5, "ENTRY")));
        assert_eq!(first("in kv-VAULT or MY-ROLE"), None);
        assert_eq!(first("nothing to fill in"), None);
    }
}
