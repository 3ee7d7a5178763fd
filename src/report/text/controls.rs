//! What the questions relate to. It never says that a control is met.

use super::page::{Page, Tone, cell};
use crate::model::Assessment;

/// A row a control; nothing where there is none.
pub(crate) fn controls(page: &mut Page, assessment: &Assessment) {
    if assessment.controls.is_empty() {
        return;
    }
    page.heading("RELATED CONTROLS for reference; not a compliance statement");
    let rows = assessment.controls.iter().map(|(control, counts)| {
        let mut row = vec![cell(control, Tone::Plain)];
        row.extend(
            [
                (counts.passed, Tone::Plain),
                (counts.failed, Tone::Bad),
                (counts.unknown, Tone::Doubt),
                (counts.waived, Tone::Plain),
            ]
            .map(|(number, tone)| cell(number, if number > 0 { tone } else { Tone::Plain })),
        );
        row
    });
    let columns = [
        ("control", None),
        ("passed", Some(6)),
        ("failed", Some(6)),
        ("unknown", Some(7)),
        ("waived", Some(6)),
    ];
    page.grid(&columns, rows.collect());
}
