//! Ways into the tidy estate, to spoil one thing of it.

use chrono::{DateTime, Utc};

use super::tidy::{days_from_now, gap, known, seen};
use crate::estate::{ClientId, DataverseExpectations, Environment};
use crate::evidence::*;
use crate::model::{ClientRefusal, Observed, Presence};

pub(crate) fn raia(snapshot: &mut Snapshot) -> &mut RegistrationEvidence {
    snapshot.registrations.get_mut("raia").unwrap()
}

pub(crate) fn application(snapshot: &mut Snapshot) -> &mut Application {
    match &mut raia(snapshot).application {
        Observed::Known(Presence::Present(application)) => application,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn principal(snapshot: &mut Snapshot) -> &mut ServicePrincipal {
    match &mut raia(snapshot).service_principal {
        Observed::Known(Presence::Present(principal)) => principal,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn credentials(snapshot: &mut Snapshot) -> &mut Vec<Credential> {
    match &mut application(snapshot).credentials {
        Observed::Known(credentials) => credentials,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn credential(snapshot: &mut Snapshot, index: usize) -> &mut Credential {
    &mut credentials(snapshot)[index]
}

/// Another secret on the registration: not the stored one, and nobody has signed in with it.
pub(crate) fn add_credential<'a>(
    snapshot: &'a mut Snapshot,
    key_id: &str,
    start: i64,
    end: i64,
) -> &'a mut Credential {
    let mut other = credential(snapshot, 0).clone();
    other.key_id = key_id.to_owned();
    other.start = Some(days_from_now(start));
    other.end = known(days_from_now(end));
    other.matches_stored = known(false);
    other.last_use = known(LastUse::NotReported);
    let credentials = credentials(snapshot);
    credentials.push(other);
    credentials.last_mut().unwrap()
}

pub(crate) fn entry_of<'a>(snapshot: &'a mut Snapshot, name: &str) -> &'a mut VaultEntry {
    match &mut snapshot.registrations.get_mut(name).unwrap().entry {
        Observed::Known(Presence::Present(entry)) => entry,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn attributes(snapshot: &mut Snapshot) -> &mut EntryAttributes {
    match &mut entry_of(snapshot, "raia").attributes {
        Observed::Known(attributes) => attributes,
        other => panic!("{other:?}"),
    }
}

/// Disables the current version, in a vault that may not be listed.
pub(crate) fn disable_entry(snapshot: &mut Snapshot) {
    let entry = entry_of(snapshot, "raia");
    entry.enabled = known(false);
    entry.attributes = Observed::not_reached("disabled");
    entry.content = Observed::not_reached("disabled");
}

/// Deletes the entry three days ago, recoverably.
pub(crate) fn delete_entry(snapshot: &mut Snapshot, scheduled_purge: Option<DateTime<Utc>>) {
    let evidence = raia(snapshot);
    evidence.entry = known(Presence::Absent);
    evidence.deleted_entry = Some(known(Presence::Present(DeletedEntry {
        deleted: Some(days_from_now(-3)),
        scheduled_purge,
    })));
}

pub(crate) fn content(snapshot: &mut Snapshot) -> &mut EntryContent {
    content_of(snapshot, "raia")
}

pub(crate) fn content_of<'a>(snapshot: &'a mut Snapshot, name: &str) -> &'a mut EntryContent {
    match &mut entry_of(snapshot, name).content {
        Observed::Known(content) => content,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn claims(snapshot: &mut Snapshot) -> &mut TokenClaims {
    match &mut raia(snapshot).tokens[0].answer {
        Observed::Known(TokenAnswer::Issued {
            claims: Observed::Known(claims),
            ..
        }) => claims,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn dataverse(snapshot: &mut Snapshot) -> &mut DataverseProof {
    raia(snapshot).dataverse.as_mut().unwrap()
}

pub(crate) fn user(snapshot: &mut Snapshot) -> &mut ApplicationUser {
    match &mut dataverse(snapshot).user {
        Observed::Known(Presence::Present(user)) => user,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn read<'a>(snapshot: &'a mut Snapshot, table: &str) -> &'a mut Observed<ReadAnswer> {
    let reads = &mut dataverse(snapshot).reads;
    &mut reads
        .iter_mut()
        .find(|read| read.table == table)
        .unwrap()
        .answer
}

pub(crate) fn expectations(snapshot: &mut Snapshot) -> &mut DataverseExpectations {
    snapshot.estate.registrations[0].dataverse.as_mut().unwrap()
}

pub(crate) fn environment(snapshot: &mut Snapshot) -> &mut Environment {
    snapshot.estate.environments.get_mut("prod").unwrap()
}

pub(crate) fn refused(why: ReadRefusal) -> ReadAnswer {
    ReadAnswer::Refused {
        seen: seen("a read", 403, Some("0x80040220")),
        why,
    }
}

/// Entra refuses every token: what is wrong is the credential or the registration.
pub(crate) fn refuse_token(snapshot: &mut Snapshot, code: &str) {
    for proof in &mut raia(snapshot).tokens {
        proof.answer = known(TokenAnswer::Refused {
            seen: seen("the token endpoint", 401, Some(code)),
            error: None,
        });
    }
}

/// Entra refuses every token with a word of OAuth and this number, known or not.
pub(crate) fn refuse_client(snapshot: &mut Snapshot, error: ClientRefusal, code: &str) {
    for proof in &mut raia(snapshot).tokens {
        proof.answer = known(TokenAnswer::Refused {
            seen: seen("the token endpoint", 401, Some(code)),
            error: Some(error),
        });
    }
}

pub(crate) fn lose_tokens(snapshot: &mut Snapshot) {
    for proof in &mut raia(snapshot).tokens {
        proof.answer = gap();
    }
}

pub(crate) fn refuse_whoami(snapshot: &mut Snapshot, why: UserRefusal) {
    dataverse(snapshot).whoami = known(WhoAmI::Refused {
        seen: seen("WhoAmI", 403, Some("0x80072560")),
        why,
    });
}

pub(crate) fn share_client_id(snapshot: &mut Snapshot) {
    snapshot.estate.registrations[1].client_id = ClientId::Literal("client-1".to_owned());
    let evidence = snapshot.registrations.get_mut("raia-dev").unwrap();
    evidence.client_id = known("client-1".to_owned());
}
