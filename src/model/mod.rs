//! The vocabulary every other room speaks: facts and gaps, outcomes and findings, clouds and codes.

pub mod assessment;
pub mod check;
pub(crate) mod command;
pub mod diff;
pub mod grant;
pub mod guid;
pub mod isolation;
pub mod kept;
pub mod oauth;
pub mod observed;
pub mod operation;
pub mod outcome;
pub mod plural;
pub mod reminder;
mod resource;
pub mod severity;
pub mod signer;
pub mod tier;
pub mod time;
mod why;
pub(crate) mod word;

pub use assessment::Assessment;
pub use check::{CheckMeta, Effect, Family, NextSteps, Stops};
pub use grant::Grant;
pub use isolation::IsolationProbe;
pub use oauth::ClientRefusal;
pub use observed::{Gap, GapKind, Listing, Observed, Presence, Seen, Service, Unasked};
pub use operation::Operation;
pub use outcome::{Outcome, Verdict};
pub use resource::{Part, Resource};
pub use severity::Severity;
pub use signer::Signer;
pub use tier::Tier;
pub use why::{SaidBy, Why};
pub use word::Word;
