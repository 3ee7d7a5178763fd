//! Fills the placeholders of advice with what a finding is about, so that its command can be pasted.

use crate::estate::{ClientId, Registration};
use crate::facts::portal;
use crate::model::Verdict;
use crate::model::assessment::{Link, Step};
use crate::model::command::{Blank, Command};
use crate::model::fix::{Fix, Page};
use crate::where_used::map::Map;

/// The advice with every placeholder that is known of all these registrations, and the same of each.
pub(super) fn filled(
    map: &Map<'_>,
    verdict: &Verdict,
    registrations: &[&Registration],
    advice: &str,
) -> String {
    let mut text = String::with_capacity(advice.len());
    let mut rest = advice;
    while let Some((at, blank)) = first(rest) {
        let (before, after) = rest.split_at(at);
        let name = blank.name();
        text.push_str(before);
        let mut values = registrations
            .iter()
            .map(|one| value(map, verdict, one, blank));
        let value = values.next().flatten();
        let agreed = value.filter(|one| values.all(|other| other.as_ref() == Some(one)));
        text.push_str(agreed.as_deref().unwrap_or(name));
        rest = after.get(name.len()..).unwrap_or_default();
    }
    text + rest
}

/// The commands of the advice, one for each registration where they differ; without those that a case leaves open or
/// that no line of a shell can hold.
pub(super) fn commands(
    map: &Map<'_>,
    verdict: &Verdict,
    registrations: &[&Registration],
    fixes: &[Fix],
) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for fix in fixes {
        let of_nobody = registrations.is_empty().then(|| fix.filled(&|_| None));
        let each = registrations.iter().map(|one| {
            let of_one = |blank| value(map, verdict, one, blank);
            fix.filled(&of_one)
        });
        let mut all: Vec<Command> = of_nobody.into_iter().chain(each).flatten().collect();
        all.dedup();
        let shown = all.iter().map(|command| Step::of(&*fix.say, Some(command)));
        steps.extend(shown.filter(|step| step.run.is_some() || step.powershell.is_some()));
    }
    steps
}

/// The page of each registration on which it is put right, each once.
pub(super) fn links(
    map: &Map<'_>,
    verdict: &Verdict,
    registrations: &[&Registration],
    page: Option<Page>,
) -> Vec<Link> {
    let Some(page) = page else {
        return Vec::new();
    };
    let mut links: Vec<Link> = Vec::new();
    for one in registrations {
        let client_id = value(map, verdict, one, Blank::ClientId);
        let link = portal::link(page, map.snapshot, one, client_id.as_deref());
        links.extend(link.filter(|link| !links.contains(link)));
    }
    links
}

/// The first placeholder: a whole word, not a piece of a longer one.
fn first(text: &str) -> Option<(usize, Blank)> {
    let joins = |one: char| one.is_alphanumeric() || one == '-' || one == '_';
    let whole = |at: usize, name: &str| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text
            .get(at + name.len()..)
            .and_then(|after| after.chars().next());
        !before.is_some_and(joins) && !after.is_some_and(joins)
    };
    Blank::ALL
        .into_iter()
        .filter_map(|blank| {
            let mut all = text.match_indices(blank.name());
            all.find(|(at, name)| whole(*at, name))
                .map(|(at, _)| (at, blank))
        })
        .min_by_key(|(at, _)| *at)
}

/// What stands in the place of one placeholder where advice is about this registration.
fn value(
    map: &Map<'_>,
    verdict: &Verdict,
    registration: &Registration,
    blank: Blank,
) -> Option<String> {
    let snapshot = map.snapshot;
    let environment = snapshot.estate.environment_of(registration);
    let entry = registration.credential.as_ref().map(|stored| &stored.entry);
    let host = || {
        let vault = snapshot.estate.vaults.get(&entry?.vault)?;
        Some(vault.host.as_str())
    };
    match blank {
        Blank::ClientId => match &registration.client_id {
            ClientId::Literal(id) => Some(id.clone()),
            ClientId::Secret(_) | ClientId::Field { .. } => {
                let evidence = snapshot.registration(&registration.name)?;
                evidence.client_id.known().cloned()
            }
        },
        Blank::EnvironmentUrl => Some(format!("https://{}", environment?.dataverse.as_ref()?)),
        Blank::FinopsUrl => Some(format!("https://{}", environment?.finops.as_ref()?)),
        Blank::TenantId => {
            let tenant = snapshot.estate.tenants.get(&environment?.tenant)?;
            Some(tenant.id.clone())
        }
        Blank::Vault => host()?.split('.').next().map(str::to_owned),
        Blank::EntryName => Some(entry?.name.clone()),
        Blank::Entry => Some(format!("https://{}/secrets/{}", host()?, entry?.name)),
        Blank::KeyId => verdict.resource.credential().map(str::to_owned),
        // The one role that the estate states; where it states several, which is missing is the check's to say.
        Blank::Role => match registration.dataverse.as_ref()?.roles.as_deref()? {
            [role] => Some(role.clone()),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_a_whole_word() {
        assert_eq!(
            first("use ENTRY-NAME of VAULT"),
            Some((4, Blank::EntryName))
        );
        assert_eq!(first("--id ENTRY/VERSION"), Some((5, Blank::Entry)));
        assert_eq!(first("in kv-VAULT or MY-ROLE"), None);
        assert_eq!(first("nothing to fill in"), None);
    }
}
