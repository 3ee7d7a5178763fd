//! How many requests may be under way at a time: to one host, and in Dataverse for each of its users.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};

use reqwest::header::AUTHORIZATION;
use tokio::sync::Semaphore;

use super::{Ask, lock};
use crate::model::Service;

/// Requests under way at a time. Only Dataverse's own limit is published (52 of one user on one web server,
/// "Service protection API limits"); it is shared with the integration that uses the same application user,
/// so the audit stays far below it.
const fn at_once(service: Service) -> usize {
    match service {
        Service::Graph | Service::KeyVault => 32,
        Service::Entra | Service::Dataverse | Service::FinOps => 16,
    }
}

/// Host, service, and in Dataverse the caller.
type Key = (String, Service, Option<u64>);

/// One semaphore for everything that shares a limit.
#[derive(Default)]
pub(super) struct Limits {
    /// Tells callers apart without keeping their tokens: its key is random and ends with the run.
    hasher: RandomState,
    open: Mutex<BTreeMap<Key, Arc<Semaphore>>>,
}

impl Limits {
    pub(super) fn of(&self, ask: &Ask) -> Arc<Semaphore> {
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
        let of = |service, host, token| limits.of(&ask(service, host, token));
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
    }
}
