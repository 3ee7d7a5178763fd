//! Questions about a tenant as a whole: its registrations, and verdicts on what is no registration.

use super::case::{Case, Context, Judged, Stop};
use crate::facts::prelude::*;

impl<'a> Context<'a> {
    /// Every registration of the estate in this tenant that has evidence, by name.
    pub(crate) fn cases_in<'t>(
        &self,
        tenant: &'t str,
    ) -> impl Iterator<Item = Case<'a>> + use<'a, 't> {
        self.cases()
            .filter(move |case| case.environment.tenant == tenant)
    }
}

/// Turns what a judgement came to into an outcome, where no registration's settings count.
pub(crate) fn settled(judged: Judged) -> Outcome {
    match judged {
        Ok(outcome) => outcome,
        Err(Stop::NotApplicable(why)) => Outcome::NotApplicable(why),
        Err(Stop::Gap(gap)) => Outcome::Unknown(gap),
    }
}
