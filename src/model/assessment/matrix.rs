//! The two matrices: what a registration may do, and which environments let it in.

use crate::model::Prose;
use crate::model::word::labels;
use serde::{Deserialize, Serialize};

use crate::model::{Operation, Service};

labels! {
    /// What became of one cell, by what kinds of evidence.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum CellState {
        /// A real call was refused under its control, and nothing says it should not have been.
        ProvenRefused = "proven-refused",
        /// A real call was answered.
        ProvenOpen = "proven-open",
        /// Only the roles (or the target's list of users) were read: `open` says what they say.
        GrantedOnly = "granted-only",
        /// Only a real call tells it, and what is granted could not be read: `open` says what it was answered.
        ObservedOnly = "observed-only",
        /// The two kinds of evidence contradict each other.
        Disagrees = "evidence-disagrees",
        /// Neither kind of evidence could be had.
        Unknown = "unknown",
        /// Estate or policy leave it out.
        NotTried = "not-tried",
        /// The question does not arise: another tenant, no such table.
        NotApplicable = "not-applicable",
    }
}

labels! {
    /// What the estate says of one operation on one table or collection.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    #[expect(
        clippy::enum_variant_names,
        reason = "its three values are written into every assessment by these names"
    )]
    pub enum Stated {
        Allowed = "allowed",
        Denied = "denied",
        NotStated = "not stated",
    }
}

/// One operation on one table or collection: expected against proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PrivilegeCell {
    pub service: Service,
    /// Table logical name, or public collection name.
    pub thing: String,
    pub operation: Operation,
    pub stated: Stated,
    pub state: CellState,
    /// Whether it is let through, as far as `state` tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// Whether that is what the estate states. `None` where nothing is stated, or it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_stated: Option<bool>,
    /// What a real call was answered, or why there was none: `403 0x80040220`.
    pub observed: Prose,
    /// What is granted, or why that is not known: `prvReadAccount, organisation depth`.
    pub granted: Prose,
}

impl PrivilegeCell {
    /// Not as the estate states, or contradicted.
    pub fn is_wrong(&self) -> bool {
        self.as_stated == Some(false) || self.state == CellState::Disagrees
    }

    /// The estate states something, somebody looked, and whether it is so cannot be told.
    pub fn is_unsettled(&self) -> bool {
        let asked = !matches!(
            self.state,
            CellState::NotTried | CellState::NotApplicable | CellState::Disagrees
        );
        asked
            && (self.state == CellState::Unknown
                || (self.stated != Stated::NotStated && self.as_stated.is_none()))
    }

    /// As the estate states, which a real call shows.
    pub fn is_shown(&self) -> bool {
        self.as_stated == Some(true) && self.state != CellState::GrantedOnly
    }
}

/// One registration against one other environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IsolationCell {
    /// The other environment.
    pub environment: String,
    pub service: Service,
    pub state: CellState,
    /// Whether the credential is accepted there, as far as `state` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// What a real call was answered, or why there was none.
    pub observed: Prose,
    /// What the other environment's list of users says, or why that is not known.
    pub granted: Prose,
    /// Whether a user of it is there, by the list or by the answer, whether or not it gets in.
    #[serde(default)]
    pub known_there: bool,
    /// Whether no call was made, because estate or policy leave it out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_tried: bool,
}

impl IsolationCell {
    /// It is a user where it does not belong, and is not known to be accepted: disabled, without roles, or
    /// nobody can tell.
    pub fn is_left_there(&self) -> bool {
        self.known_there && self.open != Some(true) && self.state != CellState::Disagrees
    }
}
