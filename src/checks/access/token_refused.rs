//! Does Entra issue a token for the stored credential?

use super::registration_disabled::{LIFTED_BY_MICROSOFT, by_microsoft};
use crate::checks::prelude::*;
use crate::model::Signer;
use crate::reference::codes::Code;

pub(crate) struct TokenRefused;

impl Check for TokenRefused {
    const META: CheckMeta = CheckMeta {
        id: "token-refused",
        title: "Entra refuses to issue a token for the stored credential",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "The first step of the proof: whatever the dates say, the stored credential cannot sign in today.",
        remediation: "Look up the AADSTS code with `credaudit explain CODE` and fix its cause.",
        controls: controls::IDENTITY,
        evidence: &["Entra token"],
        explains: &[],
    };

    const STOPS: Stops = Stops::Everything;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let refusals = case.known_refusals()?;
            let [(_, first), ..] = refusals.as_slice() else {
                return Ok(Outcome::Pass);
            };
            // One code is named once, after all the calls that it answered.
            let words: Vec<String> = refusals
                .chunk_by(|(_, left), (_, right)| left.cause == right.cause)
                .filter_map(|same| same.first().map(|(_, code)| (same, code)))
                .map(|(same, code)| {
                    let calls: Vec<String> =
                        same.iter().map(|(seen, _)| seen.to_string()).collect();
                    let calls = calls.join(" and ");
                    match case.at_odds_with(code) {
                        None => format!("{calls}: {}; usually {}", code.cause, code.step),
                        Some(stored) => at_odds(&calls, code, stored),
                    }
                })
                .collect();
            if case.at_odds_with(first).is_some() {
                return Ok(advised(words.join("; and "), AT_ODDS_FIX).what(refused(first)));
            }
            let advice = first.advice(Signer::Integration);
            let fix = match by_microsoft(case) {
                Some(_) if first.class == Class::RegistrationDisabled => {
                    LIFTED_BY_MICROSOFT.to_owned()
                }
                _ => format!("{} (done by {})", advice.fix, advice.who),
            };
            Ok(advised(words.join("; and "), fix).what(refused(first)))
        })
    }
}

fn refused(code: &Code) -> String {
    format!("gets no token from Entra ({})", code.code)
}

const AT_ODDS_FIX: &str = "run credaudit again. If the answer stays the same, look up the sign-in in Entra's sign-in logs, and compare the vault entry and its type in the estate with Entra admin centre > App registrations > client id CLIENT-ID > Certificates & secrets before you replace anything (done by an owner of the app registration, or an Application Administrator)";

/// A code about another sort of credential than the one that was sent.
fn at_odds(calls: &str, code: &Code, stored: CredentialForm) -> String {
    let (sent, about) = match stored {
        CredentialForm::Secret => ("a secret", "an assertion, such as a certificate signs"),
        CredentialForm::Certificate => ("an assertion signed by a certificate", "a secret"),
    };
    format!(
        "{calls}: {}; but {sent} was sent, and this code is about {about}: the two disagree, so the client is refused for a reason that is not known",
        code.cause
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::lifecycle::credential_expired::CredentialExpired;
    use crate::checks::lifecycle::vault_value_not_live::VaultValueNotLive;
    use crate::checks::testing::*;
    use crate::model::ClientRefusal;

    #[test]
    fn a_known_refusal_fails_and_an_unread_answer_is_unknown() {
        assert_pass::<TokenRefused>(|_| {});
        assert_fail::<TokenRefused>(|snapshot| refuse_token(snapshot, "AADSTS501051"));
        assert_unknown::<TokenRefused>(|snapshot| refuse_token(snapshot, "AADSTS1"));
        assert_unknown::<TokenRefused>(lose_tokens);
    }

    /// OAuth's word has refused the client, whether or not anybody knows the number.
    #[test]
    fn a_word_of_oauth_refuses_under_any_number() {
        for error in ClientRefusal::ALL {
            for code in ["AADSTS9999999", "AADSTS7000214", error.as_str()] {
                assert_fail::<TokenRefused>(|snapshot| refuse_client(snapshot, error, code));
            }
        }
    }

    #[test]
    fn every_token_counts() {
        assert_fail::<TokenRefused>(|snapshot| refuse_finops_token(snapshot, "AADSTS500011"));
        assert_unknown::<TokenRefused>(|snapshot| raia(snapshot).tokens[1].answer = gap());
    }

    #[test]
    fn one_code_for_two_services_is_told_once() {
        let outcome = judge_raia::<TokenRefused>(|snapshot| {
            refuse_token(snapshot, "AADSTS700016");
        });
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(
            failure.seen.matches("usually").count(),
            1,
            "{}",
            failure.seen
        );
        assert_eq!(failure.seen.matches("answered 401").count(), 2);
    }

    /// A code about the other sort of credential refuses the client and blames nothing: no value in the vault
    /// is called dead by it, and nothing is to be stored because of it.
    #[test]
    fn a_code_about_the_other_sort_says_that_the_two_disagree() {
        let told = |certificate: bool, code: &'static str| {
            let change = move |snapshot: &mut Snapshot| {
                if certificate {
                    store_certificate(snapshot);
                }
                refuse_token(snapshot, code);
            };
            let vault = judge_raia::<VaultValueNotLive>(change);
            let expired = judge_raia::<CredentialExpired>(change);
            let Outcome::Fail(failure) = judge_raia::<TokenRefused>(change) else {
                panic!("{code} is no refusal");
            };
            let blamed = [vault, expired]
                .iter()
                .any(|one| matches!(one, Outcome::Fail(_)));
            (failure.seen, format!("{:?}", failure.remedy), blamed)
        };
        for code in [
            "1000502", "700027", "7000214", "700030", "70021", "700213", "700024", "50027",
        ] {
            let (seen, remedy, blamed) = told(false, format!("AADSTS{code}").leak());
            assert!(
                seen.contains("a secret was sent") && seen.contains("the two disagree"),
                "{seen}"
            );
            assert!(!seen.contains("usually") && !blamed, "{code}: {seen}");
            assert!(remedy.contains("before you replace anything"), "{remedy}");
            assert!(!remedy.contains("az "), "{remedy}");
        }
        for code in ["AADSTS7000215", "AADSTS7000222"] {
            let (seen, _, blamed) = told(true, code);
            assert!(
                seen.contains("signed by a certificate was sent") && !blamed,
                "{seen}"
            );
        }
        for (certificate, code) in [
            (false, "AADSTS7000215"),
            (true, "AADSTS1000502"),
            (true, "AADSTS700027"),
        ] {
            let (seen, _, blamed) = told(certificate, code);
            assert!(!seen.contains("disagree") && blamed, "{code}: {seen}");
        }
    }

    #[test]
    fn prove_never_is_not_applicable() {
        assert_not_applicable::<TokenRefused>(|snapshot| {
            snapshot.estate.registrations[0].prove = crate::estate::Prove::Never;
            for proof in &mut raia(snapshot).tokens {
                proof.answer = crate::model::Observed::Unknown(crate::model::Gap::unasked(
                    crate::model::Unasked::NotTried,
                    crate::estate::Prove::NOT_TRIED,
                ));
            }
        });
    }
}
