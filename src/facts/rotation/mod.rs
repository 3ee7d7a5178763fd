//! How far a rotation has come, what comes next, and which credential can go.

pub mod azure_cli;
pub mod params;
pub mod removal;
pub mod state;
pub mod steps;
pub mod target;
pub mod view;
