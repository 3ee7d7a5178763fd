//! What to do next, step by step, with command lines that can be pasted.

use crate::model::assessment::Step;

use super::page::{Page, Tone};

/// The steps, numbered. A command stands on one line however long it is: a line that a report breaks is
/// two commands to a shell, and the second half of a rotation would run without the first.
pub(crate) fn steps(page: &mut Page, indent: usize, steps: &[Step]) {
    for (number, step) in steps.iter().enumerate() {
        let label = format!("{}.", number + 1);
        page.field(indent, indent + 3, &label, &step.say);
        for (shell, line) in step.lines(page.powershell_first()) {
            if let Some(shell) = shell {
                page.paragraph(indent + 3, indent + 3, shell, Tone::Heading);
            }
            page.command(indent + 3, line);
        }
    }
}
