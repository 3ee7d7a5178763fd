//! What every report says, built once: marks, ranks and sentences; the writers only lay them out.

pub(super) mod cells;
pub(super) mod coverage;
pub(super) mod credentials;
pub(super) mod findings;
pub(super) mod horizon;
pub(super) mod isolation;
pub(super) mod privileges;
pub(super) mod registrations;
pub(super) mod reminder;
pub(super) mod route;
pub(super) mod run;
pub(super) mod steps;
pub(super) mod summary;
pub(super) mod tasks;
pub(super) mod unread;
pub(super) mod verdict;
