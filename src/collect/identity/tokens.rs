//! The auditor's tokens: one for each scope, asked for again before it expires.

use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::Auditor;
use crate::collect::clock;
use crate::collect::http::{GapError, Lease, Life, Renewal};
use crate::model::{Gap, GapKind};

/// What was answered for one scope; `None` before it was asked.
pub(super) type TokenCell = Mutex<Option<Issued>>;

/// A token, or why there is none.
#[derive(Clone)]
pub(super) struct Issued {
    answer: Result<AccessToken, Gap>,
    life: Life,
}

impl Issued {
    /// Whether this still stands for an answer.
    fn stands(&self) -> bool {
        self.answer.is_err() || !self.life.is_due()
    }
}

impl Auditor {
    /// A token for `scope`. Requests that are made with it are sent with its successor, once it has one.
    pub(crate) async fn token(self: &Arc<Self>, scope: &str) -> Result<SecretString, Gap> {
        let lease = lease(&self.issued(scope, None).await)?;
        let source = Again {
            auditor: Arc::downgrade(self),
            scope: scope.to_owned(),
        };
        self.wire.lend(&lease, Arc::new(source));
        Ok(lease.token)
    }

    fn cell(&self, scope: &str) -> Arc<TokenCell> {
        let mut tokens = self
            .tokens
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(tokens.entry(scope.to_owned()).or_default())
    }

    /// What was answered for this scope, and another answer where the token is due, or where it is `instead`'s.
    async fn issued(&self, scope: &str, instead: Option<&SecretString>) -> Issued {
        let cell = self.cell(scope);
        let mut held = cell.lock().await;
        if let Some(issued) = &*held {
            let spent = match (instead, &issued.answer) {
                (Some(instead), Ok(token)) => instead.expose_secret() == token.token.secret(),
                _ => false,
            };
            if issued.stands() && !spent {
                return issued.clone();
            }
        }
        let call = format!("the auditor's sign-in to tenant {}", self.tenant);
        let answer = self.wire.in_time(&call, self.walk(scope)).await;
        let lasts = match &answer {
            Ok(token) => Some(self.lasts(token).await),
            Err(_) => None,
        };
        let issued = Issued {
            answer,
            life: Life::new(lasts),
        };
        // A token that is still good is not given up for one that did not come.
        let keeps = held
            .as_ref()
            .is_some_and(|old| old.answer.is_ok() && !old.life.is_over());
        if issued.answer.is_err() && keeps {
            return match (instead, &*held) {
                (None, Some(old)) => old.clone(),
                _ => issued,
            };
        }
        *held = Some(issued.clone());
        issued
    }

    /// How long a token just given is good for.
    async fn lasts(&self, token: &AccessToken) -> Duration {
        let chosen = self.chain.lock().await.chosen;
        let link = chosen.and_then(|place| self.links.get(place));
        let ahead = match link {
            Some(link) if link.by_services_clock => self.wire.ahead().unwrap_or_default(),
            _ => chrono::TimeDelta::zero(),
        };
        let left = token.expires_on.unix_timestamp() - (clock::now() + ahead).timestamp();
        Duration::from_secs(u64::try_from(left).unwrap_or_default())
    }

    /// The token that Graph was asked with, where it was.
    pub(super) async fn graph_token(&self, host: Option<&str>) -> Option<Result<AccessToken, Gap>> {
        let scope = format!("https://{}/.default", host?);
        let cell = {
            let tokens = self
                .tokens
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            Arc::clone(tokens.get(&scope)?)
        };
        let held = cell.lock().await;
        held.as_ref().map(|issued| issued.answer.clone())
    }
}

/// The auditor as the Key Vault SDK wants it: tokens for the vault's own resource and no other.
#[derive(Debug)]
pub(crate) struct VaultCredential {
    pub(crate) auditor: Arc<Auditor>,
    pub(crate) scope: String,
}

#[async_trait]
impl TokenCredential for VaultCredential {
    async fn get_token(
        &self,
        scopes: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        if scopes != [self.scope.as_str()] {
            let gap = Gap::new(
                GapKind::Unrecognised,
                "the vault asked for a token of another resource than Key Vault's; none was sent",
            );
            return Err(GapError(gap).into());
        }
        let issued = self.auditor.issued(&self.scope, None).await;
        if let Ok(lease) = lease(&issued) {
            let source = Again {
                auditor: Arc::downgrade(&self.auditor),
                scope: self.scope.clone(),
            };
            self.auditor.wire.lend(&lease, Arc::new(source));
        }
        Ok(issued.answer.map_err(GapError)?)
    }
}

fn lease(issued: &Issued) -> Result<Lease, Gap> {
    let token = issued.answer.as_ref().map_err(Clone::clone)?;
    Ok(Lease {
        token: SecretString::from(token.token.secret().to_owned()),
        life: issued.life,
    })
}

/// The auditor, asked again for a scope. The client that keeps this is the auditor's own.
struct Again {
    auditor: Weak<Auditor>,
    scope: String,
}

#[async_trait]
impl Renewal for Again {
    async fn again(&self, instead: &SecretString) -> Result<Lease, Gap> {
        let auditor = self
            .auditor
            .upgrade()
            .ok_or_else(|| Gap::new(GapKind::Cancelled, "the run is over"))?;
        lease(&auditor.issued(&self.scope, Some(instead)).await)
    }
}
