//! Do real calls and granted privileges agree?

use crate::checks::prelude::*;
use crate::facts::privilege::truth_table::Told;

pub(crate) struct EvidenceDisagrees;

impl Check for EvidenceDisagrees {
    const META: CheckMeta = CheckMeta {
        id: "evidence-disagrees",
        title: "A real call and the granted privileges contradict each other",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "Each table is checked twice: by a real call with the integration's own token, and by the privileges that its roles give. Where the two contradict each other, neither can be relied on. Possible reasons: roles that changed during the run, single rows that are shared, a plug-in that refuses the call, or another user behind the token.",
        remediation: "Run the audit again. If they still disagree, compare the user that WhoAmI returns with application user CLIENT-ID in ENVIRONMENT-URL, and check the shared rows, column security and plug-ins of the table.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &[
            "Dataverse effective privileges",
            "Dataverse metadata",
            "Dataverse table reads",
            "Dataverse probes of writing",
        ],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        [Side::Allowed, Side::Denied]
            .into_iter()
            .flat_map(|side| {
                each_table(
                    context,
                    side,
                    |operation| {
                        matches!(
                            operation,
                            Operation::Read | Operation::Write | Operation::Delete
                        )
                    },
                    "the estate declares nothing that a real call is made for",
                    |_, weighed| {
                        let answers = weighed.iter().map(|one| {
                            let answer = one.passes(one.judgement.agreement, one.gap_of_either());
                            (one, answer)
                        });
                        worst(answers, |found| in_words(&found))
                    },
                )
            })
            .collect()
    }
}

fn in_words(found: &[&Weighed<'_>]) -> Outcome {
    let each: Vec<String> = found
        .iter()
        .map(|one| {
            format!(
                "{} of {}: the call was answered {}, and {}",
                one.operation,
                one.table,
                one.observed(),
                match one.grant.as_ref().ok().and_then(|grant| grant.depth) {
                    Some(_) => format!("the roles give {}", one.granted()),
                    None => one.granted(),
                }
            )
        })
        .collect();
    let outcome = failed(each.join("; "));
    let Some(first) = found.first() else {
        return outcome;
    };
    let called = format!("{} {}", verbs([first.operation]), first.table);
    outcome.what(match first.call {
        Call::Answered(_, Told::LetThrough) => {
            format!("can {called} although no role allows it")
        }
        _ => format!("cannot {called} although its roles allow it"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn two_kinds_of_evidence_have_to_agree() {
        assert_pass::<EvidenceDisagrees>(|_| {});
        assert_fail::<EvidenceDisagrees>(|snapshot| {
            hold(snapshot, Operation::Read, "account", Depth::User);
        });
        assert_fail::<EvidenceDisagrees>(|snapshot| held_list(snapshot).held.items.clear());
        assert_fail::<EvidenceDisagrees>(|snapshot| {
            *read(snapshot, "contact") = known(refused(ReadRefusal::Privilege));
        });
        assert_not_applicable::<EvidenceDisagrees>(|snapshot| {
            snapshot.estate.registrations[0].dataverse = None;
        });
    }

    #[test]
    fn one_alone_agrees_with_nothing() {
        assert_unknown::<EvidenceDisagrees>(|snapshot| *read(snapshot, "account") = gap());
        assert_unknown::<EvidenceDisagrees>(|snapshot| dataverse(snapshot).privileges = gap());
        assert_unknown::<EvidenceDisagrees>(|snapshot| {
            hold(snapshot, Operation::Read, "account", Depth::User);
            refuse_whoami(snapshot, UserRefusal::Disabled);
        });
        for code in [
            None,
            Some("0x80048306"),
            Some("0x80095ffe"),
            Some("0x8badf00d"),
        ] {
            assert_unknown::<EvidenceDisagrees>(|snapshot| {
                hold(snapshot, Operation::Read, "account", Depth::User);
                *read(snapshot, "account") = known(ReadAnswer::Refused {
                    seen: seen("a read", 403, code),
                    why: ReadRefusal::Privilege,
                });
            });
        }
    }

    #[test]
    fn a_probe_of_writing_is_compared_and_a_404_proves_nothing() {
        let probed = |status, code, held: bool| {
            judge_raia::<EvidenceDisagrees>(move |snapshot| {
                deny(snapshot, Operation::Write, "account");
                probe(snapshot, Operation::Write, "account", status, code);
                if held {
                    hold(snapshot, Operation::Write, "account", Depth::User);
                }
            })
        };
        assert!(matches!(
            probed(403, Some("0x80040220"), true),
            Outcome::Fail(_)
        ));
        assert_eq!(probed(403, Some("0x80040220"), false), Outcome::Pass);
        assert_eq!(probed(404, None, true), Outcome::Pass, "the read agrees");
        assert!(matches!(
            probed(403, Some("0x80095ffe"), false),
            Outcome::Unknown(_)
        ));
    }
}
