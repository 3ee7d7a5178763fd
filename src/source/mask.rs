//! Finding what may be a secret in a file's text, so that a drawn line never shows it.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Keys whose plain value is always hidden, letters only.
const SENSITIVE: [&str; 10] = [
    "password",
    "passwd",
    "pwd",
    "pass",
    "credential",
    "clientsecret",
    "apikey",
    "token",
    "connectionstring",
    "value",
];

/// Keys whose value is hidden unless it reads like `vault/name`.
const REFERENCES: [&str; 2] = ["secret", "certificate"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    /// `env`: hidden unless it reads like a variable's name.
    Variable,
    Reference,
    /// `url`: hidden where more than a host stands in it, as in a webhook's address.
    Address,
    Sensitive,
}

impl Kind {
    /// Whether a text under such a key must not be shown.
    fn hides(self, text: &str) -> bool {
        match self {
            Self::Sensitive => true,
            Self::Reference => !reads_like_reference(text),
            Self::Variable => !reads_like_variable(text),
            Self::Address => looks_secret(text) || leads_far(text) || is_private_address(text),
            Self::Plain => looks_secret(text) || is_private_address(text),
        }
    }
}

/// The stretches of a file that may hold a secret, in order, none overlapping another.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // The tree knows exactly where values end; the text also covers what the parser gave up on.
    let (tree, _) = DeTable::parse_recoverable(text);
    in_table(tree.get_ref(), false, &mut found);
    in_text(text, &mut found);
    found.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in found {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// Whether a text reads like a pasted secret: long, unbroken, with capitals, small letters and
/// digits mixed; or an address with user info.
pub(crate) fn looks_secret(text: &str) -> bool {
    if let Some((_, rest)) = text.split_once("://") {
        return rest.contains('@');
    }
    text.chars().count() >= 20
        && !text.contains(char::is_whitespace)
        && text.contains(|letter: char| letter.is_ascii_uppercase())
        && text.contains(|letter: char| letter.is_ascii_lowercase())
        && text.contains(|letter: char| letter.is_ascii_digit())
        && !text.split('/').all(is_guid_shaped)
}

/// Whether an address goes on for so long behind its host that the rest may be what makes it secret.
fn leads_far(text: &str) -> bool {
    const SHORT: usize = 16;
    let behind = text.split_once("://").map_or(text, |(_, rest)| rest);
    behind
        .find(['/', '?'])
        .is_some_and(|host| behind.len() - host > SHORT)
}

/// Whether an address opens something by being known, as those of webhooks do: it goes on behind its host, and is
/// none of the services that the estate names.
fn is_private_address(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else {
        return false;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, behind) = rest.split_at(end);
    let host = host.to_ascii_lowercase();
    let ours = [".vault.", ".dynamics.", "learn.microsoft."];
    behind.len() > 1 && !ours.iter().any(|part| host.contains(part))
}

fn is_guid_shaped(text: &str) -> bool {
    text.len() == 36 && text.bytes().filter(|byte| *byte == b'-').count() == 4
}

/// Whether a text has the look of `vault/name`, so that a message may quote it.
pub(crate) fn reads_like_reference(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part.len() <= 127
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            && !looks_secret(part)
    };
    text.split_once('/')
        .is_some_and(|(vault, name)| plain(vault) && plain(name))
}

/// Whether a text reads like the name of an environment variable: capitals, digits, underscores.
/// Small letters are left out although they are legal, because a pasted password has them.
pub(crate) fn reads_like_variable(text: &str) -> bool {
    text.len() <= 200
        && text.starts_with(|first: char| first.is_ascii_uppercase() || first == '_')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

fn kind_of(key: &str) -> Kind {
    let letters: String = key
        .chars()
        .take(64)
        .filter(char::is_ascii_alphabetic)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    // A slip in the key must not uncover the value: `pasword = "..."`.
    let near = |word: &str| {
        letters == word || (word.len() > 5 && strsim::levenshtein(&letters, word) <= 2)
    };
    if SENSITIVE.into_iter().any(near) {
        Kind::Sensitive
    } else if REFERENCES.into_iter().any(near) {
        Kind::Reference
    } else if letters == "url" || letters == "webhook" {
        Kind::Address
    } else if letters == "env" {
        Kind::Variable
    } else {
        Kind::Plain
    }
}

fn in_table(table: &DeTable<'_>, inside_sensitive: bool, found: &mut Vec<Range<usize>>) {
    for (key, value) in table {
        let kind = match kind_of(key.get_ref()) {
            Kind::Plain if inside_sensitive && &**key.get_ref() != "field" => Kind::Sensitive,
            kind => kind,
        };
        in_value(value, kind, found);
    }
}

fn in_value(value: &Spanned<DeValue<'_>>, kind: Kind, found: &mut Vec<Range<usize>>) {
    match value.get_ref() {
        DeValue::Table(table) => in_table(table, kind != Kind::Plain, found),
        DeValue::Array(members) => {
            for member in members {
                in_value(member, kind, found);
            }
        }
        DeValue::String(text) if kind.hides(text) => found.push(value.span()),
        _ if kind == Kind::Sensitive => found.push(value.span()),
        _ => {}
    }
}

fn in_text(text: &str, found: &mut Vec<Range<usize>>) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        for (at, _) in line.match_indices('=') {
            let key = line[..at].trim_end().trim_end_matches(['"', '\'']);
            let key_start = key
                .rfind(|letter: char| !(letter.is_ascii_alphanumeric() || "-_".contains(letter)))
                .map_or(0, |before| {
                    before + key[before..].chars().next().map_or(1, char::len_utf8)
                });
            let kind = kind_of(&key[key_start..]);
            if kind != Kind::Plain
                && let Some(range) = value_after(text, start + at + 1, start + line.len(), kind)
            {
                found.push(range);
            }
        }
        for word in
            line.split(|letter: char| letter.is_whitespace() || "\"'=,{}[]#".contains(letter))
        {
            if looks_secret(word) || is_private_address(word) {
                // `split` hands out parts of `line`, so the distance is the offset.
                let at = word.as_ptr().addr() - line.as_ptr().addr();
                found.push(start + at..start + at + word.len());
            }
        }
        start += line.len();
    }
}

/// The value that follows a telling key, as far as the text alone shows where it ends.
fn value_after(text: &str, from: usize, line_end: usize, kind: Kind) -> Option<Range<usize>> {
    let rest = &text[from..line_end];
    let begin = from + (rest.len() - rest.trim_start().len());
    let rest = text[begin..line_end.max(begin)].trim_end();
    if rest.is_empty() || (rest.starts_with('{') && rest.contains('=')) {
        return None;
    }
    for fence in ["\"\"\"", "'''"] {
        if let Some(body) = text[begin..].strip_prefix(fence) {
            let end = body.find(fence).map_or(text.len(), |at| begin + 3 + at + 3);
            return Some(begin..end);
        }
    }
    let quote = rest.chars().next().filter(|first| "\"'".contains(*first));
    let closed = quote.and_then(|quote| rest[1..].find(quote).map(|at| at + 2));
    if let Some(length) = closed {
        let after = rest[length..].trim_start();
        if after.is_empty() || after.starts_with([',', '}', ']', '#']) {
            let inner = &rest[1..length - 1];
            return kind.hides(inner).then_some(begin..begin + length);
        }
    }
    Some(begin..begin + rest.len())
}
