//! The matrix of privileges in `credaudit.report/1`.

use serde::Serialize;

use crate::model::Service;
use crate::model::assessment::PrivilegeCell;

/// One operation on one table or collection: expected against proven.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Privilege<'a> {
    /// `dataverse` or `finops`.
    service: &'static str,
    /// Table logical name, or public collection name.
    thing: &'a str,
    /// `read`, `create`, `write`, `delete`, `append`, `append-to`.
    operation: &'static str,
    /// `allowed`, `denied`, `not stated`.
    stated: &'static str,
    /// `proven-refused`, `proven-open`, `granted-only`, `observed-only`, `evidence-disagrees`, `unknown`,
    /// `not-tried`, `not-applicable`.
    state: &'static str,
    /// Whether it is let through; `null` where that cannot be told.
    open: Option<bool>,
    /// Whether that is what the estate states; `null` where nothing is stated or it cannot be told.
    as_stated: Option<bool>,
    /// What a real call was answered, or why there was none.
    observed: &'a str,
    /// What is granted, or why that is not known.
    granted: &'a str,
}

impl<'a> Privilege<'a> {
    pub(crate) fn of(cell: &'a PrivilegeCell) -> Self {
        Self {
            service: match cell.service {
                Service::FinOps => "finops",
                _ => "dataverse",
            },
            thing: &cell.thing,
            operation: cell.operation.as_str(),
            stated: cell.stated.as_str(),
            state: cell.state.as_str(),
            open: cell.open,
            as_stated: cell.as_stated,
            observed: &cell.observed,
            granted: &cell.granted,
        }
    }
}
