//! Who asks Dataverse or Finance & Operations: the auditor, or an audited credential.

use secrecy::SecretString;

use super::http::Answer;
use super::remedy::{Remedy, auditor_refused};
use crate::model::Gap;

/// Whose token asks, for which purpose, and what would help where it is refused.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) token: SecretString,
    pub(crate) purpose: String,
    pub(crate) grant: Remedy,
}

/// The purpose of one registration's own requests.
pub(crate) fn purpose(registration: &str) -> String {
    format!("registration/{registration}")
}

impl Caller {
    /// The same, asked to look for one row of this table: more than the audit needs otherwise.
    pub(crate) fn that_reads(&self, table: &str) -> Self {
        let words = format!(
            "give the auditor read on table {table} for as long as --probe-writes is used, or let the granted privileges decide alone"
        );
        Self {
            grant: words.into(),
            ..self.clone()
        }
    }

    pub(crate) fn refusal(&self, call: &str, answer: &Answer) -> Gap {
        auditor_refused(call, answer, answer.odata_code().as_deref(), &self.grant)
    }
}
