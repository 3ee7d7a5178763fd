//! Registrations for which nothing is stored: two words, and nothing to say of a stored credential.

use crate::estate::Unstored;

use super::{GOOD, good, problems, told};

const ZETA: &str = "credential = { secret = \"crm-prod/zeta-secret\" }";

fn with(line: &str) -> String {
    assert!(GOOD.contains(ZETA));
    GOOD.replacen(ZETA, line, 1)
}

#[test]
fn two_words_say_that_nothing_is_stored() {
    for (word, unstored) in [("none", Unstored::None), ("federated", Unstored::Federated)] {
        let estate = good(&with(&format!("credential = \"{word}\"")));
        let zeta = &estate.registrations[1];
        assert_eq!((&zeta.credential, zeta.unstored), (&None, unstored));
        let json = serde_json::to_string(&estate).expect("serialises");
        assert_eq!(
            serde_json::from_str::<crate::estate::Estate>(&json).expect("reads"),
            estate
        );
    }
}

#[test]
fn an_estate_kept_before_these_words_reads_as_it_was_written() {
    let estate = good(GOOD);
    let json = serde_json::to_value(&estate).expect("serialises");
    let zeta = &json["registrations"][1];
    assert_eq!(zeta.get("unstored"), None);
    assert_eq!(
        zeta["credential"],
        serde_json::json!({
            "kind": "secret",
            "entry": {"vault": "crm-prod", "name": "zeta-secret"},
        })
    );
}

#[test]
fn another_word_is_one_error_that_says_which_was_meant() {
    for (word, meant) in [
        ("non", "none"),
        ("None", "none"),
        ("managed-identity", "none"),
        ("MSI", "none"),
        ("federate", "federated"),
        ("Federated", "federated"),
        ("workload-identity", "federated"),
    ] {
        let problems = problems(&with(&format!("credential = \"{word}\"")));
        let [problem] = problems.as_slice() else {
            panic!("{word}: {problems:#?}");
        };
        assert_eq!(problem.label, format!("did you mean `{meant}`?"), "{word}");
    }
}

#[test]
fn settings_of_a_stored_credential_are_refused_one_by_one() {
    for word in ["none", "federated"] {
        let text = with(&format!(
            "credential = \"{word}\"\nprove = \"never\"\nconsumers = [{{ name = \"Raia\" }}]"
        ));
        let told: Vec<String> = told(&text)
            .into_iter()
            .map(|(_, message)| message)
            .collect();
        assert_eq!(told.len(), 2, "{told:#?}");
        assert!(
            told[0].starts_with("`prove` says when a stored"),
            "{told:#?}"
        );
        assert!(
            told[1].starts_with("`consumers` says who holds"),
            "{told:#?}"
        );
        assert!(
            told[1].contains(&format!("`credential = \"{word}\"`")),
            "{told:#?}"
        );
    }
}
