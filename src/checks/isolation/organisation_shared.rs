//! Are two environments of the estate the same organisation?

use crate::checks::prelude::*;
use crate::facts::isolation::organisations::{is_known, same};

pub(crate) struct OrganisationShared;

impl Check for OrganisationShared {
    const META: CheckMeta = CheckMeta {
        id: "organisation-shared",
        title: "Two environments of the estate are the same organisation",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "What the estate calls two environments is one: whoever has access to one has access to the other, and a test of the isolation between them proves nothing.",
        remediation: "Compare the URLs in the estate with the Power Platform admin centre (Environments). If one is mistyped, correct it; if both are right, create a separate environment for each tier.",
        controls: controls::ISOLATION,
        evidence: &["estate", "WhoAmI of the auditor and of registrations"],
        // What one organisation makes pointless does not arise there. What the other service of the two
        // environments shows stands by itself: sharing the one explains nothing of the other.
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let names: Vec<&str> = context
            .snapshot
            .estate
            .environments
            .keys()
            .map(String::as_str)
            .collect();
        let whole = names.iter().map(|name| verdict(context, &names, name));
        let pairs = names.iter().enumerate().flat_map(|(index, left)| {
            let rest = names.iter().skip(index + 1);
            rest.filter_map(move |right| pair(context, left, right))
        });
        whole.chain(pairs).collect()
    }
}

/// Two environments that are one: each pair by itself, for what two have in common (a host, an id) is not
/// what another two have, and a waiver of one accepts no other.
fn pair(context: &Context<'_>, left: &str, right: &str) -> Option<Verdict> {
    let how = same(context, left, right)?;
    let urls: Vec<String> = [left, right]
        .into_iter()
        .filter_map(|name| {
            let host = context.snapshot.estate.environments.get(name)?;
            let host = host.dataverse.as_ref().or(host.finops.as_ref())?;
            Some(format!("{name} (https://{host})"))
        })
        .collect();
    let outcome = advised(
        how,
        format!(
            "Compare the URLs of {} in the estate with the Power Platform admin centre (Environments). If one is mistyped, correct it; if both are right, create a separate environment for each tier",
            listed(&urls)
        ),
    );
    let outcome = outcome.what("are the same organisation");
    let mut verdict = Verdict::on(pair_name(left, right), outcome);
    verdict.subjects = subjects(context, left, right);
    Some(verdict)
}

fn pair_name(one: &str, other: &str) -> Resource {
    let (left, right) = if one < other {
        (one, other)
    } else {
        (other, one)
    };
    Resource::environment(left).part(Part::Environment(right.to_owned()))
}

/// What is left to say of one environment beside its pairs: whether it may be one with any other.
fn verdict(context: &Context<'_>, names: &[&str], name: &str) -> Verdict {
    let others = names.iter().filter(|other| **other != name);
    let (alike, apart): (Vec<&str>, Vec<&str>) =
        others.partition(|other| same(context, name, other).is_some());
    // Alone, or one with each of the others: there is nobody left to be mistaken for.
    let known = if apart.is_empty() {
        Ok(())
    } else {
        [name]
            .iter()
            .chain(&apart)
            .try_for_each(|one| is_known(context, one))
    };
    let judged = match (known, alike.first()) {
        (Err(gap), _) => Err(Stop::Gap(gap)),
        (Ok(()), Some(other)) => Err(not_applicable(format!(
            "it is one with {other}: said for {}",
            pair_name(name, other)
        ))),
        (Ok(()), None) => Ok(Outcome::Pass),
    };
    Verdict::on(Resource::environment(name), settled(judged))
}

/// Both environments and their registrations.
fn subjects(context: &Context<'_>, left: &str, right: &str) -> Vec<Resource> {
    let registrations = context.snapshot.estate.registrations.iter();
    let own = registrations.filter(|one| one.environment == left || one.environment == right);
    let mut subjects: Vec<Resource> = [left, right]
        .into_iter()
        .map(Resource::environment)
        .chain(own.map(|one| Resource::registration(&one.name)))
        .collect();
    subjects.sort();
    subjects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn verdicts(spoil: impl FnOnce(&mut Snapshot)) -> Vec<Verdict> {
        let verdicts = judge_all::<OrganisationShared>(spoil);
        assert_eq!(verdicts[0].resource, "environment/dev");
        assert_eq!(verdicts[1].resource, "environment/prod");
        verdicts
    }

    #[test]
    fn two_organisations_pass() {
        for verdict in verdicts(|_| {}) {
            assert!(matches!(verdict.outcome, Outcome::Pass), "{verdict:?}");
        }
    }

    #[test]
    fn one_host_or_one_id_fails_once_about_both() {
        let spoils: [fn(&mut Snapshot); 4] = [
            |snapshot| {
                let host = snapshot.estate.environments["dev"].dataverse.clone();
                environment(snapshot).dataverse = host.map(|host| host.to_uppercase());
            },
            |snapshot| {
                let host = snapshot.estate.environments["dev"].finops.clone();
                environment(snapshot).finops = host;
            },
            |snapshot| {
                snapshot.environments.get_mut("prod").unwrap().organization =
                    known("ORGANIZATION-contoso-dev".to_owned());
            },
            // The auditor was refused; a registration was told.
            |snapshot| {
                snapshot.environments.get_mut("prod").unwrap().organization = gap();
                let proof = &mut dataverse(snapshot).whoami;
                if let crate::model::Observed::Known(crate::evidence::WhoAmI::Answered {
                    organization_id,
                    ..
                }) = proof
                {
                    *organization_id = "organization-contoso-dev".to_owned();
                }
            },
        ];
        for spoil in spoils {
            let verdicts = verdicts(spoil);
            assert_eq!(verdicts.len(), 3);
            for whole in &verdicts[..2] {
                assert!(
                    matches!(whole.outcome, Outcome::NotApplicable(_)),
                    "{whole:?}"
                );
            }
            let pair = &verdicts[2];
            assert_eq!(pair.resource, "environment/dev/environment/prod");
            assert!(matches!(pair.outcome, Outcome::Fail(_)), "{pair:?}");
            assert_eq!(
                pair.subjects,
                [
                    "environment/dev",
                    "environment/prod",
                    "registration/raia",
                    "registration/raia-dev"
                ]
            );
        }
    }

    /// dev and prod share a Dataverse host, prod and test one of Finance & Operations, test and uat
    /// answer with one id: what the one pair shares says nothing of the next.
    #[test]
    fn every_pair_is_said() {
        let verdicts = judge_all::<OrganisationShared>(|snapshot| {
            let host = snapshot.estate.environments["dev"].dataverse.clone();
            environment(snapshot).dataverse = host;
            snapshot.environments.get_mut("prod").unwrap().organization =
                known("organization-contoso-dev".to_owned());
            let prod = environment(snapshot).clone();
            for (name, finops) in [("test", prod.finops.clone()), ("uat", None)] {
                let mut other = prod.clone();
                other.dataverse = Some(format!("contoso-{name}.crm4.dynamics.com"));
                other.finops = finops;
                snapshot.estate.environments.insert(name.to_owned(), other);
                let mut evidence = snapshot.environments["prod"].clone();
                evidence.organization = known("organization-test".to_owned());
                snapshot.environments.insert(name.to_owned(), evidence);
            }
        });
        let said: Vec<&str> = verdicts
            .iter()
            .filter(|verdict| matches!(verdict.outcome, Outcome::Fail(_)))
            .map(|verdict| verdict.resource.path())
            .collect();
        assert_eq!(
            said,
            [
                "environment/dev/environment/prod",
                "environment/prod/environment/test",
                "environment/test/environment/uat",
            ]
        );
    }

    /// Of a third that could not be asked, neither of the two can tell.
    #[test]
    fn one_pair_does_not_speak_for_a_third() {
        let verdicts = judge_all::<OrganisationShared>(|snapshot| {
            let host = snapshot.estate.environments["dev"].dataverse.clone();
            environment(snapshot).dataverse = host;
            let mut third = environment(snapshot).clone();
            (third.dataverse, third.finops) =
                (Some("contoso-test.crm4.dynamics.com".to_owned()), None);
            snapshot
                .estate
                .environments
                .insert("test".to_owned(), third);
        });
        for verdict in &verdicts[..3] {
            assert!(
                matches!(verdict.outcome, Outcome::Unknown(_)),
                "{verdict:?}"
            );
        }
        assert!(matches!(verdicts[3].outcome, Outcome::Fail(_)));
    }

    #[test]
    fn an_organisation_that_is_not_known_may_be_the_other_one() {
        let verdicts = verdicts(|snapshot| {
            snapshot.environments.get_mut("prod").unwrap().organization = gap();
        });
        for verdict in verdicts {
            assert!(
                matches!(verdict.outcome, Outcome::Unknown(_)),
                "{verdict:?}"
            );
        }
    }

    #[test]
    fn an_environment_without_dataverse_has_hosts_alone() {
        for verdict in verdicts(|snapshot| {
            environment(snapshot).dataverse = None;
            snapshot.environments.remove("prod");
            raia(snapshot).dataverse = None;
        }) {
            assert!(matches!(verdict.outcome, Outcome::Pass), "{verdict:?}");
        }
    }
}
