//! Dataverse facts: what the audited credential was answered, and what the auditor sees of its user.

use crate::model::word::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{HeldPrivileges, PrincipalKind, RoleReach, TablePrivilege, WriteProbe};
use crate::estate::DataverseExpectations;
use crate::model::{Listing, Observed, Presence, Seen};

/// One environment as the auditor sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EnvironmentEvidence {
    /// The organisation that the auditor's own WhoAmI answered (GUID, lower case).
    pub organization: Observed<String>,
    /// Every application user of the environment.
    pub application_users: Listing<ApplicationUser>,
    /// The declared tables as metadata names them. Unknown where the auditor may not read metadata.
    pub tables: Observed<Vec<TableName>>,
    /// Client ids in the environment's list of Entra applications (`SysAADClients`). `None` where nobody
    /// asked: no registration expects anything of its Finance & Operations, and the scope is the estate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finops_clients: Option<Listing<String>>,
}

/// A table as metadata names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TableName {
    pub logical_name: String,
    pub set_name: String,
    /// Name of the primary id column: all a table read ever selects.
    pub primary_id: String,
    /// Its privileges, sorted.
    pub privileges: Observed<Vec<TablePrivilege>>,
}

/// An application user (Dataverse `systemuser` with an `applicationid`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ApplicationUser {
    /// `systemuserid`, lower case.
    pub user_id: String,
    /// `applicationid`, lower case.
    pub client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub disabled: Observed<bool>,
    pub business_unit_id: Observed<String>,
    pub business_unit: Observed<String>,
    /// Whether that is the root, which has every other beneath it.
    pub in_root_unit: Observed<bool>,
    /// `modifiedon`.
    pub modified: Observed<DateTime<Utc>>,
    /// Whose its application is, by the service principal of its client id in the tenant. Asked only where
    /// neither the estate nor the table of Microsoft's own explains the user; `None` where nobody asked, and
    /// in older snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<Observed<Presence<PrincipalKind>>>,
    /// Asked only where neither the estate nor the table of Microsoft's own explains the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Listing<RoleGrant>>,
}

/// What one registration's credential was answered by Dataverse, and what the auditor sees of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DataverseProof {
    /// The audited credential's own WhoAmI.
    pub whoami: Observed<WhoAmI>,
    /// Its reads, by expectation (allowed first), then table.
    pub reads: Vec<TableRead>,
    /// Its application user, as the auditor's list shows it.
    pub user: Observed<Presence<ApplicationUser>>,
    /// Its security roles, direct and through teams.
    pub roles: Listing<RoleGrant>,
    /// Who said `user`, `roles` and the tables' set names.
    pub witness: Witness,
    /// Reads of metadata, where the registration declares that it needs any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<MetadataRead>,
    /// Its effective privileges, own and by team, as the auditor is shown them.
    pub privileges: Observed<HeldPrivileges>,
    /// Probes of writing, by table, then operation (`--probe-writes`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub write_probes: Vec<WriteProbe>,
}

/// One piece of metadata and what a real read of it answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MetadataRead {
    pub target: MetadataTarget,
    pub answer: Observed<MetadataAnswer>,
}

/// Metadata that an integration can need.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum MetadataTarget {
    /// The organisation's own row.
    Organization,
    /// Definitions of tables (`EntityDefinitions`). Older snapshots have none.
    Tables,
    /// Definitions of global option sets (`GlobalOptionSetDefinitions`). Older snapshots have none.
    OptionSets,
    /// A global option set, by name.
    OptionSet(String),
}

impl MetadataTarget {
    /// What `metadata = true` declares: a sync reads all of these.
    pub const OF_A_SYNC: [Self; 3] = [Self::Organization, Self::Tables, Self::OptionSets];

    /// What a registration reads, as the estate declares it.
    pub fn declared(expected: &DataverseExpectations) -> Vec<Self> {
        let of_a_sync = Self::OF_A_SYNC.into_iter().filter(|_| expected.metadata);
        let sets = expected.option_sets.iter().cloned();
        of_a_sync.chain(sets.map(Self::OptionSet)).collect()
    }
}

/// How a read of metadata was answered. Anything else is a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MetadataAnswer {
    /// 2xx.
    Read { seen: Seen },
    /// 403 with a privilege code, or with the code of a user without roles.
    Refused { seen: Seen },
    /// 404 with the code of a thing that does not exist.
    NotFound { seen: Seen },
}

words! {
    /// Who said a fact about an application user.
    pub enum Witness {
        /// The auditor, an application user of its own in the environment.
        Auditor = "auditor",
        /// The auditor is none there: the audited credential, as far as it may read of itself.
        Itself = "itself",
    }
}

/// The answer to WhoAmI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhoAmI {
    Answered {
        seen: Seen,
        /// GUIDs, lower case.
        user_id: String,
        business_unit_id: String,
        organization_id: String,
    },
    /// A 403 (or the 400 form) whose code says why this application is not a working user here.
    Refused { seen: Seen, why: UserRefusal },
}

words! {
    /// Why Dataverse does not let an application in.
    pub enum UserRefusal {
        /// 0x80072560.
        NotAMember = "not-a-member",
        /// 0x80040225.
        Disabled = "disabled",
        /// 0x80042f09.
        NoRoles = "no-roles",
    }
}

/// One expectation and what a real read answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TableRead {
    /// Logical name.
    pub table: String,
    pub expected: Expected,
    pub answer: Observed<ReadAnswer>,
}

words! {
    /// What the estate expects of a read.
    pub enum Expected {
        Allowed = "allowed",
        Denied = "denied",
    }
}

/// How a read was answered. Anything else (a firewall's 403, an unknown code, 429) is a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReadAnswer {
    /// 2xx.
    Read { seen: Seen },
    /// 403 with a privilege code (0x80040220, 0x80040231) or 0x80042f09.
    Refused { seen: Seen, why: ReadRefusal },
    /// Metadata read in full has no such table.
    NoSuchTable,
}

words! {
    /// Why a read was refused.
    pub enum ReadRefusal {
        /// The user lacks the privilege.
        Privilege = "privilege",
        /// The user has no security role at all.
        NoRoles = "no-roles",
        /// The user is not a member or disabled: a failed step, not a privilege answer.
        NotAUser = "not-a-user",
    }
}

/// A security role that a user holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RoleGrant {
    pub name: String,
    pub role_id: String,
    /// `_roletemplateid_value`, lower case: the same in every business unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_id: Option<String>,
    /// `None`: held directly; else the team's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Asked only of roles without an administrator's template: how near they come to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Observed<RoleReach>>,
}
