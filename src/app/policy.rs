//! `credaudit policy show`: the built-in policies, as they are read.

use super::CLEAN;
use super::shared::{Failure, Screen};
use crate::cli::{Policy, PolicyCommand};
use crate::policy::BUILT_IN;
use crate::source::did_you_mean;

pub(super) fn run(command: &Policy, screen: &Screen) -> Result<u8, Failure> {
    let PolicyCommand::Show { name } = &command.what;
    let asked = name.trim().to_lowercase();
    let found = BUILT_IN.iter().find(|(known, _)| *known == asked);
    let Some((_, text)) = found else {
        let names = || BUILT_IN.iter().map(|(known, _)| *known);
        let hint = match did_you_mean(&asked, names()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
        };
        return Err(Failure::Usage(format!(
            "no policy is built in as `{name}`; {hint}"
        )));
    };
    screen.print(text.as_bytes())?;
    Ok(CLEAN)
}
