//! What the isolation matrix keeps to: it fits, it folds, every state has a mark of its own.

use super::*;
use crate::model::assessment::{CellState, IsolationCell, RegistrationView};
use crate::report::fixture::{HOSTILE, columns, empty, proven};
use crate::report::printable::is_hostile;
use crate::report::text::{TableOptions, plain, table};
use crate::report::view::cells::Sign;

const SIX: [&str; 6] = ["dev", "dev-2", "prod", "prod-2", "test", "training"];

fn cell(
    environment: &str,
    service: Service,
    state: CellState,
    open: Option<bool>,
) -> IsolationCell {
    IsolationCell {
        environment: environment.to_owned(),
        service,
        state,
        open,
        observed: "403 0x80072560".to_owned().into(),
        granted: "no such user".to_owned().into(),
        known_there: false,
        not_tried: false,
    }
}

/// Refused by production, in no list elsewhere.
fn apart(name: &str, home: &str) -> RegistrationView {
    let mut view = proven(name, home, "development");
    for environment in SIX.iter().filter(|environment| **environment != home) {
        let state = if environment.starts_with("prod") {
            CellState::ProvenRefused
        } else {
            CellState::GrantedOnly
        };
        for service in [Service::Dataverse, Service::FinOps] {
            view.isolation
                .push(cell(environment, service, state, Some(false)));
        }
    }
    view
}

fn with(views: Vec<RegistrationView>) -> Assessment {
    let mut assessment = empty();
    assessment.registrations = views;
    assessment
}

fn at(width: u16, assessment: &Assessment) -> String {
    let text = table(
        assessment,
        &TableOptions {
            width,
            colour: false,
            powershell_first: false,
        },
    );
    let from = text.find("ISOLATION").expect("the matrix is there");
    let to = text[from..]
        .find("\n\n")
        .map_or(text.len(), |end| from + end);
    text[from..to].to_owned()
}

fn few() -> Assessment {
    let mut open = apart("raia-dev", "dev");
    open.isolation[2] = cell(
        "prod",
        Service::Dataverse,
        CellState::ProvenOpen,
        Some(true),
    );
    with(vec![open, apart("erp-dev", "dev"), apart("raia", "prod")])
}

#[test]
fn a_cell_whose_services_differ_says_both_and_the_others_one() {
    insta::assert_snapshot!(at(80, &few()));
}

#[test]
fn a_narrow_terminal_gets_lines() {
    let text = at(60, &few());
    assert!(
        text.contains("raia-dev of dev · prod: D YES F no"),
        "{text}"
    );
    for line in text.lines() {
        assert!(columns(line) <= 60, "{line}");
    }
}

#[test]
fn two_hundred_registrations_in_six_environments_fit_a_terminal() {
    let mut views: Vec<RegistrationView> = (0..200)
        .map(|number| apart(&format!("integration-{number:03}"), SIX[number % 6]))
        .collect();
    views[7].isolation[0].state = CellState::Disagrees;
    let text = at(80, &with(views));
    assert!(text.contains("34 alike"), "{text}");
    assert!(text.contains("integration-007"), "{text}");
    assert!(!text.contains("integration-013"), "{text}");
    assert!(text.lines().count() < 40, "{text}");
    assert!(text.lines().all(|line| columns(line) <= 80), "{text}");
}

#[test]
fn every_state_has_a_mark_of_its_own_and_the_legend_names_it() {
    let mut marks = std::collections::BTreeSet::new();
    for state in CellState::ALL {
        let opens: &[Option<bool>] = match state {
            CellState::GrantedOnly => &[None, Some(false), Some(true)],
            CellState::ObservedOnly => &[Some(false), Some(true)],
            _ => &[None],
        };
        for open in opens {
            let mark = Sign::elsewhere(&cell("prod", Service::Dataverse, state, *open)).mark;
            assert!(marks.insert(mark), "{mark} stands for two things");
            assert!(
                mark.is_ascii() && mark.len() + 2 <= usize::from(MARK_ROOM),
                "{mark}"
            );
            let legend: String = at(140, &few())
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            assert!(
                legend.contains(&format!("{mark} ")) || legend.contains(&format!("{mark},")),
                "{mark}"
            );
        }
    }
}

/// What it was answered does not matter: a user that is there ranks with who is accepted.
#[test]
fn a_user_left_there_is_not_a_refusal() {
    for (state, open) in [
        (CellState::ProvenRefused, Some(false)),
        (CellState::GrantedOnly, Some(false)),
        (CellState::GrantedOnly, None),
        (CellState::ObservedOnly, Some(false)),
    ] {
        let mut left = cell("prod", Service::Dataverse, state, open);
        left.known_there = true;
        let sign = Sign::elsewhere(&left);
        assert_eq!((sign.mark, sign.danger), ("USER", Danger::Alarm));
    }
    for (state, mark) in [
        (CellState::ProvenOpen, "YES"),
        (CellState::Disagrees, "CLASH"),
    ] {
        let mut there = cell("prod", Service::Dataverse, state, Some(true));
        there.known_there = true;
        assert_eq!(Sign::elsewhere(&there).mark, mark);
    }
    assert!(at(140, &few()).contains("USER an application user"));
}

#[test]
fn one_environment_has_no_matrix_and_mail_draws_no_boxes() {
    let alone = with(vec![proven("raia", "prod", "production")]);
    let text = table(&alone, &TableOptions::default());
    assert!(!text.contains("ISOLATION"), "{text}");
    let mail = plain(&few(), 78);
    assert!(mail.contains("D YES") && !mail.contains('─'), "{mail}");
    assert!(mail.lines().all(|line| columns(line) <= 78));
}

#[test]
fn hostile_names_fit_and_are_harmless_at_every_width() {
    let mut view = apart(HOSTILE, "dev");
    view.isolation[0].environment = HOSTILE.to_owned();
    for width in [60, 80, 100, 140] {
        let text = at(width, &with(vec![view.clone()]));
        assert!(!text.chars().any(|one| one != '\n' && is_hostile(one)));
        for line in text.lines() {
            assert!(columns(line) <= width, "{width}: {line}");
        }
    }
}
