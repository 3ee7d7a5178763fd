//! The token of a registration, or why there is none, for the steps behind it.

use std::sync::Arc;

use secrecy::SecretString;

use crate::collect::caller::{Caller, purpose};
use crate::collect::credential::StoredCredential;
use crate::collect::gaps;
use crate::collect::http::Wire;
use crate::collect::services::TokenDesk;
use crate::estate::{Registration, Tenant};
use crate::evidence::{TokenAnswer, TokenProof};
use crate::model::{Gap, GapKind, Observed, Service};

/// Where tokens of one registration come from: one for each resource, asked for once.
pub(super) struct TokenSource<'s, 'a> {
    pub(super) wire: &'s Arc<Wire>,
    pub(super) desk: &'s TokenDesk<'a>,
    pub(super) tenant: Option<&'a Tenant>,
    pub(super) registration: &'s Registration,
    pub(super) client_id: &'s Observed<String>,
    /// Else why it is not used.
    pub(super) credential: Result<&'s StoredCredential, Gap>,
}

impl TokenSource<'_, '_> {
    pub(super) async fn token(&self, resource: &str) -> Held {
        match (&self.credential, self.client_id, self.tenant) {
            (Ok(credential), Observed::Known(client_id), Some(tenant)) => {
                let purpose = purpose(&self.registration.name);
                let granted = self
                    .desk
                    .token(self.wire, tenant, client_id, credential, resource, &purpose)
                    .await;
                Held {
                    answer: granted.answer.clone(),
                    token: granted.token.clone(),
                }
            }
            (Err(gap), _, _) | (_, Observed::Unknown(gap), _) => Held::none(gap.clone()),
            (_, _, None) => Held::none(Gap::new(
                GapKind::NotReached,
                "the environment belongs to no tenant",
            )),
        }
    }
}

/// What a step further up needs to know of the token: the token, or why there is none.
pub(super) struct Held {
    pub(super) answer: Observed<TokenAnswer>,
    pub(super) token: Option<SecretString>,
}

impl Held {
    pub(super) const fn none(gap: Gap) -> Self {
        Self {
            answer: Observed::Unknown(gap),
            token: None,
        }
    }

    /// NotReached, naming the step that failed.
    pub(super) fn missing(&self) -> Gap {
        let reached = |why: String| Gap::new(GapKind::NotReached, why);
        match &self.answer {
            Observed::Known(TokenAnswer::Refused { seen, .. }) => {
                reached(format!("{}: {seen}", gaps::NO_TOKEN))
            }
            Observed::Known(TokenAnswer::Issued { .. }) => {
                reached("the token was used up".to_owned())
            }
            Observed::Unknown(gap) if gap.kind == GapKind::NotReached => gap.clone(),
            Observed::Unknown(gap) => gap.behind(gaps::NO_TOKEN),
        }
    }

    /// Who asks with it; `grant` is what would help where it is refused.
    pub(super) fn caller(&self, registration: &Registration, grant: String) -> Option<Caller> {
        self.token.clone().map(|token| Caller {
            token,
            purpose: purpose(&registration.name),
            grant: grant.into(),
        })
    }

    pub(super) fn proof(&self, service: Service, resource: String) -> TokenProof {
        TokenProof {
            service,
            resource,
            answer: self.answer.clone(),
        }
    }
}
