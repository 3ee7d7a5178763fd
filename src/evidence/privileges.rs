//! What a user may do in Dataverse: its effective privileges, and what probes of writing were answered.

use crate::model::word::labels;
use serde::{Deserialize, Serialize};

use super::ReadRefusal;
use crate::model::{Listing, Observed, Operation, Seen};

/// A privilege that a table's metadata names (`EntityDefinitions(...)/Privileges`,
/// SecurityPrivilegeMetadata). Never built from the table's name: task uses `prvReadActivity`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TablePrivilege {
    /// `PrivilegeType`. Kinds that no expectation names (Assign, Share) are left out.
    pub operation: Operation,
    /// `Name`: `prvReadAccount`.
    pub name: String,
    /// `CanBeLocal`: whether it can be given for one business unit; tables that the organisation owns
    /// only know none and all.
    pub by_unit: bool,
}

labels! {
    /// How far a privilege reaches (`RolePrivilege.Depth`).
    #[derive(Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum Depth {
        /// `Basic`: the user's own rows.
        User = "user",
        /// `Local`: its business unit's.
        BusinessUnit = "business unit",
        /// `Deep`: its business unit's and those beneath.
        ParentAndChild = "business unit and its children",
        /// `Global`: every row.
        Organization = "organisation",
    }
}

/// A privilege that a user holds, by its own roles or its teams'.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeldPrivilege {
    pub name: String,
    /// The deepest, where several roles give it.
    pub depth: Depth,
}

/// What the auditor was shown of a user's effective privileges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeldPrivileges {
    /// Names that were asked for, sorted (`RetrieveUserSetOfPrivilegesByNames`): a name among them that
    /// is not in `held` is not held; of any other name nothing is known.
    pub asked: Vec<String>,
    /// Sorted by name, each once. Incomplete where one of the calls failed: then a name that is absent
    /// says nothing.
    pub held: Listing<HeldPrivilege>,
    /// Where the registration is declared read-only: every operation but reading that it may do, on any
    /// table (`RetrieveUserPrivileges`, joined with the metadata of all tables), sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes: Option<Listing<HeldWrite>>,
}

/// One operation that changes rows, and a table whose metadata names its privilege.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeldWrite {
    /// Logical name.
    pub table: String,
    /// Create, write or delete.
    pub operation: Operation,
    /// The privilege's name.
    pub privilege: String,
    /// At least: of what a team gives, `RetrieveUserPrivileges` shows user depth only.
    pub depth: Depth,
}

/// How much of an administrator's power a role has: privileges that reach every row, counted against the
/// role that comes with the product (`RetrieveRolePrivilegesRole` of both). Those are the ones at organisation
/// depth, and of a role of the root unit also those at parent-and-child depth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RoleReach {
    pub administrator: Share,
    pub customizer: Share,
    /// The same of all roles of this user together, own and by team. `None` where it has no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<Observed<Together>>,
}

/// How much of an administrator's power the roles of one user have together.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Together {
    pub administrator: Share,
    pub customizer: Share,
}

/// So many of so many.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Share {
    pub held: u32,
    /// Never 0.
    pub of: u32,
}

/// One probe of an expectation that changing is refused (`--probe-writes`, never on production):
/// PATCH with `If-Match: *`, or DELETE, of a random id that was first seen not to exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WriteProbe {
    /// Logical name.
    pub table: String,
    /// Write or delete. Creating is never tried.
    pub operation: Operation,
    pub answer: Observed<WriteAnswer>,
}

/// How a probe was answered. Anything else is a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WriteAnswer {
    /// 403 with a privilege code.
    Refused { seen: Seen, why: ReadRefusal },
    /// 404: not refused. Whether privileges are looked at before existence is not documented, so this is not a
    /// proof of more.
    NotFound { seen: Seen },
    /// 2xx: the server changed or made something. An incident of the audit; no further probe was sent.
    Honoured { seen: Seen },
}
