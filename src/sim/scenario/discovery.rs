//! What a scenario says about finding an estate: who may list environments, and what the lists leave out.

use serde::Deserialize;

use super::Auditor;

/// Absent: the audit's own application lists everything, and its person what a person sees.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct Discovery {
    /// Names of applications, and keys of people, that hold the role Power Platform reader in the whole tenant.
    /// Absent: the audit's application. Other people list the environments that they use.
    pub power_platform_readers: Option<Vec<String>>,
    /// Names of applications that an administrator registered as management applications: each administers
    /// every environment.
    pub management_applications: Vec<String>,
    /// Names of environments that have no Dataverse, and so no address.
    pub environments_without_dataverse: Vec<String>,
    /// Largest page of the Power Platform's list of environments; 100 when absent.
    pub environment_page: Option<usize>,
    /// Those that hold Reader on the tenants' subscriptions. Absent: the audit's application and its person.
    pub subscription_readers: Option<Vec<String>>,
    /// Subscriptions, as vaults name theirs, that they do not read.
    pub unreadable_subscriptions: Vec<String>,
    /// Largest page of the list of subscriptions; 1,000 when absent.
    pub subscription_page: Option<usize>,
    pub resource_graph: ResourceGraph,
    /// How the Global Discovery service turns applications away.
    pub global_discovery_to_applications: ToApplications,
    /// The tenants have no service principal for the Power Platform API: no token for it.
    pub without_power_platform_api: bool,
}

/// Switches of Azure Resource Graph.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct ResourceGraph {
    /// Largest page of a result; 1,000 when absent.
    pub page: Option<usize>,
    /// Every result loses its second half, says so, and gives no token for the rest.
    pub truncated_without_token: bool,
    /// Whether more than fifteen queries in five seconds are refused.
    pub limit: bool,
}

impl Default for ResourceGraph {
    fn default() -> Self {
        Self {
            page: None,
            truncated_without_token: false,
            limit: true,
        }
    }
}

/// What an application gets from a service for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum ToApplications {
    /// 401.
    #[default]
    Unauthorized,
    /// 403.
    Forbidden,
    /// 200, as somebody who uses no environment: it looks as if there were none.
    EmptyList,
}

impl Discovery {
    /// Whether whoever has this name reads subscriptions.
    pub(crate) fn reads_subscriptions(&self, auditor: &Auditor, name: &str) -> bool {
        match &self.subscription_readers {
            Some(readers) => readers.iter().any(|reader| reader == name),
            None => auditor.application == name || auditor.person.as_deref() == Some(name),
        }
    }

    /// Whether whoever has this name holds the role Power Platform reader.
    pub(crate) fn reads_power_platform(&self, auditor: &Auditor, name: &str) -> bool {
        match &self.power_platform_readers {
            Some(readers) => readers.iter().any(|reader| reader == name),
            None => auditor.application == name,
        }
    }
}
