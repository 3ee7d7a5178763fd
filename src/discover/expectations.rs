//! What an integration may do today, proposed as what it should: from its roles and the privileges they give.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::DraftDataverse;
use crate::estate::{DataverseExpectations, Expectations};
use crate::evidence::{DataverseProof, HeldPrivileges, TableName};
use crate::model::{Observed, Operation, Presence};

/// Tables that every organisation has or may have, and that integrations work with. One that is not there is
/// left out by metadata.
const ASKED: [&str; 32] = [
    "account",
    "activitypointer",
    "annotation",
    "appointment",
    "businessunit",
    "campaign",
    "competitor",
    "connection",
    "contact",
    "contract",
    "email",
    "entitlement",
    "incident",
    "invoice",
    "knowledgearticle",
    "lead",
    "list",
    "opportunity",
    "organization",
    "phonecall",
    "pricelevel",
    "product",
    "queue",
    "quote",
    "role",
    "salesorder",
    "systemuser",
    "task",
    "team",
    "territory",
    "transactioncurrency",
    "workflow",
];

/// Those whose rows are worth a proof that they cannot be read.
const GUARDED: [&str; 8] = [
    "account",
    "contact",
    "incident",
    "invoice",
    "lead",
    "opportunity",
    "quote",
    "salesorder",
];

/// Who writes more other tables than this is no integration with a purpose of its own.
const MOST_OTHERS: usize = 20;

/// What is asked of a user's privileges: everything about the known tables, and every write on any table. Nothing
/// of it is tried.
pub(super) fn asked() -> DataverseExpectations {
    let names = ASKED.map(str::to_owned).to_vec();
    DataverseExpectations {
        read_only: true,
        allow: Expectations {
            read: names,
            ..Expectations::default()
        },
        ..DataverseExpectations::default()
    }
}

/// What is proposed, and what a reader should know of it.
pub(super) fn proposed(
    proof: &DataverseProof,
    tables: &[TableName],
) -> (DraftDataverse, Option<String>) {
    let user = proof.user.known().and_then(Presence::present);
    let roles: BTreeSet<String> = proof
        .roles
        .items
        .iter()
        .map(|role| role.name.clone())
        .collect();
    let mut draft = DraftDataverse {
        business_unit: user.and_then(|user| user.business_unit.known().cloned()),
        roles: (proof.roles.gap.is_none() && !roles.is_empty())
            .then(|| roles.into_iter().collect()),
        ..DraftDataverse::default()
    };
    let Observed::Known(held) = &proof.privileges else {
        return (draft, None);
    };
    if held.held.gap.is_some() {
        return (draft, None);
    }
    let may = may(held, tables);
    let reads = may.get(&Operation::Read).map_or(0, BTreeSet::len);
    if reads > 0 && reads == tables.len() {
        let note = "it may read every table that was asked about: say under `allow` and `deny` what it needs";
        return (draft, Some(note.to_owned()));
    }
    let readable = |table: &str| {
        let reads = may.get(&Operation::Read);
        reads.is_some_and(|reads| reads.contains(table))
    };
    let there = |table: &&&str| tables.iter().any(|one| one.logical_name == ***table);
    let denied: Vec<String> = GUARDED
        .iter()
        .filter(|table| !readable(table))
        .filter(there)
        .map(|table| (*table).to_owned())
        .collect();
    let writes = may.keys().any(|operation| changes(*operation));
    draft.read_only = !writes
        && held
            .writes
            .as_ref()
            .is_some_and(|writes| writes.gap.is_none() && writes.items.is_empty());
    draft.allow = may
        .into_iter()
        .map(|(operation, names)| (operation, names.into_iter().collect()))
        .collect();
    if !denied.is_empty() {
        draft.deny = vec![(Operation::Read, denied)];
    }
    (draft, None)
}

const fn changes(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Create | Operation::Write | Operation::Delete
    )
}

/// Tables by what may be done with them.
fn may(held: &HeldPrivileges, tables: &[TableName]) -> BTreeMap<Operation, BTreeSet<String>> {
    let names: BTreeSet<String> = held
        .held
        .items
        .iter()
        .map(|privilege| privilege.name.to_ascii_lowercase())
        .collect();
    let mut may: BTreeMap<Operation, BTreeSet<String>> = BTreeMap::new();
    for table in tables {
        for privilege in table.privileges.known().into_iter().flatten() {
            if names.contains(&privilege.name.to_ascii_lowercase()) {
                let of = may.entry(privilege.operation).or_default();
                of.insert(table.logical_name.clone());
            }
        }
    }
    let others: BTreeSet<&String> = held
        .writes
        .iter()
        .flat_map(|writes| &writes.items)
        .map(|write| &write.table)
        .filter(|table| !ASKED.contains(&table.as_str()))
        .collect();
    if others.len() <= MOST_OTHERS {
        for write in held.writes.iter().flat_map(|writes| &writes.items) {
            if others.contains(&write.table) {
                let of = may.entry(write.operation).or_default();
                of.insert(write.table.clone());
            }
        }
    }
    may
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Depth, HeldPrivilege, HeldWrite, TablePrivilege, Witness};
    use crate::model::{Gap, GapKind, Listing};

    fn table(name: &str, privileges: &[(Operation, &str)]) -> TableName {
        TableName {
            logical_name: name.to_owned(),
            set_name: format!("{name}s"),
            primary_id: format!("{name}id"),
            privileges: Observed::Known(
                privileges
                    .iter()
                    .map(|(operation, name)| TablePrivilege {
                        operation: *operation,
                        name: (*name).to_owned(),
                        by_unit: true,
                    })
                    .collect(),
            ),
        }
    }

    fn tables() -> Vec<TableName> {
        let read = Operation::Read;
        vec![
            table(
                "account",
                &[
                    (read, "prvReadAccount"),
                    (Operation::Write, "prvWriteAccount"),
                ],
            ),
            table("contact", &[(read, "prvReadContact")]),
            table("phonecall", &[(read, "prvReadActivity")]),
            table("lead", &[(read, "prvReadLead")]),
        ]
    }

    fn proof(held: &[&str], writes: Listing<HeldWrite>) -> DataverseProof {
        let gap = || Gap::new(GapKind::NotReached, "not asked");
        DataverseProof {
            whoami: Observed::Unknown(gap()),
            reads: Vec::new(),
            user: Observed::Unknown(gap()),
            roles: Listing::complete(Vec::new()),
            witness: Witness::Auditor,
            metadata: Vec::new(),
            privileges: Observed::Known(HeldPrivileges {
                asked: Vec::new(),
                held: Listing::complete(
                    held.iter()
                        .map(|name| HeldPrivilege {
                            name: (*name).to_owned(),
                            depth: Depth::Organization,
                        })
                        .collect(),
                ),
                writes: Some(writes),
            }),
            write_probes: Vec::new(),
        }
    }

    fn write(table: &str, operation: Operation) -> HeldWrite {
        HeldWrite {
            table: table.to_owned(),
            operation,
            privilege: "prv".to_owned(),
            depth: Depth::User,
        }
    }

    #[test]
    fn what_is_held_is_allowed_and_what_is_guarded_and_not_held_is_denied() {
        let nothing = Listing::complete(Vec::new());
        let (draft, note) = proposed(
            &proof(&["prvReadActivity", "prvReadLead"], nothing),
            &tables(),
        );
        assert_eq!(note, None);
        let read = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            vec![(Operation::Read, names)]
        };
        assert_eq!(draft.allow, read(&["lead", "phonecall"]));
        assert_eq!(draft.deny, read(&["account", "contact"]));
        assert!(draft.read_only);
    }

    #[test]
    fn tables_of_its_own_that_it_writes_are_named_and_nobody_who_writes_is_read_only() {
        let writes = Listing::complete(vec![write("new_budget", Operation::Create)]);
        let (draft, _) = proposed(&proof(&["prvReadLead"], writes), &tables());
        assert!(!draft.read_only);
        assert!(
            draft
                .allow
                .contains(&(Operation::Create, vec!["new_budget".to_owned()]))
        );
        let many = (0..30).map(|number| write(&format!("new_{number:02}"), Operation::Write));
        let (draft, _) = proposed(
            &proof(&["prvReadLead"], Listing::complete(many.collect())),
            &tables(),
        );
        assert_eq!(draft.allow.len(), 1, "{draft:?}");
        assert!(!draft.read_only);
    }

    #[test]
    fn an_administrator_s_rights_are_no_proposal_and_neither_is_half_of_a_list() {
        let all = [
            "prvReadAccount",
            "prvReadContact",
            "prvReadActivity",
            "prvReadLead",
        ];
        let (draft, note) = proposed(&proof(&all, Listing::complete(Vec::new())), &tables());
        assert!(draft.allow.is_empty() && draft.deny.is_empty());
        assert!(note.is_some());
        let mut half = proof(&["prvReadLead"], Listing::complete(Vec::new()));
        if let Observed::Known(held) = &mut half.privileges {
            held.held.gap = Some(Gap::new(GapKind::Denied, "no"));
        }
        let (draft, _) = proposed(&half, &tables());
        assert_eq!(draft, DraftDataverse::default());
        let cut = Listing::cut_short(Vec::new(), Gap::new(GapKind::Denied, "no"));
        let (draft, _) = proposed(&proof(&["prvReadLead"], cut), &tables());
        assert!(!draft.read_only && !draft.allow.is_empty());
    }
}
