//! How bad a finding is: five words, ordered.

use crate::model::word::{Word, words};
use std::str::FromStr;

words! {
    /// The severity of a finding, worst last so that `>=` reads as "at or above".
    pub enum Severity {
        Info = "info",
        Low = "low",
        Medium = "medium",
        High = "high",
        Critical = "critical",
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::from_word(word).ok_or_else(|| {
            format!("`{word}` is not a severity; use one of info, low, medium, high, critical")
        })
    }
}
