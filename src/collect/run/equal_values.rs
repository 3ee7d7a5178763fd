//! Which vault entries hold the same value: numbers that say so, and nothing of the value.

use std::collections::BTreeMap;

use crate::collect::credential::StoredCredential;
use crate::collect::registration::Collected;
use crate::estate::{EntryRef, Estate};
use crate::evidence::RegistrationEvidence;

/// Numbers the entries by value, in the order of their names: equal numbers, equal values.
pub(crate) fn numbered(
    estate: &Estate,
    collected: Vec<Collected>,
) -> BTreeMap<String, RegistrationEvidence> {
    let mut order: Vec<(&EntryRef, Option<&str>, usize)> = estate
        .registrations
        .iter()
        .enumerate()
        .filter_map(|(place, registration)| {
            let credential = registration.credential.as_ref()?;
            Some((&credential.entry, credential.field.as_deref(), place))
        })
        .collect();
    order.sort();
    let mut values: Vec<&StoredCredential> = Vec::new();
    let mut groups = BTreeMap::new();
    for (_, _, place) in order {
        let Some(value) = collected.get(place).and_then(|one| one.credential.as_ref()) else {
            continue;
        };
        let known = values.iter().position(|known| known.same_value(value));
        let group = known.unwrap_or_else(|| {
            values.push(value);
            values.len() - 1
        });
        groups.insert(place, u32::try_from(group + 1).unwrap_or(u32::MAX));
    }
    drop(values);
    let names = estate
        .registrations
        .iter()
        .map(|registration| registration.name.clone());
    names
        .zip(collected)
        .enumerate()
        .map(|(place, (name, mut one))| {
            one.set_group(groups.get(&place).copied());
            (name, one.evidence)
        })
        .collect()
}
