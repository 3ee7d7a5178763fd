//! The isolation matrix: which registration is accepted where it does not belong.

use crate::model::plural::count;
use std::collections::{BTreeMap, BTreeSet};

use super::markup::Markup;
use super::matrix::{legend, words};
use super::section::{heading, registration_id};
use crate::model::Assessment;
use crate::model::assessment::{CellState, IsolationCell, RegistrationView};
use crate::report::view::registrations::environment;

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
        "Isolation: who is accepted elsewhere?",
        "Each registration against each environment that is not its own. Who is accepted, or has a user there, is marked with ! and stands first.",
    );
    let mut rows: Vec<(usize, &RegistrationView)> = assessment
        .registrations
        .iter()
        .enumerate()
        .filter(|(_, view)| !view.isolation.is_empty())
        .collect();
    rows.sort_by_key(|(index, view)| (rank(view), *index));
    if rows.is_empty() {
        page.raw("<p>No registration was compared with another environment.</p>\n</section>\n");
        return;
    }
    legend(page);
    let cells = rows.iter().flat_map(|(_, view)| &view.isolation);
    if cells.clone().any(IsolationCell::is_left_there) {
        page.word("p", "says", LEFT_THERE);
    }
    untried(page, &rows);
    let environments: BTreeSet<&str> = assessment
        .registrations
        .iter()
        .flat_map(|view| view.isolation.iter().map(|cell| cell.environment.as_str()))
        .chain(rows.iter().map(|(_, view)| view.environment.as_str()))
        .collect();
    super::section::row_filter(page, "isolation-rows", "Show registrations with");
    let class = if rows.len() > LONG {
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
    for (index, view) in rows {
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

/// What the word of its own means.
const LEFT_THERE: &str = "\u{25a3} user there: a user of it is in that environment, disabled, without roles, or \
     nobody could tell whether it gets in.";

/// Whether somebody is accepted where he does not belong, or seems to be, or has a user there.
fn is_wrong(cell: &IsolationCell) -> bool {
    cell.open == Some(true) || cell.state == CellState::Disagrees || cell.is_left_there()
}

/// The class and the words of a cell: that a user is there outweighs that it was refused.
fn sign(cell: &IsolationCell) -> (&'static str, &'static str) {
    if cell.is_left_there() {
        ("m-disagrees", "\u{25a3} user there")
    } else {
        words(cell.state, cell.open)
    }
}

/// Who is accepted elsewhere stands first, then what is not known.
fn rank(view: &RegistrationView) -> u8 {
    let any = |wanted: &dyn Fn(&IsolationCell) -> bool| view.isolation.iter().any(wanted);
    if any(&is_wrong) {
        0
    } else if any(&|cell| cell.state == CellState::Unknown) {
        1
    } else {
        2
    }
}

/// Why no call was made, once for all the cells that it holds for.
fn untried(page: &mut Markup, rows: &[(usize, &RegistrationView)]) {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in rows.iter().flat_map(|(_, view)| &view.isolation) {
        if says_nothing_more(cell) && cell.observed.starts_with("not tried") {
            *reasons.entry(&cell.observed).or_default() += 1;
        }
    }
    for (reason, number) in reasons {
        let cells = count(number, "cell");
        page.word("p", "says", &format!("No call in {cells}: {reason}."));
    }
}

/// Where the sign and the word tell it all.
fn says_nothing_more(cell: &IsolationCell) -> bool {
    let told = matches!(
        (cell.state, cell.open),
        (
            CellState::ProvenRefused | CellState::NotTried | CellState::NotApplicable,
            _
        ) | (
            CellState::GrantedOnly | CellState::ObservedOnly,
            Some(false)
        )
    );
    told && !cell.is_left_there()
}

fn cell(page: &mut Markup, view: &RegistrationView, environment: &str) {
    let here: Vec<&IsolationCell> = view
        .isolation
        .iter()
        .filter(|cell| cell.environment == environment)
        .collect();
    let wrong = here.iter().any(|cell| is_wrong(cell));
    page.raw(if wrong {
        "<td class=\"m-box\">"
    } else {
        "<td>"
    });
    if view.environment == environment {
        page.raw("<span class=\"quiet\">its own</span>");
    } else if here.is_empty() {
        page.raw("<span class=\"quiet\">n/a</span>");
    }
    for one in &here {
        let (class, word) = sign(one);
        page.raw(if is_wrong(one) {
            "<div class=\"m-bad\">! "
        } else {
            "<div>"
        });
        page.word("b", class, word);
        if here.len() > 1 {
            page.raw(" ");
            page.text(one.service.name());
        }
        if !says_nothing_more(one) {
            page.raw(" ");
            let says = format!("call: {}; listed: {}", one.observed, one.granted);
            page.word("small", "", &says);
        }
        page.raw("</div>");
    }
    page.raw("</td>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Service;
    use crate::report::fixture;

    /// Refused, or by the list shut out: a user that is there is no green cell.
    #[test]
    fn a_user_left_there_has_a_word_of_its_own() {
        let left = |state, open| IsolationCell {
            environment: "elsewhere".into(),
            service: Service::Dataverse,
            state,
            open,
            observed: "403 0x80040225".into(),
            granted: "user 1, disabled".into(),
            known_there: true,
        };
        let page = |cells: Vec<IsolationCell>| {
            let mut assessment = fixture::rich();
            for view in &mut assessment.registrations {
                view.isolation.clear();
            }
            assessment.registrations[0].isolation = cells;
            let mut page = Markup::default();
            section(&mut page, &assessment);
            page.finish()
        };
        for (state, open) in [
            (CellState::ProvenRefused, Some(false)),
            (CellState::GrantedOnly, Some(false)),
            (CellState::GrantedOnly, None),
            (CellState::ObservedOnly, Some(false)),
        ] {
            let page = page(vec![left(state, open)]);
            assert!(page.contains("! <b class=\"m-disagrees\">\u{25a3} user there</b>"));
            assert!(page.contains("listed: user 1, disabled"), "{page}");
            assert!(page.contains(LEFT_THERE));
        }
        let open = page(vec![left(CellState::ProvenOpen, Some(true))]);
        assert!(open.contains("\u{25cf} open") && !open.contains("user there</b>"));
    }

    #[test]
    fn who_is_let_in_is_marked_and_stands_first() {
        let cell = |state, open| IsolationCell {
            environment: "elsewhere".into(),
            service: Service::Dataverse,
            state,
            open,
            observed: "not tried: probe = \"none\"".into(),
            granted: "user 1, enabled".into(),
            known_there: false,
        };
        let mut assessment = fixture::rich();
        let last = assessment.registrations.len() - 1;
        assessment.registrations[0].isolation = vec![cell(CellState::GrantedOnly, Some(false))];
        assessment.registrations[last].isolation = vec![cell(CellState::GrantedOnly, Some(true))];
        for view in &mut assessment.registrations[1..last] {
            view.isolation.clear();
        }
        let mut page = Markup::default();
        section(&mut page, &assessment);
        let page = page.finish();
        assert_eq!(page.matches("<td class=\"m-box\">").count(), 1);
        let (first, second) = (format!("#r-{last}"), "#r-0".to_owned());
        assert!(page.find(&first) < page.find(&second));
        assert!(page.contains("No call in 1 cell: not tried: probe = &quot;none&quot;."));
        assert_eq!(page.matches("listed: user 1, enabled").count(), 1);
    }
}
