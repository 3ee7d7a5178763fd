//! What the tidy snapshot's users hold, and what other environments say of its registrations.

use super::tidy::{
    application, dataverse, days_from_now, expectations, gap, known, principal, seen,
};
use crate::estate::{Expectations, Permission};
use crate::evidence::{
    ApplicationUser, Depth, ForeignAnswer, ForeignProof, ForeignTry, GrantedRole, HeldPrivilege,
    HeldPrivileges, PermissionKind, ReadRefusal, RequiredPermission, RoleReach, Share, Snapshot,
    TableName, TablePrivilege, TokenAnswer, TokenProof, UserRefusal, WriteAnswer, WriteProbe,
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
        together: None,
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
        principal: None,
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
                token: token_elsewhere(environment, token),
                answer: known(answer(token.service)),
            }),
        })
        .collect()
}

/// The same credential's token for the other environment: it names that one's host.
fn token_elsewhere(environment: &str, home: &TokenProof) -> Observed<TokenAnswer> {
    let host = match environment {
        "prod" => "contoso",
        _ => "contoso-dev",
    };
    let zone = match home.service {
        Service::FinOps => "operations.dynamics.com",
        _ => "crm4.dynamics.com",
    };
    let mut answer = home.answer.clone();
    if let Observed::Known(TokenAnswer::Issued {
        claims: Observed::Known(claims),
        ..
    }) = &mut answer
    {
        claims.audience = known(format!("https://{host}.{zone}"));
    }
    answer
}

/// Every fact of it replaced by a gap; tried, so that every question arises.
pub(crate) fn forget_foreign(proof: &mut ForeignProof) {
    proof.user = gap();
    proof.tried = Some(ForeignTry {
        token: gap(),
        answer: gap(),
    });
}

/// What the auditor was told of raia's effective privileges.
pub(crate) fn held_list(snapshot: &mut Snapshot) -> &mut HeldPrivileges {
    match &mut dataverse(snapshot).privileges {
        Observed::Known(privileges) => privileges,
        other => panic!("{other:?}"),
    }
}

/// Raia holds a privilege at this depth.
pub(crate) fn hold(snapshot: &mut Snapshot, operation: Operation, table: &str, depth: Depth) {
    let name = privilege(operation, table);
    let held = &mut held_list(snapshot).held.items;
    held.retain(|one| one.name != name);
    held.push(HeldPrivilege { name, depth });
    held.sort();
}

pub(crate) fn deny(snapshot: &mut Snapshot, operation: Operation, table: &str) {
    add(&mut expectations(snapshot).deny, operation, table);
}

pub(crate) fn allow(snapshot: &mut Snapshot, operation: Operation, table: &str) {
    add(&mut expectations(snapshot).allow, operation, table);
}

fn add(side: &mut Expectations, operation: Operation, table: &str) {
    let names = match operation {
        Operation::Read => &mut side.read,
        Operation::Create => &mut side.create,
        Operation::Write => &mut side.write,
        Operation::Delete => &mut side.delete,
        Operation::Append => &mut side.append,
        Operation::AppendTo => &mut side.append_to,
    };
    names.push(table.to_owned());
}

/// A table of production as metadata names it.
pub(crate) fn names_of<'a>(snapshot: &'a mut Snapshot, table: &str) -> &'a mut TableName {
    match &mut snapshot.environments.get_mut("prod").unwrap().tables {
        Observed::Known(tables) => tables
            .iter_mut()
            .find(|one| one.logical_name == table)
            .unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Metadata names another privilege for an operation.
pub(crate) fn rename(snapshot: &mut Snapshot, table: &str, operation: Operation, name: &str) {
    match &mut names_of(snapshot, table).privileges {
        Observed::Known(names) => {
            let mut those = names.iter_mut().filter(|one| one.operation == operation);
            name.clone_into(&mut those.next().unwrap().name);
        }
        other => panic!("{other:?}"),
    }
}

/// A probe of writing that was answered so.
pub(crate) fn probe(
    snapshot: &mut Snapshot,
    operation: Operation,
    table: &str,
    status: u16,
    code: Option<&str>,
) {
    let seen = seen("PATCH of an absent id", status, code);
    let answer = match status {
        403 => WriteAnswer::Refused {
            seen,
            why: ReadRefusal::Privilege,
        },
        404 => WriteAnswer::NotFound { seen },
        _ => WriteAnswer::Honoured { seen },
    };
    dataverse(snapshot).write_probes.push(WriteProbe {
        table: table.to_owned(),
        operation,
        answer: known(answer),
    });
}

/// The estate declares these application permissions for raia.
pub(crate) fn declare(snapshot: &mut Snapshot, permissions: &[&str]) {
    let declared = permissions.iter().map(|text| {
        let (resource, role) = text.rsplit_once('/').unwrap();
        Permission {
            resource: resource.to_owned(),
            role: role.to_owned(),
        }
    });
    snapshot.estate.registrations[0].permissions = Some(declared.collect());
}

pub(crate) fn grant_role(snapshot: &mut Snapshot, resource: &str, role: &str) {
    principal(snapshot).granted.items.push(GrantedRole {
        resource: resource.to_owned(),
        resource_id: format!("principal of {resource}"),
        resource_app_id: Some(app_id(resource)),
        role_id: format!("id of {role}"),
        role: known(role.to_owned()),
    });
}

/// The same in every tenant where it is Microsoft's.
fn app_id(resource: &str) -> String {
    match resource {
        "Microsoft Graph" => "00000003-0000-0000-c000-000000000000".to_owned(),
        "Dynamics CRM" => "00000007-0000-0000-c000-000000000000".to_owned(),
        "Dynamics ERP" => "00000015-0000-0000-c000-000000000000".to_owned(),
        other => format!("id of {other}"),
    }
}

pub(crate) fn ask_for(snapshot: &mut Snapshot, kind: PermissionKind, resource: &str, name: &str) {
    match &mut application(snapshot).required {
        Observed::Known(required) => required.push(RequiredPermission {
            resource_app_id: app_id(resource),
            resource: known(resource.to_owned()),
            kind,
            id: format!("id of {name}"),
            name: known(name.to_owned()),
        }),
        other => panic!("{other:?}"),
    }
}

/// A probe of writing whose answer is a gap.
pub(crate) fn unclear_probe() -> Vec<WriteProbe> {
    vec![WriteProbe {
        table: "account".to_owned(),
        operation: Operation::Write,
        answer: gap(),
    }]
}
