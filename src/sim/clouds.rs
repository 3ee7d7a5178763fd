//! The simulator's own table of clouds: which hosts stand where. Each line with its source, as read in
//! November 2026; nothing here comes from the table that an audit goes by.
//!
//! - Entra: "National clouds" (entra-docs, authentication-national-cloud.md, 2025-01-15).
//! - Graph: "Microsoft Graph national cloud deployments" (microsoft-graph-docs-contrib, deployments.md).
//! - Key Vault: "DNS suffixes for object identifiers" (azure-security-docs,
//!   about-keys-secrets-certificates.md, 2026-03-26).
//! - Dataverse: "Datacenter regions" (power-platform, new-datacenter-regions.md, 2022-02-23).
//! - Finance & Operations: "Supported geographies and endpoints" (dynamics-365-unified-operations-public,
//!   deployment-options-geo.md, 2025-01-22).
//! - Global Discovery: "Discover user organizations" (powerapps-docs, discovery-service.md, 2022-07-18).
//! - Power Platform API and its older administration service: the table of clouds in Microsoft's Terraform
//!   provider for Power Platform (internal/settings). No page of Microsoft Learn lists them all.
//! - Azure Resource Manager: "National clouds" and each cloud's "endpoints in Azure".

use serde::Deserialize;

/// Where a tenant signs in. The Government Community Cloud is none of its own: its tenants are in the public
/// Entra ("If you're working in a Microsoft 365 GCC environment, continue using the worldwide endpoints").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Cloud {
    #[default]
    Public,
    /// GCC High.
    UsGovernment,
    UsDod,
    China,
}

/// The clouds as Dynamics counts them. The Government Community Cloud is one of its own here, though its tenants
/// are in the public Entra.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Platform {
    Public,
    GovernmentCommunity,
    /// GCC High.
    UsGovernment,
    UsDod,
    China,
}

/// What Dataverse hosts end with: `NAME` and one of these.
const DATAVERSE: [(Cloud, &str); 5] = [
    // NAM, and with a number the other regions: SAM crm2 .. GCC crm9 .. CHE crm17.
    (Cloud::Public, "crm#.dynamics.com"),
    (Cloud::UsGovernment, "crm.microsoftdynamics.us"),
    // In "Dynamics 365 US Government" for DoD's portals (*.appsplatformportals.us) only; the host itself in
    // several public clients.
    (Cloud::UsDod, "crm.appsplatform.us"),
    (Cloud::China, "crm.dynamics.cn"),
    // DEU; the cloud was closed in 2021.
    (Cloud::Public, "crm.microsoftdynamics.de"),
];

/// What Finance & Operations hosts end with. All but the last three in the geographies' own order.
const FINOPS: [(Cloud, &str); 12] = [
    (Cloud::Public, "operations.dynamics.com"),
    (Cloud::Public, "operations.eu.dynamics.com"),
    (Cloud::Public, "operations.fr.dynamics.com"),
    (Cloud::Public, "operations.no.dynamics.com"),
    (Cloud::Public, "operations.sa.dynamics.com"),
    (Cloud::Public, "operations.ch.dynamics.com"),
    (Cloud::Public, "operations.uae.dynamics.com"),
    // GCC.
    (Cloud::Public, "operations.gov.microsoftdynamics.us"),
    // GCC High.
    (Cloud::UsGovernment, "operations.high.microsoftdynamics.us"),
    // In no list of Microsoft's; public pages link to environments there.
    (Cloud::China, "operations.dynamics.cn"),
    // Development machines (services-home-page.md and troubleshoot-service-authentication.md, 2024-05).
    (Cloud::Public, "axcloud.dynamics.com"),
    (Cloud::Public, "cloudax.dynamics.com"),
];

impl Cloud {
    /// Host of the token endpoint.
    pub(super) const fn login(self) -> &'static str {
        match self {
            Self::Public => "login.microsoftonline.com",
            Self::UsGovernment | Self::UsDod => "login.microsoftonline.us",
            Self::China => "login.partner.microsoftonline.cn",
        }
    }

    /// Host of Microsoft Graph.
    pub(super) const fn graph(self) -> &'static str {
        match self {
            Self::Public => "graph.microsoft.com",
            Self::UsGovernment => "graph.microsoft.us",
            Self::UsDod => "dod-graph.microsoft.us",
            Self::China => "microsoftgraph.chinacloudapi.cn",
        }
    }

    /// What a vault's host ends with.
    pub(super) const fn vault(self) -> &'static str {
        match self {
            Self::Public => "vault.azure.net",
            Self::UsGovernment | Self::UsDod => "vault.usgovcloudapi.net",
            Self::China => "vault.azure.cn",
        }
    }

    /// What a vault's token is for.
    pub(super) fn vault_resource(self) -> String {
        format!("https://{}", self.vault())
    }

    /// Host of Azure Resource Manager.
    pub(super) const fn management(self) -> &'static str {
        match self {
            Self::Public => "management.azure.com",
            Self::UsGovernment | Self::UsDod => "management.usgovcloudapi.net",
            Self::China => "management.chinacloudapi.cn",
        }
    }

    /// What a token for Azure Resource Manager may be for: itself, or the service it came after.
    pub(super) fn management_resources(self) -> [String; 2] {
        let older = match self {
            Self::Public => "management.core.windows.net",
            Self::UsGovernment | Self::UsDod => "management.core.usgovcloudapi.net",
            Self::China => "management.core.chinacloudapi.cn",
        };
        [self.management(), older].map(|host| format!("https://{host}"))
    }

    /// The cloud of Dynamics where tenants of this one begin.
    pub(super) const fn platform(self) -> Platform {
        match self {
            Self::Public => Platform::Public,
            Self::UsGovernment => Platform::UsGovernment,
            Self::UsDod => Platform::UsDod,
            Self::China => Platform::China,
        }
    }

    /// The cloud of Dynamics that an environment with this host is in.
    pub(super) fn platform_of(self, dataverse_host: &str) -> Platform {
        let region = dataverse_host.split_once('.').map(|(_, region)| region);
        match (self, region) {
            (Self::Public, Some("crm9.dynamics.com")) => Platform::GovernmentCommunity,
            _ => self.platform(),
        }
    }

    /// The host of a Dataverse organisation's Web API, with `.api`; nothing where `host` is none of this
    /// cloud's, or has the `.api` already.
    pub(super) fn dataverse_api(self, host: &str) -> Option<String> {
        let (name, region) = host.split_once('.')?;
        let known = DATAVERSE
            .iter()
            .any(|(cloud, wanted)| *cloud == self && fits(region, wanted));
        (known && is_label(name)).then(|| format!("{name}.api.{region}"))
    }

    /// Whether a Finance & Operations environment of this cloud can have this host. A sandbox has a label
    /// more: `NAME.sandbox.operations.eu.dynamics.com`.
    pub(super) fn is_finops(self, host: &str) -> bool {
        FINOPS.iter().any(|(cloud, end)| {
            let name = host
                .strip_suffix(end)
                .and_then(|name| name.strip_suffix('.'));
            let name = name.map(|name| name.strip_suffix(".sandbox").unwrap_or(name));
            *cloud == self && name.is_some_and(is_label)
        })
    }
}

impl Platform {
    /// Where its tenants sign in.
    pub(super) const fn entra(self) -> Cloud {
        match self {
            Self::Public | Self::GovernmentCommunity => Cloud::Public,
            Self::UsGovernment => Cloud::UsGovernment,
            Self::UsDod => Cloud::UsDod,
            Self::China => Cloud::China,
        }
    }

    /// Host of the Global Discovery service.
    pub(super) const fn global_discovery(self) -> &'static str {
        match self {
            Self::Public => "globaldisco.crm.dynamics.com",
            Self::GovernmentCommunity => "globaldisco.crm9.dynamics.com",
            Self::UsGovernment => "globaldisco.crm.microsoftdynamics.us",
            Self::UsDod => "globaldisco.crm.appsplatform.us",
            Self::China => "globaldisco.crm.dynamics.cn",
        }
    }

    /// Host of the Power Platform API.
    pub(super) const fn api(self) -> &'static str {
        match self {
            Self::Public => "api.powerplatform.com",
            Self::GovernmentCommunity => "api.gov.powerplatform.microsoft.us",
            Self::UsGovernment => "api.high.powerplatform.microsoft.us",
            Self::UsDod => "api.appsplatform.us",
            Self::China => "api.powerplatform.partner.microsoftonline.cn",
        }
    }

    /// Host of the administration service before it ("BAP").
    pub(super) const fn administration(self) -> &'static str {
        match self {
            Self::Public => "api.bap.microsoft.com",
            Self::GovernmentCommunity => "gov.api.bap.microsoft.us",
            Self::UsGovernment => "high.api.bap.microsoft.us",
            Self::UsDod => "api.bap.appsplatform.us",
            Self::China => "api.bap.partner.microsoftonline.cn",
        }
    }

    /// What a token for the administration service may be for. That of Power Apps is the documented one; what
    /// the national clouds call it is not verified, and left out.
    pub(super) fn administration_resources(self) -> Vec<String> {
        let own = format!("https://{}", self.administration());
        match self {
            Self::Public => vec![own, "https://service.powerapps.com".to_owned()],
            _ => vec![own],
        }
    }
}

/// A region of Dataverse, as other services name it: the location of an environment, and the code of an instance.
pub(super) struct Region {
    pub location: &'static str,
    pub code: &'static str,
}

/// The region of a Dataverse host. The codes are those of "Datacenter regions" but for those seen in answers
/// (`NA`, `EMEA`).
pub(super) fn region(dataverse_host: &str) -> Region {
    let named = |location, code| Region { location, code };
    match dataverse_host.split('.').nth(1) {
        Some("crm2") => named("southamerica", "SAM"),
        Some("crm3") => named("canada", "CAN"),
        Some("crm4") => named("europe", "EMEA"),
        Some("crm5") => named("asia", "APJ"),
        Some("crm6") => named("australia", "OCE"),
        Some("crm7") => named("japan", "JPN"),
        Some("crm8") => named("india", "IND"),
        Some("crm9") => named("usgov", "GCC"),
        Some("crm11") => named("unitedkingdom", "GBR"),
        Some("crm12") => named("france", "FRA"),
        _ => named("unitedstates", "NA"),
    }
}

/// Whether `region` is `wanted`, a `#` standing for any digits or none.
fn fits(region: &str, wanted: &str) -> bool {
    let Some((start, end)) = wanted.split_once('#') else {
        return region == wanted;
    };
    let digits = region
        .strip_prefix(start)
        .and_then(|rest| rest.strip_suffix(end));
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_label(label: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !label.is_empty() && label.bytes().all(fine)
}

#[cfg(test)]
mod tests {
    use super::Cloud;

    const ALL: [Cloud; 4] = [
        Cloud::Public,
        Cloud::UsGovernment,
        Cloud::UsDod,
        Cloud::China,
    ];

    #[test]
    fn every_geography_and_its_sandboxes_are_of_one_cloud() {
        for (end, cloud) in [
            ("operations.dynamics.com", Cloud::Public),
            ("operations.eu.dynamics.com", Cloud::Public),
            ("operations.fr.dynamics.com", Cloud::Public),
            ("operations.no.dynamics.com", Cloud::Public),
            ("operations.sa.dynamics.com", Cloud::Public),
            ("operations.ch.dynamics.com", Cloud::Public),
            ("operations.uae.dynamics.com", Cloud::Public),
            ("operations.gov.microsoftdynamics.us", Cloud::Public),
            ("operations.high.microsoftdynamics.us", Cloud::UsGovernment),
        ] {
            for name in ["contoso", "contoso.sandbox"] {
                let host = format!("{name}.{end}");
                for other in ALL {
                    assert_eq!(other.is_finops(&host), other == cloud, "{host} {other:?}");
                }
            }
            assert!(!cloud.is_finops(end), "{end} alone");
            assert!(!cloud.is_finops(&format!("contoso.{end}.example")), "{end}");
            assert!(!cloud.is_finops(&format!("a.b.{end}")), "{end}");
        }
        for host in [
            "contoso.operations.xx.dynamics.com",
            "contosooperations.dynamics.com",
        ] {
            assert!(ALL.iter().all(|cloud| !cloud.is_finops(host)), "{host}");
        }
    }

    #[test]
    fn a_dataverse_host_has_an_api_beside_it() {
        for (host, cloud) in [
            ("contoso.crm.dynamics.com", Cloud::Public),
            ("contoso.crm4.dynamics.com", Cloud::Public),
            ("contoso.crm9.dynamics.com", Cloud::Public),
            ("contoso.crm.microsoftdynamics.us", Cloud::UsGovernment),
            ("contoso.crm.appsplatform.us", Cloud::UsDod),
            ("contoso.crm.dynamics.cn", Cloud::China),
        ] {
            let api = host.replacen("contoso.", "contoso.api.", 1);
            for other in ALL {
                let found = other.dataverse_api(host);
                assert_eq!(found, (other == cloud).then(|| api.clone()), "{host}");
                assert_eq!(other.dataverse_api(&api), None);
            }
        }
        for host in [
            "crm4.dynamics.com",
            "a.crmx.dynamics.com",
            ".crm.dynamics.com",
        ] {
            assert_eq!(Cloud::Public.dataverse_api(host), None, "{host}");
        }
    }
}
