//! How far the rotation of a registration's credential is, and which old one may go.

use super::params::RotationParams;
use crate::facts::case::{Case, Stop};
use crate::facts::credentials::held::Held;
use crate::facts::credentials::last_use::days_before;
use crate::facts::credentials::stored::InUse;
use crate::facts::outcomes::days;
use crate::facts::prelude::*;
use crate::model::time::{days_left, near};

/// What was found out about a rotation.
#[derive(Debug)]
pub(crate) struct Rotation<'a> {
    pub state: RotationState,
    /// What was seen that makes it so: a sentence without its full stop.
    pub why: Prose,
    /// Which cause, where the state is `Broken`.
    pub broken: Option<Broken>,
    /// The stored credential, where it is known.
    pub stored: Option<Held<'a>>,
    /// Whether a token was issued for it.
    pub proven: bool,
    /// Live ones that are newer than the stored one, oldest first.
    pub newer: Vec<Held<'a>>,
    /// Live ones that the stored one replaces, oldest first.
    pub older: Vec<Held<'a>>,
    /// Whether the stored one ends, or is too old, within the notice.
    pub late: bool,
    /// Why it cannot be told, where the state is `Unknown`.
    pub stop: Option<Stop>,
}

/// Why what is stored does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    Missing,
    Disabled,
    Unusable,
    Refused,
    Expired,
}

impl<'a> Rotation<'a> {
    fn new(state: RotationState, why: impl Into<Prose>) -> Self {
        Self {
            state,
            why: why.into(),
            broken: None,
            stored: None,
            proven: false,
            newer: Vec::new(),
            older: Vec::new(),
            late: false,
            stop: None,
        }
    }

    fn broken(cause: Broken, why: impl Into<Prose>) -> Self {
        Self {
            broken: Some(cause),
            ..Self::new(RotationState::Broken, why)
        }
    }

    fn told(self, state: RotationState, why: String) -> Self {
        Self {
            state,
            why: why.into(),
            ..self
        }
    }

    /// The rotation of one registration. There is always an answer; what the evidence does not tell is
    /// `Unknown`, with the gap's words.
    pub(crate) fn of(case: &Case<'a>, params: &RotationParams) -> Self {
        judged(case, params).unwrap_or_else(|stop| Self {
            stop: Some(stop.clone()),
            ..Self::new(RotationState::Unknown, stop.into_words())
        })
    }
}

fn judged<'a>(case: &Case<'a>, params: &RotationParams) -> Result<Rotation<'a>, Stop> {
    if let Some(broken) = broken_entry(case)? {
        return Ok(broken);
    }
    let issued = case.token_issued();
    if issued != Some(true)
        && let Some((seen, code)) = case
            .refused_as(Class::CredentialWrong)
            .or_else(|| case.refused_as(Class::CredentialExpired))
    {
        return Ok(Rotation::broken(
            Broken::Refused,
            format!("{seen}: {}", code.cause),
        ));
    }
    if issued.is_none()
        && let Some(gap) = case.asked_too_early()
    {
        return Err(gap.into());
    }
    let stored = stored(case)?;
    if let Some(end) = stored.credential.end.known()
        && is_past(*end, case.context.as_of)
    {
        return Ok(Rotation {
            stored: Some(stored),
            ..Rotation::broken(
                Broken::Expired,
                format!("the stored {} expired on {}", stored.words(), day(*end)),
            )
        });
    }
    let known = case.stored_match(&stored);
    let proven = known == StoredMatch::Proven;
    if !proven && known != StoredMatch::Matched && issued != Some(true) {
        return Err(unmatched(&stored));
    }
    works(case, params, stored, proven)
}

/// What is stored works, as far as is known: how old it is, and what lives beside it.
fn works<'a>(
    case: &Case<'a>,
    params: &RotationParams,
    stored: Held<'a>,
    proven: bool,
) -> Result<Rotation<'a>, Stop> {
    let (newer, older) = beside(case, &stored)?;
    let age = age(case, &stored);
    let rotation = Rotation {
        stored: Some(stored),
        proven,
        late: age
            .as_ref()
            .is_ok_and(|age| age.late(params) || age.overdue(params)),
        newer,
        older,
        ..Rotation::new(RotationState::Unknown, "")
    };
    if let Some(newest) = rotation.newer.last() {
        let why = format!(
            "the {} is newer and not in the vault, which still holds the one with key {}",
            newest.words(),
            stored.key_id
        );
        return Ok(rotation.told(RotationState::HalfDone, why));
    }
    if let Some(oldest) = rotation.older.first() {
        if !proven {
            return Err(unproven(case, &stored));
        }
        let why = format!(
            "the {} is stored and proven, and the {} is still valid",
            stored.words(),
            oldest.words()
        );
        return Ok(rotation.told(RotationState::Overlap, why));
    }
    let age = age?;
    let state = if age.overdue(params) {
        RotationState::Overdue
    } else if age.late(params) {
        RotationState::Due
    } else {
        RotationState::Fresh
    };
    let proof = if proven {
        "stored and proven"
    } else {
        "stored"
    };
    let why = format!("the {} is {proof}, {}", stored.words(), age.words());
    Ok(rotation.told(state, why))
}

/// Whether the entry itself holds nothing that works.
fn broken_entry<'a>(case: &Case<'_>) -> Result<Option<Rotation<'a>>, Stop> {
    case.stored()?;
    let name = case.entry_name();
    let entry = match case.evidence.entry.get()? {
        Presence::Absent => {
            let why = format!("the vault has no {name}");
            return Ok(Some(Rotation::broken(Broken::Missing, why)));
        }
        Presence::Present(entry) => entry,
    };
    if entry.enabled.known() == Some(&false) {
        let why = format!("the current version of {name} is disabled");
        return Ok(Some(Rotation::broken(Broken::Disabled, why)));
    }
    let unusable = entry.content.known().is_some_and(|content| {
        content.problems.iter().any(|problem| {
            problem.is_unusable()
                && (*problem != EntryProblem::PrivateKeyMissing || key_leaves(entry))
        })
    });
    Ok(unusable
        .then(|| Rotation::broken(Broken::Unusable, format!("the value of {name} is unusable"))))
}

/// Whether the vault is known to hand out the private key. One that stays inside is no fault of the value.
fn key_leaves(entry: &VaultEntry) -> bool {
    let Some(certificate) = &entry.certificate else {
        return true;
    };
    let policy = certificate
        .known()
        .and_then(|certificate| certificate.policy.known());
    policy.and_then(|policy| policy.exportable.known()) == Some(&true)
}

fn stored<'a>(case: &Case<'a>) -> Result<Held<'a>, Stop> {
    let why = match case.in_use()? {
        InUse::One(one) => return Ok(one),
        InUse::OneOf(several) => format!(
            "{} credentials begin like the stored value or have no hint: which one is stored is unknown",
            several.len()
        ),
        InUse::None => "no valid credential fits the stored one".to_owned(),
    };
    Err(Gap::new(GapKind::Unrecognised, why).into())
}

fn unmatched(stored: &Held<'_>) -> Stop {
    match stored.credential.matches_stored.get() {
        Err(gap) => gap.into(),
        Ok(_) => Gap::new(
            GapKind::Unrecognised,
            format!(
                "nothing shows that the {} is the stored one",
                stored.words()
            ),
        )
        .into(),
    }
}

fn unproven(case: &Case<'_>, stored: &Held<'_>) -> Stop {
    match case.proven() {
        Err(stop) => stop,
        Ok(true) => unmatched(stored),
        Ok(false) => Gap::new(
            GapKind::NotReached,
            format!(
                "no token proves the {}: it was refused for a cause of its own",
                stored.words()
            ),
        )
        .into(),
    }
}

/// The other live credentials: those newer than the stored one, and those it replaces. What another
/// registration of the estate stores belongs to that one's rotation; a newer one of the other kind has no
/// place in this vault entry.
fn beside<'a>(case: &Case<'a>, stored: &Held<'a>) -> Result<(Vec<Held<'a>>, Vec<Held<'a>>), Stop> {
    let (mut newer, mut older) = (Vec::new(), Vec::new());
    for held in case.held()? {
        if held.same_as(stored)
            || !held.lives_at(case.context.as_of)
            || matches!(
                case.stored_match(&held),
                StoredMatch::Proven | StoredMatch::Matched
            )
            || case
                .stored_elsewhere(&held)
                .is_ok_and(|name| name.is_some())
        {
            continue;
        }
        if !is_newer(&held, stored)? {
            older.push(held);
        } else if held.kind == stored.kind && outlives(&held, stored) {
            newer.push(held);
        }
    }
    let order = |held: &Held<'a>| (held.start, held.place, held.credential.key_id.as_str());
    newer.sort_by(|left, right| order(left).cmp(&order(right)));
    older.sort_by(|left, right| order(left).cmp(&order(right)));
    Ok((newer, older))
}

/// Whether it can succeed the stored one: one that ends sooner cannot. Unknown ends may.
fn outlives(one: &Credential, stored: &Credential) -> bool {
    match (one.end.known(), stored.end.known()) {
        (Some(one), Some(stored)) => one > stored,
        _ => true,
    }
}

/// Whether one credential is newer than another: made later, or made at once to last longer.
pub(crate) fn is_newer(one: &Credential, other: &Credential) -> Result<bool, Stop> {
    let start = |credential: &Credential| {
        credential.start.ok_or_else(|| {
            Stop::from(Gap::new(
                GapKind::Malformed,
                format!(
                    "Graph gives no start for the {} with key {}",
                    credential.kind.as_str(),
                    credential.key_id
                ),
            ))
        })
    };
    let (one_start, other_start) = (start(one)?, start(other)?);
    if one_start != other_start {
        return Ok(one_start > other_start);
    }
    Ok(one.end.get()? > other.end.get()?)
}

/// How old what is stored is, and how long it lives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Age {
    as_of: DateTime<Utc>,
    /// The older of the credential and the vault entry's current version.
    pub since: DateTime<Utc>,
    end: DateTime<Utc>,
}

/// The age of the stored credential: of itself, or of the vault's current version where that is older.
pub(crate) fn age(case: &Case<'_>, stored: &Held<'_>) -> Result<Age, Stop> {
    let start = stored.start.ok_or_else(|| {
        Gap::new(
            GapKind::Malformed,
            format!("Graph gives no start for the {}", stored.words()),
        )
    })?;
    let version = case.entry_attributes()?.created;
    Ok(Age {
        as_of: case.context.as_of,
        since: version.map_or(start, |version| version.min(start)),
        end: *stored.credential.end.get()?,
    })
}

impl Age {
    pub(crate) fn overdue(&self, params: &RotationParams) -> bool {
        self.since < days_before(self.as_of, params.interval_days)
    }

    /// Whether it ends, or is overdue, within the notice.
    fn late(&self, params: &RotationParams) -> bool {
        let notice = params.notice_days.min(params.interval_days);
        let soon = TimeDelta::try_days(i64::from(params.notice_days))
            .and_then(|notice| self.as_of.checked_add_signed(notice))
            .is_none_or(|by| self.end <= by);
        (soon && !is_no_end(self.end))
            || self.since < days_before(self.as_of, params.interval_days - notice)
    }

    fn words(&self) -> String {
        let old = days(-days_left(self.since, self.as_of));
        if is_no_end(self.end) {
            return format!("{old} old, and does not expire");
        }
        format!(
            "{old} old, and expires on {} ({})",
            day(self.end),
            near(self.end, self.as_of)
        )
    }
}
