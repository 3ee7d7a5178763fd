//! Tokens of audited credentials: whoever needs one first asks, and everybody gets the same answer.

use std::sync::{Arc, Mutex, Weak};

use async_trait::async_trait;
use secrecy::SecretString;

use super::{Once, lock, once};
use crate::collect::credential::StoredCredential;
use crate::collect::entra::map::Granted;
use crate::collect::entra::sign_in::SignIn;
use crate::collect::http::{Lease, Renewal, Wire};
use crate::estate::Tenant;
use crate::evidence::TokenAnswer;
use crate::model::{Gap, GapKind, Observed};

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
        let granted = sign_in.with(&credential).await;
        if let Some(token) = granted.token.clone() {
            let lease = Lease {
                token,
                life: granted.life,
            };
            let source = Again {
                wire: Arc::downgrade(&wire),
                tenant: tenant.clone(),
                key,
                credential,
                purpose,
            };
            wire.lend(&lease, Arc::new(source));
        }
        Arc::new(granted)
    })
}

/// An audited credential, asked with again. The client that keeps this is the one that it asks through.
struct Again {
    wire: Weak<Wire>,
    tenant: Tenant,
    key: TokenKey,
    credential: StoredCredential,
    purpose: String,
}

#[async_trait]
impl Renewal for Again {
    async fn again(&self, _: &SecretString) -> Result<Lease, Gap> {
        let over = || Gap::new(GapKind::Cancelled, "the run is over");
        let wire = self.wire.upgrade().ok_or_else(over)?;
        let sign_in = SignIn {
            wire: &wire,
            tenant: &self.tenant,
            client_id: &self.key.client_id,
            resource: &self.key.resource,
            purpose: &self.purpose,
        };
        let Granted {
            answer,
            token,
            life,
        } = sign_in.with(&self.credential).await;
        match (token, answer) {
            (Some(token), _) => Ok(Lease { token, life }),
            (None, Observed::Unknown(gap)) => Err(gap),
            (None, Observed::Known(answer)) => {
                let seen = match answer {
                    TokenAnswer::Issued { seen, .. } | TokenAnswer::Refused { seen, .. } => seen,
                };
                Err(Gap::new(GapKind::NotReached, seen.to_string()))
            }
        }
    }
}
