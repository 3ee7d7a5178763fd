//! Ways to spoil what production says of the development registration.

use super::tidy::*;
use crate::evidence::*;
use crate::model::{Listing, Presence};

pub(crate) fn dev(snapshot: &mut Snapshot) -> &mut RegistrationEvidence {
    snapshot.registrations.get_mut("raia-dev").unwrap()
}

/// What production says of it: 0 in Dataverse, 1 in Finance & Operations.
pub(crate) fn elsewhere(snapshot: &mut Snapshot, index: usize) -> &mut ForeignProof {
    &mut dev(snapshot).foreign[index]
}

pub(crate) fn answer(snapshot: &mut Snapshot, index: usize, answer: ForeignAnswer) {
    elsewhere(snapshot, index).tried.as_mut().unwrap().answer = known(answer);
}

/// Production's WhoAmI refuses it, in the words that go with the reason.
pub(crate) fn refused_by_prod(snapshot: &mut Snapshot, why: UserRefusal) {
    let code = match why {
        UserRefusal::NotAMember => "0x80072560",
        UserRefusal::Disabled => "0x80040225",
        UserRefusal::NoRoles => "0x80042f09",
    };
    let seen = seen("WhoAmI", 403, Some(code));
    answer(snapshot, 0, ForeignAnswer::Refused { seen, why });
}

/// Production's WhoAmI answers it.
pub(crate) fn open_to_dev(snapshot: &mut Snapshot) {
    let seen = seen("WhoAmI on contoso.crm4.dynamics.com", 200, None);
    answer(snapshot, 0, ForeignAnswer::Open { seen });
}

pub(crate) fn foreign_user(disabled: Option<bool>, roles: &[&str]) -> ForeignUser {
    let roles = roles.iter().map(|name| RoleGrant {
        name: (*name).to_owned(),
        role_id: "role-9".to_owned(),
        template_id: None,
        team: None,
        reach: None,
    });
    ForeignUser {
        user_id: "user-9".to_owned(),
        disabled: disabled.map_or_else(gap, known),
        roles: Listing::complete(roles.collect()),
    }
}

/// Production's list has it.
pub(crate) fn known_in_prod(
    snapshot: &mut Snapshot,
    index: usize,
    disabled: Option<bool>,
    roles: &[&str],
) {
    elsewhere(snapshot, index).user = known(Presence::Present(foreign_user(disabled, roles)));
}

/// Entra refuses a token for production.
pub(crate) fn refuse_token_elsewhere(snapshot: &mut Snapshot, code: &str) {
    let tried = elsewhere(snapshot, 0).tried.as_mut().unwrap();
    tried.token = known(TokenAnswer::Refused {
        seen: seen("the token endpoint", 400, Some(code)),
        error: None,
    });
    tried.answer = crate::model::Observed::not_reached("no token");
}

/// Production answers nobody.
pub(crate) fn silence_prod(snapshot: &mut Snapshot) {
    let prod = snapshot.environments.get_mut("prod").unwrap();
    prod.organization = gap();
    prod.finops_clients = None;
    let raia = raia(snapshot);
    raia.dataverse.as_mut().unwrap().whoami = gap();
    raia.finops.as_mut().unwrap().client = gap();
}

/// The claims of the token that was got for production, by service.
pub(crate) fn claims_elsewhere(snapshot: &mut Snapshot, index: usize) -> &mut TokenClaims {
    let tried = elsewhere(snapshot, index).tried.as_mut().unwrap();
    match &mut tried.token {
        crate::model::Observed::Known(TokenAnswer::Issued {
            claims: crate::model::Observed::Known(claims),
            ..
        }) => claims,
        other => panic!("{other:?}"),
    }
}
