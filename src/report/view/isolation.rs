//! Every registration against every environment: what stands in each place, and how bad it is.

use std::collections::BTreeMap;

use super::cells::{Danger, Sign};
use crate::model::assessment::{IsolationCell, RegistrationView};

/// The environments by name, and a row for each registration.
pub(crate) struct Matrix<'a> {
    pub environments: Vec<&'a str>,
    pub rows: Vec<Row<'a>>,
}

/// One registration against each environment.
pub(crate) struct Row<'a> {
    /// Its place in the assessment.
    pub index: usize,
    pub view: &'a RegistrationView,
    pub places: Vec<Place<'a>>,
}

/// One registration in one environment.
pub(crate) struct Place<'a> {
    pub is_home: bool,
    /// A cell a service.
    pub cells: Vec<(&'a IsolationCell, Sign)>,
    /// That of the worst cell.
    pub danger: Danger,
}

impl<'a> Matrix<'a> {
    /// Every environment that stands in a cell or is somebody's home; none where no registration was compared.
    pub(crate) fn of(views: &'a [RegistrationView]) -> Self {
        let cells = || views.iter().flat_map(|view| &view.isolation);
        let homes = views.iter().map(|view| view.environment.as_str());
        let mut environments: Vec<&str> = cells()
            .map(|cell| cell.environment.as_str())
            .chain(homes.filter(|_| cells().next().is_some()))
            .collect();
        environments.sort_unstable();
        environments.dedup();
        let row = |(index, view)| Row {
            index,
            view,
            places: environments.iter().map(|name| place(view, name)).collect(),
        };
        let rows = views.iter().enumerate().map(row).collect();
        Self { environments, rows }
    }

    /// Why no call was made, with the number of cells whose signs do not say it.
    pub(crate) fn untried(&self) -> BTreeMap<&'a str, usize> {
        let mut reasons = BTreeMap::new();
        let places = self.rows.iter().flat_map(|row| &row.places);
        for (cell, sign) in places.flat_map(|place| &place.cells) {
            if sign.danger >= Danger::Fine && cell.not_tried {
                *reasons.entry(cell.observed.letters()).or_default() += 1;
            }
        }
        reasons
    }
}

impl Row<'_> {
    /// Of its worst place; what is as it should be ranks with what nobody looked at.
    pub(crate) fn danger(&self) -> Danger {
        let worst = self.places.iter().map(|place| place.danger).min();
        worst.unwrap_or(Danger::Fine).min(Danger::Fine)
    }
}

fn place<'a>(view: &'a RegistrationView, environment: &str) -> Place<'a> {
    let here = view
        .isolation
        .iter()
        .filter(|cell| cell.environment == environment);
    let cells: Vec<_> = here.map(|cell| (cell, Sign::elsewhere(cell))).collect();
    Place {
        is_home: view.environment == environment,
        danger: cells
            .iter()
            .map(|(_, sign)| sign.danger)
            .min()
            .unwrap_or(Danger::Silent),
        cells,
    }
}
