//! Can the integration read what it needs?

use crate::checks::prelude::*;
use crate::facts::privilege::collections::WayIn;
use crate::facts::privilege::truth_table::Told;

pub(crate) struct ExpectedAccessRefused;

impl Check for ExpectedAccessRefused {
    const META: CheckMeta = CheckMeta {
        id: "expected-access-refused",
        title: "What the integration needs of a table or collection is refused",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "The integration's own role lacks a privilege: part of it fails at run time although sign-in works. Reading is tried; that creating, writing and deleting would be refused is told by what its roles give, since an audit changes nothing.",
        remediation: "Add the privilege to the integration's own security role; do not reach for System Administrator.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &[
            "Dataverse table reads",
            "Dataverse effective privileges",
            "F&O reads",
        ],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Access;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let tables = each_table(
            context,
            Side::Allowed,
            |_| true,
            "the estate declares no table to be read",
            |_, weighed| {
                let answers = weighed.iter().map(|one| {
                    let gap = match one.operation {
                        Operation::Read => one.gap_of_call(),
                        _ => one.gap_of_grant(),
                    };
                    (one, one.passes(one.judgement.expected, gap))
                });
                worst(answers, |refused| tell(&refused))
            },
        );
        let collections = each_collection(context, Expected::Allowed, |case, read| {
            match read.answer.get()? {
                CollectionAnswer::Read { .. } => Ok(Outcome::Pass),
                CollectionAnswer::NoSuchCollection { .. } => Err(said_by(
                    "declared-name-absent",
                    "the collection does not exist",
                )),
                CollectionAnswer::Refused { seen } => {
                    let beside = match case.require_way_in(&read.collection)? {
                        WayIn::AnotherCollection => String::new(),
                        WayIn::ServiceDocument(entered) => {
                            format!("; the client is accepted ({entered}), and may not read this")
                        }
                    };
                    Ok(advised(
                        format!(
                            "{seen} (a refusal by status only: no code says why){beside}; the estate says that {} may be read",
                            read.collection
                        ),
                        "Give the mapped user a role with the entity's privilege; do not map the client to Admin",
                    ))
                }
            }
        });
        tables.into_iter().chain(collections).collect()
    }
}

/// A refused read as it was seen, and what no role gives: for that no call is made.
fn tell(refused: &[&Weighed<'_>]) -> Outcome {
    let table = refused.first().map_or("", |one| one.table);
    let mut said = Vec::new();
    let mut missing = Vec::new();
    for one in refused {
        match one.call {
            Call::Answered(seen, Told::Refused) => {
                said.push(format!("{seen}; the estate says that {table} may be read"));
            }
            _ => missing.push(format!("{} ({})", one.operation, one.granted())),
        }
    }
    if !missing.is_empty() {
        said.push(format!(
            "no role of its gives {} on {table}, which the estate allows: this is what is granted alone, no call tells it",
            listed(&missing)
        ));
    }
    failed(said.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn a_refused_read_fails_once_whoami_has_answered() {
        assert_pass::<ExpectedAccessRefused>(|_| {});
        assert_fail::<ExpectedAccessRefused>(|snapshot| {
            *read(snapshot, "contact") = known(refused(ReadRefusal::Privilege));
        });
        assert_unknown::<ExpectedAccessRefused>(|snapshot| *read(snapshot, "contact") = gap());
        assert_unknown::<ExpectedAccessRefused>(|snapshot| {
            *read(snapshot, "contact") = known(refused(ReadRefusal::Privilege));
            refuse_whoami(snapshot, crate::evidence::UserRefusal::Disabled);
        });
        assert_not_applicable::<ExpectedAccessRefused>(|snapshot| {
            *read(snapshot, "contact") = known(ReadAnswer::NoSuchTable);
            without_finops(snapshot);
        });
    }

    #[test]
    fn what_is_never_tried_is_told_by_what_is_granted() {
        for operation in Operation::ALL.into_iter().skip(1) {
            assert_pass::<ExpectedAccessRefused>(|snapshot| {
                allow(snapshot, operation, "contact");
                hold(snapshot, operation, "contact", Depth::User);
            });
            let outcome = judge_raia::<ExpectedAccessRefused>(|snapshot| {
                allow(snapshot, operation, "contact");
            });
            let Outcome::Fail(failure) = outcome else {
                panic!("{operation}: {outcome:?}");
            };
            assert!(failure.seen.contains("is not held"), "{failure:?}");
            assert!(failure.seen.contains("granted alone"), "{failure:?}");
            assert_unknown::<ExpectedAccessRefused>(|snapshot| {
                allow(snapshot, operation, "contact");
                held_list(snapshot).held.gap = Some(a_gap());
            });
        }
    }

    #[test]
    fn a_read_that_told_nothing_leaves_what_is_granted() {
        assert_unknown::<ExpectedAccessRefused>(|snapshot| *read(snapshot, "contact") = gap());
        assert_fail::<ExpectedAccessRefused>(|snapshot| {
            *read(snapshot, "contact") = gap();
            held_list(snapshot).held.items.clear();
        });
    }

    #[test]
    fn a_bare_403_needs_another_collection_beside_it() {
        let beside = |snapshot: &mut crate::evidence::Snapshot| {
            *collection(snapshot, "CustomersV3") = known(refused_collection());
        };
        assert_unknown::<ExpectedAccessRefused>(beside);
        assert_fail::<ExpectedAccessRefused>(|snapshot| {
            let read = collection(snapshot, "CustomersV3").clone();
            *collection(snapshot, "LedgerJournalHeaders") = read;
            beside(snapshot);
        });
        assert_unknown::<ExpectedAccessRefused>(|snapshot| {
            *collection(snapshot, "CustomersV3") = gap();
        });
        assert_unknown::<ExpectedAccessRefused>(|snapshot| finops(snapshot).reads.clear());
    }

    #[test]
    fn the_service_document_is_control_enough_of_what_should_be_allowed() {
        let with = |document| {
            move |snapshot: &mut crate::evidence::Snapshot| {
                *collection(snapshot, "CustomersV3") = known(refused_collection());
                finops(snapshot).service_document = document;
            }
        };
        let entered = |status| Some(known(seen("the service document", status, None)));
        assert_fail::<ExpectedAccessRefused>(with(entered(200)));
        assert_unknown::<ExpectedAccessRefused>(with(entered(403)));
        assert_unknown::<ExpectedAccessRefused>(with(Some(gap())));
        assert_unknown::<ExpectedAccessRefused>(with(None));
        // What should be refused is proven by another collection alone.
        assert_unknown::<
            crate::checks::least_privilege::forbidden_access_granted::ForbiddenAccessGranted,
        >(with(entered(200)));
    }
}
