//! Does Entra issue a token for the stored credential?

use super::case::Context;
use super::check::{Check, NoParams};
use super::controls;
use super::registration_disabled::{LIFTED_BY_MICROSOFT, by_microsoft};
use super::words::advised;
use crate::model::codes::Class;
use crate::model::{CheckMeta, Family, Outcome, Severity, Signer, Stops, Verdict};

pub(super) struct TokenRefused;

impl Check for TokenRefused {
    const META: CheckMeta = CheckMeta {
        id: "token-refused",
        title: "Entra refuses a token for the stored credential",
        severity: Severity::Critical,
        family: Family::Access,
        rationale: "The first rung of the proof: whatever the dates say, this credential does not sign in today.",
        remediation: "Follow the cause of the AADSTS code (`credaudit explain CODE`).",
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
            // One code is told once, after all the calls that it answered.
            let words: Vec<String> = refusals
                .chunk_by(|(_, left), (_, right)| left.cause == right.cause)
                .filter_map(|same| same.first().map(|(_, code)| (same, code)))
                .map(|(same, code)| {
                    let calls: Vec<String> =
                        same.iter().map(|(seen, _)| seen.to_string()).collect();
                    let calls = calls.join(" and ");
                    format!("{calls}: {}; usually {}", code.cause, code.step)
                })
                .collect();
            let advice = first.advice(Signer::Integration);
            let fix = match by_microsoft(case) {
                Some(_) if first.class == Class::RegistrationDisabled => {
                    LIFTED_BY_MICROSOFT.to_owned()
                }
                _ => format!("{} (done by {})", advice.fix, advice.who),
            };
            Ok(advised(words.join("; and "), fix))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;
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

    #[test]
    fn prove_never_is_not_applicable() {
        assert_not_applicable::<TokenRefused>(|snapshot| {
            snapshot.estate.registrations[0].prove = crate::estate::Prove::Never;
            for proof in &mut raia(snapshot).tokens {
                proof.answer = crate::model::Observed::not_reached(crate::estate::Prove::NOT_TRIED);
            }
        });
    }
}
