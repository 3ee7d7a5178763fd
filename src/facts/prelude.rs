//! What the facts are read from: the evidence, the estate, and the vocabulary of the model.

pub(super) use crate::estate::{
    ClientId, CredentialForm, CredentialRef, DataverseExpectations, EntryRef, Environment,
    Expectations, Prove, Registration, Tenant,
};
pub(super) use crate::evidence::*;
pub(super) use crate::model::assessment::{CellState, RotationState, Stated, Step, StoredMatch};
pub(super) use crate::model::outcome::Failure;
pub(super) use crate::model::time::{day, is_no_end, is_past};
pub(super) use crate::model::{
    Gap, GapKind, NextSteps, Observed, Operation, Outcome, Part, Presence, Prose, Resource, Seen,
    Service, Tier, Unasked, Verdict, Why,
};
pub(super) use crate::reference::codes;
pub(super) use crate::reference::codes::{Class, Source};
pub(super) use chrono::{DateTime, TimeDelta, Utc};
pub(super) use std::collections::BTreeSet;
