//! `credaudit check-config`: every problem of estate and policy at once. No network.

use super::CLEAN;
use super::shared::{Failure, Screen, inputs, now};
use crate::cli::CheckConfig;
use crate::estate::Estate;
use crate::evaluate::{cautions, plan};
use crate::model::plural::count;

pub(super) fn run(command: &CheckConfig, screen: &Screen) -> Result<u8, Failure> {
    let mut problems = Vec::new();
    let estate = match inputs::estate(&command.config) {
        Ok(estate) => Some(estate),
        Err(Failure::Problems(found)) => {
            problems.extend(found);
            None
        }
        Err(failure) => return Err(failure),
    };
    let policy = match inputs::policy(command.policy.as_deref()) {
        Ok(policy) => match plan(&policy) {
            Ok(_) => Some(policy),
            Err(found) => {
                problems.extend(found);
                None
            }
        },
        Err(Failure::Problems(found)) => {
            problems.extend(found);
            None
        }
        Err(failure) => return Err(failure),
    };
    let (Some(estate), Some(policy)) = (estate, policy) else {
        return Err(Failure::Problems(problems));
    };
    let mut warnings = warnings(&estate);
    warnings.extend(cautions::of_estate(&estate));
    let today = now().date_naive();
    warnings.extend(cautions::of_policy(&policy, &estate, today));
    for warning in &warnings {
        screen.warning(warning);
    }
    let found = match warnings.len() {
        0 => "No problem found".to_owned(),
        number => format!("No error, and {}", count(number, "warning")),
    };
    screen.print(
        format!(
            "{found}: {}, {}, {}, {}; policy {}.\n",
            count(estate.registrations.len(), "registration"),
            count(estate.environments.len(), "environment"),
            count(estate.vaults.len(), "vault"),
            count(estate.tenants.len(), "tenant"),
            policy.name
        )
        .as_bytes(),
    )?;
    Ok(CLEAN)
}

/// What can be read, and yet will not do what it says.
fn warnings(estate: &Estate) -> Vec<String> {
    let mut warnings = Vec::new();
    if estate.routing.is_some() && estate.mail.is_none() {
        warnings.push(
            "[routing] says who is reminded, and without a [mail] table nobody can be: `credaudit remind` refuses to \
             run; add one, or remove [routing]"
                .to_owned(),
        );
    }
    if estate.routing.is_some() && !estate.history.enabled {
        warnings.push(
            "[routing] says who is reminded, and [history] switches off what reminders need to know what was said \
             before: `credaudit remind` refuses to run; switch the history on, or remove [routing]"
                .to_owned(),
        );
    }
    warnings
}
