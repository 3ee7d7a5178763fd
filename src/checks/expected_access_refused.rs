//! Can the integration read what it needs?

use super::case::Context;
use super::case::not_applicable;
use super::check::{Check, NoParams};
use super::controls;
use super::reads::each_read;
use super::words::failed;
use crate::evidence::{Expected, ReadAnswer, ReadRefusal};
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Gap, GapKind, Outcome};

pub(super) struct ExpectedAccessRefused;

impl Check for ExpectedAccessRefused {
    const META: CheckMeta = CheckMeta {
        id: "expected-access-refused",
        title: "A table that should be readable is refused",
        severity: Severity::High,
        family: Family::Access,
        rationale: "The integration's own role lacks a privilege: part of it fails at run time although sign-in works.",
        remediation: "Add the privilege to the integration's own security role; do not reach for System Administrator.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse table reads"],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        each_read(context, Expected::Allowed, |case, read| {
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
        })
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
        });
    }
}
