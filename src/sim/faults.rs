//! Things going wrong on the wire, as the scenario orders them.

mod shapes;
mod throttled;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::watch;

use chrono::{DateTime, Utc};

use super::scenario::{Fault, Service};
use super::wire::{Answer, Call, http_date, percent_decoded};

#[derive(Debug)]
pub(super) struct Faults {
    faults: Vec<Entry>,
}

/// A fault with what it has seen.
#[derive(Debug)]
pub(super) struct Entry {
    pub fault: Fault,
    count: AtomicU32,
    /// Requests that wait for each other.
    gathered: watch::Sender<u32>,
}

/// How long requests wait for each other.
const GATHERING: Duration = Duration::from_secs(3);

impl Entry {
    /// Holds the request until as many as the fault wants are here; `false` where they never are.
    pub(super) async fn gather(&self) -> bool {
        let Some(wanted) = self.fault.together else {
            return true;
        };
        self.gathered.send_modify(|count| *count += 1);
        let mut others = self.gathered.subscribe();
        let all = others.wait_for(|count| *count >= wanted);
        tokio::time::timeout(GATHERING, all).await.is_ok()
    }
}

impl Faults {
    pub(super) fn new(faults: &[Fault]) -> Self {
        let faults = faults
            .iter()
            .cloned()
            .map(|fault| Entry {
                fault,
                count: AtomicU32::new(0),
                gathered: watch::Sender::new(0),
            })
            .collect();
        Self { faults }
    }

    /// The first fault that hits this request. Each fault counts the requests that match it. `client` tells
    /// whose token the request carries.
    pub(super) fn hit(
        &self,
        call: &Call,
        service: Option<Service>,
        client: impl Fn() -> Option<String>,
    ) -> Option<&Entry> {
        let mut hit = None;
        for entry in &self.faults {
            let fault = &entry.fault;
            if !fault.matches(call, service) || (fault.client.is_some() && fault.client != client())
            {
                continue;
            }
            let number = entry.count.fetch_add(1, Ordering::Relaxed) + 1;
            let now = match (fault.nth, fault.after, fault.times) {
                (Some(nth), _, _) => number == nth,
                (None, Some(after), _) => number > after,
                (None, None, Some(times)) => number <= times,
                (None, None, None) => true,
            };
            if now && hit.is_none() {
                hit = Some(entry);
            }
        }
        hit
    }
}

impl Fault {
    fn matches(&self, call: &Call, service: Option<Service>) -> bool {
        let same = |wanted: &Option<String>, seen: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(seen))
        };
        // Clients differ in what they escape: `api%2Dversion`, `%24skiptoken`.
        let sent = call.path_and_query.as_str();
        let decoded = percent_decoded(sent);
        let either = |wanted: &Option<String>, fits: fn(&str, &str) -> bool| {
            wanted
                .as_ref()
                .is_none_or(|wanted| fits(sent, wanted) || fits(&decoded, wanted))
        };
        same(&self.host, &call.host)
            && (self.service.is_none() || self.service == service)
            && same(&self.method, call.method.as_str())
            && either(&self.path, |path, start| path.starts_with(start))
            && either(&self.path_contains, |path, part| path.contains(part))
    }

    /// How long the answer is held back.
    pub(super) fn delay(&self) -> Option<Duration> {
        self.delay_ms.map(Duration::from_millis)
    }

    /// The answer given instead of the service's, if any.
    pub(super) fn answer(&self, service: Option<Service>) -> Option<Answer> {
        if self.retry_after.is_some() && self.body.is_none() && self.body_megabytes.is_none() {
            return Some(throttled::answer(self.status.unwrap_or(429), service));
        }
        let body = match (&self.body, self.body_megabytes) {
            (Some(body), _) => Some(body.clone().into_bytes()),
            (None, Some(megabytes)) => Some(huge(megabytes)),
            (None, None) => None,
        };
        if self.status.is_none() && body.is_none() {
            return None;
        }
        let kind = if self.body_megabytes.is_some() {
            "application/json"
        } else {
            "text/plain"
        };
        let usual = if self.retry_after.is_some() { 429 } else { 200 };
        let answer = Answer::text(self.status.unwrap_or(usual), body.unwrap_or_default());
        Some(answer.with("content-type", kind))
    }

    /// What the fault does to the answer, whoever gave it.
    pub(super) fn spoil(
        &self,
        mut answer: Answer,
        call: &Call,
        service: Option<Service>,
        now: DateTime<Utc>,
    ) -> Answer {
        let refused = !(200..300).contains(&answer.status);
        if let Some(shape) = self.shape.filter(|_| !(refused && self.spare_refusals)) {
            answer = shapes::spoiled(shape, call, service, answer);
        }
        if let Some(status) = self.as_status {
            answer.status = status;
        }
        if let Some(wait) = &self.retry_after {
            answer = answer.with("retry-after", wait);
        }
        if let Some(kilobytes) = self.header_kilobytes {
            answer = answer.with("x-ms-filler", "x".repeat(kilobytes * 1024));
        }
        for (name, value) in &self.headers {
            answer = answer.with(name, value);
        }
        if let Some(seconds) = self.retry_after_date_in_seconds {
            let date = now + chrono::Duration::seconds(seconds);
            answer = answer.with("retry-after", http_date(date));
        }
        if let Some(length) = self.truncate {
            answer.body.truncate(length);
        }
        answer.broken = self.disconnect;
        answer
    }
}

/// Valid JSON of so many megabytes.
fn huge(megabytes: usize) -> Vec<u8> {
    let mut body = b"{\"value\":[\"".to_vec();
    body.resize(megabytes * 1024 * 1024, b'x');
    body.extend_from_slice(b"\"]}");
    body
}
