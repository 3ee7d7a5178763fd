//! The table of Microsoft clouds: the only place an authority, Graph host or service suffix comes from.
//!
//! Every line names the page it was read on and that page's own date; all were read in November 2026:
//! - *Entra*: "Microsoft Entra authentication & national clouds" (2025-01-15)
//! - *Graph*: "Microsoft Graph national cloud deployments" (undated)
//! - *Regions*: Power Platform "Datacenter regions" (2022-02-23; newer numbers are in use, so any is taken)
//! - *Discovery*: Power Apps "Discover user organizations" (global discovery per cloud)
//! - *Geographies*: "Available geographies for finance and operations apps" (2025-01-22)
//! - *Environments*: Power Platform API, "List Environments For User" (2024-10-01), which names the public cloud's
//!   host alone
//! - *Resources*: the cloud settings of Microsoft's own Azure SDK (`getArmEndpoint`)
//! - Portals: Azure Government "Compare Azure Government and global Azure", Power Apps "US Government" (admin centres of
//!   GCC, GCC High and DoD); those of China from public guides
//! - *Endpoints*: "Azure Key Vault keys, secrets, and certificates overview", DNS suffixes (2021)

use crate::model::word::words;

words! {
    /// One of Microsoft's clouds.
    #[derive(Default)]
    pub enum Cloud {
        #[default]
        Public = "public",
        UsGovernment = "us-government",
        UsDod = "us-dod",
        China = "china",
    }
}

/// The hosts of one cloud.
#[derive(Debug)]
pub struct CloudHosts {
    /// Host of the token endpoint.
    pub login: &'static str,
    /// Host of Microsoft Graph.
    pub graph: &'static str,
    /// What a Key Vault host ends with, dot included.
    pub vault: &'static str,
    /// Resource that a Key Vault token is asked for.
    pub vault_resource: &'static str,
    /// What a Dataverse host ends with: `crm4.dynamics.com` fits `crm*` + `.dynamics.com`.
    pub dataverse: &'static [DataverseSuffix],
    /// What a Finance & Operations host ends with, dot included; a sandbox has `.sandbox` before it. Empty
    /// where no document names one.
    pub finops: &'static [&'static str],
    /// Host of Dataverse's Global Discovery, which lists the environments of a signed-in person.
    pub global_discovery: &'static str,
    /// Host of the Power Platform API; `None` where no document names one.
    pub power_platform: Option<&'static str>,
    /// Host of Azure Resource Manager.
    pub resource_manager: &'static str,
    /// Host of the portal with the app registrations.
    pub entra_portal: &'static str,
    /// Host of the Azure portal.
    pub azure_portal: &'static str,
    /// Host of the Power Platform admin centre.
    pub power_platform_portal: &'static str,
}

/// The Power Platform admin centre of GCC, which is in the public cloud but for this.
const GCC: &str = "gcc.admin.powerplatform.microsoft.us";

/// How Dataverse hosts of a cloud end: a region label, then this domain.
#[derive(Debug)]
pub struct DataverseSuffix {
    /// The region label: its name, followed by digits where `numbered`.
    pub label: &'static str,
    pub numbered: bool,
    /// The rest, dot included.
    pub domain: &'static str,
}

const PUBLIC: CloudHosts = CloudHosts {
    login: "login.microsoftonline.com",        // Entra
    graph: "graph.microsoft.com",              // Graph
    vault: ".vault.azure.net",                 // Endpoints
    vault_resource: "https://vault.azure.net", // Endpoints
    dataverse: &[DataverseSuffix {
        // Regions: crm (NAM), crm2 to crm22 so far, and new ones come with any number; GCC is crm9 and signs
        // in at the public Entra.
        label: "crm",
        numbered: true,
        domain: ".dynamics.com",
    }],
    finops: &[
        ".operations.dynamics.com",             // Geographies: United States
        ".operations.eu.dynamics.com",          // Geographies: Europe
        ".operations.fr.dynamics.com",          // Geographies: France
        ".operations.no.dynamics.com",          // Geographies: Norway
        ".operations.sa.dynamics.com",          // Geographies: South Africa
        ".operations.ch.dynamics.com",          // Geographies: Switzerland
        ".operations.uae.dynamics.com",         // Geographies: United Arab Emirates
        ".operations.gov.microsoftdynamics.us", // Geographies: US Government Community Cloud (GCC)
        ".axcloud.dynamics.com", // "Development and build environments" (2024): cloud-hosted
        ".cloudax.dynamics.com", // "Development and build environments" (2024): cloud-hosted
        ".sandbox.ax.dynamics.com", // older developer environments, in many public clients
    ],
    global_discovery: "globaldisco.crm.dynamics.com", // Discovery; GCC has one of its own
    power_platform: Some("api.powerplatform.com"),    // Environments
    resource_manager: "management.azure.com",         // Resources
    entra_portal: "entra.microsoft.com",
    azure_portal: "portal.azure.com",
    power_platform_portal: "admin.powerplatform.microsoft.com",
};

const US_GOVERNMENT: CloudHosts = CloudHosts {
    login: "login.microsoftonline.us",                 // Entra
    graph: "graph.microsoft.us",                       // Graph: L4
    vault: ".vault.usgovcloudapi.net",                 // Endpoints
    vault_resource: "https://vault.usgovcloudapi.net", // Endpoints
    dataverse: &[DataverseSuffix {
        // Regions: GCC High
        label: "crm",
        numbered: false,
        domain: ".microsoftdynamics.us",
    }],
    finops: &[
        ".operations.high.microsoftdynamics.us", // Geographies: GCC High
    ],
    global_discovery: "globaldisco.crm.microsoftdynamics.us", // Discovery: USG
    power_platform: None,
    resource_manager: "management.usgovcloudapi.net", // Resources
    entra_portal: "portal.azure.us",
    azure_portal: "portal.azure.us",
    power_platform_portal: "high.admin.powerplatform.microsoft.us",
};

const US_DOD: CloudHosts = CloudHosts {
    login: "login.microsoftonline.us",                 // Entra
    graph: "dod-graph.microsoft.us",                   // Graph: L5
    vault: ".vault.usgovcloudapi.net",                 // Endpoints
    vault_resource: "https://vault.usgovcloudapi.net", // Endpoints
    dataverse: &[DataverseSuffix {
        // Discovery: DOD
        label: "crm",
        numbered: false,
        domain: ".appsplatform.us",
    }],
    finops: &[],                                         // Geographies names none.
    global_discovery: "globaldisco.crm.appsplatform.us", // Discovery: DOD
    power_platform: None,
    resource_manager: "management.usgovcloudapi.net", // Resources
    entra_portal: "portal.azure.us",
    azure_portal: "portal.azure.us",
    power_platform_portal: "admin.appsplatform.us",
};

const CHINA: CloudHosts = CloudHosts {
    login: "login.partner.microsoftonline.cn", // Entra
    graph: "microsoftgraph.chinacloudapi.cn",  // Graph
    vault: ".vault.azure.cn",                  // Endpoints
    vault_resource: "https://vault.azure.cn",  // Endpoints
    dataverse: &[DataverseSuffix {
        // Regions: CHN
        label: "crm",
        numbered: false,
        domain: ".dynamics.cn",
    }],
    finops: &[
        ".operations.dynamics.cn", // Not in Geographies; served so in public (certificates, users' pages).
    ],
    global_discovery: "globaldisco.crm.dynamics.cn", // Discovery: China
    power_platform: None,
    resource_manager: "management.chinacloudapi.cn", // Resources
    entra_portal: "portal.azure.cn",
    azure_portal: "portal.azure.cn",
    power_platform_portal: "admin.powerplatform.partner.microsoftonline.cn",
};

impl Cloud {
    /// This cloud's row of the table.
    pub const fn hosts(self) -> &'static CloudHosts {
        match self {
            Self::Public => &PUBLIC,
            Self::UsGovernment => &US_GOVERNMENT,
            Self::UsDod => &US_DOD,
            Self::China => &CHINA,
        }
    }

    /// Whether `host` is a Key Vault of this cloud: one label before the suffix.
    pub fn is_vault_host(self, host: &str) -> bool {
        host.strip_suffix(self.hosts().vault)
            .is_some_and(is_one_label)
    }

    /// Whether `host` is a Dataverse organisation of this cloud, in either of its two forms
    /// (`contoso.crm4.dynamics.com`, `contoso.api.crm4.dynamics.com`).
    pub fn is_dataverse_host(self, host: &str) -> bool {
        dataverse_parts(self, host).is_some()
    }

    /// The organisation's root host, without `.api`: what a token is asked for.
    pub fn dataverse_root(self, host: &str) -> Option<String> {
        dataverse_parts(self, host).map(|(name, region)| format!("{name}.{region}"))
    }

    /// The host of the organisation's Web API, with `.api`.
    pub fn dataverse_api(self, host: &str) -> Option<String> {
        dataverse_parts(self, host).map(|(name, region)| format!("{name}.api.{region}"))
    }

    /// Host of the Power Platform admin centre for an organisation's host: GCC, whose region is `crm9`, has its own.
    pub(crate) fn power_platform_portal(self, host: &str) -> &'static str {
        let region = dataverse_parts(self, host).map(|(_, region)| region);
        match (self, region) {
            (Self::Public, Some("crm9.dynamics.com")) => GCC,
            _ => self.hosts().power_platform_portal,
        }
    }

    /// Whether `host` is a Finance & Operations environment of this cloud.
    pub fn is_finops_host(self, host: &str) -> bool {
        self.hosts().finops.iter().any(|suffix| {
            host.strip_suffix(suffix)
                .is_some_and(|name| !name.is_empty() && name.split('.').all(is_one_label))
        })
    }
}

/// Splits `contoso[.api].crm4.dynamics.com` into (`contoso`, `crm4.dynamics.com`).
fn dataverse_parts(cloud: Cloud, host: &str) -> Option<(&str, &str)> {
    let (name, rest) = host.split_once('.')?;
    let region = rest.strip_prefix("api.").unwrap_or(rest);
    let known = cloud.hosts().dataverse.iter().any(|suffix| {
        region
            .strip_suffix(suffix.domain)
            .and_then(|label| label.strip_prefix(suffix.label))
            .is_some_and(|number| {
                number.is_empty()
                    || (suffix.numbered && number.bytes().all(|byte| byte.is_ascii_digit()))
            })
    });
    (known && is_one_label(name)).then_some((name, region))
}

fn is_one_label(label: &str) -> bool {
    !label.is_empty()
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::Cloud;

    #[test]
    fn both_dataverse_forms_are_one_organisation() {
        for host in ["contoso.crm4.dynamics.com", "contoso.api.crm4.dynamics.com"] {
            assert_eq!(
                Cloud::Public.dataverse_root(host).as_deref(),
                Some("contoso.crm4.dynamics.com")
            );
            assert_eq!(
                Cloud::Public.dataverse_api(host).as_deref(),
                Some("contoso.api.crm4.dynamics.com")
            );
        }
    }

    /// Every form that "Available geographies for finance and operations apps" lists, and its sandbox.
    const FINOPS: [(&str, Cloud); 9] = [
        ("operations.dynamics.com", Cloud::Public),
        ("operations.eu.dynamics.com", Cloud::Public),
        ("operations.fr.dynamics.com", Cloud::Public),
        ("operations.no.dynamics.com", Cloud::Public),
        ("operations.sa.dynamics.com", Cloud::Public),
        ("operations.ch.dynamics.com", Cloud::Public),
        ("operations.uae.dynamics.com", Cloud::Public),
        ("operations.gov.microsoftdynamics.us", Cloud::Public),
        ("operations.high.microsoftdynamics.us", Cloud::UsGovernment),
    ];

    #[test]
    fn finance_and_operations_is_known_in_every_geography_and_in_its_cloud_only() {
        for (end, home) in FINOPS {
            for name in ["contoso", "contoso.sandbox"] {
                let host = format!("{name}.{end}");
                let fits: Vec<Cloud> = Cloud::ALL
                    .into_iter()
                    .filter(|cloud| cloud.is_finops_host(&host))
                    .collect();
                assert_eq!(fits, [home], "{host}");
            }
            assert!(!home.is_finops_host(end), "{end}");
            assert!(!home.is_finops_host(&format!("contoso{end}")), "{end}");
            assert!(
                !home.is_finops_host(&format!("contoso.{end}.evil.example")),
                "{end}"
            );
            assert!(!home.is_finops_host(&format!("contoso..{end}")), "{end}");
        }
        assert!(Cloud::Public.is_finops_host("contoso-devaos.cloudax.dynamics.com"));
        assert!(Cloud::Public.is_finops_host("contoso-devaos.axcloud.dynamics.com"));
        assert!(Cloud::China.is_finops_host("uat1.sandbox.operations.dynamics.cn"));
        for unknown in ["in", "gov", "high", "eu.eu"] {
            let host = format!("contoso.operations.{unknown}.dynamics.com");
            assert!(!Cloud::Public.is_finops_host(&host), "{host}");
        }
    }

    #[test]
    fn dataverse_is_known_in_every_region() {
        for number in [
            "", "2", "3", "4", "5", "6", "7", "8", "9", "11", "12", "14", "15", "16", "17", "21",
        ] {
            let host = format!("contoso.crm{number}.dynamics.com");
            assert!(Cloud::Public.is_dataverse_host(&host), "{host}");
        }
        assert!(Cloud::UsDod.is_dataverse_host("contoso.crm.appsplatform.us"));
        assert!(Cloud::China.is_dataverse_host("contoso.crm.dynamics.cn"));
    }

    #[test]
    fn hosts_of_elsewhere_do_not_fit() {
        for host in [
            "contoso.crm4.dynamics.com.evil.example",
            "evil.example",
            "crm4.dynamics.com",
            "contoso.crmx.dynamics.com",
            "contoso.crm.microsoftdynamics.us",
            ".crm.dynamics.com",
        ] {
            assert!(!Cloud::Public.is_dataverse_host(host), "{host}");
        }
        assert!(Cloud::UsGovernment.is_dataverse_host("contoso.crm.microsoftdynamics.us"));
        assert!(!Cloud::Public.is_vault_host("a.b.vault.azure.net"));
        assert!(!Cloud::Public.is_vault_host("vault.azure.net"));
        assert!(Cloud::Public.is_vault_host("kv-contoso.vault.azure.net"));
    }
}
