//! Does anybody use this credential?

use crate::checks::prelude::*;
use crate::facts::credentials::last_use::{days_before, idle_words};

pub(crate) struct UnusedCredential;

impl Check for UnusedCredential {
    const META: CheckMeta = CheckMeta {
        id: "unused-credential",
        title: "Nobody uses a valid credential",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "A credential that nobody signs in with can be deleted without anybody noticing, and until then \
                    it opens the same doors as the current one.",
        remediation: "Ask the owner who still needs it. Then retire the integration, or delete the credential by its key id (KEY-ID of client id CLIENT-ID), but not before a newer one is stored and proven. The steps of the finding say which.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &[
            "Graph application",
            "Graph service principal",
            "Graph sign-in report",
        ],
        explains: &[],
    };

    const STEPS: NextSteps = NextSteps::Removal;

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        let none = Outcome::NotApplicable("the registration has no credential".into());
        context.each_held(&none, |case, held| unused(params, case, held))
    }
}

fn unused<'a>(params: &Params, case: &Case<'a>, held: &Held<'a>) -> Judged {
    let as_of = case.context.as_of;
    let idle_since = days_before(case.reported_until(), params.idle_days);
    // An unread end may still be one that lives.
    if !held.lives_at(as_of) {
        return Err(not_applicable("it is not valid now"));
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
    if start > idle_since {
        return Ok(Outcome::Pass);
    }
    // Unlike other facts, a report that is not given away leaves the question open under every `prove`.
    let last = case.last_use(held, idle_since)?;
    let idle = match last {
        LastUse::At(moment) => *moment < idle_since,
        LastUse::NotReported => true,
    };
    if !idle {
        return Ok(Outcome::Pass);
    }
    Ok(failed(format!(
        "Nobody has signed in with the {} for {}: {}",
        held.words(),
        days(i64::from(params.idle_days)),
        idle_words(last)
    ))
    .what(match last {
        LastUse::At(moment) => format!(
            ": {} was last used {} ({})",
            held.kind.as_str(),
            said(*moment, as_of),
            near(*moment, as_of)
        ),
        LastUse::NotReported => format!(
            ": {} has not been used for {}",
            held.kind.as_str(),
            days(i64::from(params.idle_days))
        ),
    }))
}

params! {
    /// When a credential counts as unused.
    pub(crate) struct Params {
        /// Days without a sign-in. A credential younger than that is not unused. Default: 90.
        idle_days: u32 = 90,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn aged(snapshot: &mut Snapshot, last_use: LastUse) {
        let credential = credential(snapshot, 0);
        credential.start = Some(days_from_now(-120));
        credential.last_use = known(last_use);
    }

    #[test]
    fn idle_for_longer_than_allowed_fails() {
        assert_pass::<UnusedCredential>(|_| {});
        assert_pass::<UnusedCredential>(|snapshot| {
            aged(snapshot, LastUse::At(days_from_now(-90)));
        });
        assert_fail::<UnusedCredential>(|snapshot| {
            aged(snapshot, LastUse::At(days_from_now(-91)));
        });
        assert_fail::<UnusedCredential>(|snapshot| aged(snapshot, LastUse::NotReported));
    }

    #[test]
    fn a_young_one_is_not_unused_and_an_ended_one_is_another_question() {
        assert_pass::<UnusedCredential>(|snapshot| {
            credential(snapshot, 0).last_use = known(LastUse::NotReported);
        });
        assert_not_applicable::<UnusedCredential>(|snapshot| {
            aged(snapshot, LastUse::NotReported);
            credential(snapshot, 0).end = known(days_from_now(-1));
        });
    }

    #[test]
    fn a_report_that_is_refused_or_needs_a_licence_is_unknown() {
        assert_unknown::<UnusedCredential>(|snapshot| {
            aged(snapshot, LastUse::NotReported);
            credential(snapshot, 0).last_use = gap();
        });
        assert_unknown::<UnusedCredential>(|snapshot| credential(snapshot, 0).start = None);
        assert_unknown::<UnusedCredential>(|snapshot| principal(snapshot).credentials = gap());
    }

    #[test]
    fn the_audits_own_sign_in_is_nobodys_use() {
        // Five minutes around this run and the one before.
        for (moment, own) in [
            (as_of() - chrono::TimeDelta::minutes(5), true),
            (as_of() - chrono::TimeDelta::minutes(6), false),
            (days_from_now(-7), true),
            (days_from_now(-6), false),
        ] {
            let outcome = judge_raia::<UnusedCredential>(|snapshot| {
                aged(snapshot, LastUse::At(moment));
            });
            assert_eq!(
                matches!(outcome, Outcome::Unknown(_)),
                own,
                "{moment} {outcome:?}"
            );
        }
        // The very first run knows of no earlier one, whose use it may be.
        let first = judge_raia::<UnusedCredential>(|snapshot| {
            aged(snapshot, LastUse::At(days_from_now(-6)));
            snapshot.earlier_runs.clear();
        });
        let Outcome::Unknown(gap) = first else {
            panic!("{first:?}");
        };
        assert!(gap.remedy.unwrap().contains("--previous"));
        // It never signs in with another one than the stored.
        assert_pass::<UnusedCredential>(|snapshot| {
            let other = add_credential(snapshot, "other", -120, 30);
            other.last_use = known(LastUse::At(days_from_now(-6)));
            snapshot.earlier_runs.clear();
        });
    }
}
