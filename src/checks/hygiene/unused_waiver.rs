//! Does every waiver cover something?

use crate::checks::prelude::*;

pub(crate) struct UnusedWaiver;

impl Check for UnusedWaiver {
    const META: CheckMeta = CheckMeta {
        id: "unused-waiver",
        title: "A waiver of the policy covers nothing",
        severity: Severity::Low,
        family: super::FAMILY,
        rationale: "What it accepted is mended, or its resource is misspelt and what it should accept still counts. \
                    Left standing it will one day hide the same defect come back.",
        remediation: "Take it out of the policy, or write its `resource` as the report prints it.",
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
