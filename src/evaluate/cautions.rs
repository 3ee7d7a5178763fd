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
    let (kind, rest) = waiver.resource.split_once('/')?;
    let name = rest.split('/').next().unwrap_or(rest);
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
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::estate::load;
    use crate::policy;
    use crate::source::SourceFile;

    const TIDY: &str = r#"version = 1
[tenants.contoso]
id = "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001"
[environments.prod]
tenant = "contoso"
tier = "production"
dataverse = "https://contoso.crm4.dynamics.com"
organization-id = "1f6c0a4e-0b61-4c8e-9f0e-6a1f3d6c0001"
contact = "crm@contoso.com"
[environments.test]
tenant = "contoso"
tier = "test"
dataverse = "https://contoso-test.crm4.dynamics.com"
organization-id = "1f6c0a4e-0b61-4c8e-9f0e-6a1f3d6c0002"
contact = "crm@contoso.com"
[vaults.prod]
environment = "prod"
url = "https://kv-prod.vault.azure.net"
[vaults.test]
environment = "test"
url = "https://kv-test.vault.azure.net"
[[registrations]]
name = "raia"
environment = "prod"
client-id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001"
credential = { secret = "prod/raia" }
[[registrations]]
name = "raia-test"
environment = "test"
client-id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60002"
credential = { secret = "test/raia" }
"#;

    fn file(text: &str) -> Arc<SourceFile> {
        Arc::new(SourceFile {
            name: "a.toml".to_owned(),
            text: text.to_owned(),
        })
    }

    fn estate(text: &str) -> Estate {
        load::parse(&file(text)).expect("an estate")
    }

    fn about(text: &str) -> Vec<String> {
        of_estate(&estate(text))
    }

    fn of(policy: &str) -> Vec<String> {
        let none = |name: &str| Err(name.to_owned());
        let policy = policy::load::parse(&file(policy), &none).expect("a policy");
        let today = NaiveDate::from_ymd_opt(2027, 6, 30).expect("a day");
        of_policy(&policy, &estate(TIDY), today)
    }

    #[test]
    fn an_estate_that_says_everything_has_no_warning() {
        assert_eq!(about(TIDY), Vec::<String>::new());
        for name in ["baseline", "strict", "relaxed"] {
            let policy = policy::builtin(name).expect("built in");
            assert_eq!(bands_out_of_order(&policy), Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn each_omission_is_told_once_with_what_it_costs() {
        for (text, words, checks) in [
            (
                TIDY.replace("0d3a51c60002", "0d3a51c60001"),
                "raia and raia-test have one client id",
                "missing-role",
            ),
            (
                TIDY.replace("\"test/raia\"", "\"prod/raia-test\""),
                "the credential of raia-test lies in a vault of another tier",
                "vault-shared-across-tiers",
            ),
            (
                TIDY.replacen("contact = \"crm@contoso.com\"\n", "", 1),
                "raia has no `owner`, nor its environment a `contact`",
                "ownerless-registration",
            ),
            (
                TIDY.replace("contact = \"crm@contoso.com\"\n", ""),
                "raia and raia-test have no `owner`, nor their environment a `contact`",
                "credential-expiring",
            ),
            (
                TIDY.replacen(
                    "organization-id = \"1f6c0a4e-0b61-4c8e-9f0e-6a1f3d6c0001\"\n",
                    "",
                    1,
                ),
                "prod has no `organization-id`",
                "whoami-mismatch",
            ),
        ] {
            let all = about(&text);
            assert_eq!(all.len(), 1, "{all:#?}");
            assert!(all[0].starts_with(words), "{}", all[0]);
            assert!(all[0].contains(checks), "{}", all[0]);
        }
    }

    fn waiver(resource: &str, expires: &str) -> String {
        format!(
            "version = 1\n[[waivers]]\ncheck = \"credential-expired\"\nresource = \"{resource}\"\nreason = \"r\"\nowner = \"o@contoso.com\"\nexpires = {expires}\n"
        )
    }

    #[test]
    fn a_waiver_counts_through_its_last_day_and_must_name_something() {
        assert_eq!(
            of(&waiver("registration/raia", "2027-06-30")),
            Vec::<String>::new()
        );
        let over = of(&waiver("registration/raia", "2027-06-29"));
        assert_eq!(over.len(), 1);
        assert!(over[0].contains("ended on 2027-06-29"), "{}", over[0]);
        for (resource, words) in [
            (
                "registration/riaa",
                "no registration `riaa` (unused-waiver); did it mean `raia`?",
            ),
            ("registration/riaa/credential/x", "no registration `riaa`"),
            ("vault-entry/prd/raia", "no vault `prd`"),
            ("vault/prd", "no vault `prd`"),
            ("environment/live", "no environment `live`"),
            ("tenant/fabrikam", "no tenant `fabrikam`"),
        ] {
            let all = of(&waiver(resource, "2027-07-01"));
            assert_eq!(all.len(), 1, "{resource}: {all:#?}");
            assert!(all[0].contains(words), "{}", all[0]);
        }
        // What is found in a tenant's lists is nothing that the estate has to name.
        assert_eq!(
            of(&waiver("application/5b7a", "2027-07-01")),
            Vec::<String>::new()
        );
    }

    #[test]
    fn bands_have_an_order() {
        let bands = |days: &str| {
            of(&format!(
                "version = 1\n[checks.credential-expiring]\nwithin-days = {{ {days} }}\n"
            ))
        };
        for fine in [
            "low = 60, critical = 7",
            "critical = 7",
            "medium = 30, high = 14, critical = 1",
        ] {
            assert_eq!(bands(fine), Vec::<String>::new(), "{fine}");
        }
        for odd in [
            "low = 7, critical = 60",
            "low = 60, high = 14, critical = 14",
            "info = 5, low = 30",
        ] {
            let all = bands(odd);
            assert!(!all.is_empty(), "{odd}");
            assert!(all[0].contains("out of order"), "{}", all[0]);
        }
    }

    /// Every pair, not only neighbours, and each once.
    #[test]
    fn each_pair_of_bands_out_of_order_is_warned_of_once() {
        // What a policy does not say is as in the baseline: 60, 30, 14 and 7 days.
        for (days, wanted) in [
            (
                "low = 7, medium = 30, high = 14, critical = 20",
                &["medium>low", "high>low", "critical>low", "critical>high"][..],
            ),
            (
                "info = 5, low = 30, high = 7, critical = 9",
                &[
                    "low>info",
                    "medium>info",
                    "high>info",
                    "critical>info",
                    "medium>low",
                    "critical>high",
                ],
            ),
            (
                "low = 30, medium = 14, critical = 30",
                &[
                    "critical>low",
                    "high>medium",
                    "critical>medium",
                    "critical>high",
                ],
            ),
            ("low = 60, medium = 30, high = 14, critical = 7", &[]),
        ] {
            let all = of(&format!(
                "version = 1\n[checks.credential-expiring]\nwithin-days = {{ {days} }}\n"
            ));
            let pairs: Vec<String> = all
                .iter()
                .map(|one| {
                    let (_, rest) = one.split_once("give ").unwrap();
                    let (heavier, lighter) = rest.split_once(" fewer days than ").unwrap();
                    format!("{heavier}>{lighter}")
                })
                .collect();
            assert_eq!(pairs, wanted, "{days}");
        }
    }

    #[test]
    fn a_warning_stays_short() {
        let names: Vec<String> = (0..1_000).map(|number| format!("r{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(listed(&names), "r0, r1, r2, r3, r4, r5 and 994 more");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }
}
