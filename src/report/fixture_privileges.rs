//! Cells of the matrix of privileges for the tests of this room.

use crate::model::assessment::{CellState, PrivilegeCell, Stated};
use crate::model::{Operation, Service};

fn cell(
    stated: Stated,
    operation: Operation,
    thing: &str,
    state: CellState,
    open: Option<bool>,
) -> PrivilegeCell {
    PrivilegeCell {
        service: Service::Dataverse,
        thing: thing.into(),
        operation,
        stated,
        state,
        open,
        as_stated: match (stated, open) {
            (Stated::Allowed, Some(open)) => Some(open),
            (Stated::Denied, Some(open)) => Some(!open),
            _ => None,
        },
        observed: "403 0x80040220".into(),
        granted: "prvReadAccount is not held".into(),
    }
}

/// Every state there is, as declared and not.
pub(crate) fn every_cell() -> Vec<PrivilegeCell> {
    use CellState as Is;
    use Operation as To;
    use Stated::{Allowed, Denied, NotStated};
    let mut cells = vec![
        cell(Denied, To::Read, "account", Is::ProvenRefused, Some(false)),
        cell(Denied, To::Create, "account", Is::GrantedOnly, Some(false)),
        cell(Denied, To::Write, "account", Is::ObservedOnly, Some(false)),
        cell(Denied, To::Delete, "account", Is::GrantedOnly, Some(true)),
        cell(Denied, To::AppendTo, "account", Is::Unknown, None),
        cell(Allowed, To::Read, "contact", Is::ProvenOpen, Some(true)),
        cell(Allowed, To::Create, "contact", Is::GrantedOnly, Some(true)),
        cell(NotStated, To::Write, "contact", Is::GrantedOnly, Some(true)),
        cell(Allowed, To::Append, "contact", Is::GrantedOnly, Some(false)),
        cell(
            Denied,
            To::Read,
            "new_a_table_with_a_rather_long_name",
            Is::Disagrees,
            None,
        ),
        cell(Allowed, To::Read, "new_gone", Is::NotApplicable, None),
        cell(
            Allowed,
            To::Read,
            "CustomersV3",
            Is::ObservedOnly,
            Some(true),
        ),
        cell(Denied, To::Read, "VendorsV2", Is::ProvenOpen, Some(true)),
        cell(Denied, To::Write, "VendorsV2", Is::NotTried, None),
    ];
    for cell in cells.iter_mut().skip(11) {
        cell.service = Service::FinOps;
    }
    cells
}
