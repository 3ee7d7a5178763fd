//! References to vault entries, written `vault/name`.

use crate::estate::{ClientId, CredentialForm, CredentialRef, EntryRef, Unstored};
use crate::model::Word;
use crate::source::{
    Table, Value, did_you_mean, listed, meant_or, reads_like_reference, reads_like_variable,
};

use super::declared::Declared;
use super::text::{self, IdOf};

const HOW: &str = "write \"VAULT/NAME\": a vault of this file and the name of the secret in it; \
                   never write a secret itself into this file";

/// A reference to an entry of a declared vault. The value is quoted only where it has the look of a
/// reference: what stands here by mistake is usually the secret itself.
pub(super) fn read(value: &Value<'_>, declared: &Declared<'_>) -> Option<EntryRef> {
    let text = value.text()?;
    if text.starts_with("https://") {
        return value.reject(
            format!(
                "`{}` is an entry's address, and should be vault/name",
                value.key()
            ),
            "should be vault/name",
            "declare the vault under [vaults] and write \"VAULT/NAME\"; the newest version is read, or the one in a \
             credential's `version`",
        );
    }
    let Some((vault, name)) = text.split_once('/') else {
        return value.reject(
            format!("`{}` does not read like vault/name", value.key()),
            "should be vault/name",
            &format!(
                "{HOW}; if this was a real secret, replace it, for the file may have been copied"
            ),
        );
    };
    let name_fits = !name.is_empty()
        && name.len() <= 127
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !name_fits {
        return value.reject(
            format!("`{}` does not read like vault/name", value.key()),
            "should be vault/name",
            "a Key Vault name is 1 to 127 letters, digits and hyphens; the newest version is read: \
             to pin another version, add version = \"…\"",
        );
    }
    if !declared.has_vault(vault) {
        undeclared(value, text, vault, declared);
        return None;
    }
    Some(EntryRef {
        vault: vault.to_owned(),
        name: name.to_owned(),
    })
}

/// A vault that the file does not have: named only where the text cannot be the secret itself.
fn undeclared(value: &Value<'_>, text: &str, vault: &str, declared: &Declared<'_>) {
    if !reads_like_reference(text) {
        value.refuse(
            format!("`{}` does not read like vault/name", value.key()),
            "should be vault/name",
            HOW,
        );
        return;
    }
    let known = || declared.vault_names();
    let label = meant_or(vault, known(), "no such vault");
    let declared_here = listed(known());
    let help = match declared.vault_at(vault) {
        Some(name) => {
            format!(
                "`{name}` is the vault of this file at that address: write {name} in place of {vault}"
            )
        }
        None if declared_here.is_empty() => "declare it under [vaults]".to_owned(),
        None => format!("declared under [vaults]: {declared_here}"),
    };
    value.sheet().report_absence(
        value.span(),
        format!("no vault is called `{vault}`"),
        &label,
        &help,
    );
}

/// A GUID, or where it stands.
pub(super) fn client_id(value: &Value<'_>, declared: &Declared<'_>) -> Option<ClientId> {
    if value.raw().is_str() {
        return text::guid(value, IdOf::Client).map(ClientId::Literal);
    }
    if !value.raw().is_table() {
        value.wrong_type("a GUID in quotes or { secret = \"vault/name\", field = \"NAME\" }");
        return None;
    }
    let table = value.table("the client id")?;
    let secret = only_secret(&table, "write { secret = \"vault/name\" }", declared);
    let field = table.maybe("field", field);
    table.close();
    match (secret?, field?) {
        (entry, Some(field)) => Some(ClientId::Field { entry, field }),
        (entry, None) => Some(ClientId::Secret(entry)),
    }
}

/// Where the credential stands, or that none is stored anywhere.
pub(super) fn credential(
    value: &Value<'_>,
    declared: &Declared<'_>,
) -> Option<Result<CredentialRef, Unstored>> {
    if let Some(text) = value.raw().as_str() {
        return unstored(value, text, declared).map(Err);
    }
    let table = value.table("the credential")?;
    let field = table.maybe("field", |value| {
        let open = ("a credential", "the field of the entry that holds it");
        text::decided(value, open, field)
    });
    let version = table.maybe("version", version);
    let password = table.maybe("password", |value| password(value, &table, declared));
    let elsewhere = refuse_other_place(&table, "env", EITHER);
    let stored = match elsewhere && !has(&table, "secret") && !has(&table, "certificate") {
        true => None,
        false => stored(&table, declared),
    };
    table.close();
    let (kind, entry) = stored?;
    Some(Ok(CredentialRef {
        kind,
        entry,
        field: field?,
        version: version?,
        password: password?,
    }))
}

/// The id of one version of an entry.
fn version(value: &Value<'_>) -> Option<String> {
    let text = value.text()?;
    if text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(text.to_ascii_lowercase());
    }
    value.reject(
        "`version` is not a version of a vault entry",
        "not 32 hex digits",
        "write the last part of the version's address in Key Vault, or leave it out where the integration reads \
         the current version",
    )
}

/// What people call such identities elsewhere, and the word of this file.
const CALLED: [(&str, Unstored); 6] = [
    ("managed-identity", Unstored::None),
    ("managed identity", Unstored::None),
    ("msi", Unstored::None),
    ("workload-identity", Unstored::Federated),
    ("federation", Unstored::Federated),
    ("oidc", Unstored::Federated),
];

/// Whether it is `vault/name` with a vault of this file, and so cannot be the secret itself.
fn names_entry(text: &str, declared: &Declared<'_>) -> bool {
    let vault = text.split_once('/').map(|(vault, _)| vault);
    vault.is_some_and(|vault| declared.has_vault(vault)) && reads_like_reference(text)
}

/// `none` or `federated`. Whatever else stands here may be the secret itself, and is never quoted.
fn unstored(value: &Value<'_>, text: &str, declared: &Declared<'_>) -> Option<Unstored> {
    if let Some(word) = Unstored::from_word(text) {
        return Some(word);
    }
    let called = CALLED
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text))
        .map(|(_, word)| word.as_str());
    let lower = text.to_ascii_lowercase();
    let meant =
        called.or_else(|| did_you_mean(&lower, Unstored::ALL.into_iter().map(Unstored::as_str)));
    match meant {
        Some(meant) => value.refuse(
            "`credential` takes a table, or one of two words, and not this one",
            &format!("did you mean `{meant}`?"),
            "write { secret = \"vault/name\" } or { certificate = \"vault/name\" }; \"none\" for a managed \
             identity, and \"federated\" for one that signs in with a token of another issuer",
        ),
        None if names_entry(text, declared) => value.refuse(
            "`credential` names a vault entry, and not whether it is a secret or a certificate",
            "should be a table",
            &format!("write {{ secret = \"{text}\" }} or {{ certificate = \"{text}\" }}"),
        ),
        None => value.refuse(
            "`credential` is plain text: never write a secret into this file",
            "write where it is stored, not what it is",
            "store it in Key Vault and write { secret = \"vault/name\" } or { certificate = \"vault/name\" }, or \
             \"none\" (a managed identity) or \"federated\" where nothing is stored; if this was a real secret, \
             replace it, for the file may have been copied",
        ),
    }
    None
}

/// The entry that holds the certificate's password; a secret has none.
fn password(value: &Value<'_>, of: &Table<'_>, declared: &Declared<'_>) -> Option<EntryRef> {
    const HOW: &str = "write password = { secret = \"vault/name\" }";
    if of.get("certificate").is_none() {
        value.refuse_key(
            "`password` opens a certificate, and `credential` names none",
            "nothing to open",
            "write `certificate` in place of `secret`, or take `password` out",
        );
        return None;
    }
    if value.raw().is_str() {
        return value.reject(
            "`password` is plain text: never write a secret into this file",
            "write where it is stored, not what it is",
            "store it in Key Vault and write password = { secret = \"vault/name\" }; if this was a real password, replace it, for the file may have been copied",
        );
    }
    let table = value.table("the password")?;
    let entry = only_secret(&table, HOW, declared);
    table.close();
    entry
}

const EITHER: &str = "write { secret = \"vault/name\" } or { certificate = \"vault/name\" }";

/// What is taken from a vault's secret alone. Another place for it is one mistake, and told as one.
fn only_secret(table: &Table<'_>, how: &str, declared: &Declared<'_>) -> Option<EntryRef> {
    let mut elsewhere = false;
    for other in ["env", "certificate"] {
        elsewhere |= refuse_other_place(table, other, how);
    }
    if elsewhere && !has(table, "secret") {
        return None;
    }
    let secret = table.need("secret", how)?;
    read(&secret, declared)
}

/// Refuses a key that names a place other than a vault's secret, where it is there.
fn refuse_other_place(table: &Table<'_>, other: &'static str, how: &str) -> bool {
    let Some(value) = has(table, other).then(|| table.get(other)).flatten() else {
        return false;
    };
    let (names, label) = match other {
        "env" => ("an environment variable", "not read from the environment"),
        _ => ("a certificate", "not the name of a secret"),
    };
    value.refuse_key(
        format!(
            "{} names {names}, and must name a vault entry",
            table.what()
        ),
        label,
        how,
    );
    true
}

/// Whether the key stands there; asking for it would make it one that is known here.
fn has(table: &Table<'_>, key: &str) -> bool {
    table.entries().iter().any(|value| value.key() == key)
}

/// The field of an entry, dotted where it lies deeper: no part of the way is empty.
fn field(value: &Value<'_>) -> Option<String> {
    let text = value.filled()?;
    if text.split('.').any(|part| part.trim().is_empty()) {
        return value.reject(
            "`field` has an empty part between, before or after its dots",
            "a part is empty",
            "write the name of the field, or the way to it with one dot between each two names: \"a.b\"",
        );
    }
    Some(text.to_owned())
}

/// One of the two, never both: they are read and proven in different ways.
fn stored(table: &Table<'_>, declared: &Declared<'_>) -> Option<(CredentialForm, EntryRef)> {
    if let Some(certificate) = table.get("certificate") {
        if let Some(secret) = table.get("secret") {
            secret.refuse_key(
                "`credential` names a secret and a certificate",
                "one of the two is too many",
                "keep the one that the integration signs in with; where it uses both, make it two \
                 registrations of this file",
            );
        }
        return Some((CredentialForm::Certificate, read(&certificate, declared)?));
    }
    let secret = table.need("secret", EITHER)?;
    Some((CredentialForm::Secret, read(&secret, declared)?))
}

/// The name of an environment variable that holds `what`; `example` is such a name.
pub(super) fn variable(value: &Value<'_>, what: &str, example: &str) -> Option<String> {
    let text = value.text()?;
    if !reads_like_variable(text) {
        return value.reject(
            "`env` names an environment variable, and this is not such a name",
            "not a variable's name",
            &format!(
                "write {{ env = \"{example}\" }}, in capitals, and put {what} in that variable"
            ),
        );
    }
    Some(text.to_owned())
}
