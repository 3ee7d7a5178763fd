//! A lost fact never helps, over privileges: roles, grants, probes of writing, permissions.

use super::lost_fact::losing_any_fact_never_helps;
use crate::evidence::{
    Depth, HeldWrite, PermissionKind, ReadAnswer, ReadRefusal, RoleReach, Share, Snapshot,
};
use crate::facts::testing::tidy::*;
use crate::model::{Listing, Operation, Presence};

fn reaching(snapshot: &mut Snapshot, held: u32) {
    let share = Share { held, of: 4000 };
    dataverse(snapshot).roles.items[0].reach = Some(known(RoleReach {
        administrator: share,
        customizer: share,
        together: None,
    }));
}

fn read_only(snapshot: &mut Snapshot, tables: &[&str]) {
    expectations(snapshot).read_only = true;
    let writes = tables.iter().map(|table| HeldWrite {
        table: (*table).to_owned(),
        operation: Operation::Write,
        privilege: privilege(Operation::Write, table),
        depth: Depth::User,
    });
    held_list(snapshot).writes = Some(Listing::complete(writes.collect()));
}

fn deny_everything(snapshot: &mut Snapshot) {
    for operation in Operation::ALL.into_iter().skip(1) {
        for table in ["account", "contact"] {
            deny(snapshot, operation, table);
        }
    }
}

fn answered(snapshot: &mut Snapshot, code: Option<&str>) {
    *read(snapshot, "account") = known(ReadAnswer::Refused {
        seen: seen("a read", 403, code),
        why: ReadRefusal::Privilege,
    });
}

#[test]
fn losing_a_fact_about_privileges_never_helps() {
    type Spoil = fn(&mut Snapshot);
    let spoiled: [Spoil; 36] = [
        deny_everything,
        |snapshot| {
            deny_everything(snapshot);
            hold(snapshot, Operation::Write, "account", Depth::User);
        },
        |snapshot| {
            deny_everything(snapshot);
            held_list(snapshot).held.gap = Some(a_gap());
        },
        |snapshot| {
            deny_everything(snapshot);
            held_list(snapshot).asked.clear();
        },
        |snapshot| {
            deny_everything(snapshot);
            names_of(snapshot, "account").privileges = known(Vec::new());
        },
        |snapshot| {
            deny_everything(snapshot);
            probe(snapshot, Operation::Write, "account", 404, None);
            probe(snapshot, Operation::Delete, "account", 204, None);
        },
        |snapshot| {
            deny_everything(snapshot);
            hold(snapshot, Operation::Write, "account", Depth::User);
            probe(
                snapshot,
                Operation::Write,
                "account",
                403,
                Some("0x80040220"),
            );
        },
        |snapshot| {
            deny_everything(snapshot);
            probe(
                snapshot,
                Operation::Write,
                "account",
                403,
                Some("0x80095ffe"),
            );
        },
        |snapshot| allow(snapshot, Operation::Write, "contact"),
        |snapshot| {
            allow(snapshot, Operation::Write, "contact");
            hold(snapshot, Operation::Write, "contact", Depth::Organization);
        },
        |snapshot| {
            allow(snapshot, Operation::Write, "contact");
            names_of(snapshot, "contact").privileges = gap();
        },
        |snapshot| allow(snapshot, Operation::Write, "nosuchtable"),
        |snapshot| hold(snapshot, Operation::Read, "account", Depth::User),
        |snapshot| {
            hold(snapshot, Operation::Read, "account", Depth::User);
            *read(snapshot, "account") = gap();
        },
        |snapshot| {
            hold(snapshot, Operation::Read, "account", Depth::User);
            answered(snapshot, Some("0x80095ffe"));
        },
        |snapshot| answered(snapshot, Some("0x80048306")),
        |snapshot| answered(snapshot, None),
        |snapshot| held_list(snapshot).held.items.clear(),
        |snapshot| {
            held_list(snapshot).held.items.clear();
            *read(snapshot, "contact") = gap();
        },
        |snapshot| hold(snapshot, Operation::Read, "contact", Depth::Organization),
        |snapshot| {
            hold(snapshot, Operation::Read, "contact", Depth::Organization);
            user(snapshot).in_root_unit = known(true);
        },
        |snapshot| reaching(snapshot, 3900),
        |snapshot| {
            reaching(snapshot, 3900);
            dataverse(snapshot).roles.gap = Some(a_gap());
        },
        |snapshot| dataverse(snapshot).roles.items[0].reach = Some(gap()),
        |snapshot| read_only(snapshot, &[]),
        |snapshot| read_only(snapshot, &["usersettings"]),
        |snapshot| read_only(snapshot, &["usersettings", "lead"]),
        |snapshot| {
            read_only(snapshot, &[]);
            held_list(snapshot).writes = None;
        },
        |snapshot| grant_role(snapshot, "Microsoft Graph", "Directory.ReadWrite.All"),
        |snapshot| {
            declare(snapshot, &["Microsoft Graph/Mail.Send"]);
            grant_role(snapshot, "Microsoft Graph", "Mail.Send");
            grant_role(snapshot, "Microsoft Graph", "Group.Read.All");
        },
        |snapshot| declare(snapshot, &["Dynamics ERP/Connector.FullAccess"]),
        |snapshot| {
            declare(snapshot, &["Dynamics ERP/Connector.FullAccess"]);
            grant_role(snapshot, "Dynamics ERP", "Connector.FullAccess");
            principal(snapshot).granted.items[0].role = gap();
        },
        |snapshot| {
            declare(snapshot, &["Dynamics ERP/Connector.FullAccess"]);
            raia(snapshot).service_principal = known(Presence::Absent);
        },
        |snapshot| {
            let delegated = PermissionKind::Delegated;
            ask_for(snapshot, delegated, "Dynamics CRM", "user_impersonation");
        },
        |snapshot| {
            let delegated = PermissionKind::Delegated;
            ask_for(snapshot, delegated, "Dynamics ERP", "Odata.FullAccess");
            principal(snapshot).delegated.gap = Some(a_gap());
        },
        |snapshot| dataverse(snapshot).user = known(Presence::Absent),
    ];
    for (index, spoil) in spoiled.into_iter().enumerate() {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        println!("case {index}");
        losing_any_fact_never_helps(&snapshot);
    }
}
