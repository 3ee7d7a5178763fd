//! The table of Microsoft clouds: the only place an authority, Graph host or service suffix comes from.
//!
//! Sources: Entra "national clouds", Graph "deployments", Power Platform "datacenter regions"
//! (Microsoft Learn, read November 2026).

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of Microsoft's clouds.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Cloud {
    #[default]
    Public,
    UsGovernment,
    UsDod,
    China,
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
    /// What a Finance & Operations host ends with, dot included.
    pub finops: &'static [&'static str],
}

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
    login: "login.microsoftonline.com",
    graph: "graph.microsoft.com",
    vault: ".vault.azure.net",
    vault_resource: "https://vault.azure.net",
    dataverse: &[DataverseSuffix {
        label: "crm",
        numbered: true,
        domain: ".dynamics.com",
    }],
    finops: &[
        ".operations.dynamics.com",
        ".axcloud.dynamics.com",
        ".cloudax.dynamics.com",
    ],
};

const US_GOVERNMENT: CloudHosts = CloudHosts {
    login: "login.microsoftonline.us",
    graph: "graph.microsoft.us",
    vault: ".vault.usgovcloudapi.net",
    vault_resource: "https://vault.usgovcloudapi.net",
    dataverse: &[DataverseSuffix {
        label: "crm",
        numbered: false,
        domain: ".microsoftdynamics.us",
    }],
    finops: &[
        ".operations.gov.dynamics.us",
        ".operations.microsoftdynamics.us",
    ],
};

const US_DOD: CloudHosts = CloudHosts {
    login: "login.microsoftonline.us",
    graph: "dod-graph.microsoft.us",
    vault: ".vault.usgovcloudapi.net",
    vault_resource: "https://vault.usgovcloudapi.net",
    dataverse: &[DataverseSuffix {
        label: "crm",
        numbered: false,
        domain: ".appsplatform.us",
    }],
    finops: &[".operations.appsplatform.us"],
};

const CHINA: CloudHosts = CloudHosts {
    login: "login.partner.microsoftonline.cn",
    graph: "microsoftgraph.chinacloudapi.cn",
    vault: ".vault.azure.cn",
    vault_resource: "https://vault.azure.cn",
    dataverse: &[DataverseSuffix {
        label: "crm",
        numbered: false,
        domain: ".dynamics.cn",
    }],
    finops: &[".operations.dynamics.cn"],
};

impl Cloud {
    /// Every cloud, in the order the documents list them.
    pub const ALL: [Self; 4] = [Self::Public, Self::UsGovernment, Self::UsDod, Self::China];

    /// The word used in the estate file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::UsGovernment => "us-government",
            Self::UsDod => "us-dod",
            Self::China => "china",
        }
    }

    /// This cloud's row of the table.
    #[must_use]
    pub const fn hosts(self) -> &'static CloudHosts {
        match self {
            Self::Public => &PUBLIC,
            Self::UsGovernment => &US_GOVERNMENT,
            Self::UsDod => &US_DOD,
            Self::China => &CHINA,
        }
    }

    /// Whether `host` is a Key Vault of this cloud: one label before the suffix.
    #[must_use]
    pub fn is_vault_host(self, host: &str) -> bool {
        host.strip_suffix(self.hosts().vault)
            .is_some_and(is_one_label)
    }

    /// Whether `host` is a Dataverse organisation of this cloud, in either of its two forms
    /// (`contoso.crm4.dynamics.com`, `contoso.api.crm4.dynamics.com`).
    #[must_use]
    pub fn is_dataverse_host(self, host: &str) -> bool {
        dataverse_parts(self, host).is_some()
    }

    /// The organisation's root host, without `.api`: what a token is asked for.
    #[must_use]
    pub fn dataverse_root(self, host: &str) -> Option<String> {
        dataverse_parts(self, host).map(|(name, region)| format!("{name}.{region}"))
    }

    /// The host of the organisation's Web API, with `.api`.
    #[must_use]
    pub fn dataverse_api(self, host: &str) -> Option<String> {
        dataverse_parts(self, host).map(|(name, region)| format!("{name}.api.{region}"))
    }

    /// Whether `host` is a Finance & Operations environment of this cloud.
    #[must_use]
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

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
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
