//! Has a waiver expired?

use crate::checks::prelude::*;

pub(crate) struct ExpiredWaiver;

impl Check for ExpiredWaiver {
    const META: CheckMeta = CheckMeta {
        id: "expired-waiver",
        title: "A waiver in the policy has expired",
        severity: Severity::Info,
        family: super::FAMILY,
        rationale: "It no longer covers anything: what it accepted counts again, and whoever accepted it should know.",
        remediation: "Fix what it covered and remove the waiver, or let its owner decide again and set a new `expires`.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["policy"],
        explains: &[],
    };

    type Params = NoParams;

    /// A snapshot knows no policy: whoever knows both (`evaluate`) gives the verdicts.
    fn judge(_: &NoParams, _: &Context<'_>) -> Vec<Verdict> {
        Vec::new()
    }
}
