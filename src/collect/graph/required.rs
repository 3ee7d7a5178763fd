//! The permissions that an application asks for (`requiredResourceAccess`), by id.

use serde_json::Value;

use super::map::read;
use crate::collect::fields::Fields;
use crate::evidence::PermissionKind;
use crate::model::{Gap, Observed, Presence};

/// One permission that is asked for, before its name is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    /// GUID, lower case.
    pub(super) resource_app_id: String,
    pub(super) kind: PermissionKind,
    /// GUID, lower case.
    pub(super) id: String,
}

/// What the application asks for, sorted. One row that cannot be read leaves all of it unknown.
pub(super) fn asked(raw: &Observed<Presence<Value>>, what: &str) -> Observed<Vec<Asked>> {
    match read(raw, |value| rows(Fields::new(value, what))) {
        Observed::Known(Presence::Present(asked)) => Observed::Known(asked),
        Observed::Known(Presence::Absent) => {
            Observed::not_reached(format!("{what} does not exist in the tenant"))
        }
        Observed::Unknown(gap) => Observed::Unknown(gap),
    }
}

/// Shape: `[{resourceAppId, resourceAccess: [{id, type}]}]`, type `Role` or `Scope` (Graph v1.0).
fn rows(application: Fields<'_>) -> Result<Vec<Asked>, Gap> {
    let what = format!("{}, requiredResourceAccess", application.what);
    let mut all = Vec::new();
    for resource in application.list("requiredResourceAccess")? {
        let resource = Fields::new(resource, &what);
        let resource_app_id = resource.guid("resourceAppId")?;
        for access in resource.list("resourceAccess")? {
            let access = Fields::new(access, &what);
            let kind = match access.text("type")?.as_str() {
                "Role" => PermissionKind::Application,
                "Scope" => PermissionKind::Delegated,
                _ => return Err(access.odd("type")),
            };
            all.push(Asked {
                resource_app_id: resource_app_id.clone(),
                kind,
                id: access.guid("id")?,
            });
        }
    }
    all.sort();
    all.dedup();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CRM: &str = "00000007-0000-0000-C000-000000000000";
    const ID: &str = "78CE3F0F-a1ce-49c2-8cde-64b5c0896db4";

    fn of(required: &Value) -> Observed<Vec<Asked>> {
        let raw = Observed::Known(Presence::Present(
            json!({"id": "app-1", "requiredResourceAccess": required}),
        ));
        asked(&raw, "the application")
    }

    #[test]
    fn what_is_asked_for_is_read_in_lower_case_and_each_once() {
        let row = json!({"id": ID, "type": "Scope"});
        let asked = of(&json!([{"resourceAppId": CRM, "resourceAccess": [row, row]}]));
        let expected = Asked {
            resource_app_id: CRM.to_ascii_lowercase(),
            kind: PermissionKind::Delegated,
            id: ID.to_ascii_lowercase(),
        };
        assert_eq!(asked, Observed::Known(vec![expected]));
        assert_eq!(of(&json!([])), Observed::Known(Vec::new()));
    }

    #[test]
    fn an_odd_row_leaves_all_of_it_unknown() {
        for odd in [
            json!(null),
            json!([{"resourceAppId": "else", "resourceAccess": []}]),
            json!([{"resourceAppId": CRM, "resourceAccess": null}]),
            json!([{"resourceAppId": CRM, "resourceAccess": [{"id": ID, "type": "Else"}]}]),
            json!([{"resourceAppId": CRM, "resourceAccess": [{"id": "else", "type": "Role"}]}]),
        ] {
            assert!(of(&odd).gap().is_some(), "{odd}");
        }
        let absent = asked(&Observed::Known(Presence::Absent), "the application");
        assert!(absent.gap().is_some());
    }
}
