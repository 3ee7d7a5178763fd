//! Is the stored value in the form the integration needs?

use crate::checks::prelude::*;
mod explanation;

use super::vault_entry_malformed::explanation::{advice, brief, words_for};
use crate::facts::outcomes::capitalised;

pub(crate) struct VaultEntryMalformed;

impl Check for VaultEntryMalformed {
    const META: CheckMeta = CheckMeta {
        id: "vault-entry-malformed",
        title: "The value in the vault has the wrong form",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "A newline from a copied file, the secret's id instead of its value, or JSON without the declared field: each looks right in the portal and fails at sign-in.",
        remediation: "Store the bare value again as a new version of ENTRY-NAME in vault VAULT, without anything before or after it. A file that is stored with `--file` keeps its trailing newline. The steps of the finding give the command.",
        controls: controls::CREDENTIAL_STORAGE,
        evidence: &["Key Vault secret"],
        explains: &["token-refused"],
    };

    const EFFECT: Effect = Effect::SignIn;

    const WORST: Severity = Severity::Critical;

    const STOPS: Stops = Stops::Everything;

    const STEPS: NextSteps = NextSteps::Rotation;

    const PAGE: Option<Page> = Some(Page::Entry);

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
                        "the private key of {} stays in the vault (its policy says that it is not exportable): programs can sign with it there, but this tool cannot, so its sign-in was not proven",
                        case.entry_name()
                    ),
                )
                .with_remedy("leave the key where it is, which is the safer place; prove = \"never\" in the estate judges all but the proof")
                .into());
            }
            if content.problems.contains(&EntryProblem::FormNotRead) {
                return Err(not_read(case).into());
            }
            let words: Vec<String> = content
                .problems
                .iter()
                .filter_map(|problem| words_for(case, stored, content, *problem))
                .collect();
            if words.is_empty() {
                return Ok(Outcome::Pass);
            }
            let seen = format!("The value of {} {}", case.entry_name(), words.join(", and "));
            let brief = content
                .problems
                .iter()
                .find_map(|problem| brief(stored, content, *problem))
                .unwrap_or_else(|| "has the wrong form".to_owned());
            let mut failure =
                Failure::new(seen).what(format!(": {} {brief}", super::stored_name(case)));
            if let Some(advice) = content.problems.iter().find_map(|problem| advice(stored, content, *problem)) {
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

/// A form that this tool cannot read says nothing about the entry.
fn not_read(case: &Case<'_>) -> Gap {
    Gap::new(
        GapKind::Unrecognised,
        format!(
            "{} holds a certificate or key in a form that this tool cannot read; that does not make it wrong",
            case.entry_name()
        ),
    )
    .with_remedy("to have it proven, store it as PKCS#12 (AES-256 and SHA-256, or 3DES and SHA-1) or as PEM; else say prove = \"never\" in the estate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

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
            EntryProblem::Wrapped,
            EntryProblem::OtherClientId,
            EntryProblem::OtherEnvironment,
            EntryProblem::OtherTenant,
            EntryProblem::EscapedLineBreaks,
        ] {
            assert_fail::<VaultEntryMalformed>(|snapshot| {
                content(snapshot).problems = vec![problem]
            });
        }
        assert_unknown::<VaultEntryMalformed>(|snapshot| raia(snapshot).entry = gap());
        assert_unknown::<VaultEntryMalformed>(|snapshot| {
            content(snapshot).problems = vec![EntryProblem::FormNotRead];
        });
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
        assert!(gap.seen.contains("but this tool cannot"), "{gap}");
        let remedy = gap.remedy.unwrap_or_default();
        assert!(!remedy.contains("exportable"), "{remedy}");
    }

    fn wrapped(forms: &[WrapperForm], fields: &[&str]) -> String {
        let outcome = judge_raia::<VaultEntryMalformed>(|snapshot| {
            content(snapshot).problems = vec![EntryProblem::Wrapped];
            content(snapshot).wrapper = Some(Wrapper {
                forms: forms.to_vec(),
                fields: fields.iter().map(|name| (*name).to_owned()).collect(),
                ..Wrapper::default()
            });
        });
        format!("{outcome:?}")
    }

    #[test]
    fn a_wrapper_is_named_with_what_is_in_it() {
        let quoted = wrapped(&[WrapperForm::Quotes], &[]);
        assert!(
            quoted.contains("in quotes")
                && quoted
                    .contains("without them its first three characters match the valid secret"),
            "{quoted}"
        );
        assert!(quoted.contains("no new credential is needed"), "{quoted}");
        let json = wrapped(&[WrapperForm::Json], &["clientId", "clientSecret"]);
        assert!(
            json.contains("is JSON") && json.contains("it has clientId, clientSecret"),
            "{json}"
        );
        assert!(json.contains("field = \\\"clientSecret\\\""), "{json}");
        let unfilled = wrapped(&[WrapperForm::Placeholder], &[]);
        assert!(
            unfilled.contains("a placeholder that nobody filled"),
            "{unfilled}"
        );
    }
}
