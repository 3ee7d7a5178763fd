//! Is what is stored older than the rotation interval?

use crate::checks::prelude::*;
use crate::facts::rotation::state::age;

pub(crate) struct RotationOverdue;

impl Check for RotationOverdue {
    const META: CheckMeta = CheckMeta {
        id: "rotation-overdue",
        title: "The stored credential is older than the rotation interval",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "The longer a credential is in use, the more copies of it exist, and the fewer people remember how to renew it. A fixed interval limits both, whatever the credential's expiry date.",
        remediation: "Add a new credential to client id CLIENT-ID, store it as a new version of the vault entry, notify everyone who holds a copy, and run credaudit again to confirm that it works. The steps of the finding give the commands.",
        controls: controls::CREDENTIAL_LIFETIME,
        evidence: &[
            "Entra token",
            "Graph application",
            "Graph service principal",
            "Key Vault secret",
        ],
        explains: &[],
    };

    const STEPS: NextSteps = NextSteps::Rotation;

    const PAGE: Option<Page> = Some(Page::Credentials);

    type Params = Params;

    fn judge(params: &Params, context: &Context<'_>) -> Vec<Verdict> {
        let params = RotationParams {
            interval_days: params.interval_days,
            notice_days: params.notice_days,
            ..RotationParams::default()
        };
        context.each(|case| {
            let rotation = Rotation::of(case, &params);
            if rotation.state == RotationState::Broken {
                // Without a word from the token endpoint it is a guess that nothing works.
                if case.token_issued().is_none() && rotation.stored.is_some() {
                    return Err(Gap::unasked(
                        Unasked::NoToken,
                        "no token shows whether the stored credential works",
                    )
                    .into());
                }
                return Err(not_applicable(format!(
                    "the stored credential does not work: {}",
                    rotation.why
                )));
            }
            if rotation.state == RotationState::HalfDone {
                // An unread end may be past: then this is not the stored one, or that is no successor.
                for held in rotation.stored.iter().chain(&rotation.newer) {
                    held.credential.end.get()?;
                }
                return Err(said_by(
                    "rotation-unfinished",
                    "a newer credential is there already",
                ));
            }
            let Some(stored) = rotation.stored else {
                return Err(rotation
                    .stop
                    .unwrap_or_else(|| not_applicable(rotation.why)));
            };
            let age = age(case, &stored)?;
            if !age.overdue(&params) {
                return Ok(Outcome::Pass);
            }
            Ok(failed(format!(
                "The {} has been stored since {} ({}); the policy requires a new one every {}",
                stored.words(),
                day(age.since),
                days(-days_left(age.since, context.as_of)),
                days(i64::from(params.interval_days))
            ))
            .what(format!(
                ": {} is {} old; rotation is due every {}",
                stored.kind.as_str(),
                days(-days_left(age.since, context.as_of)),
                days(i64::from(params.interval_days))
            )))
        })
    }
}

params! {
    /// When a credential has to be replaced.
    pub(crate) struct Params {
        /// Days that a credential may be in use. Default: 180.
        interval_days: u32 = 180,
        /// Days before that, or before its end, from which the report calls it due. Default: 30.
        notice_days: u32 = 30,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    fn started(snapshot: &mut crate::evidence::Snapshot, days: i64) {
        credential(snapshot, 0).start = Some(days_from_now(days));
    }

    #[test]
    fn the_interval_itself_is_allowed() {
        assert_pass::<RotationOverdue>(|snapshot| started(snapshot, -180));
        assert_fail::<RotationOverdue>(|snapshot| started(snapshot, -181));
    }

    #[test]
    fn the_older_of_credential_and_vault_version_counts() {
        assert_fail::<RotationOverdue>(|snapshot| {
            attributes(snapshot).created = Some(days_from_now(-200));
        });
        assert_unknown::<RotationOverdue>(|snapshot| credential(snapshot, 0).start = None);
        assert_unknown::<RotationOverdue>(|snapshot| raia(snapshot).application = gap());
        assert_unknown::<RotationOverdue>(|snapshot| raia(snapshot).entry = gap());
    }

    #[test]
    fn what_does_not_work_and_what_is_half_replaced_are_other_questions() {
        assert_not_applicable::<RotationOverdue>(|snapshot| {
            started(snapshot, -200);
            refuse_token(snapshot, "AADSTS7000215");
        });
        assert_not_applicable::<RotationOverdue>(|snapshot| {
            started(snapshot, -200);
            add_credential(snapshot, "new", -5, 100).matches_stored = known(false);
        });
    }
}
