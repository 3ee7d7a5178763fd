//! Does the vault still hand out an old version whose value no longer opens anything?
//!
//! Values of older versions are never read: dates tell. What was stored before every credential that lives now
//! began can hold none of them.

use crate::checks::prelude::*;

pub(crate) struct VaultOldVersionEnabled;

impl Check for VaultOldVersionEnabled {
    const META: CheckMeta = CheckMeta {
        id: "vault-old-version-enabled",
        title: "An old version of the vault entry is still enabled",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "Its value no longer works. Whoever is pinned to it reads it without an error and is then refused by Entra; a disabled version shows at once what is wrong.",
        remediation: "Disable each old version once nobody reads it: Azure portal > key vault VAULT > Secrets > ENTRY-NAME.",
        controls: controls::CREDENTIAL_STORAGE,
        evidence: &[
            "Key Vault secret versions",
            "Graph application",
            "Graph service principal",
        ],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Entry);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(judge)
    }
}

/// Clocks of two services: a value is stored minutes after its credential began, never long before.
const SLACK: TimeDelta = TimeDelta::minutes(10);

fn judge(case: &Case<'_>) -> Judged {
    let users = users(case)?;
    let pinned: Vec<&str> = users
        .iter()
        .filter_map(|user| user.registration.credential.as_ref()?.version.as_deref())
        .collect();
    let versions = case.entry()?.versions.whole()?;
    // Newest first; what the estate pins is in use, and judged as that.
    let older: Vec<&EntryVersion> = versions
        .iter()
        .skip(1)
        .filter(|one| one.enabled && !pinned.contains(&one.version.as_str()))
        .collect();
    if older.is_empty() {
        return Ok(Outcome::Pass);
    }
    let began = began(&users)?;
    let is_dead = |one: &&&EntryVersion| one.created.is_some_and(|made| made + SLACK < began);
    let dead: Vec<&EntryVersion> = older.iter().filter(is_dead).copied().collect();
    if dead.is_empty() {
        return match older.iter().find(|one| one.created.is_none()) {
            Some(one) => Err(Gap::new(
                GapKind::Malformed,
                format!(
                    "Key Vault does not say when version {} was made",
                    one.version
                ),
            )
            .into()),
            None => Ok(Outcome::Pass),
        };
    }
    Ok(in_words(case, &dead, began))
}

/// Every registration that reads the entry.
fn users<'a>(case: &Case<'a>) -> Result<Vec<Case<'a>>, Stop> {
    let entry = &case.stored()?.entry;
    Ok(case.context.cases_of_entry(entry).collect())
}

/// When the first of the credentials began that live now, over everyone who reads the entry.
fn began(users: &[Case<'_>]) -> Result<DateTime<Utc>, Stop> {
    let mut began: Option<DateTime<Utc>> = None;
    for user in users {
        let collected = user.snapshot().started;
        for held in user.of_stored_kind()? {
            if !held.lives_at(collected) {
                continue;
            }
            let start = held.start.ok_or_else(|| {
                Gap::new(
                    GapKind::Malformed,
                    format!(
                        "Microsoft Graph gives no start date for the {}",
                        held.words()
                    ),
                )
            })?;
            began = Some(began.map_or(start, |first| first.min(start)));
        }
    }
    began.ok_or_else(|| said_by("credential-expired", "none of its credentials is valid"))
}

/// How many versions are named.
const NAMED: usize = 12;

fn in_words(case: &Case<'_>, dead: &[&EntryVersion], began: DateTime<Utc>) -> Outcome {
    let mut named: Vec<String> = dead
        .iter()
        .take(NAMED)
        .map(|one| match one.created {
            Some(at) => format!("{} (created on {})", one.version, day(at)),
            None => one.version.clone(),
        })
        .collect();
    if dead.len() > NAMED {
        named.push(format!("and {} more", dead.len() - NAMED));
    }
    let seen = format!(
        "These older versions of {} are enabled, though they were stored before the first credential that is valid today was created ({}): {}",
        case.registration
            .credential
            .as_ref()
            .map_or_else(String::new, |stored| stored.entry.to_string()),
        day(began),
        named.join(", ")
    );
    let managed = case.entry_attributes().is_ok_and(|one| one.managed);
    let what = if managed { "certificate" } else { "secret" };
    let plain = |one: &&&EntryVersion| one.version.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let plain = dead.iter().take(NAMED).filter(plain);
    let commands = plain.map(|one| fixes::disable_version(what, &one.version));
    let remedy = "disable each once nobody reads it: Azure portal > key vault VAULT > ENTRY-NAME";
    let outcome = advised(seen, remedy).fixes(commands);
    let name = super::stored_name(case);
    outcome.what(match dead.len() {
        1 => format!(": an old version of {name} is enabled"),
        several => format!(": {several} old versions of {name} are enabled"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    /// An older version, made so many days ago. The live secret began 30 days ago.
    fn older(snapshot: &mut Snapshot, days_ago: i64) {
        credential(snapshot, 0).start = Some(days_from_now(-30));
        let versions = &mut entry_of(snapshot, "raia").versions.items;
        let one = EntryVersion {
            version: "v0".to_owned(),
            created: Some(days_from_now(-days_ago)),
            ..versions[0].clone()
        };
        versions.push(one);
    }

    #[test]
    fn what_was_stored_before_every_live_one_began_is_dead() {
        assert_pass::<VaultOldVersionEnabled>(|_| {});
        assert_fail::<VaultOldVersionEnabled>(|snapshot| older(snapshot, 200));
        assert_pass::<VaultOldVersionEnabled>(|snapshot| older(snapshot, 30));
        assert_pass::<VaultOldVersionEnabled>(|snapshot| {
            older(snapshot, 200);
            entry_of(snapshot, "raia").versions.items[1].enabled = false;
        });
        // The one before still lives: a rotation that is under way.
        assert_pass::<VaultOldVersionEnabled>(|snapshot| {
            older(snapshot, 200);
            add_credential(snapshot, "old", -200, 20);
        });
        assert_pass::<VaultOldVersionEnabled>(|snapshot| {
            older(snapshot, 200);
            snapshot.estate.registrations[0].stored_mut().version = Some("v0".to_owned());
        });
    }

    #[test]
    fn of_many_twelve_are_named() {
        let outcome = judge_raia::<VaultOldVersionEnabled>(|snapshot| {
            for days in 200..300 {
                older(snapshot, days);
            }
        });
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(failure.seen.matches("(created on ").count(), NAMED);
        assert!(failure.seen.ends_with("and 88 more"), "{}", failure.seen);
    }

    #[test]
    fn whoever_else_reads_the_entry_counts() {
        assert_pass::<VaultOldVersionEnabled>(|snapshot| {
            older(snapshot, 200);
            let stored = snapshot.estate.registrations[0].credential.clone();
            snapshot.estate.registrations[1].credential = stored;
            let theirs = snapshot.registrations.get_mut("raia-dev").unwrap();
            let Observed::Known(Presence::Present(application)) = &mut theirs.application else {
                panic!("it has an application");
            };
            let Observed::Known(credentials) = &mut application.credentials else {
                panic!("they were read");
            };
            credentials[0].start = Some(days_from_now(-200));
        });
    }

    #[test]
    fn what_does_not_tell_leaves_it_open() {
        assert_unknown::<VaultOldVersionEnabled>(|snapshot| {
            entry_of(snapshot, "raia").versions.gap = Some(a_gap());
        });
        assert_unknown::<VaultOldVersionEnabled>(|snapshot| {
            older(snapshot, 200);
            credential(snapshot, 0).start = None;
        });
        assert_unknown::<VaultOldVersionEnabled>(|snapshot| {
            older(snapshot, 200);
            entry_of(snapshot, "raia").versions.items[1].created = None;
        });
        assert_unknown::<VaultOldVersionEnabled>(|snapshot| {
            older(snapshot, 200);
            principal(snapshot).credentials = gap();
        });
    }

    #[test]
    fn it_does_not_arise_without_an_entry_or_a_live_credential() {
        assert_not_applicable::<VaultOldVersionEnabled>(|snapshot| {
            raia(snapshot).entry = known(Presence::Absent);
        });
        assert_not_applicable::<VaultOldVersionEnabled>(|snapshot| {
            older(snapshot, 200);
            credential(snapshot, 0).end = known(days_from_now(-1));
            credentials(snapshot).truncate(1);
        });
    }

    #[test]
    fn the_command_names_the_version() {
        let outcome = judge_raia::<VaultOldVersionEnabled>(|snapshot| older(snapshot, 200));
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}");
        };
        let commands = failure.fixes.iter().filter_map(|fix| fix.call.bash());
        assert_eq!(
            commands.collect::<Vec<_>>(),
            [
                "az keyvault secret set-attributes --vault-name VAULT --name ENTRY-NAME --version v0 --enabled false --output none"
            ]
        );
    }
}
