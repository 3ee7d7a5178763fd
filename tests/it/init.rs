//! `credaudit init`: from nothing to an estate that an audit takes, in the pretend tenant.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

use credaudit::inside::{Scenario, overlay};
use toml::{Table, Value};

use crate::binary::{code, path, run, stderr, stdout};
use crate::tenant::Tenant;

/// The tidy tenant with something laid over it, as a file.
fn changed(folder: &Path, changes: &str) -> String {
    let tidy = Scenario::text("tidy").expect("it is built in");
    let text = overlay(tidy, changes).expect("it fits");
    let file = folder.join("scenario.toml");
    std::fs::write(&file, text).unwrap();
    path(&file).to_owned()
}

fn init(scenario: &str, estate: &Path, more: &[&str]) -> Output {
    let arguments = ["init", "--scenario", scenario, "-o", path(estate)];
    run(&[&arguments[..], more].concat())
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

/// The tiers that the tidy tenant's own estate has.
fn decided(text: &str) -> String {
    let mut out = String::new();
    let mut tier = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("[environments.") {
            tier = match name.trim_end_matches(']') {
                "contoso" => "production",
                "contoso-test" => "test",
                "contoso-dev" => "development",
                other => panic!("the environment {other} is not the tidy tenant's"),
            };
        }
        out.push_str(&line.replace("tier = \"?\"", &format!("tier = \"{tier}\"")));
        out.push('\n');
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_estate_of_the_tidy_tenant_needs_its_tiers_and_is_then_audited_clean() {
    let folder = tempfile::tempdir().unwrap();
    let estate = folder.path().join("estate.toml");
    let output = init("tidy", &estate, &["--match-values"]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let text = read(&estate);
    assert_eq!(
        text.matches("\"?\"").count(),
        4,
        "three tiers, and the head says what it means:\n{text}"
    );

    // As it is, an audit refuses it, and names every line.
    let refused = run(&["audit", "-c", path(&estate), "-q"]);
    assert_eq!(code(&refused), 2, "{}", stderr(&refused));
    for (number, _) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with("tier = "))
    {
        let line = format!("line {:>2}  tier of environment", number + 1);
        assert!(
            stderr(&refused).contains(&line),
            "{line}\n{}",
            stderr(&refused)
        );
    }
    assert!(
        stdout(&output).contains("3 decisions are left to you in estate.toml"),
        "{}",
        stdout(&output)
    );

    // What is there is not written over.
    let again = init("tidy", &estate, &[]);
    assert_eq!(code(&again), 2);
    assert!(stderr(&again).contains("--update"), "{}", stderr(&again));
    assert_eq!(read(&estate), text);

    let audited = Tenant {
        estate: decided(&text).parse().expect("TOML"),
        ..Tenant::tidy()
    };
    let audited = audited.audit().await;
    let verdict = &audited.assessment.verdict;
    assert_eq!(
        verdict.exit_code,
        0,
        "{:#?}\n{:#?}\n{text}",
        audited.roots(),
        audited.gaps()
    );
}

/// Client ids of all applications that some environment of a scenario knows.
fn with_access(scenario: &Table) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let of = |list: Option<&Value>, key: &str| -> Vec<String> {
        let rows = list.and_then(Value::as_array).into_iter().flatten();
        let texts = rows.filter_map(|row| row.get(key)?.as_str().map(str::to_owned));
        texts.collect()
    };
    let environments = scenario["environments"].as_table().expect("a table");
    for (_, environment) in environments {
        names.extend(of(environment.get("users"), "application"));
        let finops = environment
            .get("finops")
            .and_then(|finops| finops.get("clients"));
        names.extend(of(finops, "application"));
    }
    let lists = ["applications", "principals"];
    let all = lists
        .iter()
        .filter_map(|list| scenario.get(*list)?.as_array())
        .flatten();
    all.filter(|one| {
        one.get("name")
            .and_then(Value::as_str)
            .is_some_and(|name| names.contains(name))
    })
    .filter(|one| one.get("name").and_then(Value::as_str) != Some("credaudit"))
    // Microsoft's own are nobody's integration.
    .filter(|one| {
        let owner = one.get("owner-tenant").and_then(Value::as_str);
        owner != Some("f8cdef31-a31e-4b4a-93e4-5f571e91255a")
    })
    .filter_map(|one| one.get("client-id")?.as_str().map(str::to_owned))
    .collect()
}

#[test]
fn every_registration_with_access_is_found_and_what_could_not_be_told_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let estate = folder.path().join("estate.toml");
    let output = init("everything", &estate, &[]);
    let text = read(&estate);
    let scenario: Table = Scenario::text("everything")
        .expect("built in")
        .parse()
        .expect("TOML");
    let all = with_access(&scenario);
    assert!(all.len() > 40, "{}", all.len());
    let missing: Vec<&String> = all
        .iter()
        .filter(|id| !text.contains(id.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}\n{}", stdout(&output));
    // One entry that two may own is nobody's: its tag names one of them, and its name the other.
    let asked = "unclear: each of these may hold its credential:";
    assert!(
        text.contains(asked) || text.contains("may hold its credential"),
        "{text}"
    );
    let block = |name: &str| {
        let at = text
            .find(&format!("name = \"{name}\""))
            .unwrap_or_else(|| panic!("no {name} in {text}"));
        let rest = &text[at..];
        rest[..rest[2..]
            .find("[[registrations]]")
            .map_or(rest.len(), |end| end + 2)]
            .to_owned()
    };
    for name in ["power-bi-extract", "erp-bridge"] {
        let block = block(name);
        assert!(block.contains("power-bi-extract-secret"), "{block}");
        assert!(block.contains("credential = \"?\""), "{block}");
    }
    // Every open value is a decision and no mistake.
    let refused = run(&["check-config", "-c", path(&estate)]);
    assert_eq!(code(&refused), 2);
    let told = stderr(&refused);
    assert!(!told.contains("problem"), "{told}");
    assert!(told.contains("decisions are left to you"), "{told}");
}

#[test]
fn a_list_that_was_cut_off_or_refused_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = changed(
        folder.path(),
        "[discovery]\npower-platform-readers = []\n[discovery.resource-graph]\npage = 2\ntruncated-without-token = true\n",
    );
    let estate = folder.path().join("estate.toml");
    let output = init(
        &scenario,
        &estate,
        &["--environment", "https://contoso.crm4.dynamics.com/"],
    );
    assert_eq!(code(&output), 11, "{}{}", stdout(&output), stderr(&output));
    let (told, text) = (stdout(&output), read(&estate));
    let on_one_line = |text: &str| {
        let lines = text.lines().map(|line| line.trim_start_matches('#').trim());
        lines.collect::<Vec<_>>().join(" ")
    };
    for words in [
        "resultTruncated",
        "--vault URL",
        "Power Platform reader (c886ad2e-27f7-4874-8381-5849b8d8a090)",
        "--environment URL",
    ] {
        for place in [&told, &text] {
            assert!(on_one_line(place).contains(words), "{words}\n{place}");
        }
    }
    // What was named is there all the same, with its registrations, and so are the vaults before the cut.
    assert!(
        text.contains("dataverse = \"https://contoso.crm4.dynamics.com\""),
        "{text}"
    );
    assert!(text.contains("name = \"erp-bridge\""), "{text}");
    let vaults = text.matches("[vaults.").count();
    assert!((1..3).contains(&vaults), "{text}");
}

#[test]
fn nobody_who_may_list_nothing_is_told_that_there_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let changes = "[discovery]\npower-platform-readers = []\nsubscription-readers = []\nglobal-discovery-to-applications = \"empty-list\"\n";
    let scenario = changed(folder.path(), changes);
    let estate = folder.path().join("estate.toml");
    let output = init(&scenario, &estate, &[]);
    assert_eq!(code(&output), 11, "{}{}", stdout(&output), stderr(&output));
    let told = stdout(&output);
    for what in [
        "(Power Platform)",
        "(Global Discovery)",
        "the key vaults (Azure Resource Graph)",
    ] {
        assert!(told.contains(what), "{what}\n{told}");
    }
    assert!(
        told.contains("assign Reader on each Azure subscription"),
        "{told}"
    );
}

#[test]
fn an_update_shows_what_is_new_and_writes_it_only_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let estate = folder.path().join("estate.toml");
    assert_eq!(code(&init("tidy", &estate, &[])), 0);
    let whole = read(&estate);
    let (head, tail) = whole
        .split_once("[[registrations]]\nname = \"document-archive\"")
        .expect("it is there");
    let rest = tail
        .split_once("[[registrations]]")
        .map_or("", |(_, rest)| rest);
    let less =
        format!("# ours\n{head}[[registrations]]{rest}").replace("tier = \"?\"", "tier = \"test\"");
    std::fs::write(&estate, &less).unwrap();

    let shown = init("tidy", &estate, &["--update"]);
    assert_eq!(code(&shown), 0, "{}", stderr(&shown));
    let told = stdout(&shown);
    assert!(told.contains("\n+name = \"document-archive\"\n"), "{told}");
    assert!(!told.contains("\n-"), "{told}");
    assert_eq!(read(&estate), less);

    let wrote = init("tidy", &estate, &["--update", "--write"]);
    assert_eq!(code(&wrote), 0, "{}", stderr(&wrote));
    let now = read(&estate);
    assert!(
        now.starts_with("# ours\n") && now.contains("name = \"document-archive\""),
        "{now}"
    );
    let again = init("tidy", &estate, &["--update"]);
    assert_eq!(stdout(&again), "");
    assert!(
        stderr(&again).contains("Nothing is new"),
        "{}",
        stderr(&again)
    );
    let nothing = init("tidy", &folder.path().join("other.toml"), &["--update"]);
    assert_eq!(code(&nothing), 2);
}

#[test]
fn what_is_no_host_of_the_cloud_is_refused_before_anything_is_asked() {
    for (arguments, words) in [
        (
            &["--environment", "https://evil.example"][..],
            "--environment takes the address",
        ),
        (
            &["--vault", "https://kv.vault.azure.cn"],
            "--vault takes the address",
        ),
        (&["--tenant", "contoso"], "--tenant takes a GUID"),
        (&["--cloud", "mars"], "us-government"),
        (&["--identity", "me"], "azure-cli"),
        (&["--write"], "--update"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let estate = folder.path().join("estate.toml");
        let output = run(&[&["init", "-o", path(&estate)], arguments].concat());
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(
            stderr(&output).contains(words),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert!(!estate.exists());
    }
}

#[test]
fn where_nobody_is_signed_in_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let estate = folder.path().join("estate.toml");
    let output = run(&["init", "-o", path(&estate), "--identity", "environment"]);
    assert_eq!(code(&output), 11, "{}", stderr(&output));
    assert!(
        stderr(&output).contains("AZURE_CLIENT_ID is not set"),
        "{}",
        stderr(&output)
    );
    assert!(!estate.exists());
}
