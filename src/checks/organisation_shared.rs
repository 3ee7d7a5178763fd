//! Do two environments of the estate stand for one organisation?

use super::case::{Context, Stop, not_applicable};
use super::check::{Check, NoParams};
use super::controls;
use super::organisations::{is_known, same};
use super::tenants::settled;
use super::words::failed;
use crate::model::{CheckMeta, Family, Outcome, Severity, Verdict};

pub(super) struct OrganisationShared;

impl Check for OrganisationShared {
    const META: CheckMeta = CheckMeta {
        id: "organisation-shared",
        title: "Two environments of the estate are one organisation",
        severity: Severity::High,
        family: Family::Isolation,
        rationale: "What the estate calls two environments is one: whatever opens the one opens the other, and a test of isolation between them means nothing.",
        remediation: "Compare the urls in the estate with the Power Platform admin centre. Where one is mistyped, correct it; where both are meant, give the tiers environments of their own.",
        controls: controls::ISOLATION,
        evidence: &["estate", "WhoAmI of the auditor and of registrations"],
        explains: &[
            "foreign-environment-open",
            "foreign-application-user",
            "unknown-application-user",
        ],
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
        names
            .iter()
            .map(|name| verdict(context, &names, name))
            .collect()
    }
}

fn verdict(context: &Context<'_>, names: &[&str], name: &str) -> Verdict {
    let others = || names.iter().filter(|other| **other != name);
    let alike: Vec<(&str, String)> = others()
        .filter_map(|other| Some((*other, same(context, name, other)?)))
        .collect();
    let resource = format!("environment/{name}");
    let judged = if let Some((first, _)) = alike.first() {
        if *first < name {
            Err(not_applicable(format!(
                "said once, for environment/{first}"
            )))
        } else {
            let how: Vec<&str> = alike.iter().map(|(_, how)| how.as_str()).collect();
            Ok(failed(how.join("; ")))
        }
    } else {
        names
            .iter()
            .try_for_each(|one| is_known(context, one))
            .map(|()| Outcome::Pass)
            .map_err(Stop::Gap)
    };
    let mut verdict = Verdict::on(resource, settled(judged));
    if matches!(verdict.outcome, Outcome::Fail(_)) {
        verdict.subjects = subjects(context, name, &alike);
    }
    verdict
}

/// The environments and their registrations.
fn subjects(context: &Context<'_>, name: &str, alike: &[(&str, String)]) -> Vec<String> {
    let together = |one: &str| one == name || alike.iter().any(|(other, _)| *other == one);
    let estate = &context.snapshot.estate;
    let environments = estate.environments.keys().filter(|one| together(one));
    let registrations = estate.registrations.iter();
    let registrations = registrations.filter(|one| together(&one.environment));
    let mut subjects: Vec<String> = environments
        .map(|one| format!("environment/{one}"))
        .chain(registrations.map(|one| format!("registration/{}", one.name)))
        .collect();
    subjects.sort();
    subjects
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;
    use crate::evidence::Snapshot;

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
            assert!(
                matches!(verdicts[0].outcome, Outcome::Fail(_)),
                "{verdicts:?}"
            );
            assert!(matches!(verdicts[1].outcome, Outcome::NotApplicable(_)));
            assert_eq!(
                verdicts[0].subjects,
                [
                    "environment/dev",
                    "environment/prod",
                    "registration/raia",
                    "registration/raia-dev"
                ]
            );
        }
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
