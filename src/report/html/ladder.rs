//! The ladder: how far each registration got, from the vault to the tables.

use super::marks::{self, severity};
use super::markup::Markup;
use super::section::{heading, more, registration_id, row_filter};
use crate::model::assessment::{Assessment, RegistrationView, RungState};
use crate::report::printable::capital;
use crate::report::view::horizon::Horizon;
use crate::report::view::registrations::environment;
use crate::report::view::steps::{columns, step};

/// More rows than this scroll inside their box.
const LONG: usize = 60;

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "ladder",
        "Ladder: does each credential work?",
        "Each step needs the one before it: read from the vault, exchanged for a token, accepted by the \
         environment, tried on tables.",
    );
    let views = &assessment.registrations;
    if views.is_empty() {
        page.raw("<p>No registration was looked at.</p>\n</section>\n");
        return;
    }
    let columns = columns(views);
    row_filter(page, "ladder-rows", "Show registrations with");
    let class = if views.len() > LONG {
        "scroll long"
    } else {
        "scroll"
    };
    page.open(
        "section",
        &[
            ("class", class),
            ("tabindex", "0"),
            ("aria-label", "Ladder, scrolls"),
        ],
    );
    page.raw(
        "\n<table class=\"rungs\" id=\"ladder-rows\"><caption class=\"sr\">Registrations and their \
         steps</caption>\n<thead><tr><th scope=\"col\" class=\"c-who\">Registration</th>",
    );
    for (_, title) in &columns {
        page.element("th", &[("scope", "col")], |cell| cell.text(&capital(title)));
    }
    page.raw("<th scope=\"col\">Ends</th><th scope=\"col\">Findings</th></tr></thead>\n<tbody>\n");
    let horizon = Horizon::of(assessment);
    for (index, view) in views.iter().enumerate() {
        row(page, assessment, &horizon, (index, view), &columns);
    }
    page.raw("</tbody></table>\n");
    if views.len() > LONG {
        more(page, views.len());
    }
    page.raw("</section>\n</section>\n");
}

fn row(
    page: &mut Markup,
    assessment: &Assessment,
    horizon: &Horizon,
    (index, view): (usize, &RegistrationView),
    columns: &[(&str, &str)],
) {
    page.raw("<tr data-row><th scope=\"row\">");
    let target = format!("#{}", registration_id(index));
    page.element("a", &[("href", &target)], |link| link.text(&view.name));
    page.raw(" ");
    page.word("small", "", &environment(view));
    page.raw("</th>");
    for (name, _) in columns {
        let found = step(view, name);
        let state = found.map_or(RungState::NotApplicable, |rung| rung.state);
        let (class, word) = marks::rung(state);
        page.raw("<td>");
        page.word("b", class, word);
        if let Some(rung) = found.filter(|rung| !rung.note.is_empty()) {
            page.raw(" ");
            page.word("small", "", &rung.note);
        }
        page.raw("</td>");
    }
    let (day, near) = horizon.end(&view.ends);
    let class = marks::urgency(horizon, horizon.urgency(&view.ends));
    page.raw("<td>");
    page.text(&day);
    page.raw(" ");
    page.word("small", class, &near);
    page.raw("</td><td>");
    page.text(&view.findings.to_string());
    if let Some(worst) = view.worst {
        page.raw(" ");
        severity(page, worst);
    }
    let waived = assessment.waived_of(view);
    if waived > 0 {
        page.raw(" ");
        page.word("small", "", &format!("{waived} waived"));
    }
    page.raw("</td></tr>\n");
}
