//! The privilege matrix: for each registration what the estate states against what was proven.

use crate::model::plural::count;
use std::collections::BTreeMap;

use super::markup::Markup;
use super::matrix::{legend, words};
use super::section::heading;
use crate::model::assessment::{CellState, PrivilegeCell, RegistrationView, Stated};
use crate::model::{Assessment, Operation};
use crate::report::view::registrations::environment;

/// How many cells there are.
pub(super) fn cells(assessment: &Assessment) -> usize {
    let views = &assessment.registrations;
    views.iter().map(|view| view.privileges.len()).sum()
}

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "privileges",
        "Privileges: expected against proven",
        "For each registration what the estate states, and what was proven. A cell marked with ! is not as stated.",
    );
    if cells(assessment) == 0 {
        page.raw("<p>No privilege was compared.</p>\n</section>\n");
        return;
    }
    legend(page);
    let mut views: Vec<&RegistrationView> = assessment
        .registrations
        .iter()
        .filter(|view| !view.privileges.is_empty())
        .collect();
    // What is not as stated stands first, then what is not known; nobody has to look for it.
    views.sort_by_key(|view| {
        let any = |wanted: &dyn Fn(&PrivilegeCell) -> bool| view.privileges.iter().any(wanted);
        (
            !any(&PrivilegeCell::is_wrong),
            !any(&PrivilegeCell::is_unsettled),
        )
    });
    for view in views {
        one(page, view);
    }
    page.raw("</section>\n");
}

fn one(page: &mut Markup, view: &RegistrationView) {
    let wrong = view
        .privileges
        .iter()
        .filter(|cell| cell.is_wrong())
        .count();
    let open = view
        .privileges
        .iter()
        .filter(|cell| cell.is_unsettled())
        .count();
    let any = |wanted: &dyn Fn(&PrivilegeCell) -> bool| view.privileges.iter().any(wanted);
    // What is as stated is not printed: paper is for what needs doing.
    page.raw(match (wrong, open) {
        (1.., _) => "<details class=\"reg\" open><summary><b>",
        (0, 1..) => "<details class=\"reg\"><summary><b>",
        (0, 0) => "<details class=\"reg calm\"><summary><b>",
    });
    page.text(&view.name);
    page.raw("</b> ");
    page.text(&environment(view));
    page.raw(" ");
    if wrong > 0 {
        page.word("span", "tag s-bad", &format!("! {wrong} not as stated"));
    } else if any(&PrivilegeCell::is_shown) {
        page.word("span", "chip", "nothing against what is stated");
    } else if any(&|cell| cell.as_stated == Some(true)) {
        page.word(
            "span",
            "chip",
            "as stated by the roles alone, no call shows it",
        );
    } else if open == 0 {
        page.word("span", "chip", "nothing was tried");
    }
    if open > 0 {
        page.raw(" ");
        page.word("span", "tag s-doubt", &format!("? {open} unknown"));
    }
    page.raw("</summary>\n");
    table(page, view);
    notes(page, view);
    page.raw("</details>\n");
}

fn table(page: &mut Markup, view: &RegistrationView) {
    let mut rows: BTreeMap<(&str, &str), BTreeMap<Operation, &PrivilegeCell>> = BTreeMap::new();
    for cell in &view.privileges {
        rows.entry((cell.service.name(), cell.thing.as_str()))
            .or_default()
            .insert(cell.operation, cell);
    }
    let columns: Vec<Operation> = Operation::ALL
        .into_iter()
        .filter(|operation| rows.values().any(|row| row.contains_key(operation)))
        .collect();
    page.raw("<div class=\"scroll\"><table class=\"matrix\">");
    let caption = format!("{}: what it may do, stated and proven", view.name);
    page.word("caption", "sr", &caption);
    page.raw("<thead><tr><th scope=\"col\">Table</th>");
    for operation in &columns {
        page.element("th", &[("scope", "col")], |cell| {
            cell.text(operation.as_str());
        });
    }
    page.raw("</tr></thead><tbody>\n");
    for ((service, thing), row) in &rows {
        page.raw("<tr><th scope=\"row\">");
        page.text(thing);
        page.raw(" ");
        page.word("small", "", service);
        page.raw("</th>");
        for operation in &columns {
            match row.get(operation) {
                Some(cell) => draw(page, cell),
                None => page.raw("<td></td>"),
            }
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody></table></div>\n");
}

/// What was proven, and beneath it what is stated.
fn draw(page: &mut Markup, cell: &PrivilegeCell) {
    let (class, word) = words(cell.state, cell.open);
    page.raw(if cell.is_wrong() {
        "<td class=\"m-wrong\">! "
    } else {
        "<td>"
    });
    page.word("b", class, word);
    if cell.is_unsettled() && cell.state != CellState::Unknown {
        page.raw(" <b class=\"m-unknown\">?</b>");
    }
    match cell.stated {
        Stated::Allowed => page.raw(" <small>should be open</small>"),
        Stated::Denied => page.raw(" <small>should be refused</small>"),
        Stated::NotStated => page.raw(" <small>not stated</small>"),
    }
    page.raw("</td>");
}

/// The evidence behind what is not as stated or not known, the same words once.
fn notes(page: &mut Markup, view: &RegistrationView) {
    let mut notes: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for cell in &view.privileges {
        if cell.is_wrong() || cell.is_unsettled() {
            notes
                .entry((&cell.observed, &cell.granted))
                .or_default()
                .push(format!("{} {}", cell.operation, cell.thing));
        }
    }
    if notes.is_empty() {
        return;
    }
    page.raw("<ul class=\"notes\">");
    for ((observed, granted), which) in &notes {
        let many = if which.len() > 8 {
            format!(
                "{} and {}",
                which[..8].join(", "),
                count(which.len() - 8, "more cell")
            )
        } else {
            which.join(", ")
        };
        page.word(
            "li",
            "",
            &format!("{many}: call: {observed}; granted: {granted}"),
        );
    }
    page.raw("</ul>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Service;
    use crate::report::fixture;

    /// All unknown, by the roles alone, not tried: none of these is "nothing against what is stated".
    #[test]
    fn a_label_says_no_more_than_was_seen() {
        let label = |state, as_stated| {
            let mut assessment = fixture::rich();
            for view in &mut assessment.registrations {
                view.privileges.clear();
            }
            assessment.registrations[0].privileges = vec![PrivilegeCell {
                service: Service::Dataverse,
                thing: "account".into(),
                operation: Operation::Read,
                stated: Stated::Denied,
                state,
                open: None,
                as_stated,
                observed: "timed-out".into(),
                granted: "prvReadAccount is not held".into(),
            }];
            let mut page = Markup::default();
            section(&mut page, &assessment);
            page.finish()
        };
        let plain = "nothing against what is stated";
        assert!(label(CellState::ProvenRefused, Some(true)).contains(plain));
        for (state, as_stated, says) in [
            (CellState::Unknown, None, "? 1 unknown"),
            (CellState::GrantedOnly, None, "? 1 unknown"),
            (CellState::GrantedOnly, Some(true), "by the roles alone"),
            (CellState::NotTried, None, "nothing was tried"),
        ] {
            let page = label(state, as_stated);
            assert!(page.contains(says) && !page.contains(plain), "{page}");
        }
        // What a read told nothing of gives its reason.
        assert!(label(CellState::GrantedOnly, None).contains("call: timed-out"));
    }

    #[test]
    fn what_is_not_as_stated_is_marked_open_and_explained() {
        let cell = |thing: &str, state, as_stated| PrivilegeCell {
            service: Service::Dataverse,
            thing: thing.into(),
            operation: Operation::Read,
            stated: Stated::Denied,
            state,
            open: None,
            as_stated,
            observed: "200 <b>".into(),
            granted: "prvReadAccount, organisation depth".into(),
        };
        let mut assessment = fixture::rich();
        assessment.registrations[0].privileges = vec![
            cell("account", CellState::ProvenOpen, Some(false)),
            cell("lead", CellState::ProvenRefused, Some(true)),
        ];
        assessment.registrations[1].privileges =
            vec![cell("lead", CellState::ProvenRefused, Some(true))];
        let mut page = Markup::default();
        section(&mut page, &assessment);
        let page = page.finish();
        assert_eq!(page.matches("<details class=\"reg\" open>").count(), 1);
        assert_eq!(page.matches("<td class=\"m-wrong\">").count(), 1);
        assert!(page.contains("read account: call: 200 &lt;b&gt;; granted: prvReadAccount"));
        assert!(page.contains("\u{2715} refused"));
    }
}
