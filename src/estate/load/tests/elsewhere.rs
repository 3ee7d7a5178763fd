//! What stands in another tenant than the environment: a vault, and an application's home.

use crate::estate::Estate;
use crate::source::Problem;

use super::{GOOD, good, problems};

const OTHER: &str = "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0002";
const VAULT: &str = "[vaults.crm-prod]\n";
const ZETA: &str = "[[registrations]]\nname = \"zeta\"\n";
const STORED: &str = "{ secret = \"crm-prod/zeta-secret\" }";
const VERSION: &str = "0123456789ABCDEF0123456789abcdef";

/// The good estate with a second tenant of this cloud, and `from` replaced.
fn with(cloud: &str, from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    let other =
        format!("[tenants.fabrikam]\nid = \"{OTHER}\"\ncloud = \"{cloud}\"\n[environments.prod]");
    GOOD.replacen(from, to, 1)
        .replacen("[environments.prod]", &other, 1)
}

fn vault(line: &str) -> String {
    with("public", VAULT, &format!("{VAULT}{line}\n"))
}

fn zeta(line: &str) -> String {
    with("public", ZETA, &format!("{ZETA}{line}\n"))
}

fn only(text: &str) -> Problem {
    let mut problems = problems(text);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems.remove(0)
}

fn kept(estate: &Estate) {
    let json = serde_json::to_string(estate).expect("serialises");
    let read: Estate = serde_json::from_str(&json).expect("reads");
    assert_eq!(read, *estate);
}

#[test]
fn a_vault_trusts_its_environments_tenant_unless_it_says_another() {
    let estate = good(GOOD);
    let own = &estate.vaults["crm-prod"];
    assert_eq!(
        estate.tenant_of_vault(own).map(|(name, _)| name),
        Some("contoso")
    );
    let estate = good(&vault("tenant = \"fabrikam\""));
    let own = &estate.vaults["crm-prod"];
    assert_eq!(
        estate.tenant_of_vault(own).map(|(name, _)| name),
        Some("fabrikam")
    );
    kept(&estate);
    let problem = only(&vault("tenant = \"fabricam\""));
    assert_eq!(problem.label, "did you mean `fabrikam`?");
}

#[test]
fn a_vaults_host_is_of_its_own_tenants_cloud() {
    let text = with("china", VAULT, &format!("{VAULT}tenant = \"fabrikam\"\n"));
    let problem = only(&text);
    assert!(
        problem.message.contains("cloud") || problem.message.contains("url"),
        "{problem:?}"
    );
    good(&text.replacen(".vault.azure.net", ".vault.azure.cn", 1));
}

#[test]
fn a_home_is_a_tenants_id_or_its_name() {
    let unknown = "0a1b2c3d-6d1c-4a0e-9d0b-5d1f0c9e0001";
    for (line, id) in [
        ("home-tenant = \"fabrikam\"".to_owned(), OTHER),
        (format!("home-tenant = \"{}\"", OTHER.to_uppercase()), OTHER),
        (format!("home-tenant = \"{unknown}\""), unknown),
    ] {
        let estate = good(&zeta(&line));
        let registration = &estate.registrations[1];
        assert_eq!(registration.home_tenant.as_deref(), Some(id), "{line}");
        let home = estate.home_of(registration).map(|(name, _)| name);
        assert_eq!(home, (id == OTHER).then_some("fabrikam"), "{line}");
        kept(&estate);
    }
}

#[test]
fn a_home_that_says_nothing_is_one_error() {
    for (line, told) in [
        (
            "home-tenant = \"contoso\"",
            "is the tenant of the registration's own environment",
        ),
        (
            "home-tenant = \"8F0C4A52-7c1e-4d2b-9a57-3f2f6f6f0001\"",
            "is the tenant of the registration's own",
        ),
        ("home-tenant = \"fabricam\"", "no tenant is called"),
        ("home-tenant = \"fabrikam.com\"", "is a domain name"),
        ("home-tenant = 7", "is a whole number"),
    ] {
        let problem = only(&zeta(line));
        assert!(
            problem.message.contains(told),
            "{line}: {}",
            problem.message
        );
    }
}

#[test]
fn a_version_stands_beside_a_secret_or_a_certificate() {
    for stored in [
        format!("{{ secret = \"crm-prod/zeta-secret\", version = \"{VERSION}\" }}"),
        format!("{{ secret = \"crm-prod/zeta-secret\", field = \"x\", version = \"{VERSION}\" }}"),
        format!("{{ certificate = \"crm-prod/zeta\", version = \"{VERSION}\" }}"),
    ] {
        let estate = good(&GOOD.replacen(STORED, &stored, 1));
        let credential = estate.registrations[1].credential.as_ref().expect("stored");
        assert_eq!(credential.version, Some(VERSION.to_ascii_lowercase()));
        kept(&estate);
    }
    for version in [
        "latest",
        "",
        "0123",
        &format!("{VERSION}0"),
        &"g".repeat(32),
    ] {
        let stored = format!("{{ secret = \"crm-prod/zeta-secret\", version = \"{version}\" }}");
        let problem = only(&GOOD.replacen(STORED, &stored, 1));
        assert_eq!(
            problem.message,
            "`version` is not a version of a vault entry"
        );
    }
    let in_the_name = format!("{{ secret = \"crm-prod/zeta-secret/{VERSION}\" }}");
    let problem = only(&GOOD.replacen(STORED, &in_the_name, 1));
    assert!(problem.help.is_some_and(|help| help.contains("version = ")));
}
