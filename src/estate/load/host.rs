//! Addresses of services: an https url with nothing but a host, which must belong to the right cloud.

use crate::model::Cloud;
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
    let expected: Vec<String> = clouds.iter().map(|cloud| service.pattern(*cloud)).collect();
    let expected = format!("should be {}", expected.join(" or "));
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
        (Some(cloud), ..) => (
            format!("this is no {name} host of the cloud `{cloud}`"),
            "credentials are sent to Microsoft's own hosts only; a custom domain or a private \
             name does not do"
                .to_owned(),
        ),
        (None, ..) => (
            format!("this is no {name} host of any cloud"),
            "credentials are sent to Microsoft's own hosts only".to_owned(),
        ),
    };
    value.refuse(message, &expected, &help);
    None
}

/// The host of `https://HOST`, in lower case; anything more is refused.
fn bare_host(value: &Value<'_>) -> Option<String> {
    let text = value.text()?;
    let key = value.key();
    let Some((scheme, rest)) = text.split_once("://") else {
        value.refuse(
            format!("`{key}` is no url"),
            "no https:// before the host",
            "write https:// and the host: https://HOST",
        );
        return None;
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
        ("is no https url", "should begin with https://")
    } else if authority.contains('@') {
        (
            "holds a user name or password",
            "nothing may stand before the host",
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
    value.refuse(format!("`{key}` {message}"), label, &instead);
    None
}
