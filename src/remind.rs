//! Who is to be told of which credential's end: once a band, with a closing line on renewal.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::estate::Routing;
use crate::model::Assessment;
use crate::model::assessment::{CredentialEnd, CredentialView, RegistrationView, StoredMatch};
use crate::model::reminder::{Closing, Digest, Notice, NoticeKind};

mod band;
mod digest;

use band::Ladder;

/// Days without any message after which a person is told that the audit is alive.
const ALIVE_DAYS: i64 = 28;

/// What was told before: the last thing about each credential to each person, without what is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub recipient: String,
    pub registration: String,
    pub credential: String,
    pub band: String,
}

/// Since when somebody has been told, or was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct First {
    /// The first try.
    pub tried: DateTime<Utc>,
    /// Whether any try got through.
    pub reached: bool,
}

/// Everything that was told before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Past {
    pub open: Vec<Told>,
    /// By registration, credential and band.
    pub first: BTreeMap<(String, String, String), First>,
    /// By registration and credential, whatever the band.
    pub first_of_all: BTreeMap<(String, String), First>,
    /// When each person last got a message of any kind.
    pub last_message: BTreeMap<String, DateTime<Utc>>,
}

/// A credential that is in a band.
#[derive(Clone, Debug)]
pub(crate) struct Standing<'a> {
    view: &'a RegistrationView,
    credential: &'a CredentialView,
    end: DateTime<Utc>,
    days_left: i64,
    band: String,
    before_next_run: bool,
}

impl Standing<'_> {
    /// Whether nobody answers for it.
    pub(crate) fn is_orphan(&self) -> bool {
        self.view.route.to.is_empty()
    }

    /// Registration, credential and band: what `Past::first` is asked for.
    pub(crate) fn key(&self) -> (String, String, String) {
        (
            self.view.name.clone(),
            self.credential.key_id.clone(),
            self.band.clone(),
        )
    }
}

/// Every credential in use that is in a band, by registration.
pub(crate) fn standing<'a>(assessment: &'a Assessment, routing: &Routing) -> Vec<Standing<'a>> {
    let ladder = Ladder::of(routing);
    let as_of = assessment.run.as_of;
    let mut all: Vec<Standing<'a>> = assessment
        .registrations
        .iter()
        .flat_map(|view| in_use(view).into_iter().map(move |one| (view, one)))
        .filter_map(|(view, credential)| {
            let CredentialEnd::On { end, days_left } = credential.ends else {
                return None;
            };
            Some(Standing {
                view,
                credential,
                end,
                days_left,
                band: ladder.band(end, days_left, as_of)?,
                before_next_run: ladder.before_next_run(end, as_of),
            })
        })
        .collect();
    all.sort_by_key(Standing::key);
    all
}

/// The credentials that the integration signs in with, as far as it can be told: those proven, else those
/// that look like what is stored, else every one that may be it. Where none of them is stored, the one
/// that lasts longest.
fn in_use(view: &RegistrationView) -> Vec<&CredentialView> {
    let of = |wanted: StoredMatch| -> Vec<&CredentialView> {
        let all = view.credentials.iter();
        all.filter(|one| one.stored == wanted && !one.safe_to_remove)
            .collect()
    };
    [
        StoredMatch::Proven,
        StoredMatch::Matched,
        StoredMatch::CannotTell,
    ]
    .into_iter()
    .map(of)
    .find(|found| !found.is_empty())
    .unwrap_or_else(|| {
        let others = view.credentials.iter();
        others
            .max_by_key(|one| match one.ends {
                CredentialEnd::Unknown(_) => (0, None),
                CredentialEnd::On { end, .. } => (1, Some(end)),
                CredentialEnd::Never => (2, None),
            })
            .into_iter()
            .collect()
    })
}

/// Addresses are the same whatever the case of their letters.
fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

/// One message a person, by address: what entered a new band or is new for them, what escalates, what is
/// closed; where there is nothing, now and then a sign of life. What nobody answers for goes to `rest`,
/// who get the report.
pub(crate) fn due(
    assessment: &Assessment,
    routing: &Routing,
    past: &Past,
    rest: &[String],
) -> Vec<Digest> {
    let standing = standing(assessment, routing);
    let round = Round {
        assessment,
        routing,
        past,
        ladder: Ladder::of(routing),
    };
    let mut notices: BTreeMap<String, (String, Vec<Notice>)> = BTreeMap::new();
    let mut tell = |recipient: &str, notice: Notice| {
        let entry = notices.entry(recipient.to_ascii_lowercase());
        let of_person = entry.or_insert_with(|| (recipient.to_owned(), Vec::new()));
        of_person.1.push(notice);
    };
    for one in &standing {
        let (people, kind) = match one.view.route.to.as_slice() {
            [] => (rest, NoticeKind::Orphan),
            people => (people, NoticeKind::Band),
        };
        for recipient in people {
            if round.is_new(one, recipient) {
                tell(recipient, round.notice(one, kind));
            }
        }
        if let Some(contact) = round.escalates(one) {
            tell(contact, round.notice(one, NoticeKind::Escalated));
        }
    }
    for told in &past.open {
        if let Some(notice) = round.closed(told, &standing) {
            tell(&told.recipient, notice);
        }
    }
    // Who saw a part only, or another day, cannot say that all is well.
    let run = &assessment.run;
    if routing.alive && run.narrowed.is_none() && !run.as_of_given {
        for recipient in round.quiet_people() {
            let entry = notices.entry(recipient.to_ascii_lowercase());
            entry.or_insert_with(|| (recipient.to_owned(), Vec::new()));
        }
    }
    notices
        .into_values()
        .map(|(recipient, notices)| round.digest(recipient, notices, &standing))
        .collect()
}

struct Round<'a> {
    assessment: &'a Assessment,
    routing: &'a Routing,
    past: &'a Past,
    ladder: Ladder,
}

impl<'a> Round<'a> {
    /// The nearest band this person was told of a credential, under the registration's name or under one
    /// that nobody bears any more: it was renamed.
    fn told(&self, one: &Standing<'_>, recipient: &str) -> Option<&'a Told> {
        let views = &self.assessment.registrations;
        let of_it = |told: &&&Told| {
            same(&told.recipient, recipient)
                && told.credential == one.credential.key_id
                && (told.registration == one.view.name
                    || !views.iter().any(|view| view.name == told.registration))
        };
        let found: Vec<&Told> = self.past.open.iter().filter(|told| of_it(&told)).collect();
        found.into_iter().reduce(|left, right| {
            if self.ladder.is_later(&right.band, &left.band) {
                right
            } else {
                left
            }
        })
    }

    /// Whether this person has not been told of this band, nor of a later one.
    fn is_new(&self, one: &Standing<'_>, recipient: &str) -> bool {
        self.told(one, recipient)
            .is_none_or(|told| self.ladder.is_later(&one.band, &told.band))
    }

    /// Who is told, too, where nobody changed anything for long: in this band, or, where the band is over
    /// sooner than that, since the first word about the credential. Once a band, and nobody who is an owner.
    fn escalates(&self, one: &Standing<'a>) -> Option<&'a str> {
        let after = i64::from(self.routing.escalate_after_days);
        let contact = one.view.route.escalation.as_deref()?;
        let first = if self.ladder.length(&one.band) < after {
            let key = (one.view.name.clone(), one.credential.key_id.clone());
            self.past.first_of_all.get(&key)?
        } else {
            self.past.first.get(&one.key())?
        };
        let long = self.assessment.run.as_of - first.tried >= TimeDelta::days(after);
        let owners = &one.view.route.to;
        (after > 0
            && long
            && !owners.iter().any(|owner| same(owner, contact))
            && self.is_new(one, contact))
        .then_some(contact)
    }

    /// The closing line, where the credential was renewed or is no longer anybody's. Where it cannot be
    /// told, the matter stays open.
    fn closed(&self, told: &Told, standing: &[Standing<'_>]) -> Option<Notice> {
        let mut notice = Notice {
            closing: Some(Closing::Unwatched),
            ..bare(
                NoticeKind::Closed,
                &told.registration,
                &told.credential,
                &told.band,
            )
        };
        let views = &self.assessment.registrations;
        let Some(view) = views.iter().find(|view| view.name == told.registration) else {
            // One that was renamed goes on under its new name.
            let holds = |view: &RegistrationView| {
                let mut all = view.credentials.iter();
                all.any(|one| one.key_id == told.credential)
            };
            let gone = self.assessment.run.narrowed.is_none() && !views.iter().any(holds);
            return gone.then_some(notice);
        };
        notice.environment.clone_from(&view.environment);
        let in_use = in_use(view);
        let stored = |one: &&&CredentialView| {
            matches!(one.stored, StoredMatch::Proven | StoredMatch::Matched)
        };
        let is_it = |one: &&CredentialView| one.key_id == told.credential;
        if in_use.iter().any(is_it) {
            // It is still in use: closed only where it left every band, as with a longer end or fewer days.
            let known = in_use.iter().find(|one| is_it(one))?;
            let banded = standing
                .iter()
                .any(|one| one.view.name == view.name && one.credential.key_id == told.credential);
            notice.closing = Some(Closing::FarOff);
            notice.name = name(known);
            let known = ends(&mut notice, &known.ends);
            return (!banded && known).then_some(notice);
        }
        let successor = in_use.iter().find(stored)?;
        notice.closing = Some(Closing::Renewed);
        notice.name = name(successor);
        ends(&mut notice, &successor.ends).then_some(notice)
    }

    fn notice(&self, one: &Standing<'_>, kind: NoticeKind) -> Notice {
        let escalated = kind == NoticeKind::Escalated;
        let key = (one.view.name.clone(), one.credential.key_id.clone());
        let first = self.past.first_of_all.get(&key);
        let owners = one.view.route.to.iter().filter(|_| escalated);
        Notice {
            environment: one.view.environment.clone(),
            name: name(one.credential),
            end: Some(one.end),
            days_left: Some(one.days_left),
            before_next_run: one.before_next_run,
            by: one.view.route.by.filter(|_| !escalated),
            owners: owners.cloned().collect(),
            reached: first.is_some_and(|first| first.reached),
            steps: one.view.rotation.steps.clone(),
            ..bare(kind, &one.view.name, &one.credential.key_id, &one.band)
        }
    }

    /// People with a registration of their own who heard nothing for long.
    fn quiet_people(&self) -> BTreeSet<&'a str> {
        let now = self.assessment.run.as_of;
        let heard = |person: &str| {
            let last = self.past.last_message.iter();
            last.filter(|(one, _)| same(one, person))
                .map(|(_, at)| *at)
                .max()
        };
        let people = self.assessment.registrations.iter();
        people
            .flat_map(|view| view.route.to.iter())
            .map(String::as_str)
            .filter(|person| {
                heard(person).is_none_or(|last| now - last >= TimeDelta::days(ALIVE_DAYS))
            })
            .collect()
    }
}

/// A notice that says no more yet than which credential it is about, and why.
fn bare(kind: NoticeKind, registration: &str, credential: &str, band: &str) -> Notice {
    Notice {
        kind,
        registration: registration.to_owned(),
        environment: String::new(),
        credential: credential.to_owned(),
        name: String::new(),
        band: band.to_owned(),
        end: None,
        days_left: None,
        before_next_run: false,
        by: None,
        owners: Vec::new(),
        reached: false,
        closing: None,
        steps: Vec::new(),
    }
}

/// Notes an end. False where it could not be read: then nothing is to be said of it.
fn ends(notice: &mut Notice, ends: &CredentialEnd) -> bool {
    match ends {
        CredentialEnd::On { end, days_left } => {
            (notice.end, notice.days_left) = (Some(*end), Some(*days_left));
            true
        }
        CredentialEnd::Never => true,
        CredentialEnd::Unknown(_) => false,
    }
}

fn name(credential: &CredentialView) -> String {
    match &credential.name {
        Some(name) => format!("{} \"{name}\"", credential.kind),
        None => format!("{} {}", credential.kind, credential.key_id),
    }
}

/// Registrations for whom nobody answers, sorted: listed, never dropped.
pub(crate) fn orphans(assessment: &Assessment) -> Vec<&RegistrationView> {
    let all = assessment.registrations.iter();
    all.filter(|view| view.route.to.is_empty()).collect()
}

#[cfg(test)]
mod tests;
