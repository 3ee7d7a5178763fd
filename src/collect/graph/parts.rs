//! The answers of a batch by client id and part, and what each says of an object.

use std::collections::BTreeMap;

use serde_json::Value;

use super::batch::{Asker, get_all};
use super::paths::Part;
use crate::collect::http::Answer;
use crate::model::{Gap, Observed, Presence};

/// Answers that were not looked at yet.
#[derive(Debug, Default)]
pub(super) struct Answers(BTreeMap<(String, Part), Result<Answer, Gap>>);

impl Answers {
    /// Asks for these parts; a 400 is asked again without the properties that came later.
    pub(super) async fn ask(asker: Asker<'_>, wanted: &[(String, Part)]) -> Self {
        let paths: Vec<String> = wanted.iter().map(|(id, part)| part.path(id)).collect();
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
    pub(super) fn take(&mut self, id: &str, part: Part) -> Option<Result<Answer, Gap>> {
        self.0.remove(&(id.to_owned(), part))
    }
}

fn is_bad_request(answer: Option<&Result<Answer, Gap>>) -> bool {
    matches!(answer, Some(Ok(answer)) if answer.status == 400)
}

/// Only `Request_ResourceNotFound` says with authority that there is none.
pub(super) fn is_absent(answer: &Answer) -> bool {
    answer.status == 404 && answer.odata_code().as_deref() == Some("Request_ResourceNotFound")
}

/// What an answer says of one object.
pub(super) fn object(
    asker: Asker<'_>,
    what: &str,
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
    match answer.json(&call) {
        Ok(value) if value.is_object() => Observed::Known(Presence::Present(value)),
        Ok(_) => Observed::Unknown(answer.malformed(&call, "which is no object")),
        Err(gap) => Observed::Unknown(gap),
    }
}
