//! Findings under a waiver: shown, with who answers for them and until when.

use super::findings::{self, Names};
use super::markup::Markup;
use super::section::heading;
use super::section::row;
use crate::model::Assessment;

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    let title = match assessment.waived.len() {
        0 => "Nothing is waived".to_owned(),
        number => format!("Waived: {number}"),
    };
    heading(page, "waived", &title, "");
    if !assessment.waived.is_empty() {
        let names = Names::of(assessment);
        page.raw("<ul class=\"list\">\n");
        for waived in &assessment.waived {
            page.raw("<li class=\"finding\">");
            findings::body(page, &waived.finding, &names);
            page.raw("<dl>");
            row(page, "Reason", &waived.reason);
            let until = format!("by {} until the end of {}", waived.owner, waived.expires);
            row(page, "Waived", &until);
            page.raw("</dl></li>\n");
        }
        page.raw("</ul>\n");
    }
    page.raw("</section>\n");
}
