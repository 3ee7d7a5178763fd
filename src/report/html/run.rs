//! What was judged, when, under which policy, and who collected it.

use super::markup::Markup;
use super::section::{heading, row};
use crate::model::Assessment;
use crate::model::time::minute;
use crate::report::view::run::facts;

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(page, "run", "This run", "");
    page.raw("<dl>");
    row(page, "Collected", &minute(assessment.run.collected));
    for (label, text, _) in facts(assessment) {
        row(page, label, &text);
    }
    page.raw("</dl>\n</section>\n");
}
