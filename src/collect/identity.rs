//! Who the audit signs in as: a chain of credentials that remembers what each of its links answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use azure_core::credentials::AccessToken;
use tokio::sync::Mutex;

use super::credential::Stored;
use super::entra::claims;
use super::graph::api::Directory;
use super::http::Wire;
use super::options::Options;
use crate::estate::{Auditor as AuditorEntry, Tenant};
use crate::evidence::{AuditorEvidence, AuditorIdentity, AuditorRegistration, SignInRefusal};
use crate::model::grant::{Grantee, Identity};
use crate::model::{Gap, GapKind, Observed};

mod certificate;
mod links;
mod local;
mod promises;
mod refusal;
mod roles;
mod tokens;

use links::{Ground, Holder, Link, OwnCredential, links};
use refusal::Refusal;
use tokens::TokenCell;

pub(crate) use tokens::VaultCredential;

/// The Azure CLI starts a program of its own, which may hang. All others have a limit of their own.
const ONE_LINK: Duration = Duration::from_secs(30);

/// One identity in one tenant.
pub(crate) struct Auditor {
    wire: Arc<Wire>,
    tenant: String,
    links: Vec<Link>,
    chain: Mutex<Chain>,
    /// One cell a scope: asked once, whoever asks first, and again before the token expires.
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
    /// Each link that was refused, once.
    refusals: BTreeMap<usize, SignInRefusal>,
    /// No link is there, and none was promised.
    nobody: bool,
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

    /// Asks the links in order; the first that answers serves every later scope.
    async fn walk(&self, scope: &str) -> Result<AccessToken, Gap> {
        let mut chain = self.chain.lock().await;
        if let Some(chosen) = chain.chosen {
            // The walk is over: tokens for further scopes are asked for side by side.
            drop(chain);
            return match self.ask_in_time(chosen, scope).await {
                Ok(token) => Ok(token),
                Err(refusal) => Err(self.refusal(&[(chosen, refusal)])),
            };
        }
        let mut refusals = Vec::new();
        for place in 0..self.links.len() {
            if chain.out.contains(&place) {
                continue;
            }
            match self.ask_in_time(place, scope).await {
                Ok(token) => {
                    chain.chosen = Some(place);
                    let said = self.sentence(place, "signed in");
                    chain.said.insert(place, said);
                    chain.identity = Some(self.identity(place, &token));
                    return Ok(token);
                }
                Err(refusal) => {
                    let last = self.is_last(place, &refusal);
                    if refusal.absent && !last {
                        chain.out.push(place);
                    }
                    if let (false, Some(link)) = (refusal.absent, self.links.get(place)) {
                        chain.refusals.entry(place).or_insert(SignInRefusal {
                            signer: link.signer,
                            code: refusal.code.clone(),
                        });
                    }
                    let said = self.sentence(place, &refusal.words);
                    chain.said.entry(place).or_insert(said);
                    refusals.push((place, refusal));
                    if last {
                        break;
                    }
                }
            }
        }
        let promised = self.links.iter().any(|link| link.promise.is_some());
        chain.nobody = !promised
            && chain.said.len() == self.links.len()
            && refusals.iter().all(|(_, refusal)| refusal.absent);
        let gap = match (&chain.refused, refusals.is_empty()) {
            (Some(gap), true) => gap.clone(),
            _ => self.refusal(&refusals),
        };
        chain.refused = Some(gap.clone());
        Err(gap)
    }

    /// Whether nobody else is asked after this refusal: another identity is no answer where one was promised,
    /// or is there and was not given a token this time.
    fn is_last(&self, place: usize, refusal: &Refusal) -> bool {
        !refusal.absent
            || self
                .links
                .get(place)
                .is_some_and(|link| link.promise.is_some())
    }

    /// Once more where a refusal told what time it is, and an assertion was written by another clock.
    async fn ask_in_time(&self, place: usize, scope: &str) -> Result<AccessToken, Refusal> {
        let before = self.wire.ahead();
        let answer = self.ask(place, scope).await;
        let own = self.links.get(place).and_then(|link| link.own.as_ref());
        let signs = matches!(own, Some(OwnCredential::Certificate(_)));
        if answer.is_err() && signs && self.wire.clock_moved(before) {
            return self.ask(place, scope).await;
        }
        answer
    }

    async fn ask(&self, place: usize, scope: &str) -> Result<AccessToken, Refusal> {
        let Some(link) = self.links.get(place) else {
            return Err(Refusal::absent("there is no such link"));
        };
        let credential = link
            .credential
            .as_ref()
            .map_err(|why| Refusal::absent(why))?;
        let scopes = [scope];
        let token = credential.get_token(&scopes, None);
        let answer = match link.holder {
            Holder::Application => Ok(token.await),
            Holder::Anybody => tokio::time::timeout(ONE_LINK, token).await,
        };
        match answer {
            Ok(Ok(token)) => Ok(token),
            Ok(Err(error)) => Err(Refusal::read(&error, link.holder, link.signer)),
            Err(_) => Err(Refusal::failed(Gap::new(
                GapKind::TimedOut,
                "did not answer within 30 s",
            ))),
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
                let link = self.links.get(*place);
                let name = link.map_or("", |link| link.name);
                let promise = link.and_then(|link| link.promise);
                let alone = promise.map_or_else(String::new, |promise| {
                    format!(", and no other identity is tried since {promise}")
                });
                format!("{name}: {}{alone}", refusal.words)
            })
            .collect();
        let asked = refusals.iter().find(|(_, refusal)| !refusal.absent);
        let kind = asked.map_or(GapKind::Denied, |(_, refusal)| refusal.kind);
        let remedy = refusals
            .iter()
            .find_map(|(_, refusal)| refusal.remedy.clone())
            .unwrap_or_else(|| self.remedy(kind, refusals.last()));
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

    /// What to do where the refusal itself does not say.
    fn remedy(&self, kind: GapKind, last: Option<&(usize, Refusal)>) -> String {
        let link = last.and_then(|(place, _)| self.links.get(*place));
        if !matches!(kind, GapKind::Denied | GapKind::Unrecognised) {
            return "run again: no identity was refused, only the answer did not come".to_owned();
        }
        match link.and_then(|link| Some((link.name, link.promise?))) {
            Some((name, promise)) => format!(
                "set the {name} up where the audit runs, or take the variable away that promises it: {promise}"
            ),
            None if self.links.len() > 1 => {
                "sign in with `az login`, or name an identity under [auditor] in the estate"
                    .to_owned()
            }
            None => {
                "set this identity up where the audit runs, or name another under [auditor] in the estate"
                    .to_owned()
            }
        }
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
    pub(crate) async fn name(&self) -> Identity {
        let chain = self.chain.lock().await;
        let name = match chain.identity.as_ref() {
            Some(AuditorIdentity {
                client_id: Some(id),
                ..
            }) => format!("the auditor (client id {id})"),
            Some(AuditorIdentity {
                object_id: Some(id),
                ..
            }) => format!("the auditor (object id {id})"),
            _ => "the auditor's identity".to_owned(),
        };
        Identity {
            name,
            to: chain.identity.as_ref().and_then(grantee),
        }
    }

    /// What the token of `graph` says of whoever signed in, where it was asked for and can be read.
    pub(crate) async fn claims(&self, graph: &str) -> Option<serde_json::Value> {
        let token = self.graph_token(Some(graph)).await?.ok()?;
        claims::payload(token.token.secret())
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

    /// What the snapshot keeps of it. `graph` is the host of the Graph that is asked as this identity.
    pub(crate) async fn evidence(
        &self,
        directory: Option<&Directory>,
        graph: Option<&str>,
    ) -> AuditorEvidence {
        let graph_token = self.graph_token(graph).await;
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
            no_identity: chain.nobody,
            graph_roles: roles::held(graph_token, chain.identity.as_ref()),
            dataverse_roles: std::collections::BTreeMap::new(),
            links: chain.said.values().cloned().collect(),
            refusals: chain.refusals.values().cloned().collect(),
            registration: directory.and_then(|directory| self.registration(&chain, directory)),
        }
    }
}

/// Whom a right would be given to. A person's token also names an application, that of the tool which signed in:
/// nothing may be granted to that.
fn grantee(identity: &AuditorIdentity) -> Option<Grantee> {
    match identity.user.known()? {
        false => identity.client_id.clone().map(Grantee::Application),
        true => identity.object_id.clone().map(Grantee::Person),
    }
}

/// Not of a person, and only where the token shows it.
fn application_id(identity: &AuditorIdentity) -> Option<String> {
    (identity.user == Observed::Known(false))
        .then(|| identity.client_id.clone())
        .flatten()
}
