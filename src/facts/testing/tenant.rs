//! The tenant around the tidy estate: its rules, its inventory, the auditor; and ways to spoil them.

use std::collections::BTreeMap;

use super::tidy::*;
use crate::evidence::*;
use crate::model::{Listing, Observed, Presence};

fn rule(kind: &str) -> AppRestriction {
    AppRestriction {
        kind: kind.to_owned(),
        max_days: Some(180),
        created_after: None,
    }
}

fn listed(client_id: &str, environment: &str) -> InventoryEntry {
    InventoryEntry {
        client_id: client_id.to_owned(),
        display_name: Some("Raia".to_owned()),
        kind: known(PrincipalKind::Own),
        traces: vec![Trace::ApplicationUser(environment.to_owned())],
        credentials: known(Vec::new()),
        last_sign_in: known(LastUse::NotReported),
    }
}

pub(crate) fn tidy_directories() -> BTreeMap<String, DirectoryEvidence> {
    let directory = DirectoryEvidence {
        applications_read: 2,
        applications_gap: None,
        reports: Vec::new(),
        app_management: known(AppManagement {
            default: AppPolicy {
                enabled: true,
                restrictions: vec![rule("passwordLifetime"), rule("asymmetricKeyLifetime")],
            },
            custom: Listing::complete(Vec::new()),
        }),
        inventory: Some(Listing::complete(vec![
            listed("client-1", "prod"),
            listed("client-2", "dev"),
        ])),
    };
    [("contoso".to_owned(), directory)].into()
}

/// Reads users, roles and metadata.
fn auditors_role() -> RoleGrant {
    RoleGrant {
        name: "Credential audit".to_owned(),
        role_id: "role-2".to_owned(),
        template_id: None,
        team: None,
        reach: super::privileges::small_reach(),
    }
}

/// The auditor's registration looks like any other one.
pub(crate) fn tidy_auditors(like: &RegistrationEvidence) -> BTreeMap<String, AuditorEvidence> {
    let auditor = AuditorEvidence {
        no_identity: false,
        signed_in: known(AuditorIdentity {
            link: "environment".to_owned(),
            client_id: Some("auditor-1".to_owned()),
            object_id: None,
            user: known(false),
        }),
        links: Vec::new(),
        refusals: Vec::new(),
        graph_roles: known(vec!["Application.Read.All".to_owned()]),
        dataverse_roles: ["dev", "prod"]
            .map(|name| (name.to_owned(), Listing::complete(vec![auditors_role()])))
            .into(),
        registration: Some(AuditorRegistration {
            application: like.application.clone(),
            service_principal: like.service_principal.clone(),
        }),
    };
    [("contoso".to_owned(), auditor)].into()
}

/// Every fact about the tenant replaced by a gap.
pub(crate) fn forget_tenant(snapshot: &mut Snapshot) {
    for directory in snapshot.directories.values_mut() {
        *directory = DirectoryEvidence {
            applications_read: 0,
            applications_gap: Some(a_gap()),
            reports: Vec::new(),
            app_management: gap(),
            inventory: Some(Listing::cut_short(Vec::new(), a_gap())),
        };
    }
    for auditor in snapshot.auditors.values_mut() {
        auditor.signed_in = gap();
        auditor.registration = None;
        auditor.graph_roles = gap();
        for roles in auditor.dataverse_roles.values_mut() {
            *roles = Listing::cut_short(Vec::new(), a_gap());
        }
    }
}

pub(crate) fn directory(snapshot: &mut Snapshot) -> &mut DirectoryEvidence {
    snapshot.directories.get_mut("contoso").unwrap()
}

pub(crate) fn app_management(snapshot: &mut Snapshot) -> &mut AppManagement {
    match &mut directory(snapshot).app_management {
        Observed::Known(rules) => rules,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn inventory(snapshot: &mut Snapshot) -> &mut Listing<InventoryEntry> {
    directory(snapshot).inventory.as_mut().unwrap()
}

pub(crate) fn auditor(snapshot: &mut Snapshot) -> &mut AuditorEvidence {
    snapshot.auditors.get_mut("contoso").unwrap()
}

pub(crate) fn identity(snapshot: &mut Snapshot) -> &mut AuditorIdentity {
    match &mut auditor(snapshot).signed_in {
        Observed::Known(identity) => identity,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn auditor_credentials(snapshot: &mut Snapshot) -> &mut Vec<Credential> {
    match &mut auditor(snapshot).registration.as_mut().unwrap().application {
        Observed::Known(Presence::Present(Application {
            credentials: Observed::Known(credentials),
            ..
        })) => credentials,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn auditor_principal(snapshot: &mut Snapshot) -> &mut ServicePrincipal {
    let registration = auditor(snapshot).registration.as_mut().unwrap();
    match &mut registration.service_principal {
        Observed::Known(Presence::Present(principal)) => principal,
        other => panic!("{other:?}"),
    }
}

/// Both vaults, listed to their end.
pub(crate) fn tidy_vaults() -> BTreeMap<String, VaultEvidence> {
    ["dev", "prod"]
        .map(|name| {
            let secrets = Listing::complete(Vec::new());
            (name.to_owned(), VaultEvidence { secrets })
        })
        .into()
}
