//! Does the vault entry expire later than the credential in Entra?

use crate::checks::prelude::*;

pub(crate) struct VaultExpiryAfterEntra;

impl Check for VaultExpiryAfterEntra {
    const META: CheckMeta = CheckMeta {
        id: "vault-expiry-after-entra",
        title: "The vault entry expires later than the credential itself",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "False security: the vault's reminder comes after the credential has stopped working.",
        remediation: "Set the expiry date of ENTRY-NAME in vault VAULT to the credential's own.",
        controls: controls::VAULT_EXPIRY,
        evidence: &["Key Vault secret", "Graph application"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Entry);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| {
            let Some(expires) = case.entry_attributes()?.expires else {
                return Err(said_by("vault-expiry-missing", "the entry has no expiry date"));
            };
            if case.vault_is_behind()? {
                return Err(said_by("vault-value-not-live", "the stored value is not a valid credential"));
            }
            let in_use = case.in_use()?;
            let candidates = in_use.candidates()?;
            let tolerated =
                TimeDelta::try_hours(i64::from(params.tolerance_hours)).unwrap_or(TimeDelta::MAX);
            let mut late = Vec::new();
            for credential in candidates {
                let end = *credential.end.get()?;
                // What has no end is not outlived, whichever far year each side writes.
                if !is_no_end(end) && expires - end > tolerated {
                    late.push(end);
                }
            }
            match late.first() {
                None => Ok(Outcome::Pass),
                Some(end) if late.len() == candidates.len() => Ok(advised(
                    format!(
                        "The {} expires on {}, the credential itself on {}",
                        case.entry_name(),
                        day(expires),
                        day(*end)
                    ),
                    super::expiry_remedy(*end),
                )
                .fixes([fixes::set_expiry(*end)])
                .what(format!(
                    ": expires {}, but {} in the vault",
                    said(*end, context.as_of),
                    said(expires, context.as_of)
                ))),
                Some(_) => Err(Gap::new(
                    GapKind::Unrecognised,
                    "several credentials match the first characters of the stored value, and the entry expires later than only some of them",
                )
                .into()),
            }
        })
    }
}

params! {
    /// How far the two dates may differ.
    pub(crate) struct Params {
        /// Hours that the expiry in the vault may be later than the one in Entra. Default: 24.
        tolerance_hours: u32 = 24,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::index::Index;

    #[test]
    fn a_day_later_is_tolerated_and_more_is_not() {
        let end = |days, hours| days_from_now(days) + TimeDelta::hours(hours);
        assert_pass::<VaultExpiryAfterEntra>(|snapshot| {
            credential(snapshot, 0).end = known(end(90, 0));
            attributes(snapshot).expires = Some(end(91, 0));
        });
        assert_fail::<VaultExpiryAfterEntra>(|snapshot| {
            credential(snapshot, 0).end = known(end(90, 0));
            attributes(snapshot).expires = Some(end(91, 1));
        });
        assert_pass::<VaultExpiryAfterEntra>(|snapshot| {
            credential(snapshot, 0).end = known("2299-12-31T00:00:00Z".parse().unwrap());
            attributes(snapshot).expires = Some("9999-12-31T23:59:59Z".parse().unwrap());
        });
        assert_unknown::<VaultExpiryAfterEntra>(|snapshot| raia(snapshot).application = gap());
        assert_not_applicable::<VaultExpiryAfterEntra>(|snapshot| {
            attributes(snapshot).expires = None;
        });
    }

    #[test]
    fn a_tolerance_beyond_all_dates_tolerates_all() {
        let snapshot = tidy();
        let context = Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        };
        let tolerance_hours = u32::MAX;
        let verdicts = VaultExpiryAfterEntra::judge(&Params { tolerance_hours }, &context);
        assert!(
            verdicts
                .iter()
                .all(|verdict| matches!(verdict.outcome, Outcome::Pass))
        );
    }
}
