//! The answers of a batch by client id and part, and what each says of an object.

use std::collections::BTreeMap;

use serde_json::Value;

use super::batch::{Asker, Get, get_all};
use super::paths::{PRINCIPALS, Part};
use crate::collect::http::Answer;
use crate::collect::shape;
use crate::model::{Gap, Observed, Presence, guid};

/// Answers that were not looked at yet.
#[derive(Debug, Default)]
pub(crate) struct Answers(BTreeMap<(String, Part), Result<Answer, Gap>>);

impl Answers {
    /// Asks for these parts; a 400 is asked again without the properties that came later.
    pub(crate) async fn ask(asker: Asker<'_>, wanted: &[(String, Part)]) -> Self {
        let paths: Vec<Get> = wanted.iter().map(|(id, part)| part.get(id)).collect();
        let mut answers: BTreeMap<(String, Part), Result<Answer, Gap>> = wanted
            .iter()
            .cloned()
            .zip(get_all(asker, &paths).await)
            .collect();
        let (keys, paths): (Vec<&(String, Part)>, Vec<String>) = wanted
            .iter()
            .filter(|key| is_bad_request(answers.get(key)))
            .filter_map(|key| Some((key, key.1.older_path(&key.0)?)))
            .unzip();
        if !paths.is_empty() {
            let again = get_all(asker, &paths).await;
            answers.extend(keys.into_iter().cloned().zip(again));
        }
        Self(answers)
    }

    /// `None` where it was not asked.
    pub(crate) fn take(&mut self, id: &str, part: Part) -> Option<Result<Answer, Gap>> {
        self.0.remove(&(id.to_owned(), part))
    }
}

fn is_bad_request(answer: Option<&Result<Answer, Gap>>) -> bool {
    matches!(answer, Some(Ok(answer)) if answer.status == 400)
}

/// Only `Request_ResourceNotFound` says with authority that there is none.
pub(crate) fn is_absent(answer: &Answer) -> bool {
    answer.status == 404 && answer.odata_code().as_deref() == Some("Request_ResourceNotFound")
}

/// The one object that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct One<'a> {
    /// How a context may call it.
    pub(crate) set: &'a [&'a str],
    /// A field that only this one has in this form; `None` where there is only one such object.
    pub(crate) key: Option<(&'a str, &'a str)>,
}

impl<'a> One<'a> {
    pub(crate) const fn principal(field: &'a str, id: &'a str) -> Self {
        Self {
            set: &PRINCIPALS,
            key: Some((field, id)),
        }
    }
}

/// What an answer says of one object.
pub(crate) fn object(
    asker: Asker<'_>,
    what: &str,
    one: One<'_>,
    answer: Result<Answer, Gap>,
) -> Observed<Presence<Value>> {
    let call = format!("the read of {what}");
    let answer = match answer {
        Ok(answer) => answer,
        Err(gap) => return Observed::Unknown(gap),
    };
    if is_absent(&answer) {
        return Observed::Known(Presence::Absent);
    }
    if !answer.is_success() {
        return Observed::Unknown(asker.refusal(&call, &answer));
    }
    this(&call, &answer, one).map(Presence::Present).into()
}

/// The object in an answer of success, where it is the one that was asked for.
pub(crate) fn this(call: &str, answer: &Answer, one: One<'_>) -> Result<Value, Gap> {
    let value = shape::object(call, answer, one.set)?;
    // Nothing is an object of Graph without an id.
    let id = value.get("id").and_then(Value::as_str);
    let is_it = one.key.is_none_or(|(field, id)| {
        let own = value.get(field).and_then(Value::as_str);
        own.is_some_and(|own| guid::same(own, id))
    });
    if is_it && id.is_some_and(|id| !id.is_empty()) {
        return Ok(value);
    }
    Err(answer.malformed(call, "which is not the object that was asked for"))
}
