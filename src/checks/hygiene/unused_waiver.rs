//! Does every waiver cover something?

use crate::checks::prelude::*;

pub(crate) struct UnusedWaiver;

impl Check for UnusedWaiver {
    const META: CheckMeta = CheckMeta {
        id: "unused-waiver",
        title: "A waiver in the policy covers nothing",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "What it accepted is fixed, or its resource is misspelt and what it should accept still counts. \
                    If it stays, it will hide the same defect when it comes back.",
        remediation: "Remove it from the policy, or write its `resource` exactly as the report prints it.",
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
