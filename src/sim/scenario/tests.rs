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
    let all = Scenario::BUILTIN.iter().chain([&Scenario::EARLIER]);
    for name in all {
        let text = Scenario::text(name).expect("built in");
        if let Err(error) = Scenario::parse(text) {
            panic!("{name}: {error}");
        }
        assert!(Scenario::builtin(name).is_some());
        assert!(Scenario::estate(name).is_some_and(|text| text.contains("[[registrations]]")));
    }
    assert!(Scenario::builtin("unheard-of").is_none());
    assert_eq!(Scenario::text("neglected"), Scenario::text("everything"));
    assert_eq!(
        Scenario::estate("neglected"),
        Scenario::estate("everything")
    );
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
            "read = [\"account\", \"product\", \"salesorder\"]",
            "read = [\"kontact\"]",
            "kontact",
            "table `kontact`",
        ),
        (
            "append-to = [\"account\"]",
            "append-to = [\"akkount\"]",
            "akkount",
            "table `akkount`",
        ),
        (
            "depth = \"business-unit\"",
            "depth = \"planet\"",
            "planet",
            "business-unit",
        ),
        (
            "depth = \"business-unit\"",
            "depths = { competitor = \"user\" }",
            "competitor",
            "right of its role on the table `competitor`",
        ),
        (
            "person = \"anna\" }",
            "person = \"hanna\" }",
            "hanna",
            "person `hanna`",
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
            "read = [\"SecurityUserRoles\", ",
            "read = [\"SecurityUserRolls\", ",
            "SecurityUserRolls",
            "collection `SecurityUserRolls`",
        ),
        (
            "user = \"PowerBi\"",
            "user = \"PowerBee\"",
            "PowerBee",
            "user `PowerBee`",
        ),
        (
            "host = \"contoso.operations.dynamics.com\"",
            "host = \"contoso.operations.example.com\"",
            "contoso.operations.example.com",
            "no Finance & Operations host",
        ),
        (
            "name = \"Connector.FullAccess\"",
            "name = \"Connector.HalfAccess\"",
            "Connector.HalfAccess",
            "permission `Connector.HalfAccess`",
        ),
        (
            "app-management = { ",
            "app-management = { custom = [{ name = \"Mine\", applies-to = [\"erp-bruecke\"] }], ",
            "erp-bruecke",
            "application `erp-bruecke`",
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
fn nothing_stands_twice() {
    let id = Scenario::builtin("tidy").expect("built in").applications[1]
        .client_id
        .clone();
    let tidy = Scenario::text("tidy").expect("built in");
    let changes = format!("[[applications]]\nname = \"erp-bridge\"\nclient-id = \"{id}\"");
    let one_secret = "secrets = [{ label = \"erp-bridge\",";
    let twice =
        "secrets = [{ label = \"erp-bridge\", ends-in-days = 9 }, { label = \"erp-bridge\",";
    assert!(tidy.contains(one_secret));
    for (text, word) in [
        (overlay(tidy, &changes).expect("TOML"), "client id"),
        (tidy.replacen(one_secret, twice, 1), "label `erp-bridge`"),
    ] {
        let error = Scenario::parse(&text).expect_err("twice").to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn certificates_are_pointed_at_like_secrets() {
    let tidy = Scenario::text("tidy").expect("built in");
    let own = "[[applications]]\nname = \"erp-bridge\"\ncertificates = [{ label = \"erp\", ends-in-days = 9 }]\n";
    let text = overlay(tidy, own).expect("TOML");
    let scenario = Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    assert!(scenario.certificate("erp").is_some());
    let vault = "[vaults.kv-contoso-crm-prod]\n";
    for (change, word) in [
        (
            "certificates = [{ name = \"a\", holds = \"erb\" }]",
            "certificate with the label `erb`",
        ),
        (
            "secrets = [{ name = \"a\", holds-certificate = \"erb\", shape = \"pem\" }]",
            "certificate with the label `erb`",
        ),
        (
            "secrets = [{ name = \"a\", holds = \"erp-bridge\", shape = \"pem\" }]",
            "shape of `a`",
        ),
        (
            "secrets = [{ name = \"a\", holds-certificate = \"erp\" }]",
            "shape of `a`",
        ),
        (
            "deleted = [{ name = \"erp-bridge-secret\", deleted-days-ago = 3 }]",
            "one vault named `erp-bridge-secret`",
        ),
    ] {
        let text = overlay(&text, &format!("{vault}{change}")).expect("TOML");
        let error = Scenario::parse(&text).expect_err(change).to_string();
        assert!(error.contains(word), "{error}");
    }
    let twice = "[[applications]]\nname = \"marketing-events\"\ncertificates = [{ label = \"erp\", ends-in-days = 9 }]\n";
    let error = Scenario::parse(&overlay(&text, twice).expect("TOML")).expect_err("twice");
    assert!(error.to_string().contains("label `erp`"), "{error}");
    let shared = twice.replace("9 }", "9, shared = true }");
    let shared = overlay(&text, &shared).expect("TOML");
    assert!(Scenario::parse(&shared).is_ok());
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

/// The estate file of a scenario as plain TOML.
fn estate(name: &str) -> toml::Table {
    Scenario::estate(name)
        .expect("built in")
        .parse()
        .expect("TOML")
}

#[test]
fn estates_point_into_their_scenarios() {
    for name in Scenario::BUILTIN {
        let scenario = Scenario::builtin(name).expect("built in");
        let estate = estate(name);
        for environment in estate["environments"].as_table().expect("a table").values() {
            let url = environment["dataverse"].as_str().expect("a url");
            let known = scenario
                .environments
                .values()
                .find(|known| url.ends_with(&known.host));
            let known = known.unwrap_or_else(|| panic!("{name}: {url}"));
            let finops = known.finops.as_ref().map(|finops| &finops.host);
            assert_eq!(
                environment.get("finops").and_then(toml::Value::as_str),
                finops.map(|host| format!("https://{host}")).as_deref()
            );
            assert_eq!(
                environment["organization-id"].as_str(),
                Some(known.organization_id.as_str())
            );
        }
        for (key, vault) in estate["vaults"].as_table().expect("a table") {
            let url = vault["url"].as_str().expect("a url");
            let host = url
                .trim_start_matches("https://")
                .split('.')
                .next()
                .expect("a host");
            assert!(scenario.vaults.contains_key(host), "{name}: {key}");
        }
        for registration in estate["registrations"].as_array().expect("an array") {
            if let Some(id) = registration["client-id"].as_str() {
                assert!(
                    scenario
                        .applications
                        .iter()
                        .any(|known| known.client_id == id),
                    "{name}: {id}"
                );
            }
            let services = ["dataverse", "finops"].map(|service| registration.get(service));
            assert!(services.iter().any(Option::is_some), "{registration}");
            for service in services.into_iter().flatten() {
                for side in ["allow", "deny"] {
                    let reads = service[side]["read"].as_array().expect("an array");
                    assert!((1..=4).contains(&reads.len()), "{name}: {registration}");
                }
            }
        }
    }
}

#[test]
fn the_tidy_estate_is_tidy() {
    let scenario = Scenario::builtin("tidy").expect("built in");
    let registrations = estate("tidy")["registrations"]
        .as_array()
        .expect("an array")
        .clone();
    assert_eq!(registrations.len(), 12);
    for application in &scenario.applications {
        assert!(!application.owners.is_empty(), "{}", application.name);
        assert!(application.disabled.is_none() && application.registered);
        for secret in &application.secrets {
            let end = secret.ends_in_days.expect("an end");
            assert!(
                end > 60 && end + secret.started_days_ago <= 180,
                "{}",
                secret.label
            );
            let entries = scenario.vaults.values().flat_map(|vault| &vault.secrets);
            for entry in entries.filter(|entry| entry.holds.as_ref() == Some(&secret.label)) {
                let exp = entry.expires_in_days.expect("an exp");
                assert!(exp <= end && exp > 60 && entry.enabled, "{}", entry.name);
            }
        }
    }
    for registration in registrations {
        let text = registration["credential"]["secret"]
            .as_str()
            .expect("vault/name");
        let (vault, name) = text.split_once('/').expect("vault/name");
        let vault = &scenario.vaults[&format!("kv-contoso-{vault}")];
        assert!(
            vault.secrets.iter().any(|secret| secret.name == name),
            "{text}"
        );
    }
}
