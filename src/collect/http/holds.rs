//! Services that asked for a longer wait than is waited for: until it has passed, nobody asks them again.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;
use std::time::Duration;

use reqwest::header::AUTHORIZATION;
use tokio::time::Instant;

use super::{Ask, lock};
use crate::model::{Gap, Service};

/// Who was asked to wait, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    host: String,
    /// Graph counts its limits for each of its workloads ("Microsoft Graph service-specific throttling
    /// limits"), Entra for each tenant; other services for the whole host.
    part: Option<String>,
    /// Limits are a caller's: one that used up its own says nothing of the next.
    caller: u64,
}

/// The waits that were asked for and are not waited for.
#[derive(Default)]
pub(super) struct Holds {
    /// Tells callers apart without keeping their tokens: its key is random and ends with the run.
    hasher: RandomState,
    until: Mutex<BTreeMap<Key, (Instant, Gap)>>,
}

impl Holds {
    fn key(&self, ask: &Ask) -> Key {
        // A token request has no token: it is its registration's, or the auditor's.
        let caller = match ask.headers.get(AUTHORIZATION) {
            Some(token) => self.hasher.hash_one(token.as_bytes()),
            None => self.hasher.hash_one(&ask.purpose),
        };
        let segment = match ask.service {
            Service::Graph => Some(1),
            Service::Entra => Some(0),
            Service::Dataverse
            | Service::FinOps
            | Service::KeyVault
            | Service::PowerPlatform
            | Service::ResourceManager => None,
        };
        let part = segment.and_then(|place| ask.url.path_segments()?.nth(place));
        Key {
            host: ask.host().to_owned(),
            part: part.map(str::to_owned),
            caller,
        }
    }

    /// The gap in place of an answer, while the wait has not passed.
    pub(super) fn holds(&self, ask: &Ask) -> Option<Gap> {
        let until = lock(&self.until);
        let (end, gap) = until.get(&self.key(ask))?;
        (Instant::now() < *end).then(|| gap.clone())
    }

    /// Notes that the service asked for this wait.
    pub(super) fn note(&self, ask: &Ask, asked: Duration, gap: &Gap) {
        let end = Instant::now() + asked;
        lock(&self.until).insert(self.key(ask), (end, gap.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::GapKind;

    fn ask(service: Service, url: &str, token: &str, purpose: &str) -> Ask {
        let ask = Ask::get(service, purpose, "a call", url.parse().expect("a url"));
        if token.is_empty() {
            ask
        } else {
            ask.bearer(token)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_was_asked_to_wait_is_not_asked_again_until_then() {
        let holds = Holds::default();
        let table = "https://one.api.crm4.dynamics.com/api/data/v9.2/leads";
        let other = "https://one.api.crm4.dynamics.com/api/data/v9.2/WhoAmI";
        let busy = ask(Service::Dataverse, table, "first", "registration/a");
        let gap = Gap::new(GapKind::Throttled, "asked to wait a day");
        assert_eq!(holds.holds(&busy), None);
        holds.note(&busy, Duration::from_secs(86_400), &gap);
        let same = ask(Service::Dataverse, other, "first", "registration/b");
        assert_eq!(holds.holds(&same), Some(gap.clone()));
        let another = ask(Service::Dataverse, table, "second", "registration/a");
        assert_eq!(holds.holds(&another), None);
        tokio::time::advance(Duration::from_secs(86_400)).await;
        assert_eq!(holds.holds(&same), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_request_holds_its_own_client_and_a_graph_workload_itself() {
        let holds = Holds::default();
        let gap = Gap::new(GapKind::Throttled, "asked to wait a day");
        let day = Duration::from_secs(86_400);
        let login = "https://login.microsoftonline.com/t/oauth2/v2.0/token";
        let token = |purpose| ask(Service::Entra, login, "", purpose);
        holds.note(&token("registration/a"), day, &gap);
        assert!(holds.holds(&token("registration/a")).is_some());
        assert!(holds.holds(&token("registration/b")).is_none());
        let graph = |path: &str| {
            let url = format!("https://graph.microsoft.com/{path}");
            ask(Service::Graph, &url, "auditor", "shared")
        };
        holds.note(&graph("beta/reports/signIns"), day, &gap);
        assert!(holds.holds(&graph("v1.0/reports/other")).is_some());
        assert!(holds.holds(&graph("v1.0/applications")).is_none());
    }
}
