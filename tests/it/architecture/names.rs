//! A name says what it names: some words fit everything, and so say nothing of it.

/// As the whole name of a file or of a free function.
const EMPTY: [&str; 7] = ["words", "parts", "more", "rest", "told", "own", "of"];

/// The name of a function that stands free, at the left edge or in a module of the file: a method takes or makes
/// its own type and may be short.
fn free_function(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub").map_or(line, |line| {
        let line = line.trim_start();
        line.strip_prefix('(')
            .and_then(|line| line.split_once(')'))
            .map_or(line, |(_, line)| line.trim_start())
    });
    let line = line.strip_prefix("const ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    let name = line.strip_prefix("fn ")?;
    name.split(['(', '<']).next()
}

#[test]
fn a_free_function_is_found_with_every_visibility() {
    for line in [
        "fn told(x: u8) {",
        "pub fn told<T>(",
        "pub(super) async fn told(",
        "pub(in crate::checks) const fn told()",
    ] {
        assert_eq!(free_function(line), Some("told"), "{line}");
    }
    for line in ["    fn told(&self)", "// fn told()", "struct Told;"] {
        assert_eq!(free_function(line), None, "{line}");
    }
}

#[test]
fn no_file_and_no_free_function_has_an_empty_name() {
    let mut seen = 0;
    for (path, text) in super::sources() {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        assert!(!EMPTY.contains(&&*stem), "{}", path.display());
        if stem.contains("tests") || path.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        for name in text.lines().filter_map(free_function) {
            seen += 1;
            assert!(!EMPTY.contains(&name), "{}: fn {name}", path.display());
        }
    }
    assert!(seen > 1000, "only {seen} functions were seen");
}
