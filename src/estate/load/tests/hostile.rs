//! Whatever stands in the file: an answer, no panic, and nothing lost on the way.

use proptest::prelude::*;

use crate::source::render;

use super::super::parse;
use super::{EXAMPLE, GOOD, file};

/// Reads and draws; a file that is read whole has every registration that stands in it.
fn survives(text: &str) {
    let file = file(text);
    match parse(&file) {
        Ok(estate) => {
            let table: toml::Table = text
                .trim_start_matches('\u{feff}')
                .parse()
                .expect("read before");
            let standing = table
                .get("registrations")
                .and_then(toml::Value::as_array)
                .map_or(0, Vec::len);
            assert_eq!(estate.registrations.len(), standing);
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for width in [0, 40, 80, 200] {
                assert!(render(&problems, width, width == 200).contains("problem"));
            }
        }
    }
}

#[test]
fn odd_files_are_answered() {
    let long = format!("name = \"{}\"", "x".repeat(200_000));
    let deep = format!("a = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let tables = format!("a = {}", "{ a = ".repeat(5_000));
    for text in [
        "",
        "\u{feff}",
        "\u{feff}version = 1\n",
        "\0",
        "version = 1\0\n",
        "\r\n\r\n",
        "\r",
        "version = 1\r\n\tcolour = \"blue\"\r\n",
        "\u{202e}= 1",
        "'日本' = \"語\"",
        "[[tenants]]",
        "[registrations]",
        "registrations = [1, \"a\", {}]",
        "tenants = { a = 1 }",
        "[tenants.a.b.c.d]",
        "version = 99999999999999999999999999",
        "version = 0x7fffffffffffffff",
        &long,
        &deep,
        &tables,
        &GOOD.replace('\n', "\r\n"),
        &format!("\u{feff}{GOOD}"),
    ] {
        survives(text);
    }
    assert!(parse(&file(&GOOD.replace('\n', "\r\n"))).is_ok());
    assert!(parse(&file(&format!("\u{feff}{GOOD}"))).is_ok());
}

/// The text with a stretch replaced.
fn mutated(text: &str, at: usize, length: usize, by: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let at = at.min(letters.len());
    let end = (at + length).min(letters.len());
    letters[..at]
        .iter()
        .copied()
        .chain(by.chars())
        .chain(letters[end..].iter().copied())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_is_answered(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn arbitrary_toml_is_answered(text in "([a-z]{1,4} ?= ?(\"\"|'a'|1|\\[|\\]|\\{|\\}|true)\r?\n|\\[\\[?[a-z.]{0,6}\\]?\\]?\n){0,8}") {
        survives(&text);
    }

    #[test]
    fn mutations_of_good_files_are_answered(
        example in any::<bool>(),
        at in 0_usize..3_500,
        length in 0_usize..40,
        by in "\\PC{0,3}|[\\[\\]{}=\"'.,#\r\n\t\0]{0,3}",
    ) {
        let text = if example { EXAMPLE } else { GOOD };
        survives(&mutated(text, at, length, &by));
    }
}
