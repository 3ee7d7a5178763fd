//! `credaudit init`: a first estate from what the tenant tells, or what is new beside one that is there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::demo::{SCENARIO, started};
use super::shared::{
    Failure, Screen, check_file,
    defaults::{self, config_option},
    inputs,
    interrupt::Interrupt,
    now,
    progress::Bars,
    services::options,
};
use super::{CLEAN, INCOMPLETE};
use crate::cli::Init;
use crate::collect::{AuditorVariables, Options};
use crate::discover::draft::Draft;
use crate::discover::update::{self, UpdateError};
use crate::discover::{self, Given, Wanted, diff, harmless, write};
use crate::estate::{Auditor, Identity, Scope};
use crate::model::plural::count;
use crate::model::{Gap, guid};
use crate::reference::cloud::Cloud;
use crate::source::{self, Problem, SourceFile};
use crate::{deliver, estate};

/// The estate that is written where none is named.
const ESTATE: &str = "estate.toml";

pub(super) async fn run(command: &Init, screen: &Screen) -> Result<u8, Failure> {
    let wanted = wanted(command)?;
    let path = path(command);
    if let Some(path) = &path {
        may_be_written(path, command.update)?;
    }
    let kept = match &path {
        Some(path) if command.update => Some((path, kept(path)?)),
        _ => None,
    };
    let draft = match found(command, wanted, screen).await? {
        Ok(draft) => draft,
        Err(gap) => return Ok(nobody(&gap, screen)),
    };
    match kept {
        Some((path, file)) => update(command, (path, &file), &draft, screen)?,
        None => written(path.as_deref(), &draft, screen)?,
    }
    Ok(code(&draft))
}

/// Writes a new estate, and says what is in it.
fn written(path: Option<&Path>, draft: &Draft, screen: &Screen) -> Result<(), Failure> {
    let text = write::file(draft);
    let name = path.unwrap_or_else(|| Path::new(ESTATE));
    let told = summary(draft, &open(name, &text), path);
    match path {
        Some(path) => {
            // It may have come into being in the meantime.
            may_be_written(path, false)?;
            deliver::write(path, text.as_bytes())?;
            screen.print(told.as_bytes())
        }
        None => {
            screen.print(text.as_bytes())?;
            screen.note(&told);
            Ok(())
        }
    }
}

/// The estate that is there, once it is known that it can be added to.
fn kept(path: &Path) -> Result<Arc<SourceFile>, Failure> {
    let file = inputs::source(path)?;
    update::readable(&file.text).map_err(|error| cannot(path, &error))?;
    Ok(file)
}

fn cannot(path: &Path, error: &UpdateError) -> Failure {
    Failure::Usage(format!("{} cannot be updated: {error}", path.display()))
}

/// Shows what is new beside the estate, and writes it where that is asked for.
fn update(
    command: &Init,
    (path, file): (&Path, &SourceFile),
    draft: &Draft,
    screen: &Screen,
) -> Result<(), Failure> {
    let updated = update::update(&file.text, draft).map_err(|error| cannot(path, &error))?;
    let shown = path.display().to_string();
    let difference = diff::unified(&shown, &file.text, &updated.text);
    let mut out = difference.clone();
    if !updated.gone.is_empty() {
        out.push_str("\nIn the estate, and not found (nothing is removed):\n");
        for gone in &updated.gone {
            out.push_str(&format!("  {}\n", harmless(gone)));
        }
    }
    out.push_str(&unlisted(draft));
    screen.print(out.as_bytes())?;
    if difference.is_empty() {
        screen.note(&format!("Nothing is new: {shown} stays as it is."));
    } else if command.write {
        deliver::write(path, updated.text.as_bytes())?;
        screen.note(&format!("Wrote {shown}."));
    } else {
        screen.note("Nothing was written: --write writes what is shown above.");
    }
    Ok(())
}

const fn code(draft: &Draft) -> u8 {
    if draft.unlisted.is_empty() {
        CLEAN
    } else {
        INCOMPLETE
    }
}

/// Nobody is signed in: nothing was looked for, and nothing is written.
fn nobody(gap: &Gap, screen: &Screen) -> u8 {
    screen.error(&format!("nothing was looked for: {}", gap.seen));
    if let Some(remedy) = &gap.remedy {
        screen.note(&format!("to do: {remedy}"));
    }
    INCOMPLETE
}

/// Where the estate goes; `None`: standard output.
fn path(command: &Init) -> Option<PathBuf> {
    let is_demo = command.demo || command.scenario.is_some();
    match &command.output {
        Some(path) => Some(path.clone()),
        None if is_demo && !command.update => None,
        None if command.update => Some(defaults::config(None)),
        None => Some(defaults::first_config()),
    }
}

/// Refuses a path before any work is done: nothing is ever written over.
fn may_be_written(path: &Path, update: bool) -> Result<(), Failure> {
    let shown = path.display();
    match (path.exists(), update) {
        (true, false) => Err(Failure::Usage(format!(
            "{shown} is there, and init writes over nothing; `credaudit init --update{}` shows what is new",
            defaults::option("-o", path)
        ))),
        (false, true) => Err(Failure::Usage(format!(
            "{shown} is not there, so that there is nothing to update; without --update init writes it"
        ))),
        _ => check_file(path),
    }
}

/// What to look for, from the arguments.
fn wanted(command: &Init) -> Result<Wanted, Failure> {
    let id = |what: &str, id: &Option<String>| match id {
        Some(id) if !guid::is_guid(id) => Err(Failure::Usage(format!(
            "--{what} takes a GUID like 8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001, not `{id}`"
        ))),
        id => Ok(id.as_ref().map(|id| id.to_ascii_lowercase())),
    };
    let (tenant, client_id) = (
        id("tenant", &command.tenant)?,
        id("client-id", &command.client_id)?,
    );
    let environments = command.environments.iter();
    let environments: Result<Vec<Given>, Failure> = environments
        .map(|url| environment(url, command.cloud))
        .collect();
    let vaults = command.vaults.iter();
    let vaults: Result<Vec<String>, Failure> = vaults
        .map(|url| {
            let host = host(url).filter(|host| command.cloud.is_vault_host(host));
            host.ok_or_else(|| no_host("--vault", url, "key vault", command.cloud))
        })
        .collect();
    Ok(Wanted {
        auditor: Auditor {
            identity: command.identity,
            client_id,
            scope: Scope::Estate,
        },
        tenant,
        cloud: command.cloud,
        environments: environments?,
        vaults: vaults?,
        match_values: command.match_values,
    })
}

fn environment(url: &str, cloud: Cloud) -> Result<Given, Failure> {
    let host = host(url);
    let dataverse = host.as_deref().and_then(|host| cloud.dataverse_root(host));
    if let Some(root) = dataverse {
        return Ok(Given::Dataverse(root));
    }
    host.filter(|host| cloud.is_finops_host(host))
        .map(Given::Finops)
        .ok_or_else(|| {
            let what = "Dataverse or Finance & Operations environment";
            no_host("--environment", url, what, cloud)
        })
}

/// The host of `https://HOST`, or of the bare host.
fn host(url: &str) -> Option<String> {
    let text = match url.contains("://") {
        true => url.to_owned(),
        false => format!("https://{url}"),
    };
    let url = url::Url::parse(&text).ok()?;
    let plain = url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    plain.then(|| url.host_str().map(str::to_ascii_lowercase))?
}

fn no_host(flag: &str, url: &str, what: &str, cloud: Cloud) -> Failure {
    Failure::Usage(format!(
        "{flag} takes the address of a {what} of the cloud `{cloud}`, and `{url}` is none; a token is sent to no \
         other host"
    ))
}

/// Looks in the real tenant, or in a pretend one.
async fn found(
    command: &Init,
    wanted: Wanted,
    screen: &Screen,
) -> Result<Result<Draft, Gap>, Failure> {
    let bars = Bars::new(screen.shows_progress());
    if !command.demo && command.scenario.is_none() {
        let variables = AuditorVariables::from_env();
        let tenant = variables.tenant_id.clone();
        let tenant = tenant.or_else(|| variables.pipelines.tenant_id.clone());
        let wanted = Wanted {
            tenant: wanted.tenant.clone().or(tenant),
            ..wanted
        };
        let options = options(variables, None, command.deadline, &bars);
        return Ok(looked(&wanted, options, &bars, screen).await);
    }
    let name = command.scenario.as_deref().unwrap_or(SCENARIO);
    let (sim, mut options) = started(now(), name, &bars).await?;
    options.deadline = command.deadline;
    let wanted = Wanted {
        auditor: Auditor {
            identity: Identity::Environment,
            ..wanted.auditor
        },
        tenant: Some(sim.auditor().tenant_id),
        ..wanted
    };
    let draft = looked(&wanted, options, &bars, screen).await;
    sim.stop().await;
    Ok(draft)
}

async fn looked(
    wanted: &Wanted,
    mut options: Options,
    bars: &Bars,
    screen: &Screen,
) -> Result<Draft, Gap> {
    let interrupt = Interrupt::watch(screen);
    options.cancel = Some(interrupt.receiver());
    let draft = discover::discover(wanted, &options).await;
    interrupt.collected();
    bars.finish();
    draft
}

/// What is left to a person in the file, with its lines.
fn open(path: &Path, text: &str) -> Vec<Problem> {
    let file = Arc::new(SourceFile {
        name: path.display().to_string(),
        text: text.to_owned(),
    });
    estate::load::parse(&file).err().unwrap_or_default()
}

/// What was found, what is left to do, and what could not be listed.
fn summary(draft: &Draft, open: &[Problem], path: Option<&Path>) -> String {
    let mut out = String::new();
    out.push_str(&format!(
        "Found {}, {} and {} in tenant {}.\n",
        count(draft.environments.len(), "environment"),
        count(draft.vaults.len(), "key vault"),
        count(draft.registrations.len(), "registration"),
        draft.tenant
    ));
    for sentence in &draft.listed {
        out.push_str(&format!("  {sentence}\n"));
    }
    if let Some(path) = path {
        out.push_str(&format!("Wrote {}.\n", path.display()));
    }
    match draft.guesses() {
        0 => {}
        guesses => out.push_str(&format!(
            "\n{} in it marked \"# guessed\", with the reason: look at each.\n",
            match guesses {
                1 => "1 value is".to_owned(),
                many => format!("{many} values are"),
            }
        )),
    }
    if !draft.unplaced.is_empty() {
        out.push_str(&format!(
            "\n{} with permissions of Dynamics in no environment that was listed; they stand at the file's end.\n",
            match draft.unplaced.len() {
                1 => "1 application is known".to_owned(),
                many => format!("{many} applications are known"),
            }
        ));
    }
    if !open.is_empty() {
        out.push('\n');
        out.push_str(&source::render(open, WIDTH, false));
    }
    out.push_str(&unlisted(draft));
    if let Some(path) = path {
        let file = config_option(path);
        out.push_str(&format!(
            "\nThen\n  credaudit check-config{file}\n  credaudit audit{file}\n"
        ));
    }
    out
}

/// Decisions are a line each, however long.
const WIDTH: usize = 100;

fn unlisted(draft: &Draft) -> String {
    if draft.unlisted.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "\nNOT COMPLETE: {} incomplete, so things may be missing.\n",
        match draft.unlisted.len() {
            1 => "1 list was".to_owned(),
            many => format!("{many} lists were"),
        }
    );
    for one in &draft.unlisted {
        let seen = harmless(&format!("{}: {}", one.what, one.gap.seen));
        out.push_str(&format!("  {seen}\n"));
        if let Some(remedy) = &one.gap.remedy {
            out.push_str(&format!("    to do: {}\n", harmless(&remedy.to_string())));
        }
    }
    out
}
