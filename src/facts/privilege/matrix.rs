//! The matrix of privileges of one registration: what the estate states beside what is proven.

use super::collections::{says_what_it_is, worst_read};
use super::operation::{Call, Weighed, listed, tables_of};
use super::truth_table::{Granted, Told, judge};
use crate::facts::case::{Case, Context};
use crate::facts::prelude::*;
use crate::model::assessment::PrivilegeCell;

/// What one registration may do: every expectation of the estate, and what is open on a table that the
/// estate names without stating that operation.
pub(crate) fn privileges(context: &Context<'_>, name: &str) -> Vec<PrivilegeCell> {
    let Some(case) = context.case(name) else {
        return Vec::new();
    };
    let mut cells = in_dataverse(&case);
    cells.extend(in_finops(&case));
    cells.sort_by(|left, right| {
        (left.service, &left.thing, left.operation).cmp(&(
            right.service,
            &right.thing,
            right.operation,
        ))
    });
    cells
}

fn stated(allow: &Expectations, deny: &Expectations, name: &str, operation: Operation) -> Stated {
    let names = |side: &Expectations| side.of(operation).iter().any(|one| one == name);
    if names(allow) {
        Stated::Allowed
    } else if names(deny) {
        Stated::Denied
    } else {
        Stated::NotStated
    }
}

fn named<'a>(allow: &'a Expectations, deny: &'a Expectations) -> Vec<&'a str> {
    let mut names = tables_of(allow);
    names.extend(tables_of(deny));
    names.sort_unstable();
    names.dedup();
    names
}

fn in_dataverse(case: &Case<'_>) -> Vec<PrivilegeCell> {
    let Ok(expected) = case.dataverse_expectations() else {
        return Vec::new();
    };
    let mut cells = Vec::new();
    for table in named(&expected.allow, &expected.deny) {
        for operation in Operation::ALL {
            let stated = stated(&expected.allow, &expected.deny, table, operation);
            match case.weigh(table, operation, stated) {
                Ok(weighed) => cells.extend(cell(case, &weighed)),
                Err(_) if stated == Stated::NotStated => {}
                Err(stop) => cells.push(PrivilegeCell {
                    service: Service::Dataverse,
                    thing: table.to_owned(),
                    operation,
                    stated,
                    state: CellState::NotApplicable,
                    open: None,
                    as_stated: None,
                    observed: stop.clone().into_words(),
                    granted: stop.into_words(),
                }),
            }
        }
    }
    cells
}

/// `None`: nothing is stated, and nothing is known to be open.
fn cell(case: &Case<'_>, weighed: &Weighed<'_>) -> Option<PrivilegeCell> {
    let judged = &weighed.judgement;
    if weighed.stated == Stated::NotStated && judged.open != Some(true) {
        return None;
    }
    let mut granted = weighed.granted();
    let shared = case.shared_with(weighed.table, weighed.operation);
    if !shared.is_empty() {
        granted.push_str(&format!(", also the privilege of {}", listed(&shared)));
    }
    // What the estate leaves out was not tried; what could not be had is unknown.
    let left_out = matches!(
        &weighed.call,
        Call::Unclear(gap) if gap.kind == GapKind::NotReached
    ) && case.registration.prove == Prove::Never;
    Some(PrivilegeCell {
        service: Service::Dataverse,
        thing: weighed.table.to_owned(),
        operation: weighed.operation,
        stated: weighed.stated,
        state: if left_out && judged.state == CellState::Unknown {
            CellState::NotTried
        } else {
            judged.state
        },
        open: judged.open,
        // Where the estate wants no call, the roles are all there is to go by.
        as_stated: match (weighed.stated, judged.open) {
            (Stated::Allowed, Some(open)) if left_out => Some(open),
            (Stated::Denied, Some(open)) if left_out => Some(!open),
            _ => judged.as_stated,
        },
        observed: if weighed.gap_tells() {
            weighed.gap_of_call().seen
        } else {
            weighed.observed().into()
        },
        granted: granted.into(),
    })
}

/// What a Finance & Operations collection shows is observed alone: which collections a role opens is
/// nowhere to be read.
fn in_finops(case: &Case<'_>) -> Vec<PrivilegeCell> {
    let Ok(expected) = case.finops_expectations() else {
        return Vec::new();
    };
    let roles = roles(case);
    let mut cells = Vec::new();
    for collection in named(&expected.allow, &expected.deny) {
        for operation in Operation::ALL {
            let stated = stated(&expected.allow, &expected.deny, collection, operation);
            if stated == Stated::NotStated {
                continue;
            }
            let (state, open, as_stated, observed) = if operation == Operation::Read {
                read_there(case, collection, stated)
            } else {
                let why = "not tried: in F&O only a real write would show it";
                (CellState::NotTried, None, None, why.into())
            };
            cells.push(PrivilegeCell {
                service: Service::FinOps,
                thing: collection.to_owned(),
                operation,
                stated,
                state,
                open,
                as_stated,
                observed,
                granted: roles.clone().into(),
            });
        }
    }
    cells
}

type Seen = (CellState, Option<bool>, Option<bool>, Prose);

fn read_there(case: &Case<'_>, collection: &str, stated: Stated) -> Seen {
    let unknown = |why: Prose| {
        let state = if case.registration.prove == Prove::Never {
            CellState::NotTried
        } else {
            CellState::Unknown
        };
        (state, None, None, why)
    };
    let proof = match case.finops() {
        Ok(proof) => proof,
        Err(stop) => return unknown(stop.into_words()),
    };
    let expected = match stated {
        Stated::Denied => Expected::Denied,
        _ => Expected::Allowed,
    };
    let Some(made) = worst_read(proof, collection, expected) else {
        return unknown("it was not read".into());
    };
    if let Err(stop) = says_what_it_is(made) {
        return unknown(stop.into_words());
    }
    let (told, words) = match &made.answer {
        Observed::Unknown(gap) => return unknown(gap.seen.clone()),
        Observed::Known(CollectionAnswer::NoSuchCollection { .. }) => {
            let why = "the collection does not exist".into();
            return (CellState::NotApplicable, None, None, why);
        }
        Observed::Known(CollectionAnswer::Read { seen }) => {
            (Told::LetThrough, seen.status.to_string())
        }
        Observed::Known(CollectionAnswer::Refused { seen }) => {
            (Told::Refused, format!("{} by status only", seen.status))
        }
    };
    let control = case.require_another_collection(collection);
    let judged = judge(
        Operation::Read,
        stated,
        Some(told),
        Granted::Unknown,
        control.is_ok(),
    );
    let words = match (told, control) {
        (Told::Refused, Err(stop)) => stop.into_words(),
        _ => words.into(),
    };
    (judged.state, judged.open, judged.as_stated, words)
}

/// `roles of user Raia: Raia sync`.
fn roles(case: &Case<'_>) -> String {
    let Ok(proof) = case.finops() else {
        return "what is granted was not read".to_owned();
    };
    let user = match proof.mapping.get() {
        Ok(Presence::Present(row)) => &row.user_id,
        Ok(Presence::Absent) => return "the client is mapped to no user".to_owned(),
        Err(gap) => return gap.seen.to_string(),
    };
    match proof.roles.whole() {
        Err(gap) => gap.seen.to_string(),
        Ok([]) => format!("user {user} holds no role"),
        Ok(roles) => {
            let names: Vec<&str> = roles
                .iter()
                .map(|role| role.name.as_deref().unwrap_or(&role.id))
                .collect();
            format!("roles of user {user}: {}", listed(&names))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::index::Index;
    use crate::facts::testing::tidy::*;

    fn cells(spoil: impl FnOnce(&mut Snapshot)) -> Vec<PrivilegeCell> {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        let context = Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        };
        privileges(&context, "raia")
    }

    fn drawn(cells: &[PrivilegeCell]) -> Vec<String> {
        let line = |cell: &PrivilegeCell| {
            let as_stated = match cell.as_stated {
                Some(true) => "as declared",
                Some(false) => "NOT as declared",
                None => "-",
            };
            format!(
                "{} {} {}: {}, {as_stated}",
                cell.stated.as_str(),
                cell.operation,
                cell.thing,
                cell.state.as_str()
            )
        };
        cells.iter().map(line).collect()
    }

    #[test]
    fn every_expectation_has_its_cell() {
        assert_eq!(
            drawn(&cells(|_| {})),
            [
                "denied read account: proven-refused, as declared",
                "allowed read contact: proven-open, as declared",
                "allowed read CustomersV3: observed-only, as declared",
                "denied read LedgerJournalHeaders: observed-only, as declared",
            ]
        );
    }

    #[test]
    fn what_is_open_though_nobody_said_so_is_shown() {
        let cells = cells(|snapshot| {
            deny(snapshot, Operation::Delete, "account");
            allow(snapshot, Operation::Create, "contact");
            hold(snapshot, Operation::Write, "contact", Depth::User);
            snapshot.estate.registrations[0].finops = None;
        });
        assert_eq!(
            drawn(&cells),
            [
                "denied read account: proven-refused, as declared",
                "denied delete account: granted-only, as declared",
                "allowed read contact: proven-open, as declared",
                "allowed create contact: granted-only, NOT as declared",
                "not stated write contact: granted-only, -",
            ]
        );
        assert_eq!(cells[4].granted, "prvWriteContact (user depth)");
    }

    #[test]
    fn each_lack_has_its_word() {
        let drawn = drawn(&cells(|snapshot| {
            dataverse(snapshot).privileges = gap();
            *read(snapshot, "contact") = gap();
            finops(snapshot).reads.clear();
            let deny = &mut expected_of_finops(snapshot).deny;
            deny.delete = vec!["CustomersV3".to_owned()];
        }));
        assert_eq!(
            drawn,
            [
                "denied read account: observed-only, as declared",
                "allowed read contact: unknown, -",
                "allowed read CustomersV3: unknown, -",
                "denied delete CustomersV3: not-tried, -",
                "denied read LedgerJournalHeaders: unknown, -",
            ]
        );
        let absent = cells(|snapshot| *read(snapshot, "contact") = known(ReadAnswer::NoSuchTable));
        assert_eq!(absent[1].state, CellState::NotApplicable);
    }

    /// What a check fails differs from the estate; what it leaves open is not settled by the roles.
    #[test]
    fn a_cell_is_never_better_than_its_finding() {
        let refused = drawn(&cells(|snapshot| {
            let answer = read(snapshot, "account").clone();
            *read(snapshot, "contact") = answer;
        }));
        assert_eq!(
            refused[1],
            "allowed read contact: evidence-disagrees, NOT as declared"
        );
        let untold = cells(|snapshot| {
            *read(snapshot, "account") = gap();
            *read(snapshot, "contact") = gap();
        });
        assert_eq!(
            drawn(&untold)[..2],
            [
                "denied read account: granted-only, -",
                "allowed read contact: granted-only, -",
            ]
        );
        assert!(untold[..2].iter().all(PrivilegeCell::is_unsettled));
        assert!(untold[0].observed.contains("refused the auditor"));
        // Nobody meant to call: the roles are what the policy goes by.
        let never = cells(|snapshot| {
            snapshot.estate.registrations[0].prove = Prove::Never;
            for table in ["account", "contact"] {
                *read(snapshot, table) = crate::model::Observed::Unknown(
                    crate::model::Gap::unasked(crate::model::Unasked::NotTried, Prove::NOT_TRIED),
                );
            }
        });
        assert!(
            drawn(&never)[0].ends_with("granted-only, as declared"),
            "{never:#?}"
        );
    }

    #[test]
    fn a_shared_privilege_says_so() {
        let cells = cells(|snapshot| {
            rename(snapshot, "account", Operation::Read, "prvReadContact");
        });
        assert_eq!(cells[0].state, CellState::Disagrees);
        assert!(
            cells[0].granted.ends_with("also the privilege of contact"),
            "{cells:#?}"
        );
    }
}
