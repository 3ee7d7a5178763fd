//! What an integration should be able to do, and what it must not.

use crate::model::word::words;
use serde::{Deserialize, Serialize};

use crate::model::Operation;

/// What an integration should be able to do in Dataverse.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DataverseExpectations {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_unit: Option<String>,
    /// Exactly these, directly or through teams. `None`: nothing stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Nothing on a business table may be created, written or deleted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
    /// What holds for tables that are named neither under `allow` nor under `deny`.
    #[serde(default)]
    pub default: Unnamed,
    /// Whether the integration reads metadata: the organisation, definitions of tables, global option sets.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub metadata: bool,
    /// Global option sets that the integration reads, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub option_sets: Vec<String>,
    /// Table logical names.
    pub allow: Expectations,
    pub deny: Expectations,
}

/// Names by operation, sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Expectations {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub create: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub write: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delete: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub append: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub append_to: Vec<String>,
}

impl Expectations {
    /// The names under one operation.
    pub fn of(&self, operation: Operation) -> &[String] {
        match operation {
            Operation::Read => &self.read,
            Operation::Create => &self.create,
            Operation::Write => &self.write,
            Operation::Delete => &self.delete,
            Operation::Append => &self.append,
            Operation::AppendTo => &self.append_to,
        }
    }

    /// The same, to be filled.
    pub(super) fn of_mut(&mut self, operation: Operation) -> &mut Vec<String> {
        match operation {
            Operation::Read => &mut self.read,
            Operation::Create => &mut self.create,
            Operation::Write => &mut self.write,
            Operation::Delete => &mut self.delete,
            Operation::Append => &mut self.append,
            Operation::AppendTo => &mut self.append_to,
        }
    }

    /// Every operation with its names, read first.
    pub fn by_operation(&self) -> [(Operation, &[String]); 6] {
        Operation::ALL.map(|operation| (operation, self.of(operation)))
    }

    /// Every name under any operation.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.by_operation().into_iter().flat_map(|(_, names)| names)
    }
}

/// What an integration should be able to do in Finance & Operations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FinopsExpectations {
    /// The F&O user that the client maps to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Public collection names, as in `/data`.
    pub allow: Expectations,
    pub deny: Expectations,
}

words! {
    /// What holds for tables that are named neither under `allow` nor under `deny`.
    #[derive(Default)]
    pub enum Unnamed {
        #[default]
        NotStated = "not-stated",
        /// Every table that any registration of the environment names is denied here, for every operation
        /// that is not allowed here.
        Deny = "deny",
    }
}

/// An application permission: `Dynamics ERP/Connector.FullAccess`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Permission {
    /// The resource's display name, or its application id (GUID, lower case).
    pub resource: String,
    /// The role's value: `Connector.FullAccess`.
    pub role: String,
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.resource, self.role)
    }
}
