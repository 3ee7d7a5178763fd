//! Is what must be refused really refused?

use super::forbidden_privilege_held::{CONTRADICTION_REMEDY, contradiction, narrowed};
use crate::checks::prelude::*;
use crate::model::Seen;

pub(crate) struct ForbiddenAccessGranted;

impl Check for ForbiddenAccessGranted {
    const META: CheckMeta = CheckMeta {
        id: "forbidden-access-granted",
        title: "A table or collection that must not be read can be read",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "A real read of what the integration must not see is the only proof that its role is narrow enough.",
        remediation: "Remove the privilege from the security roles of application user CLIENT-ID in ENVIRONMENT-URL, including the roles of its teams.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse table reads", "Dataverse WhoAmI", "F&O reads"],
        explains: &[],
    };

    const PAGE: Option<Page> = Some(Page::ApplicationUsers);

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let tables = each_table(
            context,
            Side::Denied,
            |operation| operation == Operation::Read,
            "the estate declares no table that must not be read",
            |case, weighed| {
                let answers = weighed.iter().map(|one| {
                    let answer = one.passes(one.judgement.forbidden, one.gap_of_call());
                    (one, answer)
                });
                worst(answers, |open| in_words(case, &open))
            },
        );
        let collections = each_collection(context, Expected::Denied, |case, read| {
            match read.answer.get()? {
                CollectionAnswer::Read { seen } => Ok(in_finops(&read.collection, seen)),
                CollectionAnswer::NoSuchCollection { .. } => Err(said_by(
                    "declared-name-absent",
                    "the collection does not exist",
                )),
                // By status only: it counts beside a collection that the same token could read.
                CollectionAnswer::Refused { .. } => {
                    case.require_another_collection(&read.collection)?;
                    Ok(Outcome::Pass)
                }
            }
        });
        tables.into_iter().chain(collections).collect()
    }
}

fn in_finops(name: &str, seen: &Seen) -> Outcome {
    advised(
        format!("{seen}; the estate says that {name} must not be read"),
        format!(
            "In FINOPS-URL, remove the privilege for {name} from the roles of the user that client id CLIENT-ID is mapped to (System administration > Setup > Microsoft Entra ID applications shows the user)"
        ),
    )
    .what(format!("can read {name}, which it must not"))
}

fn in_words(case: &Case<'_>, open: &[&Weighed<'_>]) -> Outcome {
    let Some(one) = open.first() else {
        return failed("A table that must not be read was read");
    };
    let seen = format!(
        "{}; the estate says that {} must not be read",
        one.seen(),
        one.table
    );
    let outcome = match case.shared_with(one.table, Operation::Read) {
        tables if tables.is_empty() => advised(seen, narrowed(case, open)),
        tables => advised(
            format!("{seen}. {}", contradiction(&tables)),
            CONTRADICTION_REMEDY,
        ),
    };
    outcome.what(format!("can read {}, which it must not", one.table))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn a_refusal_counts_only_under_its_control() {
        assert_pass::<ForbiddenAccessGranted>(|_| {});
        assert_fail::<ForbiddenAccessGranted>(|snapshot| {
            let answer = read(snapshot, "contact").clone();
            *read(snapshot, "account") = answer;
        });
        assert_unknown::<ForbiddenAccessGranted>(|snapshot| dataverse(snapshot).whoami = gap());
        assert_unknown::<ForbiddenAccessGranted>(|snapshot| *read(snapshot, "account") = gap());
        assert_not_applicable::<ForbiddenAccessGranted>(|snapshot| {
            *read(snapshot, "account") = known(ReadAnswer::NoSuchTable);
            without_finops(snapshot);
        });
    }

    #[test]
    fn a_bare_403_counts_only_beside_a_collection_that_was_read() {
        assert_fail::<ForbiddenAccessGranted>(|snapshot| {
            let read = collection(snapshot, "CustomersV3").clone();
            *collection(snapshot, "LedgerJournalHeaders") = read;
        });
        assert_unknown::<ForbiddenAccessGranted>(|snapshot| {
            *collection(snapshot, "CustomersV3") = gap();
        });
        assert_unknown::<ForbiddenAccessGranted>(|snapshot| {
            *collection(snapshot, "LedgerJournalHeaders") = gap();
        });
    }

    /// A second answer to the same question is no way past the first, wherever it stands.
    #[test]
    fn of_two_reads_the_worse_counts() {
        let open = |snapshot: &mut crate::evidence::Snapshot, place: usize| {
            let mut second = dataverse(snapshot).reads[1].clone();
            second.answer = read(snapshot, "contact").clone();
            dataverse(snapshot).reads.insert(place, second);
        };
        assert_fail::<ForbiddenAccessGranted>(|snapshot| open(snapshot, 0));
        assert_fail::<ForbiddenAccessGranted>(|snapshot| open(snapshot, 2));
        assert_fail::<ForbiddenAccessGranted>(|snapshot| {
            let mut second = finops(snapshot).reads[1].clone();
            second.answer = collection(snapshot, "CustomersV3").clone();
            finops(snapshot).reads.push(second);
        });
    }

    #[test]
    fn an_answer_of_finance_and_operations_counts_by_its_status() {
        for status in [200, 429, 500] {
            assert_unknown::<ForbiddenAccessGranted>(|snapshot| {
                *collection(snapshot, "LedgerJournalHeaders") = known(CollectionAnswer::Refused {
                    seen: seen("a read", status, None),
                });
            });
        }
        // The control, too.
        assert_unknown::<ForbiddenAccessGranted>(|snapshot| {
            *collection(snapshot, "CustomersV3") = known(CollectionAnswer::Read {
                seen: seen("a read", 500, None),
            });
        });
    }

    /// A firewall, a single row that is not shared, throttling, a page of HTML, a code nobody knows.
    #[test]
    fn no_code_that_nobody_verified_passes() {
        let codes = [
            None,
            Some("0x80095ffe"),
            Some("0x80048306"),
            Some("0x80072322"),
            Some("0x80072560"),
            Some("0x8badf00d"),
        ];
        for code in codes {
            assert_unknown::<ForbiddenAccessGranted>(|snapshot| {
                *read(snapshot, "account") = known(ReadAnswer::Refused {
                    seen: seen("a read", 403, code),
                    why: ReadRefusal::Privilege,
                });
            });
        }
    }

    #[test]
    fn a_shared_privilege_is_explained() {
        let outcome = judge_raia::<ForbiddenAccessGranted>(|snapshot| {
            rename(snapshot, "account", Operation::Read, "prvReadContact");
            let answer = read(snapshot, "contact").clone();
            *read(snapshot, "account") = answer;
        });
        let Outcome::Fail(failure) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(
            failure
                .seen
                .contains("opens contact, which the estate allows")
        );
    }
}
