//! Findings under a waiver: shown, with who answers for them and until when.

use super::findings::{self, Names};
use super::markup::Markup;
use super::section::{heading, row};
use crate::model::Assessment;
use crate::report::view::findings::waiver;

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
            for (label, text) in waiver(waived) {
                row(page, label, &text);
            }
            page.raw("</dl></li>\n");
        }
        page.raw("</ul>\n");
    }
    page.raw("</section>\n");
}
