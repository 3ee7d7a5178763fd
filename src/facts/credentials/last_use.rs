//! When somebody other than the audit last used a credential, as far as that can be told.

use super::held::Held;
use crate::facts::case::{Case, Stop};
use crate::facts::prelude::*;
use crate::model::time::minute;

/// How far the clocks of the audit and of the report may be apart, in minutes.
const SLACK: i64 = 5;

/// What is known of a credential nobody has used of late.
pub(crate) fn idle_words(last_use: &LastUse) -> String {
    match last_use {
        LastUse::At(moment) => format!("it was last used on {}", day(*moment)),
        LastUse::NotReported => "no sign-in with it is in the report".to_owned(),
    }
}

impl<'a> Case<'a> {
    /// The last sign-in of the service principal, where it lies after `since` and no credential's own last
    /// use explains it: then the report of credentials has no line of somebody's use.
    pub(crate) fn unexplained_sign_in(&self, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let Some(LastUse::At(last)) = self.evidence.last_sign_in.known() else {
            return None;
        };
        let explains = |held: &Held<'_>| match held.credential.last_use.known() {
            Some(LastUse::At(used)) => (*last - *used).abs() <= TimeDelta::days(1),
            _ => false,
        };
        let explained = self.held().is_ok_and(|held| held.iter().any(explains));
        (*last > since && !explained).then_some(*last)
    }

    /// Up to when the report of sign-ins can tell anything: it knows nothing of the days after the run.
    pub(crate) fn reported_until(&self) -> DateTime<Utc> {
        self.context.as_of.min(self.snapshot().started)
    }

    /// The last use, where it lies at or before `idle_since` or is certainly somebody else's. A use that
    /// long ago may be anybody's: nobody has used the credential since.
    pub(crate) fn last_use(
        &self,
        held: &Held<'a>,
        idle_since: DateTime<Utc>,
    ) -> Result<&'a LastUse, Stop> {
        let last = held.credential.last_use.get()?;
        let LastUse::At(moment) = last else {
            return Ok(last);
        };
        if *moment <= idle_since {
            return Ok(last);
        }
        let snapshot = self.snapshot();
        let own_run = |started: DateTime<Utc>, finished: DateTime<Utc>| {
            let slack = TimeDelta::minutes(SLACK);
            started
                .checked_sub_signed(slack)
                .is_none_or(|from| from <= *moment)
                && finished
                    .checked_add_signed(slack)
                    .is_none_or(|until| *moment <= until)
        };
        let own = own_run(snapshot.started, snapshot.finished)
            || snapshot
                .earlier_runs
                .iter()
                .any(|run| own_run(run.started, run.finished));
        if own {
            return Err(maybe_own(*moment, "it lies within a run of the audit").into());
        }
        let proves = self.registration.prove != Prove::Never;
        let may_be_stored = held.matches_stored.known() != Some(&false);
        if may_be_stored && proves && snapshot.earlier_runs.is_empty() {
            return Err(maybe_own(
                *moment,
                "the audit signs in with it, and no earlier run is known",
            )
            .with_remedy("give the last snapshot with --previous")
            .into());
        }
        Ok(last)
    }
}

fn maybe_own(moment: DateTime<Utc>, why: &str) -> Gap {
    Gap::new(
        GapKind::Unrecognised,
        format!(
            "its last use, {}, may be the audit's own: {why}",
            minute(moment)
        ),
    )
    .of_own_trace()
}

/// The moment this many days before.
pub(crate) fn days_before(moment: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    TimeDelta::try_days(i64::from(days))
        .and_then(|days| moment.checked_sub_signed(days))
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}
