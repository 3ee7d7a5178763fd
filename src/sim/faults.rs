//! Things going wrong on the wire, as the scenario orders them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::scenario::Fault;
use super::wire::{Answer, Call, percent_decoded};

#[derive(Debug)]
pub(super) struct Faults {
    faults: Vec<(Fault, AtomicU32)>,
}

impl Faults {
    pub fn new(faults: &[Fault]) -> Self {
        let faults = faults
            .iter()
            .cloned()
            .map(|fault| (fault, AtomicU32::new(0)))
            .collect();
        Self { faults }
    }

    /// The first fault that hits this request. Each fault counts the requests that match it.
    pub fn hit(&self, call: &Call) -> Option<&Fault> {
        let mut hit = None;
        for (fault, count) in &self.faults {
            if !fault.matches(call) {
                continue;
            }
            let number = count.fetch_add(1, Ordering::Relaxed) + 1;
            let now = match (fault.nth, fault.times) {
                (Some(nth), _) => number == nth,
                (None, Some(times)) => number <= times,
                (None, None) => true,
            };
            if now && hit.is_none() {
                hit = Some(fault);
            }
        }
        hit
    }
}

impl Fault {
    fn matches(&self, call: &Call) -> bool {
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
            && same(&self.method, call.method.as_str())
            && either(&self.path, |path, start| path.starts_with(start))
            && either(&self.path_contains, |path, part| path.contains(part))
    }

    /// How long the answer is held back.
    pub fn delay(&self) -> Option<Duration> {
        self.delay_ms.map(Duration::from_millis)
    }

    /// The answer given instead of the service's, if any.
    pub fn answer(&self) -> Option<Answer> {
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
        let answer = Answer::text(self.status.unwrap_or(200), body.unwrap_or_default());
        Some(answer.with("content-type", kind))
    }

    /// What the fault does to the answer, whoever gave it.
    pub fn spoil(&self, mut answer: Answer) -> Answer {
        for (name, value) in &self.headers {
            answer = answer.with(name, value);
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
