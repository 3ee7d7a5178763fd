//! How a cell of the two matrices is told: a sign and a word, so that it needs no colour.

use super::markup::Markup;
use crate::model::assessment::CellState;

/// The class and the words of a cell.
pub(super) const fn words(state: CellState, open: Option<bool>) -> (&'static str, &'static str) {
    match (state, open) {
        (CellState::ProvenRefused, _) => ("m-refused", "\u{2715} refused"),
        (CellState::ProvenOpen, _) => ("m-open", "\u{25cf} open"),
        (CellState::GrantedOnly, Some(true)) => ("m-granted", "\u{25d0} granted"),
        (CellState::GrantedOnly, Some(false)) => ("m-granted", "\u{25d1} not granted"),
        (CellState::GrantedOnly, None) => ("m-granted", "\u{25d0} grants read"),
        (CellState::ObservedOnly, Some(true)) => ("m-observed", "\u{25c9} seen open"),
        (CellState::ObservedOnly, Some(false)) => ("m-observed", "\u{25cc} seen refused"),
        (CellState::ObservedOnly, None) => ("m-observed", "\u{25cc} seen"),
        (CellState::Disagrees, _) => ("m-disagrees", "\u{2260} disagrees"),
        (CellState::Unknown, _) => ("m-unknown", "? unknown"),
        (CellState::NotTried, _) => ("m-quiet", "\u{2013} not tried"),
        (CellState::NotApplicable, _) => ("m-quiet", "n/a"),
    }
}

/// What the signs mean.
pub(super) fn legend(page: &mut Markup) {
    let lines: [(&'static str, &'static str, &'static str); 8] = [
        ("m-refused", "\u{2715} refused", "a real call was refused"),
        ("m-open", "\u{25cf} open", "a real call was answered"),
        (
            "m-granted",
            "\u{25d0} granted, \u{25d1} not granted",
            "only the grants were read",
        ),
        (
            "m-observed",
            "\u{25c9} seen open, \u{25cc} seen refused",
            "only a call tells it",
        ),
        (
            "m-disagrees",
            "\u{2260} disagrees",
            "call and grants contradict each other",
        ),
        ("m-unknown", "? unknown", "neither could be had"),
        (
            "m-quiet",
            "\u{2013} not tried",
            "estate or policy leave it out",
        ),
        ("m-quiet", "n/a", "the question does not arise"),
    ];
    page.raw("<ul class=\"legend\">");
    for (class, sign, says) in lines {
        page.raw("<li>");
        page.word("b", class, sign);
        page.raw(" ");
        page.text(says);
        page.raw("</li>");
    }
    page.raw("</ul>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_kinds_of_cell_look_alike_in_black_and_white() {
        let mut seen = std::collections::BTreeMap::new();
        for state in CellState::ALL {
            for open in [Some(true), Some(false), None] {
                let (_, word) = words(state, open);
                let first = *seen.entry(word).or_insert(state);
                assert_eq!(first, state, "{word}");
            }
        }
    }
}
