//! The sentences in the sources, read where they are written: also those that no test calls forth.

use std::path::Path;

use super::Reader;

/// What comes before a literal that only developers read.
const FOR_DEVELOPERS: [&str; 6] = [
    "reason =",
    ".expect(",
    "panic!(",
    "unreachable!(",
    "assert!(",
    "debug!(",
];

/// The string literals of a file, placeholders and line breaks taken out; comments and tests are left out.
fn literals(text: &str) -> Vec<String> {
    let product = text.split("#[cfg(test)]\nmod tests {").next();
    let mut rest = product.unwrap_or_default();
    let mut before = String::new();
    let mut found = Vec::new();
    while let Some(letter) = rest.chars().next() {
        let length = match letter {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '\'' if rest.starts_with("'\"'") => 3,
            '"' => {
                let length = quoted(rest);
                let mut lead = FOR_DEVELOPERS.iter();
                if !lead.any(|lead| before.trim_end().ends_with(lead)) {
                    found.push(sentence(&rest[1..length - 1]));
                }
                before.clear();
                length
            }
            letter => {
                before.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    found
}

/// The length of the literal at the start, with its quotes.
fn quoted(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A literal as it is read: continued lines joined, `{name}` as an `x`.
fn sentence(literal: &str) -> String {
    let mut lines = literal.split("\\\n").map(str::trim_start);
    let joined: String = lines.by_ref().collect();
    let mut out = String::new();
    let mut depth = 0_usize;
    for letter in joined.replace("\\n", " . ").replace("\\\"", "\"").chars() {
        match letter {
            '{' => {
                depth += 1;
                out.push('x');
            }
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(letter),
            _ => {}
        }
    }
    out
}

/// Whether it is for a database: a statement, or a list of columns.
fn is_sql(text: &str) -> bool {
    let mut words = text.split_whitespace().rev().skip(1);
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE "]
        .iter()
        .any(|start| text.trim_start().starts_with(start))
        || words.all(|word| word.ends_with(','))
}

#[test]
fn no_sentence_of_the_sources_has_a_word_of_the_table() {
    let mut reader = Reader::default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (path, text) in crate::architecture::sources() {
        let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy();
        let name = name.replace('\\', "/");
        // What services answer is theirs; tests and what feeds them is for developers.
        let aside = ["sim/", "test", "fixture", "propert", "random"];
        if aside.iter().any(|aside| name.contains(aside)) {
            continue;
        }
        let sentences = literals(&text).into_iter();
        for sentence in sentences.filter(|one| one.contains(' ') && !is_sql(one)) {
            reader.read(&name, &sentence);
        }
    }
    reader.end(2000);
}

#[test]
fn literals_are_found_and_comments_are_not() {
    let text = "// \"a comment\"\nlet a = format!(\"one {two} \\\n    three \\\"4\\\"\");\nx.expect(\"five\");\n\
                let quote = '\"';\n#[cfg(test)]\nmod tests {\n\"six\"";
    assert_eq!(literals(text), ["one x three \"4\""]);
}
