//! Joining the policy with the registry of checks: what will be asked, how severe, in which tiers.

use std::fmt;

use super::cautions;
use crate::checks::lifecycle::credential_expiring::expiry_bands;
use crate::checks::{ALL, Prepared, Registered, find, rotation_params};
use crate::facts::rotation::params::RotationParams;
use crate::model::{CheckMeta, Severity, Tier};
use crate::policy::{CheckSettings, Policy, UnknownMode, Waiver};
use crate::source::{Place, Problem, did_you_mean};

/// What will be asked.
#[derive(Debug)]
pub struct Plan {
    pub(super) policy: String,
    pub(super) fail_on: Severity,
    pub(super) checks: Vec<Planned>,
    pub(super) waivers: Vec<Waiver>,
    /// What the policy says of rotations, also where the checks about them are switched off.
    pub(super) rotation: RotationParams,
    /// Days before an end from which `credential-expiring` takes notice, most first.
    pub(super) bands: Vec<u32>,
    /// What the policy says and does not do, for the report's reader.
    pub(super) cautions: Vec<String>,
}

/// One check with everything the policy says of it.
pub(super) struct Planned {
    pub meta: &'static CheckMeta,
    pub check: &'static Registered,
    pub judge: Prepared,
    /// The policy's severity, which beats the check's own.
    pub severity: Option<Severity>,
    /// What it does to the run when this check has no answer.
    pub unknown: UnknownMode,
    pub tiers: Option<Vec<Tier>>,
}

impl fmt::Debug for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Planned")
            .field("check", &self.meta.id)
            .finish_non_exhaustive()
    }
}

impl Plan {
    /// The same plan with another threshold (`--fail-on`).
    pub fn fail_on(mut self, severity: Severity) -> Self {
        self.fail_on = severity;
        self
    }
}

/// Makes the plan.
///
/// # Errors
/// Every check id that does not exist and every parameter that does not fit, at its place.
pub fn plan(policy: &Policy) -> Result<Plan, Vec<Problem>> {
    let mut problems = Vec::new();
    let checks = policy.checks.iter();
    let checks = checks.map(|(id, settings)| (id, settings.place.as_ref()));
    let waivers = policy.waivers.iter();
    let waivers = waivers.map(|waiver| (&waiver.check, waiver.place.as_ref()));
    for (id, place) in checks.chain(waivers).filter(|(id, _)| find(id).is_none()) {
        problems.push(no_such_check(id, place));
    }
    let none = CheckSettings::default();
    let mut checks = Vec::new();
    for check in ALL {
        let settings = policy.checks.get(check.meta.id).unwrap_or(&none);
        let judge = match check.prepare(serde_json::Value::Object(settings.params.clone())) {
            Ok(judge) => judge,
            Err(error) => {
                problems.push(unfit_parameter(check.meta.id, settings, &error));
                continue;
            }
        };
        if settings.enabled == Some(false) {
            continue;
        }
        checks.push(Planned {
            meta: check.meta,
            check,
            judge,
            severity: settings.severity,
            unknown: settings.unknown.unwrap_or(policy.unknown),
            tiers: settings.tiers.clone(),
        });
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let table = |id: &str| {
        let settings = policy.checks.get(id).unwrap_or(&none);
        serde_json::Value::Object(settings.params.clone())
    };
    Ok(Plan {
        policy: policy.name.clone(),
        fail_on: policy.fail_on,
        checks,
        waivers: policy.waivers.clone(),
        rotation: rotation_params(table),
        bands: expiry_bands(table),
        cautions: cautions::bands_out_of_order(policy),
    })
}

fn no_such_check(id: &str, place: Option<&Place>) -> Problem {
    let nearest = did_you_mean(id, ALL.iter().map(|check| check.meta.id));
    Problem {
        message: format!("there is no check `{id}`"),
        label: "no such check".to_owned(),
        help: Some(match nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "`credaudit checks` lists them".to_owned(),
        }),
        place: place.cloned(),
        undecided: false,
    }
}

/// Points at the parameter that serde names in backticks, else at the check's table.
fn unfit_parameter(id: &str, settings: &CheckSettings, error: &str) -> Problem {
    let place = settings
        .param_places
        .iter()
        .find(|(key, _)| error.contains(&format!("`{key}`")))
        .or_else(|| settings.param_places.iter().next())
        .map(|(_, place)| place.clone())
        .or_else(|| settings.place.clone());
    Problem {
        message: format!("the parameters of check `{id}` do not fit: {error}"),
        label: "here".to_owned(),
        help: Some(format!("`credaudit explain {id}` says what it takes")),
        place,
        undecided: false,
    }
}
