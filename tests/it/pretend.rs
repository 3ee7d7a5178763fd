//! The first look without a tenant: one registration, the runs of the demo, and its page in a browser.

use serde_json::Value;

use crate::binary::{code, credaudit, path, run, stderr, stdout};

fn json(arguments: &[&str]) -> Value {
    let output = run(&[arguments, &["--format", "json", "-q"]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

#[test]
fn a_scenario_with_two_names_is_one() {
    let [one, other] = ["everything", "neglected"].map(|name| {
        let output = run(&["demo", "-q", "--scenario", name]);
        let text = stdout(&output);
        let counted = text.lines().skip(1).take(8).map(str::to_owned);
        (code(&output), counted.collect::<Vec<_>>())
    });
    assert_eq!(one, other);
    assert_eq!(one.0, 0);
}

#[test]
fn the_history_of_the_demo_is_shown_and_written_nowhere() {
    let home = tempfile::tempdir().unwrap();
    for command in ["history", "diff", "trend"] {
        let output = credaudit(&[command, "--demo"])
            .env("HOME", home.path())
            .env("XDG_STATE_HOME", home.path())
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{command}: {}", stderr(&output));
        assert!(!stdout(&output).is_empty(), "{command}");
        assert!(stderr(&output).contains("kept nowhere"), "{command}");
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    let runs = json(&["history", "--demo"]);
    assert_eq!(runs["runs"].as_array().unwrap().len(), 3);
    let diff = json(&["diff", "--demo"]);
    let changed = |how: &str| {
        let all = diff[how].as_array().unwrap().iter();
        let named = all.map(|one| {
            let word = |key: &str| one[key].as_str().unwrap();
            format!("{} {}", word("check"), word("resource"))
        });
        named.collect::<Vec<_>>()
    };
    // Something is new, something became worse, something was fixed, something is as it was.
    assert_eq!(
        changed("new"),
        [
            "administrator-role registration/power-bi-extract",
            "application-user-missing registration/service-desk-connector",
            "credential-expired registration/erp-bridge",
        ]
    );
    assert!(
        changed("changed")
            .contains(&"credential-expiring registration/raia-contact-sync".to_owned())
    );
    assert_eq!(
        changed("fixed"),
        ["credential-expiring registration/document-archive"]
    );
    assert!(diff["unchanged"].as_u64().unwrap() > 0, "{diff}");
    let both = run(&["diff", "--demo", "--file", "history.db"]);
    assert_eq!(code(&both), 2);
}

#[test]
fn one_registration_is_shown_by_each_of_its_names() {
    let text = stdout(&run(&["show", "erp-bridge", "--demo"]));
    let place = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("no `{words}` in {text}"))
    };
    // Who, what is wrong, the proof, the credentials, what it may do, where it is used: in this order.
    let order = [
        "client id",
        "WRONG ",
        "STEPS OF THE PROOF",
        "CREDENTIALS",
        "USED IN",
    ]
    .map(place);
    assert!(order.is_sorted(), "{order:?}");
    let own = json(&["show", "erp-bridge", "--demo"]);
    assert_eq!(own["format"], "credaudit.report/1");
    let views = own["registrations"].as_array().unwrap();
    assert_eq!((views.len(), &views[0]["name"]), (1, &"erp-bridge".into()));
    let dir = tempfile::tempdir().unwrap();
    let kept = run(&["demo", "-q", "--keep", path(dir.path()), "--format", "json"]);
    assert_eq!(code(&kept), 0, "{}", stderr(&kept));
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let id = views[0]["client_id"].as_str().unwrap();
    for (flag, file) in [
        ("--snapshot", "snapshot.json"),
        ("--assessment", "assessment.json"),
        ("--assessment", "report.json"),
    ] {
        for name in ["ERP-Bridge", id] {
            let again = run(&["show", name, flag, &at(file)]);
            assert_eq!(code(&again), 0, "{flag} {name}: {}", stderr(&again));
            assert!(
                stdout(&again).starts_with("erp-bridge\n"),
                "{}",
                stdout(&again)
            );
        }
        let slip = run(&["show", "erp-brigde", flag, &at(file)]);
        assert_eq!(code(&slip), 2);
        assert!(
            stderr(&slip).contains("did you mean `erp-bridge`?"),
            "{}",
            stderr(&slip)
        );
    }
    let explained = credaudit(&["explain", "erp-bridge"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert!(
        stderr(&explained).contains("credaudit show erp-bridge"),
        "{}",
        stderr(&explained)
    );
    let found = run(&["where", "erp-bridge", "--demo"]);
    assert!(
        stderr(&found).contains("credaudit show erp-bridge --demo"),
        "{}",
        stderr(&found)
    );
}

#[test]
#[cfg(target_os = "linux")]
fn the_page_is_opened_or_said_to_be_where_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let opened = |programs: &std::path::Path| {
        let output = credaudit(&["demo", "--scenario", "tidy", "--open"])
            .env("PATH", programs)
            .env("TMPDIR", dir.path())
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stderr(&output)
    };
    let programs = dir.path().join("bin");
    std::fs::create_dir(&programs).unwrap();
    let page = dir.path().join("credaudit-demo.html");
    assert!(opened(&programs).contains(path(&page)));
    assert!(std::fs::read_to_string(&page).unwrap().starts_with("<!"));
    let program = programs.join("xdg-open");
    std::fs::write(&program, "#!/bin/sh\n/bin/cp \"$1\" \"$1.seen\"\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(opened(&programs).contains("opened "));
    assert!(dir.path().join("credaudit-demo (2).html.seen").exists());
}
