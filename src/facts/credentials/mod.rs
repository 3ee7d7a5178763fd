//! The credentials of a registration: those it holds, the one in use, and when each was last used.

pub(crate) mod held;
pub(crate) mod last_use;
pub(crate) mod stored;
