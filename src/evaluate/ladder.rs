//! The ladder of one registration: vault entry, token, WhoAmI, tables, Finance & Operations.

use crate::estate::{Expectations, Prove, Registration};
use crate::evidence::{
    AssertionForm, EntryProblem, Expected, ReadAnswer, RegistrationEvidence, Snapshot, TokenAnswer,
    UserRefusal, WhoAmI,
};
use crate::facts::case::Context;
use crate::facts::credentials::stored::end_in_use;
use crate::model::assessment::{CredentialEnd, Rung, RungState};
use crate::model::time::days_left;
use crate::model::{Gap, GapKind, Observed, Operation, Presence};

mod finops;

pub(super) fn rung(name: &str, state: RungState, note: impl Into<String>) -> Rung {
    Rung {
        name: name.to_owned(),
        state,
        note: note.into(),
        older_form: false,
    }
}

fn unread(name: &str, gap: &Gap) -> Rung {
    if gap.kind == GapKind::NotReached {
        rung(name, RungState::NotReached, "not reached")
    } else {
        rung(name, RungState::Unknown, gap.kind.as_str())
    }
}

/// Every rung, in the order it is climbed.
pub(super) fn climb(
    snapshot: &Snapshot,
    registration: &Registration,
    evidence: &RegistrationEvidence,
) -> Vec<Rung> {
    let mut rungs = vec![
        vault(evidence),
        token(snapshot, evidence),
        whoami(registration, evidence),
        tables(registration, evidence),
    ];
    rungs.extend(finops::rung_of(registration, evidence));
    if registration.credential.is_none() {
        not_stored(&mut rungs);
    }
    if registration.prove == Prove::Never {
        for rung in rungs.iter_mut().skip(1) {
            if rung.state == RungState::NotReached {
                rung.state = RungState::NotApplicable;
                "not tried: prove = \"never\"".clone_into(&mut rung.note);
            }
        }
    }
    rungs
}

/// Without a stored credential the vault holds nothing, and no step that takes a token can be tried.
fn not_stored(rungs: &mut [Rung]) {
    for rung in rungs {
        let note = match (rung.name.as_str(), rung.state) {
            ("vault", _) => "nothing is stored",
            (_, RungState::NotReached) => "cannot be proven",
            _ => continue,
        };
        rung.state = RungState::NotApplicable;
        note.clone_into(&mut rung.note);
    }
}

fn vault(evidence: &RegistrationEvidence) -> Rung {
    let entry = match &evidence.entry {
        Observed::Unknown(gap) => return unread("vault", gap),
        Observed::Known(Presence::Absent) => {
            return rung("vault", RungState::Failed, "no such entry");
        }
        Observed::Known(Presence::Present(entry)) => entry,
    };
    if entry.enabled.known() == Some(&false) {
        return rung("vault", RungState::Failed, "disabled");
    }
    match &entry.content {
        Observed::Unknown(gap) => unread("vault", gap),
        Observed::Known(content) if content.problems.is_empty() => {
            rung("vault", RungState::Proven, "read")
        }
        Observed::Known(content) if content.problems.contains(&EntryProblem::Empty) => {
            rung("vault", RungState::Failed, "empty")
        }
        Observed::Known(content) if content.problems.contains(&EntryProblem::FormNotRead) => rung(
            "vault",
            RungState::Unknown,
            "a form that cannot be read here",
        ),
        Observed::Known(_) => rung("vault", RungState::Failed, "malformed"),
    }
}

/// The worst of its tokens: each opens another service.
fn token(snapshot: &Snapshot, evidence: &RegistrationEvidence) -> Rung {
    let rungs = evidence.tokens.iter().map(|proof| match &proof.answer {
        Observed::Unknown(gap) => unread("token", gap),
        Observed::Known(TokenAnswer::Issued { assertion, .. }) => {
            let note = match assertion {
                Some(AssertionForm::Rs256) => "issued, to RS256 and x5t: PS256 was refused",
                Some(AssertionForm::Ps256) => "issued, to PS256",
                None => "issued",
            };
            Rung {
                older_form: *assertion == Some(AssertionForm::Rs256),
                ..rung("token", RungState::Proven, note)
            }
        }
        Observed::Known(TokenAnswer::Refused { seen, .. })
            if evidence.asked_too_early(seen, snapshot).is_some() =>
        {
            rung("token", RungState::Unknown, "asked too early")
        }
        Observed::Known(TokenAnswer::Refused { seen, .. }) => rung(
            "token",
            RungState::Failed,
            seen.code.as_deref().unwrap_or("refused"),
        ),
    });
    rungs
        .min_by_key(|rung| match rung.state {
            RungState::Failed => 0,
            RungState::Unknown => 1,
            RungState::NotReached => 2,
            RungState::Proven | RungState::NotApplicable => 3,
        })
        .unwrap_or_else(|| rung("token", RungState::NotReached, "not asked"))
}

fn whoami(registration: &Registration, evidence: &RegistrationEvidence) -> Rung {
    let name = "whoami";
    match (&registration.dataverse, &evidence.dataverse) {
        (None, None) => rung(name, RungState::NotApplicable, "no Dataverse expectation"),
        (Some(_), None) => rung(name, RungState::NotReached, "not asked"),
        (_, Some(proof)) => match &proof.whoami {
            Observed::Unknown(gap) => unread(name, gap),
            Observed::Known(WhoAmI::Answered { .. }) => rung(name, RungState::Proven, "answered"),
            Observed::Known(WhoAmI::Refused { why, .. }) => rung(
                name,
                RungState::Failed,
                match why {
                    UserRefusal::NotAMember => "no application user",
                    UserRefusal::Disabled => "user disabled",
                    UserRefusal::NoRoles => "no roles",
                },
            ),
        },
    }
}

fn tables(registration: &Registration, evidence: &RegistrationEvidence) -> Rung {
    let name = "tables";
    let Some(expectations) = &registration.dataverse else {
        return rung(name, RungState::NotApplicable, "no Dataverse expectation");
    };
    let (allowed, denied) = (&expectations.allow.read, &expectations.deny.read);
    if allowed.is_empty() && denied.is_empty() {
        return rung(name, RungState::NotApplicable, "none declared");
    }
    let Some(proof) = &evidence.dataverse else {
        return rung(name, RungState::NotReached, "not asked");
    };
    let controlled = matches!(proof.whoami, Observed::Known(WhoAmI::Answered { .. }));
    let (mut read, mut refused, mut wrong, mut gaps, mut unreached) = (0, 0, 0, 0, 0);
    for one in &proof.reads {
        match (&one.answer, one.expected) {
            (Observed::Unknown(gap), _) if gap.kind == GapKind::NotReached => unreached += 1,
            (Observed::Unknown(_), _) => gaps += 1,
            (Observed::Known(ReadAnswer::Read { .. }), Expected::Allowed) => read += 1,
            (Observed::Known(ReadAnswer::Refused { .. }), Expected::Denied) if controlled => {
                refused += 1;
            }
            (Observed::Known(ReadAnswer::Refused { .. }), Expected::Denied) => unreached += 1,
            (Observed::Known(_), _) => wrong += 1,
        }
    }
    let asked = allowed.len() + denied.len();
    gaps += asked.saturating_sub(read + refused + wrong + gaps + unreached);
    let first = proof.reads.iter().find_map(|one| one.answer.gap());
    let note = if read + refused + wrong == 0 && gaps > 0 {
        nothing_told(asked, first)
    } else {
        format!(
            "{read}/{} read, {refused}/{} refused",
            allowed.len(),
            denied.len()
        )
    };
    let state = if wrong > 0 {
        RungState::Failed
    } else if gaps > 0 {
        RungState::Unknown
    } else if unreached > 0 {
        return rung(
            name,
            RungState::NotReached,
            unreached_words(read, allowed.len()),
        );
    } else {
        RungState::Proven
    };
    rung(name, state, note)
}

/// The words for reads that were not made: counts would look as if none had been refused.
fn unreached_words(read: usize, allowed: usize) -> String {
    match read {
        0 => "not reached".to_owned(),
        read => format!("{read}/{allowed} read, the rest not reached"),
    }
}

/// The words for reads none of which told anything: counts of nothing would look like answers.
fn nothing_told(asked: usize, first: Option<&Gap>) -> String {
    let why = first.map_or("no other read succeeded", |gap| gap.kind.as_str());
    format!("none of {asked} reads told anything: {why}")
}

/// When the credential in use ends.
pub(super) fn ends(context: &Context<'_>, name: &str) -> CredentialEnd {
    match end_in_use(context, name) {
        Ok(Some(end)) => CredentialEnd::On {
            end,
            days_left: days_left(end, context.as_of),
        },
        Ok(None) => CredentialEnd::Never,
        Err(why) => CredentialEnd::Unknown(why),
    }
}

/// Expectations beyond reading in Finance & Operations: nothing but a real write could tell.
pub(super) fn not_tried(registration: &Registration) -> Vec<String> {
    registration
        .finops
        .iter()
        .flat_map(|expected| beyond_reading(&expected.allow, &expected.deny))
        .map(|words| format!("{words}, unknown: in F&O only a real write could tell"))
        .collect()
}

fn beyond_reading(allow: &Expectations, deny: &Expectations) -> Vec<String> {
    [("allowed", allow), ("denied", deny)]
        .into_iter()
        .flat_map(|(word, names)| {
            names
                .by_operation()
                .into_iter()
                .filter(|(operation, _)| *operation != Operation::Read)
                .flat_map(move |(operation, things)| {
                    things
                        .iter()
                        .map(move |thing| format!("{operation} {thing} ({word})"))
                })
        })
        .collect()
}
