//! What `--probe-writes` may try, said before anything is tried.

use std::collections::BTreeSet;

use super::error::Failure;
use crate::estate::{Estate, Production, Tier};

/// What is left out, in words: nothing is ever probed on production, by whatever name it is reached.
/// `estate` is the part that is asked for, `production` that of the whole estate.
///
/// # Errors
/// Usage, where the part of the estate that is asked for has nothing but production in it.
pub(crate) fn left_out(
    estate: &Estate,
    production: &Production,
) -> Result<Option<String>, Failure> {
    let names: BTreeSet<&str> = estate
        .registrations
        .iter()
        .map(|registration| registration.environment.as_str())
        .collect();
    let left_out: Vec<String> = names
        .iter()
        .filter_map(|name| why(estate, production, name))
        .collect();
    if left_out.len() == names.len() {
        return Err(Failure::Usage(format!(
            "--probe-writes is refused on production ({}): only test and development environments are probed; leave it out, or name one of those with --env",
            left_out.join(", ")
        )));
    }
    Ok((!left_out.is_empty()).then(|| {
        format!(
            "--probe-writes: nothing is probed on production ({})",
            left_out.join(", ")
        )
    }))
}

/// The environment, where it is production.
fn why(estate: &Estate, production: &Production, name: &str) -> Option<String> {
    let environment = estate.environments.get(name);
    match environment.filter(|environment| environment.tier != Tier::Production) {
        None => Some(name.to_owned()),
        Some(environment) => {
            let other = production.behind(estate, environment)?;
            Some(format!("{name}, whose Dataverse is that of {other}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Scenario;
    use crate::source::SourceFile;

    fn words(only: &[&str]) -> Result<Option<String>, Failure> {
        words_of(only, |_| {})
    }

    fn words_of(only: &[&str], change: fn(&mut Estate)) -> Result<Option<String>, Failure> {
        let text = Scenario::estate("tidy").expect("it is built in").to_owned();
        let name = "estate.toml".to_owned();
        let file = SourceFile { name, text };
        let mut estate = crate::estate::load::parse(&std::sync::Arc::new(file)).expect("an estate");
        change(&mut estate);
        let production = Production::of(&estate);
        let kept = |name: &String| only.is_empty() || only.contains(&name.as_str());
        estate.registrations.retain(|one| kept(&one.environment));
        estate.environments.retain(|name, _| kept(name));
        left_out(&estate, &production)
    }

    #[test]
    fn production_under_another_name_is_production() {
        let shared = |estate: &mut Estate| {
            let host = "Contoso.api.crm4.dynamics.com".to_owned();
            let dev = estate.environments.get_mut("dev").expect("dev");
            dev.dataverse = Some(host);
        };
        let Err(Failure::Usage(why)) = words_of(&["dev"], shared) else {
            panic!("dev is production");
        };
        assert!(
            why.contains("(dev, whose Dataverse is that of prod)"),
            "{why}"
        );
        let said = words_of(&["dev", "test"], shared).expect("test is left");
        assert!(said.is_some_and(|said| said.contains("(dev, whose")));
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
