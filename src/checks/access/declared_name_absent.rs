//! Do the declared tables and collections exist?

use crate::checks::prelude::*;
use crate::facts::privilege::operation::tables_of;
use crate::facts::privilege::reads::each_read;

pub(crate) struct DeclaredNameAbsent;

impl Check for DeclaredNameAbsent {
    const META: CheckMeta = CheckMeta {
        id: "declared-name-absent",
        title: "A table or collection that the estate names does not exist",
        severity: Severity::Medium,
        family: super::FAMILY,
        rationale: "An expectation about a name that does not exist proves nothing: a refusal that was never tried looks like a refusal.",
        remediation: "Correct the name in the estate: for a table, its logical name (singular, lower case); for a collection, its public name as FINOPS-URL/data lists it.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse metadata", "F&O metadata"],
        explains: &[],
    };

    const EFFECT: Effect = Effect::Access;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        [Expected::Allowed, Expected::Denied]
            .into_iter()
            .flat_map(|expected| {
                let tables = each_read(context, expected, judge);
                let collections = each_collection(context, expected, exists);
                tables.into_iter().chain(collections)
            })
            .chain(context.cases().flat_map(|case| never_read(&case)))
            .collect()
    }
}

/// Tables that are named for something else than reading alone: metadata tells of them, no call does.
fn never_read(case: &Case<'_>) -> Vec<Verdict> {
    let Ok(expected) = case.dataverse_expectations() else {
        return Vec::new();
    };
    let is_read = |table: &&str| {
        let sides = [&expected.allow.read, &expected.deny.read];
        sides.iter().any(|side| side.iter().any(|one| one == table))
    };
    let mut tables = tables_of(&expected.allow);
    tables.extend(tables_of(&expected.deny));
    tables.sort_unstable();
    tables.dedup();
    tables
        .into_iter()
        .filter(|table| !is_read(table))
        .map(|table| {
            let judged = case.tables().map(|_| {
                if case.is_no_table(table) {
                    absent(case, table)
                } else {
                    Outcome::Pass
                }
            });
            case.on(Part::Table(table.to_owned()), judged)
        })
        .collect()
}

fn absent(case: &Case<'_>, table: &str) -> Outcome {
    advised(
        format!("The environment's metadata, a complete list, has no table {table}"),
        format!(
            "correct {table} in the estate: write the table's logical name (singular, lower case), as Power Apps lists it for ENVIRONMENT-URL under Tables"
        ),
    )
    .what(format!(
        ": table {table} does not exist in {}",
        case.registration.environment
    ))
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
        Observed::Known(ReadAnswer::NoSuchTable) => Ok(absent(case, &read.table)),
        Observed::Known(_) => Ok(Outcome::Pass),
        Observed::Unknown(_) if named().is_some() => Ok(Outcome::Pass),
        Observed::Unknown(gap) => Err(gap.into()),
    }
}

fn exists(case: &Case<'_>, read: &CollectionRead) -> Judged {
    let CollectionAnswer::NoSuchCollection { nearest } = read.answer.get()? else {
        return Ok(Outcome::Pass);
    };
    let name = &read.collection;
    let seen = format!("The environment's metadata has no collection called {name}");
    let outcome = match nearest.as_slice() {
        [] => advised(
            seen,
            format!(
                "correct {name} in the estate: write the collection's public name as FINOPS-URL/data lists it"
            ),
        ),
        names => advised(
            format!("{seen}; did you mean {}?", names.join(" or ")),
            format!(
                "Write {} in the estate instead of {name}; the names of collections are case-sensitive",
                names.join(" or ")
            ),
        ),
    };
    Ok(outcome.what(format!(
        ": collection {name} does not exist in {}",
        case.registration.environment
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

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
            without_finops(snapshot);
        });
    }

    #[test]
    fn a_table_that_is_only_written_is_looked_for_too() {
        let write = |snapshot: &mut crate::evidence::Snapshot, table: &str| {
            allow(snapshot, crate::model::Operation::Write, table);
        };
        assert_pass::<DeclaredNameAbsent>(|snapshot| write(snapshot, "contact"));
        assert_fail::<DeclaredNameAbsent>(|snapshot| write(snapshot, "nosuchtable"));
        assert_unknown::<DeclaredNameAbsent>(|snapshot| {
            write(snapshot, "nosuchtable");
            snapshot.environments.get_mut("prod").unwrap().tables = gap();
        });
    }

    #[test]
    fn a_collection_that_does_not_exist_gets_a_suggestion() {
        let absent = |nearest: &[&str]| {
            let nearest = nearest.iter().map(|name| (*name).to_owned()).collect();
            judge_raia::<DeclaredNameAbsent>(|snapshot| {
                *collection(snapshot, "CustomersV3") =
                    known(CollectionAnswer::NoSuchCollection { nearest });
            })
        };
        let Outcome::Fail(failure) = absent(&["VendorsV2"]) else {
            panic!("it does not exist");
        };
        assert!(
            failure.seen.ends_with("did you mean VendorsV2?"),
            "{failure:?}"
        );
        assert!(matches!(absent(&[]), Outcome::Fail(_)));
        assert_unknown::<DeclaredNameAbsent>(|snapshot| {
            *collection(snapshot, "CustomersV3") = gap();
        });
    }
}
