//! The public collections that come with every Finance & Operations environment.

use std::sync::LazyLock;

use serde::Deserialize;

const TEXT: &str = include_str!("collections.toml");

/// A test reads it, so that a broken one never leaves the workshop.
static FILE: LazyLock<File> = LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());

/// An entity that exists and is not public: no collection under `/data`.
pub(in crate::sim) const NOT_PUBLIC: &str = "CustDirectDebitMandateEntity";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    collections: Vec<Collection>,
}

/// A public collection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sim) struct Collection {
    /// `CustomersV3`: the name under `/data`, case and all.
    pub set: String,
    /// `CustomerV3`: the public entity's name.
    pub entity: String,
    /// The entity's name inside the product.
    pub inner: String,
    pub keys: Vec<String>,
    pub fields: Vec<String>,
}

/// All of them.
pub(in crate::sim) fn collections() -> &'static [Collection] {
    &FILE.collections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read() {
        let file: File = toml::from_str(TEXT).unwrap_or_else(|error| panic!("{error}"));
        assert!(file.collections.is_sorted_by(|a, b| a.set < b.set));
    }
}
