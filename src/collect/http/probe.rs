//! The one door through which a request that could change something leaves: a probe of a row that was just
//! answered not to exist (`--probe-writes`).

use azure_core::Bytes;
use reqwest::header::{HeaderValue, IF_MATCH};
use serde_json::Value;

use super::retry::Fault;
use super::{Answer, Ask, Wire};
use crate::model::{Gap, GapKind};

/// Dataverse's code for a row that does not exist. Often it leaves the code empty.
const NO_SUCH_ROW: &str = "0x80040217";

/// A row's url that was answered with 404 moments ago. Nothing else makes one.
#[derive(Debug)]
pub(crate) struct Absent {
    url: url::Url,
}

/// What is tried on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// PATCH with `If-Match: *`: without it, Dataverse would create the row (upsert).
    Update,
    Delete,
}

impl Absent {
    /// The row of this GET, where its answer says that the row does not exist.
    pub(crate) fn seen(ask: &Ask, answer: &Answer) -> Option<Self> {
        let get = ask.method == reqwest::Method::GET;
        (get && is_no_such_row(answer)).then(|| {
            let mut url = ask.url.clone();
            url.set_query(None);
            Self { url }
        })
    }
}

/// Why a probe has no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// It did not arrive, or was turned away unread (429).
    NotDone(Gap),
    /// It left, or may have: whether it was carried out nobody knows.
    Sent(Gap),
}

/// 404 in the service's own form, and not for a url that it does not know.
pub(crate) fn is_no_such_row(answer: &Answer) -> bool {
    if answer.status != 404 || !answer.is_json() {
        return false;
    }
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let code = body.as_ref().and_then(|body| body.pointer("/error/code"));
    code.and_then(Value::as_str)
        .is_some_and(|code| code.is_empty() || code.eq_ignore_ascii_case(NO_SUCH_ROW))
}

impl Wire {
    /// Sends one probe, once: whatever comes back, it is not sent again. `like` gives service, purpose,
    /// words and token; its own url and method are not used.
    pub(crate) async fn probe(
        &self,
        like: Ask,
        absent: Absent,
        change: Change,
    ) -> Result<Answer, Unanswered> {
        let mut ask = like;
        ask.url = absent.url;
        ask.keep = super::Keep::StatusOnly;
        match change {
            Change::Update => {
                ask.method = reqwest::Method::PATCH;
                ask.headers.insert(IF_MATCH, HeaderValue::from_static("*"));
                ask.body = Some(Bytes::from_static(b"{}"));
                ask = ask.header("content-type", "application/json");
            }
            Change::Delete => {
                ask.method = reqwest::Method::DELETE;
                ask.body = None;
            }
        }
        if let Err(why) = self.allows(&ask.url) {
            let why = format!("{}: {why}", ask.call);
            return Err(Unanswered::NotDone(Gap::new(GapKind::Unrecognised, why)));
        }
        self.progress.planned(ask.service, 1);
        // One at a time in the whole run: no further limit is needed.
        let only_try = async {
            let outcome = self.once(&ask, &self.client, None).await;
            let not_done = match &outcome {
                Ok(answer) => answer.status == 429,
                Err(fault) => matches!(fault, Fault::Unreachable(_)),
            };
            let settled = self.settle(&ask, outcome);
            Ok(settled.map_err(|gap| {
                if not_done {
                    Unanswered::NotDone(gap)
                } else {
                    Unanswered::Sent(gap)
                }
            }))
        };
        let result = self.in_time(&ask.call, only_try).await;
        self.progress.done(ask.service);
        result.unwrap_or_else(|gap| Err(Unanswered::Sent(gap)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::tests::spoiled::labelled as answer;
    use crate::model::Service;

    fn get() -> Ask {
        let url =
            "https://contoso.api.crm4.dynamics.com/api/data/v9.2/accounts(1)?$select=accountid";
        Ask::get(
            Service::Dataverse,
            "p",
            "a read",
            url.parse().expect("a url"),
        )
    }

    #[test]
    fn only_a_row_that_was_answered_not_to_exist_opens_the_door() {
        let json = "application/json";
        for body in [
            r#"{"error":{"code":"","message":"Does Not Exist"}}"#,
            r#"{"error":{"code":"0x80040217","message":"Does Not Exist"}}"#,
        ] {
            let absent = Absent::seen(&get(), &answer(404, json, body)).expect("absent");
            assert_eq!(absent.url.query(), None);
        }
        for (status, content_type, body) in [
            (200, json, r#"{"accountid":"1"}"#),
            (403, json, r#"{"error":{"code":"0x80040217"}}"#),
            (404, json, r#"{"error":{"code":"0x8006088a"}}"#),
            (404, json, r#"{"error":{"code":"0x80060888"}}"#),
            (404, json, r#"{"error":{"message":"no"}}"#),
            (404, json, "{}"),
            (404, json, ""),
            (404, "text/html", r#"{"error":{"code":""}}"#),
        ] {
            let seen = Absent::seen(&get(), &answer(status, content_type, body));
            assert!(seen.is_none(), "{status} {content_type} {body}");
        }
        let post = get().post("application/json", Bytes::new());
        let body = r#"{"error":{"code":""}}"#;
        assert!(Absent::seen(&post, &answer(404, json, body)).is_none());
    }
}
