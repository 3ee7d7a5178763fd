//! Was a credential made to last longer than the policy allows?

use crate::checks::params::max_days::MaxDays;
use crate::checks::prelude::*;

pub(crate) struct CredentialLifetimeTooLong;

impl Check for CredentialLifetimeTooLong {
    const META: CheckMeta = CheckMeta {
        id: "credential-lifetime-too-long",
        title: "A credential is valid for longer than the policy allows",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "A leaked credential is useful until it expires. Microsoft recommends 180 days for certificates and less than a year for secrets; the portal allows 24 months, and scripts can create credentials that practically never expire.",
        remediation: "At the next rotation of client id CLIENT-ID, choose an expiry date within the policy's limit (`--end-date`). An app management policy can enforce the limit for the whole tenant.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Graph application"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        let none = Outcome::NotApplicable("the registration has no credential".into());
        context.each_held(&none, |_, held| lifetime(params, held, context))
    }
}

params! {
    /// How long a credential may last.
    pub(crate) struct Params {
        /// Days from start to end that a credential may last, by its kind.
        max_days: MaxDays = MaxDays::default(),
    }
}

impl Params {
    /// Days that one of this kind may last.
    pub(crate) const fn max_days_of(&self, kind: CredentialKind) -> u32 {
        match kind {
            CredentialKind::Secret => self.max_days.secret,
            CredentialKind::Certificate => self.max_days.certificate,
        }
    }
}

fn lifetime(params: &Params, held: &Held<'_>, context: &Context<'_>) -> Judged {
    let end = *held.credential.end.get()?;
    if is_past(end, context.as_of) {
        return Err(not_applicable("it has expired"));
    }
    let words = held.words();
    if is_no_end(end) {
        return Ok(failed(format!(
            "The {words} practically never expires: {}",
            day(end)
        ))
        .what(format!(": {} never expires", held.kind.as_str())));
    }
    let start = held.start.ok_or_else(|| {
        Gap::new(
            GapKind::Malformed,
            format!("Microsoft Graph gives no start date for the {words}"),
        )
    })?;
    let allowed = i64::from(params.max_days_of(held.kind));
    let lasts = end - start;
    if lasts <= chrono::TimeDelta::try_days(allowed).unwrap_or(chrono::TimeDelta::MAX) {
        return Ok(Outcome::Pass);
    }
    Ok(failed(format!(
        "The {words} is valid for {}, from {} to {}; the policy allows {}",
        days(lasts.num_days()),
        day(start),
        day(end),
        days(allowed)
    ))
    .what(format!(
        ": {} is valid for {}, {allowed} allowed",
        held.kind.as_str(),
        days(lasts.num_days())
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::index::Index;

    #[test]
    fn the_limit_itself_is_allowed_and_no_end_is_not() {
        assert_pass::<CredentialLifetimeTooLong>(|snapshot| {
            let credential = credential(snapshot, 0);
            credential.start = Some(days_from_now(-60));
            credential.end = known(days_from_now(120));
        });
        assert_fail::<CredentialLifetimeTooLong>(|snapshot| {
            let credential = credential(snapshot, 0);
            credential.start = Some(days_from_now(-60));
            credential.end = known(days_from_now(121));
        });
        for end in ["2299-12-31", "2999-01-01", "9999-12-31"] {
            let verdicts = judge_all::<CredentialLifetimeTooLong>(|snapshot| {
                let end = format!("{end}T23:59:59Z").parse().unwrap();
                credential(snapshot, 0).end = known(end);
            });
            let told = verdicts.iter().any(|verdict| {
                matches!(&verdict.outcome, Outcome::Fail(failure)
                    if failure.seen.ends_with(&format!("practically never expires: {end}")))
            });
            assert!(told, "{end} {verdicts:?}");
        }
    }

    #[test]
    fn a_missing_start_is_unknown_and_no_credential_is_not_applicable() {
        assert_unknown::<CredentialLifetimeTooLong>(|snapshot| {
            credential(snapshot, 0).start = None
        });
        assert_not_applicable::<CredentialLifetimeTooLong>(|snapshot| {
            credentials(snapshot).clear()
        });
    }

    #[test]
    fn a_limit_beyond_all_dates_is_no_limit() {
        let verdicts = CredentialLifetimeTooLong::judge(
            &Params {
                max_days: MaxDays {
                    secret: u32::MAX,
                    certificate: u32::MAX,
                },
            },
            &Context {
                snapshot: &tidy(),
                as_of: as_of(),
                index: &Index::of(&tidy()),
            },
        );
        assert!(
            verdicts
                .iter()
                .all(|verdict| matches!(verdict.outcome, Outcome::Pass))
        );
    }
}
