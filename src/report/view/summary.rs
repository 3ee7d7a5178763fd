//! The run in the terms of the business: how many integrations work, what to do first, what nobody could check.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Effect;
use crate::model::assessment::{
    Assessment, CredentialEnd, Finding, ProofStep, RegistrationView, RungState, Urgency,
};

/// What became of one integration; the worst that is true of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Condition {
    CannotSignIn,
    LacksAccess,
    DoesTooMuch,
    /// Another finding at or above the policy's threshold.
    Serious,
    Expires,
    NotChecked,
    /// Lesser findings only, waived ones, or checks without an answer that the policy only reports.
    Minor,
    Fine,
}

/// Days before its end from which an integration is counted as expiring.
const EXPIRES: i64 = 30;

impl Condition {
    pub(crate) const ALL: [Self; 8] = [
        Self::CannotSignIn,
        Self::LacksAccess,
        Self::DoesTooMuch,
        Self::Serious,
        Self::Expires,
        Self::NotChecked,
        Self::Minor,
        Self::Fine,
    ];

    /// The words behind the number; `one` where it is one.
    pub(crate) const fn phrase(self, one: bool) -> &'static str {
        match self {
            Self::CannotSignIn => "cannot sign in",
            Self::LacksAccess if one => "lacks access",
            Self::LacksAccess => "lack access",
            Self::DoesTooMuch => "can do too much",
            Self::Serious if one => "has another serious finding",
            Self::Serious => "have other serious findings",
            Self::Expires if one => "expires within 30 days",
            Self::Expires => "expire within 30 days",
            Self::NotChecked => "not checked",
            Self::Minor => "only minor or waived findings, or optional checks not made",
            Self::Fine => "fine",
        }
    }
}

/// How many integrations there are of each condition; every registration is counted once.
pub(crate) fn conditions(assessment: &Assessment) -> Vec<(Condition, usize)> {
    let known = Known::of(assessment);
    let mut counts = BTreeMap::new();
    for view in &assessment.registrations {
        *counts.entry(known.condition(view)).or_insert(0) += 1;
    }
    Condition::ALL
        .into_iter()
        .map(|one| (one, counts.get(&one).copied().unwrap_or(0)))
        .collect()
}

/// What the assessment says of each registration, by name.
struct Known<'a> {
    effects: BTreeMap<&'a str, BTreeSet<Effect>>,
    serious: BTreeSet<&'a str>,
    open: BTreeSet<&'a str>,
    /// Of waived findings, and of checks without an answer that the policy only reports: not fine, either.
    accepted: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(assessment: &'a Assessment) -> Self {
        let mut effects: BTreeMap<&str, BTreeSet<Effect>> = BTreeMap::new();
        let mut serious = BTreeSet::new();
        for finding in &assessment.findings {
            let effect = match finding.urgency {
                Urgency::Rest => Effect::Upkeep,
                _ => finding.effect,
            };
            for name in &finding.registrations {
                effects.entry(name).or_default().insert(effect);
                let is_serious = finding.severity >= assessment.run.fail_on;
                if is_serious && finding.effect != Effect::Expiry {
                    serious.insert(name.as_str());
                }
            }
        }
        let (counting, reported): (Vec<_>, Vec<_>) =
            assessment.unknowns.iter().partition(|one| one.counts);
        let lists = assessment.coverage.lists.iter().filter(|one| one.counts);
        let open = counting
            .into_iter()
            .flat_map(|one| one.registrations.iter().map(String::as_str))
            .chain(lists.filter_map(|list| list.registration.as_deref()))
            .collect();
        let waived = assessment.waived.iter();
        let accepted = waived
            .flat_map(|one| &one.finding.registrations)
            .chain(reported.into_iter().flat_map(|one| &one.registrations));
        Self {
            effects,
            serious,
            open,
            accepted: accepted.map(String::as_str).collect(),
        }
    }

    fn condition(&self, view: &RegistrationView) -> Condition {
        let name = view.name.as_str();
        let effects = self.effects.get(name);
        let has = |effect| effects.is_some_and(|all| all.contains(&effect));
        let failed = |step| {
            let mut rungs = view.rungs.iter();
            rungs.any(|rung| rung.name == step && rung.state == RungState::Failed)
        };
        let shut_out = [ProofStep::Vault, ProofStep::Token, ProofStep::WhoAmI];
        let expires =
            matches!(view.ends, CredentialEnd::On { days_left, .. } if days_left <= EXPIRES);
        if has(Effect::SignIn) || shut_out.into_iter().any(failed) {
            Condition::CannotSignIn
        } else if has(Effect::Access) {
            Condition::LacksAccess
        } else if has(Effect::Excess) {
            Condition::DoesTooMuch
        } else if self.serious.contains(name) {
            Condition::Serious
        } else if expires {
            Condition::Expires
        } else if !view.is_proven() || self.open.contains(name) {
            Condition::NotChecked
        } else if effects.is_some() || self.accepted.contains(name) {
            Condition::Minor
        } else {
            Condition::Fine
        }
    }
}

/// Findings that are one line together: the same check says the same of several registrations.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub findings: Vec<&'a Finding>,
}

impl<'a> Entry<'a> {
    /// The names of all that it is about, each once, in order; what it is about where that is no registration.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for finding in &self.findings {
            if finding.registrations.is_empty() || finding.resource.is_shared() {
                names.push(finding.resource.called());
            } else {
                names.extend(finding.registrations.iter().cloned());
            }
        }
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    /// What is wrong, to stand beside the names.
    pub(crate) fn what(&self) -> &'a str {
        let first = self.findings.first();
        first.map_or("", |one| match one.what.letters() {
            "" => one.title.letters(),
            what => what.trim_start_matches([':', ' ']),
        })
    }
}

/// The findings of these urgencies in their order, those that say the same of several registrations together; of those
/// that are not urgent only what counts.
pub(crate) fn entries<'a>(assessment: &'a Assessment, which: &[Urgency]) -> Vec<Entry<'a>> {
    let counts =
        |one: &Finding| one.urgency != Urgency::Rest || one.severity >= assessment.run.fail_on;
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut places = BTreeMap::new();
    let chosen = assessment.findings.iter();
    for finding in chosen.filter(|one| which.contains(&one.urgency) && counts(one)) {
        let same = (&finding.check, &finding.what, &finding.title);
        let place = *places.entry(same).or_insert_with(|| {
            entries.push(Entry {
                findings: Vec::new(),
            });
            entries.len() - 1
        });
        entries[place].findings.push(finding);
    }
    entries
}

/// The registration that a reader should look at first: that of the first finding that counts, else one that was not
/// checked, else any.
pub(crate) fn first_to_show(assessment: &Assessment) -> Option<&str> {
    let urgent = [
        Urgency::Broken,
        Urgency::Soon,
        Urgency::Exposure,
        Urgency::Rest,
    ];
    let found = entries(assessment, &urgent).into_iter();
    let mut found = found.filter_map(|entry| entry.findings.first()?.registrations.first());
    let known = Known::of(assessment);
    let views = &assessment.registrations;
    let unchecked = || {
        let mut all = views.iter();
        all.find(|view| known.condition(view) == Condition::NotChecked)
    };
    let name = found.next().map(String::as_str);
    let view = || unchecked().or(views.first());
    name.or_else(|| view().map(|view| view.name.as_str()))
}

/// Where the registration is, and who answers for it.
pub(crate) fn whereabouts<'a>(
    assessment: &'a Assessment,
    finding: &Finding,
) -> Option<(&'a str, &'a str)> {
    let [name] = finding.registrations.as_slice() else {
        return None;
    };
    let view = assessment
        .registrations
        .iter()
        .find(|view| view.name == *name)?;
    let owner = view.route.to.first().map_or("nobody", String::as_str);
    Some((view.environment.as_str(), owner))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Prose;
    use crate::model::Severity;
    use crate::report::fixture;

    fn of(change: impl FnOnce(&mut Assessment)) -> Condition {
        let mut assessment = fixture::empty();
        assessment.registrations = vec![fixture::proven("raia", "prod", "production")];
        change(&mut assessment);
        let counts = conditions(&assessment);
        let found: Vec<_> = counts
            .into_iter()
            .filter(|(_, number)| *number > 0)
            .collect();
        assert_eq!(found.len(), 1);
        found[0].0
    }

    fn finding(effect: Effect, urgency: Urgency) -> Finding {
        let mut finding = fixture::rich().findings[0].clone();
        finding.registrations = vec!["raia".into()];
        (finding.effect, finding.urgency) = (effect, urgency);
        (finding.severity, finding.what) = (Severity::High, Prose::default());
        finding
    }

    #[test]
    fn the_worst_that_is_true_counts() {
        assert_eq!(of(|_| {}), Condition::Fine);
        let table = [
            (Effect::SignIn, Urgency::Broken, Condition::CannotSignIn),
            (Effect::Access, Urgency::Broken, Condition::LacksAccess),
            (Effect::Excess, Urgency::Exposure, Condition::DoesTooMuch),
            (Effect::Upkeep, Urgency::Rest, Condition::Serious),
            (Effect::Excess, Urgency::Rest, Condition::Serious),
        ];
        for (effect, urgency, condition) in table {
            let found = of(|one| one.findings = vec![finding(effect, urgency)]);
            assert_eq!(found, condition, "{effect:?}");
        }
        let expiring = of(|one| {
            one.findings = vec![finding(Effect::Expiry, Urgency::Rest)];
            one.registrations[0].ends = CredentialEnd::On {
                end: one.run.as_of,
                days_left: 14,
            };
        });
        assert_eq!(expiring, Condition::Expires);
        let lesser = of(|one| {
            one.findings = vec![finding(Effect::Upkeep, Urgency::Rest)];
            one.findings[0].severity = Severity::Low;
        });
        assert_eq!(lesser, Condition::Minor);
        let both = of(|one| {
            one.findings = vec![
                finding(Effect::Excess, Urgency::Exposure),
                finding(Effect::SignIn, Urgency::Broken),
            ];
        });
        assert_eq!(both, Condition::CannotSignIn);
    }

    #[test]
    fn nothing_is_fine_that_was_not_proven() {
        for state in [RungState::Unknown, RungState::NotReached] {
            for rung in 0..4 {
                let found = of(|one| one.registrations[0].rungs[rung].state = state);
                assert_eq!(found, Condition::NotChecked, "{state:?} {rung}");
            }
        }
        let open = of(|one| {
            let mut unknown = fixture::rich().unknowns[0].clone();
            (unknown.counts, unknown.registrations) = (true, vec!["raia".into()]);
            one.unknowns.push(unknown);
        });
        assert_eq!(open, Condition::NotChecked);
        let reported = of(|one| {
            let mut unknown = fixture::rich().unknowns[0].clone();
            (unknown.counts, unknown.registrations) = (false, vec!["raia".into()]);
            one.unknowns.push(unknown);
        });
        assert_eq!(
            reported,
            Condition::Minor,
            "what is only reported is not fine"
        );
        let waived = of(|one| {
            let mut waived = fixture::rich().waived[0].clone();
            waived.finding.registrations = vec!["raia".into()];
            one.waived.push(waived);
        });
        assert_eq!(waived, Condition::Minor);
        let failed = of(|one| one.registrations[0].rungs[1].state = RungState::Failed);
        assert_eq!(failed, Condition::CannotSignIn);
    }

    #[test]
    fn what_to_look_at_first_is_what_to_fix_first_then_what_was_not_checked() {
        let mut assessment = fixture::empty();
        assert_eq!(first_to_show(&assessment), None);
        assessment.registrations = ["fine", "dark", "broken"]
            .map(|name| fixture::proven(name, "prod", "production"))
            .into();
        assert_eq!(first_to_show(&assessment), Some("fine"));
        assessment.registrations[1].rungs[0].state = RungState::Unknown;
        let mut lesser = finding(Effect::Upkeep, Urgency::Rest);
        (lesser.severity, lesser.registrations) = (Severity::Low, vec!["fine".into()]);
        assessment.findings = vec![lesser];
        assert_eq!(first_to_show(&assessment), Some("dark"));
        let mut down = finding(Effect::SignIn, Urgency::Broken);
        down.registrations = vec!["broken".into()];
        assessment.findings.insert(0, down);
        assert_eq!(first_to_show(&assessment), Some("broken"));
    }

    #[test]
    fn what_says_the_same_of_several_is_one_entry() {
        let mut assessment = fixture::empty();
        for name in ["a", "b", "c"] {
            let mut one = finding(Effect::Excess, Urgency::Exposure);
            one.registrations = vec![name.into()];
            one.what = if name == "c" {
                "is another".into()
            } else {
                ": is alike".into()
            };
            assessment.findings.push(one);
        }
        let all = entries(&assessment, &[Urgency::Exposure]);
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].names(), ["a", "b"]);
        assert_eq!((all[0].what(), all[1].what()), ("is alike", "is another"));
        assert!(entries(&assessment, &[Urgency::Broken]).is_empty());
    }
}
