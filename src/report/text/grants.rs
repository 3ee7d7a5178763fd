//! What would be seen with a few grants more: the first thing to do about an incomplete report.

use crate::model::assessment::Assessment;
use crate::model::plural::count;

use super::findings::COLUMN;
use super::page::{Page, Tone};
use super::steps::{links, steps};

/// The missing grants, each once; nothing where none is missing.
pub(crate) fn grants(page: &mut Page, assessment: &Assessment) {
    let grants = &assessment.grants;
    if grants.is_empty() {
        return;
    }
    let one = grants.len() == 1;
    page.heading(&format!(
        "NOT GRANTED {}: grant {} to check more",
        count(grants.len(), "right"),
        if one { "it" } else { "them" }
    ));
    for grant in grants {
        page.blank();
        page.paragraph(0, 2, &format!("? {}", grant.role), Tone::Doubt);
        page.field(2, COLUMN, "On", &grant.scope);
        page.field(2, COLUMN, "To", &grant.identity);
        let gains = if grant.questions == 0 {
            "optional: it completes one list".to_owned()
        } else {
            format!(
                "{}: {}",
                count(grant.questions, "check"),
                grant.checks.join(", ")
            )
        };
        page.field(2, COLUMN, "For", &gains);
        steps(page, COLUMN, &grant.steps);
        links(page, COLUMN, &grant.links);
    }
}
