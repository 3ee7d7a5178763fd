//! Graph's `$batch`: up to twenty GETs in one POST, each answered for itself.

use std::collections::BTreeSet;
use std::time::Duration;

use azure_core::Bytes;
use chrono::{DateTime, Utc};
use futures::StreamExt;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::collect::http::retry::{Next, Tries};
use crate::collect::http::{Answer, Ask, SHARED, Wire, asked, throttled};
use crate::collect::remedy::{Remedy, auditor_refused};
use crate::model::{Gap, GapKind, Service};

/// Graph takes no more in one batch.
const PARTS: usize = 20;
/// Batches under way at a time.
const AT_ONCE: usize = 4;

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

/// One read: a path within v1.0.
#[derive(Clone, Debug)]
pub(super) struct Get {
    path: String,
    /// Whether the header goes with it that makes it an advanced query: in a batch each part has its own.
    eventual: bool,
}

/// The header of an advanced query ("Advanced query capabilities on Microsoft Entra ID objects"), which
/// goes with each further page, too.
pub(super) const EVENTUAL: (&str, &str) = ("consistencylevel", "eventual");

impl Get {
    pub(super) const fn eventual(path: String) -> Self {
        Self {
            path,
            eventual: true,
        }
    }
}

impl From<String> for Get {
    fn from(path: String) -> Self {
        Self {
            path,
            eventual: false,
        }
    }
}

/// Asks for every path (`/applications(appId='…')`); the answers stand in the same order.
pub(super) async fn get_all<G: Into<Get> + Clone>(
    asker: Asker<'_>,
    gets: &[G],
) -> Vec<Result<Answer, Gap>> {
    let gets: Vec<Get> = gets.iter().cloned().map(Into::into).collect();
    all(asker, &gets).await
}

async fn all(asker: Asker<'_>, paths: &[Get]) -> Vec<Result<Answer, Gap>> {
    let batches: Vec<_> = paths
        .chunks(PARTS)
        .map(|paths| get_some(asker, paths))
        .collect();
    futures::stream::iter(batches)
        .buffered(AT_ONCE)
        .concat()
        .await
}

async fn get_some(asker: Asker<'_>, paths: &[Get]) -> Vec<Result<Answer, Gap>> {
    let unanswered = || {
        Err(Gap::new(
            GapKind::Malformed,
            "a part of a Graph batch was not answered",
        ))
    };
    let mut answers: Vec<Result<Answer, Gap>> = paths.iter().map(|_| unanswered()).collect();
    let mut open: Vec<usize> = (0..paths.len()).collect();
    let mut tries = vec![Tries::default(); paths.len()];
    while !open.is_empty() {
        let parts = match post(asker, paths, &open).await {
            Ok(parts) => parts,
            Err(Trouble::BrokenOff) => {
                for place in open {
                    let answer = alone(asker, paths.get(place)).await;
                    set(&mut answers, place, answer);
                }
                return answers;
            }
            Err(Trouble::Gap(gap)) => {
                for place in open {
                    set(&mut answers, place, Err(gap.clone()));
                }
                return answers;
            }
        };
        let left = asker
            .wire
            .deadline()
            .saturating_duration_since(Instant::now());
        let mut wait = Duration::ZERO;
        let mut again = BTreeSet::new();
        for (place, answer) in parts {
            if !open.contains(&place) {
                continue;
            }
            let (answer, next) = settle(answer, tries.get_mut(place), left);
            set(&mut answers, place, answer);
            if let Some(next) = next {
                wait = wait.max(next);
                again.insert(place);
            }
        }
        open = again.into_iter().collect();
        tokio::time::sleep(wait).await;
    }
    answers
}

/// What a part's answer counts for, and the wait after which it is asked again, where it is.
fn settle(
    answer: Answer,
    tries: Option<&mut Tries>,
    left: Duration,
) -> (Result<Answer, Gap>, Option<Duration>) {
    const CALL: &str = "a part of a Graph batch";
    let busy = matches!(answer.status, 429 | 503);
    let Some(tries) = tries.filter(|_| busy) else {
        return (Ok(answer), None);
    };
    let gap = Gap::new(
        GapKind::Throttled,
        format!("{CALL} kept being answered {}", answer.status),
    )
    .with_remedy("run again later");
    match tries.after_status(answer.status, answer.retry_after, left) {
        Next::Again(wait) => (Err(gap), Some(wait)),
        Next::Take => (Err(gap), None),
        Next::TooLong(wait) => {
            let answered = format!("{CALL} was answered {}", answer.status);
            (Err(throttled(&answered, wait)), None)
        }
    }
}

fn set(answers: &mut [Result<Answer, Gap>], place: usize, answer: Result<Answer, Gap>) {
    if let Some(slot) = answers.get_mut(place) {
        *slot = answer;
    }
}

/// Why a batch has no answers.
enum Trouble {
    Gap(Gap),
    /// It begins as one and breaks off: one part spoils all. Each is asked by itself.
    BrokenOff,
}

impl From<Gap> for Trouble {
    fn from(gap: Gap) -> Self {
        Self::Gap(gap)
    }
}

/// How an answer to a batch begins, whatever breaks later.
fn begins_as_batch(answer: &Answer) -> bool {
    let text: Vec<u8> = answer.body.iter().copied().take(64).collect();
    let text: Vec<u8> = text
        .into_iter()
        .filter(|one| !one.is_ascii_whitespace())
        .collect();
    answer.is_json() && text.starts_with(b"{\"responses\":[")
}

/// One part of a batch by itself.
async fn alone(asker: Asker<'_>, get: Option<&Get>) -> Result<Answer, Gap> {
    let call = "a read of Graph";
    let path = get.map_or("", |get| get.path.as_str());
    let url = format!("https://{}/v1.0{path}", asker.host)
        .parse()
        .map_err(|_| Gap::new(GapKind::Malformed, format!("{call}: the host makes no url")))?;
    let mut ask = asker.get(call, url);
    if get.is_some_and(|get| get.eventual) {
        ask = ask.header(EVENTUAL.0, EVENTUAL.1);
    }
    asker.wire.send(&ask).await
}

/// One part of a batch as it is sent.
fn part(place: usize, get: &Get) -> Value {
    let mut part = json!({"id": place.to_string(), "method": "GET", "url": get.path});
    if get.eventual {
        part["headers"] = json!({ "ConsistencyLevel": EVENTUAL.1 });
    }
    part
}

async fn post(
    asker: Asker<'_>,
    paths: &[Get],
    open: &[usize],
) -> Result<Vec<(usize, Answer)>, Trouble> {
    let call = "a Graph batch of reads";
    let requests: Vec<Value> = open
        .iter()
        .filter_map(|place| Some(part(*place, paths.get(*place)?)))
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
        return Err(asker.refusal(call, &answer).into());
    }
    let body = match answer.json(call) {
        Err(_) if begins_as_batch(&answer) => return Err(Trouble::BrokenOff),
        body => body?,
    };
    let Some(Value::Array(parts)) = body.get("responses") else {
        let gap = answer.malformed(call, "which holds no list named responses");
        return Err(gap.into());
    };
    let at = answer.at;
    let ahead = asker.wire.ahead().unwrap_or_default();
    Ok(parts
        .iter()
        .filter_map(|part| read(part, at, at + ahead))
        .collect())
}

/// One part as an answer of its own; `None` where it says neither which nor how. `by_service`: the same moment
/// by the services' clock.
fn read(part: &Value, at: DateTime<Utc>, by_service: DateTime<Utc>) -> Option<(usize, Answer)> {
    let place = part.get("id")?.as_str()?.parse().ok()?;
    let status = u16::try_from(part.get("status")?.as_u64()?).ok()?;
    let headers = part.get("headers").and_then(Value::as_object);
    // A number is written as one by some of Graph's workloads, and as text by others.
    let headers: Vec<(&str, String)> = headers
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let text = value.as_str().map(str::to_owned);
            (name.as_str(), text.unwrap_or_else(|| value.to_string()))
        })
        .collect();
    let headers = headers.iter().map(|(name, value)| (*name, value.as_str()));
    let retry_after = asked::wait(headers, by_service);
    let body = part.get("body").map(Value::to_string).unwrap_or_default();
    let answer = Answer {
        status,
        content_type: "application/json".to_owned(),
        retry_after,
        challenge: None,
        of_finops: false,
        body: Zeroizing::new(body.into_bytes()),
        at,
    };
    Some((place, answer))
}
