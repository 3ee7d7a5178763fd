//! The command line as a user meets it: exit codes, files, what goes to which stream.

use std::io::Read;
use std::process::Stdio;

use crate::binary::{code, credaudit, path, run, stderr, stdout};
use crate::kept::kept;

#[test]
fn the_demo_is_a_show_unless_asked_for_its_exit_code() {
    let shown = run(&["demo", "--full"]);
    assert_eq!(code(&shown), 0);
    assert!(stdout(&shown).contains("\nFINDINGS "), "{}", stdout(&shown));
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "exit code 10 (this run ends with 0)";
    assert!(flat(&stdout(&shown)).contains(said), "{}", stdout(&shown));
    let dir = tempfile::tempdir().unwrap();
    let in_json = kept("neglected", dir.path());
    let in_sarif = &run(&["demo", "-q", "--format", "sarif"]);
    for (shown, own) in [
        (in_json, "\"process_exit_code\": 0"),
        (in_sarif, "\"exitCode\": 0"),
    ] {
        assert_eq!(code(shown), 0);
        let text = stdout(shown);
        assert!(text.contains(own) && text.contains(said), "{own}");
    }
    assert!(
        stderr(&shown).contains("would end with exit code 10"),
        "{}",
        stderr(&shown)
    );
    let real = run(&["demo", "--full", "--exit-code"]);
    assert_eq!(code(&real), 10);
    assert!(
        !flat(&stdout(&real)).contains("this run ends"),
        "{}",
        stdout(&real)
    );
    let tidy = run(&["demo", "--scenario", "tidy", "--exit-code"]);
    assert_eq!(code(&tidy), 0);
    assert!(stdout(&tidy).contains("\nCLEAN "), "{}", stdout(&tidy));
    assert_eq!(stderr(&tidy), "");
}

#[test]
fn the_neglected_tenant_shows_every_check_the_catalogue_has() {
    let dir = tempfile::tempdir().unwrap();
    let text = stdout(kept("neglected", dir.path()));
    for check in credaudit::inside::CHECKS {
        let id = format!("\"{}\"", check.meta.id);
        assert!(
            text.contains(&format!("\"check\": {id}")),
            "nothing shows {id}"
        );
    }
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["format"], "credaudit.report/1");
    let found: std::collections::BTreeSet<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|finding| {
            let inside = finding["consequences"].as_array().unwrap();
            std::iter::once(&finding["check"]).chain(inside.iter().map(|one| &one["check"]))
        })
        .filter_map(|id| id.as_str())
        .collect();
    // What no built-in policy but the strict one asks for.
    let by_strict = [
        "secret-where-certificate-expected",
        // They are about a policy's waivers, and the built-in policies waive nothing.
        "unused-waiver",
        "expired-waiver",
        // It takes `--probe-writes` and a server that changes what is not there.
        "write-probe-honoured",
        // The policy has to ask for it; the head of every report tells the fact.
        "auditor-spans-tiers",
        // It has a scenario of its own.
        "auditor-overprivileged",
    ];
    let own = stdout(&run(&[
        "demo",
        "--scenario",
        "overprivileged",
        "-q",
        "--format",
        "json",
    ]));
    assert!(
        own.contains("\"check\": \"auditor-overprivileged\""),
        "{own}"
    );
    for check in credaudit::inside::CHECKS {
        assert!(
            found.contains(check.meta.id) || by_strict.contains(&check.meta.id),
            "{} is not planted",
            check.meta.id
        );
    }
    // Each is found once, at its root.
    for check in [
        "requested-permission-not-granted",
        "vault-version-superseded",
    ] {
        let findings = report["findings"].as_array().unwrap().iter();
        let of_it: Vec<_> = findings.filter(|one| one["check"] == check).collect();
        assert_eq!(of_it.len(), 1, "{check}: {of_it:#?}");
        let about = &of_it[0]["registrations"];
        let all = report["findings"].as_array().unwrap().iter();
        let same = all.filter(|one| one["registrations"] == *about);
        assert_eq!(same.count(), 1, "{about} has more than this");
    }
}

#[test]
fn what_the_demo_keeps_can_be_judged_and_rendered_again() {
    let dir = tempfile::tempdir().unwrap();
    let shown = kept("neglected", dir.path());
    assert_eq!(code(shown), 0, "{}", stderr(shown));
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    for name in [
        "estate.toml",
        "policy.toml",
        "snapshot.json",
        "report.txt",
        "report.json",
        "report.html",
        "report.md",
        "report.sarif",
        "junit.xml",
        "credentials.csv",
        "findings.csv",
        "credentials.ics",
        "credaudit.prom",
        "report.eml",
    ] {
        assert!(dir.path().join(name).is_file(), "{name}");
    }
    let mails = std::fs::read_dir(dir.path().join("mails")).unwrap();
    let mut mails = mails.map(|mail| mail.unwrap().file_name().into_string().unwrap());
    assert!(mails.any(|name| name.starts_with("crm-platform@contoso.com - ")));
    assert_eq!(
        code(&run(&[
            "check-config",
            "-c",
            &at("estate.toml"),
            "-p",
            &at("policy.toml")
        ])),
        0
    );
    let again = run(&["evaluate", &at("snapshot.json"), "-o", &at("again.json")]);
    assert_eq!(code(&again), 10, "{}", stderr(&again));
    assert!(
        stderr(&again).contains("exit code 10"),
        "{}",
        stderr(&again)
    );
    let first = std::fs::read(at("assessment.json")).unwrap();
    assert_eq!(first, std::fs::read(at("again.json")).unwrap());
    let rendered = run(&["report", &at("again.json"), "--format", "json"]);
    assert_eq!(code(&rendered), 0);
    let ended = run(&["report", &at("again.json"), "--exit-code", "-q"]);
    assert_eq!(code(&ended), 10);
    // A show ends with 0, and says so.
    let audited = stdout(shown)
        .replace(" (this run ends with 0)", "")
        .replace("    \"process_exit_code\": 0,\n", "");
    assert_eq!(stdout(&rendered), audited);
    // The JSON report that people keep renders as the assessment does.
    std::fs::write(at("last.json"), &audited).unwrap();
    for format in ["table", "html", "sarif", "csv"] {
        let of = |name: &str| run(&["report", &at(name), "--full", "--format", format]);
        let (kept, judged) = (of("last.json"), of("again.json"));
        assert_eq!((code(&kept), stderr(&kept)), (0, String::new()), "{format}");
        assert_eq!(stdout(&kept), stdout(&judged), "{format}");
    }
    let relaxed = run(&["evaluate", &at("snapshot.json"), "-p", "relaxed"]);
    assert!(!stdout(&relaxed).contains("the policy allows 180 days"));
}

#[test]
fn judging_moves_with_the_date_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    kept("tidy", dir.path());
    let snapshot = dir.path().join("snapshot.json");
    let out = dir.path().join("later.json");
    let later = run(&[
        "evaluate",
        path(&snapshot),
        "--as-of",
        "2099-01-01",
        "-o",
        path(&out),
    ]);
    assert_eq!(code(&later), 10);
    let text = stdout(&run(&["report", path(&out), "--full"]));
    assert!(
        text.contains("2099-01-01") && text.contains("BY HAND"),
        "{text}"
    );
    let wrong = run(&["evaluate", path(&snapshot), "--as-of", "tomorrow"]);
    assert_eq!(code(&wrong), 2);
    assert!(stderr(&wrong).contains("2026-12-31"), "{}", stderr(&wrong));
}

#[test]
fn probes_of_writing_are_refused_on_production() {
    let dir = tempfile::tempdir().unwrap();
    kept("tidy", dir.path());
    let estate = dir.path().join("estate.toml");
    for command in ["audit", "collect"] {
        let refused = run(&[
            command,
            "-c",
            path(&estate),
            "--env",
            "prod",
            "--probe-writes",
        ]);
        assert_eq!(code(&refused), 2);
        let words = stderr(&refused);
        assert!(
            words.contains("--probe-writes is refused on production (prod)"),
            "{words}"
        );
    }
}

#[test]
fn expectations_that_nothing_tries_are_said() {
    let dir = tempfile::tempdir().unwrap();
    kept("tidy", dir.path());
    let snapshot = dir.path().join("snapshot.json");
    let text = std::fs::read_to_string(&snapshot).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let registrations = value["estate"]["registrations"].as_array_mut().unwrap();
    let bridge = registrations
        .iter_mut()
        .find(|one| one["name"] == "erp-bridge")
        .unwrap();
    bridge["dataverse"]["deny"]["delete"] = serde_json::json!(["account"]);
    bridge["finops"]["allow"]["write"] = serde_json::json!(["SalesOrderHeadersV2"]);
    std::fs::write(&snapshot, value.to_string()).unwrap();
    let judged = dir.path().join("again.json");
    assert_eq!(
        code(&run(&["evaluate", path(&snapshot), "-o", path(&judged)])),
        0
    );
    let table = stdout(&run(&["report", path(&judged), "--full"]));
    let table = table.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "expectation beyond reading",
        "write SalesOrderHeadersV2 (allowed)",
    ] {
        assert!(table.contains(words), "no `{words}` in {table}");
    }
    let json = stdout(&run(&["report", path(&judged), "--format", "json"]));
    assert!(
        json.contains("write SalesOrderHeadersV2 (allowed)"),
        "{json}"
    );
    // What Dataverse is expected to refuse is judged by what is granted, and no longer left untried.
    assert!(!json.contains("delete account (denied)"), "{json}");
}

#[test]
fn files_take_the_report_in_the_format_of_their_ending() {
    let dir = tempfile::tempdir().unwrap();
    let (json, text) = (dir.path().join("r.json"), dir.path().join("r.txt"));
    let shown = run(&[
        "demo",
        "--scenario",
        "tidy",
        "-o",
        path(&json),
        "-o",
        path(&text),
    ]);
    assert_eq!(code(&shown), 0);
    assert_eq!(stdout(&shown), "");
    assert!(stderr(&shown).contains("CLEAN"), "{}", stderr(&shown));
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(report["verdict"]["exit_code"], 0);
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("CLEAN"));
    let odd = run(&["demo", "-o", path(&dir.path().join("r.pdf"))]);
    assert_eq!(code(&odd), 2);
    assert!(stderr(&odd).contains(".ics or .prom"), "{}", stderr(&odd));
    let nowhere = dir.path().join("no").join("r.json");
    let refused = run(&["demo", "--scenario", "tidy", "-o", path(&nowhere)]);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("create it first"));
}

#[test]
fn colour_is_asked_for_and_never_leaks_into_a_pipe() {
    let plain = run(&["demo", "--scenario", "tidy", "-q"]);
    assert!(!stdout(&plain).contains('\u{1b}'));
    let coloured = run(&["demo", "--scenario", "tidy", "-q", "--color", "always"]);
    assert!(stdout(&coloured).contains('\u{1b}'));
}

#[test]
fn the_table_fits_the_columns_it_is_given() {
    let dir = tempfile::tempdir().unwrap();
    kept("neglected", dir.path());
    for columns in [60_usize, 80, 120] {
        let output = credaudit(&[
            "report",
            path(&dir.path().join("assessment.json")),
            "--full",
        ])
        .env("COLUMNS", columns.to_string())
        .output()
        .unwrap();
        assert!(stdout(&output).starts_with("FINDINGS "));
        // Commands and links are never broken: one of a step, or one that a sentence names.
        let command = |line: &&str| {
            let line = line.trim_start();
            ["az ", "pac ", "( ", "`", "& ", "$", "https://"]
                .iter()
                .any(|start| line.starts_with(start))
        };
        for line in stdout(&output).lines().filter(|line| !command(line)) {
            let width = line.chars().count();
            assert!(width <= columns, "{width} > {columns}: {line}");
        }
    }
}

#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let mut child = credaudit(&["demo", "--format", "json", "-q", "--exit-code"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut first).unwrap();
    drop(out);
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 10);
    assert_eq!(stderr(&output), "");
}

#[test]
fn mistakes_end_with_two_and_say_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let estate = dir.path().join("estate.toml");
    for (arguments, words) in [
        (vec!["audit"], "there is no file estate.toml"),
        (
            vec!["demo", "--scenario", "negletced"],
            "did you mean `neglected`?",
        ),
        (
            vec!["demo", "--scenario", "evrything"],
            "did you mean `everything`?",
        ),
        (
            vec!["explain", "credential-expird"],
            "did you mean `credential-expired`?",
        ),
        (vec!["evaluate", "/nonexistent.json"], "there is no file"),
        (
            vec!["evaluate", "x.json", "-p", "Strict"],
            "there is no policy `Strict`; did you mean the built-in one, `strict`?",
        ),
        (vec!["demo", "--color", "sometimes"], "possible values"),
        (vec!["adit"], "similar"),
    ] {
        let output = credaudit(&arguments)
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(
            stderr(&output).contains(words),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
    std::fs::write(&estate, "{\"format\": \"credaudit.snapshot/9\"}").unwrap();
    let newer = run(&["evaluate", path(&estate)]);
    assert_eq!(code(&newer), 2);
    assert!(
        stderr(&newer).contains("credaudit.snapshot/9"),
        "{}",
        stderr(&newer)
    );
    std::fs::write(&estate, [0xff, 0xfe, 0x00]).unwrap();
    let binary = run(&["check-config", "-c", path(&estate)]);
    assert!(stderr(&binary).contains("UTF-8"), "{}", stderr(&binary));
}

#[test]
fn every_problem_of_estate_and_policy_is_shown_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let (estate, policy) = (
        dir.path().join("estate.toml"),
        dir.path().join("policy.toml"),
    );
    let tidy = credaudit::inside::Scenario::estate("tidy").unwrap();
    let spoiled = tidy
        .replacen(
            "environment = \"prod\"\nclient-id",
            "enviroment = \"prod\"\nclient-id",
            1,
        )
        .replacen("secret = \"crm-test/", "secret = \"crm-tset/", 1)
        .replacen("name = \"erp-bridge\"", "name = \"raia-contact-sync\"", 1);
    std::fs::write(&estate, spoiled).unwrap();
    std::fs::write(
        &policy,
        "version = 1\n[checks.credential-expird]\nenabled = false\n",
    )
    .unwrap();
    let output = run(&["check-config", "-c", path(&estate), "-p", path(&policy)]);
    assert_eq!(code(&output), 2);
    let text = stderr(&output);
    for words in [
        "did you mean `environment`",
        "crm-tset",
        "`crm-test`?",
        "raia-contact-sync",
        "did you mean `credential-expired`",
    ] {
        assert!(text.contains(words), "no `{words}` in\n{text}");
    }
}

#[test]
fn the_catalogue_tells_of_every_check_and_of_codes() {
    let list = stdout(&run(&["checks"]));
    for check in credaudit::inside::CHECKS {
        assert!(list.contains(check.meta.id));
        let told = run(&["explain", check.meta.id]);
        assert_eq!(code(&told), 0);
        let text = stdout(&told);
        let squeezed = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed.contains(check.meta.title));
        // A command stays whole, further in than prose.
        let prose = text
            .lines()
            .filter(|line| !line.starts_with("    ") && !line.contains('`'));
        for line in prose {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    let told = stdout(&run(&["explain", "aadsts7000222"]));
    assert!(
        told.contains("AADSTS7000222") && told.contains("has expired"),
        "{told}"
    );
}
