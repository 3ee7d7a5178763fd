//! `credaudit check-config`: every problem of estate and policy at once. No network.

use super::error::Failure;
use super::output::Screen;
use super::{CLEAN, inputs};
use crate::cli::CheckConfig;
use crate::evaluate::plan;

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
    screen.print(
        format!(
            "No problem found: {}, {}, {}, {}; policy {}.\n",
            counted(estate.registrations.len(), "registration"),
            counted(estate.environments.len(), "environment"),
            counted(estate.vaults.len(), "vault"),
            counted(estate.tenants.len(), "tenant"),
            policy.name
        )
        .as_bytes(),
    )?;
    Ok(CLEAN)
}

/// `1 tenant`, `3 vaults`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
