//! What a check speaks with: its frame, the evidence, and the words of verdicts.

pub(super) use crate::checks::check::{Check, NoParams};
pub(super) use crate::checks::controls;
pub(super) use crate::checks::params::keys::params;
pub(super) use crate::estate::CredentialForm;
pub(super) use crate::evidence::*;
pub(super) use crate::facts::case::{Case, Context, Judged, Stop, not_applicable, said_by};
pub(super) use crate::facts::credentials::held::{Held, Place};
pub(super) use crate::facts::credentials::stored::InUse;
pub(super) use crate::facts::fixes;
pub(super) use crate::facts::isolation::cell::{Cell, each_cell};
pub(super) use crate::facts::isolation::truth_table::{Answered, Granted};
pub(super) use crate::facts::outcomes::{advised, any, days, failed};
pub(super) use crate::facts::present::{known_user, require_user};
pub(super) use crate::facts::privilege::collections::each_collection;
pub(super) use crate::facts::privilege::operation::{Call, Weighed, listed};
pub(super) use crate::facts::privilege::roles::{APPLICATION_USERS, removal, verbs, with_team};
pub(super) use crate::facts::privilege::tables::{Side, each_table, worst};
pub(super) use crate::facts::rotation::params::RotationParams;
pub(super) use crate::facts::rotation::state::Rotation;
pub(super) use crate::facts::tenants::settled;
pub(super) use crate::model::assessment::RotationState;
pub(super) use crate::model::fix::{Fix, Page};
pub(super) use crate::model::guid::same;
pub(super) use crate::model::outcome::Failure;
pub(super) use crate::model::time::{day, days_left, is_no_end, is_past, near, said};
pub(super) use crate::model::{
    CheckMeta, Effect, Gap, GapKind, NextSteps, Observed, Operation, Outcome, Part, Presence,
    Prose, Resource, Service, Severity, Stops, Tier, Unasked, Verdict,
};
pub(super) use crate::reference::codes::Class;
pub(super) use chrono::{DateTime, TimeDelta, Utc};
pub(super) use std::collections::{BTreeMap, BTreeSet};
