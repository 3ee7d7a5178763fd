//! What a scenario says about things going wrong on the wire.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A fault: which requests it hits, and what they get. What is left out matches everything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::sim) struct Fault {
    pub host: Option<String>,
    pub method: Option<String>,
    /// What path and query begin with, as sent or decoded.
    pub path: Option<String>,
    /// What path and query hold somewhere, as sent or decoded.
    pub path_contains: Option<String>,
    /// Only requests with a token of this client id.
    pub client: Option<String>,
    /// Only the n-th matching request, counted from 1.
    pub nth: Option<u32>,
    /// Only those after so many matching requests.
    pub after: Option<u32>,
    /// Only the first so many matching requests.
    pub times: Option<u32>,

    /// Wait this long before answering.
    pub delay_ms: Option<u64>,
    /// Answer only once so many matching requests are waiting; 503 where they never are.
    pub together: Option<u32>,
    /// Answer with this status instead of asking the service.
    pub status: Option<u16>,
    pub headers: BTreeMap<String, String>,
    pub body: Option<String>,
    /// `Retry-After` as a date, so many seconds from the answer.
    pub retry_after_date_in_seconds: Option<i64>,
    /// A body of so many megabytes of JSON text.
    pub body_megabytes: Option<usize>,
    /// Cut the body after so many bytes.
    pub truncate: Option<usize>,
    /// Break the connection off in the middle of the answer.
    pub disconnect: bool,
}
