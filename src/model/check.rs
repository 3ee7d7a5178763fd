//! What a check says about itself: everything the catalogue, `explain` and the documents are made from.

use super::word::labels;
use serde::{Deserialize, Serialize};

use super::severity::Severity;

labels! {
    /// The family a check belongs to, in the order reports list them, and its name as people write it.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Family {
        Lifecycle = "Lifecycle",
        Access = "Access",
        LeastPrivilege = "Least privilege",
        Isolation = "Isolation",
        Hygiene = "Hygiene",
    }
}

/// How far up the ladder of proof a failed check reaches: what lies behind is never asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stops {
    /// It stands beside the ladder.
    Nothing,
    /// The way into Dataverse; Finance & Operations has a token of its own.
    Dataverse,
    /// The way into Finance & Operations.
    Finops,
    /// Nobody signs in.
    Everything,
}

impl Stops {
    /// Whether a question of Finance & Operations, or one of all else, lies behind it.
    pub const fn hides(self, finops: bool) -> bool {
        match self {
            Self::Nothing => false,
            Self::Dataverse => !finops,
            Self::Finops => finops,
            Self::Everything => true,
        }
    }
}

/// What a failed check means for the integration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It cannot sign in, or nobody lets it in.
    SignIn,
    /// It gets in and lacks something that it needs.
    Access,
    /// What it signs in with expires.
    Expiry,
    /// It can do or reach too much, or others can.
    Excess,
    /// It works, and is not kept as it should be.
    #[default]
    Upkeep,
}

impl Effect {
    /// What the checks of a family mean, but for those that say otherwise.
    pub const fn of(family: Family) -> Self {
        match family {
            Family::Access => Self::SignIn,
            Family::LeastPrivilege | Family::Isolation => Self::Excess,
            Family::Lifecycle | Family::Hygiene => Self::Upkeep,
        }
    }
}

/// Which next steps stand in the findings of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextSteps {
    Nothing,
    /// Those of the registration's rotation: it is about the life of its credential.
    Rotation,
    /// The same; where there are none, how to renew it.
    RotationOrRenewal,
    /// How to remove the one credential that it is about, else those of the rotation.
    Removal,
}

/// A check's metadata. The id names the defect, in kebab case, and reads well after "waive".
#[derive(Debug)]
pub struct CheckMeta {
    pub id: &'static str,
    /// A sentence without a full stop: what is wrong when this check fails.
    pub title: &'static str,
    pub severity: Severity,
    pub family: Family,
    /// Why it matters, one to three sentences.
    pub rationale: &'static str,
    /// What to do, one to three sentences; a failure may say it more exactly.
    pub remediation: &'static str,
    /// Control references, edition pinned: `MCSB v1 IM-8`. "Relates to", never "complies with".
    pub controls: &'static [&'static str],
    /// The facts it needs, as a reader would name them: `Graph application`, `Key Vault secret`.
    pub evidence: &'static [&'static str],
    /// The checks whose Fail on the same subject is a consequence of this one.
    pub explains: &'static [&'static str],
}
