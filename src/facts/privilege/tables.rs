//! Walking the tables that the estate names for a registration: one verdict a table.

use super::operation::{Weighed, operations_of, tables_of};
use crate::facts::case::{Case, Context, Judged, Stop, not_applicable};
use crate::facts::prelude::*;

/// One side of the expectations.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Side {
    Allowed,
    Denied,
}

impl Side {
    pub(crate) const fn of(self, expected: &DataverseExpectations) -> &Expectations {
        match self {
            Self::Allowed => &expected.allow,
            Self::Denied => &expected.deny,
        }
    }

    const fn stated(self) -> Stated {
        match self {
            Self::Allowed => Stated::Allowed,
            Self::Denied => Stated::Denied,
        }
    }
}

/// One verdict a table that this side names under any operation that `wanted` lets through; `silent`
/// says why there is none where it names no such table.
pub(crate) fn each_table(
    context: &Context<'_>,
    side: Side,
    wanted: impl Fn(Operation) -> bool,
    silent: &str,
    judge: impl Fn(&Case<'_>, &[Weighed<'_>]) -> Judged,
) -> Vec<Verdict> {
    context.each_part(|case, found| {
        let expected = side.of(case.dataverse_expectations()?);
        for table in tables_of(expected) {
            let operations: Vec<Operation> = operations_of(expected, table)
                .into_iter()
                .filter(|operation| wanted(*operation))
                .collect();
            if operations.is_empty() {
                continue;
            }
            let weighed: Result<Vec<Weighed<'_>>, Stop> = operations
                .into_iter()
                .map(|operation| case.weigh(table, operation, side.stated()))
                .collect();
            let judged = weighed.and_then(|weighed| judge(case, &weighed));
            found.push(case.on(Part::Table(table.to_owned()), judged));
        }
        Err(not_applicable(silent))
    })
}

/// The worst of several answers about one thing: what fails is put into words together.
pub(crate) fn worst<T>(
    answers: impl IntoIterator<Item = (T, Result<bool, Stop>)>,
    fail: impl FnOnce(Vec<T>) -> Outcome,
) -> Judged {
    let (mut fails, mut unknown, mut passed, mut silent) = (Vec::new(), None, false, None);
    for (what, answer) in answers {
        match answer {
            Ok(false) => fails.push(what),
            Ok(true) => passed = true,
            Err(Stop::Gap(gap)) => unknown = unknown.or(Some(Stop::Gap(gap))),
            Err(stop) => silent = silent.or(Some(stop)),
        }
    }
    if !fails.is_empty() {
        return Ok(fail(fails));
    }
    match (unknown, passed, silent) {
        (Some(gap), _, _) => Err(gap),
        (None, true, _) => Ok(Outcome::Pass),
        (None, false, Some(stop)) => Err(stop),
        (None, false, None) => Err(not_applicable("nothing of it is asked here")),
    }
}
