//! What `--probe-writes` may try, said before anything is tried.

use std::collections::BTreeSet;

use super::error::Failure;
use crate::estate::{Estate, Tier};

/// What is left out, in words: nothing is ever probed on production.
///
/// # Errors
/// Usage, where the part of the estate that is asked for has nothing but production in it.
pub(super) fn left_out(estate: &Estate) -> Result<Option<String>, Failure> {
    let environments: BTreeSet<&str> = estate
        .registrations
        .iter()
        .map(|registration| registration.environment.as_str())
        .collect();
    let (production, others): (Vec<&str>, Vec<&str>) = environments.into_iter().partition(|name| {
        let environment = estate.environments.get(*name);
        environment.is_none_or(|environment| environment.tier == Tier::Production)
    });
    if others.is_empty() {
        return Err(Failure::Usage(format!(
            "--probe-writes is refused on production ({}): only test and development environments are probed; leave it out, or name one of those with --env",
            production.join(", ")
        )));
    }
    Ok((!production.is_empty()).then(|| {
        format!(
            "--probe-writes: nothing is probed on production ({})",
            production.join(", ")
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Scenario;
    use crate::source::SourceFile;

    fn words(only: &[&str]) -> Result<Option<String>, Failure> {
        let text = Scenario::estate("tidy").expect("it is built in").to_owned();
        let name = "estate.toml".to_owned();
        let file = SourceFile { name, text };
        let mut estate = crate::estate::load::parse(&std::sync::Arc::new(file)).expect("an estate");
        let kept = |name: &String| only.is_empty() || only.contains(&name.as_str());
        estate.registrations.retain(|one| kept(&one.environment));
        left_out(&estate)
    }

    #[test]
    fn production_is_named_and_never_probed() {
        let said = words(&[]).expect("some are left");
        assert!(said.is_some_and(|said| said.contains("production (prod)")));
        assert!(words(&["test", "dev"]).is_ok_and(|said| said.is_none()));
        let Err(Failure::Usage(why)) = words(&["prod"]) else {
            panic!("production alone is refused");
        };
        assert!(
            why.contains("refused on production (prod)") && why.contains("--env"),
            "{why}"
        );
    }
}
