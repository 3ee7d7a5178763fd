//! The two matrices in `credaudit.report/1`: what a registration may do, and where else it is accepted.

use super::shape::shape;
use crate::model::Service;
use crate::model::assessment::{IsolationCell, PrivilegeCell};

shape! {
    /// One operation on one table or collection: expected against proven.
    pub(crate) struct Privilege<'a> from cell = &'a PrivilegeCell {
        /// `dataverse` or `finops`.
        service: &'static str = service(cell.service),
        /// Table logical name, or public collection name.
        thing: &'a str = &cell.thing,
        /// `read`, `create`, `write`, `delete`, `append`, `append-to`.
        operation: &'static str = cell.operation.as_str(),
        /// `allowed`, `denied`, `not declared`.
        stated: &'static str = cell.stated.as_str(),
        /// `proven-refused`, `proven-open`, `granted-only`, `observed-only`, `evidence-disagrees`, `unknown`,
        /// `not-tried`, `not-applicable`.
        state: &'static str = cell.state.as_str(),
        /// Whether it is let through; `null` where that is unknown.
        open: Option<bool> = cell.open,
        /// Whether that is what the estate declares; `null` where nothing is declared or it is unknown.
        as_stated: Option<bool> = cell.as_stated,
        /// What a real call was answered, or why there was none.
        observed: &'a str = cell.observed.letters(),
        /// What is granted, or why that is not known.
        granted: &'a str = cell.granted.letters(),
    }

    /// One registration against one other environment.
    pub(crate) struct Isolation<'a> from cell = &'a IsolationCell {
        /// The other environment.
        environment: &'a str = &cell.environment,
        /// `dataverse` or `finops`.
        service: &'static str = service(cell.service),
        /// `proven-refused`, `proven-open`, `granted-only`, `observed-only`, `evidence-disagrees`, `unknown`,
        /// `not-tried`, `not-applicable`.
        state: &'static str = cell.state.as_str(),
        /// Whether the credential is accepted there, as far as `state` says.
        open: Option<bool> = cell.open,
        /// What a real call was answered, or why there was none.
        observed: &'a str = cell.observed.letters(),
        /// What the other environment's list of users says, or why that is not known.
        granted: &'a str = cell.granted.letters(),
        /// Whether a user of it is there, by the list or by the answer, whether or not it gets in.
        known_there: bool = cell.known_there,
        /// Whether no call was made, because switched off by the estate or the policy.
        not_tried: bool = cell.not_tried,
    }
}

const fn service(service: Service) -> &'static str {
    match service {
        Service::FinOps => "finops",
        _ => "dataverse",
    }
}
