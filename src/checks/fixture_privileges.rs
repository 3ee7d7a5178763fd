//! What the tidy snapshot's users hold, and what other environments say of its registrations.

use super::fixture::{days_from_now, gap, known, seen};
use crate::evidence::{
    ApplicationUser, Depth, ForeignAnswer, ForeignProof, ForeignTry, HeldPrivilege, HeldPrivileges,
    RoleReach, Share, TableName, TablePrivilege, TokenProof, UserRefusal,
};
use crate::model::{Listing, Observed, Operation, Presence, Service};

/// `prvReadContact`, as metadata would name it.
pub(crate) fn privilege(operation: Operation, table: &str) -> String {
    let verb = match operation {
        Operation::Read => "Read",
        Operation::Create => "Create",
        Operation::Write => "Write",
        Operation::Delete => "Delete",
        Operation::Append => "Append",
        Operation::AppendTo => "AppendTo",
    };
    let (first, rest) = table.split_at(1);
    format!("prv{verb}{}{rest}", first.to_uppercase())
}

pub(crate) fn table(table: &str) -> TableName {
    let mut privileges: Vec<TablePrivilege> = Operation::ALL
        .iter()
        .map(|operation| TablePrivilege {
            operation: *operation,
            name: privilege(*operation, table),
            by_unit: true,
        })
        .collect();
    privileges.sort();
    TableName {
        logical_name: table.to_owned(),
        set_name: format!("{table}s"),
        primary_id: format!("{table}id"),
        privileges: known(privileges),
    }
}

/// Reads contacts and nothing else; every privilege of both tables was asked for.
pub(crate) fn held() -> Observed<HeldPrivileges> {
    let mut asked: Vec<String> = ["account", "contact"]
        .iter()
        .flat_map(|table| Operation::ALL.map(|operation| privilege(operation, table)))
        .collect();
    asked.sort();
    known(HeldPrivileges {
        asked,
        held: Listing::complete(vec![HeldPrivilege {
            name: privilege(Operation::Read, "contact"),
            depth: Depth::BusinessUnit,
        }]),
        writes: None,
    })
}

/// Far from an administrator.
pub(crate) fn small_reach() -> Option<Observed<RoleReach>> {
    let share = Share { held: 1, of: 4000 };
    Some(known(RoleReach {
        administrator: share,
        customizer: share,
    }))
}

pub(crate) fn application_user(user_id: &str, client_id: &str) -> ApplicationUser {
    ApplicationUser {
        user_id: user_id.to_owned(),
        client_id: client_id.to_owned(),
        name: Some("Raia".to_owned()),
        disabled: known(false),
        business_unit_id: known("unit-1".to_owned()),
        business_unit: known("contoso".to_owned()),
        in_root_unit: known(false),
        modified: known(days_from_now(-30)),
        roles: None,
    }
}

/// The dev registration was tried on production and refused; production's is known nowhere else.
pub(crate) fn foreign(environment: &str, tried: bool, tokens: &[TokenProof]) -> Vec<ForeignProof> {
    let answer = |service| match service {
        Service::FinOps => ForeignAnswer::Rejected {
            seen: seen("a read of /data", 401, None),
        },
        _ => ForeignAnswer::Refused {
            seen: seen("WhoAmI", 403, Some("0x80072560")),
            why: UserRefusal::NotAMember,
        },
    };
    tokens
        .iter()
        .map(|token| ForeignProof {
            environment: environment.to_owned(),
            service: token.service,
            user: known(Presence::Absent),
            tried: tried.then(|| ForeignTry {
                token: token.answer.clone(),
                answer: known(answer(token.service)),
            }),
        })
        .collect()
}

/// Every fact of it replaced by a gap; tried, so that every question arises.
pub(crate) fn forget_foreign(proof: &mut ForeignProof) {
    proof.user = gap();
    proof.tried = Some(ForeignTry {
        token: gap(),
        answer: gap(),
    });
}
