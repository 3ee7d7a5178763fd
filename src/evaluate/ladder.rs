//! The ladder of one registration: vault entry, token, WhoAmI, tables, Finance & Operations.

use crate::estate::{Expectations, Prove, Registration};
use crate::evidence::{
    AssertionForm, DataverseProof, EntryProblem, Expected, ReadAnswer, RegistrationEvidence,
    Snapshot, TableRead, TokenAnswer, UserRefusal, WhoAmI,
};
use crate::facts::case::Context;
use crate::facts::credentials::stored::end_in_use;
use crate::model::Prose;
use crate::model::assessment::RungState::{self, Failed, NotApplicable, NotReached, Proven};
use crate::model::assessment::{CredentialEnd, Half, ProofStep, Rung};
use crate::model::time::days_left;
use crate::model::{Gap, GapKind, Observed, Operation, Presence};

mod finops;

/// How a step ended, and a few words about it.
type Ended = (RungState, String);

fn ended(state: RungState, note: impl Into<String>) -> Ended {
    (state, note.into())
}

fn unread(gap: &Gap) -> Ended {
    match gap.kind {
        GapKind::NotReached => ended(NotReached, "not reached"),
        kind => ended(RungState::Unknown, kind.as_str()),
    }
}

/// Every rung, in the order it is climbed.
pub(super) fn climb(
    snapshot: &Snapshot,
    registration: &Registration,
    evidence: &RegistrationEvidence,
) -> Vec<Rung> {
    let steps = [
        (ProofStep::Vault, Some(vault(evidence))),
        (ProofStep::Token, Some(token(snapshot, evidence))),
        (ProofStep::WhoAmI, Some(whoami(registration, evidence))),
        (ProofStep::Tables, Some(tables(registration, evidence))),
        (
            ProofStep::FinOps,
            finops::ended_there(registration, evidence),
        ),
    ];
    let rung = |(name, ended): (ProofStep, Option<Ended>)| {
        let (state, note) = ended?;
        let older_form = name == ProofStep::Token && state == Proven && is_older_form(evidence);
        let (state, note) = match instead(registration, name, state) {
            None => (state, note),
            Some(note) => (NotApplicable, note.to_owned()),
        };
        let halves = (name == ProofStep::Tables && state != NotApplicable)
            .then(|| halves(registration, evidence));
        let (needs, must_not) = halves.unzip();
        Some(Rung {
            name,
            state,
            note: note.into(),
            older_form,
            needs,
            must_not,
        })
    };
    steps.into_iter().filter_map(rung).collect()
}

/// Why a step does not apply, where the estate says so: without a stored credential the vault holds nothing, and no
/// step that takes a token can be tried.
fn instead(registration: &Registration, name: ProofStep, state: RungState) -> Option<&'static str> {
    let is_stored = registration.credential.is_some();
    match (name, state) {
        (ProofStep::Vault, _) => (!is_stored).then_some("nothing is stored"),
        (_, NotReached) if !is_stored => Some("cannot be proven"),
        (_, NotReached) if registration.prove == Prove::Never => {
            Some("not tried: prove = \"never\"")
        }
        _ => None,
    }
}

fn vault(evidence: &RegistrationEvidence) -> Ended {
    let entry = match &evidence.entry {
        Observed::Unknown(gap) => return unread(gap),
        Observed::Known(Presence::Absent) => return ended(Failed, "no such entry"),
        Observed::Known(Presence::Present(entry)) => entry,
    };
    if entry.enabled.known() == Some(&false) {
        return ended(Failed, "disabled");
    }
    let problems = match &entry.content {
        Observed::Unknown(gap) => return unread(gap),
        Observed::Known(content) => &content.problems,
    };
    if problems.is_empty() {
        ended(Proven, "read")
    } else if problems.contains(&EntryProblem::Empty) {
        ended(Failed, "empty")
    } else if problems.contains(&EntryProblem::FormNotRead) {
        ended(RungState::Unknown, "a form that cannot be read here")
    } else {
        ended(Failed, "malformed")
    }
}

/// The worst of its tokens: each opens another service.
fn token(snapshot: &Snapshot, evidence: &RegistrationEvidence) -> Ended {
    let each = evidence.tokens.iter().map(|proof| match &proof.answer {
        Observed::Unknown(gap) => unread(gap),
        Observed::Known(TokenAnswer::Issued { assertion, .. }) => {
            let note = match assertion {
                Some(AssertionForm::Rs256) => "issued, to RS256 and x5t: PS256 was refused",
                Some(AssertionForm::Ps256) => "issued, to PS256",
                None => "issued",
            };
            ended(Proven, note)
        }
        Observed::Known(TokenAnswer::Refused { seen, .. }) => {
            if evidence.asked_too_early(seen, snapshot).is_some() {
                return ended(RungState::Unknown, "asked too early");
            }
            ended(Failed, seen.code.as_deref().unwrap_or("refused"))
        }
    });
    let worst = each.min_by_key(|(state, _)| match state {
        Failed => 0,
        RungState::Unknown => 1,
        NotReached => 2,
        Proven | NotApplicable => 3,
    });
    worst.unwrap_or_else(|| ended(NotReached, "not asked"))
}

/// Whether the first token was issued to the older form of an assertion only.
fn is_older_form(evidence: &RegistrationEvidence) -> bool {
    let first = evidence.tokens.first();
    matches!(
        first.map(|proof| &proof.answer),
        Some(Observed::Known(TokenAnswer::Issued {
            assertion: Some(AssertionForm::Rs256),
            ..
        }))
    )
}

fn whoami(registration: &Registration, evidence: &RegistrationEvidence) -> Ended {
    match (&registration.dataverse, &evidence.dataverse) {
        (None, None) => ended(NotApplicable, "no Dataverse expectation"),
        (Some(_), None) => ended(NotReached, "not asked"),
        (_, Some(proof)) => match &proof.whoami {
            Observed::Unknown(gap) => unread(gap),
            Observed::Known(WhoAmI::Answered { .. }) => ended(Proven, "answered"),
            Observed::Known(WhoAmI::Refused { why, .. }) => {
                let note = match why {
                    UserRefusal::NotAMember => "no application user",
                    UserRefusal::Disabled => "user disabled",
                    UserRefusal::NoRoles => "no roles",
                };
                ended(Failed, note)
            }
        },
    }
}

fn tables(registration: &Registration, evidence: &RegistrationEvidence) -> Ended {
    let Some(expectations) = &registration.dataverse else {
        return ended(NotApplicable, "no Dataverse expectation");
    };
    if expectations.allow.read.is_empty() && expectations.deny.read.is_empty() {
        return ended(NotApplicable, "none declared");
    }
    let Some(proof) = &evidence.dataverse else {
        return ended(NotReached, "not asked");
    };
    let counted = proof.reads.iter().map(|one| counted(proof, one));
    let first = proof.reads.iter().find_map(|one| one.answer.gap());
    let (allow, deny) = (&expectations.allow, &expectations.deny);
    reads(allow, deny, counted, first, Some("refused"))
}

/// What a read of a table came to: a refusal is worth something where WhoAmI answered.
fn counted(proof: &DataverseProof, read: &TableRead) -> Counted {
    let controlled = matches!(proof.whoami, Observed::Known(WhoAmI::Answered { .. }));
    match (&read.answer, read.expected) {
        (Observed::Unknown(gap), _) => Counted::of(gap),
        (Observed::Known(ReadAnswer::Read { .. }), Expected::Allowed) => Counted::Read,
        (Observed::Known(ReadAnswer::Refused { .. }), Expected::Denied) if controlled => {
            Counted::Refused
        }
        (Observed::Known(ReadAnswer::Refused { .. }), Expected::Denied) => Counted::NotReached,
        (Observed::Known(_), _) => Counted::Wrong,
    }
}

/// The reads that it needs, and those that must be refused, each side by itself.
fn halves(registration: &Registration, evidence: &RegistrationEvidence) -> (Half, Half) {
    let half = |side: Expected, good: Counted, word: &str| {
        let expected = registration.dataverse.as_ref().map_or(0, |one| match side {
            Expected::Allowed => one.allow.read.len(),
            Expected::Denied => one.deny.read.len(),
        });
        let proof = evidence.dataverse.as_ref();
        let counted: Vec<Counted> = proof
            .into_iter()
            .flat_map(|proof| proof.reads.iter().map(move |read| (proof, read)))
            .filter(|(_, read)| read.expected == side)
            .map(|(proof, read)| counted(proof, read))
            .collect();
        let of = |kind| counted.iter().filter(|one| **one == kind).count();
        let note = format!("{}/{expected} {word}", of(good));
        let (state, note) = if expected == 0 {
            ended(NotApplicable, "none declared")
        } else if of(Counted::Wrong) > 0 {
            ended(Failed, note)
        } else if proof.is_some() && (of(Counted::Open) > 0 || counted.len() < expected) {
            ended(RungState::Unknown, note)
        } else if proof.is_none() || of(Counted::NotReached) > 0 {
            ended(NotReached, "not reached")
        } else {
            ended(Proven, note)
        };
        Half {
            state,
            note: note.into(),
        }
    };
    (
        half(Expected::Allowed, Counted::Read, "read"),
        half(Expected::Denied, Counted::Refused, "refused"),
    )
}

/// What one read that the estate expects came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    Read,
    Refused,
    /// Not as expected.
    Wrong,
    Open,
    NotReached,
}

impl Counted {
    fn of(gap: &Gap) -> Self {
        match gap.kind {
            GapKind::NotReached => Self::NotReached,
            _ => Self::Open,
        }
    }
}

/// The step of the reads: `refused` says how the refusals are told, where any is expected.
fn reads(
    allow: &Expectations,
    deny: &Expectations,
    counted: impl Iterator<Item = Counted>,
    first: Option<&Gap>,
    refused: Option<&str>,
) -> Ended {
    let counted: Vec<Counted> = counted.collect();
    let of = |kind| counted.iter().filter(|one| **one == kind).count();
    let (allowed, denied) = (allow.read.len(), deny.read.len());
    let read = of(Counted::Read);
    let known = read + of(Counted::Refused) + of(Counted::Wrong);
    let open = of(Counted::Open) > 0 || counted.len() < allowed + denied;
    let note = match refused {
        // Counts of nothing would look like answers. Without a gap of their own they were refused, and nothing
        // shows what such a refusal is worth.
        _ if known == 0 && open => {
            let why = first.map_or("no other read succeeded", |gap| gap.kind.as_str());
            format!("none of {} reads settled anything: {why}", allowed + denied)
        }
        None => format!("{read}/{allowed} read"),
        Some(told) => {
            let refused = of(Counted::Refused);
            format!("{read}/{allowed} read, {refused}/{denied} {told}")
        }
    };
    if of(Counted::Wrong) > 0 {
        ended(Failed, note)
    } else if open {
        ended(RungState::Unknown, note)
    } else if of(Counted::NotReached) == 0 {
        ended(Proven, note)
    // Counts would look as if none had been refused.
    } else if read == 0 {
        ended(NotReached, "not reached")
    } else {
        ended(
            NotReached,
            format!("{read}/{allowed} read, the rest not reached"),
        )
    }
}

/// When the credential in use ends.
pub(super) fn ends(context: &Context<'_>, name: &str) -> CredentialEnd {
    match end_in_use(context, name) {
        Ok(Some(end)) => CredentialEnd::On {
            end,
            days_left: days_left(end, context.as_of),
        },
        Ok(None) => CredentialEnd::Never,
        Err(why) => CredentialEnd::Unknown(why.into()),
    }
}

/// Expectations beyond reading in Finance & Operations: nothing but a real write could tell.
pub(super) fn not_tried(registration: &Registration) -> Vec<Prose> {
    let expected = registration.finops.iter();
    let sides = expected.flat_map(|one| [("allowed", &one.allow), ("denied", &one.deny)]);
    let named = sides.flat_map(|(word, names)| {
        let operations = names.by_operation().into_iter();
        operations.map(move |(operation, things)| (word, operation, things))
    });
    named
        .filter(|(_, operation, _)| *operation != Operation::Read)
        .flat_map(|(word, operation, things)| {
            let unknown = "unknown: in F&O only a real write would show it";
            let told = move |thing| format_args!("{operation} {thing} ({word}), {unknown}").into();
            things.iter().map(told)
        })
        .collect()
}
