//! The isolation matrix in `credaudit.report/1`.

use serde::Serialize;

use crate::model::Service;
use crate::model::assessment::IsolationCell;

/// One registration against one other environment.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Isolation<'a> {
    /// The other environment.
    environment: &'a str,
    /// `dataverse` or `finops`.
    service: &'static str,
    /// `proven-refused`, `proven-open`, `granted-only`, `observed-only`, `evidence-disagrees`, `unknown`,
    /// `not-tried`, `not-applicable`.
    state: &'static str,
    /// Whether the credential is accepted there, as far as `state` tells.
    open: Option<bool>,
    /// What a real call was answered, or why there was none.
    observed: &'a str,
    /// What the other environment's list of users says, or why that is not known.
    granted: &'a str,
    /// Whether a user of it is there, by the list or by the answer, whether or not it gets in.
    known_there: bool,
}

impl<'a> Isolation<'a> {
    pub(crate) fn of(cell: &'a IsolationCell) -> Self {
        Self {
            environment: &cell.environment,
            service: match cell.service {
                Service::FinOps => "finops",
                _ => "dataverse",
            },
            state: cell.state.as_str(),
            open: cell.open,
            observed: &cell.observed,
            granted: &cell.granted,
            known_there: cell.known_there,
        }
    }
}
