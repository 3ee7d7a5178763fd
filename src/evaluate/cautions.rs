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
#[must_use]
pub fn of_estate(estate: &Estate) -> Vec<String> {
    let mut cautions = shared_client_ids(estate);
    cautions.extend(vaults_of_other_tiers(estate));
    cautions.extend(without_owner(estate));
    cautions.extend(without_organisation(estate));
    cautions
}

/// What a policy says that has no effect, or another than it seems. `today` is a day in UTC.
#[must_use]
pub fn of_policy(policy: &Policy, estate: &Estate, today: NaiveDate) -> Vec<String> {
    let mut cautions = Vec::new();
    for waiver in &policy.waivers {
        if today > waiver.expires {
            cautions.push(format!(
                "the waiver of {} for {} ended on {}: what it covers counts again (expired-waiver); fix it, or let {} decide anew and move `expires`",
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
        let Some(bands) = settings
            .params
            .get(WITHIN_DAYS)
            .and_then(|value| value.as_object())
        else {
            continue;
        };
        let mut given: Vec<(Severity, u64)> = Vec::new();
        for severity in Severity::ALL {
            if let Some(days) = bands
                .get(severity.as_str())
                .and_then(serde_json::Value::as_u64)
            {
                given.push((severity, days));
            }
        }
        given.sort();
        for (place, (lighter, few)) in given.iter().enumerate() {
            for (heavier, many) in given.iter().skip(place + 1) {
                if many >= few {
                    cautions.push(format!(
                        "the bands of {check} are out of order: {heavier} begins {many} days before an end and {lighter} {few} days before it, so that {lighter} is never given; give {heavier} fewer days than {lighter}"
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
    let registrations = || {
        estate
            .registrations
            .iter()
            .map(|one| one.name.as_str())
            .collect()
    };
    let known: Vec<&str> = match kind {
        "registration" => registrations(),
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
            let tenant = estate
                .environment_of(registration)
                .map_or("", |environment| environment.tenant.as_str());
            by_id
                .entry((tenant, id))
                .or_default()
                .push(&registration.name);
        }
    }
    by_id
        .into_iter()
        .filter(|(_, names)| names.len() > 1)
        .map(|((_, id), names)| {
            format!(
                "{} have one client id, {id}: they are one registration in Entra, with one set of credentials and, in one environment, one user; unexpected-role, missing-role, rotation-unfinished and too-many-live-credentials cannot tell whose is whose",
                listed(&names)
            )
        })
        .collect()
}

fn vaults_of_other_tiers(estate: &Estate) -> Option<String> {
    let other_tier = |registration: &&Registration| {
        let own = estate.environment_of(registration)?.tier;
        let vault = estate
            .vaults
            .get(&registration.credential.as_ref()?.entry.vault)?;
        let held = estate.environments.get(&vault.environment)?.tier;
        (own != held).then_some(())
    };
    let names: Vec<&str> = estate
        .registrations
        .iter()
        .filter(|registration| other_tier(registration).is_some())
        .map(|registration| registration.name.as_str())
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "the credential of {} lies in a vault of another tier: whoever reads that vault can sign in there, which vault-shared-across-tiers reports and secret-shared cannot rule out",
            listed(&names)
        )
    })
}

fn without_owner(estate: &Estate) -> Option<String> {
    let names: Vec<&str> = estate
        .registrations
        .iter()
        .filter(|registration| {
            let environment = estate.environment_of(registration);
            registration.owner.is_none()
                && environment.is_none_or(|environment| environment.contact.is_none())
        })
        .map(|registration| registration.name.as_str())
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "{} {} no `owner`, nor {} environment a `contact`: only the owners in Entra can be reminded (credential-expiring), and ownerless-registration fails where there are none",
            listed(&names),
            if names.len() == 1 { "has" } else { "have" },
            if names.len() == 1 { "its" } else { "their" },
        )
    })
}

fn without_organisation(estate: &Estate) -> Option<String> {
    let names: Vec<&str> = estate
        .environments
        .iter()
        .filter(|(_, environment)| {
            environment.dataverse.is_some() && environment.organization_id.is_none()
        })
        .map(|(name, _)| name.as_str())
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "{} {} no `organization-id`: whoami-mismatch cannot tell that a url leads to another organisation, and --probe-writes is refused there; WhoAmI answers it as OrganizationId",
            listed(&names),
            if names.len() == 1 { "has" } else { "have" },
        )
    })
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
