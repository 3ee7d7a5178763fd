//! Can the integration read what it needs?

use super::roles;
use crate::checks::prelude::*;
use crate::facts::privilege::collections::WayIn;
use crate::facts::privilege::truth_table::Told;

pub(crate) struct ExpectedAccessRefused;

impl Check for ExpectedAccessRefused {
    const META: CheckMeta = CheckMeta {
        id: "expected-access-refused",
        title: "The integration is refused access to a table or collection that it needs",
        severity: Severity::High,
        family: super::FAMILY,
        rationale: "The integration's own role lacks a privilege: part of it fails at run time although sign-in works. Reading is tried with a real call; create, write and delete are judged by the privileges of its roles, since an audit changes nothing.",
        remediation: "Add the missing privilege to the integration's own security role: Power Platform admin centre > Environments > ENVIRONMENT-URL > Settings > Users + permissions > Security roles. Do not assign System Administrator instead.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &[
            "Dataverse table reads",
            "Dataverse effective privileges",
            "F&O reads",
        ],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Access;

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let tables = each_table(
            context,
            Side::Allowed,
            |_| true,
            "the estate declares no table to be read",
            |case, weighed| {
                let answers = weighed.iter().map(|one| {
                    let gap = match one.operation {
                        Operation::Read => one.gap_of_call(),
                        _ => one.gap_of_grant(),
                    };
                    (one, one.passes(one.judgement.expected, gap))
                });
                worst(answers, |refused| tell(case, &refused))
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
                            format!("; the client itself is accepted ({entered})")
                        }
                    };
                    Ok(advised(
                        format!(
                            "{seen} (without a code that says why){beside}; the estate lists {} as needed",
                            read.collection
                        ),
                        format!(
                            "give the Finance & Operations user of client id CLIENT-ID{} a security role with read access to {} (FINOPS-URL, System administration > Security > Security configuration); do not map the client to Admin",
                            case.finops_expectations()?
                                .user
                                .as_deref()
                                .map_or_else(String::new, |user| format!(" ({user})")),
                            read.collection
                        ),
                    )
                    .what(format!(
                        "cannot read {} in Finance & Operations, which it needs",
                        read.collection
                    )))
                }
            }
        });
        tables.into_iter().chain(collections).collect()
    }
}

/// A refused read as it was seen, and what no role gives: for that no call is made.
fn tell(case: &Case<'_>, refused: &[&Weighed<'_>]) -> Outcome {
    let table = refused.first().map_or("", |one| one.table);
    let mut said = Vec::new();
    let mut missing = Vec::new();
    for one in refused {
        match one.call {
            Call::Answered(seen, Told::Refused) => {
                said.push(format!("{seen}; the estate lists {table} as needed"));
            }
            _ => missing.push(format!("{} ({})", one.operation, one.granted())),
        }
    }
    if !missing.is_empty() {
        said.push(format!(
            "none of its roles grants {} on {table}, which the estate allows (judged by its privileges: an audit makes no such call)",
            listed(&missing)
        ));
    }
    let operations: Vec<String> = refused
        .iter()
        .map(|one| one.operation.to_string())
        .collect();
    let operations = operations.join(" or ");
    advised(
        said.join("; "),
        format!(
            "add the {operations} privilege on {table} to {}; do not assign System Administrator instead",
            roles::held_role(case)
        ),
    )
    .what(format!("cannot {operations} {table}, which it needs"))
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
            assert!(
                failure.seen.contains("judged by its privileges"),
                "{failure:?}"
            );
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
