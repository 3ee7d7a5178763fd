//! The commands of remedies: what each does, and what of the case stands in it.
//!
//! Sources: Azure CLI reference, `az ad app`, `az ad sp` (`--set` of the generic update arguments), `az keyvault`;
//! Power Platform CLI reference, `pac admin assign-user`, whose third example is of an application user.

use crate::facts::credentials::held::Held;
use crate::facts::prelude::*;
use crate::facts::rotation::azure_cli::object;
use crate::model::command::{Blank, Call};
use crate::model::fix::Fix;
use crate::model::time::moment;

/// Gives the application user a security role, and makes the user where there is none yet.
pub(crate) fn assign(role: &str) -> Fix {
    Fix::new(
        format!("Assign security role {role}"),
        assignment(|call| call.value(role)),
    )
}

/// The same with the one role that the estate declares.
pub(crate) fn assign_declared() -> Fix {
    Fix::new(
        "Assign the security role that the estate declares",
        assignment(|call| call.blank(Blank::Role)),
    )
}

fn assignment(role: impl FnOnce(Call) -> Call) -> Call {
    let call = Call::new("pac admin assign-user --environment")
        .blank(Blank::EnvironmentUrl)
        .plain("--user")
        .blank(Blank::ClientId)
        .plain("--role");
    role(call).plain("--application-user")
}

/// A setting of the app registration.
pub(crate) fn update_registration(say: &str, options: &str) -> Fix {
    Fix::new(say, of_client("az ad app update --id").plain(options))
}

/// Makes the service principal in the tenant that the Azure CLI is signed in to.
pub(crate) fn create_principal() -> Fix {
    Fix::new("Create it", of_client("az ad sp create --id"))
}

pub(crate) fn enable_principal() -> Fix {
    Fix::new(
        "Enable the service principal",
        of_client("az ad sp update --id")
            .plain("--set")
            .value("accountEnabled=true"),
    )
}

/// Grants everything that the registration requests.
pub(crate) fn consent() -> Fix {
    Fix::new(
        "Grant admin consent",
        of_client("az ad app permission admin-consent --id"),
    )
}

/// Takes one permission off the list of those that the registration requests; what was granted stays granted.
pub(crate) fn withdraw_request(api: &str, permission: &str) -> Fix {
    Fix::new(
        "Remove the request",
        of_client("az ad app permission delete --id")
            .plain("--api")
            .value(api)
            .plain("--api-permissions")
            .value(permission),
    )
}

/// Deletes one credential, by its key id and no other way.
pub(crate) fn delete_credential(held: &Held<'_>) -> Fix {
    let object = object(held.place);
    let call = of_client(format!("az ad {object} credential delete --id"))
        .plain("--key-id")
        .value(held.key_id.as_str());
    let call = match held.kind {
        CredentialKind::Certificate => call.plain("--cert"),
        CredentialKind::Secret => call,
    };
    Fix::new(format!("Delete the {}", held.words()), call)
}

/// Enables the current version of the vault entry.
pub(crate) fn enable_entry(kind: &str) -> Fix {
    let call = of_entry(format!("az keyvault {kind} set-attributes"));
    Fix::new(
        "Enable the current version",
        call.plain("--enabled true --output none"),
    )
}

/// Disables one version of the vault entry.
pub(crate) fn disable_version(kind: &str, version: &str) -> Fix {
    let call = of_entry(format!("az keyvault {kind} set-attributes"))
        .plain("--version")
        .value(version);
    Fix::new(
        format!("Disable version {version}"),
        call.plain("--enabled false --output none"),
    )
}

/// Gives the vault entry the expiry date of the credential that it holds.
pub(crate) fn set_expiry(end: DateTime<Utc>) -> Fix {
    let call = of_entry("az keyvault secret set-attributes".to_owned())
        .plain("--expires")
        .value(moment(end));
    Fix::new("Set the expiry date", call.plain("--output none"))
}

/// Brings a deleted entry back.
pub(crate) fn recover_entry(kind: &str) -> Fix {
    let call = of_entry(format!("az keyvault {kind} recover"));
    Fix::new("Recover it", call.plain("--output none"))
}

/// Keeps what is deleted from being purged; Key Vault has no way back from it.
pub(crate) fn protect_vault() -> Fix {
    let call = Call::new("az keyvault update --name").blank(Blank::Vault);
    Fix::new(
        "Turn purge protection on",
        call.plain("--enable-purge-protection true --output none"),
    )
}

/// Puts the public part of the entry's current version on the registration, beside the old ones.
pub(crate) fn register_certificate() -> Fix {
    let call = of_client("az ad app credential reset --id")
        .plain("--append --cert")
        .blank(Blank::EntryName)
        .plain("--keyvault")
        .blank(Blank::Vault)
        .plain("--output none");
    Fix::new("Put the renewed certificate on the registration", call)
}

fn of_client(words: impl Into<String>) -> Call {
    Call::new(words).blank(Blank::ClientId)
}

fn of_entry(words: String) -> Call {
    Call::new(words)
        .plain("--vault-name")
        .blank(Blank::Vault)
        .plain("--name")
        .blank(Blank::EntryName)
}
