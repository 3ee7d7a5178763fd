//! `credaudit show`: everything about one registration, and the commands that fix it.

use std::collections::BTreeSet;
use std::path::Path;

use super::CLEAN;
use super::demo::{SCENARIO, pretend};
use super::shared::{Failure, Screen, defaults, from_services, inputs};
use super::r#where;
use crate::cli::{AnswerFormat, Reading, Scope, Show};
use crate::estate::{ClientId, Estate};
use crate::evaluate::{assess, audience};
use crate::evidence::Snapshot;
use crate::model::Assessment;
use crate::report;
use crate::source::did_you_mean;
use crate::where_used::locate::{Found, locate};

pub(super) async fn run(command: &Show, screen: &Screen) -> Result<u8, Failure> {
    let shown = look(command, screen).await?;
    let names = BTreeSet::from([shown.name.clone()]);
    let whole = &shown.assessment;
    let own = audience(whole, &names, &report::verdict_line(whole));
    screen.print(&match command.format {
        AnswerFormat::Json => report::json(&own).into_bytes(),
        AnswerFormat::Table => {
            report::shown(&own, &shown.display_names, &screen.table_options()).into_bytes()
        }
    })?;
    Ok(CLEAN)
}

/// What was judged, and which registration of it is meant.
struct Shown {
    assessment: Assessment,
    name: String,
    /// As Entra and Dataverse show it.
    display_names: Vec<String>,
}

async fn look(command: &Show, screen: &Screen) -> Result<Shown, Failure> {
    let asked = &command.name;
    if let Some(path) = &command.assessment {
        let assessment = inputs::assessment(path, screen)?;
        let name = among(&assessment, asked)?;
        return Ok(Shown {
            assessment,
            name,
            display_names: Vec::new(),
        });
    }
    let as_of = inputs::as_of(&command.judging)?;
    let (plan, isolation) = inputs::judged(&command.judging)?;
    let snapshot = if let Some(path) = &command.snapshot {
        inputs::snapshot(path)?
    } else if command.demo {
        pretend(SCENARIO, isolation, screen, |_| {}).await?.snapshot
    } else {
        let config = &defaults::config(command.config.as_deref());
        let name = in_estate(command, config, screen).await?;
        let scope = Scope {
            config: command.config.clone(),
            environments: Vec::new(),
            registrations: vec![name],
        };
        let estate = inputs::estate(config)?;
        from_services(estate, &scope, &reading(command), isolation, screen)
            .await?
            .snapshot
    };
    let (name, display_names) = find(&snapshot, asked)?;
    Ok(Shown {
        assessment: assess(&plan, &snapshot, as_of),
        name,
        display_names,
    })
}

fn reading(command: &Show) -> Reading {
    Reading {
        inventory: false,
        previous: None,
        isolation: None,
        probe_writes: false,
        deadline: command.deadline,
    }
}

/// The registration's name by what the estate says, else by what Entra and Dataverse call it.
async fn in_estate(command: &Show, config: &Path, screen: &Screen) -> Result<String, Failure> {
    let estate = inputs::estate(config)?;
    let asked = command.name.trim();
    if let Some(name) = named(&estate, asked) {
        return Ok(name);
    }
    let names = estate.registrations.iter().map(|one| one.name.as_str());
    if let Some(nearest) = did_you_mean(asked, names) {
        return Err(Failure::Usage(unknown(asked, Some(nearest))));
    }
    let snapshot = r#where::looked(config, &reading(command), screen).await?;
    find(&snapshot, asked).map(|(name, _)| name)
}

fn named(estate: &Estate, asked: &str) -> Option<String> {
    let is = |text: &str| text.eq_ignore_ascii_case(asked);
    let mut all = estate.registrations.iter();
    let found =
        all.find(|one| is(&one.name) || matches!(&one.client_id, ClientId::Literal(id) if is(id)));
    found.map(|one| one.name.clone())
}

/// A registration of a snapshot, and its names in Entra and Dataverse.
fn find(snapshot: &Snapshot, asked: &str) -> Result<(String, Vec<String>), Failure> {
    let estate = &snapshot.estate;
    let located = match locate(snapshot, asked) {
        Found::One(located) => located,
        Found::Several(several) => return Err(r#where::ambiguous(asked, &several)),
        Found::Nothing { nearest } => {
            return Err(Failure::Usage(unknown(asked, nearest.as_deref())));
        }
    };
    let mut names: Vec<&str> = located
        .registrations
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    if let Some(name) = named(estate, asked) {
        names.retain(|one| *one == name);
    }
    match names.as_slice() {
        [name] => Ok(((*name).to_owned(), located.display_names)),
        [] => Err(Failure::Usage(format!(
            "the estate does not list `{asked}`, so nothing was checked about it; `credaudit where {asked}` shows \
             where it is used"
        ))),
        several => Err(Failure::Usage(format!(
            "several registrations use `{asked}`: {}; name one of them",
            several.join(", ")
        ))),
    }
}

/// A registration of an assessment.
fn among(assessment: &Assessment, asked: &str) -> Result<String, Failure> {
    let is = |text: &str| text.eq_ignore_ascii_case(asked.trim());
    let views = &assessment.registrations;
    let by_name = views.iter().find(|view| is(&view.name));
    let by_id = || {
        let has = |id: &String| is(id);
        views
            .iter()
            .find(|view| view.client_id.as_ref().is_some_and(has))
    };
    if let Some(view) = by_name.or_else(by_id) {
        return Ok(view.name.clone());
    }
    let names = views.iter().map(|view| view.name.as_str());
    Err(Failure::Usage(unknown(asked, did_you_mean(asked, names))))
}

fn unknown(asked: &str, nearest: Option<&str>) -> String {
    let advice = match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => {
            "the estate file lists the registrations; `credaudit where` also finds what it does not list"
                .to_owned()
        }
    };
    format!("no registration is called `{asked}`; {advice}")
}

/// Whether the estate of this folder has a registration of this name.
pub(super) fn is_registration(name: &str) -> bool {
    let estate = inputs::estate(Path::new("estate.toml"));
    estate.is_ok_and(|estate| named(&estate, name).is_some())
}
