//! `credaudit check-config`: every problem of estate and policy at once. No network.

use std::fmt;

use serde::Serialize;

use super::shared::{
    Failure, Screen,
    defaults::{self, config_option},
    inputs, now, pretty,
};
use super::{CLEAN, USAGE};
use crate::cli::{AnswerFormat, CheckConfig};
use crate::estate::Estate;
use crate::evaluate::{cautions, plan};
use crate::model::plural::count;
use crate::source::{ListedProblem, as_data};

pub(super) fn run(command: &CheckConfig, screen: &Screen) -> Result<u8, Failure> {
    let mut problems = Vec::new();
    let config = &defaults::config(command.config.as_deref());
    let estate = match inputs::estate(config) {
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
        if command.format == AnswerFormat::Json {
            let problems = as_data(problems);
            screen.print(&pretty(&Checked {
                problems,
                ..Checked::default()
            })?)?;
            return Ok(USAGE);
        }
        return Err(Failure::Problems(problems));
    };
    let mut warnings = warnings(&estate);
    warnings.extend(cautions::of_estate(&estate));
    let today = now().date_naive();
    warnings.extend(cautions::of_policy(&policy, &estate, today));
    let next = format!("credaudit audit{}", config_option(config));
    usable(command, screen, (&estate, policy.name), warnings, next)
}

/// Says that the files can be used, with what to look at and what to run next.
fn usable(
    command: &CheckConfig,
    screen: &Screen,
    (estate, policy): (&Estate, String),
    warnings: Vec<String>,
    next: String,
) -> Result<u8, Failure> {
    let counts = Counts::new(estate);
    if command.format == AnswerFormat::Json {
        let checked = Checked {
            problems: Vec::new(),
            warnings,
            counts: Some(counts),
            policy: Some(policy),
            next: Some(next),
        };
        screen.print(&pretty(&checked)?)?;
        return Ok(CLEAN);
    }
    for warning in &warnings {
        screen.warning(warning);
    }
    let found = match warnings.len() {
        0 => "No problem found".to_owned(),
        number => format!("No error, and {}", count(number, "warning")),
    };
    let text = format!("{found}: {counts}; policy {policy}.\nNext: {next}\n");
    screen.print(text.as_bytes())?;
    Ok(CLEAN)
}

/// What was found, for a program.
#[derive(Debug, Default, Serialize)]
struct Checked {
    problems: Vec<ListedProblem>,
    warnings: Vec<String>,
    /// Only where the files can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Counts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    /// The command to run next.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What an estate has of each.
#[derive(Debug, Serialize)]
struct Counts {
    registrations: usize,
    environments: usize,
    vaults: usize,
    tenants: usize,
}

impl Counts {
    fn new(estate: &Estate) -> Self {
        Self {
            registrations: estate.registrations.len(),
            environments: estate.environments.len(),
            vaults: estate.vaults.len(),
            tenants: estate.tenants.len(),
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {}, {}, {}",
            count(self.registrations, "registration"),
            count(self.environments, "environment"),
            count(self.vaults, "vault"),
            count(self.tenants, "tenant")
        )
    }
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
