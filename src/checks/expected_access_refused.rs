//! Can the integration read what it needs?

use super::case::Context;
use super::case::not_applicable;
use super::check::{Check, NoParams};
use super::collections::each_collection;
use super::controls;
use super::reads::each_read;
use super::words::{advised, failed};
use crate::evidence::{CollectionAnswer, Expected, ReadAnswer, ReadRefusal};
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Gap, GapKind, Outcome};

pub(super) struct ExpectedAccessRefused;

impl Check for ExpectedAccessRefused {
    const META: CheckMeta = CheckMeta {
        id: "expected-access-refused",
        title: "A table or collection that should be readable is refused",
        severity: Severity::High,
        family: Family::Access,
        rationale: "The integration's own role lacks a privilege: part of it fails at run time although sign-in works.",
        remediation: "Add the privilege to the integration's own security role; do not reach for System Administrator.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse table reads", "F&O reads"],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let tables = each_read(context, Expected::Allowed, |case, read| {
            case.require_whoami()?;
            match read.answer.get()? {
                ReadAnswer::Read { .. } => Ok(Outcome::Pass),
                ReadAnswer::NoSuchTable => Err(not_applicable(
                    "the table does not exist (declared-name-absent)",
                )),
                ReadAnswer::Refused {
                    why: ReadRefusal::NotAUser,
                    ..
                } => Err(Gap::new(
                    GapKind::NotReached,
                    "the application is no working user of the environment",
                )
                .into()),
                ReadAnswer::Refused { seen, .. } => Ok(failed(format!(
                    "{seen}; the estate says that {} may be read",
                    read.table
                ))),
            }
        });
        let collections = each_collection(context, Expected::Allowed, |case, read| {
            match read.answer.get()? {
                CollectionAnswer::Read { .. } => Ok(Outcome::Pass),
                CollectionAnswer::NoSuchCollection { .. } => Err(not_applicable(
                    "the collection does not exist (declared-name-absent)",
                )),
                CollectionAnswer::Refused { seen } => {
                    case.require_another_collection(&read.collection)?;
                    Ok(advised(
                        format!(
                            "{seen} (a refusal by status only: no code says why); the estate says that {} may be read",
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

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

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
}
