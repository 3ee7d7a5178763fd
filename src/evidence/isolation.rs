//! What other environments know of a registration, and what they answer to its credential.

use serde::{Deserialize, Serialize};

use super::{RoleGrant, TokenAnswer, UserRefusal};
use crate::model::{Listing, Observed, Presence, Seen, Service};

/// One registration against one service of another environment of the same tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ForeignProof {
    /// The other environment's name.
    pub environment: String,
    /// Dataverse or F&O.
    pub service: Service,
    /// Its user there, as the other environment's auditor reads that environment's list: absent only
    /// where the list was read to its end.
    pub user: Observed<Presence<ForeignUser>>,
    /// What the credential was answered there. `None` where the policy does not have it tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<ForeignTry>,
}

/// A registration's user in another environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ForeignUser {
    /// `systemuserid`, or the F&O user that the client maps to.
    pub user_id: String,
    /// Unknown in F&O where the mapped user could not be read.
    pub disabled: Observed<bool>,
    /// Of an application user of Dataverse. Empty in F&O, with a gap that says so.
    pub roles: Listing<RoleGrant>,
}

/// One credential tried on one foreign resource: a token, then one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ForeignTry {
    pub token: Observed<TokenAnswer>,
    pub answer: Observed<ForeignAnswer>,
}

/// What another environment answered: WhoAmI in Dataverse, one read of `/data` in F&O.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ForeignAnswer {
    /// 2xx.
    Open { seen: Seen },
    /// Dataverse: 403 with a code that says why this application is not a working user there.
    Refused { seen: Seen, why: UserRefusal },
    /// F&O: 401. It counts where token and environment are right, which other calls show.
    Rejected { seen: Seen },
    /// F&O: 403. The client is accepted; its user may not read what was asked for.
    LetIn { seen: Seen },
}
