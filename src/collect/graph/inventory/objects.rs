//! The applications and service principals of a tenant by client id.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Sources;
use crate::collect::fields::Fields;
use crate::collect::graph::credential;
use crate::collect::graph::principal::kind;
use crate::evidence::{Credential, PrincipalKind};
use crate::model::{Gap, GapKind, Listing};

/// Both lists, and why each stops early.
#[derive(Debug)]
pub(super) struct Objects<'a> {
    tenant: &'a str,
    pub(super) applications: ByClient<'a>,
    pub(super) principals: ByClient<'a>,
    /// Client ids by the service principal's object id, both lower case.
    pub(super) by_object: BTreeMap<String, String>,
    /// What application users are called, by client id.
    user_names: BTreeMap<&'a str, &'a str>,
}

/// One list by client id, lower case.
#[derive(Debug)]
pub(super) struct ByClient<'a> {
    pub(super) objects: BTreeMap<String, &'a Value>,
    /// Why it stops early, or cannot be told to be whole.
    pub(super) gap: Option<Gap>,
}

impl<'a> ByClient<'a> {
    fn new(what: &str, listing: &'a Listing<Value>) -> Self {
        let mut objects = BTreeMap::new();
        let mut gap = listing.gap.clone();
        for value in &listing.items {
            match Fields::new(value, what).guid("appId") {
                Ok(id) => {
                    objects.insert(id, value);
                }
                Err(odd) => gap = gap.or(Some(odd)),
            }
        }
        Self { objects, gap }
    }

    /// The object of one client id; its absence is known from a whole list only.
    fn find(&self, client_id: &str) -> Result<Option<&'a Value>, &Gap> {
        match (self.objects.get(client_id), &self.gap) {
            (Some(value), _) => Ok(Some(value)),
            (None, None) => Ok(None),
            (None, Some(gap)) => Err(gap),
        }
    }

    fn display_name(&self, client_id: &str) -> Option<String> {
        Fields::new(self.objects.get(client_id)?, "").optional_text("displayName")
    }
}

impl<'a> Objects<'a> {
    pub(super) fn new(sources: &Sources<'a>) -> Self {
        let lists = sources.lists;
        let mut principals = ByClient::new("one of the service principals", &lists.principals);
        let mut by_object = BTreeMap::new();
        for (client_id, value) in &principals.objects {
            match Fields::new(value, &principal(client_id)).guid("id") {
                Ok(id) => {
                    by_object.insert(id, client_id.clone());
                }
                Err(odd) => principals.gap = principals.gap.or(Some(odd)),
            }
        }
        let users = sources.users.iter().flat_map(|(_, users)| &users.items);
        Self {
            tenant: sources.tenant,
            applications: ByClient::new("one of the applications", &lists.applications),
            principals,
            by_object,
            user_names: users
                .filter_map(|user| Some((user.client_id.as_str(), user.name.as_deref()?)))
                .collect(),
        }
    }

    pub(super) fn display_name(&self, client_id: &str) -> Option<String> {
        self.applications
            .display_name(client_id)
            .or_else(|| self.principals.display_name(client_id))
            .or_else(|| {
                self.user_names
                    .get(client_id)
                    .map(|name| (*name).to_owned())
            })
    }

    /// From the service principal; without one an application that is registered here is this tenant's.
    pub(super) fn kind(&self, client_id: &str) -> Result<PrincipalKind, Gap> {
        let what = principal(client_id);
        match self.principals.find(client_id).map_err(Clone::clone)? {
            Some(value) => kind(Fields::new(value, &what), self.tenant),
            None if self.applications.objects.contains_key(client_id) => Ok(PrincipalKind::Own),
            None => Err(Gap::new(
                GapKind::NotReached,
                format!("the tenant has no service principal for the client id {client_id}"),
            )),
        }
    }

    /// Credentials of the application and its service principal, by end, then key id.
    pub(super) fn credentials(&self, client_id: &str) -> Result<Vec<Credential>, Gap> {
        let not_compared = Gap::new(
            GapKind::NotReached,
            "only the estate's registrations are compared with what is stored",
        );
        let mut all = Vec::new();
        for (list, what) in [
            (&self.applications, format!("the application {client_id}")),
            (&self.principals, principal(client_id)),
        ] {
            if let Some(value) = list.find(client_id).map_err(Clone::clone)? {
                let fields = Fields::new(value, &what);
                all.extend(credential::credentials(fields, Err(&not_compared))?);
            }
        }
        all.sort_by(|left, right| credential::order(left).cmp(&credential::order(right)));
        Ok(all)
    }
}

fn principal(client_id: &str) -> String {
    format!("the service principal of {client_id}")
}
