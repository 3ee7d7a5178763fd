//! What a check is: metadata, typed parameters and one pure function from the snapshot to verdicts.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;

use crate::facts::case::Context;
use crate::model::fix::{Fix, Page};
use crate::model::{CheckMeta, Effect, NextSteps, Outcome, Severity, Stops, Verdict};

/// One question.
pub(super) trait Check {
    const META: CheckMeta;

    /// The worst that a Fail of it can weigh by itself.
    const WORST: Severity = Self::META.severity;

    /// What its Fail means for the integration.
    const EFFECT: Effect = Effect::of(Self::META.family);

    /// What its Fail keeps from being asked.
    const STOPS: Stops = Stops::Nothing;

    /// Which next steps its findings name.
    const STEPS: NextSteps = NextSteps::Nothing;

    /// Whether its findings say no more than a reminder of the credential's end does.
    const SAYS_AN_END: bool = false;

    /// The page of a portal on which a Fail of it is put right.
    const PAGE: Option<Page> = None;

    /// The commands that do what its own remediation says.
    fn fixes() -> Vec<Fix> {
        Vec::new()
    }

    /// What the policy may tune, in kebab case, unknown keys refused; every field has a default.
    type Params: DeserializeOwned + JsonSchema + Send + Sync + 'static;

    /// One verdict for every resource the question arises for.
    fn judge(params: &Self::Params, context: &Context<'_>) -> Vec<Verdict>;
}

/// A check with its parameters read: ready to judge.
pub(crate) type Prepared = Box<dyn Fn(&Context<'_>) -> Vec<Verdict> + Send + Sync>;

/// A check in the registry.
#[derive(Clone, Copy, Debug)]
pub struct Registered {
    pub meta: &'static CheckMeta,
    pub effect: Effect,
    pub stops: Stops,
    pub steps: NextSteps,
    pub says_an_end: bool,
    pub worst: Severity,
    /// The page of a portal on which a Fail of it is put right.
    pub(crate) page: Option<Page>,
    /// The commands that do what its own remediation says.
    pub(crate) fixes: fn() -> Vec<Fix>,
    /// The JSON Schema of its parameters, each described.
    pub params: fn() -> Schema,
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
        effect: C::EFFECT,
        stops: C::STOPS,
        steps: C::STEPS,
        says_an_end: C::SAYS_AN_END,
        worst: C::WORST,
        page: C::PAGE,
        fixes: C::fixes,
        params: || {
            let mut settings = SchemaSettings::draft2020_12();
            settings.inline_subschemas = true;
            settings
                .into_generator()
                .into_root_schema_for::<C::Params>()
        },
        prepare: |params| {
            let params: C::Params =
                serde_json::from_value(params).map_err(|error| error.to_string())?;
            Ok(Box::new(move |context| {
                let verdicts = C::judge(&params, context);
                debug_assert!(verdicts.iter().all(|one| weighs(one) <= C::WORST));
                verdicts
            }))
        },
    }
}

/// What a Fail weighs where the case, not the check, says so.
fn weighs(verdict: &Verdict) -> Severity {
    match &verdict.outcome {
        Outcome::Fail(failure) => failure.severity.unwrap_or(Severity::Info),
        Outcome::Pass | Outcome::Unknown(_) | Outcome::NotApplicable(_) => Severity::Info,
    }
}

/// The parameters of a check that has none.
#[derive(Debug, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoParams {}
