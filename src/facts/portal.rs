//! Where in Microsoft's portals a thing is changed.
//!
//! The forms are not in the reference: `ApplicationMenuBlade/~/PAGE/appId/ID` and
//! `asset/Microsoft_Azure_KeyVault/Secret/ADDRESS` are those that Microsoft's own tools and documents link to (read in
//! public code, November 2026, for `entra.microsoft.com`, `portal.azure.us` and `portal.azure.cn`); `?mi=SysAADClientTable`
//! is in Microsoft's guides to dual-write. No form is known for one environment's application users.

use crate::estate::{EntryRef, Environment, Estate};
use crate::facts::prelude::*;
use crate::model::assessment::Link;
use crate::model::fix::Page;

/// The page of a registration's case, where there is one for it.
pub(crate) fn link(
    page: Page,
    snapshot: &Snapshot,
    registration: &Registration,
    client_id: Option<&str>,
) -> Option<Link> {
    let estate = &snapshot.estate;
    let environment = estate.environment_of(registration)?;
    match page {
        Page::Entry => entry(
            estate,
            &registration.credential.as_ref()?.entry,
            registration,
        ),
        Page::ApplicationUsers => environments(estate, environment),
        Page::FinopsClients => Some(finops_clients(environment.finops.as_deref()?)),
        Page::Owners => registration_page("Owners", "Owners", registration, estate, client_id?),
        Page::Authentication => registration_page(
            "Authentication",
            "Authentication",
            registration,
            estate,
            client_id?,
        ),
        Page::Permissions => registration_page(
            "API permissions",
            "CallAnAPI",
            registration,
            estate,
            client_id?,
        ),
        Page::Credentials => registration_page(
            "Certificates & secrets",
            "Credentials",
            registration,
            estate,
            client_id?,
        ),
        Page::Registration => registration_page(
            "App registration",
            "Overview",
            registration,
            estate,
            client_id?,
        ),
    }
}

fn registration_page(
    title: &str,
    blade: &str,
    registration: &Registration,
    estate: &Estate,
    client_id: &str,
) -> Option<Link> {
    let environment = estate.environment_of(registration)?;
    let cloud = estate.tenants.get(&environment.tenant)?.cloud;
    Some(Link {
        say: format!("{title} of {}", registration.name),
        url: format!(
            "https://{}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/{blade}/appId/{}",
            cloud.hosts().entra_portal,
            encoded(client_id)
        ),
    })
}

/// A secret or certificate of a vault.
fn entry(estate: &Estate, entry: &EntryRef, registration: &Registration) -> Option<Link> {
    let vault = estate.vaults.get(&entry.vault)?;
    let environment = estate.environments.get(&vault.environment)?;
    let tenant = vault.tenant.as_ref().unwrap_or(&environment.tenant);
    let tenant = estate.tenants.get(tenant)?;
    let kind = registration.credential.as_ref()?.kind;
    let (asset, collection) = match kind {
        CredentialForm::Secret => ("Secret", "secrets"),
        CredentialForm::Certificate => ("Certificate", "certificates"),
    };
    Some(Link {
        say: format!("{asset} {entry}"),
        url: format!(
            "https://{}/#@{}/asset/Microsoft_Azure_KeyVault/{asset}/https://{}/{collection}/{}",
            tenant.cloud.hosts().azure_portal,
            encoded(&tenant.id),
            vault.host,
            encoded(&entry.name)
        ),
    })
}

/// The list of environments, where the application users of one are found.
pub(crate) fn environments(estate: &Estate, environment: &Environment) -> Option<Link> {
    let host = environment.dataverse.as_deref()?;
    let cloud = estate.tenants.get(&environment.tenant)?.cloud;
    let portal = cloud.power_platform_portal(host);
    Some(Link {
        say: "Environments in the Power Platform admin centre".to_owned(),
        url: format!("https://{portal}/environments"),
    })
}

/// The clients of one Finance & Operations.
pub(crate) fn finops_clients(host: &str) -> Link {
    Link {
        say: "Microsoft Entra ID applications".to_owned(),
        url: format!("https://{host}/?mi=SysAADClientTable"),
    }
}

/// A text as one piece of an address (RFC 3986, 2.1).
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::tidy::tidy;
    use crate::reference::cloud::Cloud;

    fn url(snapshot: &Snapshot, page: Page, client_id: &str) -> String {
        let registration = &snapshot.estate.registrations[0];
        let link = link(page, snapshot, registration, Some(client_id));
        link.map_or_else(String::new, |link| link.url)
    }

    #[test]
    fn each_cloud_has_its_own_portal_and_a_hostile_id_stays_one_piece() {
        let mut snapshot = tidy();
        let blade = "#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId";
        for (cloud, host) in [
            (Cloud::Public, "entra.microsoft.com"),
            (Cloud::UsGovernment, "portal.azure.us"),
            (Cloud::UsDod, "portal.azure.us"),
            (Cloud::China, "portal.azure.cn"),
        ] {
            for tenant in snapshot.estate.tenants.values_mut() {
                tenant.cloud = cloud;
            }
            assert_eq!(
                url(&snapshot, Page::Credentials, "5b7a2f0e"),
                format!("https://{host}/{blade}/5b7a2f0e")
            );
        }
        assert_eq!(encoded("a/b?#\" é"), "a%2Fb%3F%23%22%20%C3%A9");
    }

    #[test]
    fn an_entry_is_opened_by_its_address() {
        let snapshot = tidy();
        let url = url(&snapshot, Page::Entry, "5b7a2f0e");
        let stored = snapshot.estate.registrations[0].credential.as_ref();
        let name = &stored.expect("a stored credential").entry.name;
        assert!(
            url.starts_with("https://portal.azure.com/#@")
                && url.contains("/asset/Microsoft_Azure_KeyVault/Secret/https://")
                && url.ends_with(&format!("/secrets/{name}")),
            "{url}"
        );
    }
}
