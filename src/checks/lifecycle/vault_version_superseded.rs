//! Does an integration that is pinned to one version of its vault entry still use the current one?

use crate::checks::prelude::*;

pub(crate) struct VaultVersionSuperseded;

impl Check for VaultVersionSuperseded {
    const META: CheckMeta = CheckMeta {
        id: "vault-version-superseded",
        title: "The integration is pinned to an old version of its vault entry",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "A rotation that stores a new version does not reach an integration that is pinned to an old one: either the old value stays valid for its sake, or it stops working.",
        remediation: "Pin the integration to the current version, or let it read the entry without a version; then correct `version` in the estate, or remove it.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Key Vault secret versions", "estate"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Entry);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(judge)
    }
}

fn judge(case: &Case<'_>) -> Judged {
    let Some(pinned) = &case.stored()?.version else {
        return Err(not_applicable(
            "the estate names no version, so the current one is read",
        ));
    };
    let versions = case.entry()?.versions.whole()?;
    let Some(place) = versions.iter().position(|one| one.version == *pinned) else {
        return Err(Gap::new(
            GapKind::Unrecognised,
            format!(
                "the vault's list of versions does not name the one that the estate does ({pinned})"
            ),
        )
        .into());
    };
    // Newest first.
    let newer = versions.iter().take(place).find(|one| one.enabled);
    let (Some(newer), Some(own)) = (newer, versions.get(place)) else {
        return Ok(Outcome::Pass);
    };
    Ok(advised(
        format!(
            "The estate names version {} of {}, and version {} is newer: whoever reads the entry without a version gets that one",
            version_and_date(own),
            case.stored()?.entry,
            version_and_date(newer)
        ),
        format!(
            "let the integration read ENTRY-NAME of vault VAULT without a version, or pin it to version {}; then remove or correct `version` in the estate",
            newer.version
        ),
    )
    .what(format!(
        "uses an old version of {}",
        super::stored_name(case)
    )))
}

/// `0123… (made on 2026-01-31)`.
fn version_and_date(version: &EntryVersion) -> String {
    match version.created {
        Some(at) => format!("{} (created on {})", version.version, day(at)),
        None => version.version.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    /// Pinned to `v1`, which a newer `v2` follows.
    fn pinned(snapshot: &mut Snapshot) {
        snapshot.estate.registrations[0].stored_mut().version = Some("v1".to_owned());
        let versions = &mut entry_of(snapshot, "raia").versions.items;
        let newer = EntryVersion {
            version: "v2".to_owned(),
            created: Some(days_from_now(-3)),
            ..versions[0].clone()
        };
        versions.insert(0, newer);
    }

    #[test]
    fn a_newer_version_that_is_enabled_fails() {
        assert_not_applicable::<VaultVersionSuperseded>(|_| {});
        assert_fail::<VaultVersionSuperseded>(pinned);
        assert_pass::<VaultVersionSuperseded>(|snapshot| {
            pinned(snapshot);
            entry_of(snapshot, "raia").versions.items[0].enabled = false;
        });
        assert_pass::<VaultVersionSuperseded>(|snapshot| {
            pinned(snapshot);
            snapshot.estate.registrations[0].stored_mut().version = Some("v2".to_owned());
        });
    }

    #[test]
    fn a_list_that_does_not_tell_leaves_it_open() {
        assert_unknown::<VaultVersionSuperseded>(|snapshot| {
            pinned(snapshot);
            entry_of(snapshot, "raia").versions.gap = Some(a_gap());
        });
        assert_unknown::<VaultVersionSuperseded>(|snapshot| {
            pinned(snapshot);
            snapshot.estate.registrations[0].stored_mut().version = Some("v9".to_owned());
        });
    }

    #[test]
    fn both_versions_are_named() {
        let Outcome::Fail(failure) = judge_raia::<VaultVersionSuperseded>(pinned) else {
            panic!("a newer one is there");
        };
        for part in [
            "version v1 (created on ",
            "version v2 (created on ",
            "prod/raia-secret",
        ] {
            assert!(failure.seen.contains(part), "{}", failure.seen);
        }
    }
}
