//! The environments and vaults of a draft: those that were listed and those that were named, each once and by name.

use std::collections::BTreeSet;

use super::draft::{DraftEnvironment, DraftVault, Told};
use super::environments::Found;
use super::names;

/// An environment that somebody named by its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// Host without `.api`.
    Dataverse(String),
    /// Host.
    Finops(String),
}

/// The environments, sorted by their names in the estate.
pub(super) fn environments(found: Vec<Found>, given: &[Given]) -> Vec<DraftEnvironment> {
    let mut all: Vec<DraftEnvironment> = found.into_iter().map(draft).collect();
    for given in given {
        match given {
            Given::Dataverse(host) => {
                if !all.iter().any(|one| one.dataverse.as_ref() == Some(host)) {
                    all.push(DraftEnvironment {
                        dataverse: Some(host.clone()),
                        ..DraftEnvironment::default()
                    });
                }
            }
            Given::Finops(host) => {
                if !all.iter().any(|one| one.finops.as_ref() == Some(host)) {
                    add_finops(&mut all, host);
                }
            }
        }
    }
    all.sort_by(|one, other| host(one).cmp(host(other)));
    let mut taken = BTreeSet::new();
    for environment in &mut all {
        let name = label(host(environment)).to_owned();
        environment.key = names::free(&name, "environment", &mut taken);
    }
    all.sort_by(|one, other| one.key.cmp(&other.key));
    all
}

fn draft(found: Found) -> DraftEnvironment {
    DraftEnvironment {
        key: String::new(),
        title: found.title,
        dataverse: found.dataverse,
        finops: found.finops,
        finops_guess: None,
        organization_id: found.organization_id,
        kind: found.kind,
    }
}

/// Finance & Operations of its own belongs to the Dataverse that has its name, where there is one.
fn add_finops(all: &mut Vec<DraftEnvironment>, host: &str) {
    let same = |one: &&mut DraftEnvironment| {
        let dataverse = one.dataverse.as_deref();
        one.finops.is_none() && dataverse.is_some_and(|other| label(other) == label(host))
    };
    if let Some(environment) = all.iter_mut().find(same) {
        environment.finops = Some(host.to_owned());
        environment.finops_guess = Some("it has the name of this Dataverse".to_owned());
    } else {
        all.push(DraftEnvironment {
            finops: Some(host.to_owned()),
            ..DraftEnvironment::default()
        });
    }
}

fn host(environment: &DraftEnvironment) -> &str {
    let hosts = environment
        .dataverse
        .as_ref()
        .or(environment.finops.as_ref());
    hosts.map_or("", String::as_str)
}

fn label(host: &str) -> &str {
    host.split('.').next().unwrap_or_default()
}

/// The vaults, sorted by their names in the estate. Which environment each serves is not looked at yet.
pub(super) fn vaults(found: &[String], given: &[String]) -> Vec<DraftVault> {
    let hosts: BTreeSet<&String> = found.iter().chain(given).collect();
    let mut taken = BTreeSet::new();
    let draft = |host: &String| DraftVault {
        key: names::free(label(host), "vault", &mut taken),
        host: host.clone(),
        environment: Told::Open(Vec::new()),
    };
    hosts.into_iter().map(draft).collect()
}

/// Which environment a vault serves, by the environments of the registrations whose credentials it holds (one
/// for each).
pub(super) fn served(holds_for: &[&str], environments: &[DraftEnvironment]) -> Told<String> {
    let all: BTreeSet<&str> = holds_for.iter().copied().collect();
    let mut all = all.into_iter();
    match (all.next(), all.next()) {
        (Some(only), None) => {
            let what = match holds_for.len() {
                1 => "the credential of a registration of it is".to_owned(),
                many => format!("the credentials of {many} registrations of it are"),
            };
            return Told::Guessed(only.to_owned(), format!("{what} taken to stand here"));
        }
        (Some(_), Some(_)) => {
            let mut counts: Vec<(usize, &str)> = environments
                .iter()
                .map(|one| (times(holds_for, &one.key), one.key.as_str()))
                .filter(|(count, _)| *count > 0)
                .collect();
            counts.sort_by(|one, other| other.cmp(one));
            let words: Vec<String> = counts
                .iter()
                .map(|(count, key)| format!("{count} of {key}"))
                .collect();
            return Told::Open(vec![format!(
                "it is taken to hold credentials of registrations of several environments: {}",
                words.join(", ")
            )]);
        }
        _ => {}
    }
    match environments {
        [only] => Told::Guessed(only.key.clone(), "there is no other environment".to_owned()),
        _ => Told::Open(vec![
            "no credential in it could be matched to a registration".to_owned(),
        ]),
    }
}

fn times(keys: &[&str], key: &str) -> usize {
    keys.iter().filter(|one| **one == key).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(dataverse: &str) -> Found {
        Found {
            dataverse: Some(dataverse.to_owned()),
            ..Found::default()
        }
    }

    #[test]
    fn what_is_named_is_added_once_and_its_finance_joins_the_dataverse_of_its_name() {
        let given = [
            Given::Dataverse("contoso.crm4.dynamics.com".to_owned()),
            Given::Dataverse("fabrikam.crm4.dynamics.com".to_owned()),
            Given::Finops("contoso.operations.dynamics.com".to_owned()),
            Given::Finops("lone.operations.dynamics.com".to_owned()),
        ];
        let all = environments(vec![found("contoso.crm4.dynamics.com")], &given);
        let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["contoso", "fabrikam", "lone"]);
        assert_eq!(
            all[0].finops.as_deref(),
            Some("contoso.operations.dynamics.com")
        );
        assert!(all[0].finops_guess.is_some());
        assert_eq!((&all[2].dataverse, &all[2].finops_guess), (&None, &None));
    }

    #[test]
    fn two_regions_of_one_name_are_two_environments() {
        let hosts = ["contoso.crm4.dynamics.com", "contoso.crm.dynamics.com"];
        let all = environments(hosts.map(found).into(), &[]);
        let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["contoso", "contoso-2"]);
    }

    #[test]
    fn a_vault_serves_whom_it_holds_credentials_for() {
        let all = environments(
            vec![
                found("prod.crm4.dynamics.com"),
                found("test.crm4.dynamics.com"),
            ],
            &[],
        );
        let told = |holds: &[&str]| served(holds, &all);
        assert!(matches!(told(&["prod", "prod"]), Told::Guessed(key, _) if key == "prod"));
        let Told::Open(seen) = told(&["prod", "test", "prod"]) else {
            panic!("two environments");
        };
        assert!(seen[0].ends_with("2 of prod, 1 of test"), "{seen:?}");
        assert!(matches!(told(&[]), Told::Open(_)));
        assert!(matches!(served(&[], &all[..1]), Told::Guessed(..)));
    }
}
