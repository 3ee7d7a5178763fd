//! Small turns of phrase that failures share.

use crate::facts::prelude::*;
pub(crate) use crate::model::plural::days;

/// A Fail in these words, at the check's own severity.
pub(crate) fn failed(seen: impl Into<Prose>) -> Outcome {
    Outcome::Fail(Failure::new(seen))
}

/// A Fail with advice of its own.
pub(crate) fn advised(seen: impl Into<Prose>, remedy: impl Into<String>) -> Outcome {
    Outcome::Fail(Failure::new(seen).remedy(capitalised(remedy)))
}

/// Whether one of them is so; where none is, and one is not known, why that is.
pub(crate) fn any<E>(answers: impl IntoIterator<Item = Result<bool, E>>) -> Result<bool, E> {
    let mut unread = None;
    for answer in answers {
        match answer {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(why) => unread = unread.or(Some(why)),
        }
    }
    unread.map_or(Ok(false), Err)
}

/// A sentence from a clause: first letter raised, full stop added.
pub(crate) fn capitalised(text: impl Into<String>) -> String {
    let text = text.into();
    let mut letters = text.chars();
    let mut sentence: String = letters
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default();
    sentence.push_str(letters.as_str());
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}
