//! Walking the table reads that the estate expects an answer to.

use crate::evidence::{Expected, TableRead};
use crate::facts::case::{Case, Context, Judged, not_applicable};
use crate::model::Part;
use crate::model::{Gap, GapKind, Observed, Verdict};

/// One verdict for every table that the estate expects to be allowed (or denied) for reading. The
/// estate drives: a read that was never made is a gap, not silence.
pub(crate) fn each_read(
    context: &Context<'_>,
    expected: Expected,
    judge: impl Fn(&Case<'_>, &TableRead) -> Judged,
) -> Vec<Verdict> {
    context
        .cases()
        .flat_map(|case| {
            let tables = case
                .dataverse_expectations()
                .map(|expectations| match expected {
                    Expected::Allowed => expectations.allow.read.as_slice(),
                    Expected::Denied => expectations.deny.read.as_slice(),
                });
            let whole =
                |judged: Judged| vec![Verdict::on_registration(case.name(), case.settle(judged))];
            let tables = match tables {
                Ok([]) => {
                    return whole(Err(not_applicable(match expected {
                        Expected::Allowed => "the estate declares no table to be read",
                        Expected::Denied => "the estate declares no table to be refused",
                    })));
                }
                Ok(tables) => tables,
                Err(stop) => return whole(Err(stop)),
            };
            tables
                .iter()
                .map(|table| {
                    let judged = case.dataverse().and_then(|proof| {
                        let not_made;
                        let read = match proof
                            .reads
                            .iter()
                            .find(|read| read.expected == expected && read.table == *table)
                        {
                            Some(read) => read,
                            None => {
                                not_made = TableRead {
                                    table: table.clone(),
                                    expected,
                                    answer: Observed::Unknown(Gap::new(
                                        GapKind::NotReached,
                                        format!("table {table} was not read"),
                                    )),
                                };
                                &not_made
                            }
                        };
                        judge(&case, read)
                    });
                    Verdict::within(
                        case.name(),
                        case.resource().part(Part::Table(table.clone())),
                        case.settle(judged),
                    )
                })
                .collect()
        })
        .collect()
}
