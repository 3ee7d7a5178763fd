//! Was a rotation started and not finished?

use crate::checks::prelude::*;
use crate::facts::credentials::last_use::days_before;
use crate::facts::rotation::removal::{Keep, copies};
use crate::facts::rotation::state::Broken;

pub(crate) struct RotationUnfinished;

impl Check for RotationUnfinished {
    const META: CheckMeta = CheckMeta {
        id: "rotation-unfinished",
        title: "A rotation was started but not finished",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "A new credential that is not in the vault helps nobody when the old one expires, and an old one \
                    that stays valid next to the stored one is a second key that nobody watches.",
        remediation: "Finish it: store the new credential of client id CLIENT-ID in the vault, run credaudit to confirm that it works, notify everyone who holds a copy, then delete the old one by its key id, never with a reset without `--append`. The steps of the finding give the commands.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &[
            "Entra token",
            "Graph application",
            "Graph service principal",
            "Graph sign-in report",
            "Key Vault secret",
        ],
        explains: &["too-many-live-credentials", "unused-credential"],
    };

    const STEPS: NextSteps = NextSteps::Rotation;

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        let rules = RotationParams {
            overlap_days: params.overlap_days,
            idle_days: params.idle_days,
            ..RotationParams::default()
        };
        context
            .cases()
            .map(|case| {
                let rotation = Rotation::of(&case, &rules);
                let left = rotation.newer.iter().chain(&rotation.older);
                let left: Vec<Resource> = left.map(|held| held.resource(case.name())).collect();
                case.whole(judged(&case, &rules, rotation))
                    .of_credentials(left)
            })
            .collect()
    }
}

fn judged(case: &Case<'_>, rules: &RotationParams, rotation: Rotation<'_>) -> Judged {
    if let Some(stop) = rotation.stop {
        return Err(stop);
    }
    let unproven = || {
        Gap::unasked(
            Unasked::NoToken,
            "no token shows whether the stored credential works",
        )
    };
    let broken = || {
        not_applicable(format!(
            "the stored credential does not work: {}",
            rotation.why
        ))
    };
    let Some(stored) = &rotation.stored else {
        // One refusal beside an unread answer is no proof that nothing works.
        if rotation.broken == Some(Broken::Refused) && case.token_issued().is_none() {
            return Err(unproven().into());
        }
        return Err(broken());
    };
    match rotation.state {
        RotationState::Broken if case.token_issued().is_none() => Err(unproven().into()),
        RotationState::Broken => Err(broken()),
        RotationState::HalfDone => {
            let mut words = rotation.why.clone();
            let copies = copies(case);
            if !copies.is_empty() {
                words = words.and(format_args!("; these hold a copy: {}", copies.join(", ")));
            }
            Ok(failed(words).what(format!(
                ": new {} is not in the vault yet",
                stored.kind.as_str()
            )))
        }
        RotationState::Overlap => {
            let window = days_before(case.context.as_of, rules.overlap_days);
            if stored.start.is_some_and(|start| start >= window) {
                stored.credential.end.get()?;
                return Ok(Outcome::Pass);
            }
            Ok(failed(format!(
                "The {} is stored and proven, and older than the {} for which two may be valid side by side; {}",
                stored.words(),
                days(i64::from(rules.overlap_days)),
                left_over(case, rules, &rotation).join("; ")
            ))
            .what(format!(
                ": old {} is still valid next to the new one",
                stored.kind.as_str()
            )))
        }
        RotationState::Fresh
        | RotationState::Due
        | RotationState::Overdue
        | RotationState::Unknown => Ok(Outcome::Pass),
    }
}

/// Whether each of those that the stored one replaced is safe to remove, in words.
fn left_over<'a>(case: &Case<'a>, rules: &RotationParams, rotation: &Rotation<'a>) -> Vec<String> {
    let older = rotation.older.iter();
    older
        .map(|held| match rotation.removable(case, rules, held) {
            Ok(why) => format!("the {} is safe to delete: {why}", held.words()),
            Err(Keep::For(why)) => {
                format!("the {} is not safe to delete yet: {why}", held.words())
            }
            Err(Keep::StoredBy(other)) => format!(
                "the {} is not safe to delete yet: registration {other} stores it",
                held.words()
            ),
            Err(Keep::Confirmation(copies)) => format!(
                "the {} is safe to delete once everyone who holds a copy uses the new one: {}",
                held.words(),
                copies.join(", ")
            ),
        })
        .collect()
}

params! {
    /// How long a rotation may take.
    pub(crate) struct Params {
        /// Days that two credentials may live side by side once the newer one is stored. Default: 14.
        overlap_days: u32 = 14,
        /// Days without a sign-in after which an old one counts as idle. Default: 14.
        idle_days: u32 = 14,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;
    use crate::estate::{Consumer, Prove};

    fn seen(spoil: impl FnOnce(&mut Snapshot)) -> String {
        match judge_raia::<RotationUnfinished>(spoil) {
            Outcome::Fail(failure) => failure.seen.to_string(),
            other => panic!("{other:?}"),
        }
    }

    fn leave_old(snapshot: &mut Snapshot) {
        let old = add_credential(snapshot, "old", -200, 20);
        old.last_use = known(LastUse::At(days_from_now(-40)));
    }

    #[test]
    fn two_beyond_the_window_fail_and_the_old_one_may_go() {
        assert_pass::<RotationUnfinished>(|_| {});
        let words = seen(leave_old);
        assert!(
            words.contains("secret with key old is safe to delete: it was last used on 2026-10-12"),
            "{words}"
        );
        assert_pass::<RotationUnfinished>(|snapshot| {
            leave_old(snapshot);
            credential(snapshot, 0).start = Some(days_from_now(-14));
        });
    }

    #[test]
    fn a_new_one_that_is_not_stored_fails_at_once() {
        let words = seen(|snapshot| {
            add_credential(snapshot, "new", -1, 170);
        });
        assert!(
            words.contains("key new is newer and not in the vault"),
            "{words}"
        );
    }

    #[test]
    fn who_holds_a_copy_comes_first() {
        let words = seen(|snapshot| {
            leave_old(snapshot);
            snapshot.estate.registrations[0].consumers = vec![Consumer {
                name: "Vendor".to_owned(),
                contact: Some("it@vendor.example".to_owned()),
            }];
        });
        assert!(
            words.contains("uses the new one: Vendor <it@vendor.example>"),
            "{words}"
        );
        assert!(!words.contains("safe to remove: "), "{words}");
    }

    #[test]
    fn without_a_proof_nothing_is_said_to_be_replaced() {
        assert_unknown::<RotationUnfinished>(|snapshot| {
            leave_old(snapshot);
            lose_tokens(snapshot);
        });
        assert_not_applicable::<RotationUnfinished>(|snapshot| {
            leave_old(snapshot);
            for proof in &mut raia(snapshot).tokens {
                proof.answer = crate::model::Observed::Unknown(crate::model::Gap::unasked(
                    crate::model::Unasked::NotTried,
                    Prove::NOT_TRIED,
                ));
            }
            snapshot.estate.registrations[0].prove = Prove::Never;
        });
        assert_unknown::<RotationUnfinished>(|snapshot| {
            leave_old(snapshot);
            credential(snapshot, 1).matches_stored = known(true);
        });
        assert_not_applicable::<RotationUnfinished>(|snapshot| {
            leave_old(snapshot);
            refuse_token(snapshot, "AADSTS7000215");
        });
    }
}
