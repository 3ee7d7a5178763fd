//! `credaudit collect`: the real services, once, into a snapshot.

use super::shared::{Failure, Screen, check_file, defaults, from_services, inputs};
use super::{CLEAN, INCOMPLETE};
use crate::cli::Collect;

pub(super) async fn run(command: &Collect, screen: &Screen) -> Result<u8, Failure> {
    command.output.as_deref().map_or(Ok(()), check_file)?;
    let (estate, policy) = inputs::both(
        inputs::estate(&defaults::config(command.scope.config.as_deref())),
        inputs::policy(command.policy.as_deref()),
    )?;
    let services = from_services(
        estate,
        &command.scope,
        &command.reading,
        policy.isolation,
        screen,
    )
    .await?;
    screen.put(command.output.as_deref(), &services.snapshot)?;
    Ok(match services.cut_short {
        true => command.exit_zero.ends(INCOMPLETE).unwrap_or(INCOMPLETE),
        false => CLEAN,
    })
}
