//! Does one vault serve several tiers?

use crate::checks::prelude::*;
use crate::estate::{Estate, Registration};

pub(crate) struct VaultSharedAcrossTiers;

impl Check for VaultSharedAcrossTiers {
    const META: CheckMeta = CheckMeta {
        id: "vault-shared-across-tiers",
        title: "One vault serves production and another tier",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "Permissions are usually granted for a whole vault rather than for one entry: whoever may read the development secrets can then read production's as well.",
        remediation: "Create a separate vault for each tier and store new credentials there. Then remove the permissions that other tiers have on production's vault.",
        controls: controls::ISOLATION,
        evidence: &["estate"],
        explains: &[],
    };

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        let hosts = Vaults::of(&context.snapshot.estate);
        hosts.iter().map(|vault| vault.verdict(params)).collect()
    }
}

params! {
    /// Which tiers have to be apart.
    pub(crate) struct Params {
        /// Whether test and development may share a vault, and only production has to have its own.
        /// Default: true.
        production_only: bool = true,
    }
}

/// One vault, whatever names the estate has for it.
#[derive(Default)]
struct Vaults<'a> {
    host: &'a str,
    names: BTreeSet<&'a str>,
    /// Who says so, by tier.
    served: BTreeMap<Tier, BTreeSet<String>>,
    registrations: BTreeSet<Resource>,
}

impl<'a> Vaults<'a> {
    /// By host.
    fn of(estate: &'a Estate) -> Vec<Self> {
        let mut by_host: BTreeMap<String, Self> = BTreeMap::new();
        for (name, vault) in &estate.vaults {
            let one = by_host.entry(vault.host.to_ascii_lowercase()).or_default();
            one.host = &vault.host;
            one.names.insert(name);
            if let Some(environment) = estate.environments.get(&vault.environment) {
                let words = format!("it is the vault of {}", vault.environment);
                one.served
                    .entry(environment.tier)
                    .or_default()
                    .insert(words);
            }
            let users = estate.registrations.iter();
            for registration in users.filter(|one| stores_in(one, name)) {
                one.registrations
                    .insert(Resource::registration(&registration.name));
                if let Some(environment) = estate.environment_of(registration) {
                    let words = format!("it holds the credential of {}", registration.name);
                    one.served
                        .entry(environment.tier)
                        .or_default()
                        .insert(words);
                }
            }
        }
        by_host.into_values().collect()
    }

    fn verdict(&self, params: &Params) -> Verdict {
        let name = self.names.first().copied().unwrap_or_default();
        let resource = Resource::vault(name);
        let subjects = if self.registrations.is_empty() {
            vec![resource.clone()]
        } else {
            self.registrations.iter().cloned().collect()
        };
        let shared = self.served.len() > 1
            && (!params.production_only || self.served.contains_key(&Tier::Production));
        let outcome = if shared {
            let served: Vec<String> = self
                .served
                .iter()
                .map(|(tier, why)| reason(*tier, why))
                .collect();
            let tiers: Vec<&str> = self.served.keys().map(|tier| tier.as_str()).collect();
            advised(
                format!("Vault {} serves {}", self.host, listed(&served)),
                format!(
                    "Create a separate vault for each tier and store new credentials there. Then remove the permissions that other tiers have on {} (Azure portal > Key vaults > Access control (IAM) and Access policies)",
                    self.host
                ),
            )
            .what(format!("serves {}", listed(&tiers)))
        } else {
            Outcome::Pass
        };
        Verdict {
            finops: false,
            resource,
            subjects,
            credentials: Vec::new(),
            outcome,
        }
    }
}

/// `production (it is the vault of prod, and 4 more)`.
fn reason(tier: Tier, why: &BTreeSet<String>) -> String {
    let first = why.first().map_or("", String::as_str);
    match why.len().saturating_sub(1) {
        0 => format!("{tier} ({first})"),
        more => format!("{tier} ({first}, and {more} more)"),
    }
}

fn stores_in(registration: &Registration, vault: &str) -> bool {
    registration.entries().any(|entry| entry.vault == vault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::index::Index;

    fn failures(params: serde_json::Value, spoil: fn(&mut Snapshot)) -> Vec<Verdict> {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        let context = Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        };
        let params = serde_json::from_value(params).unwrap();
        let verdicts = VaultSharedAcrossTiers::judge(&params, &context);
        let failed = |verdict: &Verdict| matches!(verdict.outcome, Outcome::Fail(_));
        verdicts.into_iter().filter(failed).collect()
    }

    fn default(spoil: fn(&mut Snapshot)) -> Vec<Verdict> {
        failures(serde_json::json!({}), spoil)
    }

    #[test]
    fn a_vault_of_its_own_passes() {
        assert_pass::<VaultSharedAcrossTiers>(|_| {});
        assert_eq!(default(|_| {}), []);
    }

    #[test]
    fn one_host_under_two_names_fails_once() {
        let found = default(|snapshot| {
            let host = snapshot.estate.vaults["prod"].host.clone();
            snapshot.estate.vaults.get_mut("dev").unwrap().host = host;
        });
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].resource, "vault/dev");
        assert_eq!(
            found[0].subjects,
            ["registration/raia", "registration/raia-dev"]
        );
    }

    #[test]
    fn a_registration_that_uses_another_tiers_vault_fails() {
        let found = default(|snapshot| {
            snapshot.estate.registrations[1].stored_mut().entry.vault = "prod".to_owned();
        });
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].resource, "vault/prod");
    }

    #[test]
    fn what_is_not_production_may_share_unless_the_policy_says_no() {
        fn test_and_development(snapshot: &mut Snapshot) {
            environment(snapshot).tier = Tier::Test;
            snapshot.estate.registrations[1].stored_mut().entry.vault = "prod".to_owned();
        }
        assert_eq!(default(test_and_development), []);
        let strict = serde_json::json!({ "production-only": false });
        assert_eq!(failures(strict, test_and_development).len(), 1);
    }
}
