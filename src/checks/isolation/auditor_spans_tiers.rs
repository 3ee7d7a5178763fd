//! Can one auditor read production's vaults and those of other tiers?

use crate::checks::prelude::*;

pub(crate) struct AuditorSpansTiers;

impl Check for AuditorSpansTiers {
    const META: CheckMeta = CheckMeta {
        id: "auditor-spans-tiers",
        title: "One auditor reads the vaults of production and of other tiers",
        severity: Severity::Info,
        family: super::FAMILY,
        rationale: "Whoever runs the audit for development then has production's secrets for a moment. The head of every report says which tiers the audit reads; this check is for a policy that requires separate auditors.",
        remediation: "Run the audit once per tier (`--env`), each time with a separate identity, and give each identity access to the vaults of its own tier only.",
        controls: controls::ISOLATION,
        evidence: &["Key Vault secret"],
        explains: &[],
    };

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        let auditors = context.snapshot.auditors.keys();
        auditors
            .map(|scope| {
                let judged = judge(params, context, scope);
                Verdict::on(Resource::auditor(scope), settled(judged))
            })
            .collect()
    }
}

params! {
    /// Whether the policy asks.
    pub(crate) struct Params {
        /// Whether each tier must have a separate auditor. Default: false, and nothing is checked.
        one_for_each_tier: bool = false,
    }
}

fn judge(params: &Params, context: &Context<'_>, scope: &str) -> Judged {
    if !params.one_for_each_tier {
        return Err(not_applicable(
            "the policy does not require a separate auditor per tier",
        ));
    }
    if scope.starts_with("environment/") {
        return Err(not_applicable("the tenant's auditor reads the vaults"));
    }
    let vaults = Vaults::of(context, scope);
    if vaults.read.contains_key(&Tier::Production) && vaults.read.len() > 1 {
        let words = vaults.read.iter().map(|(tier, names)| {
            let names: Vec<&str> = names.iter().copied().collect();
            format!("of {tier} ({})", names.join(", "))
        });
        let tiers: Vec<&str> = vaults.read.keys().map(|tier| tier.as_str()).collect();
        return Ok(failed(format!(
            "The audit read secrets {}",
            words.collect::<Vec<_>>().join(" and ")
        ))
        .what(format!("reads the vaults of {}", listed(&tiers))));
    }
    match vaults.unread {
        Some(gap) => Err(gap.into()),
        None => Ok(Outcome::Pass),
    }
}

/// Which vaults gave their secrets to one tenant's auditor.
struct Vaults<'a> {
    /// Names, by tier of the vault's environment.
    read: BTreeMap<Tier, BTreeSet<&'a str>>,
    /// Why others did not.
    unread: Option<Gap>,
}

impl<'a> Vaults<'a> {
    fn of(context: &Context<'a>, tenant: &str) -> Self {
        let estate = &context.snapshot.estate;
        let mut vaults = Self {
            read: BTreeMap::new(),
            unread: None,
        };
        for case in context.cases() {
            let Some(stored) = &case.registration.credential else {
                continue;
            };
            let name = stored.entry.vault.as_str();
            let Some(vault) = estate.vaults.get(name) else {
                continue;
            };
            let read_by = estate.tenant_of_vault(vault).map(|(name, _)| name);
            let environment = estate.environments.get(&vault.environment);
            let Some(environment) = environment.filter(|_| read_by == Some(tenant)) else {
                continue;
            };
            let content = match case.evidence.entry.get() {
                Ok(Presence::Present(entry)) => entry.content.get().map(|_| ()),
                Ok(Presence::Absent) => continue,
                Err(gap) => Err(gap),
            };
            match content {
                Ok(()) => {
                    vaults
                        .read
                        .entry(environment.tier)
                        .or_default()
                        .insert(name);
                }
                Err(gap) => vaults.unread = vaults.unread.or_else(|| Some(gap.clone())),
            }
        }
        vaults
    }
}

/// The tiers whose secrets a tenant's auditor read, for the head of the report; `None` where it is one
/// tier, or production is not among them.
pub(crate) fn tiers_read(context: &Context<'_>, scope: &str) -> Option<Vec<Tier>> {
    let read = Vaults::of(context, scope).read;
    let spans = read.len() > 1 && read.contains_key(&Tier::Production);
    spans.then(|| read.into_keys().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::index::Index;

    fn outcome(params: &serde_json::Value, spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        let context = Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        };
        let params = serde_json::from_value(params.clone()).unwrap();
        AuditorSpansTiers::judge(&params, &context)
            .swap_remove(0)
            .outcome
    }

    fn asked(spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
        outcome(&serde_json::json!({ "one-for-each-tier": true }), spoil)
    }

    #[test]
    fn one_auditor_for_two_tiers_is_told_where_the_policy_asks() {
        let Outcome::Fail(failure) = asked(|_| {}) else {
            panic!("it reads both")
        };
        assert_eq!(
            failure.seen,
            "The audit read secrets of production (prod) and of development (dev)"
        );
        let unasked = outcome(&serde_json::json!({}), |_| {});
        assert!(matches!(unasked, Outcome::NotApplicable(_)), "{unasked:?}");
    }

    #[test]
    fn one_tier_passes_and_a_vault_that_gave_nothing_is_unknown() {
        let test_and_development = asked(|snapshot| environment(snapshot).tier = Tier::Test);
        assert!(
            matches!(test_and_development, Outcome::Pass),
            "{test_and_development:?}"
        );
        let unread = asked(|snapshot| raia(snapshot).entry = gap());
        assert!(matches!(unread, Outcome::Unknown(_)), "{unread:?}");
    }

    #[test]
    fn the_head_of_the_report_names_the_tiers() {
        let snapshot = tidy();
        let context = Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        };
        let tiers = tiers_read(&context, "contoso");
        assert_eq!(tiers, Some(vec![Tier::Production, Tier::Development]));
        assert_eq!(tiers_read(&context, "fabrikam"), None);
    }
}
