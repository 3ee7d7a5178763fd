//! Tests of the map: every sort of place is found, folded where there are many, and gaps are said.

use std::collections::BTreeSet;

use super::{LINES, Map};
use crate::estate::{ClientId, Consumer, EntryRef};
use crate::evidence::{
    EntryAttributes, GrantedRole, InventoryEntry, ListedSecret, PrincipalKind, Snapshot, Trace,
    VaultEvidence,
};
use crate::facts::testing::tidy::*;
use crate::model::Listing;
use crate::model::assessment::Whereabouts;

fn raias(snapshot: &Snapshot) -> Whereabouts {
    let registration = snapshot.estate.registration("raia").unwrap();
    Map::new(snapshot).of_registration(registration).whole()
}

fn listing(snapshot: &mut Snapshot, vault: &str, names: &[&str]) {
    let attributes = attributes(snapshot).clone();
    let secret = |name: &&str| ListedSecret {
        name: (*name).to_owned(),
        attributes: EntryAttributes::clone(&attributes),
    };
    let secrets = Listing::complete(names.iter().map(secret).collect());
    snapshot
        .vaults
        .insert(vault.to_owned(), VaultEvidence { secrets });
}

/// Everything readable, and `raia` in every sort of place.
fn everywhere() -> Snapshot {
    let mut snapshot = tidy();
    let user = user(&mut snapshot).clone();
    for environment in snapshot.environments.values_mut() {
        environment.application_users = Listing::complete(vec![user.clone()]);
        environment.finops_clients = Some(Listing::complete(vec!["client-1".to_owned()]));
    }
    snapshot.estate.registrations[0].consumers = vec![Consumer {
        name: "Fabrikam".to_owned(),
        contact: Some("ops@fabrikam.example".to_owned()),
    }];
    principal(&mut snapshot).granted.items.push(GrantedRole {
        resource: "Dynamics ERP".to_owned(),
        resource_id: "resource-1".to_owned(),
        resource_app_id: None,
        role_id: "role-1".to_owned(),
        role: known("Connector.FullAccess".to_owned()),
    });
    content_of(&mut snapshot, "raia-dev").value_group = Some(1);
    listing(&mut snapshot, "prod", &["raia-secret", "Raia-old", "other"]);
    listing(&mut snapshot, "dev", &["raia-dev-secret", "raia-dev-old"]);
    snapshot
}

#[test]
fn every_sort_of_place_is_found() {
    assert_eq!(
        raias(&everywhere()).lines,
        [
            "vault prod, secret raia-secret: its credential (named in the estate)",
            "vault dev, secret raia-dev-secret: the same value (the credential of raia-dev in dev)",
            "a copy at Fabrikam <ops@fabrikam.example>",
            "Dataverse dev: application user Raia (enabled)",
            "Dataverse prod: application user Raia (enabled)",
            "F&O dev: client",
            "F&O prod: client of user RaiaIntegration",
            "permission Dynamics ERP Connector.FullAccess, granted",
            "vault prod, secret Raia-old: by its name only",
            "last sign-in 2026-11-19",
        ]
    );
    assert_eq!(raias(&everywhere()).unread, [] as [&str; 0]);
    let lines = raias(&everywhere()).lines;
    let of_others = lines.iter().filter(|line| !line.others.is_empty());
    let of_others: Vec<_> = of_others.map(|line| (&line[..9], &line.others)).collect();
    let other = BTreeSet::from(["raia-dev".to_owned()]);
    assert_eq!(of_others, [("vault dev", &other)]);
}

#[test]
fn a_client_id_in_no_estate_entry_is_found_as_well() {
    let mut snapshot = everywhere();
    inventory(&mut snapshot).items.push(InventoryEntry {
        client_id: "client-9".to_owned(),
        display_name: Some("Old bridge".to_owned()),
        kind: known(PrincipalKind::Own),
        traces: vec![
            Trace::Granted("Dynamics ERP/Connector.FullAccess".to_owned()),
            Trace::VaultEntry("prod/other".to_owned()),
        ],
        credentials: known(Vec::new()),
        last_sign_in: gap(),
    });
    let mut user = user(&mut snapshot).clone();
    user.client_id = "client-9".to_owned();
    user.disabled = gap();
    let prod = snapshot.environments.get_mut("prod").unwrap();
    prod.application_users.items.push(user);
    let found = Map::new(&snapshot).of_client("client-9").whole();
    assert_eq!(
        found.lines,
        [
            "Dataverse prod: application user Raia (unknown whether enabled)",
            "permission Dynamics ERP Connector.FullAccess, granted",
            "vault prod, secret other: by its name only",
        ]
    );
    assert_eq!(
        found.unread,
        [
            "its federated credentials: they are read of the estate's registrations only",
            "its last sign-in: a service refused the auditor"
        ]
    );
}

#[test]
fn a_finding_shows_a_few_lines_and_says_how_many_more_there_are() {
    let mut snapshot = everywhere();
    let prod = snapshot.environments["prod"].clone();
    for number in 0..30 {
        let name = format!("sandbox-{number:02}");
        let environment = snapshot.estate.environments["prod"].clone();
        snapshot
            .estate
            .environments
            .insert(name.clone(), environment);
        snapshot.environments.insert(name, prod.clone());
    }
    snapshot
        .environments
        .get_mut("dev")
        .unwrap()
        .application_users
        .gap = Some(a_gap());
    let map = Map::new(&snapshot);
    let lines = map.used(&["raia".to_owned()], &"registration/raia".into());
    assert!(lines.len() <= LINES + 1, "{lines:#?}");
    let folded = lines.iter().filter(|line| line.ends_with(", and 31 more"));
    assert_eq!(folded.count(), 2, "{lines:#?}");
    assert_eq!(lines.last().unwrap(), "not read: application users of dev");
    assert!(
        raias(&snapshot)
            .lines
            .iter()
            .any(|line| line.ends_with(", and 12 more"))
    );
}

#[test]
fn findings_about_several_client_ids_say_nothing() {
    let mut snapshot = everywhere();
    let both = ["raia".to_owned(), "raia-dev".to_owned()];
    assert_eq!(
        Map::new(&snapshot).used(&both, &"secret-shared".into()),
        [] as [&str; 0]
    );
    share_client_id(&mut snapshot);
    assert!(
        !Map::new(&snapshot)
            .used(&both, &"registration/raia".into())
            .is_empty()
    );
    assert_eq!(
        Map::new(&snapshot).used(&[], &"tenant/contoso".into()),
        [] as [&str; 0]
    );
    assert!(
        !Map::new(&snapshot)
            .used(&[], &"application/client-2".into())
            .is_empty()
    );
}

#[test]
fn what_is_unknown_is_unread_and_no_place() {
    let found = raias(&all_unknown());
    assert_eq!(
        found.lines,
        [
            "vault prod, secret client-id: its client id (named in the estate)",
            "vault prod, certificate raia-secret: its credential (named in the estate)",
        ]
    );
    for what in [
        "its client id",
        "its permissions",
        "its last sign-in",
        "application users of prod",
        "F&O clients of dev",
    ] {
        assert!(
            found.unread.iter().any(|line| line.starts_with(what)),
            "{what}: {:#?}",
            found.unread
        );
    }
}

#[test]
fn a_sign_in_that_may_be_the_audits_own_is_told_so() {
    let last = |spoil: fn(&mut Snapshot)| {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        raias(&snapshot).lines.pop().unwrap()
    };
    assert_eq!(last(|_| {}), "last sign-in 2026-11-19");
    let doubtful = "last sign-in 2026-11-19 (possibly by this audit)";
    assert_eq!(last(|snapshot| snapshot.earlier_runs.clear()), doubtful);
    assert_eq!(
        last(|snapshot| {
            snapshot.earlier_runs[0].started = days_from_now(-2);
            snapshot.earlier_runs[0].finished = days_from_now(-2);
        }),
        doubtful
    );
    assert_eq!(
        last(|snapshot| {
            snapshot.earlier_runs.clear();
            snapshot.estate.registrations[0].prove = crate::estate::Prove::Never;
        }),
        "last sign-in 2026-11-19"
    );
}

#[test]
fn a_client_id_in_a_vault_entry_is_a_place() {
    let mut snapshot = everywhere();
    snapshot.estate.registrations[0].client_id = ClientId::Secret(EntryRef {
        vault: "prod".to_owned(),
        name: "other".to_owned(),
    });
    let line = "vault prod, secret other: its client id (named in the estate)";
    assert!(raias(&snapshot).lines.iter().any(|one| *one == line));
}

#[test]
fn a_sign_in_that_is_told_is_not_called_unread() {
    let mut snapshot = everywhere();
    let listed = &mut inventory(&mut snapshot).items;
    listed.retain(|entry| entry.client_id != "client-1");
    listed.push(InventoryEntry {
        client_id: "client-1".to_owned(),
        display_name: None,
        kind: known(PrincipalKind::Own),
        traces: Vec::new(),
        credentials: known(Vec::new()),
        last_sign_in: known(crate::evidence::LastUse::At(days_from_now(-1))),
    });
    for evidence in snapshot.registrations.values_mut() {
        evidence.last_sign_in = gap();
    }
    let found = raias(&snapshot);
    assert!(
        found
            .lines
            .iter()
            .any(|line| line.starts_with("last sign-in 2026-")),
        "{found:#?}"
    );
    assert!(
        !found
            .unread
            .iter()
            .any(|line| line.starts_with("its last sign-in")),
        "{found:#?}"
    );
    assert!(
        found
            .unread
            .iter()
            .any(|line| line.starts_with("its sign-ins in its own")),
        "{found:#?}"
    );
}
