//! Tokens of audited credentials: whoever needs one first asks, and everybody gets the same answer.

use std::sync::{Arc, Mutex};

use super::{Once, lock, once};
use crate::collect::credential::StoredCredential;
use crate::collect::entra::map::Granted;
use crate::collect::entra::sign_in::SignIn;
use crate::collect::http::Wire;
use crate::estate::Tenant;

/// One request a client, resource and credential.
#[derive(Default)]
pub(in crate::collect) struct TokenDesk<'a> {
    granted: Mutex<Vec<Asked<'a>>>,
}

/// What was asked for, with which credential, and the answer.
type Asked<'a> = (TokenKey, StoredCredential, Once<'a, Arc<Granted>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct TokenKey {
    tenant: String,
    client_id: String,
    resource: String,
}

impl<'a> TokenDesk<'a> {
    pub(in crate::collect) async fn token(
        &self,
        wire: &Arc<Wire>,
        tenant: &'a Tenant,
        client_id: &str,
        credential: &StoredCredential,
        resource: &str,
        purpose: &str,
    ) -> Arc<Granted> {
        let key = TokenKey {
            tenant: tenant.id.clone(),
            client_id: client_id.to_owned(),
            resource: resource.to_owned(),
        };
        let request = {
            let mut granted = lock(&self.granted);
            let known = granted
                .iter()
                .find(|(other, value, _)| *other == key && value.same(credential));
            if let Some((_, _, request)) = known {
                request.clone()
            } else {
                let request = request(wire, tenant, key.clone(), credential, purpose);
                granted.push((key, credential.clone(), request.clone()));
                request
            }
        };
        request.await
    }
}

fn request<'a>(
    wire: &Arc<Wire>,
    tenant: &'a Tenant,
    key: TokenKey,
    credential: &StoredCredential,
    purpose: &str,
) -> Once<'a, Arc<Granted>> {
    let (wire, credential, purpose) = (Arc::clone(wire), credential.clone(), purpose.to_owned());
    once(async move {
        let sign_in = SignIn {
            wire: &wire,
            tenant,
            client_id: &key.client_id,
            resource: &key.resource,
            purpose: &purpose,
        };
        Arc::new(sign_in.with(&credential).await)
    })
}
