//! Whose token a request to the Power Platform carries, and how it is refused.

use super::error;
use crate::sim::clouds::Platform;
use crate::sim::scenario::Tenant;
use crate::sim::tokens::{Caller, TokenFault};
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

/// Who asks, and in which tenant and cloud.
pub(super) struct Asker<'w> {
    pub caller: Caller,
    pub tenant_key: &'w str,
    pub tenant: &'w Tenant,
    pub platform: Platform,
    /// As the scenario calls it; nothing where it does not know it.
    pub name: &'w str,
    /// Where it is a person.
    pub person: Option<&'w str>,
}

impl<'w> Asker<'w> {
    /// The words of the 401s are not verified.
    pub(super) fn of(
        world: &'w World,
        platform: Platform,
        call: &Call,
        resources: &[String],
    ) -> Result<Self, Answer> {
        let refuse = |code: &str, text: &str| {
            let authority = platform.entra().login();
            let challenge = format!("Bearer authorization_uri=\"https://{authority}/common\"");
            error(401, code, text).with("www-authenticate", challenge)
        };
        let token = call.bearer().ok_or_else(|| {
            refuse(
                "AuthenticationFailed",
                "Authentication failed. The 'Authorization' header is missing.",
            )
        })?;
        let caller = world
            .key
            .verify(token, world.now())
            .map_err(|fault| match fault {
                TokenFault::Expired => refuse(
                    "ExpiredAuthenticationToken",
                    "The access token has expired.",
                ),
                TokenFault::Invalid => {
                    refuse("InvalidAuthenticationToken", "The access token is invalid.")
                }
            })?;
        let Some((tenant_key, tenant)) = world
            .tenant_of(&caller)
            .filter(|_| resources.iter().any(|known| caller.is_for(known)))
        else {
            let text = format!(
                "The access token has been obtained from wrong audience or resource '{}'.",
                caller.aud
            );
            return Err(refuse("InvalidAuthenticationAudience", &text));
        };
        let name = world.name_of(&caller).unwrap_or_default();
        let person = world.person_of(&caller);
        Ok(Self {
            caller,
            tenant_key,
            tenant,
            platform,
            name,
            person,
        })
    }

    /// As captured from the administration service (power-platform#1260): the path under the address of a
    /// machine inside. That the Power Platform API has the same words is not verified.
    pub(super) fn forbidden(&self, call: &Call) -> Answer {
        let caller = &self.caller;
        let text = format!(
            "The service principal with id '{}' for application '{}' does not have permission to access the path 'https://10.0.1.32:20029{}' in tenant {}.",
            caller.oid, caller.appid, call.path_and_query, caller.tid
        );
        error(403, "Forbidden", &text)
    }
}

/// `api-version` has no default, and nothing but `known`.
pub(super) fn check_version(call: &Call, known: &[&str]) -> Result<(), Answer> {
    match call.query("api-version") {
        Some(version) if known.contains(&version) => Ok(()),
        Some(version) => {
            let text = format!(
                "The api-version '{version}' is invalid. The supported versions are '{}'.",
                known.join(",")
            );
            Err(error(400, "InvalidApiVersionParameter", &text))
        }
        None => Err(error(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )),
    }
}
