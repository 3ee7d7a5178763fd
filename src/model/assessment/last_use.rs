//! When a credential was last used; kept as the words that reports show.

use std::fmt;

use crate::model::Prose;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// When a credential was last used, as far as the report of sign-ins tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum LastUse {
    On {
        day: NaiveDate,
        /// Why it may have been the audit itself.
        doubt: Option<Prose>,
    },
    NotReported,
    /// It could not be told; the text says why.
    Unknown(Prose),
}

const NOT_REPORTED: &str = "not in the report";

impl fmt::Display for LastUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On { day, doubt: None } => day.fmt(f),
            Self::On {
                day,
                doubt: Some(doubt),
            } => write!(f, "{day}: {doubt}"),
            Self::NotReported => f.write_str(NOT_REPORTED),
            Self::Unknown(why) => why.fmt(f),
        }
    }
}

impl From<LastUse> for String {
    fn from(last_use: LastUse) -> Self {
        last_use.to_string()
    }
}

impl From<String> for LastUse {
    fn from(kept: String) -> Self {
        let (first, doubt) = match kept.split_once(": ") {
            Some((first, doubt)) => (first, Some(doubt.into())),
            None => (kept.as_str(), None),
        };
        match first.parse() {
            Ok(day) => Self::On { day, doubt },
            Err(_) if kept == NOT_REPORTED => Self::NotReported,
            Err(_) => Self::Unknown(kept.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_as_it_was() {
        let day = "2026-11-19".parse().expect("a literal day");
        let doubt = Some("it may be the audit's own: no earlier run".into());
        for last_use in [
            LastUse::On { day, doubt: None },
            LastUse::On { day, doubt },
            LastUse::NotReported,
            LastUse::Unknown(
                "denied: the report of sign-ins answered 403"
                    .to_owned()
                    .into(),
            ),
        ] {
            let kept = String::from(last_use.clone());
            assert_eq!(LastUse::from(kept), last_use);
        }
    }
}
