//! What was known and sent before: every assessment, and every mail that reminded somebody of something.
//!
//! The store is one SQLite file. Its SQL is such that PostgreSQL takes it too; what only SQLite
//! understands stands in `store.rs` alone. No secret can be in it: it holds assessments, which hold none,
//! and who was told of which credential (by its key id) and when.
//!
//! Moments are arguments everywhere: nothing here reads a clock.

mod claim;
mod error;
mod message;
mod moment;
mod place;
mod reminders;
mod retention;
mod runs;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use claim::{Claim, Claimed};
pub(crate) use error::HistoryError;
pub(crate) use message::{
    FirstTold, Intent, Message, MessageKind, Reminder, ReminderKind, Started,
};
pub(crate) use place::state_file;
pub use store::Store;
