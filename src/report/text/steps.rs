//! What to do next, step by step, with command lines that can be pasted.

use crate::model::assessment::{Link, Step};

use super::page::{Page, Tone};

/// The steps, numbered. A command stands on one line however long it is: a line that a report breaks is
/// two commands to a shell, and the second half of a rotation would run without the first.
pub(crate) fn steps(page: &mut Page, indent: usize, steps: &[Step]) {
    for (number, step) in steps.iter().enumerate() {
        let label = format!("{}.", number + 1);
        page.field(indent, indent + 3, &label, step.say.letters());
        lines(page, indent + 3, step);
    }
}

/// Commands of a remedy: they need not all be run, and have no order.
pub(crate) fn commands(page: &mut Page, indent: usize, commands: &[Step]) {
    for step in commands {
        page.field(indent, indent + 2, "-", step.say.letters());
        lines(page, indent + 2, step);
    }
}

/// Pages of a portal, each address on a line of its own: one that is broken opens something else.
pub(crate) fn links(page: &mut Page, indent: usize, links: &[Link]) {
    for link in links {
        page.field(indent, indent + 2, "-", &format!("{}:", link.say));
        page.command(indent + 2, &link.url);
    }
}

fn lines(page: &mut Page, indent: usize, step: &Step) {
    for (shell, line) in step.lines(page.powershell_first()) {
        if let Some(shell) = shell {
            page.paragraph(indent, indent, shell, Tone::Heading);
        }
        page.command(indent, line);
    }
}
