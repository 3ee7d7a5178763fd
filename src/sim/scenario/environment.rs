//! What a scenario says about a Dynamics 365 environment.

use serde::Deserialize;

use super::Finops;

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
    pub finops: Option<Finops>,
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
