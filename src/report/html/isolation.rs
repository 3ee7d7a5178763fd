//! The isolation matrix: which registration is let in where it does not belong.

use std::collections::BTreeSet;

use super::markup::Markup;
use super::matrix::{legend, words};
use super::words::environment;
use super::{heading, registration_id};
use crate::model::Assessment;
use crate::model::assessment::{CellState, IsolationCell, RegistrationView};

const LONG: usize = 60;

/// How many cells there are.
pub(super) fn cells(assessment: &Assessment) -> usize {
    let views = &assessment.registrations;
    views.iter().map(|view| view.isolation.len()).sum()
}

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "isolation",
        "Isolation: who is let in elsewhere?",
        "Each registration against each environment that is not its own. Everything but a refusal needs a reason.",
    );
    let rows = || {
        let views = assessment.registrations.iter().enumerate();
        views.filter(|(_, view)| !view.isolation.is_empty())
    };
    if rows().next().is_none() {
        page.raw("<p>No registration was compared with another environment.</p>\n</section>\n");
        return;
    }
    legend(page);
    let environments: BTreeSet<&str> = assessment
        .registrations
        .iter()
        .flat_map(|view| view.isolation.iter().map(|cell| cell.environment.as_str()))
        .chain(rows().map(|(_, view)| view.environment.as_str()))
        .collect();
    super::ladder::row_filter(page, "isolation-rows", "Show registrations with");
    let class = if rows().count() > LONG {
        "scroll long"
    } else {
        "scroll"
    };
    page.open(
        "section",
        &[
            ("class", class),
            ("tabindex", "0"),
            ("aria-label", "Isolation, scrolls"),
        ],
    );
    page.raw(
        "\n<table class=\"matrix\" id=\"isolation-rows\"><caption class=\"sr\">Registrations against \
         environments</caption>\n<thead><tr><th scope=\"col\" class=\"c-who\">Registration</th>",
    );
    for name in &environments {
        page.element("th", &[("scope", "col")], |cell| cell.text(name));
    }
    page.raw("</tr></thead>\n<tbody>\n");
    for (index, view) in rows() {
        page.raw("<tr data-row><th scope=\"row\">");
        let target = format!("#{}", registration_id(index));
        page.element("a", &[("href", &target)], |link| link.text(&view.name));
        page.raw(" ");
        page.word("small", "", &environment(view));
        page.raw("</th>");
        for name in &environments {
            cell(page, view, name);
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table>\n</section>\n</section>\n");
}

fn cell(page: &mut Markup, view: &RegistrationView, environment: &str) {
    page.raw("<td>");
    if view.environment == environment {
        page.raw("<span class=\"quiet\">its own</span>");
    }
    let here: Vec<&IsolationCell> = view
        .isolation
        .iter()
        .filter(|cell| cell.environment == environment)
        .collect();
    for one in &here {
        let (class, word) = words(one.state, one.open);
        page.raw("<div>");
        if here.len() > 1 {
            page.text(one.service.name());
            page.raw(": ");
        }
        page.word("b", class, word);
        if !matches!(
            one.state,
            CellState::ProvenRefused | CellState::NotTried | CellState::NotApplicable
        ) {
            page.raw(" ");
            let says = format!("call: {}; listed: {}", one.observed, one.granted);
            page.word("small", "", &says);
        }
        page.raw("</div>");
    }
    page.raw("</td>");
}
