//! Who the audit signs in as: a chain of credentials that remembers what each of its links answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use secrecy::SecretString;
use tokio::sync::{Mutex, OnceCell};

use super::credential::Stored;
use super::entra::claims;
use super::graph::api::Directory;
use super::http::{GapError, Wire};
use super::options::Options;
use crate::estate::{Auditor as AuditorEntry, Tenant};
use crate::evidence::{AuditorEvidence, AuditorIdentity, AuditorRegistration};
use crate::model::{Gap, GapKind, Observed};

mod certificate;
mod links;
mod local;
mod refusal;
mod roles;

use links::{Ground, Holder, Link, OwnCredential, links};
use refusal::Refusal;

/// The Azure CLI starts a program of its own, which may hang.
const ONE_LINK: Duration = Duration::from_secs(30);

type TokenCell = OnceCell<Result<AccessToken, Gap>>;

/// One identity in one tenant.
pub(crate) struct Auditor {
    wire: Arc<Wire>,
    tenant: String,
    links: Vec<Link>,
    chain: Mutex<Chain>,
    /// One cell a scope: asked once, whoever asks first.
    tokens: std::sync::Mutex<BTreeMap<String, Arc<TokenCell>>>,
}

#[derive(Default)]
struct Chain {
    /// The link that answered.
    chosen: Option<usize>,
    /// What each link said first, by its place.
    said: BTreeMap<usize, String>,
    /// Links that are not there on this machine: not asked again.
    out: Vec<usize>,
    identity: Option<AuditorIdentity>,
    /// The last refusal of the whole chain.
    refused: Option<Gap>,
}

impl std::fmt::Debug for Auditor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Auditor")
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}

impl Auditor {
    pub(crate) fn new(
        wire: &Arc<Wire>,
        options: &Options,
        tenant: &Tenant,
        auditor: &AuditorEntry,
    ) -> Self {
        Self {
            wire: Arc::clone(wire),
            tenant: tenant.id.clone(),
            links: links(&Ground {
                wire,
                variables: &options.environment,
                tenant,
                auditor,
                pretend: options.trust.is_some(),
            }),
            chain: Mutex::default(),
            tokens: std::sync::Mutex::default(),
        }
    }

    /// A token for `scope`, asked for once a run.
    pub(crate) async fn token(&self, scope: &str) -> Result<SecretString, Gap> {
        let token = self.access_token(scope).await?;
        Ok(SecretString::from(token.token.secret().to_owned()))
    }

    async fn access_token(&self, scope: &str) -> Result<AccessToken, Gap> {
        let cell = {
            let mut tokens = self
                .tokens
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            Arc::clone(tokens.entry(scope.to_owned()).or_default())
        };
        let call = format!("the auditor's sign-in to tenant {}", self.tenant);
        cell.get_or_init(|| self.wire.in_time(&call, self.walk(scope)))
            .await
            .clone()
    }

    /// Asks the links in order; the first that answers serves every later scope.
    async fn walk(&self, scope: &str) -> Result<AccessToken, Gap> {
        let mut chain = self.chain.lock().await;
        if let Some(chosen) = chain.chosen {
            // The walk is over: tokens for further scopes are asked for side by side.
            drop(chain);
            return match self.ask(chosen, scope).await {
                Ok(token) => Ok(token),
                Err(refusal) => Err(self.refusal(&[(chosen, refusal)])),
            };
        }
        let mut refusals = Vec::new();
        for place in 0..self.links.len() {
            if chain.out.contains(&place) {
                continue;
            }
            match self.ask(place, scope).await {
                Ok(token) => {
                    chain.chosen = Some(place);
                    let said = self.sentence(place, "signed in");
                    chain.said.insert(place, said);
                    chain.identity = Some(self.identity(place, &token));
                    return Ok(token);
                }
                Err(refusal) => {
                    if refusal.absent {
                        chain.out.push(place);
                    }
                    let said = self.sentence(place, &refusal.words);
                    chain.said.entry(place).or_insert(said);
                    refusals.push((place, refusal));
                }
            }
        }
        let gap = match (&chain.refused, refusals.is_empty()) {
            (Some(gap), true) => gap.clone(),
            _ => self.refusal(&refusals),
        };
        chain.refused = Some(gap.clone());
        Err(gap)
    }

    async fn ask(&self, place: usize, scope: &str) -> Result<AccessToken, Refusal> {
        let Some(link) = self.links.get(place) else {
            return Err(Refusal::absent("there is no such link"));
        };
        let credential = link
            .credential
            .as_ref()
            .map_err(|why| Refusal::absent(why))?;
        match tokio::time::timeout(ONE_LINK, credential.get_token(&[scope], None)).await {
            Ok(Ok(token)) => Ok(token),
            Ok(Err(error)) => Err(Refusal::read(&error)),
            Err(_) => Err(Refusal::absent("did not answer within 30 s")),
        }
    }

    /// `environment: signed in (signs in to the estate's tenant …)`.
    fn sentence(&self, place: usize, words: &str) -> String {
        let link = self.links.get(place);
        let name = link.map_or("", |link| link.name);
        match link.and_then(|link| link.note.as_deref()) {
            Some(note) => format!("{name}: {words} ({note})"),
            None => format!("{name}: {words}"),
        }
    }

    fn refusal(&self, refusals: &[(usize, Refusal)]) -> Gap {
        let words: Vec<String> = refusals
            .iter()
            .map(|(place, refusal)| {
                let name = self.links.get(*place).map_or("", |link| link.name);
                format!("{name}: {}", refusal.words)
            })
            .collect();
        let kind = refusals
            .iter()
            .find_map(|(_, refusal)| (!refusal.absent).then_some(refusal.kind))
            .unwrap_or(GapKind::Denied);
        let remedy = refusals
            .iter()
            .find_map(|(_, refusal)| refusal.remedy.clone())
            .unwrap_or_else(|| {
                if self.links.len() > 1 {
                    "sign in with `az login`, or name an identity under [auditor] in the estate"
                } else {
                    "set this identity up where the audit runs, or name another under [auditor] in the estate"
                }
                .to_owned()
            });
        Gap::new(
            kind,
            format!(
                "the auditor could not sign in to tenant {} ({})",
                self.tenant,
                words.join("; ")
            ),
        )
        .with_remedy(remedy)
    }

    fn identity(&self, place: usize, token: &AccessToken) -> AuditorIdentity {
        let claims = claims::payload(token.token.secret());
        let holder = self.links.get(place).map(|link| link.holder);
        let user = match (&claims, holder) {
            (_, Some(Holder::Application)) => Ok(false),
            (Some(claims), _) => {
                claims::is_user(claims).ok_or("the token does not say whether it is a person's")
            }
            (None, _) => Err("the token is opaque: its claims cannot be read"),
        };
        AuditorIdentity {
            link: self.links.get(place).map_or_else(String::new, |link| {
                link.name.replace(' ', "-").to_lowercase()
            }),
            client_id: claims.as_ref().and_then(claims::own_client_id),
            object_id: claims
                .as_ref()
                .and_then(|claims| claims.get("oid"))
                .and_then(serde_json::Value::as_str)
                .map(str::to_lowercase),
            user: user
                .map_err(|why| Gap::new(GapKind::Unrecognised, why))
                .into(),
        }
    }

    /// How a remedy names this identity: `the auditor (client id …)`.
    pub(crate) async fn name(&self) -> String {
        let chain = self.chain.lock().await;
        match chain.identity.as_ref() {
            Some(AuditorIdentity {
                client_id: Some(id),
                ..
            }) => format!("the auditor (client id {id})"),
            Some(AuditorIdentity {
                object_id: Some(id),
                ..
            }) => format!("the auditor (object id {id})"),
            _ => "the auditor's identity".to_owned(),
        }
    }

    /// Its client id, where it signed in and is no person.
    pub(crate) async fn application_id(&self) -> Option<String> {
        let chain = self.chain.lock().await;
        chain.identity.as_ref().and_then(application_id)
    }

    /// Its own registration in the directory, its credentials compared with the one it signed in with.
    fn registration(&self, chain: &Chain, directory: &Directory) -> Option<AuditorRegistration> {
        let id = application_id(chain.identity.as_ref()?)?;
        let link = self.links.get(chain.chosen?)?;
        let elsewhere = Gap::new(
            GapKind::NotReached,
            format!(
                "the audit signs in by {} and holds no secret or certificate of its own",
                link.name
            ),
        );
        let stored = match &link.own {
            Some(OwnCredential::Secret(secret)) => Ok(Stored::Secret(secret)),
            Some(OwnCredential::Certificate(facts)) => Ok(Stored::Certificate(facts)),
            None => Err(&elsewhere),
        };
        let raw = directory.entry(&id);
        Some(AuditorRegistration {
            application: raw.application(&id, stored),
            service_principal: raw.service_principal(&id, &directory.tenant, stored),
        })
    }

    /// The token that Graph was asked with, where it was.
    fn graph_token(&self, host: Option<&str>) -> Option<Result<AccessToken, Gap>> {
        let scope = format!("https://{}/.default", host?);
        let tokens = self
            .tokens
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        tokens.get(&scope)?.get().cloned()
    }

    /// What the snapshot keeps of it. `graph` is the host of the Graph that is asked as this identity.
    pub(crate) async fn evidence(
        &self,
        directory: Option<&Directory>,
        graph: Option<&str>,
    ) -> AuditorEvidence {
        let chain = self.chain.lock().await;
        let signed_in = match (&chain.identity, &chain.refused) {
            (Some(identity), _) => Observed::Known(identity.clone()),
            (None, Some(gap)) => Observed::Unknown(gap.clone()),
            (None, None) => Observed::not_reached(format!(
                "no service of tenant {} was asked as the auditor",
                self.tenant
            )),
        };
        AuditorEvidence {
            signed_in,
            graph_roles: roles::held(self.graph_token(graph), chain.identity.as_ref()),
            dataverse_roles: std::collections::BTreeMap::new(),
            links: chain.said.values().cloned().collect(),
            registration: directory.and_then(|directory| self.registration(&chain, directory)),
        }
    }
}

/// Not of a person, and only where the token shows it.
fn application_id(identity: &AuditorIdentity) -> Option<String> {
    (identity.user == Observed::Known(false))
        .then(|| identity.client_id.clone())
        .flatten()
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
        Ok(self
            .auditor
            .access_token(&self.scope)
            .await
            .map_err(GapError)?)
    }
}
