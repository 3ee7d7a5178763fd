//! What can be read and will not do what it seems to say: things of estate and policy that are worth a
//! warning before anything is asked.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::estate::{ClientId, Estate, Registration};
use crate::model::Severity;
use crate::policy::{Policy, Waiver};
use crate::source::did_you_mean;

/// How many names stand in one warning.
const MOST_NAMES: usize = 6;

/// What an estate leaves unsaid, or says twice, with the checks that this costs.
pub(crate) fn of_estate(estate: &Estate) -> Vec<String> {
    let mut cautions = shared_client_ids(estate);
    cautions.extend(vaults_of_other_tiers(estate));
    cautions.extend(without_owner(estate));
    cautions.extend(without_organisation(estate));
    cautions
}

/// What a policy says that has no effect, or another than it seems. `today` is a day in UTC.
pub(crate) fn of_policy(policy: &Policy, estate: &Estate, today: NaiveDate) -> Vec<String> {
    let mut cautions = Vec::new();
    for waiver in &policy.waivers {
        if today > waiver.expires {
            cautions.push(format!(
                "the waiver of {} for {} expired on {}: what it covers counts again (expired-waiver); fix it, or \
                 let {} decide again and move `expires`",
                waiver.check, waiver.resource, waiver.expires, waiver.owner
            ));
        } else {
            cautions.extend(dangling(waiver, estate));
        }
    }
    cautions.extend(bands_out_of_order(policy));
    cautions
}

/// Bands that swallow another: where a heavier severity begins earlier than a lighter one, the lighter one
/// is never given.
pub(super) fn bands_out_of_order(policy: &Policy) -> Vec<String> {
    let mut cautions = Vec::new();
    for (check, settings) in &policy.checks {
        let bands = settings
            .params
            .get(WITHIN_DAYS)
            .and_then(|value| value.as_object());
        let days = |severity: Severity| bands?.get(severity.as_str())?.as_u64();
        let all = Severity::ALL.into_iter();
        let mut given: Vec<(Severity, u64)> = all
            .filter_map(|severity| Some((severity, days(severity)?)))
            .collect();
        given.sort();
        for (place, (lighter, few)) in given.iter().enumerate() {
            for (heavier, many) in given.iter().skip(place + 1) {
                if many >= few {
                    cautions.push(format!(
                        "the bands of {check} are out of order: {heavier} begins {many} days before expiry and \
                         {lighter} {few} days before it, so that {lighter} is never given; give {heavier} fewer \
                         days than {lighter}"
                    ));
                }
            }
        }
    }
    cautions
}

/// The parameter that holds bands, of whichever check.
const WITHIN_DAYS: &str = "within-days";

/// A waiver of something that the estate does not have.
fn dangling(waiver: &Waiver, estate: &Estate) -> Option<String> {
    let (kind, name) = waiver.resource.kind();
    let known: Vec<&str> = match kind {
        "registration" => estate
            .registrations
            .iter()
            .map(|one| one.name.as_str())
            .collect(),
        "vault-entry" | "vault" => estate.vaults.keys().map(String::as_str).collect(),
        "environment" => estate.environments.keys().map(String::as_str).collect(),
        "tenant" => estate.tenants.keys().map(String::as_str).collect(),
        _ => return None,
    };
    if known.contains(&name) {
        return None;
    }
    let meant = did_you_mean(name, known.iter().copied())
        .map_or_else(String::new, |meant| format!("; did it mean `{meant}`?"));
    Some(format!(
        "the waiver of {} covers nothing: the estate has no {} `{name}` (unused-waiver){meant}",
        waiver.check,
        if kind == "vault-entry" { "vault" } else { kind }
    ))
}

fn shared_client_ids(estate: &Estate) -> Vec<String> {
    let mut by_id: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for registration in &estate.registrations {
        if let ClientId::Literal(id) = &registration.client_id {
            let environment = estate.environment_of(registration);
            let tenant = environment.map_or("", |environment| environment.tenant.as_str());
            let names = by_id.entry((tenant, id)).or_default();
            names.push(&registration.name);
        }
    }
    by_id
        .into_iter()
        .filter(|(_, names)| names.len() > 1)
        .map(|((_, id), names)| {
            format!(
                "{} have one client id, {id}: they are one registration in Entra, with one set of credentials and, \
                 in one environment, one user; unexpected-role, missing-role, rotation-unfinished and \
                 too-many-live-credentials cannot distinguish what belongs to which",
                listed(&names)
            )
        })
        .collect()
}

fn vaults_of_other_tiers(estate: &Estate) -> Option<String> {
    let other_tier = |registration: &Registration| {
        let own = estate.environment_of(registration)?.tier;
        let stored = registration.credential.as_ref()?;
        let vault = estate.vaults.get(&stored.entry.vault)?;
        Some(own != estate.environments.get(&vault.environment)?.tier)
    };
    let (names, _) = named(estate, |registration| {
        other_tier(registration) == Some(true)
    })?;
    Some(format!(
        "the credential of {names} lies in a vault of another tier: whoever reads that vault can sign in there, which vault-shared-across-tiers reports and secret-shared cannot rule out"
    ))
}

fn without_owner(estate: &Estate) -> Option<String> {
    let (names, one) = named(estate, |registration| {
        let environment = estate.environment_of(registration);
        registration.owner.is_none() && environment.is_none_or(|one| one.contact.is_none())
    })?;
    let (have, their) = if one {
        ("has", "its")
    } else {
        ("have", "their")
    };
    Some(format!(
        "{names} {have} no `owner`, nor {their} environment a `contact`: only the owners in Entra can be reminded (credential-expiring), and ownerless-registration fails where there are none"
    ))
}

fn without_organisation(estate: &Estate) -> Option<String> {
    let without = estate
        .environments
        .iter()
        .filter(|(_, one)| one.dataverse.is_some() && one.organization_id.is_none());
    let (names, one) = some_of(&without.map(|(name, _)| name.as_str()).collect::<Vec<_>>())?;
    let have = if one { "has" } else { "have" };
    Some(format!(
        "{names} {have} no `organization-id`: whoami-mismatch cannot see that a url leads to another organisation, \
         and --probe-writes is refused there; WhoAmI answers it as OrganizationId"
    ))
}

/// The registrations of which something is so, and whether it is one alone; `None` where it is so of none.
fn named(estate: &Estate, is_so: impl Fn(&Registration) -> bool) -> Option<(String, bool)> {
    let all = estate.registrations.iter();
    let found = all.filter(|registration| is_so(registration));
    some_of(
        &found
            .map(|registration| registration.name.as_str())
            .collect::<Vec<_>>(),
    )
}

fn some_of(names: &[&str]) -> Option<(String, bool)> {
    (!names.is_empty()).then(|| (listed(names), names.len() == 1))
}

/// `a, b and 3 more`.
fn listed(names: &[&str]) -> String {
    let shown = names.get(..MOST_NAMES.min(names.len())).unwrap_or_default();
    let more = names.len() - shown.len();
    match (shown, more) {
        (shown, 1..) => format!("{} and {more} more", shown.join(", ")),
        ([start @ .., last], 0) if !start.is_empty() => format!("{} and {last}", start.join(", ")),
        (shown, 0) => shown.join(", "),
    }
}

#[cfg(test)]
#[path = "cautions_tests.rs"]
mod tests;
