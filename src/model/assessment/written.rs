//! Where the estate is written: its file and the lines of its registrations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The estate file, so that a report can point into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EstateFile {
    /// As it was named: `estate.toml`, `audit/estate.toml`.
    pub name: String,
    /// Where each registration begins (`[[registrations]]`), by its name; the first line is 1.
    #[serde(default)]
    pub lines: BTreeMap<String, usize>,
}
