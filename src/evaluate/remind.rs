//! Who is to be told of which credential's end: once a band, with a closing line on renewal.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::estate::Routing;
use crate::model::Assessment;
use crate::model::assessment::{CredentialEnd, CredentialView, RegistrationView, StoredMatch};
use crate::model::reminder::{Digest, Notice, NoticeKind};

mod band;

use band::Ladder;

/// Days without any message after which a person is told that the audit is alive.
const ALIVE_DAYS: i64 = 28;

/// What was told before: the last thing about each credential to each person, without what is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub recipient: String,
    pub registration: String,
    pub credential: String,
    pub band: String,
}

/// Everything that was told before.
#[derive(Clone, Debug, Default)]
pub struct Past {
    pub open: Vec<Told>,
    /// By registration, credential and band: when anybody was first told.
    pub first: BTreeMap<(String, String, String), DateTime<Utc>>,
    /// When each person last got a message of any kind.
    pub last_message: BTreeMap<String, DateTime<Utc>>,
}

/// A credential that is in a band.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    view: &'a RegistrationView,
    credential: &'a CredentialView,
    end: DateTime<Utc>,
    days_left: i64,
    band: String,
    before_next_run: bool,
}

impl Standing<'_> {
    /// Registration, credential and band: what `Past::first` is asked for.
    #[must_use]
    pub fn key(&self) -> (String, String, String) {
        (
            self.view.name.clone(),
            self.credential.key_id.clone(),
            self.band.clone(),
        )
    }
}

/// Every credential in use that is in a band, by registration.
#[must_use]
pub fn standing<'a>(assessment: &'a Assessment, routing: &Routing) -> Vec<Standing<'a>> {
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
                CredentialEnd::On { end, .. } => Some(end),
                CredentialEnd::Never | CredentialEnd::Unknown(_) => None,
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
/// closed; where there is nothing, now and then a sign of life.
#[must_use]
pub fn due(assessment: &Assessment, routing: &Routing, past: &Past) -> Vec<Digest> {
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
        for recipient in &one.view.route.to {
            if round.is_new(one, recipient) {
                tell(recipient, round.notice(one, NoticeKind::Band));
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
    if routing.alive {
        for recipient in round.quiet_people() {
            let entry = notices.entry(recipient.to_ascii_lowercase());
            entry.or_insert_with(|| (recipient.to_owned(), Vec::new()));
        }
    }
    notices
        .into_values()
        .map(|(recipient, notices)| round.digest(recipient, notices))
        .collect()
}

struct Round<'a> {
    assessment: &'a Assessment,
    routing: &'a Routing,
    past: &'a Past,
    ladder: Ladder,
}

impl<'a> Round<'a> {
    fn told(&self, one: &Standing<'_>, recipient: &str) -> Option<&'a Told> {
        self.past.open.iter().find(|told| {
            same(&told.recipient, recipient)
                && told.registration == one.view.name
                && told.credential == one.credential.key_id
        })
    }

    /// Whether this person has not been told of this band, nor of a later one.
    fn is_new(&self, one: &Standing<'_>, recipient: &str) -> bool {
        self.told(one, recipient)
            .is_none_or(|told| self.ladder.is_later(&one.band, &told.band))
    }

    /// Who is told, too, where nobody changed anything for long. Once a band, and nobody who is an owner.
    fn escalates(&self, one: &Standing<'a>) -> Option<&'a str> {
        let after = self.routing.escalate_after_days;
        let contact = one.view.route.escalation.as_deref()?;
        let first = self.past.first.get(&one.key())?;
        let long = self.assessment.run.as_of - *first >= TimeDelta::days(i64::from(after));
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
            kind: NoticeKind::Closed,
            registration: told.registration.clone(),
            environment: String::new(),
            credential: told.credential.clone(),
            name: String::new(),
            band: told.band.clone(),
            end: None,
            days_left: None,
            before_next_run: false,
            by: None,
            owners: Vec::new(),
            steps: Vec::new(),
        };
        let views = &self.assessment.registrations;
        let Some(view) = views.iter().find(|view| view.name == told.registration) else {
            return self.assessment.run.narrowed.is_none().then_some(notice);
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
            let ends = matches!(known.ends, CredentialEnd::Unknown(_));
            return (!banded && !ends).then_some(notice);
        }
        let successor = in_use.iter().find(stored)?;
        notice.name = name(successor);
        if let CredentialEnd::On { end, days_left } = successor.ends {
            (notice.end, notice.days_left) = (Some(end), Some(days_left));
        }
        Some(notice)
    }

    fn notice(&self, one: &Standing<'_>, kind: NoticeKind) -> Notice {
        let escalated = kind == NoticeKind::Escalated;
        Notice {
            kind,
            registration: one.view.name.clone(),
            environment: one.view.environment.clone(),
            credential: one.credential.key_id.clone(),
            name: name(one.credential),
            band: one.band.clone(),
            end: Some(one.end),
            days_left: Some(one.days_left),
            before_next_run: one.before_next_run,
            by: one.view.route.by.filter(|_| !escalated),
            owners: one
                .view
                .route
                .to
                .iter()
                .filter(|_| escalated)
                .cloned()
                .collect(),
            steps: one.view.rotation.steps.clone(),
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

    fn digest(&self, recipient: String, mut notices: Vec<Notice>) -> Digest {
        notices.sort_by(|left, right| {
            (left.kind, left.end, &left.registration, &left.credential).cmp(&(
                right.kind,
                right.end,
                &right.registration,
                &right.credential,
            ))
        });
        notices.dedup();
        let theirs = |view: &&RegistrationView| {
            view.route.to.iter().any(|to| same(to, &recipient))
                || notices
                    .iter()
                    .any(|notice| notice.registration == view.name)
        };
        let registrations: Vec<String> = self
            .assessment
            .registrations
            .iter()
            .filter(theirs)
            .map(|view| view.name.clone())
            .collect();
        let about = |resource: &str| {
            registrations.iter().any(|name| {
                let rest = resource.strip_prefix("registration/");
                rest.and_then(|rest| rest.strip_prefix(name.as_str()))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        let unknowns = self.assessment.unknowns.iter();
        Digest {
            unanswered: unknowns.filter(|one| about(&one.resource)).count(),
            recipient,
            notices,
            registrations,
            incomplete: self.assessment.verdict.incomplete,
            as_of: self.assessment.run.as_of,
        }
    }
}

fn name(credential: &CredentialView) -> String {
    match &credential.name {
        Some(name) => format!("{} \"{name}\"", credential.kind),
        None => format!("{} {}", credential.kind, credential.key_id),
    }
}

/// Registrations for whom nobody answers, sorted: listed, never dropped.
#[must_use]
pub fn orphans(assessment: &Assessment) -> Vec<&RegistrationView> {
    let all = assessment.registrations.iter();
    all.filter(|view| view.route.to.is_empty()).collect()
}

#[cfg(test)]
mod tests;
