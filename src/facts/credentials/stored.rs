//! Which of a registration's credentials is the stored one: by hint or thumbprint, with a token as proof.

use super::held::{Held, kind_of};
use crate::facts::case::{Case, Context, Stop, not_applicable};
use crate::facts::prelude::*;

/// Which credential the stored one is.
#[derive(Clone, Debug)]
pub(crate) enum InUse<'a> {
    One(Held<'a>),
    /// Several begin alike, or nothing tells them apart.
    OneOf(Vec<Held<'a>>),
    /// None of them.
    None,
}

impl<'a> InUse<'a> {
    /// What the stored one can be.
    ///
    /// # Errors
    /// Not applicable, where it is none of the registration's credentials.
    pub(crate) fn candidates(&self) -> Result<&[Held<'a>], Stop> {
        match self {
            Self::None => Err(not_applicable("the registration has no current credential")),
            Self::One(one) => Ok(std::slice::from_ref(one)),
            Self::OneOf(several) => Ok(several),
        }
    }
}

/// The same certificate on the registration and on its service principal is one and the same key.
fn same_certificate<'a>(kind: CredentialForm, several: &[Held<'a>]) -> Option<Held<'a>> {
    let exact = |held: &&Held<'_>| {
        kind == CredentialForm::Certificate && held.matches_stored.known() == Some(&true)
    };
    let one = several.iter().find(exact)?;
    let mut all = several.iter().filter(exact);
    all.all(|held| held.end == one.end).then_some(*one)
}

impl<'a> Case<'a> {
    /// Which of the registration's credentials the stored one is.
    pub(crate) fn in_use(&self) -> Result<InUse<'a>, Stop> {
        let kind = self.stored()?.kind;
        let collected = self.snapshot().started;
        let lives = |held: &Held<'_>| held.lives_at(collected);
        let token = self.token_issued();
        let issued = token == Some(true);
        let mut fits = self.of_stored_kind()?;
        let fits_stored = |held: &Held<'_>| held.matches_stored.known() != Some(&false);
        let matches = |held: &Held<'_>| held.matches_stored.known() == Some(&true);
        if let [only] = fits.as_slice() {
            let taken = match kind {
                // A hint is three letters, and a token outranks it.
                CredentialForm::Secret => {
                    token == Some(false) || fits_stored(only) || (issued && lives(only))
                }
                // A thumbprint tells for certain; where it does not, only a refusal is left to explain.
                CredentialForm::Certificate => {
                    token == Some(false) || (matches(only) && (!issued || lives(only)))
                }
            };
            if taken {
                return Ok(InUse::One(*only));
            }
            if let (CredentialForm::Certificate, Err(gap)) =
                (kind, only.credential.matches_stored.get())
            {
                return Err(gap.into());
            }
        }
        fits.retain(fits_stored);
        if issued {
            // One that begins alike has ended, and none that lives is known to: a new one that is not listed
            // yet may be the stored one, so that the only one left is no answer.
            let ended = fits.iter().any(|held| !lives(held));
            fits.retain(lives);
            let sure = fits.iter().any(matches);
            if fits.is_empty() || (ended && !sure) {
                return Err(no_live_one(kind));
            }
        }
        match fits.as_slice() {
            // Only a refusal makes it certain that it is none of them: the directory may be late.
            [] if token.is_none() => Err(self.none_fits(kind).into()),
            [] => Ok(InUse::None),
            [one] => Ok(InUse::One(*one)),
            several => Ok(match same_certificate(kind, several) {
                Some(one) => InUse::One(one),
                None => InUse::OneOf(several.to_vec()),
            }),
        }
    }

    fn none_fits(&self, kind: CredentialForm) -> Gap {
        Gap::new(
            if self.holds_nothing_usable() {
                GapKind::NotReached
            } else {
                GapKind::Unrecognised
            },
            format!(
                "no {} of the registration fits the stored one, and no token shows whether it works",
                kind.as_str()
            ),
        )
    }

    /// Whether the entry holds something else than the estate says (vault-entry-malformed).
    fn holds_nothing_usable(&self) -> bool {
        let content = self.entry_content().ok();
        content.is_some_and(|content| {
            content.problems.iter().any(|problem| {
                problem.is_unusable()
                    || matches!(
                        problem,
                        EntryProblem::CertificateInsteadOfSecret | EntryProblem::FormNotRead
                    )
            })
        })
    }

    /// The registration's credentials of the kind that is stored. One of the other kind is no candidate,
    /// and keeps nobody alive who signs in with the stored one.
    pub(crate) fn of_stored_kind(&self) -> Result<Vec<Held<'a>>, Stop> {
        let stored = kind_of(self.stored()?.kind);
        let mut held = self.held()?;
        held.retain(|held| held.kind == stored);
        Ok(held)
    }

    /// Whether this credential is the stored one. Several that begin alike cannot be told apart, nor one
    /// whose beginning Microsoft Graph does not tell.
    pub(crate) fn stored_match(&self, held: &Held<'_>) -> StoredMatch {
        let Ok(stored) = self.stored() else {
            return StoredMatch::Other;
        };
        let Ok(mut fits) = self.of_stored_kind() else {
            return StoredMatch::CannotTell;
        };
        if held.kind != kind_of(stored.kind) {
            return StoredMatch::Other;
        }
        let issued = self.token_issued() == Some(true);
        let collected = self.snapshot().started;
        fits.retain(|one| {
            one.matches_stored.known() != Some(&false) && (!issued || one.lives_at(collected))
        });
        if !fits.iter().any(|one| one.same_as(held)) {
            return StoredMatch::Other;
        }
        let exact = held.kind == CredentialKind::Certificate;
        match &held.matches_stored {
            Observed::Known(true) if exact || fits.len() == 1 => {
                if issued {
                    StoredMatch::Proven
                } else {
                    StoredMatch::Matched
                }
            }
            _ => StoredMatch::CannotTell,
        }
    }

    /// Whether the registration has a credential of the stored kind that lives at the time of collecting.
    pub(crate) fn has_live_credential(&self) -> Result<bool, Stop> {
        let collected = self.snapshot().started;
        let mut unread = None;
        for held in self.of_stored_kind()? {
            if held.start.is_some_and(|start| start > collected) {
                continue;
            }
            match &held.credential.end {
                Observed::Known(end) if !is_past(*end, collected) => return Ok(true),
                Observed::Known(_) => {}
                Observed::Unknown(gap) => unread = Some(gap),
            }
        }
        unread.map_or(Ok(false), |gap| Err(gap.into()))
    }

    /// Whether Entra refused the stored credential while the registration has a live one: then the vault
    /// is behind, and that is the finding, not the end of the old credential.
    pub(crate) fn vault_is_behind(&self) -> Result<bool, Stop> {
        let refused = self.refused_as(Class::CredentialWrong).is_some()
            || self.refused_as(Class::CredentialExpired).is_some();
        Ok(refused && self.has_live_credential()?)
    }
}

fn no_live_one(kind: CredentialForm) -> Stop {
    Gap::new(
        GapKind::Unrecognised,
        format!(
            "a token was issued for the stored value, and no valid {} that Microsoft Graph lists fits it, so its \
             expiry is unknown",
            kind.as_str()
        ),
    )
    .with_remedy("run again: Microsoft Graph may show a new one some minutes late")
    .into()
}

/// When the credential in use of one registration ends; `Ok(None)` where it has no end.
///
/// # Errors
/// Why that cannot be told, in words.
pub(crate) fn end_in_use(
    context: &Context<'_>,
    name: &str,
) -> Result<Option<DateTime<Utc>>, String> {
    let case = context
        .case(name)
        .ok_or_else(|| "it was not looked at".to_owned())?;
    let told = || -> Result<Option<DateTime<Utc>>, Stop> {
        let in_use = case.in_use()?;
        let mut ends = in_use
            .candidates()?
            .iter()
            .map(|held| held.end.get().copied().map_err(Stop::from))
            .collect::<Result<Vec<_>, _>>()?;
        ends.dedup();
        match ends.as_slice() {
            [end] => Ok((!is_no_end(*end)).then_some(*end)),
            _ => Err(not_applicable(
                "several credentials begin like the stored value",
            )),
        }
    };
    told().map_err(|stop| stop.into_words().to_string())
}
