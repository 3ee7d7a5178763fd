//! Addresses of services: an https url with nothing but a host, which must belong to the right cloud.

use crate::reference::cloud::Cloud;
use crate::source::Value;

/// What kind of service an address should be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    Dataverse,
    Finops,
    Vault,
}

impl Service {
    const ALL: [Self; 3] = [Self::Dataverse, Self::Finops, Self::Vault];

    const fn name(self) -> &'static str {
        match self {
            Self::Dataverse => "Dataverse",
            Self::Finops => "Finance & Operations",
            Self::Vault => "Key Vault",
        }
    }

    fn fits(self, cloud: Cloud, host: &str) -> bool {
        match self {
            Self::Dataverse => cloud.is_dataverse_host(host),
            Self::Finops => cloud.is_finops_host(host),
            Self::Vault => cloud.is_vault_host(host),
        }
    }

    /// Whether a host has the form of this service's hosts in a region of Microsoft's that no line of the
    /// table names: worth an error of its own, never a token.
    fn is_family_of(self, host: &str) -> bool {
        let labels: Vec<&str> = host.split('.').collect();
        let [_, inner @ .., domain, _] = labels.as_slice() else {
            return false;
        };
        match self {
            Self::Finops => {
                matches!(*domain, "dynamics" | "microsoftdynamics" | "appsplatform")
                    && inner.contains(&"operations")
            }
            Self::Dataverse => {
                matches!(*domain, "dynamics" | "microsoftdynamics" | "appsplatform")
                    && inner.iter().any(|label| label.starts_with("crm"))
            }
            Self::Vault => {
                matches!(*domain, "azure" | "microsoftazure" | "usgovcloudapi")
                    && inner.first() == Some(&"vault")
            }
        }
    }

    /// How hosts of this service look in a cloud: `NAME.crm*.dynamics.com`.
    fn pattern(self, cloud: Cloud) -> String {
        let hosts = cloud.hosts();
        match self {
            Self::Vault => format!("NAME{}", hosts.vault),
            Self::Finops => {
                let all: Vec<String> = hosts
                    .finops
                    .iter()
                    .map(|end| format!("NAME{end}"))
                    .collect();
                all.join(" or ")
            }
            Self::Dataverse => {
                let all: Vec<String> = hosts
                    .dataverse
                    .iter()
                    .map(|end| {
                        let number = if end.numbered { "*" } else { "" };
                        format!("NAME.{}{number}{}", end.label, end.domain)
                    })
                    .collect();
                all.join(" or ")
            }
        }
    }
}

/// Reads an address. `cloud` is the one its environment is in, as far as that is known; `whose` names
/// the environment in messages. Capitals and one slash at the end are put right without a word.
pub(super) fn read(
    value: &Value<'_>,
    service: Service,
    cloud: Option<Cloud>,
    whose: &str,
) -> Option<String> {
    let host = bare_host(value)?;
    let clouds: Vec<Cloud> = cloud.map_or_else(|| Cloud::ALL.to_vec(), |cloud| vec![cloud]);
    if let Some(cloud) = clouds.iter().find(|cloud| service.fits(**cloud, &host)) {
        return match service {
            Service::Dataverse => cloud.dataverse_root(&host),
            Service::Finops | Service::Vault => Some(host),
        };
    }
    let name = service.name();
    let expected: Vec<String> = clouds
        .iter()
        .map(|cloud| service.pattern(*cloud))
        .filter(|pattern| !pattern.is_empty())
        .collect();
    let expected = match expected.as_slice() {
        [] => "not a host that a credential may be sent to".to_owned(),
        some => format!("should be {}", some.join(" or ")),
    };
    let elsewhere = Cloud::ALL
        .into_iter()
        .find(|other| service.fits(*other, &host));
    let other_service = Service::ALL
        .into_iter()
        .find(|other| clouds.iter().any(|cloud| other.fits(*cloud, &host)));
    let (message, help) = match (cloud, elsewhere, other_service) {
        (Some(cloud), Some(other), _) => (
            format!(
                "this {name} host is of the cloud `{other}`, and {whose} is in the cloud `{cloud}`"
            ),
            format!("correct the host, or write `cloud = \"{other}\"` in the tenant"),
        ),
        (_, _, Some(other)) => (
            format!(
                "`{}` names a {} host, not one of {name}",
                value.key(),
                other.name()
            ),
            "put it under its own key".to_owned(),
        ),
        _ => refused_here(service, cloud, &host),
    };
    value.reject(message, &expected, &help)
}

/// Why a host that no line of the table fits is refused, and what to do about it.
fn refused_here(service: Service, cloud: Option<Cloud>, host: &str) -> (String, String) {
    let name = service.name();
    if let Some(cloud) =
        cloud.filter(|cloud| service == Service::Finops && cloud.hosts().finops.is_empty())
    {
        return (
            format!("no Finance & Operations host is documented for the cloud `{cloud}`"),
            "leave `finops` out: a credential is sent only to hosts that Microsoft's documents name; if \
             yours is named in one, send its address to this tool's maintainers"
                .to_owned(),
        );
    }
    if let Some(instead) = other_name_of(service, host) {
        return (
            format!("`{host}` is not the address that {name} is asked under"),
            instead,
        );
    }
    if service.is_family_of(host) {
        return (
            format!("`{host}` looks like a {name} host of a region that this version does not know"),
            "compare it with the address that the browser shows in that environment; if it is right, take a newer \
             version of this tool, or send its maintainers the host and the page of Microsoft's documentation \
             that names it; until a version knows it, comment out this address and what needs it, and the rest \
             of the estate is audited: a credential is sent only to hosts in the built-in table"
                .to_owned(),
        );
    }
    let of = cloud.map_or_else(
        || "any cloud".to_owned(),
        |cloud| format!("the cloud `{cloud}`"),
    );
    (
        format!("this is not a {name} host of {of}"),
        "credentials are sent to Microsoft's own hosts only; a custom domain or a private name does \
         not do"
            .to_owned(),
    )
}

/// Another name of the same thing that people paste, and which one to write.
fn other_name_of(service: Service, host: &str) -> Option<String> {
    match service {
        Service::Vault => {
            let name = host.split('.').next().unwrap_or_default();
            let private = [".privatelink.vaultcore.azure.net", ".vaultcore.azure.net"];
            if private.iter().any(|end| host.ends_with(end)) {
                return Some(format!(
                    "write https://{name}.vault.azure.net: private DNS answers for that name too"
                ));
            }
            host.split('.').any(|label| label == "managedhsm").then(|| {
                "a Managed HSM holds keys and no secrets: name the Key Vault that holds the credential"
                    .to_owned()
            })
        }
        Service::Finops => host.ends_with(".cloud.onebox.dynamics.com").then(|| {
            "that name is a developer's own machine and leads to 127.0.0.1: name an environment that \
             others can reach"
                .to_owned()
        }),
        Service::Dataverse => {
            let portal = [".powerapps.com", ".powerplatform.com", ".api.powerplatform.com"];
            portal.iter().any(|end| host.ends_with(end)).then(|| {
                "write the environment's own url, which the Power Platform admin center shows: \
                 https://NAME.crm*.dynamics.com"
                    .to_owned()
            })
        }
    }
}

/// The host of `https://HOST`, in lower case; anything more is refused.
fn bare_host(value: &Value<'_>) -> Option<String> {
    let text = value.text()?;
    let key = value.key();
    let Some((scheme, rest)) = text.split_once("://") else {
        return value.reject(
            format!("`{key}` is not a URL"),
            "no https:// before the host",
            "write https:// and the host: https://HOST",
        );
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let after = rest.get(authority.len()..).unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host)
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let host_is_plain = !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    let instead = if host_is_plain && host.len() <= 120 {
        format!("write https://{host}")
    } else {
        "write https:// and the host: https://HOST".to_owned()
    };
    let (message, label) = if scheme.eq_ignore_ascii_case("http") {
        (
            "is an http url: a token sent there could be read on the way",
            "https, not http",
        )
    } else if !scheme.eq_ignore_ascii_case("https") {
        ("is not an https URL", "should begin with https://")
    } else if authority.contains('@') {
        (
            "holds a user name or password",
            "nothing may come before the host",
        )
    } else if authority.contains(':') {
        ("holds a port", "these services answer on 443 only")
    } else if after.contains(['?', '#']) {
        ("holds a query or fragment", "the host alone, please")
    } else if !matches!(after, "" | "/") {
        ("holds a path", "the host alone, please")
    } else if !host_is_plain {
        ("holds no valid host", "not a host")
    } else {
        return Some(host);
    };
    value.reject(format!("`{key}` {message}"), label, &instead)
}
