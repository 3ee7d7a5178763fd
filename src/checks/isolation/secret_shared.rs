//! Is one secret stored for several registrations or environments?

use crate::checks::prelude::*;
use crate::estate::EntryRef;

pub(crate) struct SecretShared;

impl Check for SecretShared {
    const META: CheckMeta = CheckMeta {
        id: "secret-shared",
        title: "Several registrations use the same secret or key",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "A secret that two integrations share cannot be rotated for only one of them, and whoever reads it in the less protected place has both.",
        remediation: "Create a separate secret for each registration and store it in the registration's own vault entry. Run the audit again, and delete the shared secret in Entra as soon as both are confirmed to work.",
        controls: controls::ISOLATION,
        evidence: &["Key Vault secret"],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let cases: Vec<_> = context.cases().collect();
        let values = Values::of(&cases);
        cases
            .iter()
            .map(|case| {
                let mut subjects: BTreeSet<Resource> = [Resource::registration(case.name())].into();
                let judged = match group(case) {
                    Err(stop) => Err(stop),
                    Ok(None) => Err(not_applicable("there is no value to compare")),
                    Ok(Some(number)) => {
                        // A secret belongs to one registration; a key can be registered on several.
                        match keyed_alike(case).as_slice() {
                            [] => stored_alike(&values, case, number, &mut subjects),
                            others => one_key(case, others, &mut subjects),
                        }
                    }
                };
                Verdict {
                    finops: false,
                    resource: match entry(case) {
                        Some(entry) => Resource::vault_entry(&entry.vault, &entry.name),
                        None => Resource::registration(case.name()),
                    },
                    subjects: subjects.into_iter().collect(),
                    credentials: Vec::new(),
                    outcome: case.settle(judged),
                }
            })
            .collect()
    }
}

fn entry(case: &Case<'_>) -> Option<EntryRef> {
    Some(case.registration.credential.as_ref()?.entry.clone())
}

/// Several registrations that name one certificate entry: said of the first by name.
fn one_key(case: &Case<'_>, others: &[&str], subjects: &mut BTreeSet<Resource>) -> Judged {
    subjects.extend(others.iter().map(|name| Resource::registration(name)));
    if others.iter().any(|name| *name < case.name()) {
        return Err(not_applicable("reported once, for this entry"));
    }
    Ok(failed(format!(
        "One private key signs in as {} and as {}: both use the {}",
        case.name(),
        others.join(", "),
        case.entry_name()
    ))
    .what("share one private key"))
}

/// Whether the value of this number stands under another entry as well: said of the first entry by name.
fn stored_alike<'c, 'a>(
    values: &Values<'c, 'a>,
    case: &'c Case<'a>,
    number: u32,
    subjects: &mut BTreeSet<Resource>,
) -> Judged {
    let apart = |other: &&Case<'_>| entry(other) != entry(case);
    let holders = values.holders(number);
    let mut alike = vec![case];
    alike.extend(holders.iter().copied().filter(apart));
    let first = holders.iter().filter_map(|one| entry(one)).min();
    if alike.len() > 1 && first != entry(case) {
        return Err(not_applicable(format!(
            "reported once, for vault-entry/{}",
            first.map(|entry| entry.to_string()).unwrap_or_default()
        )));
    }
    if alike.len() > 1 {
        subjects.extend(alike.iter().map(|case| Resource::registration(case.name())));
        let entries = alike.iter().filter_map(|case| entry(case));
        let entries: BTreeSet<String> = entries.map(|entry| entry.to_string()).collect();
        return Ok(stored_twice(&entries.into_iter().collect::<Vec<_>>()));
    }
    match values.unread.iter().find(|(other, _)| apart(other)) {
        Some((other, gap)) => {
            subjects.insert(other.resource());
            Err(Stop::Gap(gap.clone()))
        }
        None => registered_elsewhere(values, case, subjects),
    }
}

fn stored_twice(entries: &[String]) -> Outcome {
    let entries = listed(entries);
    advised(
        format!("The same value is stored under {entries}"),
        format!(
            "Create a separate secret for each registration and store it in its own vault entry (now the same: {entries}). Run the audit again, and delete the shared secret under Certificates & secrets of its registration in Entra as soon as the new ones are confirmed to work"
        ),
    )
    .what("share one secret")
}

/// The number of the entry's value; `None` where there is none to compare.
fn group(case: &Case<'_>) -> Result<Option<u32>, Stop> {
    let content = match case.entry_content() {
        Ok(content) => content,
        Err(Stop::NotApplicable(_)) => return Ok(None),
        Err(stop) => return Err(stop),
    };
    // A usable value always has its number.
    if content.value_group.is_none() && content.problems.iter().all(is_usable) {
        let why = format!(
            "the value of the {} was read, but the snapshot does not say which others are the same",
            case.entry_name()
        );
        return Err(Gap::new(GapKind::Malformed, why)
            .with_remedy("collect again")
            .into());
    }
    Ok(content.value_group)
}

/// Whether a value of this form is still one that something can sign in with, or try to.
const fn is_usable(problem: &EntryProblem) -> bool {
    matches!(
        problem,
        EntryProblem::SurroundingWhitespace | EntryProblem::SecretIdInsteadOfValue
    )
}

/// Registrations of another client id whose credential is the very same certificate entry.
fn keyed_alike<'a>(case: &Case<'a>) -> Vec<&'a str> {
    let credential = case.registration.credential.as_ref();
    let credential = credential.filter(|stored| stored.kind == CredentialForm::Certificate);
    let (Some(credential), Ok(own)) = (credential, case.client_id()) else {
        return Vec::new();
    };
    let same = case.context.cases_of_entry(&credential.entry);
    same.filter(|other| other.registration.credential.as_ref() == Some(credential))
        .filter(|other| other.client_id().is_ok_and(|id| id != own))
        .map(|other| other.name())
        .collect()
}

/// Who holds which value and which certificate, and of whom that is not known.
struct Values<'c, 'a> {
    by_number: BTreeMap<u32, Vec<&'c Case<'a>>>,
    unread: Vec<(&'c Case<'a>, Gap)>,
    by_thumbprint: BTreeMap<&'a str, Vec<&'c Case<'a>>>,
    /// Those whose certificates could not be read.
    unlisted: Vec<(&'c Case<'a>, Stop)>,
}

impl<'c, 'a> Values<'c, 'a> {
    fn of(cases: &'c [Case<'a>]) -> Self {
        let mut values = Self {
            by_number: BTreeMap::new(),
            unread: Vec::new(),
            by_thumbprint: BTreeMap::new(),
            unlisted: Vec::new(),
        };
        for case in cases {
            match group(case) {
                Ok(Some(number)) => values.by_number.entry(number).or_default().push(case),
                Ok(None) | Err(Stop::NotApplicable(_)) => {}
                Err(Stop::Gap(gap)) => values.unread.push((case, gap)),
            }
            match certificates(case) {
                Ok(thumbprints) => {
                    for thumbprint in BTreeSet::from_iter(thumbprints) {
                        values
                            .by_thumbprint
                            .entry(thumbprint)
                            .or_default()
                            .push(case);
                    }
                }
                Err(Stop::NotApplicable(_)) => {}
                Err(stop) => values.unlisted.push((case, stop)),
            }
        }
        values
    }

    fn holders(&self, number: u32) -> &[&'c Case<'a>] {
        self.by_number.get(&number).map_or(&[], Vec::as_slice)
    }
}

/// Whether what is stored, a certificate, stands on other registrations as well: its key signs in as each.
fn registered_elsewhere(
    values: &Values<'_, '_>,
    case: &Case<'_>,
    subjects: &mut BTreeSet<Resource>,
) -> Judged {
    let content = case.entry_content()?;
    let Some(stored) = &content.certificate else {
        return Ok(Outcome::Pass);
    };
    let own = case.client_id()?;
    let apart = |other: &Case<'_>| {
        other.name() != case.name() && !other.client_id().is_ok_and(|id| same(id, own))
    };
    let holders = values.by_thumbprint.get(stored.thumbprint.as_str());
    let (mut names, mut unread) = (Vec::new(), None);
    for other in holders.into_iter().flatten().filter(|other| apart(other)) {
        match other.client_id() {
            Ok(_) => names.push(other.name()),
            Err(stop) => unread = unread.or(Some((other.name(), stop))),
        }
    }
    let unlisted = values.unlisted.iter().find(|(other, _)| apart(other));
    let unread = unread.or(unlisted.map(|(other, stop)| (other.name(), stop.clone())));
    if !names.is_empty() {
        subjects.extend(names.iter().map(|name| Resource::registration(name)));
        return Ok(failed(format!(
            "The stored certificate (thumbprint {}) is also registered on {}: its key signs in as each of them",
            stored.thumbprint,
            names.join(", ")
        ))
        .what("share one certificate"));
    }
    match unread {
        Some((name, stop)) => {
            subjects.insert(Resource::registration(name));
            Err(stop)
        }
        None => Ok(Outcome::Pass),
    }
}

/// Thumbprints of the certificates that sign in as this registration.
fn certificates<'a>(case: &Case<'a>) -> Result<Vec<&'a str>, Stop> {
    let credentials = case.credentials()?.iter();
    Ok(credentials
        .filter_map(|credential| credential.certificate.as_ref())
        .filter(|certificate| certificate.usage.as_deref() != Some("Sign"))
        .filter_map(|certificate| certificate.thumbprint.as_deref())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn one_key_for_two_registrations_fails_once() {
        let verdicts = judge_all::<SecretShared>(|snapshot| {
            let entry = snapshot.estate.registrations[0].stored_mut().entry.clone();
            for registration in &mut snapshot.estate.registrations {
                registration.stored_mut().kind = CredentialForm::Certificate;
                registration.stored_mut().entry = entry.clone();
            }
            content_of(snapshot, "raia-dev").value_group = Some(1);
            content_of(snapshot, "raia").value_group = Some(1);
        });
        let failed = |verdict: &&Verdict| matches!(verdict.outcome, Outcome::Fail(_));
        let failures: Vec<_> = verdicts.iter().filter(failed).collect();
        assert_eq!(failures.len(), 1, "{verdicts:#?}");
        assert_eq!(failures[0].subjects.len(), 2);
    }

    #[test]
    fn one_value_under_two_entries_fails_once() {
        assert_pass::<SecretShared>(|_| {});
        let verdicts = judge_all::<SecretShared>(|snapshot| {
            content_of(snapshot, "raia-dev").value_group = Some(1);
            content_of(snapshot, "raia").value_group = Some(1);
        });
        let failed: Vec<_> = verdicts
            .iter()
            .filter(|verdict| matches!(verdict.outcome, Outcome::Fail(_)))
            .collect();
        assert_eq!(failed.len(), 1, "{verdicts:?}");
    }

    /// Production's stored certificate, registered on the development registration, too.
    fn register_elsewhere(snapshot: &mut crate::evidence::Snapshot) {
        store_certificate(snapshot);
        let credential = credential(snapshot, 0).clone();
        let other = &mut snapshot
            .registrations
            .get_mut("raia-dev")
            .unwrap()
            .application;
        let crate::model::Observed::Known(crate::model::Presence::Present(other)) = other else {
            panic!("{other:?}")
        };
        other.credentials = known(vec![credential]);
    }

    #[test]
    fn a_certificate_that_is_registered_twice_fails_about_both() {
        let failures = |spoil: fn(&mut crate::evidence::Snapshot)| {
            let verdicts = judge_all::<SecretShared>(spoil);
            let failed = |verdict: &Verdict| matches!(verdict.outcome, Outcome::Fail(_));
            verdicts.into_iter().filter(failed).collect::<Vec<_>>()
        };
        assert_eq!(failures(store_certificate), []);
        let found = failures(register_elsewhere);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            found[0].subjects,
            ["registration/raia", "registration/raia-dev"]
        );
        // That of the very same client id is one registration under two names.
        assert_eq!(
            failures(|snapshot| {
                register_elsewhere(snapshot);
                share_client_id(snapshot);
            }),
            []
        );
        assert_unknown::<SecretShared>(|snapshot| {
            store_certificate(snapshot);
            snapshot
                .registrations
                .get_mut("raia-dev")
                .unwrap()
                .application = gap();
        });
    }

    #[test]
    fn an_entry_that_was_not_read_may_hold_the_same() {
        assert_unknown::<SecretShared>(|snapshot| {
            snapshot.registrations.get_mut("raia-dev").unwrap().entry = gap();
        });
        // Nothing usable is nothing to compare; a usable one without its number was left out.
        assert_not_applicable::<SecretShared>(|snapshot| {
            let content = content(snapshot);
            content.value_group = None;
            content.problems = vec![EntryProblem::Empty];
        });
        assert_unknown::<SecretShared>(|snapshot| content(snapshot).value_group = None);
        assert_unknown::<SecretShared>(|snapshot| {
            content_of(snapshot, "raia-dev").value_group = None;
        });
    }
}
