//! Services of Microsoft's that every tenant has a service principal for, and the permissions they offer.

use crate::model::word::labels;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::sim::names;

const TEXT: &str = include_str!("resources.toml");

/// A test reads it, so that a broken one never leaves the workshop.
static FILE: LazyLock<File> = LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    dynamics_crm: Resource,
    dynamics_erp: Resource,
    graph: Resource,
}

/// Such a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(in crate::sim) enum ResourceName {
    #[serde(rename = "Dynamics CRM")]
    DynamicsCrm,
    #[serde(rename = "Dynamics ERP")]
    DynamicsErp,
    #[serde(rename = "Microsoft Graph")]
    Graph,
}

labels! {
    /// In the words of `requiredResourceAccess`.
    #[derive(Deserialize)]
    pub(in crate::sim) enum PermissionType {
        /// An application permission.
        Role = "Role",
        /// A delegated permission.
        Scope = "Scope",
    }
}

/// What is known of one.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::sim) struct Resource {
    pub app_id: String,
    pub display_name: String,
    roles: BTreeMap<String, String>,
    scopes: BTreeMap<String, String>,
}

impl Resource {
    /// The service a scenario names.
    pub(crate) fn of(name: ResourceName) -> &'static Self {
        match name {
            ResourceName::DynamicsCrm => &FILE.dynamics_crm,
            ResourceName::DynamicsErp => &FILE.dynamics_erp,
            ResourceName::Graph => &FILE.graph,
        }
    }

    /// The names of its permissions of this kind, each with its id or nothing.
    pub(crate) const fn offers(&self, kind: PermissionType) -> &BTreeMap<String, String> {
        match kind {
            PermissionType::Role => &self.roles,
            PermissionType::Scope => &self.scopes,
        }
    }

    /// Object id of its service principal: another one in each tenant.
    pub(crate) fn object_id(&self, tenant: &str) -> String {
        let label = format!("{tenant}/{}", self.display_name);
        names::guid("service-principal", &label)
    }

    /// The id under which a permission stands in `appRoles` or `oauth2PermissionScopes`.
    pub(crate) fn permission_id(&self, kind: PermissionType, name: &str) -> String {
        match self.offers(kind).get(name) {
            Some(id) if !id.is_empty() => id.clone(),
            _ => {
                let label = format!("{}/{name}", self.display_name);
                names::guid(kind.as_str(), &label)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::guid::is_guid;

    #[test]
    fn the_file_can_be_read_and_its_ids_are_guids() {
        let file: File = toml::from_str(TEXT).unwrap_or_else(|error| panic!("{error}"));
        for resource in [file.dynamics_crm, file.dynamics_erp, file.graph] {
            for (name, id) in resource.roles.iter().chain(&resource.scopes) {
                assert!(id.is_empty() || is_guid(id), "{name}");
            }
        }
    }
}
