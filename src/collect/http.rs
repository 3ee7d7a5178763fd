//! The one HTTP client: host guard, limits, retries, deadline and the count of what was sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use azure_core::Bytes;
use chrono::TimeDelta;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::sync::watch;
use tokio::time::Instant;
use url::Url;

use super::options::{Options, Progress};
use crate::evidence::RequestCount;
use crate::model::{Gap, GapKind, Service};

mod answer;
pub(crate) mod asked;
mod client;
mod doors;
mod holds;
mod limits;
mod pace;
pub(crate) mod peers;
mod probe;
mod renew;
pub(crate) mod retry;
mod sending;
mod skew;
mod transport;

pub(crate) use answer::{Answer, vault_code};
pub(crate) use client::user_agent;
pub(crate) use pace::Pacer;
pub(crate) use probe::{Absent, Change, Unanswered, is_no_such_row};
pub(crate) use renew::{Lease, Life, Renewal};
pub(crate) use sending::throttled;
pub(crate) use transport::{GapError, NoToken, SdkTransport, found_in, gap_in};

/// The purpose of what serves more than one registration.
pub(crate) const SHARED: &str = "shared";

/// What is done with the body of a 2xx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    Body,
    /// Read as far as one row of one column goes, to see its form. What stands in it is nobody's business.
    Short,
    /// Dropped unread: nothing hangs on it.
    StatusOnly,
}

/// One request to be sent.
pub(crate) struct Ask {
    pub(crate) service: Service,
    pub(crate) purpose: String,
    /// In a reader's words: `WhoAmI on contoso.crm4.dynamics.com`.
    pub(crate) call: String,
    /// Set inside this folder only: GET, POST, and what [`Absent`] allows.
    method: reqwest::Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) keep: Keep,
    /// Whose turn it waits for before each try, where the service takes only so many requests a while.
    pub(crate) pacer: Option<Arc<Pacer>>,
}

impl Ask {
    pub(crate) fn get(service: Service, purpose: &str, call: impl Into<String>, url: Url) -> Self {
        Self {
            service,
            purpose: purpose.to_owned(),
            call: call.into(),
            method: reqwest::Method::GET,
            url,
            headers: HeaderMap::new(),
            body: None,
            keep: Keep::Body,
            pacer: None,
        }
    }

    pub(crate) fn paced(mut self, pacer: &Arc<Pacer>) -> Self {
        self.pacer = Some(Arc::clone(pacer));
        self
    }

    pub(crate) fn post(mut self, content_type: &'static str, body: Bytes) -> Self {
        self.method = reqwest::Method::POST;
        self.body = Some(body);
        self.header("content-type", content_type)
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        self
    }

    /// Adds the token. One that fits in no header is left out: the service then answers 401.
    pub(crate) fn bearer(mut self, token: &str) -> Self {
        if let Some(value) = bearer(token) {
            self.headers.insert(reqwest::header::AUTHORIZATION, value);
        }
        self
    }

    pub(crate) const fn short(mut self) -> Self {
        self.keep = Keep::Short;
        self
    }

    pub(crate) const fn status_only(mut self) -> Self {
        self.keep = Keep::StatusOnly;
        self
    }

    fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

fn bearer(token: &str) -> Option<HeaderValue> {
    let line = zeroize::Zeroizing::new(format!("Bearer {token}"));
    let mut value = HeaderValue::from_str(&line).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The client of one run.
pub(crate) struct Wire {
    client: reqwest::Client,
    /// Gives each request a connection of its own: for what failed together with a shared one.
    alone: reqwest::Client,
    /// Hosts of the cloud table and the estate: nothing is sent anywhere else.
    hosts: BTreeSet<String>,
    limits: limits::Limits,
    /// Hosts that were given up: later requests to them are not tried again.
    dead: Mutex<BTreeMap<String, Gap>>,
    /// Services that asked for a longer wait than is waited for.
    holds: holds::Holds,
    skews: skew::Skews,
    doors: doors::Doors,
    renewals: renew::Renewals,
    counts: Mutex<BTreeMap<(Service, String), u32>>,
    deadline: Instant,
    cancel: Option<watch::Receiver<bool>>,
    progress: Arc<dyn Progress>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

/// Locks, whatever another task did while it held the lock: the maps stay usable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Wire {
    /// # Errors
    /// A gap that stands for everything, when no client can be built.
    pub(crate) fn new(options: &Options, hosts: BTreeSet<String>) -> Result<Self, Gap> {
        Ok(Self {
            client: client::build(options, client::Sharing::Connections)?,
            alone: client::build(options, client::Sharing::Nothing)?,
            hosts,
            limits: limits::Limits::default(),
            dead: Mutex::default(),
            holds: holds::Holds::default(),
            skews: skew::Skews::default(),
            doors: doors::Doors::default(),
            renewals: renew::Renewals::default(),
            counts: Mutex::default(),
            deadline: Instant::now() + options.deadline,
            cancel: options.cancel.clone(),
            progress: Arc::clone(&options.progress),
        })
    }

    /// Notes who gives this token again before it expires: requests that were made with it are then sent with
    /// what replaced it.
    pub(crate) fn lend(&self, lease: &Lease, source: Arc<dyn Renewal>) {
        self.renewals.lend(lease, source);
    }

    /// How far the services' clock is ahead of this machine's; `None` while no answer told.
    pub(crate) fn ahead(&self) -> Option<TimeDelta> {
        self.skews.ahead()
    }

    /// Whether the services' clock is known better than `before`, by more than an assertion forgives.
    pub(crate) fn clock_moved(&self, before: Option<TimeDelta>) -> bool {
        let known = |ahead: Option<TimeDelta>| ahead.unwrap_or_default();
        (known(self.ahead()) - known(before)).abs() > TimeDelta::minutes(1)
    }

    pub(crate) const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// What was sent, sorted; retries counted.
    pub(crate) fn requests(&self) -> Vec<RequestCount> {
        lock(&self.counts)
            .iter()
            .map(|((service, purpose), requests)| RequestCount {
                service: *service,
                purpose: purpose.clone(),
                requests: *requests,
            })
            .collect()
    }

    /// Sends one request to its end: an answer of any status, or the gap in its place.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Answer, Gap> {
        self.progress.planned(ask.service, 1);
        let result = self.guarded(ask).await;
        self.progress.done(ask.service);
        result
    }

    async fn guarded(&self, ask: &Ask) -> Result<Answer, Gap> {
        self.allows(&ask.url)
            .map_err(|why| Gap::new(GapKind::Unrecognised, format!("{}: {why}", ask.call)))?;
        if !matches!(ask.method, reqwest::Method::GET | reqwest::Method::POST) {
            let why = format!("{}: the audit changes nothing; it was not sent", ask.call);
            return Err(Gap::new(GapKind::Unrecognised, why));
        }
        self.in_time(&ask.call, self.tries(ask)).await
    }

    /// Whether this url is one the run may talk to.
    fn allows(&self, url: &Url) -> Result<(), String> {
        let host = url.host_str().unwrap_or_default();
        if url.scheme() == "https"
            && url.port().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && self.hosts.contains(host)
        {
            return Ok(());
        }
        Err(format!(
            "{}://{host} is not a host of this estate; nothing was sent there",
            url.scheme()
        ))
    }

    /// Runs `work` until the deadline or a cancellation.
    pub(crate) async fn in_time<T>(
        &self,
        call: &str,
        work: impl Future<Output = Result<T, Gap>>,
    ) -> Result<T, Gap> {
        tokio::select! {
            biased;
            () = self.cancelled() => Err(Gap::new(
                GapKind::Cancelled,
                format!("{call} was not completed: the run was cancelled"),
            )),
            done = tokio::time::timeout_at(self.deadline, work) => done.unwrap_or_else(|_| {
                Err(Gap::new(
                    GapKind::TimedOut,
                    format!("{call} had no answer when the run's deadline passed"),
                ))
            }),
        }
    }

    async fn cancelled(&self) {
        let Some(mut cancel) = self.cancel.clone() else {
            return std::future::pending().await;
        };
        if cancel.wait_for(|cancelled| *cancelled).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
