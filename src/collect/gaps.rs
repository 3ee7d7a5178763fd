//! Why something was not asked, or says nothing: the reasons that several places give, each worded once.

use std::fmt::Display;

use crate::model::{Gap, GapKind, Prose};

fn not_reached(why: impl Into<Prose>) -> Gap {
    Gap::new(GapKind::NotReached, why)
}

/// Nobody asked yet: what stands here is filled in later, or not needed.
pub(super) fn not_asked() -> Gap {
    not_reached("not asked")
}

/// Graph was asked for others.
pub(super) fn application_not_asked(id: &str) -> Gap {
    not_reached(format!("Graph was not asked for the application {id}"))
}

/// Why nothing is asked of a registration whose client id is not known, for the gap in its place.
pub(super) fn no_client_id(gap: &Gap) -> Gap {
    gap.behind("the client id is not known")
}

/// The same, where the right that would tell the client id is not enough to read what was asked.
pub(super) fn no_client_id_alone(gap: &Gap) -> Gap {
    Gap {
        missing: None,
        unasked: None,
        ..no_client_id(gap)
    }
}

/// Why nothing is asked with a credential that got no token.
pub(super) const NO_TOKEN: &str = "no token was given";

/// Why no answer to a user whom WhoAmI refuses counts.
pub(super) fn whoami_refused(seen: &impl Display) -> String {
    format!("WhoAmI was refused: {seen}")
}

/// Why a probe of writing was not sent.
pub(super) fn not_probed(why: &impl Display) -> String {
    format!("{NOT_PROBED}: {why}")
}

/// How it is said that a probe of writing was not sent.
pub(super) const NOT_PROBED: &str = "not probed";
