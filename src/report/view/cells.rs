//! What a cell of the two matrices is shown as: told apart without colour, and how bad it is.

use crate::model::assessment::{
    CellState::{self, *},
    IsolationCell,
};

/// How bad a cell is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Danger {
    /// Somebody is accepted where he does not belong, or seems to be, or has a user there.
    Alarm,
    Doubt,
    Fine,
    /// Nobody looked, or there is nothing to see.
    Silent,
}

/// The marks of a cell, in a narrow grid, in a wide one and on the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sign {
    pub short: &'static str,
    pub mark: &'static str,
    /// A class of the page's style sheet.
    pub class: &'static str,
    pub word: &'static str,
    pub danger: Danger,
}

impl Sign {
    pub(crate) const fn of(state: CellState, open: Option<bool>) -> Self {
        use Danger::{Alarm, Doubt, Fine, Silent};
        let (danger, marks) = match (state, open) {
            (ProvenRefused, _) => (Fine, ["--", "no", "m-refused", "✕ refused"]),
            (ProvenOpen, _) => (Alarm, ["++", "YES", "m-open", "● accepted"]),
            (GrantedOnly, Some(true)) => (Alarm, ["g+", "(YES)", "m-granted", "◐ granted"]),
            (GrantedOnly, Some(false)) => (Fine, ["g-", "(no)", "m-granted", "◑ not granted"]),
            (GrantedOnly, None) => (Doubt, ["g-", "(?)", "m-granted", "◐ grants read"]),
            (ObservedOnly, Some(true)) => (Alarm, ["o+", "[YES]", "m-observed", "◉ seen accepted"]),
            (ObservedOnly, Some(false)) => (Fine, ["o-", "[no]", "m-observed", "◌ seen refused"]),
            (ObservedOnly, None) => (Doubt, ["o-", "[no]", "m-observed", "◌ seen"]),
            (Disagrees, _) => (Alarm, ["><", "CLASH", "m-disagrees", "≠ disagrees"]),
            (Unknown, _) => (Doubt, ["?", "?", "m-unknown", "? unknown"]),
            (NotTried, _) => (Silent, [".", "-", "m-quiet", "– not tried"]),
            (NotApplicable, _) => (Silent, ["n/a", "n/a", "m-quiet", "n/a"]),
        };
        Self::new(danger, marks)
    }

    /// Of a registration in an environment that is not its own: that a user is there outweighs a refusal.
    pub(crate) fn elsewhere(cell: &IsolationCell) -> Self {
        if cell.is_left_there() {
            let marks = ["><", "USER", "m-disagrees", "▣ user there"];
            return Self::new(Danger::Alarm, marks);
        }
        Self::of(cell.state, cell.open)
    }

    const fn new(danger: Danger, [short, mark, class, word]: [&'static str; 4]) -> Self {
        Self {
            short,
            mark,
            class,
            word,
            danger,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_kinds_of_cell_look_alike_in_black_and_white() {
        let mut seen = std::collections::BTreeMap::new();
        for state in CellState::ALL {
            for open in [Some(true), Some(false), None] {
                let sign = Sign::of(state, open);
                for shown in [
                    ("short", sign.short),
                    ("mark", sign.mark),
                    ("word", sign.word),
                ] {
                    let first = *seen.entry(shown).or_insert(state);
                    assert_eq!(first, state, "{shown:?}");
                }
            }
        }
    }
}
