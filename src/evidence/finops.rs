//! Finance & Operations facts: what the audited credential was answered, and what the auditor sees of
//! its client, user and roles.

use serde::{Deserialize, Serialize};

use super::Expected;
use crate::model::{Listing, Observed, Presence, Seen};

/// What one registration's credential was answered by Finance & Operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FinopsProof {
    /// Whether the environment lets the client in at all.
    pub client: Observed<FinopsClient>,
    /// Its reads, by expectation (allowed first), then collection.
    pub reads: Vec<CollectionRead>,
    /// The answer to a call of the service document: it asks for no right on any collection, so a 200 shows
    /// that the client is accepted. Asked only where every allowed read was refused, or nothing is expected; `None`
    /// otherwise, and in older snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_document: Option<Observed<Seen>>,
    /// Its row in the environment's list of clients (`SysAADClients`), as the auditor reads it.
    pub mapping: Observed<Presence<ClientMapping>>,
    /// The user that the row names (`SystemUsers`), as the auditor reads it.
    pub user: Observed<Presence<FinopsUser>>,
    /// That user's security roles (`SecurityUserRoles`), as the auditor reads them.
    pub roles: Listing<FinopsRole>,
}

/// Whether Finance & Operations accepts the token. The status decides alone: bodies differ by version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FinopsClient {
    /// A call to `/data` was answered as the service answers those it knows: 2xx, or its own 403 or 404.
    Accepted { seen: Seen },
    /// 401, and no call was answered otherwise.
    Rejected { seen: Seen },
}

/// One expectation and what a real read answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CollectionRead {
    /// Public collection name, as in `/data`.
    pub collection: String,
    pub expected: Expected,
    pub answer: Observed<CollectionAnswer>,
}

/// How a read was answered. Anything else (a page of HTML, 429, 404 of a name that metadata knows) is
/// a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CollectionAnswer {
    /// 2xx.
    Read { seen: Seen },
    /// 403. The service says no more than the status: which privilege is missing it does not say.
    Refused { seen: Seen },
    /// Metadata knows no collection of exactly this name.
    NoSuchCollection {
        /// Names that were probably meant, the likeliest first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        nearest: Vec<String>,
    },
}

/// A row of the environment's list of Entra applications (`SysAADClients`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClientMapping {
    /// The F&O user whose roles the client gets.
    pub user_id: String,
}

/// An F&O user (`SystemUsers`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FinopsUser {
    pub user_id: String,
    pub enabled: Observed<bool>,
}

/// A security role that an F&O user holds (`SecurityUserRoles`).
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FinopsRole {
    /// `SecurityRoleIdentifier`.
    pub id: String,
    /// `SecurityRoleName`, which can be translated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}
