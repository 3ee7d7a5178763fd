//! Graph's `$batch`: up to twenty GETs in one POST, each answered for itself.

use std::time::Duration;

use azure_core::Bytes;
use chrono::{DateTime, Utc};
use futures::StreamExt;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::collect::http::{Answer, Ask, SHARED, Wire, retry};
use crate::collect::words::{Remedy, auditor_refused};
use crate::model::{Gap, GapKind, Service};

/// Graph takes no more in one batch.
const PARTS: usize = 20;
/// Batches under way at a time.
const AT_ONCE: usize = 4;
/// Parts that are throttled are asked again so many times.
const ROUNDS: u32 = 3;

/// Who asks which Graph.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) wire: &'a Wire,
    /// Host of the cloud's Graph.
    pub(super) host: &'a str,
    pub(super) token: &'a SecretString,
    /// The remedy where a right is missing.
    pub(super) grant: &'a Remedy,
}

impl Asker<'_> {
    pub(super) fn refusal(&self, call: &str, answer: &Answer) -> Gap {
        auditor_refused(call, answer, answer.odata_code().as_deref(), self.grant)
    }

    pub(super) fn get(&self, call: &str, url: url::Url) -> Ask {
        Ask::get(Service::Graph, SHARED, call, url)
            .header("accept", "application/json")
            .bearer(self.token.expose_secret())
    }
}

/// Asks for every path (`/applications(appId='…')`); the answers stand in the same order.
pub(super) async fn get_all(asker: Asker<'_>, paths: &[String]) -> Vec<Result<Answer, Gap>> {
    let batches: Vec<_> = paths
        .chunks(PARTS)
        .map(|paths| get_some(asker, paths))
        .collect();
    futures::stream::iter(batches)
        .buffered(AT_ONCE)
        .concat()
        .await
}

async fn get_some(asker: Asker<'_>, paths: &[String]) -> Vec<Result<Answer, Gap>> {
    let unanswered = || {
        Err(Gap::new(
            GapKind::Malformed,
            "a part of a Graph batch was left unanswered",
        ))
    };
    let mut answers: Vec<Result<Answer, Gap>> = paths.iter().map(|_| unanswered()).collect();
    let mut open: Vec<usize> = (0..paths.len()).collect();
    for round in 1..=ROUNDS {
        let parts = match post(asker, paths, &open).await {
            Ok(parts) => parts,
            Err(gap) => {
                for place in open {
                    set(&mut answers, place, Err(gap.clone()));
                }
                return answers;
            }
        };
        let mut wait = Duration::ZERO;
        let mut throttled = Vec::new();
        for (place, answer) in parts {
            if !open.contains(&place) {
                continue;
            }
            if matches!(answer.status, 429 | 503) {
                wait = wait.max(answer.retry_after.unwrap_or(Duration::from_secs(1)));
                throttled.push(place);
            }
            set(&mut answers, place, Ok(answer));
        }
        throttled.sort_unstable();
        open = throttled;
        let wait = wait.min(retry::LONGEST_WAIT);
        if open.is_empty() || round == ROUNDS || Instant::now() + wait >= asker.wire.deadline() {
            break;
        }
        tokio::time::sleep(wait).await;
    }
    for place in open {
        let gap = Gap::new(
            GapKind::Throttled,
            "a part of a Graph batch kept being answered 429",
        );
        set(&mut answers, place, Err(gap.with_remedy("run again later")));
    }
    answers
}

fn set(answers: &mut [Result<Answer, Gap>], place: usize, answer: Result<Answer, Gap>) {
    if let Some(slot) = answers.get_mut(place) {
        *slot = answer;
    }
}

async fn post(
    asker: Asker<'_>,
    paths: &[String],
    open: &[usize],
) -> Result<Vec<(usize, Answer)>, Gap> {
    let call = "a Graph batch of reads";
    let requests: Vec<Value> = open
        .iter()
        .filter_map(|place| Some((place, paths.get(*place)?)))
        .map(|(place, path)| json!({"id": place.to_string(), "method": "GET", "url": path}))
        .collect();
    let body = json!({ "requests": requests }).to_string();
    let url = format!("https://{}/v1.0/$batch", asker.host)
        .parse()
        .map_err(|_| Gap::new(GapKind::Malformed, format!("{call}: the host makes no url")))?;
    let ask = asker
        .get(call, url)
        .post("application/json", Bytes::from(body));
    let answer = asker.wire.send(&ask).await?;
    if !answer.is_success() {
        return Err(asker.refusal(call, &answer));
    }
    let body = answer.json(call)?;
    let Some(Value::Array(parts)) = body.get("responses") else {
        return Err(answer.malformed(call, "which holds no list named responses"));
    };
    Ok(parts
        .iter()
        .filter_map(|part| read(part, answer.at))
        .collect())
}

/// One part as an answer of its own; `None` where it says neither which nor how.
fn read(part: &Value, at: DateTime<Utc>) -> Option<(usize, Answer)> {
    let place = part.get("id")?.as_str()?.parse().ok()?;
    let status = u16::try_from(part.get("status")?.as_u64()?).ok()?;
    let retry_after = part
        .get("headers")
        .and_then(Value::as_object)
        .and_then(|headers| {
            headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))
        })
        .and_then(|(_, value)| retry::retry_after(value.as_str()?, at));
    let body = part.get("body").map(Value::to_string).unwrap_or_default();
    let answer = Answer {
        status,
        content_type: "application/json".to_owned(),
        retry_after,
        challenge: None,
        body: Zeroizing::new(body.into_bytes()),
        at,
    };
    Some((place, answer))
}
