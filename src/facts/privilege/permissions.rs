//! Application permissions: what the estate declares beside what is asked for and what is granted.

use crate::estate::Permission;
use crate::facts::case::{Case, Stop, not_applicable};
use crate::facts::prelude::*;
use crate::model::Listing;
use crate::model::guid::same;

/// APIs whose application ids are well known ([Microsoft Learn, "first-party applications"]), so that an
/// estate may name them either way.
const WELL_KNOWN: [(&str, &[&str]); 4] = [
    ("00000003-0000-0000-c000-000000000000", &["Microsoft Graph"]),
    (
        "00000007-0000-0000-c000-000000000000",
        &["Dynamics CRM", "Dataverse"],
    ),
    (
        "00000015-0000-0000-c000-000000000000",
        &["Dynamics ERP", "Microsoft Dynamics ERP"],
    ),
    ("cfa8b339-82a2-471a-a3c9-0fc0be7a4093", &["Azure Key Vault"]),
];

/// The application id that a well-known API has in every tenant.
fn well_known(name: &str) -> Option<&'static str> {
    let known = WELL_KNOWN.iter().find(|(id, names)| {
        same(id, name) || names.iter().any(|one| one.eq_ignore_ascii_case(name))
    });
    known.map(|(id, _)| *id)
}

/// Whether the API shown under this name, and with this application id where it was read, is the declared
/// one. By id where there is one to compare: a display name is anybody's to choose. `None`: nobody can tell.
fn same_api(case: &Case<'_>, declared: &str, shown: &str, app_id: Option<&str>) -> Option<bool> {
    let wanted = well_known(declared).or_else(|| is_id(declared).then_some(declared));
    match (wanted, app_id) {
        (Some(wanted), Some(id)) => Some(same(wanted, id)),
        (None, _) => Some(declared.eq_ignore_ascii_case(shown)),
        (Some(wanted), None) => match well_known(shown) {
            // It has the right name, and may be another's.
            Some(id) if same(id, wanted) => None,
            Some(_) => Some(false),
            // What the registration asks for names the API by both.
            None => {
                let required = case.application().ok()?.required.known()?;
                required
                    .iter()
                    .filter(|one| same(&one.resource_app_id, wanted))
                    .find_map(|one| one.resource.known())
                    .map(|name| name.eq_ignore_ascii_case(shown))
                    .or_else(|| well_known(wanted).map(|_| false))
            }
        },
    }
}

fn is_id(name: &str) -> bool {
    name.len() == 36
        && name
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Whether a permission that the registration asks for is of the declared API.
pub(crate) fn is_of(case: &Case<'_>, declared: &Permission, asked: &RequiredPermission) -> bool {
    let name = asked.resource.known().map_or("", String::as_str);
    same_api(case, &declared.resource, name, Some(&asked.resource_app_id)) == Some(true)
}

impl<'a> Case<'a> {
    /// Application permissions that were granted; not applicable where there is no service principal.
    pub(crate) fn granted(&self) -> Result<&'a Listing<GrantedRole>, Stop> {
        Ok(&self.service_principal()?.granted)
    }

    /// What the estate declares.
    pub(crate) fn declared_permissions(&self) -> Result<&'a [Permission], Stop> {
        self.registration
            .permissions
            .as_deref()
            .ok_or_else(|| not_applicable("the estate declares no application permissions for it"))
    }

    /// Whether a permission that the registration asks for is the declared one.
    pub(crate) fn is_asked_as(
        &self,
        declared: &Permission,
        asked: &RequiredPermission,
    ) -> Result<bool, Gap> {
        if is_of(self, declared, asked) {
            let name = asked.name.get().map_err(Gap::clone)?;
            return Ok(name.eq_ignore_ascii_case(&declared.role));
        }
        // By its name alone nobody can tell an API that did not tell its own.
        let by_id = is_id(&declared.resource) || well_known(&declared.resource).is_some();
        match asked.resource.get() {
            Err(gap) if !by_id => Err(gap.clone()),
            _ => Ok(false),
        }
    }

    /// Whether a granted role is this permission.
    pub(crate) fn is_granted_as(
        &self,
        declared: &Permission,
        granted: &GrantedRole,
    ) -> Result<bool, Gap> {
        let app_id = granted.resource_app_id.as_deref();
        let api = same_api(self, &declared.resource, &granted.resource, app_id);
        if api == Some(false) {
            return Ok(false);
        }
        match granted.role.get() {
            Ok(role) if !role.eq_ignore_ascii_case(&declared.role) => Ok(false),
            Ok(_) if api.is_some() => Ok(true),
            Ok(role) => Err(Gap::new(
                GapKind::Unrecognised,
                format!(
                    "{}/{role} is granted, and whether {} is the API that the estate calls {} is not known: its application id was not read",
                    granted.resource, granted.resource, declared.resource
                ),
            )),
            Err(gap) => Err(gap.clone()),
        }
    }
}
