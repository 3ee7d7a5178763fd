//! Facts that a run kept by 0.1.0 has in words alone; whatever is kept since has them as fields.

use serde::{Deserialize, Deserializer};

use super::{GapItem, IsolationCell, Rung, UnknownItem};
use crate::model::observed::kept_gap::root_in_words;

/// Cells, with whether a call was tried.
pub(super) fn cells<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<IsolationCell>, D::Error> {
    let mut cells = Vec::<IsolationCell>::deserialize(from)?;
    for cell in &mut cells {
        cell.not_tried |= cell.observed.letters().starts_with("not tried");
    }
    Ok(cells)
}

/// Steps, with the form of the assertion that a token was issued to.
pub(super) fn steps<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Rung>, D::Error> {
    let mut steps = Vec::<Rung>::deserialize(from)?;
    for step in &mut steps {
        step.older_form |= step.note.letters().contains("RS256");
    }
    Ok(steps)
}

/// Questions without an answer, with what stood in their way.
pub(super) fn unknowns<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<UnknownItem>, D::Error> {
    let mut unknowns = Vec::<UnknownItem>::deserialize(from)?;
    for one in &mut unknowns {
        one.root = one
            .root
            .or_else(|| root_in_words(one.kind, one.seen.letters()));
    }
    Ok(unknowns)
}

/// Gaps, with what stood in their way.
pub(super) fn gaps<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<GapItem>, D::Error> {
    let mut gaps = Vec::<GapItem>::deserialize(from)?;
    for one in &mut gaps {
        one.root = one
            .root
            .or_else(|| root_in_words(one.kind, one.seen.letters()));
    }
    Ok(gaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_0_1_0_kept_in_words_is_read_as_a_fact() {
        let cell = |observed: &str| {
            let cell = serde_json::json!([{
                "environment": "prod", "service": "dataverse", "state": "granted-only",
                "observed": observed, "granted": "no such user",
            }]);
            cells(cell).expect("a cell")[0].not_tried
        };
        assert!(cell("not tried: isolation.probe = \"none\""));
        assert!(!cell("timed-out: no answer"));
        let step = |note: &str| {
            let step = serde_json::json!([{ "name": "token", "state": "proven", "note": note }]);
            steps(step).expect("a step")[0].older_form
        };
        assert!(step("issued, to RS256 and x5t: PS256 was refused"));
        assert!(!step("issued, to PS256"));
    }
}
