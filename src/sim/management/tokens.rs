//! The words and signs of a query to Azure Resource Graph, each with its place.

/// A word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub text: String,
    /// From 1.
    pub line: usize,
    /// From 0.
    pub at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, a path of names (`properties.vaultUri`), a number.
    Word,
    Text,
    Sign,
}

/// The longest first.
const SIGNS: [&str; 9] = ["=~", "==", "!~", "!=", "|", ",", "(", ")", "="];

/// The query's tokens; the one that none can be made of is the last, as a sign.
pub(super) fn tokens(query: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (number, line) in query.lines().enumerate() {
        let mut at = 0;
        while let Some(first) = line[at..].chars().next() {
            if first.is_whitespace() {
                at += first.len_utf8();
                continue;
            }
            let (kind, text, length) = next(&line[at..], first);
            tokens.push(Token {
                kind,
                text,
                line: number + 1,
                at,
            });
            at += length;
        }
    }
    tokens
}

/// Kind, text and length of the token that the line begins with.
fn next(line: &str, first: char) -> (TokenKind, String, usize) {
    if let Some(sign) = SIGNS.iter().find(|sign| line.starts_with(**sign)) {
        return (TokenKind::Sign, (*sign).to_owned(), sign.len());
    }
    if ['\'', '"'].contains(&first)
        && let Some(end) = line[1..].find(first)
    {
        return (TokenKind::Text, line[1..=end].to_owned(), end + 2);
    }
    let of_word = |letter: char| letter.is_ascii_alphanumeric() || ['_', '.'].contains(&letter);
    let end = line.find(|letter| !of_word(letter)).unwrap_or(line.len());
    if end == 0 {
        return (TokenKind::Sign, first.to_string(), first.len_utf8());
    }
    // An operator that is a word, and takes texts in any case.
    let end = end + usize::from(line.starts_with("in~"));
    (TokenKind::Word, line[..end].to_owned(), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_falls_into_words_texts_and_signs() {
        let found = tokens("Resources\n| where type =~ 'a b' // x");
        let seen: Vec<(&str, usize, usize)> = found
            .iter()
            .map(|token| (token.text.as_str(), token.line, token.at))
            .collect();
        assert_eq!(
            seen,
            [
                ("Resources", 1, 0),
                ("|", 2, 0),
                ("where", 2, 2),
                ("type", 2, 8),
                ("=~", 2, 13),
                ("a b", 2, 16),
                ("/", 2, 22),
                ("/", 2, 23),
                ("x", 2, 25),
            ]
        );
        assert_eq!(
            tokens("'open").first().map(|token| token.kind),
            Some(TokenKind::Sign)
        );
        assert_eq!(tokens("é€").len(), 2);
        let words: Vec<String> = tokens("in~ in index~")
            .into_iter()
            .map(|token| token.text)
            .collect();
        assert_eq!(words, ["in~", "in", "index", "~"]);
    }
}
