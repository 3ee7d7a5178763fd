//! How far a rotation has come, what comes next, and which credential can go.

pub(crate) mod azure_cli;
pub(crate) mod params;
pub(crate) mod removal;
pub(crate) mod state;
pub(crate) mod steps;
pub(crate) mod target;
pub(crate) mod view;
