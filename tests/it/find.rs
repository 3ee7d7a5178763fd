//! `credaudit where`: found by any of its names, on one screen; unknown names end with a hint.

use crate::binary::{code, path, run, stderr, stdout};
use crate::kept::kept;

/// A snapshot of the demo, to look in.
fn snapshot() -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    kept("neglected", dir.path());
    let snapshot = path(&dir.path().join("snapshot.json")).to_owned();
    (dir, snapshot)
}

#[test]
fn the_demo_answers_who_and_where_on_one_screen() {
    let output = run(&["where", "erp-bridge", "--demo"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    for words in [
        "erp-bridge in prod (production), owner erp-platform@contoso.com",
        "vault crm-prod, secret erp-bridge-secret: its credential",
        "a copy at ERP middleware",
        "Dataverse prod: application user",
        "CREDENTIALS\n  secret ",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.lines().count() <= 40, "{text}");
}

#[test]
fn a_snapshot_answers_without_network_in_both_formats() {
    let (_dir, snapshot) = snapshot();
    let by_name = run(&[
        "where",
        "erp-bridge",
        "--snapshot",
        &snapshot,
        "--format",
        "json",
    ]);
    assert_eq!(code(&by_name), 0, "{}", stderr(&by_name));
    let told: serde_json::Value = serde_json::from_str(&stdout(&by_name)).unwrap();
    assert_eq!(told["format"], "credaudit.where/1");
    let id = told["client-id"].as_str().unwrap();
    let by_id = run(&[
        "where",
        &id.to_uppercase(),
        "--snapshot",
        &snapshot,
        "--format",
        "json",
    ]);
    assert_eq!(stdout(&by_id), stdout(&by_name));
}

#[test]
fn names_that_are_not_there_or_not_enough_end_with_a_hint() {
    let (_dir, snapshot) = snapshot();
    let slip = run(&["where", "erp-brigde", "--snapshot", &snapshot]);
    assert_eq!(code(&slip), 2);
    assert!(
        stderr(&slip).contains("did you mean `erp-bridge`?"),
        "{}",
        stderr(&slip)
    );
    let vague = run(&["where", "raia", "--snapshot", &snapshot]);
    assert_eq!(code(&vague), 2);
    assert!(
        stderr(&vague).contains("several are called `raia`"),
        "{}",
        stderr(&vague)
    );
    assert!(
        stderr(&vague).contains("raia-contact-sync (client id "),
        "{}",
        stderr(&vague)
    );
    let nothing = run(&["where", "0x0", "--snapshot", &snapshot]);
    assert_eq!(code(&nothing), 2);
    let both = run(&["where", "erp-bridge", "--demo", "--snapshot", &snapshot]);
    assert_eq!(code(&both), 2);
}
