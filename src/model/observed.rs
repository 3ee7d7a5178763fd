//! Facts and gaps: what was seen, or why it could not be.

use crate::model::Prose;
use crate::model::word::words;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::grant::Grant;

mod id;
pub(super) mod kept_gap;
mod shared;

pub(crate) use id::GapId;
pub(crate) use shared::{GapTable, sharing};

/// A fact of the snapshot: known, or unknown for a reason that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Observed<T> {
    Known(T),
    Unknown(Gap),
}

impl<T> Observed<T> {
    /// A fact that was not asked because an earlier rung failed or could not be read.
    pub fn not_reached(why: impl Into<Prose>) -> Self {
        Self::Unknown(Gap::new(GapKind::NotReached, why))
    }

    /// The fact, or the gap in its place.
    ///
    /// # Errors
    /// The gap, when the fact is unknown: `?` then ends a check with it.
    pub fn get(&self) -> Result<&T, &Gap> {
        match self {
            Self::Known(fact) => Ok(fact),
            Self::Unknown(gap) => Err(gap),
        }
    }

    /// The fact where it is known.
    pub fn known(&self) -> Option<&T> {
        self.get().ok()
    }

    /// The gap where the fact is unknown.
    pub fn gap(&self) -> Option<&Gap> {
        self.get().err()
    }

    /// The same gap, or another fact made from the known one.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Observed<U> {
        match self {
            Self::Known(fact) => Observed::Known(make(fact)),
            Self::Unknown(gap) => Observed::Unknown(gap),
        }
    }
}

impl<T> From<Result<T, Gap>> for Observed<T> {
    fn from(result: Result<T, Gap>) -> Self {
        match result {
            Ok(fact) => Self::Known(fact),
            Err(gap) => Self::Unknown(gap),
        }
    }
}

/// Whether a thing exists, said by an answer with the authority to say so: `Absent` comes only from
/// Graph's `Request_ResourceNotFound`, Key Vault's `SecretNotFound` or a list read to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Presence<T> {
    Absent,
    Present(T),
}

impl<T> Presence<T> {
    pub const fn present(&self) -> Option<&T> {
        match self {
            Self::Present(thing) => Some(thing),
            Self::Absent => None,
        }
    }

    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// A list as far as it could be read. `gap` says why it stops early; from such a list nothing may be
/// concluded by absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Listing<T> {
    pub items: Vec<T>,
    pub gap: Option<Gap>,
}

impl<T> Listing<T> {
    /// A list that was read to its end.
    pub const fn complete(items: Vec<T>) -> Self {
        Self { items, gap: None }
    }

    /// A list that could not be read to its end: `items` is what came before.
    pub const fn cut_short(items: Vec<T>, gap: Gap) -> Self {
        Self {
            items,
            gap: Some(gap),
        }
    }

    /// The first item that fits; its absence is known only when the list is complete.
    pub fn find(&self, fits: impl FnMut(&&T) -> bool) -> Observed<Presence<&T>> {
        match (self.items.iter().find(fits), &self.gap) {
            (Some(item), _) => Observed::Known(Presence::Present(item)),
            (None, None) => Observed::Known(Presence::Absent),
            (None, Some(gap)) => Observed::Unknown(gap.clone()),
        }
    }

    /// All items, when the list was read to its end.
    ///
    /// # Errors
    /// The gap that cut the list short.
    pub fn whole(&self) -> Result<&[T], &Gap> {
        self.gap.as_ref().map_or(Ok(&self.items), Err)
    }
}

words! {
    /// Why a fact is unknown.
    pub enum GapKind {
        /// The service refused the asker (401 or 403 with a code that says so).
        Denied = "denied",
        /// The feature needs a licence that the tenant does not hold, or its cloud does not have it.
        NotLicensed = "not-licensed",
        /// The service kept answering 429.
        Throttled = "throttled",
        /// No answer: name resolution, connection or TLS failed.
        Unreachable = "unreachable",
        /// The answer is not what the protocol says: no JSON, a wrong type, a field missing.
        Malformed = "malformed",
        /// The deadline passed first.
        TimedOut = "timed-out",
        /// A list ended before its end.
        Truncated = "truncated",
        /// The run was cancelled.
        Cancelled = "cancelled",
        /// An earlier step failed, so this was never asked.
        NotReached = "not-reached",
        /// A status or code that is not explicitly known.
        Unrecognised = "unrecognised",
    }
}

words! {
    /// The service an answer came from.
    pub enum Service {
        Entra = "entra",
        Graph = "graph",
        KeyVault = "key-vault",
        Dataverse = "dataverse",
        FinOps = "fin-ops",
        PowerPlatform = "power-platform",
        ResourceManager = "resource-manager",
    }
}

impl Service {
    /// The service's name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entra => "Entra ID",
            Self::Graph => "Microsoft Graph",
            Self::KeyVault => "Key Vault",
            Self::Dataverse => "Dataverse",
            Self::FinOps => "Finance & Operations",
            Self::PowerPlatform => "Power Platform",
            Self::ResourceManager => "Azure Resource Manager",
        }
    }
}

/// A gap in the evidence: what could not be read, why, and what would fill it.
/// In a stored snapshot it is a number in the snapshot's table of gaps; elsewhere it is written whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    pub kind: GapKind,
    /// One sentence without a full stop: what was seen, e.g.
    /// `Key Vault kv-contoso answered 403 ForbiddenByRbac to a read of secret raia`.
    pub seen: Prose,
    /// What to do about it, e.g. `grant Key Vault Secrets User on kv-contoso to …`.
    pub remedy: Option<Prose>,
    /// The right that would fill it, where one would.
    pub missing: Option<Box<Grant>>,
    /// Set where nobody meant to ask: then it is not a gap in what the run should know.
    pub unasked: Option<Unasked>,
    /// Whether what was seen may be the audit's own doing: no right and no other run would show it.
    pub own_trace: bool,
    /// The gap that stood in the way first, where this was never asked because of another one.
    pub root: Option<GapId>,
}

words! {
    /// Why a call with a registration's own credential was never meant to be made.
    pub enum Unasked {
        /// The estate says that no credential is stored: there is nothing to sign in with.
        NothingStored = "nothing-stored",
        /// The estate says that what is stored is never tried.
        NotTried = "not-tried",
        /// No token was asked for, or none was issued, so that there is nothing to call with.
        NoToken = "no-token",
    }
}

impl Gap {
    pub fn new(kind: GapKind, seen: impl Into<Prose>) -> Self {
        Self {
            kind,
            seen: seen.into(),
            remedy: None,
            missing: None,
            unasked: None,
            own_trace: false,
            root: None,
        }
    }

    /// What others name as their root.
    fn id(&self) -> GapId {
        GapId::of(&self.seen)
    }

    /// What was never meant to be asked: a step that takes the registration's own credential.
    pub fn unasked(why: Unasked, seen: impl Into<Prose>) -> Self {
        Self {
            unasked: Some(why),
            ..Self::new(GapKind::NotReached, seen)
        }
    }

    /// Whether a step was left out because nothing was tried with the credential.
    pub const fn is_for_want_of_a_try(&self) -> bool {
        matches!(self.unasked, Some(Unasked::NotTried | Unasked::NoToken))
    }

    /// Whether nothing went wrong: a right or a licence is missing, or what was seen may be the audit's own
    /// doing. A policy that only reports means these, never a service that did not answer as it should.
    pub const fn is_by_design(&self) -> bool {
        match self.kind {
            GapKind::Denied | GapKind::NotLicensed => true,
            GapKind::NotReached => self.missing.is_some() || self.own_trace,
            _ => self.own_trace,
        }
    }

    /// The same gap, where what was seen may be the audit's own doing.
    pub const fn of_own_trace(mut self) -> Self {
        self.own_trace = true;
        self
    }

    /// The same gap with words on how to fill it.
    pub fn with_remedy(mut self, remedy: impl Into<Prose>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// What was never asked because of this gap, `why` in half a sentence: `no token was given`. The right that
    /// would fill this one opens that, too.
    pub fn behind(&self, why: impl fmt::Display) -> Self {
        let is_asked = self.kind != GapKind::NotReached;
        Self {
            root: self.root.or_else(|| is_asked.then(|| self.id())),
            ..self.in_place_of(format!("{why}: {}", self.seen))
        }
    }

    /// What says nothing as long as this gap is there, in words of its own: the same right fills both.
    pub fn in_place_of(&self, why: impl Into<Prose>) -> Self {
        Self {
            missing: self.missing.clone(),
            unasked: self.unasked,
            ..Self::new(GapKind::NotReached, why)
        }
    }

    /// The same gap with the right that would fill it.
    pub fn with_missing(mut self, grant: Grant) -> Self {
        self.missing = Some(Box::new(grant));
        self
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.remedy {
            Some(remedy) => write!(f, "{}; {remedy}", self.seen),
            None => self.seen.fmt(f),
        }
    }
}

/// One answer of a service, as a finding quotes it. Never holds a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Seen {
    /// The call in a reader's words: `WhoAmI on contoso.crm4.dynamics.com`.
    pub call: String,
    /// HTTP status.
    pub status: u16,
    /// The service's own code: `AADSTS7000222`, `0x80040220`, `SecretNotFound`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub at: DateTime<Utc>,
}

impl Seen {
    /// 2xx.
    pub const fn is_success(&self) -> bool {
        self.status / 100 == 2
    }
}

impl fmt::Display for Seen {
    /// `WhoAmI on contoso… answered 403 0x80072560 at 2026-11-21 06:00 UTC`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} answered {}", self.call, self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        write!(f, " at {}", super::time::minute(self.at))
    }
}

#[cfg(test)]
mod tests;
