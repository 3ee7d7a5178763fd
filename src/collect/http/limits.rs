//! How many requests may be under way at a time: in all, to one host, and in Dataverse for each of its users.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};

use reqwest::header::AUTHORIZATION;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{Ask, lock};
use crate::model::Service;

/// Requests under way at a time. Only Dataverse's own limit is published (52 of one user on one web server,
/// "Service protection API limits"); it is shared with the integration that uses the same application user,
/// so the audit stays far below it.
const fn at_once(service: Service) -> usize {
    match service {
        Service::Graph | Service::KeyVault => 32,
        Service::Entra
        | Service::Dataverse
        | Service::FinOps
        | Service::PowerPlatform
        | Service::ResourceManager => 16,
    }
}

/// To one host, whoever asks: what more there is waits here rather than there.
const ONE_HOST: usize = 64;

/// In all.
const ALL: usize = 256;

/// Host, service, and in Dataverse the caller.
type Key = (String, Service, Option<u64>);

/// One semaphore for everything that shares a limit.
pub(super) struct Limits {
    /// Tells callers apart without keeping their tokens: its key is random and ends with the run.
    hasher: RandomState,
    open: Mutex<BTreeMap<Key, Arc<Semaphore>>>,
    hosts: Mutex<BTreeMap<String, Arc<Semaphore>>>,
    all: Arc<Semaphore>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            open: Mutex::default(),
            hosts: Mutex::default(),
            all: Arc::new(Semaphore::new(ALL)),
        }
    }
}

/// The limits of one request.
pub(super) struct Room {
    user: Arc<Semaphore>,
    host: Arc<Semaphore>,
    all: Arc<Semaphore>,
}

impl Room {
    // None of the semaphores is ever closed, so a missing permit cannot happen; going on is harmless.

    /// Its turn among the same user's.
    pub(super) async fn user(&self) -> Option<SemaphorePermit<'_>> {
        self.user.acquire().await.ok()
    }

    /// Its turn among the host's, and among all. Nobody waits for anything else while holding it.
    pub(super) async fn place(&self) -> [Option<SemaphorePermit<'_>>; 2] {
        let host = self.host.acquire().await.ok();
        [host, self.all.acquire().await.ok()]
    }
}

impl Limits {
    pub(super) fn of(&self, ask: &Ask) -> Room {
        let mut hosts = lock(&self.hosts);
        let host = hosts
            .entry(ask.host().to_owned())
            .or_insert_with(|| Arc::new(Semaphore::new(ONE_HOST)));
        Room {
            user: self.user(ask),
            host: Arc::clone(host),
            all: Arc::clone(&self.all),
        }
    }

    fn user(&self, ask: &Ask) -> Arc<Semaphore> {
        let caller = match ask.service {
            Service::Dataverse => ask.headers.get(AUTHORIZATION),
            _ => None,
        };
        let caller = caller.map(|token| self.hasher.hash_one(token.as_bytes()));
        let key = (ask.host().to_owned(), ask.service, caller);
        Arc::clone(
            lock(&self.open)
                .entry(key)
                .or_insert_with(|| Arc::new(Semaphore::new(at_once(ask.service)))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(service: Service, host: &str, token: &str) -> Ask {
        let url = format!("https://{host}/").parse().expect("a url");
        Ask::get(service, "shared", "a call", url).bearer(token)
    }

    #[test]
    fn each_user_of_dataverse_has_its_own_limit_and_all_others_share_their_host_s() {
        let limits = Limits::default();
        let of = |service, host, token| limits.user(&ask(service, host, token));
        let (one, two) = ("one.api.crm4.dynamics.com", "two.api.crm4.dynamics.com");
        let first = of(Service::Dataverse, one, "first");
        assert!(Arc::ptr_eq(&first, &of(Service::Dataverse, one, "first")));
        assert!(!Arc::ptr_eq(&first, &of(Service::Dataverse, one, "second")));
        assert!(!Arc::ptr_eq(&first, &of(Service::Dataverse, two, "first")));
        let graph = of(Service::Graph, "graph.microsoft.com", "first");
        assert!(Arc::ptr_eq(
            &graph,
            &of(Service::Graph, "graph.microsoft.com", "second")
        ));
        assert_eq!(first.available_permits(), 16);
        assert_eq!(graph.available_permits(), 32);
        // Both share what their host takes in all.
        let room = |token| limits.of(&ask(Service::Dataverse, one, token)).host;
        assert!(Arc::ptr_eq(&room("first"), &room("second")));
    }
}
