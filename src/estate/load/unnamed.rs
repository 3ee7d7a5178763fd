//! `default = "deny"`: every table that the environment's registrations name is denied where it is not allowed.

use std::collections::{BTreeMap, BTreeSet};

use crate::estate::{Registration, Unnamed};
use crate::model::Operation;

/// Writes what `default = "deny"` stands for into `deny`, before `--registration` narrows anything: a
/// part of the estate expects of its registrations what the whole does.
pub(super) fn deny(registrations: &mut [Registration]) {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for registration in registrations.iter() {
        let Some(expected) = &registration.dataverse else {
            continue;
        };
        let tables = named.entry(registration.environment.clone()).or_default();
        tables.extend(expected.allow.names().chain(expected.deny.names()).cloned());
    }
    for registration in registrations {
        let tables = named.get(&registration.environment);
        let expected = registration.dataverse.as_mut();
        if let (Some(tables), Some(expected)) = (tables, expected)
            && expected.default == Unnamed::Deny
        {
            for operation in Operation::ALL {
                let allowed = expected.allow.of(operation);
                let denied = tables.iter().filter(|table| !allowed.contains(table));
                *expected.deny.of_mut(operation) = denied.cloned().collect();
            }
        }
    }
}
