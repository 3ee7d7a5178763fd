//! The one HTTP client: host guard, limits, retries, deadline and the count of what was sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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
mod holds;
mod limits;
mod pace;
mod probe;
pub(crate) mod retry;
mod skew;
mod transport;

pub(crate) use answer::{Answer, vault_code};
pub(crate) use client::user_agent;
pub(crate) use pace::Pacer;
pub(crate) use probe::{Absent, Change, Unanswered, is_no_such_row};
pub(crate) use transport::{GapError, SdkTransport, gap_in};

use retry::{Fault, Limit, Next, TooLong, Tries};

/// The longest one try may take after the connection stands.
const ONE_TRY: Duration = Duration::from_secs(30);

/// The purpose of what serves more than one registration.
pub(crate) const SHARED: &str = "shared";

/// What is done with the body of a 2xx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    Body,
    /// Dropped unread: a table's rows are nobody's business.
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
        let line = zeroize::Zeroizing::new(format!("Bearer {token}"));
        if let Ok(mut value) = HeaderValue::from_str(&line) {
            value.set_sensitive(true);
            self.headers.insert(reqwest::header::AUTHORIZATION, value);
        }
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

/// The client of one run.
pub(crate) struct Wire {
    client: reqwest::Client,
    /// Hosts of the cloud table and the estate: nothing is sent anywhere else.
    hosts: BTreeSet<String>,
    limits: limits::Limits,
    /// Hosts that were given up: later requests to them are not tried again.
    dead: Mutex<BTreeMap<String, Gap>>,
    /// Services that asked for a longer wait than is waited for.
    holds: holds::Holds,
    skews: skew::Skews,
    alive: Mutex<BTreeSet<String>>,
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
            client: client::build(options)?,
            hosts,
            limits: limits::Limits::default(),
            dead: Mutex::default(),
            holds: holds::Holds::default(),
            skews: skew::Skews::default(),
            alive: Mutex::default(),
            counts: Mutex::default(),
            deadline: Instant::now() + options.deadline,
            cancel: options.cancel.clone(),
            progress: Arc::clone(&options.progress),
        })
    }

    /// How far the services' clock is ahead of this machine's; `None` while no answer told.
    pub(crate) fn ahead(&self) -> Option<TimeDelta> {
        self.skews.ahead()
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
            "{}://{host} is no host of this estate; nothing was sent there",
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
                format!("{call} was not asked to its end: the run was cancelled"),
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

    async fn tries(&self, ask: &Ask) -> Result<Answer, Gap> {
        let limit = self.limits.of(ask);
        let mut tries = Tries::default();
        loop {
            if let Some(pacer) = &ask.pacer {
                pacer.turn(&ask.call, self.deadline).await?;
            }
            // The semaphore is never closed, so a missing permit cannot happen; going on is harmless.
            let permit = limit.acquire().await.ok();
            if let Some(gap) = self.given_up(ask) {
                return Err(gap);
            }
            let outcome = self.once(ask).await;
            drop(permit);
            let left = self.deadline.saturating_duration_since(Instant::now());
            let next = match &outcome {
                Ok(answer) => tries.after_status(answer.status, answer.retry_after, left),
                Err(fault) => tries.after_fault(fault, left),
            };
            match next {
                Next::Again(wait) => tokio::time::sleep(wait).await,
                Next::Take => return self.settle(ask, outcome),
                Next::TooLong(wait) => return Err(self.too_long(ask, &outcome, wait)),
            }
        }
    }

    /// Why this is not asked at all: its host is out of reach, or asked for a wait that has not passed.
    fn given_up(&self, ask: &Ask) -> Option<Gap> {
        let dead = lock(&self.dead).get(ask.host()).cloned();
        dead.or_else(|| self.holds.holds(ask))
    }

    /// The gap behind a wait that is too long, which also stands for what the same caller would ask meanwhile.
    fn too_long(&self, ask: &Ask, outcome: &Result<Answer, Fault>, wait: TooLong) -> Gap {
        let status = outcome.as_ref().map_or(0, |answer| answer.status);
        let gap = throttled(&format!("{} answered {status}", ask.call), wait);
        if !matches!(wait.limit, Limit::Waited(_)) {
            self.holds.note(ask, wait.asked, &gap);
        }
        gap
    }

    async fn once(&self, ask: &Ask) -> Result<Answer, Fault> {
        *lock(&self.counts)
            .entry((ask.service, ask.purpose.clone()))
            .or_default() += 1;
        let started = Instant::now();
        let outcome =
            tokio::time::timeout(ONE_TRY, client::exchange(&self.client, ask, &self.skews))
                .await
                .unwrap_or(Err(Fault::Silent));
        let status = outcome.as_ref().map_or(0, |answer| answer.status);
        tracing::debug!(
            method = %ask.method,
            host = ask.host(),
            path = ask.url.path(),
            status,
            ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "request"
        );
        if outcome.is_ok() {
            lock(&self.alive).insert(ask.host().to_owned());
        }
        outcome
    }

    /// What the last try means: no further one follows.
    fn settle(&self, ask: &Ask, outcome: Result<Answer, Fault>) -> Result<Answer, Gap> {
        let call = &ask.call;
        let fault = match outcome {
            Ok(answer) if answer.status == 429 => {
                let asked = answer.retry_after.map_or_else(String::new, |wait| {
                    format!(" and asked to wait {}", retry::spelled(wait))
                });
                return Err(Gap::new(
                    GapKind::Throttled,
                    format!("{call} kept answering 429{asked}"),
                )
                .with_remedy("run again later"));
            }
            Ok(answer) if (300..400).contains(&answer.status) => {
                return Err(Gap::new(
                    GapKind::Unrecognised,
                    format!(
                        "{call} answered {}, a redirect, which is not followed with a token",
                        answer.status
                    ),
                ));
            }
            Ok(answer) => return Ok(answer),
            Err(fault) => fault,
        };
        let host = ask.host();
        let gap = match fault {
            Fault::Unreachable(why) => Gap::new(
                GapKind::Unreachable,
                format!("{host} could not be reached: {why}"),
            )
            .with_remedy(format!(
                "check the name {host} and that this machine may connect to it on port 443"
            )),
            Fault::Broken => Gap::new(
                GapKind::Unreachable,
                format!("{call} had no answer: {host} broke the connection three times"),
            ),
            Fault::Silent => Gap::new(
                GapKind::TimedOut,
                format!("{call} had no answer within {} s", ONE_TRY.as_secs()),
            ),
            Fault::TooLarge {
                status,
                content_type,
                bytes,
            } => {
                return Err(Gap::new(
                    GapKind::Malformed,
                    format!(
                        "{call} answered {status} with {content_type} of more than {bytes} bytes, which is more than is read"
                    ),
                ));
            }
        };
        // A host that never answered is not waited for again by everything else that needs it.
        if !lock(&self.alive).contains(host) {
            lock(&self.dead).insert(host.to_owned(), gap.clone());
        }
        Err(gap)
    }
}

/// The gap behind a wait that is not waited for. `answered`: `WhoAmI on contoso… answered 429`.
pub(crate) fn throttled(answered: &str, wait: TooLong) -> Gap {
    Gap::new(
        GapKind::Throttled,
        format!("{answered} and asked to {}", wait.words()),
    )
    .with_remedy(format!("run again in {}", retry::spelled(wait.asked)))
}
