//! What a check says about one resource.

use crate::model::Prose;
use chrono::{DateTime, Utc};

use super::fix::Fix;
use super::observed::Gap;
use super::resource::Resource;
use super::severity::Severity;
use super::why::Why;

/// The four answers a check can give. A gap can only become `Unknown`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Pass,
    Fail(Failure),
    Unknown(Gap),
    /// The question does not arise here; the text says why.
    NotApplicable(Why),
}

impl Outcome {
    /// Says of a Fail what is wrong with this one: see [`Failure::what`].
    pub fn what(self, what: impl Into<Prose>) -> Self {
        match self {
            Self::Fail(failure) => Self::Fail(failure.what(what)),
            other => other,
        }
    }

    /// Says of a Fail which commands do what it advises: see [`Failure::fixes`].
    pub(crate) fn fixes(self, fixes: impl IntoIterator<Item = Fix>) -> Self {
        match self {
            Self::Fail(failure) => Self::Fail(failure.fixes(fixes)),
            other => other,
        }
    }
}

/// What a failed check tells the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The severity this case deserves, where it differs from the check's default
    /// (expired but already replaced, a band).
    pub severity: Option<Severity>,
    /// What is wrong with whom it is about, in half a sentence that goes on behind the name: `can read invoice,
    /// which it must not`, or behind a colon: `: secret expires 5 Dec (in 5 days)`. `None` takes the check's title.
    pub what: Option<Prose>,
    /// When what it is about lapses or has lapsed.
    pub ends: Option<DateTime<Utc>>,
    /// One or two sentences: what was seen (call, status, code, time).
    pub seen: Prose,
    /// What to do next, naming the setup step that was missed. `None` takes the check's own words.
    pub remedy: Option<Prose>,
    /// Commands that do what the remedy says. Those of the check count only where its own words do.
    pub(crate) fixes: Vec<Fix>,
}

impl Failure {
    pub fn new(seen: impl Into<Prose>) -> Self {
        Self {
            severity: None,
            what: None,
            ends: None,
            seen: seen.into(),
            remedy: None,
            fixes: Vec::new(),
        }
    }

    /// Says what is wrong with this one: see [`Failure::what`].
    pub fn what(mut self, what: impl Into<Prose>) -> Self {
        self.what = Some(what.into());
        self
    }

    pub const fn ends(mut self, end: DateTime<Utc>) -> Self {
        self.ends = Some(end);
        self
    }

    pub fn at(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    pub fn remedy(mut self, remedy: impl Into<Prose>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Adds commands that do what the remedy says.
    pub(crate) fn fixes(mut self, fixes: impl IntoIterator<Item = Fix>) -> Self {
        self.fixes.extend(fixes);
        self
    }
}

impl Outcome {
    /// What it tells, where the check failed.
    pub const fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Fail(failure) => Some(failure),
            Self::Pass | Self::Unknown(_) | Self::NotApplicable(_) => None,
        }
    }
}

/// A check's answer about one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What is judged: `registration/raia`, `vault-entry/crm-prod/raia-secret`. With the check's id it
    /// makes the finding's fingerprint, so it holds nothing that changes between runs.
    pub resource: Resource,
    /// The registrations (or other roots) this is about: a Fail is folded into another Fail whose
    /// subjects include all of these. Sorted, never empty.
    pub subjects: Vec<Resource>,
    /// Which of their credentials it is about, each by what a verdict about it alone is filed under; empty
    /// where it is about all there is. A Fail about some is folded only into one about all of these.
    pub credentials: Vec<Resource>,
    pub outcome: Outcome,
    /// Whether it is asked in Finance & Operations, which has a token and a way in of its own.
    pub finops: bool,
}

impl Verdict {
    /// The verdict as one of Finance & Operations.
    pub fn of_finops(self) -> Self {
        Self {
            finops: true,
            ..self
        }
    }

    /// A verdict about a registration itself.
    pub fn on_registration(name: &str, outcome: Outcome) -> Self {
        Self::on(Resource::registration(name), outcome)
    }

    /// A verdict about something that belongs to no registration: a tenant, an auditor.
    pub fn on(resource: Resource, outcome: Outcome) -> Self {
        Self {
            subjects: vec![resource.clone()],
            resource,
            credentials: Vec::new(),
            outcome,
            finops: false,
        }
    }

    /// A verdict about something that belongs to a registration.
    pub fn within(name: &str, resource: Resource, outcome: Outcome) -> Self {
        Self {
            subjects: vec![Resource::registration(name)],
            ..Self::on(resource, outcome)
        }
    }

    /// The same about these credentials only.
    pub fn of_credentials(self, credentials: impl IntoIterator<Item = Resource>) -> Self {
        let credentials = credentials.into_iter().collect();
        Self {
            credentials,
            ..self
        }
    }
}
