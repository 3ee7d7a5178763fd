//! What a scenario says about a Dynamics 365 environment.

use crate::model::word::labels;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Finops, yes};
use crate::sim::catalogue::{Ownership, Table, tables};

tables! {
    /// An environment with its Dataverse organisation.
    pub(in crate::sim) struct Environment {
        pub tenant: String,
        /// `contoso.crm4.dynamics.com`; the form with `.api` is served as well.
        pub host: String,
        pub organization_id: String,
        pub friendly_name: String,
        /// What kind of environment the Power Platform takes it for.
        #[serde(rename = "type")]
        pub kind: EnvironmentType = default,
        /// As the Power Platform lists it; which words there are is not published.
        #[serde(default = "ready")]
        pub state: String,
        /// The first is the root; the others are its children.
        pub business_units: Vec<String>,
        pub roles: Vec<Role> = default,
        pub teams: Vec<Team> = default,
        pub users: Vec<User> = default,
        /// Tables beside the standard ones.
        pub tables: Vec<CustomTable> = default,
        /// WhoAmI, too, is refused to a user without roles.
        pub who_am_i_needs_a_role: bool = default,
        /// How a disabled user is refused.
        pub disabled_user: DisabledAnswer = default,
        /// Largest page of a list; 5,000 when absent.
        pub page: Option<usize>,
        /// Global choices beside the standard ones.
        pub option_sets: Vec<String> = default,
        /// A user may read its own row, and ask what it may do, without a right to read users.
        pub own_user_is_readable: bool = default,
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
        pub honours_every_write: bool = default,
        /// `false`: none of Microsoft's own application users.
        #[serde(default = "yes")]
        pub microsoft_users: bool,
        pub finops: Option<Finops>,
    }

    /// A security role. Every business unit holds a copy of it.
    pub(in crate::sim) struct Role {
        pub name: String,
        pub template: Option<Template> = default,
        /// Table logical names; `entity` stands for metadata.
        pub read: Vec<String> = default,
        pub create: Vec<String> = default,
        pub write: Vec<String> = default,
        pub delete: Vec<String> = default,
        pub append: Vec<String> = default,
        pub append_to: Vec<String> = default,
        pub assign: Vec<String> = default,
        pub share: Vec<String> = default,
        /// How far the rights named here reach. Tables of the organisation know only all or nothing.
        pub depth: Depth = default,
        /// By table, where another than `depth`.
        pub depths: BTreeMap<String, Depth> = default,
        /// Privileges that belong to no table: `prvExportToExcel`.
        pub privileges: Vec<String> = default,
        /// Made as a copy of a role that comes with the product: its privileges under another name, and no
        /// template.
        pub copy_of: Option<Template> = default,
    }

    pub(in crate::sim) struct Team {
        pub name: String,
        pub roles: Vec<String> = default,
    }

    /// A user: an application's, or a person's.
    pub(in crate::sim) struct User {
        pub application: Option<String>,
        pub person: Option<String>,
        /// The root when absent.
        pub business_unit: Option<String>,
        pub roles: Vec<String> = default,
        pub teams: Vec<String> = default,
        pub disabled: bool = default,
        /// WhoAmI answers with these ids instead of the true ones.
        pub who_am_i: WhoAmI = default,
        /// `modifiedon`
        #[serde(default = "a_month")]
        pub changed_days_ago: i64,
        /// Tables whose reads are answered against what the roles say.
        pub odd_reads: BTreeMap<String, OddRead> = default,
        /// Client id and name of one of Microsoft's own. Added to every environment.
        #[serde(skip)]
        pub microsoft: Option<(&'static str, &'static str)>,
    }

    pub(in crate::sim) struct CustomTable {
        /// `cnt_synclog`
        pub name: String,
        /// `cnt_synclogs`
        pub set: String,
        /// `cnt_SyncLog`: its privileges are called by it. The logical name when absent.
        pub schema: Option<String>,
        /// Rights on it are all or nothing.
        pub organization_owned: bool = default,
    }
}

impl Environment {
    /// Its tables, those that come with it and its own, by logical name.
    pub(crate) fn every_table(&self) -> Vec<Table> {
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
    pub(crate) fn table(&self, name: &str) -> Option<Table> {
        let mut tables = self.every_table().into_iter();
        tables.find(|table| table.name == name)
    }

    /// By the set; metadata has others, which are no rows.
    pub(crate) fn table_of_set(&self, set: &str) -> Option<Table> {
        self.every_table()
            .into_iter()
            .find(|table| table.set == set && !["entity", "optionset"].contains(&&*table.name))
    }
}

fn does_not_exist() -> String {
    "0x80040217".to_owned()
}

impl Role {
    /// Tables by what the role lets do with them.
    pub(crate) fn tables(&self) -> [(&'static str, &[String]); 8] {
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

labels! {
    /// `environmentSku`, in the words of the wire.
    #[derive(Default, Deserialize)]
    pub(in crate::sim) enum EnvironmentType {
        #[default]
        Production = "Production",
        Sandbox = "Sandbox",
        Developer = "Developer",
        Trial = "Trial",
        Default = "Default",
    }
}

fn ready() -> String {
    "Ready".to_owned()
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
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::SystemAdministrator => "627090ff-40a3-4053-8790-584edc5be201",
            Self::SystemCustomizer => "119f245c-3cc8-4b62-b31c-d1a046ced15d",
            Self::BasicUser => "236750cd-45ae-4939-ab12-b24b920ced93",
        }
    }
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
