//! `credaudit remind`, and the reminders of `audit --mail`: an audit, then one message to each person for
//! whom something is due.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::shared::{
    Failure, Screen, defaults, inputs,
    mail::domain,
    mail_way::Way,
    memory,
    preflight::{self, History},
    services::{from_services, now},
};
use super::{CLEAN, INCOMPLETE, TOOL_FAILED};
use crate::cli::Remind;
use crate::collect::Options;
use crate::deliver::Outgoing;
use crate::estate::{Estate, Mail, Routing};
use crate::evaluate::assess;
use crate::history::Store;
use crate::model::Assessment;
use crate::model::reminder::Digest;
use crate::model::time::minute;
use crate::remind::{Past, due, orphans, standing};

mod message;
mod round;
#[cfg(test)]
mod tests;

use round::{Outbox, Outcome, Round};

/// Between two looks at whether another run has ended.
const PAUSE: Duration = Duration::from_secs(2);
/// What clocks and writes may take beyond another run's time.
const MARGIN: TimeDelta = TimeDelta::seconds(10);

pub(super) async fn run(command: &Remind, screen: &Screen) -> Result<u8, Failure> {
    let config = &defaults::config(command.scope.config.as_deref());
    let (estate, (plan, isolation)) =
        inputs::both(inputs::estate(config), inputs::judged(&command.judging))?;
    if estate.mail.is_none() {
        return Err(Failure::Usage(format!(
            "remind needs a [mail] table in {}",
            config.display()
        )));
    }
    let as_of = inputs::as_of(&command.judging)?;
    if as_of.is_some() && !command.dry_run {
        return Err(Failure::Usage(
            "remind --as-of would mail people about another day than today, and not mail them again when it comes; \
             add --dry-run to see what would be sent then"
                .to_owned(),
        ));
    }
    let intent = preflight::Intent {
        mail: !command.dry_run,
        webhooks: false,
        history: if command.dry_run {
            History::Unused
        } else {
            History::Needed
        },
    };
    preflight::check(&estate, config, intent).await?;
    let services =
        from_services(estate, &command.scope, &command.reading, isolation, screen).await?;
    let assessment = assess(&plan, &services.snapshot, as_of);
    if assessment.run.no_identity {
        screen.error(crate::report::NO_IDENTITY);
    }
    let estate = &services.snapshot.estate;
    if command.dry_run {
        return dry(estate, config, &assessment, screen).await;
    }
    let sent = send(estate, config, &services.options, &assessment, screen).await?;
    Ok(match (sent, assessment.verdict.incomplete) {
        (false, _) => TOOL_FAILED,
        (true, true) => command.exit_zero.ends(INCOMPLETE).unwrap_or(INCOMPLETE),
        (true, false) => CLEAN,
    })
}

/// What a first round would send, as it would leave: for those who only want to look.
pub(super) fn letters(
    estate: &Estate,
    assessment: &Assessment,
    date: DateTime<Utc>,
) -> Vec<Outgoing> {
    let Some(mail) = &estate.mail else {
        return Vec::new();
    };
    let digests = due(assessment, &routing(estate), &Past::default(), &mail.to);
    let letter = |(number, digest): (usize, Digest)| {
        let id = format!("{}.{number}@{}", assessment.run.id, domain(from(mail)));
        message::message(&digest, assessment, from(mail), &id, date)
    };
    digests.into_iter().enumerate().map(letter).collect()
}

fn routing(estate: &Estate) -> Routing {
    estate.routing.clone().unwrap_or_default()
}

/// Sends what is due, and says what became of it. False where somebody could not be told.
///
/// # Errors
/// Where nothing could be sent at all: without a history nobody knows what was sent before.
pub(super) async fn send(
    estate: &Estate,
    config: &Path,
    options: &Options,
    assessment: &Assessment,
    screen: &Screen,
) -> Result<bool, Failure> {
    let Some(mail) = &estate.mail else {
        return Ok(true);
    };
    if assessment.run.as_of_given {
        screen.note("nobody is reminded of another day than today (--as-of)");
        return Ok(true);
    }
    let unheard = say_orphans(estate, assessment, screen);
    let mut store = open(estate, config).await?;
    let mut outbox = ByMail {
        way: Way::of(mail, estate, config, options).await?,
    };
    let round = Round {
        assessment,
        routing: &routing(estate),
        mail,
        estate: &memory::subject(estate, config, None).estate,
        clock: &now,
    };
    let outcome = patiently(&round, &mut store, &mut outbox, screen).await;
    store.close().await;
    let outcome = outcome?;
    for (recipient, why) in &outcome.failed {
        screen.error(&format!(
            "could not mail {recipient}; will retry on the next run: {why}"
        ));
    }
    for recipient in &outcome.given_up {
        screen.note(&format!(
            "could not mail {recipient} that something is settled; this is not retried"
        ));
    }
    if let Some((run, until)) = &outcome.busy {
        screen.error(&format!(
            "run {run} still holds the right to send reminders (until {} at most): run credaudit remind again",
            minute(*until)
        ));
    }
    screen.note(&match outcome.sent {
        0 if outcome.failed.is_empty() && outcome.busy.is_none() => "no reminder is due".to_owned(),
        1 => "1 person was notified".to_owned(),
        many => format!("{many} people were notified"),
    });
    Ok(outcome.failed.is_empty() && outcome.busy.is_none() && !unheard)
}

/// Sends what is due. Where another run of this estate is sending, it waits for that one's end, and then
/// asks what is still due: that run may have crashed.
async fn patiently(
    round: &Round<'_>,
    store: &mut Store,
    outbox: &mut ByMail,
    screen: &Screen,
) -> Result<Outcome, Failure> {
    let mut all = Outcome::default();
    let mut said = false;
    let mut patience = None;
    loop {
        let mut outcome = round.send(store, outbox).await?;
        all.sent += outcome.sent;
        all.failed.append(&mut outcome.failed);
        all.given_up.append(&mut outcome.given_up);
        let Some((run, until)) = outcome.busy else {
            all.busy = None;
            return Ok(all);
        };
        // What one run holds is waited for once: a run that goes on for longer is at work.
        let patience = *patience.get_or_insert(until + MARGIN);
        all.busy = Some((run.clone(), until));
        if now() > patience {
            return Ok(all);
        }
        if !said {
            screen.note(&format!(
                "run {run} is sending reminders just now: waiting for it, until {} at most",
                minute(patience)
            ));
            said = true;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Says for whom nobody answers. True where something is due there and nobody at all is told.
fn say_orphans(estate: &Estate, assessment: &Assessment, screen: &Screen) -> bool {
    let orphans = orphans(assessment);
    if orphans.is_empty() {
        return false;
    }
    for view in &orphans {
        if !view.route.unread.is_empty() {
            screen.warning(&format!(
                "the owner of {} is unknown: {}",
                view.name,
                view.route.unread.join("; ")
            ));
        }
    }
    let names: Vec<&str> = orphans.iter().map(|view| view.name.as_str()).collect();
    screen.error(&format!(
        "no one to notify for {}: name an owner there, a contact of the environment, or a fallback in [routing]",
        names.join(", ")
    ));
    let rest = estate.mail.as_ref().map_or(&[][..], |mail| &mail.to);
    rest.is_empty()
        && standing(assessment, &routing(estate))
            .iter()
            .any(|one| one.is_orphan())
}

async fn open(estate: &Estate, config: &Path) -> Result<Store, Failure> {
    if !estate.history.enabled {
        return Err(Failure::Usage(memory::switched_off(config)));
    }
    let path = memory::file(estate, config)?;
    Ok(Store::open(&path).await?)
}

/// What would be sent, to read.
async fn dry(
    estate: &Estate,
    config: &Path,
    assessment: &Assessment,
    screen: &Screen,
) -> Result<u8, Failure> {
    say_orphans(estate, assessment, screen);
    let routing = routing(estate);
    let past = match memory::file(estate, config) {
        Ok(path) if estate.history.enabled && path.exists() => {
            let mut store = Store::open_existing(&path).await?;
            let name = memory::subject(estate, config, None).estate;
            let past = round::past(&mut store, assessment, &routing, &name).await?;
            store.close().await;
            past
        }
        _ => Past::default(),
    };
    let rest = estate.mail.as_ref().map_or(&[][..], |mail| &mail.to);
    let digests: Vec<Digest> = due(assessment, &routing, &past, rest);
    let mut text = String::new();
    for digest in &digests {
        let words = crate::report::digest(digest, &assessment.run.id);
        text.push_str(&format!(
            "To: {}\nSubject: {}\n\n{}\n",
            digest.recipient, words.subject, words.body
        ));
    }
    if digests.is_empty() {
        text.push_str("Nobody has to be reminded of anything.\n");
    }
    screen.print(text.as_bytes())?;
    Ok(if assessment.verdict.incomplete {
        screen.note("the audit is incomplete: what could not be read is not in here");
        INCOMPLETE
    } else {
        CLEAN
    })
}

/// The mail server, Graph or the folder.
struct ByMail {
    way: Way,
}

impl Outbox for ByMail {
    async fn post(&mut self, mail: &Outgoing) -> Result<(), String> {
        match self.way.send(mail).await {
            Ok(sent) if sent.refused.is_empty() => Ok(()),
            Ok(sent) => Err(sent
                .refused
                .iter()
                .map(|one| one.seen.clone())
                .collect::<Vec<_>>()
                .join("; ")),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The address that reminders come from.
fn from(mail: &Mail) -> &str {
    &mail.from
}
