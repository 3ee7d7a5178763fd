//! Small inputs from public reports (`tests/fixtures/cases`), as a whole run meets them: hosts of every
//! geography, an estate in UTF-16, answers of Entra and Key Vault.

use std::path::{Path, PathBuf};

use credaudit::inside::Severity;
use toml::Table;

use crate::binary::{code, path, run, stderr};
use crate::tenant::Tenant;

fn file(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cases");
    folder.join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap()
}

/// A fault that answers with this body.
fn fault(tenant: &mut Tenant, to: &str, status: u16, body: &str) {
    let body = toml::Value::from(body);
    tenant.fault(&format!(
        "{to}\nstatus = {status}\nheaders = {{ content-type = \"application/json\" }}\nbody = {body}\n"
    ));
}

#[test]
fn an_estate_in_utf_16_is_one_error_that_names_it() {
    let refused = run(&["check-config", "-c", path(&file("estate-utf16.toml"))]);
    assert_eq!(code(&refused), 2);
    let said = stderr(&refused);
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.contains("UTF-16") && said.contains("UTF-8"), "{said}");
}

/// Each under its cloud, and under no other.
#[test]
fn every_geography_of_finance_and_operations_can_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let estate = dir.path().join("estate.toml");
    let mut hosts = 0;
    for line in text("fno-hosts.txt").lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [host, cloud] = words[..] else { continue };
        for written in ["public", "us-government"] {
            let dataverse = match written {
                "public" => "contoso.crm4.dynamics.com",
                _ => "contoso.crm.microsoftdynamics.us",
            };
            let text = format!(
                "version = 1\n[auditor]\nidentity = \"auto\"\n\
                 [tenants.contoso]\nid = \"8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001\"\ncloud = \"{written}\"\n\
                 [environments.prod]\ntenant = \"contoso\"\ntier = \"production\"\n\
                 dataverse = \"https://{dataverse}\"\nfinops = \"https://{host}\"\n\
                 [[registrations]]\nname = \"erp\"\nenvironment = \"prod\"\ncredential = \"none\"\n\
                 client-id = \"5b7a2f0e-2d35-4a55-8a64-0d3a51c60001\"\n"
            );
            std::fs::write(&estate, text).unwrap();
            let checked = run(&["check-config", "-c", path(&estate)]);
            let wanted = if written == cloud { 0 } else { 2 };
            assert_eq!(
                code(&checked),
                wanted,
                "{host} {written}: {}",
                stderr(&checked)
            );
        }
        hosts += 1;
    }
    assert_eq!(hosts, 10);
}

/// 401 `invalid_client` with a number that stood in no list.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_entra_refuses_is_critical() {
    let answer: serde_json::Value = serde_json::from_str(&text("entra-401-1000502.json")).unwrap();
    let (word, number) = (&answer["error"], &answer["error_codes"][0]);
    let switches = format!("refuse = {number}\nrefuse-status = 401\nrefuse-error = {word}");
    let switches: Table = switches.parse().unwrap();
    let mut tenant = Tenant::tidy();
    let application = tenant.application("erp-bridge");
    application.insert("token".into(), switches.into());
    let audited = tenant.audit().await;
    let findings = &audited.assessment.findings;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].severity, Severity::Critical);
    // A code about certificates, and a secret was sent: no dead value is to be replaced on its word.
    assert_eq!(findings[0].check, "token-refused");
    assert!(findings[0].seen.letters().contains("the two disagree"));
    assert!(
        findings[0].seen.letters().contains("AADSTS1000502"),
        "{}",
        findings[0].seen
    );
    assert_eq!(audited.assessment.verdict.exit_code, 10);
}

/// A vault that refuses good tokens: once is nothing, for good is its own passing fault.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_that_cannot_resolve_the_key_is_asked_again() {
    let body = text("kv-401-akv10046.json");
    let read = "path-contains = \"/secrets/erp-bridge-secret\"\nafter = 1";
    let mut tenant = Tenant::tidy();
    fault(
        &mut tenant,
        "path-contains = \"/secrets/erp-bridge-secret\"\nnth = 2",
        401,
        &body,
    );
    let audited = tenant.audit().await;
    assert_eq!(
        audited.assessment.verdict.exit_code,
        0,
        "{:?}",
        audited.gaps()
    );

    let mut tenant = Tenant::tidy();
    fault(&mut tenant, read, 401, &body);
    let audited = tenant.audit().await;
    assert_eq!(
        audited.assessment.verdict.exit_code,
        11,
        "{:?}",
        audited.roots()
    );
    let gaps = &audited.assessment.gaps;
    let gap = gaps
        .iter()
        .find(|gap| gap.seen.letters().contains("AKV10046"));
    let gap = gap.unwrap_or_else(|| panic!("{:?}", audited.gaps()));
    assert!(
        gap.seen.letters().contains("temporary fault of Key Vault"),
        "{gap:?}"
    );
    assert!(gap.remedy.is_some(), "{gap:?}");
    // What the vault quoted is not repeated.
    assert!(!gap.seen.letters().contains("eyJ0"), "{gap:?}");
}
