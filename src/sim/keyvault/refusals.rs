//! How Key Vault refuses: the challenge, the roles, the firewall.

use serde_json::{Value, json};

use super::Desk;
use crate::sim::scenario::{Refusal, Vault};
use crate::sim::tokens::{Caller, TokenFault};
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

pub(super) fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(
        status,
        &json!({ "error": { "code": code, "message": message } }),
    )
}

/// An error with a second code inside.
pub(super) fn inner(status: u16, code: &str, inner: &str, message: &str) -> Answer {
    let body = json!({ "error": {
        "code": code, "message": message, "innererror": { "code": inner },
    } });
    Answer::json(status, &body)
}

/// Who asks, or the 401 with the challenge that tells a client where to get a token.
pub(super) fn caller(world: &World, vault: &Vault, call: &Call) -> Result<Caller, Answer> {
    let Some(tenant) = world.tenant(&vault.tenant) else {
        return Err(Answer::text(421, ""));
    };
    let resource = tenant.cloud.vault_resource();
    let challenge = format!(
        "Bearer authorization=\"https://{}/{}\", resource=\"{resource}\"",
        tenant.cloud.login(),
        tenant.id
    );
    let refuse = |message: &str| {
        error(401, "Unauthorized", message).with("www-authenticate", challenge.clone())
    };
    let Some(token) = call.bearer() else {
        return Err(refuse(
            "AKV10000: Request is missing a Bearer or PoP token.",
        ));
    };
    let caller = world
        .key
        .verify(token, world.now())
        .map_err(|fault| match fault {
            TokenFault::Expired => refuse(
                "[TokenExpired] Error validating token: IDX10223: Lifetime validation failed.",
            ),
            TokenFault::Invalid => refuse("[BearerReadAccessTokenFailed] Error validating token."),
        })?;
    if !caller.is_for(&resource) {
        let message = format!(
            "AKV10022: Invalid audience. Expected {resource}, found: {}.",
            caller.aud
        );
        return Err(refuse(&message));
    }
    if !caller.tid.eq_ignore_ascii_case(&tenant.id) {
        let message = format!(
            "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/{}/, found {}.",
            tenant.id, caller.iss
        );
        return Err(refuse(&message));
    }
    let unknown_key = vault.refuse == Some(Refusal::UnknownKey)
        || (vault.akv10046_times > 0
            && world.count(&format!("AKV10046/{}", call.host)) <= vault.akv10046_times);
    if unknown_key {
        // As captured: the header of the token, without the rest.
        let header = token.split('.').next().unwrap_or_default();
        let message = format!(
            "AKV10046: Unable to resolve the key used for signature validation. EncodedJwtHeader: '{header}'."
        );
        return Err(refuse(&message));
    }
    Ok(caller)
}

/// A refusal that meets everybody.
pub(super) fn whole_vault(refusal: Refusal, name: &str, caller: &Caller) -> Answer {
    let who = format!(
        "appid={};oid={};iss={}",
        caller.appid, caller.oid, caller.iss
    );
    let (code, text) = match refusal {
        Refusal::ForbiddenByFirewall => (
            "ForbiddenByFirewall",
            format!(
                "Client address is not authorized and caller is not a trusted service.\r\nClient address: 203.0.113.7\r\nCaller: {who}\r\nVault: {name};location=westeurope"
            ),
        ),
        Refusal::ForbiddenByConnection => (
            "ForbiddenByConnection",
            format!(
                "Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\nCaller: {who}\r\nVault: {name};location=westeurope"
            ),
        ),
        // The unknown key was refused before, with the token.
        Refusal::AccessDenied | Refusal::UnknownKey => {
            ("AccessDenied", access_policy(caller, name, "get"))
        }
    };
    inner(403, "Forbidden", code, &text)
}

/// The refusal of a vault that knows no role of the caller for this action
/// (`secrets/getSecret/action`), or no access policy with this permission (`get`).
pub(super) fn by_role(desk: &Desk<'_>, action: &str, permission: &str, object: &str) -> Answer {
    let caller = &desk.caller;
    if desk.vault.access_policies {
        let text = access_policy(caller, desk.name, permission);
        return inner(403, "Forbidden", "AccessDenied", &text);
    }
    let text = format!(
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: appid={};oid={};iss={}\r\nAction: 'Microsoft.KeyVault/vaults/{action}'\r\nResource: '/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/integration/providers/microsoft.keyvault/vaults/{}{object}'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: 'DeniedWithNoValidRBAC' \r\nVault: {};location=westeurope\r\n",
        caller.appid, caller.oid, caller.iss, desk.name, desk.name
    );
    inner(403, "Forbidden", "ForbiddenByRbac", &text)
}

fn access_policy(caller: &Caller, vault: &str, permission: &str) -> String {
    format!(
        "The user, group or application 'appid={};oid={};iss={}' does not have secrets {permission} permission on key vault '{vault};location=westeurope'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287",
        caller.appid, caller.oid, caller.iss
    )
}

/// The 404 of a secret or certificate that is not there.
pub(super) fn not_found(kind: &str, name: &str) -> Answer {
    let (code, what) = match kind {
        "secrets" => ("SecretNotFound", "A secret"),
        _ => ("CertificateNotFound", "A certificate"),
    };
    let text = format!(
        "{what} with (name/id) {name} was not found in this key vault. If you recently deleted this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182"
    );
    error(404, code, &text)
}

/// Members that are absent rather than null.
pub(super) fn without_nulls(mut value: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, field| !field.is_null());
    }
    value
}
