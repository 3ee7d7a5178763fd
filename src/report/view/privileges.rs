//! What each registration may do, expected against proven: a row for each table, a column for each operation.

use crate::model::assessment::{Assessment, CellState, PrivilegeCell, RegistrationView};
use crate::model::{Operation, Service};

/// One registration's privileges.
pub(crate) struct Privileges<'a> {
    pub view: &'a RegistrationView,
    /// Cells that differ from the estate.
    pub wrong: usize,
    /// Cells of which it cannot be told whether they are.
    pub unsettled: usize,
    /// Whether a call shows any cell to be as declared.
    pub shown: bool,
    pub operations: Vec<Operation>,
    /// By service, then table or collection.
    pub rows: Vec<(Service, &'a str, Vec<Option<&'a PrivilegeCell>>)>,
}

/// Of every registration that has any.
pub(crate) fn privileges(assessment: &Assessment) -> Vec<Privileges<'_>> {
    let views = assessment.registrations.iter();
    let views = views.filter(|view| !view.privileges.is_empty());
    views.map(Privileges::of).collect()
}

impl<'a> Privileges<'a> {
    fn of(view: &'a RegistrationView) -> Self {
        let cells = &view.privileges;
        let count =
            |wanted: fn(&PrivilegeCell) -> bool| cells.iter().filter(|cell| wanted(cell)).count();
        let mut operations = Operation::ALL.to_vec();
        operations.retain(|operation| cells.iter().any(|cell| cell.operation == *operation));
        let same = |one: &PrivilegeCell, other: &PrivilegeCell| {
            one.service == other.service && one.thing == other.thing
        };
        let row = |cells: &'a [PrivilegeCell]| {
            let find = |operation| cells.iter().find(|cell| cell.operation == operation);
            let row = operations.iter().copied().map(find).collect();
            (cells[0].service, cells[0].thing.as_str(), row)
        };
        Self {
            view,
            wrong: count(PrivilegeCell::is_wrong),
            unsettled: count(PrivilegeCell::is_unsettled),
            shown: count(PrivilegeCell::is_shown) > 0,
            rows: cells.chunk_by(same).map(row).collect(),
            operations,
        }
    }

    /// How many cells are in one of these states.
    pub(crate) fn count(&self, states: &[CellState]) -> usize {
        let cells = self.view.privileges.iter();
        cells.filter(|cell| states.contains(&cell.state)).count()
    }
}
