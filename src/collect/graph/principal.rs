//! From Graph's service principal to evidence: whose it is, what signs in as it, and how it signs.

use serde_json::Value;

use super::credential::credentials;
use super::keys::hex_digits;
use super::map::{by_microsoft, read};
use crate::collect::credential::Stored;
use crate::collect::fields::Fields;
use crate::collect::gaps;
use crate::evidence::{PrincipalKind, SamlSigning, ServicePrincipal};
use crate::model::{Gap, Listing, Observed, Presence, guid};

/// Tenants in which Microsoft registers its own applications.
const MICROSOFT: [&str; 2] = [
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    "72f988bf-86f1-41af-91ab-2d7cd011db47",
];

/// Entra's mark of an application that Application Proxy publishes.
const APP_PROXY: &str = "WindowsAzureActiveDirectoryOnPremApp";

/// The service principal of one client id. `tenant` is the id of the tenant that was asked. What it was
/// granted was asked for apart: [`super::raw::RawEntry`] adds it.
pub(crate) fn service_principal(
    raw: &Observed<Presence<Value>>,
    what: &str,
    tenant: &str,
    stored: Result<Stored<'_>, &Gap>,
) -> Observed<Presence<ServicePrincipal>> {
    read(raw, |value| {
        let fields = Fields::new(value, what);
        Ok(ServicePrincipal {
            object_id: fields.text("id")?,
            enabled: enabled(fields).into(),
            by_microsoft: by_microsoft(fields).ok().flatten(),
            kind: kind(fields, tenant).into(),
            credentials: credentials(fields, stored).into(),
            saml: saml(fields).into(),
            granted: Listing::cut_short(Vec::new(), gaps::not_asked()),
            delegated: Listing::cut_short(Vec::new(), gaps::not_asked()),
        })
    })
}

/// `accountEnabled`; a word of Microsoft's that is not known leaves open whether it signs in.
fn enabled(fields: Fields<'_>) -> Result<bool, Gap> {
    let enabled = fields.flag("accountEnabled")?;
    if enabled {
        by_microsoft(fields)?;
    }
    Ok(enabled)
}

/// Whose a service principal is and what for, from `servicePrincipalType`, `tags` and
/// `appOwnerOrganizationId`.
///
/// # Errors
/// Malformed, where the property that would decide is missing.
pub(crate) fn kind(fields: Fields<'_>, tenant: &str) -> Result<PrincipalKind, Gap> {
    match fields.text("servicePrincipalType")?.as_str() {
        "Application" => {}
        "ManagedIdentity" => return Ok(PrincipalKind::ManagedIdentity),
        "Legacy" => return Ok(PrincipalKind::Legacy),
        _ => return Ok(PrincipalKind::Other),
    }
    if fields
        .list("tags")?
        .iter()
        .any(|tag| tag.as_str() == Some(APP_PROXY))
    {
        return Ok(PrincipalKind::AppProxy);
    }
    let owner = fields.guid("appOwnerOrganizationId")?;
    Ok(if guid::same(&owner, tenant) {
        PrincipalKind::Own
    } else if MICROSOFT.contains(&owner.as_str()) {
        PrincipalKind::Microsoft
    } else {
        PrincipalKind::Foreign
    })
}

/// `preferredSingleSignOnMode`, `preferredTokenSigningKeyThumbprint` and `notificationEmailAddresses`.
fn saml(fields: Fields<'_>) -> Result<Option<SamlSigning>, Gap> {
    match fields.value.get("preferredSingleSignOnMode") {
        Some(Value::Null) => return Ok(None),
        Some(Value::String(mode)) if mode == "saml" => {}
        Some(Value::String(_)) => return Ok(None),
        _ => return Err(fields.odd("preferredSingleSignOnMode")),
    }
    let active_thumbprint = match fields.value.get("preferredTokenSigningKeyThumbprint") {
        Some(Value::Null) => None,
        Some(Value::String(text)) if hex_digits(text.as_bytes()).is_some() => {
            hex_digits(text.as_bytes())
        }
        _ => return Err(fields.odd("preferredTokenSigningKeyThumbprint")),
    };
    let mut notified = fields.texts("notificationEmailAddresses")?;
    notified.sort();
    Ok(Some(SamlSigning {
        active_thumbprint,
        notified,
    }))
}
