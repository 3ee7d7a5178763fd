//! Is what must be refused really refused?

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

pub(super) struct ForbiddenAccessGranted;

impl Check for ForbiddenAccessGranted {
    const META: CheckMeta = CheckMeta {
        id: "forbidden-access-granted",
        title: "A table or collection that must be refused can be read",
        severity: Severity::Critical,
        family: Family::LeastPrivilege,
        rationale: "The one proof that a role is tight: a real read of what the integration must not see.",
        remediation: "Take the privilege out of the integration's security role, and look at roles it holds through teams.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse table reads", "Dataverse WhoAmI", "F&O reads"],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        let tables = each_read(context, Expected::Denied, |case, read| {
            match read.answer.get()? {
                ReadAnswer::Read { seen } => Ok(failed(format!(
                    "{seen}; the estate says that {} must be refused",
                    read.table
                ))),
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
                // A refusal counts only beside an answer to the same token.
                ReadAnswer::Refused { .. } => {
                    case.require_whoami()?;
                    Ok(Outcome::Pass)
                }
            }
        });
        let collections = each_collection(context, Expected::Denied, |case, read| {
            match read.answer.get()? {
                CollectionAnswer::Read { seen } => Ok(advised(
                    format!(
                        "{seen}; the estate says that {} must be refused",
                        read.collection
                    ),
                    "Take the entity's privilege out of the roles of the user that the client maps to",
                )),
                CollectionAnswer::NoSuchCollection { .. } => Err(not_applicable(
                    "the collection does not exist (declared-name-absent)",
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

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

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
}
