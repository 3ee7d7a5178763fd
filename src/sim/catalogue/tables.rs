//! The tables that come with every Dataverse environment, with the names that go with each.

use crate::model::word::labels;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

const TEXT: &str = include_str!("tables.toml");

/// A test reads it, so that a broken one never leaves the workshop.
static FILE: LazyLock<File> = LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    operations: BTreeMap<String, Vec<String>>,
    tables: BTreeMap<String, Table>,
}

labels! {
    /// Who owns the rows of a table.
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub(in crate::sim) enum Ownership {
        User = "UserOwned",
        /// Users, teams, units, roles.
        Business = "BusinessOwned",
        /// Rights on it are all or nothing.
        Organization = "OrganizationOwned",
        Nobody = "None",
    }
}

impl Ownership {
    /// Whether a right can reach less far than the whole organisation.
    pub(crate) const fn by_unit(self) -> bool {
        matches!(self, Self::User | Self::Business)
    }
}

/// A table as the Web API names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sim) struct Table {
    #[serde(skip)]
    pub name: String,
    pub set: String,
    #[serde(rename = "id")]
    pub id_field: String,
    #[serde(rename = "title")]
    pub name_field: String,
    /// What its privileges are called: `Activity` for a phone call.
    noun: String,
    /// Object type code.
    #[serde(rename = "code")]
    pub type_code: u32,
    pub ownership: Ownership,
    /// Key of the file's operations.
    operations: String,
}

impl Table {
    /// A table made here, not by Microsoft. Its privileges are called by the schema name, which keeps its
    /// capitals.
    pub(crate) fn custom(
        name: &str,
        set: &str,
        schema: &str,
        type_code: u32,
        ownership: Ownership,
    ) -> Self {
        let shared = ownership == Ownership::Organization;
        Self {
            name: name.to_owned(),
            set: set.to_owned(),
            id_field: format!("{name}id"),
            name_field: "cnt_name".to_owned(),
            noun: schema.to_owned(),
            type_code,
            ownership,
            operations: if shared { "shared" } else { "all" }.to_owned(),
        }
    }

    /// What can be done with its rows, as its privileges name it: `Create`, `Read` ..
    pub(crate) fn operations(&self) -> &'static [String] {
        let known = FILE.operations.get(&self.operations);
        known.map_or(&[], Vec::as_slice)
    }

    /// `prvReadContact`; `operation` is `Read`, `Create` ..
    pub(crate) fn privilege(&self, operation: &str) -> String {
        format!("prv{operation}{}", self.noun)
    }

    pub(crate) const fn is_custom(&self) -> bool {
        self.type_code >= 10_000
    }

    /// The name shown to people.
    pub(crate) fn label(&self) -> String {
        let mut letters = self.name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    }
}

/// All of them, by logical name.
pub(in crate::sim) fn tables() -> impl Iterator<Item = Table> {
    FILE.tables.iter().map(|(name, table)| Table {
        name: name.clone(),
        ..table.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_operations_that_the_file_names() {
        let file: File = toml::from_str(TEXT).unwrap_or_else(|error| panic!("{error}"));
        for (name, table) in file.tables {
            assert!(file.operations.contains_key(&table.operations), "{name}");
        }
    }
}
