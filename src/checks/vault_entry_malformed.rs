//! Is the stored value in the form the integration needs?

use super::case::Context;
use super::check::{Check, NoParams};
use super::controls;
use super::words::capitalised;
use crate::evidence::EntryProblem;
use crate::model::outcome::Failure;
use crate::model::{CheckMeta, Family, Severity, Stops, Verdict};
use crate::model::{Gap, GapKind, Outcome};

pub(super) struct VaultEntryMalformed;

impl Check for VaultEntryMalformed {
    const META: CheckMeta = CheckMeta {
        id: "vault-entry-malformed",
        title: "The stored value has the wrong form",
        severity: Severity::Medium,
        family: Family::Lifecycle,
        rationale: "A newline from a copied file, the secret's id instead of its value, or JSON without the declared field: each looks filled in the portal and fails at sign-in.",
        remediation: "Store the value again, alone and unpadded; `az keyvault secret set --file` keeps a trailing newline, `--value` does not.",
        controls: controls::CREDENTIAL_STORAGE,
        evidence: &["Key Vault secret"],
        explains: &["token-refused"],
    };

    const WORST: Severity = Severity::Critical;

    const STOPS: Stops = Stops::Everything;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| {
            let stored = case.stored()?;
            let content = case.entry_content()?;
            if content.problems.contains(&EntryProblem::PrivateKeyMissing)
                && let Some(certificate) = &case.entry()?.certificate
                && !*certificate.get()?.policy.get()?.exportable.get()?
            {
                return Err(Gap::new(
                    GapKind::Unrecognised,
                    format!(
                        "the private key of {} stays in the vault (its policy says that it is not exportable): programs can sign with it there, this tool cannot sign with it, so that its sign-in was not proven",
                        case.entry_name()
                    ),
                )
                .with_remedy("leave the key where it is, which is the safer place; prove = \"never\" in the estate judges all but the proof")
                .into());
            }
            let words: Vec<String> = content
                .problems
                .iter()
                .filter_map(|problem| words_for(*problem, stored.field.as_deref()))
                .collect();
            if words.is_empty() {
                return Ok(Outcome::Pass);
            }
            let seen = format!("The value of {} {}", case.entry_name(), words.join(", and "));
            let mut failure = Failure::new(seen);
            if let Some(advice) = content.problems.iter().find_map(|problem| advice(*problem)) {
                failure = failure.remedy(capitalised(advice));
            }
            if content.problems.iter().any(|problem| problem.is_no_credential())
                && case.token_issued() != Some(true)
            {
                failure = failure.at(Severity::Critical);
            }
            Ok(Outcome::Fail(failure))
        })
    }
}

/// What is wrong, after "the value …". Emptiness is another check's.
fn words_for(problem: EntryProblem, field: Option<&str>) -> Option<String> {
    let field = field.unwrap_or("the declared field");
    Some(match problem {
        EntryProblem::Empty => return None,
        EntryProblem::SurroundingWhitespace => {
            "has white space before or after it (often a trailing newline)".to_owned()
        }
        EntryProblem::SecretIdInsteadOfValue => {
            "is a GUID: the secret's id was stored, not its value".to_owned()
        }
        EntryProblem::TooLong => {
            "is longer than 256 characters, and Entra secrets have at most 64".to_owned()
        }
        EntryProblem::NoJson => format!("is no JSON object, so there is no field `{field}` in it"),
        EntryProblem::FieldMissing => format!("is JSON without a text field `{field}`"),
        EntryProblem::CertificateInsteadOfSecret => {
            "is a certificate, and the estate names a secret".to_owned()
        }
        EntryProblem::NoCertificate => "is no certificate: neither PKCS#12 nor PEM".to_owned(),
        EntryProblem::PasswordProtected => {
            "is a certificate behind a password, which nobody gave".to_owned()
        }
        EntryProblem::PrivateKeyMissing => "is a certificate without its private key".to_owned(),
        EntryProblem::KeyNotRsa => {
            "is a certificate whose key is not RSA, and Entra takes RSA only".to_owned()
        }
        EntryProblem::SeveralKeys => {
            "holds several private keys, and nothing says which one is meant".to_owned()
        }
    })
}

/// What to do about it, where the check's own advice does not say.
const fn advice(problem: EntryProblem) -> Option<&'static str> {
    Some(match problem {
        EntryProblem::Empty | EntryProblem::SurroundingWhitespace | EntryProblem::TooLong => {
            return None;
        }
        EntryProblem::SecretIdInsteadOfValue => {
            "store the secret's value, which Entra shows only once; where nobody has it, add a new secret with `az ad app credential reset --id CLIENT-ID --append --end-date DATE`"
        }
        EntryProblem::NoJson | EntryProblem::FieldMissing => {
            "store a JSON object with this field, or correct `field` in the estate"
        }
        EntryProblem::CertificateInsteadOfSecret => {
            "write `certificate` in place of `secret` in the estate, or store the client secret here"
        }
        EntryProblem::NoCertificate => {
            "store the certificate with its key as PKCS#12 or PEM, or write `secret` in place of `certificate` in the estate"
        }
        EntryProblem::PasswordProtected => {
            "store it without a password (`openssl pkcs12 -in old.pfx -nodes -out new.pem` takes it off): the vault is what protects it"
        }
        EntryProblem::PrivateKeyMissing => {
            "import the certificate together with its private key, as PKCS#12 or PEM"
        }
        EntryProblem::KeyNotRsa => {
            "make a certificate with an RSA key of 2048 bits or more, put its public part on the registration, and store it"
        }
        EntryProblem::SeveralKeys => {
            "store only the key and certificate that stand on the registration"
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

    #[test]
    fn each_wrong_form_fails_in_words() {
        assert_pass::<VaultEntryMalformed>(|_| {});
        for problem in [
            EntryProblem::SurroundingWhitespace,
            EntryProblem::SecretIdInsteadOfValue,
            EntryProblem::TooLong,
            EntryProblem::NoJson,
            EntryProblem::FieldMissing,
            EntryProblem::CertificateInsteadOfSecret,
            EntryProblem::NoCertificate,
            EntryProblem::PasswordProtected,
            EntryProblem::PrivateKeyMissing,
            EntryProblem::KeyNotRsa,
            EntryProblem::SeveralKeys,
        ] {
            assert_fail::<VaultEntryMalformed>(|snapshot| {
                content(snapshot).problems = vec![problem]
            });
        }
        assert_unknown::<VaultEntryMalformed>(|snapshot| raia(snapshot).entry = gap());
        assert_not_applicable::<VaultEntryMalformed>(|snapshot| {
            raia(snapshot).entry = known(crate::model::Presence::Absent);
        });
    }

    #[test]
    fn a_key_that_never_leaves_the_vault_is_no_fault_of_the_value() {
        let without_key = |exportable: bool| {
            judge_raia::<VaultEntryMalformed>(|snapshot| {
                store_certificate(snapshot);
                content(snapshot).problems = vec![EntryProblem::PrivateKeyMissing];
                certificate_policy(snapshot).exportable = known(exportable);
            })
        };
        assert!(matches!(without_key(true), Outcome::Fail(_)));
        let Outcome::Unknown(gap) = without_key(false) else {
            panic!("{:?}", without_key(false));
        };
        assert!(gap.seen.contains("this tool cannot sign with it"), "{gap}");
        let remedy = gap.remedy.unwrap_or_default();
        assert!(!remedy.contains("exportable"), "{remedy}");
    }
}
