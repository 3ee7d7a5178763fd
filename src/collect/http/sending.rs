//! Sending one request to its end: its turn, its tries, its token, and what the last try means.

use std::time::Duration;

use reqwest::header::HeaderValue;
use tokio::time::Instant;

use super::doors::Turn;
use super::retry::{self, Fault, Limit, Next, TooLong, Tries};
use super::{Answer, Ask, Wire, client, lock};
use crate::model::{Gap, GapKind};

/// The longest one try may take after the connection stands.
const ONE_TRY: Duration = Duration::from_secs(30);

impl Wire {
    pub(super) async fn tries(&self, ask: &Ask) -> Result<Answer, Gap> {
        let limit = self.limits.of(ask);
        let door = self.doors.of(ask.host());
        let (mut tries, mut turn) = (Tries::default(), Turn::default());
        let (mut client, mut renewed) = (&self.client, false);
        loop {
            if let Some(pacer) = &ask.pacer {
                pacer.turn(&ask.call, self.deadline).await?;
            }
            let token = self.renewals.current(ask).await?;
            // Before any place is taken: who waits here must keep none from whoever makes the connection.
            door.enter(&mut turn).await;
            let user = limit.user().await;
            let place = limit.place().await;
            if let Some(gap) = self.given_up(ask) {
                return Err(gap);
            }
            let header = token.as_ref().and_then(super::renew::Current::header);
            let outcome = turn.during(self.once(ask, client, header)).await;
            drop((user, place));
            if let (Ok(answer), Some(sent), false) = (&outcome, &token, renewed)
                && answer.status == 401
                && self.renewals.after_401(ask, sent).await?
            {
                renewed = true;
                continue;
            }
            if !matches!(outcome, Err(Fault::Unreachable(_))) {
                turn.pass();
            }
            let left = self.deadline.saturating_duration_since(Instant::now());
            let next = match &outcome {
                Ok(answer) => tries.after_status(answer.status, answer.retry_after, left),
                Err(fault) => tries.after_fault(fault, left),
            };
            if matches!(outcome, Err(Fault::Broken)) {
                // From now on, what breaks is this request's own connection, and nobody else's.
                client = &self.alone;
            }
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

    /// One try. `token` is sent in place of the request's own.
    pub(super) async fn once(
        &self,
        ask: &Ask,
        client: &reqwest::Client,
        token: Option<HeaderValue>,
    ) -> Result<Answer, Fault> {
        *lock(&self.counts)
            .entry((ask.service, ask.purpose.clone()))
            .or_default() += 1;
        let started = Instant::now();
        let outcome =
            tokio::time::timeout(ONE_TRY, client::exchange(client, ask, token, &self.skews))
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
            self.doors.of(ask.host()).answered();
        }
        outcome
    }

    /// What the last try means: no further one follows.
    pub(super) fn settle(&self, ask: &Ask, outcome: Result<Answer, Fault>) -> Result<Answer, Gap> {
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
        let door = self.doors.of(host);
        let gives_up = match &fault {
            Fault::Unreachable(_) => !door.is_open(),
            Fault::Silent => door.was_silent(),
            Fault::Broken | Fault::TooLarge { .. } => false,
        };
        let gap = gap_of(ask, fault);
        // A host out of reach is not waited for again by everything else that needs it. A connection that broke
        // says nothing of the next.
        if gives_up {
            lock(&self.dead).insert(host.to_owned(), gap.clone());
        }
        Err(gap)
    }
}

/// What the last fault means.
fn gap_of(ask: &Ask, fault: Fault) -> Gap {
    let (call, host) = (&ask.call, ask.host());
    match fault {
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
        } => Gap::new(
            GapKind::Malformed,
            format!(
                "{call} answered {status} with {content_type} of more than {bytes} bytes, which is more than is read"
            ),
        ),
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
