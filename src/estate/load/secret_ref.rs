//! Where a secret of the mail or of a webhook stands: an environment variable or a vault, never the file.

use crate::estate::SecretRef;
use crate::source::Value;

use super::declared::Declared;
use super::entry;

/// Where the mail password stands.
pub(super) fn password(value: &Value<'_>, declared: &Declared<'_>) -> Option<SecretRef> {
    read(
        value,
        declared,
        ["the password", "a password", "CREDAUDIT_SMTP_PASSWORD"],
    )
}

/// Where a webhook's address stands.
pub(super) fn address(value: &Value<'_>, declared: &Declared<'_>) -> Option<SecretRef> {
    read(
        value,
        declared,
        ["the address", "a webhook's address", "CREDAUDIT_WEBHOOK"],
    )
}

/// `what` it is, what a `real` one is called, and an `example` of a variable for it.
fn read(
    value: &Value<'_>,
    declared: &Declared<'_>,
    [what, real, example]: [&str; 3],
) -> Option<SecretRef> {
    if value.raw().is_str() {
        return value.reject(
            format!("`{}` is plain text: never write a secret into this file", value.key()),
            "write where it is stored, not what it is",
            &format!(
                "write {{ env = \"NAME\" }} or {{ secret = \"vault/name\" }}; if this was really {real}, \
                 replace it, for the file may have been copied"
            ),
        );
    }
    let table = value.table(what)?;
    let found = match (table.get("env"), table.get("secret")) {
        (Some(env), None) => entry::variable(&env, what, example).map(SecretRef::Env),
        (None, Some(secret)) => entry::read(&secret, declared).map(SecretRef::Secret),
        (Some(_), Some(secret)) => {
            secret.refuse_key(
                format!("{what} has both `env` and `secret`"),
                "one of the two",
                "keep one",
            );
            None
        }
        (None, None) => {
            value.sheet().report_absence(
                value.span(),
                format!("{what} has neither `env` nor `secret`"),
                "where is it stored?",
                "write { env = \"NAME\" } or { secret = \"vault/name\" }",
            );
            None
        }
    };
    table.close();
    found
}
