//! One registration: who it is, where its credential stands, what it should be able to do.

use crate::estate::{
    Consumer, CredentialRef, DataverseExpectations, FinopsExpectations, Prove, Registration,
    Unstored,
};
use crate::source::{Table, Value};

use super::declared::Declared;
use super::expectations::{self, Naming};
use super::{entry, text};

/// Reads one; its name was asked for, and judged, by the caller.
pub(super) fn read(table: Table<'_>, declared: &Declared<'_>) -> Option<Registration> {
    let name = table.get("name").and_then(|value| value.raw().as_str());
    let table = match name {
        Some(name) if name.len() <= 100 && !name.is_empty() => {
            table.called(format!("registration `{name}`"))
        }
        _ => table,
    };
    let whose = table.what().to_owned();
    let environment = table.needed(
        "environment",
        "the environment it works in, by its name under [environments]",
        |value| {
            let open = (whose.as_str(), "the environment it works in");
            text::decided(value, open, |value| declared.environment(value))
        },
    );
    let client_id = table.needed(
        "client-id",
        "the GUID in quotes, or { secret = \"vault/name\" }",
        |value| entry::client_id(value, declared),
    );
    let credential = credential(&table, &whose, declared);
    let home_tenant = table.maybe("home-tenant", |value| {
        declared.home_tenant(value, environment)
    });
    let owner = table.maybe("owner", text::address);
    let prove = table.or("prove", Prove::Always, Value::word);
    let permissions = table.maybe("permissions", |value| {
        text::each(value, expectations::permission)
    });
    let consumers = table.maybe("consumers", consumers);
    let (dataverse, finops) = expected(&table, environment, declared);
    table.close();
    Some(Registration {
        name: name?.to_owned(),
        environment: environment?.to_owned(),
        client_id: client_id?,
        home_tenant: home_tenant?,
        owner: owner?,
        unstored: credential
            .as_ref()?
            .as_ref()
            .err()
            .copied()
            .unwrap_or_default(),
        credential: credential?.ok(),
        prove: prove?,
        permissions: permissions?,
        consumers: consumers?.unwrap_or_default(),
        dataverse: dataverse?,
        finops: finops?,
    })
}

/// Where its credential is stored, or how it signs in without one.
fn credential(
    table: &Table<'_>,
    whose: &str,
    declared: &Declared<'_>,
) -> Option<Result<CredentialRef, Unstored>> {
    let credential = table.needed(
        "credential",
        "write credential = { secret = \"vault/name\" } or { certificate = \"vault/name\" }, or \"none\" \
         (a managed identity) or \"federated\" where nothing is stored",
        |value| {
            let open = (
                whose,
                "{ secret = \"vault/name\" }, { certificate = \"vault/name\" }, \"none\" or \"federated\"",
            );
            text::decided(value, open, |value| entry::credential(value, declared))
        },
    );
    if let Some(Err(word)) = &credential {
        nothing_to_do(table, *word);
    }
    credential
}

/// What it should be able to do in each of the two services.
fn expected(
    table: &Table<'_>,
    environment: Option<&str>,
    declared: &Declared<'_>,
) -> (
    Option<Option<DataverseExpectations>>,
    Option<Option<FinopsExpectations>>,
) {
    let services = environment.and_then(|name| declared.services_of(name));
    let dataverse = table.maybe("dataverse", |value| {
        if let (Some(name), Some((false, _))) = (environment, services) {
            absent_service(value, name, "dataverse");
        }
        dataverse(value)
    });
    let finops = table.maybe("finops", |value| {
        if let (Some(name), Some((_, false))) = (environment, services) {
            absent_service(value, name, "finops");
        }
        finops(value)
    });
    (dataverse, finops)
}

/// Settings about a stored credential, where the estate says that none is stored.
fn nothing_to_do(table: &Table<'_>, word: Unstored) {
    let about = [
        ("prove", "says when a stored credential is used"),
        ("consumers", "says who holds a copy of a stored credential"),
    ];
    for (key, what) in about {
        if let Some(value) = table.get(key) {
            value.refuse_key(
                format!(
                    "`{key}` {what}, and `credential = \"{}\"` says that none is stored",
                    word.as_str()
                ),
                "nothing to say here",
                "take it out, or write where the credential is stored: { secret = \"vault/name\" }",
            );
        }
    }
}

fn absent_service(value: &Value<'_>, environment: &str, service: &str) {
    value.sheet().report_absence(
        value.key_span(),
        format!(
            "`{service}` declares expectations, and environment `{environment}` has no `{service}`"
        ),
        "nowhere to try them",
        &format!("write `{service} = \"https://...\"` in [environments.{environment}]"),
    );
}

fn consumers(value: &Value<'_>) -> Option<Vec<Consumer>> {
    let mut named: Vec<&str> = Vec::new();
    let mut all = value.tables("this consumer", |table| {
        let name = table.need("name", "who holds a copy, in words");
        let text = name.as_ref().and_then(Value::filled);
        let contact = table.maybe("contact", text::address);
        table.close();
        if let (Some(name), Some(text)) = (&name, text)
            && named.contains(&text)
        {
            name.refuse(
                format!("`consumers` names {} twice", name.quote()),
                "already in this list",
                "keep one",
            );
        }
        let consumer = Consumer {
            name: text?.to_owned(),
            contact: contact?,
        };
        named.extend(text);
        Some(consumer)
    })?;
    all.sort_by(|left, right| left.name.cmp(&right.name));
    Some(all)
}

fn dataverse(value: &Value<'_>) -> Option<DataverseExpectations> {
    let table = value.table("[registrations.dataverse]")?;
    let business_unit = table.maybe("business-unit", Value::kept);
    let roles = table.maybe("roles", |value| text::each(value, Value::kept));
    let read_only = table.maybe("read-only", Value::truth);
    let metadata = table.maybe("metadata", Value::truth);
    let option_sets = table.maybe("option-sets", |value| {
        text::each(value, expectations::option_set)
    });
    let default = table.maybe("default", Value::word);
    let (allow, deny) = expectations::pair(&table, Naming::LogicalName);
    if read_only == Some(Some(true))
        && let (Some(allow), Some(value)) = (&allow, table.get("read-only"))
    {
        expectations::against_read_only(&value, allow);
    }
    table.close();
    Some(DataverseExpectations {
        business_unit: business_unit?,
        roles: roles?,
        read_only: read_only?.unwrap_or_default(),
        default: default?.unwrap_or_default(),
        metadata: metadata?.unwrap_or_default(),
        option_sets: option_sets?.unwrap_or_default(),
        allow: allow?,
        deny: deny?,
    })
}

fn finops(value: &Value<'_>) -> Option<FinopsExpectations> {
    let table = value.table("[registrations.finops]")?;
    let user = table.maybe("user", Value::kept);
    let (allow, deny) = expectations::pair(&table, Naming::Collection);
    table.close();
    Some(FinopsExpectations {
        user: user?,
        allow: allow?,
        deny: deny?,
    })
}
