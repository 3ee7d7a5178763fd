//! The credentials of a registration: those it holds, the one in use, and when each was last used.

pub mod held;
pub mod last_use;
pub mod stored;
