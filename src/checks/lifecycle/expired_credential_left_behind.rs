//! Is an expired and replaced credential still on the registration?

use crate::checks::prelude::*;

pub(crate) struct ExpiredCredentialLeftBehind;

impl Check for ExpiredCredentialLeftBehind {
    const META: CheckMeta = CheckMeta {
        id: "expired-credential-left-behind",
        title: "An expired credential is still on the registration",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "Old credentials hide the one that matters, and alerts about them train people to ignore alerts.",
        remediation: "Delete the credential with key id KEY-ID from CLIENT-ID.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &["Graph application", "Entra token"],
        explains: &[],
    };

    const STEPS: NextSteps = NextSteps::Removal;

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        // One that lives is another question; a registration whose credentials all live passes as a whole.
        context.each_part(|case, found| {
            for list in case.lists() {
                match list {
                    Ok(held) => found.extend(held.iter().filter_map(|held| {
                        let judged = match held.credential.end.get() {
                            Ok(end) if is_past(*end, context.as_of) => replaced(case, held, *end),
                            Ok(_) => return None,
                            Err(gap) => Err(gap.into()),
                        };
                        Some(case.about(held.resource(case.name()), judged))
                    })),
                    Err((about, stop)) => found.push(case.about(about, Err(stop))),
                }
            }
            Ok(Outcome::Pass)
        })
    }
}

/// An expired credential counts as replaced once the stored one is proven and another one lives.
fn replaced(case: &Case<'_>, held: &Held<'_>, end: DateTime<Utc>) -> Judged {
    // `--as-of` moves the judging: what was proven lived then, and may be this very credential.
    let as_of = case.context.as_of;
    if let Err(stop) = case.stored() {
        let seen = format!(
            "The {} expired on {}, and {}",
            held.words(),
            day(end),
            stop.into_words()
        );
        return Ok(left_behind(case, held, end, seen));
    }
    if !is_past(end, case.snapshot().started) {
        match case.in_use()? {
            InUse::One(one) if !one.same_as(held) => {}
            InUse::None => {}
            _ => return Err(said_by("credential-expired", "it is in use")),
        }
    }
    let lives = |other: &Held<'_>| other.end.known().is_some_and(|end| !is_past(*end, as_of));
    if !case.held()?.iter().any(lives) || !case.has_live_credential()? {
        return Err(said_by(
            "credential-expired",
            "no other credential is valid",
        ));
    }
    if !case.proven()? {
        return Err(not_applicable(
            "it is not replaced yet: the stored value is refused",
        ));
    }
    let seen = format!(
        "The {} expired on {}, and a newer credential is stored and proven",
        held.words(),
        day(end)
    );
    Ok(left_behind(case, held, end, seen))
}

fn left_behind(case: &Case<'_>, held: &Held<'_>, end: DateTime<Utc>, seen: String) -> Outcome {
    let as_of = case.context.as_of;
    advised(seen, format!("delete the {}", held.words()))
        .what(format!(
            ": {} expired {} ({}) and is still registered",
            held.kind.as_str(),
            said(end, as_of),
            near(end, as_of)
        ))
        .fixes([fixes::delete_credential(held)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::facts::index::Index;

    fn leave_one_behind(snapshot: &mut crate::evidence::Snapshot) {
        let mut old = credential(snapshot, 0).clone();
        old.key_id = "old".to_owned();
        old.end = known(days_from_now(-10));
        old.matches_stored = known(false);
        credentials(snapshot).push(old);
    }

    #[test]
    fn where_none_is_stored_nothing_has_to_be_proven_first() {
        assert_fail::<ExpiredCredentialLeftBehind>(|snapshot| {
            snapshot.estate.registrations[0].credential = None;
            leave_one_behind(snapshot);
            lose_tokens(snapshot);
        });
    }

    #[test]
    fn replaced_means_that_the_stored_one_is_proven() {
        assert_pass::<ExpiredCredentialLeftBehind>(|_| {});
        assert_fail::<ExpiredCredentialLeftBehind>(leave_one_behind);
        assert_not_applicable::<ExpiredCredentialLeftBehind>(|snapshot| {
            leave_one_behind(snapshot);
            refuse_token(snapshot, "AADSTS7000222");
        });
        assert_unknown::<ExpiredCredentialLeftBehind>(|snapshot| {
            leave_one_behind(snapshot);
            lose_tokens(snapshot);
        });
    }

    #[test]
    fn a_later_date_of_judging_replaces_nothing() {
        // The one in use is past its end by then; nothing newer is stored or proven.
        let mut snapshot = tidy();
        let end = days_from_now(400);
        let later = crate::facts::case::Context {
            snapshot: &snapshot,
            as_of: end,
            index: &Index::of(&snapshot),
        };
        let fails = |verdicts: Vec<Verdict>| {
            verdicts
                .into_iter()
                .filter(|verdict| matches!(verdict.outcome, Outcome::Fail(_)))
                .count()
        };
        assert_eq!(
            fails(ExpiredCredentialLeftBehind::judge(&NoParams {}, &later)),
            0
        );
        // Even where another one lives on: the stored value was proven, and that is the one past its end.
        let mut spare = credential(&mut snapshot, 0).clone();
        spare.key_id = "spare".to_owned();
        spare.end = known(days_from_now(900));
        spare.matches_stored = known(false);
        credentials(&mut snapshot).push(spare);
        let later = crate::facts::case::Context {
            snapshot: &snapshot,
            as_of: end,
            index: &Index::of(&snapshot),
        };
        assert_eq!(
            fails(ExpiredCredentialLeftBehind::judge(&NoParams {}, &later)),
            0
        );
    }
}
