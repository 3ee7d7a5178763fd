//! Tests of the warnings about what an estate and a policy say and do not do.

use std::sync::Arc;

use super::*;
use crate::estate::load;
use crate::policy;
use crate::source::SourceFile;

const TIDY: &str = r#"version = 1
[tenants.contoso]
id = "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001"
[environments.prod]
tenant = "contoso"
tier = "production"
dataverse = "https://contoso.crm4.dynamics.com"
organization-id = "1f6c0a4e-0b61-4c8e-9f0e-6a1f3d6c0001"
contact = "crm@contoso.com"
[environments.test]
tenant = "contoso"
tier = "test"
dataverse = "https://contoso-test.crm4.dynamics.com"
organization-id = "1f6c0a4e-0b61-4c8e-9f0e-6a1f3d6c0002"
contact = "crm@contoso.com"
[vaults.prod]
environment = "prod"
url = "https://kv-prod.vault.azure.net"
[vaults.test]
environment = "test"
url = "https://kv-test.vault.azure.net"
[[registrations]]
name = "raia"
environment = "prod"
client-id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001"
credential = { secret = "prod/raia" }
[[registrations]]
name = "raia-test"
environment = "test"
client-id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60002"
credential = { secret = "test/raia" }
"#;

fn file(text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile {
        name: "a.toml".to_owned(),
        text: text.to_owned(),
    })
}

fn estate(text: &str) -> Estate {
    load::parse(&file(text)).expect("an estate")
}

fn about(text: &str) -> Vec<String> {
    of_estate(&estate(text))
}

fn of(policy: &str) -> Vec<String> {
    let none = |name: &str| Err(name.to_owned());
    let policy = policy::load::parse(&file(policy), &none).expect("a policy");
    let today = NaiveDate::from_ymd_opt(2027, 6, 30).expect("a day");
    of_policy(&policy, &estate(TIDY), today)
}

#[test]
fn an_estate_that_says_everything_has_no_warning() {
    assert_eq!(about(TIDY), Vec::<String>::new());
    for name in ["baseline", "strict", "relaxed"] {
        let policy = policy::builtin(name).expect("built in");
        assert_eq!(bands_out_of_order(&policy), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn each_omission_is_told_once_with_what_it_costs() {
    for (text, words, checks) in [
        (
            TIDY.replace("0d3a51c60002", "0d3a51c60001"),
            "raia and raia-test have one client id",
            "missing-role",
        ),
        (
            TIDY.replace("\"test/raia\"", "\"prod/raia-test\""),
            "the credential of raia-test lies in a vault of another tier",
            "vault-shared-across-tiers",
        ),
        (
            TIDY.replacen("contact = \"crm@contoso.com\"\n", "", 1),
            "raia has no `owner`, nor its environment a `contact`",
            "ownerless-registration",
        ),
        (
            TIDY.replace("contact = \"crm@contoso.com\"\n", ""),
            "raia and raia-test have no `owner`, nor their environment a `contact`",
            "credential-expiring",
        ),
        (
            TIDY.replacen(
                "organization-id = \"1f6c0a4e-0b61-4c8e-9f0e-6a1f3d6c0001\"\n",
                "",
                1,
            ),
            "prod has no `organization-id`",
            "whoami-mismatch",
        ),
    ] {
        let all = about(&text);
        assert_eq!(all.len(), 1, "{all:#?}");
        assert!(all[0].starts_with(words), "{}", all[0]);
        assert!(all[0].contains(checks), "{}", all[0]);
    }
}

fn waiver(resource: &str, expires: &str) -> String {
    format!(
        "version = 1\n[[waivers]]\ncheck = \"credential-expired\"\nresource = \"{resource}\"\nreason = \"r\"\nowner = \"o@contoso.com\"\nexpires = {expires}\n"
    )
}

#[test]
fn a_waiver_counts_through_its_last_day_and_must_name_something() {
    assert_eq!(
        of(&waiver("registration/raia", "2027-06-30")),
        Vec::<String>::new()
    );
    let over = of(&waiver("registration/raia", "2027-06-29"));
    assert_eq!(over.len(), 1);
    assert!(over[0].contains("expired on 2027-06-29"), "{}", over[0]);
    for (resource, words) in [
        (
            "registration/riaa",
            "no registration `riaa` (unused-waiver); did it mean `raia`?",
        ),
        ("registration/riaa/credential/x", "no registration `riaa`"),
        ("vault-entry/prd/raia", "no vault `prd`"),
        ("vault/prd", "no vault `prd`"),
        ("environment/live", "no environment `live`"),
        ("tenant/fabrikam", "no tenant `fabrikam`"),
    ] {
        let all = of(&waiver(resource, "2027-07-01"));
        assert_eq!(all.len(), 1, "{resource}: {all:#?}");
        assert!(all[0].contains(words), "{}", all[0]);
    }
    // What is found in a tenant's lists is nothing that the estate has to name.
    assert_eq!(
        of(&waiver("application/5b7a", "2027-07-01")),
        Vec::<String>::new()
    );
}

#[test]
fn bands_have_an_order() {
    let bands = |days: &str| {
        of(&format!(
            "version = 1\n[checks.credential-expiring]\nwithin-days = {{ {days} }}\n"
        ))
    };
    for fine in [
        "low = 60, critical = 7",
        "critical = 7",
        "medium = 30, high = 14, critical = 1",
    ] {
        assert_eq!(bands(fine), Vec::<String>::new(), "{fine}");
    }
    for odd in [
        "low = 7, critical = 60",
        "low = 60, high = 14, critical = 14",
        "info = 5, low = 30",
    ] {
        let all = bands(odd);
        assert!(!all.is_empty(), "{odd}");
        assert!(all[0].contains("out of order"), "{}", all[0]);
    }
}

/// Every pair, not only neighbours, and each once.
#[test]
fn each_pair_of_bands_out_of_order_is_warned_of_once() {
    // What a policy does not say is as in the baseline: 60, 30, 14 and 7 days.
    for (days, wanted) in [
        (
            "low = 7, medium = 30, high = 14, critical = 20",
            &["medium>low", "high>low", "critical>low", "critical>high"][..],
        ),
        (
            "info = 5, low = 30, high = 7, critical = 9",
            &[
                "low>info",
                "medium>info",
                "high>info",
                "critical>info",
                "medium>low",
                "critical>high",
            ],
        ),
        (
            "low = 30, medium = 14, critical = 30",
            &[
                "critical>low",
                "high>medium",
                "critical>medium",
                "critical>high",
            ],
        ),
        ("low = 60, medium = 30, high = 14, critical = 7", &[]),
    ] {
        let all = of(&format!(
            "version = 1\n[checks.credential-expiring]\nwithin-days = {{ {days} }}\n"
        ));
        let pairs: Vec<String> = all
            .iter()
            .map(|one| {
                let (_, rest) = one.split_once("give ").unwrap();
                let (heavier, lighter) = rest.split_once(" fewer days than ").unwrap();
                format!("{heavier}>{lighter}")
            })
            .collect();
        assert_eq!(pairs, wanted, "{days}");
    }
}

#[test]
fn a_warning_stays_short() {
    let names: Vec<String> = (0..1_000).map(|number| format!("r{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(listed(&names), "r0, r1, r2, r3, r4, r5 and 994 more");
    assert_eq!(listed(&["a"]), "a");
    assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
}
