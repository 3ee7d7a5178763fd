//! What was judged, when, under which policy, and who collected it.

use super::markup::Markup;
use super::section::heading;
use super::section::row;
use crate::model::{Assessment, time};
use crate::report::view::remarks::remarks;

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    let run = &assessment.run;
    heading(page, "run", "This run", "");
    page.raw("<dl>");
    row(page, "Collected", &time::minute(run.collected));
    let judged = if run.as_of_given {
        format!("{}, a date given by hand", time::minute(run.as_of))
    } else {
        time::minute(run.as_of)
    };
    row(page, "Judged as of", &judged);
    for remark in remarks(run) {
        row(page, "Note", &remark);
    }
    let policy = format!("{}, findings count from {}", run.policy, run.fail_on);
    row(page, "Policy", &policy);
    if run.auditors.is_empty() {
        row(page, "Auditor", "none signed in");
    }
    for auditor in &run.auditors {
        row(page, "Auditor", auditor);
    }
    let looked = run.narrowed.as_ref().map_or_else(
        || "the whole estate".to_owned(),
        |narrowed| format!("a part of the estate only: {narrowed}"),
    );
    row(page, "Looked at", &looked);
    row(page, "Run", &run.id);
    row(page, "Tool", &assessment.tool);
    page.raw("</dl>\n</section>\n");
}
