//! Does every environment have its own registration?

use crate::checks::prelude::*;

pub(crate) struct RegistrationSharedAcrossEnvironments;

impl Check for RegistrationSharedAcrossEnvironments {
    const META: CheckMeta = CheckMeta {
        id: "registration-shared-across-environments",
        title: "One registration is used in several environments",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "Whoever has the test credential has production's too: nothing separates the two.",
        remediation: "Create a separate app registration with its own application user for each environment, and correct the client ids in the estate.",
        controls: controls::ISOLATION,
        evidence: &["estate", "Key Vault secret"],
        explains: &[
            "secret-shared",
            "foreign-environment-open",
            "foreign-application-user",
            "unknown-application-user",
        ],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let cases: Vec<_> = context.cases().collect();
        let nameless: Vec<_> = context.nameless_cases().collect();
        cases
            .iter()
            .map(|case| {
                let apart = |other: &Case<'_>| other.name() != case.name();
                let mut alike = vec![*case];
                if let Ok(id) = case.client_id() {
                    alike.extend(context.cases_of_client(id).filter(apart));
                }
                let unread = nameless.iter().rev().find(|other| apart(other));
                alike.sort_by_key(Case::name);
                let environments: BTreeSet<&str> = alike
                    .iter()
                    .map(|case| case.registration.environment.as_str())
                    .collect();
                let judged = match case.client_id() {
                    Err(stop) => Err(stop),
                    Ok(_)
                        if environments.len() > 1
                            && alike.first().map(|first| first.name()) != Some(case.name()) =>
                    {
                        Err(not_applicable(format!(
                            "reported once, for registration/{}",
                            alike.first().map_or("", |first| first.name())
                        )))
                    }
                    Ok(id) if environments.len() > 1 => Ok(in_words(id, &alike, &environments)),
                    Ok(_) => match unread.map(Case::client_id) {
                        Some(Err(stop)) => Err(stop),
                        Some(Ok(_)) | None => Ok(Outcome::Pass),
                    },
                };
                let mut verdict = case.whole(judged);
                if matches!(verdict.outcome, Outcome::Fail(_)) {
                    verdict.subjects = alike
                        .iter()
                        .map(|case| Resource::registration(case.name()))
                        .collect();
                }
                verdict
            })
            .collect()
    }
}

fn in_words(id: &str, alike: &[Case<'_>], environments: &BTreeSet<&str>) -> Outcome {
    let names: Vec<&str> = alike.iter().map(Case::name).collect();
    let environments: Vec<&str> = environments.iter().copied().collect();
    let environments = listed(&environments);
    advised(
        format!(
            "Client id {id} is used by {} in environments {environments}",
            listed(&names)
        ),
        format!(
            "Keep client id {id} for one of the environments {environments}. For each of the others create a separate app registration with its own application user, correct its client id in the estate, and delete application user {id} there"
        ),
    )
    .what(format!("share one registration across {environments}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn one_client_id_in_two_environments_fails_once() {
        assert_pass::<RegistrationSharedAcrossEnvironments>(|_| {});
        let verdicts = judge_all::<RegistrationSharedAcrossEnvironments>(share_client_id);
        let failed: Vec<_> = verdicts
            .iter()
            .filter(|verdict| matches!(verdict.outcome, Outcome::Fail(_)))
            .collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(
            failed[0].subjects,
            ["registration/raia", "registration/raia-dev"]
        );
    }

    #[test]
    fn a_client_id_that_was_not_read_may_be_the_same() {
        assert_unknown::<RegistrationSharedAcrossEnvironments>(|snapshot| {
            snapshot.estate.registrations[1].client_id =
                crate::estate::ClientId::Secret(crate::estate::EntryRef {
                    vault: "dev".to_owned(),
                    name: "id".to_owned(),
                });
            snapshot
                .registrations
                .get_mut("raia-dev")
                .unwrap()
                .client_id = gap();
        });
    }
}
