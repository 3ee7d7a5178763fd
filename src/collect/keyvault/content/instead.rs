//! What stands in the place of a credential where something went wrong on its way: a variable that nobody
//! filled, the name of a type, a reference.

use url::Url;

use crate::evidence::WrapperForm;

/// The longest name of a variable.
const LONGEST: usize = 120;

/// How an encrypted SecureString begins, `ConvertFrom-SecureString` on Windows: the fixed head of a blob of
/// the Data Protection API.
const PROTECTED: &str = "01000000d08c9ddf0115d1118c7a00c04fc297eb";

/// Words that programs write for nothing.
const NOTHING: [&str; 13] = [
    "null",
    "undefined",
    "none",
    "nil",
    "nan",
    "(null)",
    "<null>",
    "n/a",
    "false",
    "true",
    "{}",
    "[]",
    "\"\"",
];

/// `text` has no white space around it.
pub(super) fn recognised(text: &str) -> Option<WrapperForm> {
    let lower = text.to_lowercase();
    if lower == "system.security.securestring" || lower.starts_with(PROTECTED) {
        return Some(WrapperForm::SecureString);
    }
    if lower.starts_with("@microsoft.keyvault(")
        || ["secretref:", "keyvaultref:", "akv:", "keyvault:"]
            .iter()
            .any(|start| lower.starts_with(start))
    {
        return Some(WrapperForm::VaultReference);
    }
    if let Some(form) = address(text, &lower) {
        return Some(form);
    }
    if is_placeholder(text, &lower) {
        return Some(WrapperForm::Placeholder);
    }
    if NOTHING.contains(&lower.as_str()) || lower.starts_with("[object ") || is_type(text) {
        return Some(WrapperForm::NoValue);
    }
    if is_mask(text) {
        return Some(WrapperForm::Mask);
    }
    if is_token(text) {
        return Some(WrapperForm::Token);
    }
    markup(&lower)
}

/// An address of a vault, of something in Azure, or of anything.
fn address(text: &str, lower: &str) -> Option<WrapperForm> {
    if lower.starts_with("/subscriptions/") {
        let vault = lower.contains("/microsoft.keyvault/");
        return Some(if vault {
            WrapperForm::VaultReference
        } else {
            WrapperForm::Address
        });
    }
    if text.contains(char::is_whitespace)
        || !["https://", "http://"]
            .iter()
            .any(|scheme| lower.starts_with(scheme))
    {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    Some(
        if host.contains(".vault.") || host.contains(".managedhsm.") {
            WrapperForm::VaultReference
        } else {
            WrapperForm::Address
        },
    )
}

/// A variable as pipelines, shells and templates write it, or a hint to put the secret here. The whole text is
/// one, or nothing but several of them.
fn is_placeholder(text: &str, lower: &str) -> bool {
    const MARKS: [(&str, &str); 13] = [
        ("${{", "}}"),
        ("$(", ")"),
        ("${", "}"),
        ("#{", "}#"),
        ("#{", "}"),
        ("{{", "}}"),
        ("@{", "}"),
        ("__", "__"),
        ("%", "%"),
        ("<", ">"),
        ("((", "))"),
        ("@parameters(", ")"),
        ("[parameters(", ")]"),
    ];
    let name = |inner: &str| {
        let inner = inner.trim();
        !inner.is_empty()
            && inner.len() <= LONGEST
            && !inner.contains(['<', '>', '=', '\n', '\r', ';'])
    };
    let marked = MARKS.iter().any(|(open, close)| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(name)
    });
    let bare = text.strip_prefix("$env:").is_some_and(is_variable)
        || text.strip_prefix('$').is_some_and(|name| {
            is_variable(name) && (lower.contains("secret") || *name == *name.to_uppercase())
        });
    let folded: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let hint = [
        "changeme",
        "changeit",
        "replaceme",
        "tobereplaced",
        "todo",
        "tbd",
        "fixme",
        "placeholder",
        "redacted",
        "yourclientsecret",
        "yourclientsecrethere",
        "yoursecret",
        "yoursecrethere",
        "yourclientsecretvalue",
        "insertsecrethere",
        "insertclientsecrethere",
        "clientsecret",
        "clientsecrethere",
        "secrethere",
        "putsecrethere",
        "entersecrethere",
    ]
    .contains(&folded.as_str());
    marked || bare || hint
}

fn is_variable(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.len() >= 3
        && name
            .bytes()
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic())
        && name.bytes().all(fits)
}

/// The full name of a .NET type, which is what a program writes that turns an object into text.
fn is_type(text: &str) -> bool {
    let mut parts = text.split('.');
    let root = parts
        .next()
        .is_some_and(|root| ["System", "Microsoft"].contains(&root));
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_`+[],".contains(&byte);
    root && text.split('.').count() >= 2
        && parts.all(|part| {
            part.bytes()
                .next()
                .is_some_and(|first| first.is_ascii_uppercase())
                && part.bytes().all(fits)
        })
}

/// Nothing but marks, or the few letters that Entra and the portal show before them.
fn is_mask(text: &str) -> bool {
    let mark = |letter: char| "*\u{2022}\u{25cf}\u{b7}".contains(letter);
    let marks = text
        .chars()
        .rev()
        .take_while(|letter| mark(*letter))
        .count();
    let shown = text.chars().count() - marks;
    (shown == 0 && marks >= 3)
        || (shown <= 6 && marks >= 8)
        || ((3..=64).contains(&text.len()) && text.bytes().all(|byte| b"xX".contains(&byte)))
}

/// Three parts in base64url, the first of which begins as `{"` does.
fn is_token(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let text = text.strip_prefix("Bearer ").unwrap_or(text);
    let parts: Vec<&str> = text.split('.').collect();
    text.starts_with("eyJ")
        && parts.len() == 3
        && parts
            .iter()
            .all(|part| part.len() >= 8 && part.bytes().all(fits))
}

fn markup(lower: &str) -> Option<WrapperForm> {
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Some(WrapperForm::Html);
    }
    let xml = lower.starts_with("<?xml")
        || (lower.starts_with('<')
            && lower.ends_with('>')
            && (lower.contains("</") || lower.ends_with("/>")));
    xml.then_some(WrapperForm::Xml)
}
