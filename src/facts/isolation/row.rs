//! The isolation matrix: what one registration came to in every other environment.

use super::cell::cells;
use super::sentences;
use crate::facts::case::Context;
use crate::facts::prelude::*;
use crate::model::assessment::IsolationCell;

/// The row of one registration in the isolation matrix: by environment, then service.
pub(crate) fn isolation(context: &Context<'_>, registration: &str) -> Vec<IsolationCell> {
    let case = context.case(registration);
    let cells = case.iter().flat_map(cells);
    cells
        .map(|cell| match &cell.beside {
            Some(why) => IsolationCell {
                environment: cell.name.to_owned(),
                service: cell.service,
                state: CellState::NotApplicable,
                open: None,
                observed: why.clone().into(),
                granted: why.clone().into(),
                known_there: false,
                not_tried: false,
            },
            None => IsolationCell {
                environment: cell.name.to_owned(),
                service: cell.service,
                state: cell.decision.state,
                open: cell.decision.open,
                observed: sentences::observed(&cell).into(),
                granted: sentences::granted(&cell).into(),
                known_there: cell.granted.is_there() || cell.answered.names_user(),
                not_tried: sentences::is_untried(&cell),
            },
        })
        .collect()
}
