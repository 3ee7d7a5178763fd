//! What a check is: metadata, typed parameters and one pure function from the snapshot to verdicts.

use serde::de::DeserializeOwned;

use super::case::Context;
use crate::model::{CheckMeta, Verdict};

/// One question.
pub trait Check {
    const META: CheckMeta;

    /// What the policy may tune, in kebab case, unknown keys refused; every field has a default.
    type Params: DeserializeOwned + Send + Sync + 'static;

    /// One verdict for every resource the question arises for.
    fn judge(params: &Self::Params, context: &Context<'_>) -> Vec<Verdict>;
}

/// A check with its parameters read: ready to judge.
pub type Prepared = Box<dyn Fn(&Context<'_>) -> Vec<Verdict> + Send + Sync>;

/// A check in the registry.
#[derive(Debug)]
pub struct Registered {
    pub meta: &'static CheckMeta,
    prepare: fn(serde_json::Value) -> Result<Prepared, String>,
}

impl Registered {
    /// Reads the policy's parameters for this check.
    ///
    /// # Errors
    /// What is wrong with them, in serde's words (key names in backticks).
    pub fn prepare(&self, params: serde_json::Value) -> Result<Prepared, String> {
        (self.prepare)(params)
    }
}

/// The registry line of a check.
pub(super) const fn register<C: Check + 'static>() -> Registered {
    Registered {
        meta: &C::META,
        prepare: |params| {
            let params: C::Params =
                serde_json::from_value(params).map_err(|error| error.to_string())?;
            Ok(Box::new(move |context| C::judge(&params, context)))
        },
    }
}

/// The parameters of a check that has none.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoParams {}
