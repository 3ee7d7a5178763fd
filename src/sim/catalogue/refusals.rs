//! How Entra usually refuses: the status and words that go with each AADSTS code.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

const TEXT: &str = include_str!("refusals.toml");

/// A test reads it, so that a broken one never leaves the workshop.
static FILE: LazyLock<BTreeMap<u32, UsualRefusal>> =
    LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());

/// The usual form of a code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sim) struct UsualRefusal {
    pub status: u16,
    pub error: String,
    /// Whether a lookup page exists (`error_uri`).
    pub page: bool,
    /// Without the code in front and the trace behind.
    pub text: String,
}

pub(in crate::sim) fn usual_refusal(code: u32) -> Option<&'static UsualRefusal> {
    FILE.get(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read() {
        let read = toml::from_str::<BTreeMap<u32, UsualRefusal>>(TEXT);
        read.unwrap_or_else(|error| panic!("{error}"));
    }
}
