//! Opening what a credential stands in: where the estate names the field, and a connection string that
//! cannot be anything else. Everything else stays closed, for what the integration makes of it is not known.

use secrecy::{ExposeSecret, SecretString};

use super::fields::{Beside, Names};
use super::forms;
use super::json::Json;
use super::pairs::Pairs;
use crate::evidence::{EntryProblem, Inside, Wrapper, WrapperForm};

/// What was taken out.
pub(super) struct Opened {
    pub(super) text: SecretString,
    /// `None` where nothing stood around it.
    pub(super) wrapper: Option<Wrapper>,
    pub(super) beside: Beside,
}

/// Why nothing could be taken out, and what was there.
#[derive(Debug)]
pub(super) struct Closed {
    pub(super) problem: EntryProblem,
    pub(super) wrapper: Option<Wrapper>,
}

impl From<EntryProblem> for Closed {
    fn from(problem: EntryProblem) -> Self {
        Self {
            problem,
            wrapper: None,
        }
    }
}

/// Which field is wanted where the estate names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    ClientSecret,
    ClientId,
    /// Nothing is opened.
    Whole,
}

/// What was opened.
fn opened(inside: Inside, names: Names) -> Wrapper {
    Wrapper {
        inside: Some(inside),
        fields: names.listed,
        other_fields: names.others,
        ..Wrapper::default()
    }
}

/// What stays closed.
fn closed(problem: EntryProblem, form: WrapperForm, names: Names) -> Closed {
    Closed {
        problem,
        wrapper: Some(Wrapper {
            forms: vec![form],
            fields: names.listed,
            other_fields: names.others,
            inside: None,
        }),
    }
}

/// # Errors
/// Empty; with `field`, why there is no such text in it.
pub(super) fn open(
    value: &SecretString,
    field: Option<&str>,
    wanted: Wanted,
) -> Result<Opened, Closed> {
    let whole = value.expose_secret();
    if whole.trim().is_empty() {
        return Err(EntryProblem::Empty.into());
    }
    if let Some(field) = field {
        return named(whole, field);
    }
    if let Some(opened) = unnamed(whole, wanted) {
        return Ok(opened);
    }
    Ok(Opened {
        text: value.clone(),
        wrapper: None,
        beside: Beside::default(),
    })
}

fn unnamed(whole: &str, wanted: Wanted) -> Option<Opened> {
    if wanted == Wanted::Whole {
        return None;
    }
    let pairs = Pairs::read(whole)?;
    let (inside, text) = match wanted {
        Wanted::ClientSecret => pairs.client_secret()?,
        Wanted::ClientId => pairs.client_id()?,
        Wanted::Whole => return None,
    };
    Some(Opened {
        text,
        wrapper: Some(opened(inside, pairs.names())),
        beside: pairs.beside(),
    })
}

fn named(whole: &str, field: &str) -> Result<Opened, Closed> {
    // Readers of .NET skip the mark, and what it would break is not the credential.
    let bare = whole.trim_start_matches('\u{feff}');
    let marked = bare.len() < whole.len();
    let done = |mut inside: Inside, names, text, beside| {
        inside.replaceable &= !marked;
        Opened {
            text,
            wrapper: Some(opened(inside, names)),
            beside,
        }
    };
    if let Some(json) = Json::read(bare) {
        return match json.take(field) {
            Ok((inside, text, beside)) => Ok(done(inside, json.names(), text, beside)),
            Err(problem) => Err(closed(problem, WrapperForm::Json, json.names())),
        };
    }
    if let Some(pairs) = Pairs::read(bare) {
        return match pairs.take(field) {
            Some((inside, text)) if !text.expose_secret().trim().is_empty() => {
                Ok(done(inside, pairs.names(), text, pairs.beside()))
            }
            taken => Err(closed(
                taken.map_or(EntryProblem::FieldMissing, |_| EntryProblem::Empty),
                pairs.form,
                pairs.names(),
            )),
        };
    }
    Err(Closed {
        problem: EntryProblem::NoJson,
        wrapper: forms::recognise(whole).map(|found| found.wrapper()),
    })
}
