//! The estate reader, tried on good and bad files.

mod bad;
mod delivery;
mod elsewhere;
mod every;
mod forms;
mod hostile;
mod privileges;
mod secrets;
mod undecided;
mod unstored;

use std::sync::Arc;

use crate::estate::{
    ClientId, CredentialForm, Estate, MailBy, Prove, Registration, Scope, SecretRef, SmtpAuth,
    SmtpTls,
};
use crate::source::{Place, Problem, SourceFile};

use super::parse;

const EXAMPLE: &str = include_str!("../../../tests/fixtures/estate.example.toml");

/// A file in which nothing is wrong; the bad ones are made from it.
const GOOD: &str = r#"version = 1
[tenants.contoso]
id = "8F0C4A52-7c1e-4d2b-9a57-3f2f6f6f0001"
[environments.prod]
tenant = "contoso"
tier = "production"
dataverse = "https://Contoso.api.crm4.dynamics.com/"
contact = "crm@contoso.com"
[vaults.crm-prod]
environment = "prod"
url = "https://KV-contoso.vault.azure.net/"
[[registrations]]
name = "zeta"
environment = "prod"
client-id = "5B7A2F0E-2d35-4a55-8a64-0d3a51c60001"
credential = { secret = "crm-prod/zeta-secret" }
[registrations.dataverse]
roles = ["B role", "A role"]
allow = { read = ["lead", "contact"], append-to = ["account"] }
deny = { read = ["account"], delete = ["contact"] }
[[registrations]]
name = "alpha"
environment = "prod"
client-id = { secret = "crm-prod/alpha-id" }
credential = { secret = "crm-prod/alpha-json", field = "clientSecret" }
prove = "never"
[mail]
from = "credaudit@contoso.com"
to = ["b@contoso.com", "a@contoso.com"]
smtp = { host = "smtp.contoso.com", user = "credaudit", password = { env = "SMTP_PASSWORD" } }
"#;

fn file(text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile {
        name: "estate.toml".to_owned(),
        text: text.to_owned(),
    })
}

fn good(text: &str) -> Estate {
    parse(&file(text)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn problems(text: &str) -> Vec<Problem> {
    parse(&file(text)).expect_err("this file has problems")
}

/// Line and message of every problem.
fn told(text: &str) -> Vec<(usize, String)> {
    problems(text)
        .into_iter()
        .map(|problem| {
            let line = problem.place.as_ref().map_or(0, Place::line);
            (line, problem.message)
        })
        .collect()
}

#[test]
fn a_good_file_is_read_in_one_order_and_one_spelling() {
    let estate = good(GOOD);
    let names: Vec<&str> = estate
        .registrations
        .iter()
        .map(|registration| registration.name.as_str())
        .collect();
    assert_eq!(names, ["alpha", "zeta"]);
    assert_eq!(
        estate.tenants["contoso"].id,
        "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001"
    );
    assert_eq!(
        estate.environments["prod"].dataverse.as_deref(),
        Some("contoso.crm4.dynamics.com")
    );
    assert_eq!(estate.vaults["crm-prod"].host, "kv-contoso.vault.azure.net");
    let alpha = &estate.registrations[0];
    assert_eq!(alpha.prove, Prove::Never);
    assert!(
        matches!(&alpha.client_id, ClientId::Secret(entry) if entry.to_string() == "crm-prod/alpha-id")
    );
    let stored = alpha.credential.as_ref().expect("stored");
    assert_eq!(stored.field.as_deref(), Some("clientSecret"));
    let dataverse = estate.registrations[1].dataverse.as_ref().expect("stated");
    assert_eq!(dataverse.allow.read, ["contact", "lead"]);
    assert_eq!(dataverse.allow.append_to, ["account"]);
    assert_eq!(dataverse.deny.delete, ["contact"]);
    assert_eq!(
        dataverse.roles.as_deref(),
        Some(&["A role".to_owned(), "B role".to_owned()][..])
    );
    let mail = estate.mail.expect("stated");
    assert_eq!(mail.to, ["a@contoso.com", "b@contoso.com"]);
    let MailBy::Smtp(smtp) = &mail.by else {
        panic!("{mail:?}");
    };
    assert_eq!((smtp.port, smtp.tls), (587, SmtpTls::Starttls));
    let password = SecretRef::Env("SMTP_PASSWORD".to_owned());
    let user = "credaudit".to_owned();
    assert_eq!(smtp.auth, SmtpAuth::Password { user, password });
    let implicit = GOOD.replace("smtp = {", "smtp = { tls = \"implicit\",");
    let by = good(&implicit).mail.expect("stated").by;
    assert!(matches!(by, MailBy::Smtp(smtp) if smtp.port == 465));
}

#[test]
fn the_same_estate_in_another_order_is_the_same_estate() {
    let (head, rest) = GOOD
        .split_once("[[registrations]]\nname = \"zeta\"")
        .expect("zeta");
    let (zeta, rest) = rest
        .split_once("[[registrations]]\nname = \"alpha\"")
        .expect("alpha");
    let (alpha, mail) = rest.split_once("[mail]").expect("mail");
    let turned = format!(
        "{head}[mail]{mail}[[registrations]]\nname = \"alpha\"{alpha}[[registrations]]\nname = \"zeta\"{zeta}"
    );
    assert_ne!(turned, GOOD);
    let of = |text: &str| Estate {
        // Lines are not the same, of course.
        file: None,
        ..good(text)
    };
    assert_eq!(of(&turned), of(GOOD));
}

#[test]
fn what_is_remembered_is_read_and_everything_is_by_default() {
    let text = GOOD.replacen(
        "[mail]",
        "[history]\nenabled = false\npath = \"../kept.db\"\nkeep-days = 30\nname = \"contoso\"\n[mail]",
        1,
    );
    let history = good(&text).history;
    assert!(!history.enabled);
    assert_eq!(history.path.as_deref(), Some("../kept.db"));
    assert_eq!(
        (history.keep_days, history.name.as_deref()),
        (30, Some("contoso"))
    );
    let usual = good(GOOD).history;
    assert!(usual.enabled && usual.path.is_none());
    assert_eq!(usual.keep_days, 400);
}

#[test]
fn an_estate_with_nothing_in_it_is_an_estate() {
    assert!(good("version = 1\n").registrations.is_empty());
}

#[test]
fn what_is_read_survives_the_snapshot() {
    let estate = good(GOOD);
    let json = serde_json::to_string(&estate).expect("serialises");
    assert_eq!(
        serde_json::from_str::<Estate>(&json).expect("reads"),
        estate
    );
}

#[test]
fn the_example_is_good() {
    let estate = good(EXAMPLE);
    let registration = &estate.registrations[0];
    let dataverse = registration.dataverse.as_ref().expect("stated");
    assert!(dataverse.metadata);
    assert_eq!(dataverse.option_sets, ["budgetstatus"]);
    let finops = registration.finops.as_ref().expect("stated");
    assert_eq!(finops.user.as_deref(), Some("RaiaIntegration"));
    assert_eq!(finops.allow.read, ["CustomersV3"]);
    assert_eq!(finops.deny.read, ["LedgerJournalHeaders"]);
}

#[test]
fn what_is_stored_how_it_is_proven_and_how_far_to_look_are_read() {
    let text = GOOD
        .replacen(
            "{ secret = \"crm-prod/zeta-secret\" }",
            "{ certificate = \"crm-prod/zeta\" }",
            1,
        )
        .replacen("prove = \"never\"", "prove = \"on-change\"", 1)
        .replacen(
            "[tenants.contoso]",
            "[auditor]\nscope = \"tenant\"\n[tenants.contoso]",
            1,
        );
    let estate = good(&text);
    assert_eq!(estate.auditor.scope, Scope::Tenant);
    let [alpha, zeta] = estate.registrations.as_slice() else {
        panic!("{:?}", estate.registrations)
    };
    let stored = |one: &Registration| one.credential.clone().expect("stored");
    assert_eq!(stored(alpha).kind, CredentialForm::Secret);
    assert_eq!(alpha.prove, Prove::OnChange);
    assert_eq!(stored(zeta).kind, CredentialForm::Certificate);
    assert_eq!(stored(zeta).entry.to_string(), "crm-prod/zeta");
    assert_eq!(good(GOOD).auditor.scope, Scope::Estate);
}

#[test]
fn each_registration_is_found_again_by_its_line() {
    let file = good(GOOD).file.expect("a file");
    assert_eq!(file.name, "estate.toml");
    let line = |text: &str| GOOD.lines().position(|line| line == text);
    for (name, entry) in [("zeta", "name = \"zeta\""), ("alpha", "name = \"alpha\"")] {
        // `[[registrations]]` stands right above the name, and lines count from 1.
        assert_eq!(file.lines.get(name).copied(), line(entry), "{name}");
    }
    let inline = "version = 1\n\nregistrations = [\n]\n";
    assert_eq!(good(inline).file.expect("a file").lines.len(), 0);
}
