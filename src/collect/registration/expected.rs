//! What the estate expects of a registration, as the questions that follow from it.

use std::collections::BTreeSet;

use crate::estate::{Expectations, Registration};
use crate::evidence::{Expected, MetadataTarget};

/// Reads of tables: every one that is expected to be allowed, then every one expected to be denied.
pub(super) fn table_reads(
    registration: &Registration,
) -> impl Iterator<Item = (&String, Expected)> {
    let expected = registration.dataverse.as_ref();
    reads(expected.map(|all| (&all.allow, &all.deny)))
}

/// The same of collections.
pub(super) fn collection_reads(
    registration: &Registration,
) -> impl Iterator<Item = (&String, Expected)> {
    let expected = registration.finops.as_ref();
    reads(expected.map(|all| (&all.allow, &all.deny)))
}

fn reads<'r>(
    expected: Option<(&'r Expectations, &'r Expectations)>,
) -> impl Iterator<Item = (&'r String, Expected)> {
    expected.into_iter().flat_map(|(allow, deny)| {
        let allowed = allow.read.iter().map(|name| (name, Expected::Allowed));
        allowed.chain(deny.read.iter().map(|name| (name, Expected::Denied)))
    })
}

/// The pieces of metadata that it declares it needs.
pub(super) fn metadata(registration: &Registration) -> Vec<MetadataTarget> {
    let expected = registration.dataverse.as_ref();
    expected.map_or_else(Vec::new, MetadataTarget::declared)
}

/// Every table that the registration names under any operation, sorted, each once.
pub(in crate::collect) fn tables(registration: &Registration) -> Vec<String> {
    let expected = registration.dataverse.as_ref();
    let names = expected
        .into_iter()
        .flat_map(|all| all.allow.names().chain(all.deny.names()));
    let names: BTreeSet<&String> = names.collect();
    names.into_iter().cloned().collect()
}

/// Every collection that the registration is expected to read, or not to.
pub(in crate::collect) fn collections(
    registration: &Registration,
) -> impl Iterator<Item = &String> {
    collection_reads(registration).map(|(collection, _)| collection)
}
