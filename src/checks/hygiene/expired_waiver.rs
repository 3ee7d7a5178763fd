//! Has a waiver passed its last day?

use crate::checks::prelude::*;

pub(crate) struct ExpiredWaiver;

impl Check for ExpiredWaiver {
    const META: CheckMeta = CheckMeta {
        id: "expired-waiver",
        title: "A waiver of the policy is past its end",
        severity: Severity::Info,
        family: super::FAMILY,
        rationale: "It covers nothing any more: what it accepted counts again, and whoever accepted it should know.",
        remediation: "Mend what it covered and take it out, or have its owner decide anew and move `expires`.",
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
