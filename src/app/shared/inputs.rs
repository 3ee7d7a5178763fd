//! Reading what people and earlier commands wrote: estate, policy, snapshot, assessment, dates, names.
#![expect(
    clippy::disallowed_methods,
    reason = "the files named on the command line are read here"
)]

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};

use super::defaults;
use super::error::Failure;
use super::screen::Screen;
use crate::cli::{Judging, Scope};
use crate::estate::{self, Estate};
use crate::evaluate::{Plan, plan};
use crate::evidence::Snapshot;
use crate::model::{Assessment, IsolationProbe};
use crate::policy::{self, Policy};
use crate::report::machine::json;
use crate::source::{SourceFile, decode, did_you_mean};
use crate::{evidence, model};

/// Reads a text file.
pub(crate) fn source(path: &Path) -> Result<Arc<SourceFile>, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        let path = path.display();
        Failure::Usage(match error.kind() {
            ErrorKind::NotFound => format!("there is no file {path}"),
            _ => format!("could not read {path}: {error}"),
        })
    })?;
    let text =
        decode(bytes).map_err(|what| Failure::Usage(format!("{} {what}", path.display())))?;
    Ok(Arc::new(SourceFile {
        name: path.display().to_string(),
        text,
    }))
}

/// Reads an estate.
pub(crate) fn estate(path: &Path) -> Result<Estate, Failure> {
    estate::load::parse(&source(path)?).map_err(Failure::Problems)
}

/// Reads a policy: a file, or one of the built-in ones by name; without either the baseline.
pub(crate) fn policy(path: Option<&Path>) -> Result<Policy, Failure> {
    let Some(path) = &defaults::policy(path) else {
        return Ok(policy::baseline());
    };
    if let Some(built_in) = path.to_str().and_then(policy::builtin)
        && !path.exists()
    {
        return Ok(built_in);
    }
    let built_in = policy::BUILT_IN.iter().map(|(name, _)| *name);
    if !path.exists()
        && let Some(name) = path.to_str().and_then(|word| did_you_mean(word, built_in))
    {
        return Err(Failure::Usage(format!(
            "there is no policy `{}`; did you mean the built-in one, `{name}`?",
            path.display()
        )));
    }
    let resolve = |name: &str| {
        source(Path::new(name)).map_err(|failure| match failure {
            Failure::Usage(words) | Failure::Tool(words) => words,
            Failure::Problems(_) => "it cannot be read".to_owned(),
        })
    };
    policy::load::parse(&source(path)?, &resolve).map_err(Failure::Problems)
}

/// The plan that the arguments ask for.
pub(crate) fn planned(judging: &Judging) -> Result<Plan, Failure> {
    Ok(judged(judging)?.0)
}

/// The same, with what the policy says of trying credentials on other environments.
pub(crate) fn judged(judging: &Judging) -> Result<(Plan, IsolationProbe), Failure> {
    let policy = policy(judging.policy.as_deref())?;
    let plan = plan(&policy).map_err(Failure::Problems)?;
    let plan = match judging.fail_on {
        Some(severity) => plan.fail_on(severity),
        None => plan,
    };
    Ok((plan, policy.isolation))
}

/// Two inputs, or the problems of both at once.
pub(crate) fn both<A, B>(
    one: Result<A, Failure>,
    other: Result<B, Failure>,
) -> Result<(A, B), Failure> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(Failure::Problems(mut problems)), Err(Failure::Problems(more))) => {
            problems.extend(more);
            Err(Failure::Problems(problems))
        }
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    }
}

/// `2026-12-31` (its first moment) or `2026-12-31T06:00:00Z`.
pub(crate) fn as_of(judging: &Judging) -> Result<Option<DateTime<Utc>>, Failure> {
    let Some(text) = &judging.as_of else {
        return Ok(None);
    };
    let moment = match text.parse::<NaiveDate>() {
        Ok(day) => day.and_time(NaiveTime::MIN).and_utc(),
        Err(_) => text.parse::<DateTime<Utc>>().map_err(|_| {
            Failure::Usage(format!(
                "--as-of takes a date like 2026-12-31 or 2026-12-31T06:00:00Z, not `{text}`"
            ))
        })?,
    };
    // Far enough from what a calendar can hold that days may be added and taken away everywhere.
    if !(1970..=9999).contains(&moment.year()) {
        return Err(Failure::Usage(format!(
            "--as-of takes a date between 1970 and 9999, not `{text}`"
        )));
    }
    Ok(Some(moment))
}

/// The part of the estate that `--env` and `--registration` ask for, and the words that say so.
pub(crate) fn narrowed(
    mut estate: Estate,
    scope: &Scope,
) -> Result<(Estate, Option<String>), Failure> {
    if scope.environments.is_empty() && scope.registrations.is_empty() {
        return Ok((estate, None));
    }
    let known: Vec<&str> = estate.environments.keys().map(String::as_str).collect();
    known_names("environment", &scope.environments, &known)?;
    let known: Vec<&str> = estate
        .registrations
        .iter()
        .map(|registration| registration.name.as_str())
        .collect();
    known_names("registration", &scope.registrations, &known)?;
    estate.registrations.retain(|registration| {
        (scope.environments.is_empty() || scope.environments.contains(&registration.environment))
            && (scope.registrations.is_empty() || scope.registrations.contains(&registration.name))
    });
    // A part of the estate cannot say what is unlisted.
    estate.auditor.scope = estate::Scope::Estate;
    let kept = &estate.registrations;
    if kept.is_empty() {
        return Err(Failure::Usage(
            "no registration is in both --env and --registration; drop one of the two".to_owned(),
        ));
    }
    let used = |name: &String| {
        kept.iter()
            .any(|registration| registration.environment == *name)
    };
    let stores = |name: &String| {
        kept.iter()
            .any(|registration| registration.entries().any(|entry| entry.vault == *name))
    };
    let own: Vec<String> = estate
        .own_secrets()
        .map(|entry| entry.vault.clone())
        .collect();
    estate
        .vaults
        .retain(|name, _| stores(name) || own.contains(name));
    let vaults = &estate.vaults;
    estate
        .environments
        .retain(|name, _| used(name) || vaults.values().any(|vault| vault.environment == *name));
    let mut words = Vec::new();
    if !scope.environments.is_empty() {
        words.push(format!("environments {}", listed(&scope.environments)));
    }
    if !scope.registrations.is_empty() {
        words.push(format!("registrations {}", listed(&scope.registrations)));
    }
    Ok((estate, Some(format!("only {}", words.join(" and ")))))
}

/// In one order, each once: these words are what tells one part from another in the history.
fn listed(names: &[String]) -> String {
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn known_names(what: &str, asked: &[String], known: &[&str]) -> Result<(), Failure> {
    for name in asked {
        if known.contains(&name.as_str()) {
            continue;
        }
        return Err(Failure::Usage(
            match did_you_mean(name, known.iter().copied()) {
                Some(nearest) => {
                    format!("the estate has no {what} `{name}`; did you mean `{nearest}`?")
                }
                None => format!(
                    "the estate has no {what} `{name}`; it has {}",
                    known.join(", ")
                ),
            },
        ));
    }
    Ok(())
}

/// Reads a snapshot.
pub(crate) fn snapshot(path: &Path) -> Result<Snapshot, Failure> {
    let formats = [evidence::FORMAT, evidence::OLDER_FORMAT];
    stored(
        path,
        "a snapshot",
        "credaudit collect",
        &formats,
        evidence::read_snapshot,
    )
}

/// Reads the last run's snapshot. One that is not there yet, or that an older credaudit wrote, only means
/// that everything is proven again.
pub(crate) fn previous(path: &Path, screen: &Screen) -> Result<Option<Snapshot>, Failure> {
    if !path.exists() {
        screen.note(&format!(
            "{} is not there yet: everything is proven again",
            path.display()
        ));
        return Ok(None);
    }
    let file = source(path)?;
    if let Some(format) = format_of(&file.text)
        && format.starts_with("credaudit.snapshot/")
        && ![evidence::FORMAT, evidence::OLDER_FORMAT].contains(&format.as_str())
    {
        screen.note(&format!(
            "{} is a {format} and of another version of credaudit: everything is proven again",
            path.display()
        ));
        return Ok(None);
    }
    snapshot(path).map(Some)
}

/// Reads an assessment, or the JSON report that was made of one; says what an older report does not hold.
pub(crate) fn assessment(path: &Path, screen: &Screen) -> Result<Assessment, Failure> {
    let file = source(path)?;
    if format_of(&file.text).as_deref() == Some(json::FORMAT) {
        let name = &file.name;
        let report = json::read(&file.text).map_err(|error| {
            Failure::Usage(format!(
                "{name} is a JSON report, and damaged: {error}; write it again with `credaudit audit -o {name}`"
            ))
        })?;
        if !report.lacks.is_empty() {
            screen.note(&format!(
                "{name} was written by {} and does not say {}; what needs it is left out",
                report.assessment.tool,
                report.lacks.join(", ")
            ));
        }
        return Ok(report.assessment);
    }
    stored(
        path,
        "an assessment",
        "credaudit evaluate",
        &[model::assessment::FORMAT],
        |text| serde_json::from_str(text),
    )
}

/// What a JSON file says that it is.
fn format_of(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    value.get("format")?.as_str().map(str::to_owned)
}

fn stored<T>(
    path: &Path,
    what: &str,
    command: &str,
    formats: &[&str],
    read: impl FnOnce(&str) -> Result<T, serde_json::Error>,
) -> Result<T, Failure> {
    let file = source(path)?;
    let name = &file.name;
    let value: serde_json::Value = serde_json::from_str(&file.text).map_err(|error| {
        Failure::Usage(format!(
            "{name} is not {what}: {error}; `{command}` writes one"
        ))
    })?;
    match value.get("format").and_then(serde_json::Value::as_str) {
        Some(found) if formats.contains(&found) => {}
        Some(found) => {
            return Err(Failure::Usage(format!(
                "{name} says format `{found}`, and this credaudit reads {}; use the version \
                 that wrote it, or write it again with `{command}`",
                formats.join(" and ")
            )));
        }
        None => {
            return Err(Failure::Usage(format!(
                "{name} is JSON but not {what}: it has no `format`; `{command}` writes one"
            )));
        }
    }
    // From the text again, so that an error tells its line.
    read(&file.text).map_err(|error| {
        Failure::Usage(format!(
            "{name} is damaged: {error}; write it again with `{command}`"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Scenario;

    fn judging(as_of: &str) -> Judging {
        Judging {
            policy: None,
            as_of: Some(as_of.to_owned()),
            fail_on: None,
        }
    }

    #[test]
    fn a_date_that_no_credential_can_have_is_refused_in_words() {
        for far in [
            "+262142-12-31",
            "-0001-01-01",
            "1969-12-31",
            "+10000-01-01",
            "+262142-12-31T00:00:00Z",
        ] {
            let refused = as_of(&judging(far)).expect_err("out of bounds");
            let Failure::Usage(words) = refused else {
                panic!("{refused:?}");
            };
            assert!(words.contains("between 1970 and 9999"), "{words}");
        }
        for near in ["1970-01-01", "9999-12-31", "2026-12-31T06:00:00+02:00"] {
            assert!(as_of(&judging(near)).expect("a date").is_some(), "{near}");
        }
    }

    #[test]
    fn the_same_part_has_the_same_words_however_it_is_named() {
        let text = Scenario::estate("neglected").expect("an estate").to_owned();
        let name = "estate.toml".to_owned();
        let estate = estate::load::parse(&Arc::new(SourceFile { name, text })).expect("it is good");
        let mut names: Vec<String> = estate.environments.keys().cloned().collect();
        assert!(names.len() > 1, "{names:?}");
        let part = |environments: Vec<String>| {
            let scope = Scope {
                config: None,
                environments,
                registrations: Vec::new(),
            };
            narrowed(estate.clone(), &scope).expect("a part").1
        };
        let words = part(names.clone());
        names.reverse();
        assert_eq!(part(names.clone()), words);
        names.push(names[0].clone());
        assert_eq!(part(names), words);
    }
}
