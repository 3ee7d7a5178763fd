//! Key Vault's data plane: secrets with their versions, deleted secrets, and certificates.

mod certificates;
mod entries;
mod refusals;
mod secrets;
mod values;

use axum::http::Method;
use serde_json::{Value, json};

use super::scenario::{Vault, VaultRole};
use super::tokens::Caller;
use super::wire::{Answer, Call};
use super::world::World;

/// Roles with `secrets/readMetadata/action`.
const MAY_LIST_SECRETS: &[VaultRole] = &[
    VaultRole::Reader,
    VaultRole::SecretsUser,
    VaultRole::CertificateUser,
];

/// Roles with `secrets/getSecret/action`: that of certificates too, which gives their keys.
const MAY_GET_SECRETS: &[VaultRole] = &[
    VaultRole::SecretsUser,
    VaultRole::SecretsGet,
    VaultRole::CertificateUser,
];

/// A request to one vault, with everything its answer depends on.
struct Desk<'a> {
    world: &'a World,
    call: &'a Call,
    vault: &'a Vault,
    name: &'a str,
    roles: &'a [VaultRole],
    caller: Caller,
}

/// Answers for the vault with this key.
pub(super) fn answer(world: &World, key: &str, call: &Call) -> Answer {
    judged(world, key, call)
        .unwrap_or_else(|refused| refused)
        .with("x-ms-keyvault-region", "westeurope")
        .with("x-ms-keyvault-service-version", "1.9.2203.1")
        .with("x-ms-request-id", uuid::Uuid::new_v4().to_string())
}

fn judged(world: &World, key: &str, call: &Call) -> Result<Answer, Answer> {
    let Some(vault) = world.vault(key) else {
        return Err(Answer::text(421, ""));
    };
    let caller = refusals::caller(world, vault, call)?;
    if let Some(refusal) = vault.refuse {
        return Err(refusals::whole_vault(refusal, key, &caller));
    }
    check_version(call)?;
    let roles = world
        .name_of(&caller)
        .and_then(|name| vault.access.get(name))
        .map_or(&[] as &[VaultRole], Vec::as_slice);
    let desk = Desk {
        world,
        call,
        vault,
        name: key,
        roles,
        caller,
    };
    let segments = call.segments();
    if call.method != Method::GET {
        let text = "The HTTP method is not allowed; the simulator takes no writes.";
        return Err(refusals::error(405, "MethodNotAllowed", text));
    }
    match segments.as_slice() {
        ["secrets"] => secrets::list(&desk),
        ["secrets", name] => secrets::get(&desk, name, None),
        ["secrets", name, "versions"] => secrets::versions(&desk, name),
        ["secrets", name, version] => secrets::get(&desk, name, Some(version)),
        ["deletedsecrets"] => secrets::deleted(&desk),
        ["deletedsecrets", name] => secrets::deleted_named(&desk, name),
        ["certificates"] => certificates::list(&desk),
        ["certificates", name] => certificates::get(&desk, name, None),
        ["certificates", name, "versions"] => certificates::versions(&desk, name),
        ["certificates", name, "policy"] => certificates::policy(&desk, name),
        ["certificates", name, version] => certificates::get(&desk, name, Some(version)),
        _ => Err(refusals::error(404, "NotFound", "The path is not known.")),
    }
}

impl Desk<'_> {
    fn holds(&self, any: &[VaultRole]) -> bool {
        self.roles.iter().any(|role| any.contains(role))
    }

    fn recovery_level(&self) -> &'static str {
        if self.vault.purgeable {
            "Recoverable+Purgeable"
        } else {
            "Recoverable"
        }
    }

    /// `https://kv.vault.azure.net/secrets/name`
    fn id(&self, path: &str) -> String {
        format!("https://{}/{path}", self.call.host)
    }

    /// One page of `rows`, its link in the form that names the port.
    fn page(&self, rows: &[Value]) -> Result<Answer, Answer> {
        let size = match self.call.query("maxresults").map(str::parse::<usize>) {
            None => 25,
            Some(Ok(size)) if (1..=25).contains(&size) => size,
            Some(_) => {
                let text = "The maxresults parameter must be between 1 and 25.";
                return Err(refusals::error(400, "BadParameter", text));
            }
        };
        let size = size.min(self.vault.page.unwrap_or(25));
        let skip = self.call.skip();
        let link = (skip + size < rows.len()).then(|| {
            let token = format!("eyJOZXh0TWFya2VyIjoi-{}", skip + size);
            self.call
                .link_with_skiptoken(&format!("{}:443", self.call.host), &token)
        });
        let value: Vec<&Value> = rows.iter().skip(skip).take(size).collect();
        Ok(Answer::json(
            200,
            &json!({ "value": value, "nextLink": link }),
        ))
    }
}

/// `api-version` has no default.
fn check_version(call: &Call) -> Result<(), Answer> {
    let version = call.query("api-version").unwrap_or_default();
    if version.starts_with("7.") || version.starts_with("20") {
        return Ok(());
    }
    let text = format!(
        "The specified version ({version}) is not recognized. Consider using the latest supported version (2025-07-01)."
    );
    Err(refusals::error(400, "BadParameter", &text))
}
