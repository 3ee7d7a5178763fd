//! Names of an estate made of names as people gave them, and comments that stay comments.

use std::collections::BTreeSet;

/// What a name of the estate may be long.
const LONGEST: usize = 80;

/// A name that the estate takes, like this text; another one where it is taken. `otherwise` is made to a name
/// where nothing is left of the text.
pub(super) fn free(text: &str, otherwise: &str, taken: &mut BTreeSet<String>) -> String {
    let name = match allowed(text) {
        name if name.is_empty() => allowed(otherwise),
        name => name,
    };
    let mut free = name.clone();
    let mut number = 2;
    // The same in another case is another key to TOML, and no other name to a reader.
    while taken.contains(&free.to_lowercase()) {
        free = format!("{name}-{number}");
        number += 1;
    }
    taken.insert(free.to_lowercase());
    free
}

/// Letters, digits, `.`, `_` and `-` alone; runs of anything else become one hyphen.
fn allowed(text: &str) -> String {
    let mut name = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || "._-".contains(letter) {
            name.push(letter);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    let short: String = name
        .trim_matches(['-', '.'])
        .chars()
        .take(LONGEST)
        .collect();
    short.trim_end_matches(['-', '.']).to_owned()
}

/// Text that stands in one comment line, whoever wrote it: nothing in it ends the line or steers a terminal.
pub(crate) fn harmless(text: &str) -> String {
    let steers = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let clean: String = text
        .chars()
        .map(|letter| if steers(letter) { '\u{fffd}' } else { letter })
        .collect();
    clean.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_one_that_the_estate_takes_and_none_twice() {
        let mut taken = BTreeSet::new();
        let mut name = |text: &str| free(text, "id-1", &mut taken);
        assert_eq!(name("Raia Sync (prod)"), "Raia-Sync-prod");
        assert_eq!(name("raia sync / PROD"), "raia-sync-PROD-2");
        assert_eq!(name("erp.bridge_1"), "erp.bridge_1");
        assert_eq!(name("東京"), "id-1");
        assert_eq!(name("大阪"), "id-1-2");
        assert_eq!(name("a\n[auditor]\nidentity"), "a-auditor-identity");
        assert_eq!(name(&"x".repeat(300)).len(), LONGEST);
    }

    #[test]
    fn a_comment_stays_one_line() {
        assert_eq!(
            harmless(" a\n[auditor]\u{202e}b\u{1b}[2J "),
            "a\u{fffd}[auditor]\u{fffd}b\u{fffd}[2J"
        );
        assert_eq!(harmless("Büro Süd"), "Büro Süd");
    }
}
