//! Scenarios are read whole or refused on the right line.

use super::*;

fn tidy_with(old: &str, new: &str) -> String {
    let text = Scenario::text("tidy").expect("built in");
    assert!(text.contains(old), "the scenario no longer holds {old:?}");
    text.replacen(old, new, 1)
}

fn line_of(text: &str, part: &str) -> Option<usize> {
    text.lines()
        .position(|line| line.contains(part))
        .map(|index| index + 1)
}

#[test]
fn every_built_in_scenario_is_read() {
    for name in Scenario::BUILTIN {
        let text = Scenario::text(name).expect("built in");
        if let Err(error) = Scenario::parse(text) {
            panic!("{name}: {error}");
        }
        assert!(Scenario::builtin(name).is_some());
        assert!(Scenario::estate(name).is_some_and(|text| text.contains("[[registrations]]")));
    }
    assert!(Scenario::builtin("unheard-of").is_none());
}

#[test]
fn a_mistake_is_shown_on_its_line() {
    for (old, new, part, word) in [
        (
            "owners = [\"chiara\"]",
            "ownerz = [\"chiara\"]",
            "ownerz",
            "ownerz",
        ),
        (
            "owners = [\"chiara\"]",
            "owners = [\"nobody\"]",
            "nobody",
            "person `nobody`",
        ),
        (
            "read = [\"contact\", \"lead\", \"phonecall\"]",
            "read = [\"kontact\"]",
            "kontact",
            "table `kontact`",
        ),
        (
            "host = \"contoso-dev.crm4.dynamics.com\"",
            "host = \"contoso-dev.example.com\"",
            "contoso-dev.example.com",
            "no Dataverse host",
        ),
        (
            "holds = \"erp-bridge\"",
            "holds = \"erp-bruecke\"",
            "erp-bruecke",
            "label `erp-bruecke`",
        ),
        (
            "teams = [\"Reporting\"]",
            "teams = [\"Rapporting\"]",
            "Rapporting",
            "team `Rapporting`",
        ),
    ] {
        let text = tidy_with(old, new);
        let error = Scenario::parse(&text).expect_err(new);
        assert_eq!(error.line, line_of(&text, part), "{error}");
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn every_secret_is_listed_and_carries_the_canary() {
    let scenario = Scenario::builtin("neglected").expect("built in");
    let secrets = scenario.secrets();
    assert!(secrets.len() > 20);
    assert!(
        secrets
            .iter()
            .all(|value| value.contains(super::super::SECRET_CANARY))
    );
    assert!(secrets.contains(&super::super::names::secret("web-shop-orders/removed")));
}

#[test]
fn scenario_files_hold_ids_but_no_secret() {
    for name in Scenario::BUILTIN {
        let scenario = Scenario::builtin(name).expect("built in");
        for text in [Scenario::text(name), Scenario::estate(name)]
            .into_iter()
            .flatten()
        {
            assert!(
                scenario
                    .secrets()
                    .iter()
                    .all(|secret| !text.contains(secret))
            );
        }
    }
}
