//! A lost fact never helps, over what is shared between environments: users, answers, organisations,
//! the auditor.

use super::lost_fact::losing_any_fact_never_helps;
use crate::evidence::{ApplicationUser, ForeignAnswer, Snapshot, UserRefusal};
use crate::facts::testing::foreign::*;
use crate::facts::testing::tidy::*;
use crate::model::{IsolationProbe, Listing};

fn refused(snapshot: &mut Snapshot, why: UserRefusal) {
    refused_by_prod(snapshot, why);
}

fn user_in_prod<'a>(snapshot: &'a mut Snapshot, client_id: &str) -> &'a mut ApplicationUser {
    let prod = snapshot.environments.get_mut("prod").unwrap();
    let mut user = application_user("user-9", client_id);
    user.roles = Some(Listing::complete(Vec::new()));
    prod.application_users.items.push(user);
    prod.application_users.items.last_mut().unwrap()
}

#[test]
fn losing_a_fact_about_other_environments_never_helps() {
    type Spoil = fn(&mut Snapshot);
    let spoiled: [Spoil; 26] = [
        open_to_dev,
        |snapshot| {
            open_to_dev(snapshot);
            known_in_prod(snapshot, 0, Some(false), &["Basic User"]);
            user_in_prod(snapshot, "client-2");
        },
        |snapshot| {
            let seen = seen("a read of /data", 403, None);
            answer(snapshot, 1, ForeignAnswer::LetIn { seen });
            known_in_prod(snapshot, 1, None, &[]);
        },
        |snapshot| refused(snapshot, UserRefusal::Disabled),
        |snapshot| {
            refused(snapshot, UserRefusal::NoRoles);
            known_in_prod(snapshot, 0, Some(false), &[]);
        },
        // The list has it, and the call was refused.
        |snapshot| known_in_prod(snapshot, 0, Some(false), &["Basic User"]),
        |snapshot| known_in_prod(snapshot, 0, Some(true), &[]),
        |snapshot| known_in_prod(snapshot, 1, Some(false), &[]),
        |snapshot| refuse_token_elsewhere(snapshot, "AADSTS501051"),
        |snapshot| refuse_token_elsewhere(snapshot, "AADSTS65001"),
        |snapshot| {
            refuse_token_elsewhere(snapshot, "AADSTS501051");
            known_in_prod(snapshot, 0, Some(false), &["Basic User"]);
        },
        silence_prod,
        |snapshot| {
            silence_prod(snapshot);
            open_to_dev(snapshot);
        },
        |snapshot| {
            snapshot.isolation = IsolationProbe::Off;
            elsewhere(snapshot, 0).tried = None;
            known_in_prod(snapshot, 0, Some(false), &["Basic User"]);
        },
        |snapshot| elsewhere(snapshot, 0).tried = None,
        |snapshot| dev(snapshot).foreign.clear(),
        |snapshot| {
            user_in_prod(snapshot, "client-9");
        },
        |snapshot| {
            user_in_prod(snapshot, "client-2");
        },
        |snapshot| {
            user_in_prod(snapshot, "client-9");
            identity(snapshot).client_id = None;
        },
        |snapshot| user_in_prod(snapshot, "client-9").disabled = known(true),
        |snapshot| {
            user_in_prod(snapshot, "client-1");
            share_client_id(snapshot);
            open_to_dev(snapshot);
        },
        |snapshot| {
            let prod = snapshot.environments.get_mut("prod").unwrap();
            prod.organization = known("organization-contoso-dev".to_owned());
        },
        |snapshot| {
            let host = snapshot.estate.environments["prod"].dataverse.clone();
            snapshot
                .estate
                .environments
                .get_mut("dev")
                .unwrap()
                .dataverse = host;
            user_in_prod(snapshot, "client-2");
        },
        |snapshot| {
            auditor(snapshot).graph_roles = known(vec!["Directory.ReadWrite.All".to_owned()]);
        },
        |snapshot| {
            let roles = auditor(snapshot).dataverse_roles.get_mut("prod").unwrap();
            roles.items[0].template_id = Some("627090ff-40a3-4053-8790-584edc5be201".to_owned());
        },
        |snapshot| {
            store_certificate(snapshot);
            let application = raia(snapshot).application.clone();
            dev(snapshot).application = application;
        },
    ];
    for (index, spoil) in spoiled.into_iter().enumerate() {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        println!("case {index}");
        losing_any_fact_never_helps(&snapshot);
    }
}
