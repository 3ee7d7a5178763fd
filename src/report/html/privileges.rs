//! The privilege matrix: for each registration what the estate states against what was proven.

use std::collections::BTreeMap;

use super::markup::Markup;
use super::matrix::LEGEND;
use super::section::heading;
use crate::model::assessment::{CellState, PrivilegeCell, RegistrationView, Stated};
use crate::model::{Assessment, plural::count};
use crate::report::view::cells::Sign;
use crate::report::view::privileges::{Privileges, privileges};
use crate::report::view::registrations::environment;

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "privileges",
        "Privileges: expected against proven",
        "For each registration what the estate declares, and what was proven. A cell marked with ! differs from the \
         estate.",
    );
    let mut all = privileges(assessment);
    if all.is_empty() {
        page.raw("<p>No privilege was compared.</p>\n</section>\n");
        return;
    }
    page.raw(LEGEND);
    // What differs from the estate stands first, then what is not known; nobody has to look for it.
    all.sort_by_key(|one| (one.wrong == 0, one.unsettled == 0));
    for one in &all {
        draw_one(page, one);
    }
    page.raw("</section>\n");
}

fn draw_one(page: &mut Markup, one: &Privileges<'_>) {
    // What is as declared is not printed: paper is for what needs doing.
    page.raw(match (one.wrong, one.unsettled) {
        (1.., _) => "<details class=\"reg\" open>",
        (0, 1..) => "<details class=\"reg\">",
        (0, 0) => "<details class=\"reg calm\">",
    });
    let environment = environment(one.view);
    page.fill("<summary><b>{}</b> {} ", &[&one.view.name, &environment]);
    let as_stated = |cell: &PrivilegeCell| cell.as_stated == Some(true);
    if one.wrong > 0 {
        let verb = if one.wrong == 1 { "differs" } else { "differ" };
        page.fill(
            "<span class=\"tag s-bad\">! {} {} from the estate</span>",
            &[&one.wrong, &verb],
        );
    } else if one.shown {
        page.word("span", "chip", "nothing differs from the estate");
    } else if one.view.privileges.iter().any(as_stated) {
        let text = "as declared by the roles alone, no call shows it";
        page.word("span", "chip", text);
    } else if one.unsettled == 0 {
        page.word("span", "chip", "nothing was tried");
    }
    if one.unsettled > 0 {
        page.fill(
            " <span class=\"tag s-doubt\">? {} unknown</span>",
            &[&one.unsettled],
        );
    }
    page.raw("</summary>\n");
    table(page, one);
    notes(page, one.view);
    page.raw("</details>\n");
}

fn table(page: &mut Markup, one: &Privileges<'_>) {
    page.fill(
        "<div class=\"scroll\"><table class=\"matrix\"><caption class=\"sr\">{}: what it may do, declared and \
         proven</caption><thead><tr><th scope=\"col\">Table</th>",
        &[&one.view.name],
    );
    for operation in &one.operations {
        page.fill("<th scope=\"col\">{}</th>", &[&operation.as_str()]);
    }
    page.raw("</tr></thead><tbody>\n");
    for (service, thing, cells) in &one.rows {
        page.fill(
            "<tr><th scope=\"row\">{} <small>{}</small></th>",
            &[thing, &service.name()],
        );
        for cell in cells {
            match cell {
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
    let sign = Sign::of(cell.state, cell.open);
    page.raw(if cell.is_wrong() {
        "<td class=\"m-wrong\">! "
    } else {
        "<td>"
    });
    page.word("b", sign.class, sign.word);
    if cell.is_unsettled() && cell.state != CellState::Unknown {
        page.raw(" <b class=\"m-unknown\">?</b>");
    }
    page.raw(match cell.stated {
        Stated::Allowed => " <small>should be open</small></td>",
        Stated::Denied => " <small>should be refused</small></td>",
        Stated::NotStated => " <small>not declared</small></td>",
    });
}

/// The evidence behind what differs from the estate or not known, the same words once.
fn notes(page: &mut Markup, view: &RegistrationView) {
    let mut notes: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for cell in &view.privileges {
        if cell.is_wrong() || cell.is_unsettled() {
            notes
                .entry((cell.observed.letters(), cell.granted.letters()))
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
        page.fill(
            "<li>{}: call: {}; granted: {}</li>",
            &[&many, observed, granted],
        );
    }
    page.raw("</ul>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Operation, Service};
    use crate::report::fixture;

    /// All unknown, by the roles alone, not tried: none of these is "nothing differs from the estate".
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
        let plain = "nothing differs from the estate";
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
