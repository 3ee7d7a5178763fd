//! Does every environment have a registration of its own?

use crate::checks::prelude::*;

pub(crate) struct RegistrationSharedAcrossEnvironments;

impl Check for RegistrationSharedAcrossEnvironments {
    const META: CheckMeta = CheckMeta {
        id: "registration-shared-across-environments",
        title: "One registration is used in several environments",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "Whoever holds the test credential holds production's: nothing separates the two any more.",
        remediation: "Make one registration and one application user for each environment.",
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
                            "said once, for registration/{}",
                            alike.first().map_or("", |first| first.name())
                        )))
                    }
                    Ok(id) if environments.len() > 1 => Ok(failed(format!(
                        "Client id {id} is used by {} in environments {}",
                        alike
                            .iter()
                            .map(|case| case.name())
                            .collect::<Vec<_>>()
                            .join(", "),
                        environments.iter().copied().collect::<Vec<_>>().join(", ")
                    ))),
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
