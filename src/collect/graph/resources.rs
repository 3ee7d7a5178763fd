//! Resources whose permissions are named: each is asked for once, by its client id or its object id.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::batch::{Asker, get_all};
use super::batch_answers::{One, object};
use super::paths;
use super::required::Asked;
use crate::collect::fields::Fields;
use crate::evidence::{DelegatedGrant, PermissionKind, RequiredPermission};
use crate::model::{Gap, GapKind, Listing, Observed, Presence, guid};

/// What a resource says of itself.
pub(super) type Read = Observed<Presence<Value>>;

/// What resources say of themselves.
#[derive(Debug, Default)]
pub(super) struct Resources {
    by_app: BTreeMap<String, Read>,
    by_object: BTreeMap<String, Read>,
}

impl Resources {
    /// Asks for those by their client ids, then for those whose object ids are still strange.
    pub(super) async fn ask(
        asker: Asker<'_>,
        app_ids: &BTreeSet<&str>,
        object_ids: &BTreeSet<&str>,
    ) -> Self {
        let mut all = Self::default();
        let paths: Vec<String> = app_ids.iter().map(|id| paths::resource(id)).collect();
        for (id, answer) in app_ids.iter().zip(get_all(asker, &paths).await) {
            let what = format!("the service principal of {id}");
            let read = object(asker, &what, One::principal("appId", id), answer);
            if let Observed::Known(Presence::Present(value)) = &read
                && let Ok(own) = Fields::new(value, "").guid("id")
            {
                all.by_object.insert(own, read.clone());
            }
            all.by_app.insert((*id).to_owned(), read);
        }
        let strange: Vec<&str> = object_ids
            .iter()
            .copied()
            .filter(|id| !all.by_object.contains_key(*id))
            .collect();
        let paths: Vec<String> = strange.iter().map(|id| paths::roles_of(id)).collect();
        for (id, answer) in strange.into_iter().zip(get_all(asker, &paths).await) {
            let what = format!("the service principal {id}");
            let read = object(asker, &what, One::principal("id", id), answer);
            all.by_object.insert(id.to_owned(), read);
        }
        all
    }

    /// What the resource of an object id says of itself, where it was asked.
    pub(super) fn by_object(&self, id: &str) -> Option<&Read> {
        self.by_object.get(id)
    }

    /// The delegated permissions that were granted, with the names of their resources.
    pub(super) fn delegated(
        &self,
        mut listing: Listing<DelegatedGrant>,
    ) -> Listing<DelegatedGrant> {
        for grant in &mut listing.items {
            let read = self.by_object.get(&grant.resource_id);
            grant.resource = read.and_then(|read| match read.known()? {
                Presence::Present(value) => Fields::new(value, "").optional_text("displayName"),
                Presence::Absent => None,
            });
        }
        listing
    }

    /// The permissions that are asked for, by name.
    pub(super) fn required(&self, asked: Vec<Asked>) -> Vec<RequiredPermission> {
        let named = asked.into_iter().map(|asked| {
            let read = self.by_app.get(&asked.resource_app_id);
            let of = format!("the service principal of {}", asked.resource_app_id);
            let resource = present(read, &of);
            RequiredPermission {
                resource: match &resource {
                    Ok(value) => Fields::new(value, &of).text("displayName").into(),
                    Err(gap) => Observed::Unknown(gap.clone()),
                },
                name: resource
                    .and_then(|value| permission(value, &of, asked.kind, &asked.id))
                    .into(),
                resource_app_id: asked.resource_app_id,
                kind: asked.kind,
                id: asked.id,
            }
        });
        named.collect()
    }
}

/// The resource, where the tenant has it.
pub(super) fn present<'v>(read: Option<&'v Read>, of: &str) -> Result<&'v Value, Gap> {
    match read {
        None => Err(Gap::new(
            GapKind::NotReached,
            format!("{of} was not asked for its permissions"),
        )),
        Some(Observed::Unknown(gap)) => Err(gap.clone()),
        Some(Observed::Known(Presence::Absent)) => Err(Gap::new(
            GapKind::NotReached,
            format!("{of} is not in the tenant"),
        )),
        Some(Observed::Known(Presence::Present(value))) => Ok(value),
    }
}

/// A permission's `value`, as it stands in tokens.
pub(super) fn permission(
    resource: &Value,
    of: &str,
    kind: PermissionKind,
    id: &str,
) -> Result<String, Gap> {
    let (list, what) = match kind {
        PermissionKind::Application => ("appRoles", "application role"),
        PermissionKind::Delegated => ("oauth2PermissionScopes", "delegated permission"),
    };
    let one = Fields::new(resource, of)
        .list(list)?
        .iter()
        .find(|one| {
            one.get("id")
                .and_then(Value::as_str)
                .is_some_and(|other| guid::same(other, id))
        })
        .ok_or_else(|| Gap::new(GapKind::Unrecognised, format!("{of} names no {what} {id}")))?;
    let what = format!("{of}, its {what} {id}");
    let one = Fields::new(one, &what);
    one.text("value")
        .ok()
        .filter(|value| !value.is_empty())
        .ok_or_else(|| one.odd("value"))
}
