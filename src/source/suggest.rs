//! Guessing which word was meant, and putting words into a sentence.

/// The known word nearest to `word`, when it is near enough to be a slip of the pen.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // Hostile input may be a megabyte long; no known word is.
    if word.is_empty() || word.chars().count() > 100 {
        return None;
    }
    let folded = fold(word);
    known
        .into_iter()
        .map(|candidate| {
            let near = strsim::jaro_winkler(&folded, &fold(candidate));
            (near, candidate)
        })
        .filter(|(near, _)| *near >= 0.85)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}

/// What a mark says of a word that is not known: which one was meant, or `otherwise`.
pub(crate) fn meant_or<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    did_you_mean(word, known).map_or_else(
        || otherwise.to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    )
}

/// `client_id`, `clientId` and `client-id` are the same word to a reader.
fn fold(word: &str) -> String {
    word.chars()
        .filter(|letter| !matches!(letter, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// `a`, `a or b`, `a, b or c`, each in backticks.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// The beginning of a word that may be of any length.
pub(super) fn short(word: &str) -> String {
    if word.chars().count() <= 60 {
        return word.to_owned();
    }
    let head: String = word.chars().take(57).collect();
    format!("{head}...")
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, listed};

    #[test]
    fn a_slip_is_guessed_and_another_word_is_not() {
        let known = ["environment", "client-id", "name"];
        assert_eq!(did_you_mean("enviroment", known), Some("environment"));
        assert_eq!(did_you_mean("clientId", known), Some("client-id"));
        assert_eq!(did_you_mean("colour", known), None);
        assert_eq!(did_you_mean("", known), None);
        assert_eq!(did_you_mean(&"x".repeat(1_000_000), known), None);
    }

    #[test]
    fn words_are_listed_as_in_a_sentence() {
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
