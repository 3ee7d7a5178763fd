//! Do the declared tables exist?

use super::case::{Case, Context, Judged};
use super::check::{Check, NoParams};
use super::controls;
use super::reads::each_read;
use super::words::failed;
use crate::evidence::{Expected, ReadAnswer, TableRead};
use crate::model::{CheckMeta, Family, Severity, Verdict};
use crate::model::{Observed, Outcome};

pub(super) struct DeclaredNameAbsent;

impl Check for DeclaredNameAbsent {
    const META: CheckMeta = CheckMeta {
        id: "declared-name-absent",
        title: "A declared table does not exist",
        severity: Severity::Medium,
        family: Family::Access,
        rationale: "An expectation about a name that does not exist proves nothing: a refusal that is never tried looks like a refusal.",
        remediation: "Correct the table's logical name in the estate (it is singular and lower case).",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse metadata"],
        explains: &[],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        [Expected::Allowed, Expected::Denied]
            .into_iter()
            .flat_map(|expected| each_read(context, expected, judge))
            .collect()
    }
}

fn judge(case: &Case<'_>, read: &TableRead) -> Judged {
    let named = || {
        let environment = case
            .snapshot()
            .environments
            .get(&case.registration.environment)?;
        let names = environment.tables.known()?;
        names.iter().find(|name| name.logical_name == read.table)
    };
    match &read.answer {
        Observed::Known(ReadAnswer::NoSuchTable) => Ok(failed(format!(
            "The environment's metadata, read in full, has no table {}",
            read.table
        ))),
        Observed::Known(_) => Ok(Outcome::Pass),
        Observed::Unknown(_) if named().is_some() => Ok(Outcome::Pass),
        Observed::Unknown(gap) => Err(gap.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::*;
    use super::*;

    #[test]
    fn metadata_decides() {
        assert_pass::<DeclaredNameAbsent>(|_| {});
        assert_fail::<DeclaredNameAbsent>(|snapshot| {
            *read(snapshot, "contact") = known(ReadAnswer::NoSuchTable);
        });
        assert_unknown::<DeclaredNameAbsent>(|snapshot| {
            *read(snapshot, "contact") = gap();
            snapshot.environments.get_mut("prod").unwrap().tables = gap();
        });
        assert_not_applicable::<DeclaredNameAbsent>(|snapshot| {
            expectations(snapshot).allow.read.clear();
            expectations(snapshot).deny.read.clear();
        });
    }
}
