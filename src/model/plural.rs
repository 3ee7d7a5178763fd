//! Numbers with their noun, and the first letter of a sentence.

/// `1 question`, `3 questions`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// `1 day`, `7 days`; the number alone says which side of today it is.
pub(crate) fn days(number: i64) -> String {
    if number == 1 {
        "1 day".to_owned()
    } else {
        format!("{number} days")
    }
}

/// First letter raised, unless the first word has letters of its own (`AADSTS…`, `prod/raia`).
pub(crate) fn raised(text: &str) -> String {
    let plain = text
        .split(' ')
        .next()
        .is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if plain => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
