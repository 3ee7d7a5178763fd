//! Delegated permissions that a service principal was granted, one a scope.

use serde_json::Value;

use super::lists::rows;
use crate::evidence::DelegatedGrant;
use crate::model::Listing;

/// Rows of `oauth2PermissionGrants` (Graph v1.0 `oAuth2PermissionGrant`): `resourceId`, `consentType`
/// (`AllPrincipals` or `Principal`) and `scope`, names with blanks between. Sorted, the resources without
/// their names.
pub(super) fn grants(what: &str, listing: Listing<Value>) -> Listing<DelegatedGrant> {
    let read = rows(what, listing, |fields| {
        let resource_id = fields.guid("resourceId")?;
        let for_everybody = match fields.text("consentType")?.as_str() {
            "AllPrincipals" => true,
            "Principal" => false,
            _ => return Err(fields.odd("consentType")),
        };
        let scope = match fields.value.get("scope") {
            Some(Value::Null) => "",
            Some(Value::String(scope)) => scope.as_str(),
            _ => return Err(fields.odd("scope")),
        };
        let grants = scope.split_whitespace().map(|scope| DelegatedGrant {
            resource_id: resource_id.clone(),
            resource: None,
            scope: scope.to_owned(),
            for_everybody,
        });
        Ok(grants.collect::<Vec<_>>())
    });
    let mut items: Vec<DelegatedGrant> = read.items.into_iter().flatten().collect();
    items.sort();
    items.dedup();
    Listing {
        items,
        gap: read.gap,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::GapKind;

    const ID: &str = "99999999-0000-4000-8000-000000000001";

    #[test]
    fn one_grant_a_scope_and_an_odd_row_cuts_the_list_short() {
        let row = |consent: &str, scope: Value| {
            json!({"resourceId": ID, "consentType": consent, "principalId": null,
            "scope": scope})
        };
        let read = grants(
            "grants",
            Listing::complete(vec![
                row(
                    "AllPrincipals",
                    json!(" user_impersonation  offline_access "),
                ),
                row("Principal", json!("user_impersonation")),
                row("Principal", json!(null)),
            ]),
        );
        let told: Vec<_> = read
            .items
            .iter()
            .map(|grant| (grant.scope.as_str(), grant.for_everybody))
            .collect();
        assert_eq!(
            told,
            [
                ("offline_access", true),
                ("user_impersonation", false),
                ("user_impersonation", true)
            ]
        );
        assert!(read.gap.is_none());
        for odd in [
            row("Somebody", json!("a")),
            row("Principal", json!(1)),
            json!({}),
        ] {
            let read = grants("grants", Listing::complete(vec![odd]));
            assert_eq!(read.gap.map(|gap| gap.kind), Some(GapKind::Malformed));
        }
    }
}
