//! What could not be read: each hole once, however many questions hang on it.

use super::findings::COLUMN;
use super::page::{Page, Tone};
use crate::model::assessment::Assessment;
use crate::model::plural::count;
use crate::report::view::unread::holes;

pub(crate) fn unread(page: &mut Page, assessment: &Assessment) {
    let holes = holes(assessment);
    if holes.is_empty() {
        page.heading("NOT CHECKED nothing: every check has an answer");
        return;
    }
    page.heading(&format!("NOT CHECKED {}", count(holes.len(), "cause")));
    for hole in &holes {
        page.blank();
        page.paragraph(0, 2, &format!("? {}", hole.title()), Tone::Doubt);
        for (label, text) in hole.facts() {
            page.field(2, COLUMN, label, &text);
        }
    }
}
