//! SHELL: finds the registrations, environments and vaults of a tenant for a first estate. It reads as an audit
//! does, signs in as nobody but whoever looks, and reads no stored value unless that is asked for.

mod applications;
mod clients;
pub(crate) mod diff;
pub(crate) mod draft;
mod entries;
mod environments;
mod expectations;
mod looks;
mod matching;
mod names;
mod places;
mod registrations;
mod session;
mod unlisted;
pub(crate) mod update;
mod vaults;
pub(crate) mod write;

use std::time::Duration;

use tokio::time::Instant;

use crate::collect::{Options, collect};
use crate::estate::{Auditor, Estate, Tenant};
use crate::evidence::{PrincipalKind, Snapshot};
use crate::model::plural::count;
use crate::model::{Gap, GapKind, IsolationProbe, Observed};
use crate::reference::cloud::Cloud;
use applications::Searched;
use clients::Client;
use draft::{Draft, DraftEnvironment, DraftVault, Unlisted};
use entries::{MOST_PAIRS, Stored};
use matching::{Entry, Match};
pub(crate) use names::harmless;
pub(crate) use places::Given;
use session::Session;

/// What is looked for, and as whom.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) auditor: Auditor,
    /// GUID, lower case; `None`: whichever tenant the identity signs in to.
    pub(crate) tenant: Option<String>,
    pub(crate) cloud: Cloud,
    /// Environments that are named by their addresses.
    pub(crate) environments: Vec<Given>,
    /// Hosts of vaults that are named.
    pub(crate) vaults: Vec<String>,
    /// Whether stored values may be read to tell whose they are.
    pub(crate) match_values: bool,
}

/// Looks for everything that has to do with Dynamics. The options' deadline is that of the whole.
///
/// # Errors
/// The gap, where nobody is signed in: nothing was looked for.
pub(crate) async fn discover(wanted: &Wanted, options: &Options) -> Result<Draft, Gap> {
    let until = Instant::now() + options.deadline;
    let left = || looking(options, until);
    let session = sign_in(wanted, &left()).await?;
    let mut first = First::listed(&session, wanted).await;
    let whole = looks::whole(
        &session.tenant,
        &wanted.auditor,
        &first.environments,
        &first.vaults,
    );
    let look = collect(&whole, None, &left()).await;
    first.add(&look);
    let clients = clients::all(&look, &first.searched);
    let entries = entries::all(&look);
    let known: Vec<matching::Client> = clients.iter().map(Client::to_match).collect();
    let matches = matching::matches(&known, &entries);
    let known = (&clients[..], &entries[..], &matches[..]);
    let close = collect(&looks::close(&whole, &clients), None, &left()).await;
    let mut unlisted = unlisted::joined(first.unlisted, unlisted::of_close(&close));
    let values = match wanted.match_values {
        true => values(&whole, known, &left(), &mut unlisted).await,
        false => None,
    };
    let foreign = clients
        .iter()
        .filter(|one| one.kind == Some(PrincipalKind::Foreign));
    let homes = applications::homes(&session, foreign.map(|one| one.client_id.clone())).await;
    let sources = registrations::Sources {
        stored: Stored {
            clients: &clients,
            entries: &entries,
            matches: &matches,
            values: values.as_ref(),
        },
        close: &close,
        homes: &homes,
        owners: &entries::owners(&look),
    };
    Ok(Draft {
        tenant: session.tenant.id.clone(),
        cloud: wanted.cloud,
        auditor: wanted.auditor.clone(),
        signed_in: session.who().await.name,
        registrations: registrations::all(&sources),
        unplaced: registrations::unplaced(&clients),
        vaults: serving(first.vaults, known, &first.environments),
        environments: first.environments,
        unlisted,
        listed: first.sentences,
    })
}

/// The identity, signed in to its tenant.
async fn sign_in(wanted: &Wanted, options: &Options) -> Result<Session, Gap> {
    let id = match &wanted.tenant {
        Some(id) => id.clone(),
        None => session::home(options, &wanted.auditor, wanted.cloud).await?,
    };
    let tenant = Tenant {
        id,
        cloud: wanted.cloud,
        auditor: None,
    };
    let session = Session::open(options, &wanted.auditor, tenant)?;
    session.token(wanted.cloud.hosts().graph).await?;
    Ok(session)
}

/// What is listed before anything is looked into.
struct First {
    environments: Vec<DraftEnvironment>,
    vaults: Vec<DraftVault>,
    searched: Searched,
    unlisted: Vec<Unlisted>,
    /// What was listed, in words.
    sentences: Vec<String>,
}

impl First {
    async fn listed(session: &Session, wanted: &Wanted) -> Self {
        let (environments, vaults, searched) = futures::join!(
            environments::list(session),
            vaults::list(session),
            applications::search(session)
        );
        let mut sentences = Vec::new();
        if let Some(by) = environments.by {
            sentences.push(format!("{} {by}", environments.found.len()));
        }
        let subscriptions = count(vaults.subscriptions, "Azure subscription");
        let found = count(vaults.hosts.len(), "key vault");
        sentences.push(format!("{found} in {subscriptions}"));
        let mut unlisted = environments.unlisted;
        unlisted.extend(vaults.unlisted);
        Self {
            environments: places::environments(environments.found, &wanted.environments),
            vaults: places::vaults(&vaults.hosts, &wanted.vaults),
            searched,
            unlisted,
            sentences,
        }
    }

    /// What the first look tells of them.
    fn add(&mut self, look: &Snapshot) {
        let unlisted = std::mem::take(&mut self.unlisted);
        let unlisted = unlisted::joined(unlisted, unlisted::of_look(look));
        self.unlisted = unlisted::joined(unlisted, unlisted::of_search(look, &self.searched));
        for environment in &mut self.environments {
            let seen = look.environments.get(&environment.key);
            if let Some(Observed::Known(id)) = seen.map(|seen| &seen.organization) {
                environment.organization_id = Some(id.clone());
            }
        }
    }
}

/// What is left of the time, and nothing that proves.
fn looking(options: &Options, until: Instant) -> Options {
    Options {
        previous: None,
        isolation: IsolationProbe::Off,
        probe_writes: None,
        deadline: until
            .saturating_duration_since(Instant::now())
            .max(Duration::from_millis(1)),
        ..options.clone()
    }
}

/// Clients, entries, and what is known of both.
type Known<'a> = (&'a [Client], &'a [Entry], &'a [Match]);

/// The look at the values of entries.
async fn values(
    whole: &Estate,
    (clients, entries, matches): Known<'_>,
    options: &Options,
    unlisted: &mut Vec<Unlisted>,
) -> Option<Snapshot> {
    let mut pairs = entries::pairs(clients, entries, matches);
    if pairs.len() > MOST_PAIRS {
        let seen = format!(
            "there are {} pairs of registration and entry, and {MOST_PAIRS} were compared",
            pairs.len()
        );
        let gap = Gap::new(GapKind::Truncated, seen);
        unlisted.push(Unlisted {
            what: "the values of vault entries (--match-values)".to_owned(),
            gap: gap.with_remedy("name fewer vaults with --vault URL"),
        });
        pairs.truncate(MOST_PAIRS);
    }
    if pairs.is_empty() {
        return None;
    }
    Some(
        collect(
            &looks::values(whole, clients, entries, &pairs),
            None,
            options,
        )
        .await,
    )
}

/// Each vault with the environment that it serves.
fn serving(
    vaults: Vec<DraftVault>,
    (clients, entries, matches): Known<'_>,
    environments: &[DraftEnvironment],
) -> Vec<DraftVault> {
    let told = |vault: &DraftVault| {
        let mut holds_for: Vec<&str> = Vec::new();
        for (client, told) in clients.iter().zip(matches) {
            let entry = entries::tells(told).and_then(|at| entries.get(at));
            if entry.is_some_and(|entry| entry.vault == vault.key) {
                holds_for.extend(client.places.keys().map(String::as_str));
            }
        }
        places::served(&holds_for, environments)
    };
    vaults
        .into_iter()
        .map(|vault| DraftVault {
            environment: told(&vault),
            ..vault
        })
        .collect()
}
