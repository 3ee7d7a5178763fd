//! For tests: documents of the repository that are made from the code's own tables.
#![expect(
    clippy::disallowed_methods,
    reason = "a test that compares a file of the repository, and rewrites it when asked to"
)]

/// Whether a document beside the policies is what the code says. `CREDAUDIT_BLESS=1 cargo test` rewrites it.
pub(crate) fn assert_fresh(name: &str, text: &str) {
    let path = format!("{}/policies/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("CREDAUDIT_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path)
            .unwrap()
            .replace("\r\n", "\n"),
        text,
        "policies/{name} is stale: run `CREDAUDIT_BLESS=1 cargo test`"
    );
}
