//! What a scenario says about a Dynamics 365 environment.

use crate::model::word::labels;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Finops, yes};
use crate::sim::catalogue::{Ownership, Table, tables};

/// An environment with its Dataverse organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::sim) struct Environment {
    pub tenant: String,
    /// `contoso.crm4.dynamics.com`; the form with `.api` is served as well.
    pub host: String,
    pub organization_id: String,
    pub friendly_name: String,
    /// The first is the root; the others are its children.
    pub business_units: Vec<String>,
    #[serde(default)]
    pub roles: Vec<Role>,
    #[serde(default)]
    pub teams: Vec<Team>,
    #[serde(default)]
    pub users: Vec<User>,
    /// Tables beside the standard ones.
    #[serde(default)]
    pub tables: Vec<CustomTable>,
    /// WhoAmI, too, is refused to a user without roles.
    #[serde(default)]
    pub who_am_i_needs_a_role: bool,
    /// How a disabled user is refused.
    #[serde(default)]
    pub disabled_user: DisabledAnswer,
    /// Largest page of a list; 5,000 when absent.
    pub page: Option<usize>,
    /// Global choices beside the standard ones.
    #[serde(default)]
    pub option_sets: Vec<String>,
    /// A user may read its own row, and ask what it may do, without a right to read users.
    #[serde(default)]
    pub own_user_is_readable: bool,
    /// `false`: rows of effective privileges and of roles carry ids only, as older answers did.
    #[serde(default = "yes")]
    pub privilege_names: bool,
    /// Whether a write is judged by privileges before the row is looked for. Not documented.
    #[serde(default = "yes")]
    pub privilege_before_existence: bool,
    /// Code of the 404 of an absent row; some servers leave it empty.
    #[serde(default = "does_not_exist")]
    pub absent_row_code: String,
    /// Every PATCH, DELETE and POST is answered 204 and noted as a change.
    #[serde(default)]
    pub honours_every_write: bool,
    /// `false`: none of Microsoft's own application users.
    #[serde(default = "yes")]
    pub microsoft_users: bool,
    pub finops: Option<Finops>,
}

impl Environment {
    /// Its tables, those that come with it and its own, by logical name.
    pub fn every_table(&self) -> Vec<Table> {
        let custom = self.tables.iter().zip(10_500..).map(|(table, code)| {
            let schema = table.schema.as_ref().unwrap_or(&table.name);
            let ownership = if table.organization_owned {
                Ownership::Organization
            } else {
                Ownership::User
            };
            Table::custom(&table.name, &table.set, schema, code, ownership)
        });
        let mut every: Vec<Table> = tables().chain(custom).collect();
        every.sort_by(|left, right| left.name.cmp(&right.name));
        every
    }

    /// By the logical name.
    pub fn table(&self, name: &str) -> Option<Table> {
        let mut tables = self.every_table().into_iter();
        tables.find(|table| table.name == name)
    }

    /// By the set; metadata has others, which are no rows.
    pub fn table_of_set(&self, set: &str) -> Option<Table> {
        self.every_table()
            .into_iter()
            .find(|table| table.set == set && !["entity", "optionset"].contains(&&*table.name))
    }
}

fn does_not_exist() -> String {
    "0x80040217".to_owned()
}

/// A security role. Every business unit holds a copy of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::sim) struct Role {
    pub name: String,
    #[serde(default)]
    pub template: Option<Template>,
    /// Table logical names; `entity` stands for metadata.
    #[serde(default)]
    pub read: Vec<String>,
    #[serde(default)]
    pub create: Vec<String>,
    #[serde(default)]
    pub write: Vec<String>,
    #[serde(default)]
    pub delete: Vec<String>,
    #[serde(default)]
    pub append: Vec<String>,
    #[serde(default)]
    pub append_to: Vec<String>,
    #[serde(default)]
    pub assign: Vec<String>,
    #[serde(default)]
    pub share: Vec<String>,
    /// How far the rights named here reach. Tables of the organisation know only all or nothing.
    #[serde(default)]
    pub depth: Depth,
    /// By table, where another than `depth`.
    #[serde(default)]
    pub depths: BTreeMap<String, Depth>,
    /// Privileges that belong to no table: `prvExportToExcel`.
    #[serde(default)]
    pub privileges: Vec<String>,
    /// Made as a copy of a role that comes with the product: its privileges under another name, and no
    /// template.
    #[serde(default)]
    pub copy_of: Option<Template>,
}

impl Role {
    /// Tables by what the role lets do with them.
    pub fn tables(&self) -> [(&'static str, &[String]); 8] {
        [
            ("Read", &self.read),
            ("Create", &self.create),
            ("Write", &self.write),
            ("Delete", &self.delete),
            ("Append", &self.append),
            ("AppendTo", &self.append_to),
            ("Assign", &self.assign),
            ("Share", &self.share),
        ]
    }
}

labels! {
    /// How far a privilege reaches.
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub(in crate::sim) enum Depth {
        User = "Basic",
        BusinessUnit = "Local",
        ParentAndChild = "Deep",
        #[default]
        Organization = "Global",
    }
}

/// Roles that come with the product, known by the id of their template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum Template {
    SystemAdministrator,
    SystemCustomizer,
    BasicUser,
}

impl Template {
    pub const fn id(self) -> &'static str {
        match self {
            Self::SystemAdministrator => "627090ff-40a3-4053-8790-584edc5be201",
            Self::SystemCustomizer => "119f245c-3cc8-4b62-b31c-d1a046ced15d",
            Self::BasicUser => "236750cd-45ae-4939-ab12-b24b920ced93",
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::sim) struct Team {
    pub name: String,
    #[serde(default)]
    pub roles: Vec<String>,
}

/// A user: an application's, or a person's.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::sim) struct User {
    pub application: Option<String>,
    pub person: Option<String>,
    /// The root when absent.
    pub business_unit: Option<String>,
    #[serde(default)]
    pub roles: Vec<String>,
    #[serde(default)]
    pub teams: Vec<String>,
    #[serde(default)]
    pub disabled: bool,
    /// WhoAmI answers with these ids instead of the true ones.
    #[serde(default)]
    pub who_am_i: WhoAmI,
    /// `modifiedon`
    #[serde(default = "a_month")]
    pub changed_days_ago: i64,
    /// Tables whose reads are answered against what the roles say.
    #[serde(default)]
    pub odd_reads: BTreeMap<String, OddRead>,
    /// Client id and name of one of Microsoft's own. Added to every environment.
    #[serde(skip)]
    pub microsoft: Option<(&'static str, &'static str)>,
}

fn a_month() -> i64 {
    30
}

/// An answer that the roles do not explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum OddRead {
    Refused,
    Allowed,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct WhoAmI {
    pub user_id: Option<String>,
    pub organization_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::sim) struct CustomTable {
    /// `cnt_synclog`
    pub name: String,
    /// `cnt_synclogs`
    pub set: String,
    /// `cnt_SyncLog`: its privileges are called by it. The logical name when absent.
    pub schema: Option<String>,
    /// Rights on it are all or nothing.
    #[serde(default)]
    pub organization_owned: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(in crate::sim) enum DisabledAnswer {
    /// 403 with 0x80040225.
    #[default]
    #[serde(rename = "403")]
    Forbidden,
    /// 400 with 0x80041d1f.
    #[serde(rename = "400")]
    BadRequest,
}
