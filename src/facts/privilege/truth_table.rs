//! The truth table of least privilege: what the estate states, what a real call was answered and what is
//! granted, and what that comes to. Checks and matrix both read it here.

use crate::facts::prelude::*;

/// What an answer to a real call says of a privilege.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// 2xx.
    LetThrough,
    /// 403 with a code that is known to be about privileges.
    Refused,
    /// 404 to a probe of an id that does not exist: not refused, and no proof of more.
    NotThere,
    /// Anything else, and no answer at all.
    Nothing,
}

/// Reads one answer of Dataverse. Only codes that somebody has read or captured are a refusal: a
/// firewall's 403, one about a single record, a page of HTML and 429 dressed as 403 say nothing.
pub(crate) fn read_answer(operation: Operation, status: u16, code: Option<&str>) -> Told {
    match status {
        200..=299 => Told::LetThrough,
        403 if code.is_some_and(denies) => Told::Refused,
        404 if operation != Operation::Read => Told::NotThere,
        _ => Told::Nothing,
    }
}

fn denies(code: &str) -> bool {
    codes::find(code).is_some_and(|known| {
        known.source != Source::Recalled
            && matches!(known.class, Class::PrivilegeDenied | Class::NoRoles)
    })
}

/// What the effective privileges say, own roles' and teams' together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Granted {
    /// At any depth: a user's own rows are rows, too.
    Held(Depth),
    /// Asked for by a name that metadata confirms, in a list read to its end.
    NotHeld,
    Unknown,
}

/// What one check says of one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Pass,
    Fail,
    Unknown,
    /// The question does not arise, or another check says it.
    NotAsked,
}

/// What it all comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub state: CellState,
    pub open: Option<bool>,
    pub as_stated: Option<bool>,
    /// `expected-access-refused`
    pub expected: Said,
    /// `forbidden-access-granted`
    pub forbidden: Said,
    /// `forbidden-privilege-held`
    pub held: Said,
    /// `evidence-disagrees`
    pub agreement: Said,
}

/// One row of the table. `observed` is `None` where no call was meant to be made; `controlled` says
/// whether WhoAmI answered the same token.
pub(crate) fn judge(
    operation: Operation,
    stated: Stated,
    observed: Option<Told>,
    granted: Granted,
    controlled: bool,
) -> Judgement {
    // A refusal says something only beside an answer to the same token.
    let told = observed.map(|told| match told {
        Told::Refused if !controlled => Told::Nothing,
        told => told,
    });
    let (state, open) = match (told, granted) {
        (Some(Told::LetThrough), Granted::Held(_)) => (CellState::ProvenOpen, Some(true)),
        (Some(Told::LetThrough), Granted::NotHeld) => (CellState::Disagrees, Some(true)),
        (Some(Told::LetThrough), Granted::Unknown) => (CellState::ObservedOnly, Some(true)),
        (Some(Told::Refused), Granted::NotHeld) => (CellState::ProvenRefused, Some(false)),
        (Some(Told::Refused), Granted::Held(_)) => (CellState::Disagrees, None),
        (Some(Told::Refused), Granted::Unknown) => (CellState::ObservedOnly, Some(false)),
        (_, Granted::Held(_)) => (CellState::GrantedOnly, Some(true)),
        (_, Granted::NotHeld) => (CellState::GrantedOnly, Some(false)),
        (_, Granted::Unknown) => (CellState::Unknown, None),
    };
    let mut judgement = Judgement {
        state,
        open,
        as_stated: None,
        expected: if stated == Stated::Allowed {
            expected(operation, told, granted)
        } else {
            Said::NotAsked
        },
        forbidden: if stated == Stated::Denied && operation == Operation::Read {
            forbidden(told)
        } else {
            Said::NotAsked
        },
        held: if stated == Stated::Denied {
            held(operation, told, granted)
        } else {
            Said::NotAsked
        },
        agreement: if stated == Stated::NotStated {
            Said::NotAsked
        } else {
            agreement(told, granted)
        },
    };
    judgement.as_stated = as_stated(operation, stated, &judgement);
    judgement
}

/// Whether it is as the estate states, by what the checks say of it: a cell is never better than the
/// finding, nor settled where they are not.
fn as_stated(operation: Operation, stated: Stated, judged: &Judgement) -> Option<bool> {
    let said = match stated {
        Stated::NotStated => return None,
        Stated::Allowed => judged.expected,
        Stated::Denied if judged.held == Said::Fail || judged.open == Some(true) => Said::Fail,
        // A real read decides, as `forbidden-access-granted` does.
        Stated::Denied if operation == Operation::Read => judged.forbidden,
        Stated::Denied => judged.held,
    };
    match said {
        Said::Fail => Some(false),
        // Two kinds of evidence that contradict each other show nothing to be as it should.
        Said::Pass if judged.state != CellState::Disagrees => Some(true),
        _ => None,
    }
}

/// A real read decides; where there is none, and for what is never tried, the roles do.
const fn expected(operation: Operation, told: Option<Told>, granted: Granted) -> Said {
    match (operation, told, granted) {
        (Operation::Read, Some(Told::LetThrough), _) => Said::Pass,
        (Operation::Read, Some(Told::Refused), _) | (_, _, Granted::NotHeld) => Said::Fail,
        (Operation::Read, _, _) | (_, _, Granted::Unknown) => Said::Unknown,
        (_, _, Granted::Held(_)) => Said::Pass,
    }
}

/// About real reads alone.
const fn forbidden(told: Option<Told>) -> Said {
    match told {
        Some(Told::LetThrough) => Said::Fail,
        Some(Told::Refused) => Said::Pass,
        _ => Said::Unknown,
    }
}

/// About what is granted, where no other check says it: an answered read is `forbidden-access-granted`,
/// a contradiction is `evidence-disagrees`.
fn held(operation: Operation, told: Option<Told>, granted: Granted) -> Said {
    match (told, granted) {
        (Some(Told::LetThrough), _) if operation == Operation::Read => Said::NotAsked,
        (Some(Told::LetThrough), Granted::NotHeld) | (Some(Told::Refused), Granted::Held(_)) => {
            Said::NotAsked
        }
        (_, Granted::Held(_)) => Said::Fail,
        (_, Granted::NotHeld) => Said::Pass,
        (_, Granted::Unknown) => Said::Unknown,
    }
}

const fn agreement(told: Option<Told>, granted: Granted) -> Said {
    match (told, granted) {
        (None | Some(Told::NotThere), _) => Said::NotAsked,
        (Some(Told::LetThrough), Granted::Held(_)) | (Some(Told::Refused), Granted::NotHeld) => {
            Said::Pass
        }
        (Some(Told::LetThrough), Granted::NotHeld) | (Some(Told::Refused), Granted::Held(_)) => {
            Said::Fail
        }
        (Some(Told::Nothing), _) | (_, Granted::Unknown) => Said::Unknown,
    }
}
