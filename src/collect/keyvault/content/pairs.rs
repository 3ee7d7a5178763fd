//! `name=value` texts: connection strings by the rules of .NET's `DbConnectionStringBuilder`, and lines of
//! variables. Names by "Use connection strings in XRM tooling to connect to Microsoft Dataverse"
//! (Microsoft Learn, read 2026-11-30).

use secrecy::SecretString;
use zeroize::Zeroizing;

use super::fields::{Beside, Names, folded, names_a_client_id, names_a_secret};
use crate::evidence::{Inside, PathSegment, WrapperForm};

/// Pairs of names and values, in their order.
pub(super) struct Pairs<'t> {
    pub(super) form: WrapperForm,
    pairs: Vec<Pair<'t>>,
    /// Whether the text is nothing but names, values and the marks between them.
    plain: bool,
}

struct Pair<'t> {
    name: &'t str,
    value: Zeroizing<String>,
}

impl<'t> Pairs<'t> {
    /// `None` where the text is neither.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let text = text.trim();
        if text.contains(';') || !text.contains(['\n', '\r']) {
            connection_string(text)
        } else {
            lines(text)
        }
    }

    pub(super) fn names(&self) -> Names {
        let mut names = Names::default();
        for pair in &self.pairs {
            names.push(pair.name);
        }
        names
    }

    pub(super) fn beside(&self) -> Beside {
        let mut beside = Beside::default();
        for pair in &self.pairs {
            beside.look_at(pair.name, &pair.value);
        }
        beside
    }

    /// The value of this name, in any spelling. Of several the last counts, as in .NET.
    pub(super) fn take(&self, name: &str) -> Option<(Inside, SecretString)> {
        let wanted = folded(name);
        self.last(|pair| folded(pair.name) == wanted)
    }

    /// The client secret of what cannot be anything else than a connection string with one: it has a client
    /// id as well, and names no other way to sign in.
    pub(super) fn client_secret(&self) -> Option<(Inside, SecretString)> {
        if self.form != WrapperForm::ConnectionString {
            return None;
        }
        let way = |pair: &Pair<'_>| {
            !["authtype", "authenticationtype"].contains(&folded(pair.name).as_str())
                || folded(&pair.value) == "clientsecret"
        };
        let complete = self.pairs.iter().any(|pair| names_a_client_id(pair.name))
            && self.pairs.iter().all(way);
        complete.then(|| self.last(|pair| names_a_secret(pair.name)))?
    }

    /// The client id of such a connection string.
    pub(super) fn client_id(&self) -> Option<(Inside, SecretString)> {
        self.client_secret()?;
        self.last(|pair| names_a_client_id(pair.name))
    }

    fn last(&self, is: impl Fn(&Pair<'_>) -> bool) -> Option<(Inside, SecretString)> {
        let mut found = self.pairs.iter().filter(|pair| is(pair));
        let pair = found.next_back()?;
        let inside = Inside {
            form: self.form,
            path: vec![PathSegment::Name(pair.name.to_owned())],
            replaceable: self.plain && found.next().is_none(),
        };
        Some((inside, SecretString::from(pair.value.as_str())))
    }
}

/// Whether this can be the name of a setting.
fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b" _-.:".contains(&byte);
    name.bytes()
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && name.len() <= 64
        && name.bytes().all(fits)
}

/// One pair alone is only taken for one where its name says that a secret follows: old secrets have `=` in
/// them.
fn many_enough(pairs: &[Pair<'_>]) -> bool {
    match pairs {
        [] => false,
        [one] => names_a_secret(one.name) && !one.value.is_empty(),
        _ => true,
    }
}

fn connection_string(text: &str) -> Option<Pairs<'_>> {
    let mut pairs = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter == ';' || letter.is_whitespace());
        if rest.is_empty() {
            break;
        }
        let (name, after) = rest.split_once('=')?;
        // A doubled `=` belongs to the name; no setting that is known has one.
        let name = name.trim();
        if !is_name(name) || after.starts_with('=') {
            return None;
        }
        let (value, after) = value(after)?;
        pairs.push(Pair { name, value });
        rest = after;
    }
    many_enough(&pairs).then(|| Pairs {
        form: WrapperForm::ConnectionString,
        pairs,
        plain: !text.contains(['"', '\'', '\n', '\r']),
    })
}

/// A value up to its `;`, in quotes or not, and what follows it.
fn value(text: &str) -> Option<(Zeroizing<String>, &str)> {
    let text = text.trim_start_matches([' ', '\t']);
    let Some(quote) = text
        .chars()
        .next()
        .filter(|first| ['"', '\''].contains(first))
    else {
        let end = text.find(';').unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end)?;
        return Some((Zeroizing::new(value.trim().to_owned()), rest));
    };
    let mut value = Zeroizing::new(String::with_capacity(text.len()));
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((place, letter)) = letters.next() {
        if letter != quote {
            value.push(letter);
        } else if letters.next_if(|(_, next)| *next == quote).is_some() {
            value.push(quote);
        } else {
            let rest = text.get(place + 1..)?.trim_start();
            return (rest.is_empty() || rest.starts_with(';')).then_some((value, rest));
        }
    }
    None
}

/// Lines of `NAME=value`, with or without `export` and quotes; empty lines and comments between them.
fn lines(text: &str) -> Option<Pairs<'_>> {
    let mut pairs = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = ["export ", "set ", "$env:", "$"]
            .iter()
            .find_map(|start| line.strip_prefix(start))
            .unwrap_or(line);
        let (name, value) = line.split_once('=')?;
        let name = name.trim();
        if !is_name(name) || name.contains(' ') {
            return None;
        }
        let value = value.trim();
        let value = ['"', '\'']
            .iter()
            .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
            .unwrap_or(value);
        let value = Zeroizing::new(value.to_owned());
        pairs.push(Pair { name, value });
    }
    many_enough(&pairs).then(|| Pairs {
        form: WrapperForm::Variables,
        pairs,
        plain: !text.contains(['"', '\'', '\r', '$', ' ', '#']),
    })
}

/// The names of an object as PowerShell prints it, `@{name=value; name=value}` or `name : value` lines, and
/// of YAML, which looks alike.
pub(super) fn printed(text: &str) -> Option<Names> {
    let text = text.trim();
    let mut names = Names::default();
    let inside = text
        .strip_prefix("@{")
        .and_then(|text| text.strip_suffix('}'));
    let parts: Vec<(&str, &str)> = match inside {
        Some(inside) => inside
            .split([';', '\n'])
            .filter(|part| !part.trim().is_empty())
            .map(|part| part.split_once('='))
            .collect::<Option<_>>()?,
        None => text
            .lines()
            .filter(|line| !line.trim().is_empty() && line.trim() != "---")
            .map(|line| line.split_once(':'))
            .collect::<Option<_>>()?,
    };
    for (name, value) in &parts {
        if !is_name(name.trim()) || value.starts_with("//") {
            return None;
        }
        names.push(name.trim());
    }
    match parts.as_slice() {
        [] => None,
        [(name, _)] if inside.is_none() => names_a_secret(name).then_some(names),
        _ => Some(names),
    }
}
