//! Facts decide: no product code searches the sentences that say them.

use super::paths::Sources;

/// What is written for people: what was seen and why, notes, and what a call was answered.
const PROSE: [&str; 9] = [
    "seen", "why", "note", "observed", "granted", "remedy", "last_use", "hits", "doubt",
];

/// Methods that look into a text; each also with more behind it, as `split_once`.
const SEARCHES: [&str; 6] = [
    "contains",
    "starts_with",
    "ends_with",
    "strip_",
    "split",
    "rsplit",
];

/// What 0.1.0 kept in words alone is read as facts here, and nowhere else.
const CONVERTERS: [&str; 2] = ["model::assessment::kept_words", "model::observed::kept_gap"];

/// Who may have the letters of a sentence: whoever lays it out; who reads what 0.1.0 kept of a reason; and the
/// privacy cut, which takes out of it what another owner must not see.
const LAYS_OUT: [&str; 1] = ["report"];
const READS_KEPT: &str = "model::why";
const CUTS: &str = "evaluate::audience::foreign";

/// A library says in words alone that a certificate was not trusted.
const OF_A_LIBRARY: &str = "deliver::smtp::talk";

/// Whether a module has the letters of a sentence in its hands.
fn takes_letters(text: &str) -> bool {
    text.contains(".letters()") || text.contains("Prose::letters")
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Every search in a prose field or a variable of its name, as `why.split_once`, also behind other methods.
fn searches(text: &str) -> Vec<String> {
    let pieces: Vec<&str> = text.split_whitespace().collect();
    let text = pieces.join(" ").replace(" .", ".").replace(" ?", "?");
    let mut found = Vec::new();
    for field in PROSE {
        for (at, _) in text.match_indices(field) {
            let behind = &text[at + field.len()..];
            if text[..at].ends_with(is_word) || !behind.starts_with(['.', '?']) {
                continue;
            }
            let searched = methods(behind).into_iter().find(|method| {
                let mut all = SEARCHES.iter();
                all.any(|search| method.starts_with(search))
            });
            found.extend(searched.map(|method| format!("{field}..{method}")));
        }
    }
    found
}

/// The methods called one upon the other at the start: `.as_deref().map(..)` and so on.
fn methods(mut text: &str) -> Vec<&str> {
    let mut methods = Vec::new();
    loop {
        text = text.trim_start_matches('?');
        let Some(call) = text.strip_prefix('.') else {
            return methods;
        };
        let end = call.find(|letter| !is_word(letter)).unwrap_or(call.len());
        methods.push(&call[..end]);
        text = &call[end..];
        if text.starts_with('(') {
            text = &text[closing(text)..];
        }
    }
}

/// Behind the bracket that closes the one at the start.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

#[test]
fn a_search_in_a_sentence_is_seen_however_it_is_written() {
    for search in [
        "if gap.seen.contains(\"x\") {}",
        "gap\n    .why\n    .as_deref()\n    .map(str::trim)?\n    .starts_with(\"no token\")",
        "let (a, b) = rung.note.split_once(':')?;",
        "let older = |why: &str| why.strip_prefix(\"x\");",
    ] {
        assert_eq!(searches(search).len(), 1, "{search}");
    }
    for none in [
        "unseen.contains(1)",
        "gap.seen.is_empty() && names.contains(&name)",
        "text.push_str(&gap.seen); text.contains('x')",
    ] {
        assert!(searches(none).is_empty(), "{none}");
    }
}

#[test]
fn no_sentence_is_searched_for_a_fact() {
    let sources: Sources = super::sources_by_module();
    let mut converters = CONVERTERS.to_vec();
    let mut deciding = Vec::new();
    for (module, text) in sources.product() {
        let module = module.join("::");
        let found = searches(&text);
        if CONVERTERS.contains(&module.as_str()) {
            converters.retain(|one| *one != module || found.is_empty());
        } else if module != OF_A_LIBRARY {
            deciding.extend(found.iter().map(|search| format!("{module}: {search}")));
        }
    }
    assert!(
        deciding.is_empty(),
        "words decide, give the fact a field: {deciding:#?}"
    );
    assert!(
        converters.is_empty(),
        "no converter any more: {converters:?}"
    );
}

/// The compiler refuses to search a sentence; its letters are handed out by one method, to these only.
#[test]
fn the_letters_of_a_sentence_are_for_those_who_lay_it_out() {
    let sources: Sources = super::sources_by_module();
    let mut searching = Vec::new();
    let mut seen = 0;
    for (module, _) in (sources.product()).filter(|(_, text)| takes_letters(text)) {
        let room = module.first().map(String::as_str).unwrap_or_default();
        let module = module.join("::");
        seen += 1;
        let is_known =
            CONVERTERS.contains(&module.as_str()) || [READS_KEPT, CUTS].contains(&&*module);
        if !is_known && !LAYS_OUT.contains(&room) {
            searching.push(module);
        }
    }
    assert!(seen > 10, "nobody takes letters: the test looks past them");
    assert!(
        searching.is_empty(),
        "words are shown and not searched, give the fact a field: {searching:#?}"
    );
}
