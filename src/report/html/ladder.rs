//! The ladder: how far each registration got, from the vault to the tables.

use super::marks::{self, severity};
use super::markup::Markup;
use super::section::{Scrolling, heading, scrolling, whose};
use crate::model::assessment::{Assessment, RungState};
use crate::report::printable::capital;
use crate::report::view::horizon::Horizon;
use crate::report::view::steps::{Column, Shown, columns, shown};

const TABLE: Scrolling = Scrolling {
    id: "ladder-rows",
    filter: "Show registrations with",
    label: "Proof, scrolls",
    head: "<table class=\"rungs\" id=\"ladder-rows\"><caption class=\"sr\">Registrations and their \
         steps</caption>\n<thead><tr><th scope=\"col\" class=\"c-who\">Registration</th>",
};

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "ladder",
        "Proof: does each credential work?",
        "Each step needs the one before it: read from the vault, exchanged for a token, accepted by the \
         environment, tried on the tables that it needs, and on those that it must not read.",
    );
    let views = &assessment.registrations;
    if views.is_empty() {
        page.raw("<p>No registration was audited.</p>\n</section>\n");
        return;
    }
    let columns = columns(views);
    let horizon = Horizon::of(assessment);
    scrolling(page, &TABLE, views.len(), |page| {
        for step in &columns {
            page.fill("<th scope=\"col\">{}</th>", &[&capital(step.title())]);
        }
        page.raw(
            "<th scope=\"col\">Expires</th><th scope=\"col\">Findings</th></tr></thead>\n<tbody>\n",
        );
        for (index, view) in views.iter().enumerate() {
            page.raw("<tr data-row><th scope=\"row\">");
            whose(page, index, view);
            page.raw("</th>");
            let shown = shown(view);
            for column in &columns {
                draw(page, &shown, *column);
            }
            let (day, near) = horizon.end(&view.ends);
            let class = marks::urgency(&horizon, horizon.urgency(&view.ends));
            let found = view.findings.to_string();
            page.fill(
                "<td>{} <small class=\"{}\">{}</small></td><td>{}",
                &[&day, &class, &near, &found],
            );
            if let Some(worst) = view.worst {
                page.raw(" ");
                severity(page, worst);
            }
            let waived = assessment.waived_of(view);
            if waived > 0 {
                page.fill(" <small>{} waived</small>", &[&waived]);
            }
            page.raw("</td></tr>\n");
        }
        page.raw("</tbody></table>\n");
    });
}

fn draw(page: &mut Markup, shown: &[Shown<'_>], column: Column) {
    let found = shown.iter().find(|one| one.column == column);
    let state = found.map_or(RungState::NotApplicable, |rung| rung.state);
    let (class, word) = marks::rung(state);
    page.fill("<td><b class=\"{}\">{}</b>", &[&class, &word]);
    if let Some(rung) = found.filter(|rung| !rung.note.is_empty()) {
        page.fill(" <small>{}</small>", &[&rung.note]);
    }
    page.raw("</td>");
}
