//! Is the stored value in the form the integration needs?

use super::case::Context;
use super::check::{Check, NoParams};
use super::controls;
use super::words::failed;
use crate::evidence::EntryProblem;
use crate::model::Outcome;
use crate::model::{CheckMeta, Family, Severity, Verdict};

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

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each_entry(|case| {
            let content = case.entry_content()?;
            let words: Vec<String> = content
                .problems
                .iter()
                .filter_map(|problem| {
                    words_for(*problem, case.registration.credential.field.as_deref())
                })
                .collect();
            if words.is_empty() {
                return Ok(Outcome::Pass);
            }
            Ok(failed(format!(
                "The value of {} {}",
                case.entry_name(),
                words.join(", and ")
            )))
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
}
