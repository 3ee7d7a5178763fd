//! Does the credential in use expire soon?

use crate::checks::params::bands::Bands;
use crate::checks::prelude::*;

pub(crate) struct CredentialExpiring;

impl Check for CredentialExpiring {
    const META: CheckMeta = CheckMeta {
        id: "credential-expiring",
        title: "The current credential expires soon",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "Renewal needs people: whoever may create a credential, and everyone who holds a copy. The severity rises as the date comes closer.",
        remediation: "Add a new credential to client id CLIENT-ID, store it as a new version of the vault entry, notify everyone who holds a copy, and run credaudit again to confirm that it works before the old one expires. The steps of the finding give the commands.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Graph application"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Expiry;

    const WORST: Severity = Severity::Critical;

    const STEPS: NextSteps = NextSteps::RotationOrRenewal;
    const SAYS_AN_END: bool = true;

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            case.credentials_are_own()?;
            if case.vault_is_behind().unwrap_or(false) {
                return Err(said_by("vault-value-not-live", "the stored value is not a valid credential"));
            }
            let in_use = case.in_use()?;
            let candidates = in_use.candidates()?;
            let mut worst: Option<(Severity, &Held<'_>)> = None;
            let mut clear = 0;
            for credential in candidates {
                let end = *credential.end.get()?;
                if is_past(end, context.as_of) {
                    continue;
                }
                let left = days_left(end, context.as_of);
                let band = params.within_days.band(left).or_else(|| {
                    // Nobody looks again before it is over.
                    before_next_run(case, end).then_some(Severity::Medium)
                });
                match band {
                    Some(severity) => {
                        if worst.is_none_or(|(known, _)| severity > known) {
                            worst = Some((severity, credential));
                        }
                    }
                    None => clear += 1,
                }
            }
            match worst {
                None if clear == 0 => Err(said_by("credential-expired", "it has expired already")),
                None => Ok(Outcome::Pass),
                Some(_) if clear > 0 => Err(Gap::new(
                    GapKind::Unrecognised,
                    "several credentials match the first characters of the stored value, and only some of them expire soon",
                )
                .into()),
                Some((severity, credential)) => expiring(case, credential, severity),
            }
        })
    }
}

/// That it expires, and how soon.
fn expiring(case: &Case<'_>, credential: &Held<'_>, severity: Severity) -> Judged {
    let as_of = case.context.as_of;
    let end = *credential.end.get()?;
    let name = credential.display_name.as_deref();
    let name = name.map_or_else(String::new, |name| format!("{name}, "));
    let too_late = if before_next_run(case, end) {
        ", before the next planned run"
    } else {
        ""
    };
    let failure = Failure::new(format!(
        "The current credential ({name}{}) expires on {}, {}{too_late}",
        credential.words(),
        day(end),
        near(end, as_of)
    ));
    let what = format!(
        ": {} expires {} ({})",
        credential.kind.as_str(),
        said(end, as_of),
        near(end, as_of)
    );
    Ok(Outcome::Fail(failure.what(what).ends(end).at(severity)))
}

/// Whether nobody looks again before it is over: the estate says how often the audit is planned to run.
fn before_next_run(case: &Case<'_>, end: DateTime<Utc>) -> bool {
    let routing = case.snapshot().estate.routing.as_ref();
    routing
        .and_then(|routing| routing.cadence)
        .is_some_and(|cadence| end <= case.context.as_of + TimeDelta::days(cadence.days().into()))
}

/// The days before an end at which the policy's bands begin, most first; `table` gives the policy's table
/// of a check (`{}` where it has none). One that does not fit counts as empty: preparing the check says so.
pub(crate) fn expiry_bands(table: impl Fn(&str) -> serde_json::Value) -> Vec<u32> {
    let params: Params =
        serde_json::from_value(table(CredentialExpiring::META.id)).unwrap_or_default();
    params.within_days.days()
}

params! {
    /// When an expiry is "soon".
    pub(crate) struct Params {
        /// Days before a credential expires, by severity; inclusive. Default: low 60, medium 30, high 14,
        /// critical 7.
        within_days: Bands = Bands::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::index::Index;

    fn severity_at(days: i64) -> Option<Severity> {
        match judge_raia::<CredentialExpiring>(|snapshot| {
            credential(snapshot, 0).end = known(days_from_now(days));
        }) {
            Outcome::Fail(failure) => failure.severity,
            Outcome::Pass => None,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_ends_before_the_next_planned_run_ends_soon() {
        let at = |days: i64, cadence| {
            judge_raia::<CredentialExpiring>(|snapshot| {
                credential(snapshot, 0).end = known(days_from_now(days));
                snapshot.estate.routing = Some(crate::estate::Routing {
                    cadence,
                    ..crate::estate::Routing::default()
                });
            })
        };
        use crate::estate::Cadence;
        let Outcome::Fail(failure) = at(6, Some(Cadence::Weekly)) else {
            panic!("it ends before the next run");
        };
        assert!(
            failure.seen.contains("before the next planned run"),
            "{failure:?}"
        );
        let Outcome::Fail(failure) = at(8, Some(Cadence::Weekly)) else {
            panic!("it is in a band all the same");
        };
        assert!(!failure.seen.contains("planned run"), "{failure:?}");
        // Where no band has it, the plan alone does.
        let mut snapshot = tidy();
        credential(&mut snapshot, 0).end = known(days_from_now(30));
        let none: Params =
            serde_json::from_value(serde_json::json!({ "within-days": {} })).unwrap();
        let mut judged = |cadence| {
            snapshot.estate.routing = Some(crate::estate::Routing {
                cadence,
                ..crate::estate::Routing::default()
            });
            let context = Context {
                snapshot: &snapshot,
                as_of: as_of(),
                index: &Index::of(&snapshot),
            };
            let verdicts = CredentialExpiring::judge(&none, &context);
            let mine = verdicts
                .into_iter()
                .find(|one| one.resource == "registration/raia");
            mine.unwrap().outcome
        };
        assert!(matches!(judged(Some(Cadence::Weekly)), Outcome::Pass));
        let Outcome::Fail(failure) = judged(Some(Cadence::Monthly)) else {
            panic!("a month is too long");
        };
        assert_eq!(failure.severity, Some(Severity::Medium));
    }

    #[test]
    fn bands_are_inclusive() {
        assert_eq!(severity_at(61), None);
        assert_eq!(severity_at(60), Some(Severity::Low));
        assert_eq!(severity_at(30), Some(Severity::Medium));
        assert_eq!(severity_at(14), Some(Severity::High));
        assert_eq!(severity_at(7), Some(Severity::Critical));
    }

    #[test]
    fn what_is_past_is_another_question() {
        assert_not_applicable::<CredentialExpiring>(|snapshot| {
            credential(snapshot, 0).end = known(as_of());
        });
        assert_unknown::<CredentialExpiring>(|snapshot| credential(snapshot, 0).end = gap());
    }

    #[test]
    fn a_token_for_no_listed_secret_leaves_the_end_open() {
        for count in 1..=2 {
            assert_unknown::<CredentialExpiring>(|snapshot| {
                credential(snapshot, 0).end = known(days_from_now(-1));
                credential(snapshot, 0).matches_stored = known(false);
                let only = credential(snapshot, 0).clone();
                credentials(snapshot).resize(count, only);
            });
        }
    }

    #[test]
    fn a_certificate_beside_the_secret_is_no_candidate() {
        let outcome = judge_raia::<CredentialExpiring>(|snapshot| {
            let mut certificate = credential(snapshot, 0).clone();
            certificate.kind = crate::evidence::CredentialKind::Certificate;
            certificate.matches_stored = gap();
            credential(snapshot, 0).end = known(days_from_now(5));
            credentials(snapshot).push(certificate);
        });
        assert!(matches!(outcome, Outcome::Fail(_)), "{outcome:?}");
    }

    #[test]
    fn a_registration_of_another_tenant_was_not_read() {
        assert_unknown::<CredentialExpiring>(|snapshot| {
            raia(snapshot).application = known(crate::model::Presence::Absent);
        });
    }
}
