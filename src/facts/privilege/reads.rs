//! Walking the table reads that the estate expects an answer to.

use crate::facts::case::{Case, Context, Judged, not_applicable};
use crate::facts::prelude::*;

/// One verdict for every table that the estate expects to be allowed (or denied) for reading. The
/// estate drives: a read that was never made is a gap, not silence.
pub(crate) fn each_read(
    context: &Context<'_>,
    expected: Expected,
    judge: impl Fn(&Case<'_>, &TableRead) -> Judged,
) -> Vec<Verdict> {
    context.each_part(|case, found| {
        let stated = case.dataverse_expectations()?;
        let (tables, silent) = match expected {
            Expected::Allowed => (
                &stated.allow.read,
                "the estate declares no table to be read",
            ),
            Expected::Denied => (
                &stated.deny.read,
                "the estate declares no table to be refused",
            ),
        };
        found.extend(tables.iter().map(|table| {
            let judged = case.dataverse().and_then(|proof| {
                let made = proof
                    .reads
                    .iter()
                    .find(|read| read.expected == expected && read.table == *table);
                judge(case, made.unwrap_or(&not_made(table, expected)))
            });
            case.on(Part::Table(table.clone()), judged)
        }));
        Err(not_applicable(silent))
    })
}

fn not_made(table: &str, expected: Expected) -> TableRead {
    TableRead {
        table: table.to_owned(),
        expected,
        answer: Observed::Unknown(Gap::new(
            GapKind::NotReached,
            format!("table {table} was not read"),
        )),
    }
}
