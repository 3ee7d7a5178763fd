//! The tables every environment has, with the names that go with each.

mod standard;

use crate::sim::scenario::Environment;
use standard::{ALL, SHARED_BY_ALL, STANDARD, Standard};

/// Who owns the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Ownership {
    User,
    /// Users, teams, units, roles.
    Business,
    /// Rights on it are all or nothing.
    Organization,
    Nobody,
}

impl Ownership {
    /// In the words of `OwnershipType`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "UserOwned",
            Self::Business => "BusinessOwned",
            Self::Organization => "OrganizationOwned",
            Self::Nobody => "None",
        }
    }

    /// Whether a right can reach less far than the whole organisation.
    pub const fn by_unit(self) -> bool {
        matches!(self, Self::User | Self::Business)
    }
}

/// A table as the Web API names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Table {
    pub name: String,
    pub set: String,
    pub id_field: String,
    pub name_field: String,
    /// What its privileges are called: `Activity` for a phone call.
    privilege: String,
    /// Object type code.
    pub type_code: u32,
    pub ownership: Ownership,
    /// The privileges it has: `Create`, `Read` ..
    pub operations: &'static [&'static str],
}

impl Table {
    fn standard(row: &Standard) -> Self {
        let ([name, set, id_field, name_field, privilege], type_code, ownership, operations) = *row;
        Self {
            name: name.to_owned(),
            set: set.to_owned(),
            id_field: id_field.to_owned(),
            name_field: name_field.to_owned(),
            privilege: privilege.to_owned(),
            type_code,
            ownership,
            operations,
        }
    }

    /// `prvReadContact`; `operation` is `Read`, `Create` ..
    pub fn privilege(&self, operation: &str) -> String {
        format!("prv{operation}{}", self.privilege)
    }

    /// Made here, not by Microsoft.
    pub const fn is_custom(&self) -> bool {
        self.type_code >= 10_000
    }

    /// The name shown to people.
    pub fn label(&self) -> String {
        let mut letters = self.name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    }
}

/// All tables of an environment, by logical name.
pub(super) fn all(environment: &Environment) -> Vec<Table> {
    let custom = environment
        .tables
        .iter()
        .zip(10_500..)
        .map(|(table, type_code)| Table {
            name: table.name.clone(),
            set: table.set.clone(),
            id_field: format!("{}id", table.name),
            name_field: "cnt_name".to_owned(),
            // By the schema name, which keeps its capitals.
            privilege: table.schema.as_ref().unwrap_or(&table.name).clone(),
            type_code,
            ownership: if table.organization_owned {
                Ownership::Organization
            } else {
                Ownership::User
            },
            operations: if table.organization_owned {
                SHARED_BY_ALL
            } else {
                ALL
            },
        });
    let mut tables: Vec<Table> = STANDARD.iter().map(Table::standard).chain(custom).collect();
    tables.sort_by(|left, right| left.name.cmp(&right.name));
    tables
}

pub(super) fn by_set(environment: &Environment, set: &str) -> Option<Table> {
    all(environment)
        .into_iter()
        .find(|table| table.set == set && !["entity", "optionset"].contains(&&*table.name))
}

pub(super) fn by_name(environment: &Environment, name: &str) -> Option<Table> {
    all(environment)
        .into_iter()
        .find(|table| table.name == name)
}

/// Whether a scenario may name this table.
pub(in crate::sim) fn knows(environment: &Environment, name: &str) -> bool {
    by_name(environment, name).is_some()
}
