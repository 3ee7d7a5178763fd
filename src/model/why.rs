//! Why a question does not arise.

use crate::model::Prose;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a question does not arise: words to be shown, and who says it instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Why {
    words: Prose,
    said_by: Option<SaidBy>,
}

/// Which other check says what is to be said.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SaidBy {
    /// The check of this id, about the same registration.
    Check(String),
    /// Another check about the same thing.
    Another,
}

impl Why {
    /// Another check about the same thing says it, if anything is to be said.
    pub fn another(words: impl Into<Prose>) -> Self {
        Self {
            words: words.into(),
            said_by: Some(SaidBy::Another),
        }
    }

    /// The check of this id says it; the words end with the id in brackets.
    pub fn said_by(check: &str, words: &str) -> Self {
        Self {
            words: format!("{words} ({check})").into(),
            said_by: Some(SaidBy::Check(check.to_owned())),
        }
    }

    /// Who says it instead.
    pub const fn by(&self) -> Option<&SaidBy> {
        self.said_by.as_ref()
    }
}

impl SaidBy {
    /// What the words of a run that 0.1.0 kept mean: it kept nothing else.
    pub fn in_words(words: &Prose) -> Option<Self> {
        let words = words.letters();
        if words.starts_with("another check says it") {
            return Some(Self::Another);
        }
        let (_, behind) = words.rsplit_once('(')?;
        let (check, _) = behind.split_once(')')?;
        let is_id = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        (!check.is_empty() && check.chars().all(is_id)).then(|| Self::Check(check.to_owned()))
    }
}

impl From<String> for Why {
    fn from(words: String) -> Self {
        Prose::from(words).into()
    }
}

impl From<Prose> for Why {
    fn from(words: Prose) -> Self {
        Self {
            words,
            said_by: None,
        }
    }
}

impl From<&str> for Why {
    fn from(words: &str) -> Self {
        Prose::from(words).into()
    }
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words.fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_before_mean_what_the_type_says_now() {
        let now = Why::said_by("credential-expired", "it is in use");
        assert_eq!(now.to_string(), "it is in use (credential-expired)");
        assert_eq!(SaidBy::in_words(&now.to_string().into()).as_ref(), now.by());
        let another = Why::another("another check says it, or no call was made");
        assert_eq!(
            SaidBy::in_words(&another.to_string().into()).as_ref(),
            another.by()
        );
        for words in [
            "it is disabled",
            "it is Microsoft's own: X (May 2026)",
            "(",
            "a ()",
        ] {
            assert_eq!(SaidBy::in_words(&words.into()), None, "{words}");
        }
    }
}
