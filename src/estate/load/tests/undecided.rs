//! What a person has still to decide: listed with its lines, and no mistake.

use super::{GOOD, problems};
use crate::source::{Problem, render};

fn opened(changes: &[(&str, &str)]) -> Vec<Problem> {
    let mut text = GOOD.to_owned();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    problems(&text)
}

#[test]
fn every_decision_is_listed_with_its_line_and_nothing_follows_from_it() {
    let all = opened(&[
        ("tier = \"production\"", "tier = \"?\""),
        (
            "[vaults.crm-prod]\nenvironment = \"prod\"",
            "[vaults.crm-prod]\nenvironment = \"?\"",
        ),
        (
            "name = \"zeta\"\nenvironment = \"prod\"",
            "name = \"zeta\"\nenvironment = \"?\"",
        ),
        (
            "credential = { secret = \"crm-prod/zeta-secret\" }",
            "credential = \"?\"",
        ),
        ("field = \"clientSecret\"", "field = \"?\""),
    ]);
    assert!(all.iter().all(|problem| problem.undecided), "{all:#?}");
    let drawn = render(&all, 100, false);
    assert_eq!(
        drawn,
        "5 decisions are left to you in estate.toml:\n\
         \x20 line  6  tier of environment `prod`: production, test or development\n\
         \x20 line 10  environment of vault `crm-prod`: the environment whose secrets it holds\n\
         \x20 line 14  environment of registration `zeta`: the environment it works in\n\
         \x20 line 16  credential of registration `zeta`: { secret = \"vault/name\" }, { certificate = \
         \"vault/name\" }, \"none\" or \"federated\"\n\
         \x20 line 25  field of a credential: the field of the entry that holds it\n\
         Write each answer in place of its \"?\".\n"
    );
}

#[test]
fn a_mistake_beside_a_decision_is_still_drawn() {
    let all = opened(&[
        ("tier = \"production\"", "tier = \"?\""),
        ("prove = \"never\"", "prove = \"newer\""),
    ]);
    let drawn = render(&all, 100, false);
    assert!(drawn.contains("`newer` is not a valid `prove`"), "{drawn}");
    assert!(
        drawn.contains("1 problem in estate.toml\n1 decision is left to you"),
        "{drawn}"
    );
}

#[test]
fn a_question_mark_elsewhere_is_a_mistake() {
    let all = opened(&[(
        "client-id = \"5B7A2F0E-2d35-4a55-8a64-0d3a51c60001\"",
        "client-id = \"?\"",
    )]);
    assert!(all.iter().all(|problem| !problem.undecided), "{all:#?}");
    assert_eq!(all.len(), 1);
}
