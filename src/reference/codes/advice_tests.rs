//! Each code with each signer: nobody is sent to what is not theirs.

use crate::model::Signer;
use crate::reference::codes::{aadsts, all, oauth};

fn fix(signer: Signer, number: u64) -> &'static str {
    aadsts(number).expect("a known number").advice(signer).fix
}

/// What only an integration has, and what only the auditor has.
const INTEGRATIONS: [&str; 3] = ["vault entry", "the vault certificate", "stored credential"];
const AUDITORS: [&str; 6] = [
    "az login",
    "AZURE_CLIENT",
    "AZURE_FEDERATED",
    "service connection",
    "managed identity",
    "audit's own",
];

#[test]
fn an_integration_is_never_told_to_log_in_and_the_auditor_never_to_store() {
    let sign_in =
        all().filter(|code| code.code.starts_with("AADSTS") || oauth(code.code).is_some());
    for code in sign_in {
        for signer in Signer::ALL {
            let advice = code.advice(signer);
            let wrong: &[&str] = match signer {
                Signer::Integration => &AUDITORS[..5],
                _ => &INTEGRATIONS,
            };
            for words in wrong {
                assert!(
                    !advice.fix.contains(words),
                    "{} for {signer}: {}",
                    code.code,
                    advice.fix
                );
            }
            assert!(!advice.fix.ends_with('.') && !advice.who.is_empty());
        }
    }
}

#[test]
fn one_code_asks_each_signer_for_something_of_its_own() {
    for (signer, number, words) in [
        (Signer::AzureCli, 700_024, "log in again with `az login`"),
        (Signer::AzureCli, 700_082, "log in again with `az login`"),
        (Signer::AzureCli, 70043, "log in again with `az login`"),
        (Signer::AzureCli, 7_000_222, "renew its credential first"),
        (Signer::AzureCli, 700_016, "--tenant"),
        (
            Signer::WorkloadIdentity,
            700_024,
            "AZURE_FEDERATED_TOKEN_FILE",
        ),
        (
            Signer::WorkloadIdentity,
            700_213,
            "issuer, subject and audience",
        ),
        (
            Signer::WorkloadIdentity,
            70025,
            "federated credentials of the audit's own",
        ),
        (
            Signer::AzurePipelines,
            700_024,
            "service connection's login has expired",
        ),
        (Signer::AzurePipelines, 70021, "service connection"),
        (
            Signer::AuditorSecret,
            7_000_222,
            "renew the audit's own client secret",
        ),
        (Signer::AuditorSecret, 7_000_215, "set AZURE_CLIENT_SECRET"),
        (Signer::AuditorSecret, 7_000_218, "set AZURE_CLIENT_SECRET"),
        (Signer::AuditorSecret, 700_016, "AZURE_CLIENT_ID"),
        (
            Signer::AuditorCertificate,
            700_027,
            "AZURE_CLIENT_CERTIFICATE_PATH",
        ),
        (Signer::AuditorCertificate, 1_000_502, "renew both"),
        (Signer::AuditorCertificate, 700_024, "NTP"),
        (Signer::ManagedIdentity, 700_016, "managed identity"),
        (Signer::Integration, 7_000_222, "vault entry"),
        (Signer::Integration, 700_024, "NTP"),
        (Signer::Integration, 700_082, "sign-in logs"),
    ] {
        let fix = fix(signer, number);
        assert!(fix.contains(words), "{signer} {number}: {fix}");
    }
}

/// A wrong tenant, Conditional Access and a passing fault ask the same of everybody.
#[test]
fn what_is_about_the_place_or_the_moment_is_the_same_for_all() {
    for number in [90002, 53003, 90033, 90055, 500_011] {
        for signer in Signer::ALL {
            assert_eq!(fix(signer, number), fix(Signer::Integration, number));
        }
    }
}
