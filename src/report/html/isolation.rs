//! The isolation matrix: which registration is accepted where it does not belong.

use super::markup::Markup;
use super::matrix::LEGEND;
use super::section::{self, Scrolling, heading, whose};
use crate::model::Assessment;
use crate::model::assessment::IsolationCell;
use crate::model::plural::count;
use crate::report::view::cells::Danger;
use crate::report::view::isolation::{Matrix, Place};

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "isolation",
        "Isolation: which registrations are accepted elsewhere?",
        "Each registration against each environment that is not its own. Those that are accepted, or have a user \
         there, are marked with ! and come first.",
    );
    let mut matrix = Matrix::of(&assessment.registrations);
    matrix.rows.retain(|row| !row.view.isolation.is_empty());
    matrix.rows.sort_by_key(|row| (row.danger(), row.index));
    if matrix.rows.is_empty() {
        page.raw("<p>No registration was compared with another environment.</p>\n</section>\n");
        return;
    }
    page.raw(LEGEND);
    let mut all = matrix.rows.iter().flat_map(|row| &row.view.isolation);
    if all.any(IsolationCell::is_left_there) {
        page.word("p", "says", LEFT_THERE);
    }
    for (reason, number) in matrix.untried() {
        let cells = count(number, "cell");
        page.fill(
            "<p class=\"says\">No call in {}: {}.</p>",
            &[&cells, &reason],
        );
    }
    section::scrolling(page, &TABLE, matrix.rows.len(), |page| {
        for name in &matrix.environments {
            page.fill("<th scope=\"col\">{}</th>", &[&name]);
        }
        page.raw("</tr></thead>\n<tbody>\n");
        for row in &matrix.rows {
            page.raw("<tr data-row><th scope=\"row\">");
            whose(page, row.index, row.view);
            page.raw("</th>");
            for place in &row.places {
                draw(page, place);
            }
            page.raw("</tr>\n");
        }
        page.raw("</tbody></table>\n");
    });
}

const TABLE: Scrolling = Scrolling {
    id: "isolation-rows",
    filter: "Show registrations with",
    label: "Isolation, scrolls",
    head: "<table class=\"matrix\" id=\"isolation-rows\"><caption class=\"sr\">Registrations against \
         environments</caption>\n<thead><tr><th scope=\"col\" class=\"c-who\">Registration</th>",
};

/// What the word of its own means.
const LEFT_THERE: &str = "\u{25a3} user there: an application user exists in that environment; it is disabled, has \
                          no roles, or could not be tested.";

fn draw(page: &mut Markup, place: &Place<'_>) {
    page.raw(match place.danger {
        Danger::Alarm => "<td class=\"m-box\">",
        _ => "<td>",
    });
    if place.is_home {
        page.raw("<span class=\"quiet\">its own</span>");
    } else if place.cells.is_empty() {
        page.raw("<span class=\"quiet\">n/a</span>");
    }
    for (cell, sign) in &place.cells {
        page.raw(match sign.danger {
            Danger::Alarm => "<div class=\"m-bad\">! ",
            _ => "<div>",
        });
        page.word("b", sign.class, sign.word);
        if place.cells.len() > 1 {
            page.fill(" {}", &[&cell.service.name()]);
        }
        // Where the sign does not say it all.
        if sign.danger <= Danger::Doubt {
            page.fill(
                " <small>call: {}; listed: {}</small>",
                &[&cell.observed, &cell.granted],
            );
        }
        page.raw("</div>");
    }
    page.raw("</td>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Service;
    use crate::model::assessment::CellState;
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
            not_tried: false,
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
        assert!(open.contains("\u{25cf} accepted") && !open.contains("user there</b>"));
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
            not_tried: true,
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
