//! Which form stands around a credential, or in its place. What is not surely one of them is left alone: a
//! secret that somebody chose may look like anything.

use base64::Engine;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::fields::Names;
use super::instead;
use super::json::Json;
use super::pairs::{self, Pairs};
use crate::collect::certificate::BASE64;
use crate::evidence::{Wrapper, WrapperForm};

/// How many forms are looked for inside one another.
const DEEPEST: usize = 6;

/// The shortest base64 that is decoded.
const SHORTEST: usize = 16;

/// What was recognised.
#[derive(Debug)]
pub(super) struct Found {
    forms: Vec<WrapperForm>,
    names: Names,
    /// What is left where they are taken off.
    pub(super) bare: Option<SecretString>,
}

impl Found {
    fn of(form: WrapperForm) -> Self {
        Self {
            forms: vec![form],
            names: Names::default(),
            bare: None,
        }
    }

    fn named(form: WrapperForm, names: Names) -> Self {
        Self {
            names,
            ..Self::of(form)
        }
    }

    fn inside(mut self, form: WrapperForm) -> Self {
        self.forms.insert(0, form);
        self
    }

    pub(super) fn wrapper(&self) -> Wrapper {
        Wrapper {
            forms: self.forms.clone(),
            fields: self.names.listed.clone(),
            other_fields: self.names.others,
            inside: None,
        }
    }
}

/// `None` where the text can be a bare credential.
pub(super) fn recognise(text: &str) -> Option<Found> {
    look(text, DEEPEST)
}

fn look(text: &str, depth: usize) -> Option<Found> {
    let depth = depth.checked_sub(1)?;
    if let Some((form, inner)) = around(text) {
        return Some(match look(&inner, depth) {
            Some(found) => found.inside(form),
            None => Found {
                bare: Some(SecretString::from(inner.trim())),
                ..Found::of(form)
            },
        });
    }
    let text = text.trim();
    if let Some(form) = instead::recognised(text) {
        return Some(Found::of(form));
    }
    if let Some(found) = structured(text) {
        return Some(found);
    }
    let inner = decoded(text)?;
    if is_entra_secret(inner.trim()) {
        return Some(Found {
            bare: Some(SecretString::from(inner.trim())),
            ..Found::of(WrapperForm::Base64)
        });
    }
    // Any short text is base64 of something: only what is surely a form counts.
    let found = look(&inner, depth)?;
    let sure = found
        .bare
        .as_ref()
        .is_none_or(|bare| is_entra_secret(secrecy::ExposeSecret::expose_secret(bare)));
    sure.then(|| found.inside(WrapperForm::Base64))
}

fn structured(text: &str) -> Option<Found> {
    if let Some(json) = Json::read(text) {
        return Some(Found::named(WrapperForm::Json, json.names()));
    }
    if let Some(pairs) = Pairs::read(text) {
        return Some(Found::named(pairs.form, pairs.names()));
    }
    if let Some(names) = pairs::printed(text) {
        return Some(Found::named(WrapperForm::PrintedObject, names));
    }
    None
}

type Inner = Zeroizing<String>;

/// What stands around the text, and the text without it.
fn around(text: &str) -> Option<(WrapperForm, Inner)> {
    utf16(text)
        .or_else(|| byte_order_mark(text))
        .or_else(|| quotes(text))
        .or_else(|| stray(text))
        .or_else(|| escaped_end(text))
        .or_else(|| percent(text))
}

fn kept(text: &str) -> Inner {
    Zeroizing::new(text.to_owned())
}

fn without(text: &str, is: impl Fn(char) -> bool) -> Inner {
    let mut inner = Zeroizing::new(String::with_capacity(text.len()));
    inner.extend(text.chars().filter(|letter| !is(*letter)));
    inner
}

/// U+FEFF, and the bytes of UTF-8's mark read in a code page of Windows.
fn byte_order_mark(text: &str) -> Option<(WrapperForm, Inner)> {
    let text = text.trim_start();
    let rest = ["\u{feff}", "\u{ef}\u{bb}\u{bf}"]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))?;
    Some((WrapperForm::ByteOrderMark, kept(rest)))
}

/// UTF-16 read byte by byte: a NUL at every other place, behind its mark or not.
fn utf16(text: &str) -> Option<(WrapperForm, Inner)> {
    let rest = text.trim_start_matches(['\u{ff}', '\u{fe}', '\u{fffd}', '\u{feff}']);
    let (nuls, all) = (rest.matches('\0').count(), rest.chars().count());
    (nuls > 0 && nuls * 3 >= all)
        .then(|| (WrapperForm::Utf16, without(rest, |letter| letter == '\0')))
        .filter(|(_, inner)| !inner.trim().is_empty())
}

/// A pair of quotes, straight or typeset, escaped or not; or one of them lost.
fn quotes(text: &str) -> Option<(WrapperForm, Inner)> {
    const PAIRS: [(&str, &str); 10] = [
        ("\\\"", "\\\""),
        ("\\'", "\\'"),
        ("\"", "\""),
        ("'", "'"),
        ("`", "`"),
        ("\u{201c}", "\u{201d}"),
        ("\u{201e}", "\u{201c}"),
        ("\u{2018}", "\u{2019}"),
        ("\u{ab}", "\u{bb}"),
        ("&quot;", "&quot;"),
    ];
    let text = text.trim();
    let paired = PAIRS.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.trim().is_empty()).then_some(inner)
    });
    let any_quote = |letter: char| "\"'`\u{201c}\u{201d}\u{2018}\u{2019}\\".contains(letter);
    let inner = paired.or_else(|| {
        let inner = text.trim_matches(any_quote);
        (inner.len() < text.len() && is_entra_secret(inner)).then_some(inner)
    })?;
    Some((WrapperForm::Quotes, kept(inner)))
}

/// Characters that nobody sees; and white space inside what is a secret without it.
fn stray(text: &str) -> Option<(WrapperForm, Inner)> {
    let unseen = |letter: char| {
        (letter.is_control() && !['\n', '\r', '\t'].contains(&letter))
            || matches!(letter,
                '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}')
    };
    let trimmed = text.trim_matches(|letter: char| letter.is_ascii_whitespace());
    let inner = without(trimmed, unseen);
    if inner.len() < trimmed.len() {
        return (!inner.trim().is_empty()).then_some((WrapperForm::StrayCharacters, inner));
    }
    let inner = without(trimmed, char::is_whitespace);
    (inner.len() < trimmed.len() && is_entra_secret(&inner))
        .then_some((WrapperForm::StrayCharacters, inner))
}

fn escaped_end(text: &str) -> Option<(WrapperForm, Inner)> {
    let text = text.trim();
    let inner = text.strip_suffix("\\n")?;
    let inner = inner.strip_suffix("\\r").unwrap_or(inner);
    (!inner.is_empty() && !inner.contains("-----"))
        .then(|| (WrapperForm::EscapedLineBreak, kept(inner)))
}

fn percent(text: &str) -> Option<(WrapperForm, Inner)> {
    let text = text.trim();
    if !text.contains('%') {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).ok()?);
    }
    let inner = std::str::from_utf8(&bytes).ok()?;
    is_entra_secret(inner.trim()).then(|| (WrapperForm::PercentEncoding, kept(inner)))
}

/// The text in base64, of UTF-8 or of UTF-16 as PowerShell encodes it.
fn decoded(text: &str) -> Option<Inner> {
    let plain = without(text, char::is_whitespace);
    let plain = Zeroizing::new(plain.replace('-', "+").replace('_', "/"));
    if plain.len() < SHORTEST {
        return None;
    }
    let bytes = Zeroizing::new(BASE64.decode(plain.as_bytes()).ok()?);
    let inner = std::str::from_utf8(&bytes).ok()?;
    if inner.contains('\0') {
        return utf16(inner).map(|(_, inner)| inner);
    }
    Some(kept(inner))
}

/// Whether this is surely a client secret as Entra makes them since 2021: three characters, a digit, `Q~`,
/// and 31 to 34 more. Source: the detectors of public secret scanners. Older ones have no form of their own.
pub(super) fn is_entra_secret(text: &str) -> bool {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"~._-".contains(byte);
    let bytes = text.as_bytes();
    (36..=44).contains(&bytes.len())
        && bytes.iter().all(fits)
        && bytes.get(3).is_some_and(u8::is_ascii_digit)
        && bytes.get(4..6) == Some(b"Q~")
}
