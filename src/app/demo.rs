//! `credaudit demo`: an audit of the pretend tenant, start to end, in one process.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use super::shared::{
    Failure, More, Screen, check_outputs,
    interrupt::Interrupt,
    mail,
    mail_way::file_name,
    opener, pretty,
    progress::Bars,
    services::{now, options, watched},
};
use super::sim::{make, scenario};
use super::{CLEAN, remind, schema};
use crate::cli::Demo;
use crate::collect::{AuditorVariables, Options, Trust};
use crate::estate::Estate;
use crate::evaluate::{assess, plan};
use crate::evidence::Snapshot;
use crate::model::{Assessment, IsolationProbe};
use crate::report::{self, Format, TableOptions};
use crate::sim::{Scenario, Sim, SimOptions};
use crate::source::SourceFile;
use crate::{deliver, estate, policy};

/// The pretend tenant that a newcomer sees.
pub(super) const SCENARIO: &str = "contoso";

/// The pretend tenant answers in milliseconds; only a fault of credaudit would take longer.
const DEADLINE: Duration = Duration::from_secs(10 * 60);

pub(super) async fn run(command: &Demo, screen: &Screen) -> Result<u8, Failure> {
    check_outputs(&command.output)?;
    let scenario_name = command.scenario.as_str();
    let policy = policy::baseline();
    let plan = plan(&policy).map_err(Failure::Problems)?;
    let Pretend {
        snapshot,
        estate_text,
    } = pretend(scenario_name, policy.isolation, screen, |_| {}).await?;
    let assessment = assess(&plan, &snapshot, None);
    let code = assessment.verdict.exit_code;
    let mut shown = assessment.clone();
    shown.verdict.ended = (code != CLEAN && !command.exit_code).then_some(CLEAN);
    screen
        .pointing(next_commands(scenario_name))
        .report(&shown, &command.output)?;
    if let Some(dir) = &command.keep {
        keep(dir, estate_text, &snapshot, [&assessment, &shown], screen)?;
    }
    if command.open {
        open(&shown, screen)?;
    }
    if command.exit_code {
        return Ok(code);
    }
    if command.keep.is_none() {
        screen.note(
            "credaudit demo --open shows the page; --keep demo-out writes the page, the mails and the calendar",
        );
    }
    screen.note(&format!(
        "This was the demo tenant `{scenario_name}`; an audit would end with exit code {code}."
    ));
    Ok(CLEAN)
}

fn next_commands(scenario_name: &str) -> More {
    let is_first = scenario_name == SCENARIO;
    let scenario = match is_first {
        true => String::new(),
        false => format!(" --scenario {scenario_name}"),
    };
    More {
        full: Some(format!("credaudit demo{scenario} --full")),
        show: is_first.then(|| " --demo".to_owned()),
    }
}

/// The report as a page, in a temporary file that stays: a browser reads it when it likes.
fn open(shown: &Assessment, screen: &Screen) -> Result<(), Failure> {
    let page = report::html(shown);
    let folder = std::env::temp_dir();
    let file = deliver::write_new(&folder, "credaudit-demo", "html", page.as_bytes())?;
    let place = file.display();
    screen.note(&match opener::open(&file) {
        true => format!("opened {place}"),
        false => format!("no program here opens a page; open this file in a browser: {place}"),
    });
    Ok(())
}

/// What the pretend tenant gave.
pub(super) struct Pretend {
    pub snapshot: Snapshot,
    estate_text: &'static str,
}

/// Starts a pretend tenant, collects its estate (changed as asked), and stops it.
pub(super) async fn pretend(
    scenario_name: &str,
    isolation: IsolationProbe,
    screen: &Screen,
    change: impl FnOnce(&mut Estate),
) -> Result<Pretend, Failure> {
    pretend_at(now(), scenario_name, isolation, screen, change).await
}

/// The same for a tenant whose days count from another moment than this one.
pub(super) async fn pretend_at(
    begun: DateTime<Utc>,
    scenario_name: &str,
    isolation: IsolationProbe,
    screen: &Screen,
    change: impl FnOnce(&mut Estate),
) -> Result<Pretend, Failure> {
    let (mut estate, estate_text) = pretend_estate(scenario_name)?;
    change(&mut estate);
    let bars = Bars::new(screen.shows_progress());
    let (sim, mut options) = started(begun, scenario_name, &bars).await?;
    options.isolation = isolation;
    let interrupt = Interrupt::watch(screen);
    options.cancel = Some(interrupt.receiver());
    let snapshot = watched(&estate, None, &options, &bars).await;
    interrupt.collected();
    sim.stop().await;
    Ok(Pretend {
        snapshot,
        estate_text,
    })
}

/// The estate of a scenario, and its text.
pub(super) fn pretend_estate(scenario_name: &str) -> Result<(Estate, &'static str), Failure> {
    // One that is not there is named before one that has no estate.
    scenario(scenario_name)?;
    let Some(text) = Scenario::estate(scenario_name) else {
        return Err(Failure::Usage(format!(
            "a demo needs a scenario with an estate of its own: {}",
            Scenario::BUILTIN.join(", ")
        )));
    };
    let estate = estate::load::parse(&Arc::new(SourceFile {
        // As `--keep` writes it, so that a report points at the right lines of it.
        name: "estate.toml".to_owned(),
        text: with_schema("estate", text),
    }));
    Ok((estate.map_err(Failure::Problems)?, text))
}

/// A pretend tenant that runs, and what a run in it is given.
pub(super) async fn started(
    begun: DateTime<Utc>,
    scenario_name: &str,
    bars: &Bars,
) -> Result<(Sim, Options), Failure> {
    let begins = SimOptions {
        port: None,
        now: begun,
    };
    let sim = Sim::start(scenario(scenario_name)?, begins)
        .await
        .map_err(|error| Failure::Tool(error.to_string()))?;
    let auditor = sim.auditor();
    let variables = AuditorVariables {
        tenant_id: Some(auditor.tenant_id),
        client_id: Some(auditor.client_id),
        client_secret: Some(SecretString::from(auditor.client_secret)),
        ..AuditorVariables::default()
    };
    let trust = Trust {
        ca_pem: sim.ca_pem().to_owned(),
        connect: sim.tls_addr(),
    };
    let options = options(variables, Some(trust), DEADLINE, bars);
    Ok((sim, options))
}

/// The baseline as a file of its own; to extend itself it need not.
fn baseline_text() -> &'static str {
    policy::BUILT_IN
        .iter()
        .find(|(name, _)| *name == "baseline")
        .map_or("", |(_, text)| text)
}

/// The text under the comment line by which editors find its schema.
fn with_schema(what: &str, text: &str) -> String {
    format!("#:schema ./{what}.schema.json\n{text}")
}

/// The reports it writes, by file.
const KEPT: [(&str, Format); 10] = [
    ("report.txt", Format::Table),
    ("report.json", Format::Json),
    ("report.html", Format::Html),
    ("report.md", Format::Markdown),
    ("report.sarif", Format::Sarif),
    ("junit.xml", Format::Junit),
    ("credentials.csv", Format::Csv),
    ("findings.csv", Format::FindingsCsv),
    ("credentials.ics", Format::Calendar),
    ("credaudit.prom", Format::Prometheus),
];

/// Writes everything the demo made, to be read and run again: the reports as this demo shows them, and the
/// assessment as an audit made it, from which a report is made that ends with its code.
fn keep(
    dir: &PathBuf,
    estate_text: &str,
    snapshot: &Snapshot,
    [assessment, shown]: [&Assessment; 2],
    screen: &Screen,
) -> Result<(), Failure> {
    make(dir)?;
    let mut files = vec![
        (
            "estate.toml",
            with_schema("estate", estate_text).into_bytes(),
        ),
        (
            "policy.toml",
            with_schema("policy", baseline_text()).into_bytes(),
        ),
        ("estate.schema.json", schema::estate()?),
        ("policy.schema.json", schema::policy()?),
        ("snapshot.json", pretty(snapshot)?),
        ("assessment.json", pretty(assessment)?),
    ];
    for (name, format) in KEPT {
        let bytes = report::render(format, shown, &TableOptions::default());
        files.push((name, bytes));
    }
    if let Some(settings) = &snapshot.estate.mail {
        let outgoing = mail::outgoing(settings, &snapshot.estate, assessment, snapshot.finished);
        files.push(("report.eml", deliver::eml(&outgoing)?));
    }
    for (name, bytes) in files {
        deliver::write(&dir.join(name), &bytes)?;
    }
    let letters = remind::letters(&snapshot.estate, assessment, snapshot.finished);
    let mails = dir.join("mails");
    make(&mails)?;
    for letter in &letters {
        // The same demo kept again is the same mails.
        let name = format!("{}.eml", file_name(letter));
        deliver::write(&mails.join(name), &deliver::eml(letter)?)?;
    }
    let dir = dir.display();
    screen.note(&format!(
        "Kept in {dir}: estate, policy, snapshot, assessment, and the report in every format.\n\
         \x20 page      {dir}/report.html\n\
         \x20 calendar  {dir}/credentials.ics\n\
         \x20 mails     {dir}/report.eml (the report), {dir}/mails/*.eml (one for each of {} people)\n\
         Judge it again with\n\
         \x20 credaudit evaluate {dir}/snapshot.json -p {dir}/policy.toml -o {dir}/assessment.json\n\
         \x20 credaudit report {dir}/assessment.json",
        letters.len()
    ));
    Ok(())
}
