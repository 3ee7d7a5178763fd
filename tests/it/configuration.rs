//! What a job or a newcomer sets once: the estate, the policy and the format that are meant, the code that a run
//! ends with, completions.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::binary::{code, credaudit, path, run, stderr, stdout};
use crate::kept::kept;

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join(name), text).unwrap();
}

fn tidy() -> &'static str {
    credaudit::inside::Scenario::estate("tidy").unwrap()
}

/// `check-config` in a folder.
fn checked(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let all = [&["check-config", "--format", "json"], arguments].concat();
    let mut command = credaudit(&all);
    command
        .current_dir(folder)
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn the_estate_is_found_above_and_by_its_variable() {
    let top = tempfile::tempdir().unwrap();
    let deep = top.path().join("a/b");
    write(&deep, "unrelated.toml", "");
    write(top.path(), "credaudit.toml", tidy());
    let next = |output: &Output| {
        let value: Value = serde_json::from_str(&stdout(output)).unwrap();
        value["next"].as_str().unwrap_or_default().to_owned()
    };
    let above = checked(&deep, &[], &[]);
    assert_eq!(code(&above), 0, "{}", stderr(&above));
    assert!(next(&above).contains("credaudit.toml"), "{}", next(&above));
    let here = checked(top.path(), &[], &[]);
    assert_eq!(next(&here), "credaudit audit");
    write(top.path(), "named.toml", tidy());
    let named = top.path().join("named.toml");
    let variable = checked(&deep, &[("CREDAUDIT_CONFIG", path(&named))], &[]);
    assert!(next(&variable).contains("named.toml"));
    // What stands on the command line wins, and an empty variable is none.
    let option = checked(
        top.path(),
        &[("CREDAUDIT_CONFIG", "not-there.toml")],
        &["-c", "named.toml"],
    );
    assert_eq!(next(&option), "credaudit audit -c named.toml");
    let empty = checked(top.path(), &[("CREDAUDIT_CONFIG", "")], &[]);
    assert_eq!(next(&empty), "credaudit audit");
    let gone = checked(top.path(), &[("CREDAUDIT_CONFIG", "not-there.toml")], &[]);
    assert_eq!(code(&gone), 2);
    assert!(
        stderr(&gone).contains("not-there.toml"),
        "{}",
        stderr(&gone)
    );
}

#[test]
fn the_policy_is_found_by_its_variable() {
    let top = tempfile::tempdir().unwrap();
    write(top.path(), "estate.toml", tidy());
    let policy = |variables: &[(&str, &str)], arguments: &[&str]| {
        let output = checked(top.path(), variables, arguments);
        let value: Value = serde_json::from_str(&stdout(&output)).unwrap_or_default();
        value["policy"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(policy(&[], &[]), "baseline");
    assert_eq!(policy(&[("CREDAUDIT_POLICY", "strict")], &[]), "strict");
    let both = policy(&[("CREDAUDIT_POLICY", "strict")], &["-p", "relaxed"]);
    assert_eq!(both, "relaxed");
}

#[test]
fn check_config_lists_problems_for_a_program() {
    let top = tempfile::tempdir().unwrap();
    let line = tidy()
        .lines()
        .position(|line| line.contains("tier ="))
        .unwrap()
        + 1;
    let spoiled = tidy().replacen("tier =", "teir =", 1);
    write(top.path(), "estate.toml", &spoiled);
    let output = checked(top.path(), &[], &[]);
    assert_eq!(code(&output), 2);
    let value: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let problems = value["problems"].as_array().unwrap();
    let found = problems
        .iter()
        .find(|one| one["message"].as_str().unwrap().contains("teir"))
        .expect("it is listed");
    assert_eq!(found["file"], "estate.toml");
    assert_eq!(found["line"], line);
    assert_eq!(found["column"], 1);
    assert_eq!(value.get("next"), None);
}

#[test]
fn a_job_may_end_with_zero_and_the_verdict_stays() {
    let dir = tempfile::tempdir().unwrap();
    kept("neglected", dir.path());
    let snapshot = dir.path().join("snapshot.json");
    let judged = dir.path().join("judged.json");
    let arguments = ["evaluate", path(&snapshot), "-o", path(&judged)];
    let usual = run(&arguments);
    assert_eq!(code(&usual), 10);
    let zero = run(&[&arguments[..], &["--exit-zero"]].concat());
    assert_eq!(code(&zero), 0);
    let flat: Vec<String> = stderr(&zero)
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let said = "exit code 10 (this run ends with 0)";
    assert!(flat.join(" ").contains(said), "{}", stderr(&zero));
    // A mistake is still one.
    assert_eq!(
        code(&run(&["evaluate", "not-there.json", "--exit-zero"])),
        2
    );
    let assessment: Value =
        serde_json::from_str(&std::fs::read_to_string(&judged).unwrap()).unwrap();
    assert_eq!(assessment["verdict"]["exit-code"], 10);
}

#[test]
fn the_format_on_standard_output_is_found_by_its_variable() {
    let dir = tempfile::tempdir().unwrap();
    kept("neglected", dir.path());
    let assessment = dir.path().join("assessment.json");
    let report = |word: &str, arguments: &[&str]| {
        let all = [&["report", path(&assessment)], arguments].concat();
        credaudit(&all)
            .env("CREDAUDIT_FORMAT", word)
            .output()
            .unwrap()
    };
    assert!(stdout(&report("json", &[])).starts_with('{'));
    assert!(stdout(&report("markdown", &[])).starts_with('#'));
    assert!(stdout(&report("json", &["--format", "markdown"])).starts_with('#'));
    // A file has the format of its name, and standard output says nothing beside it.
    let page = dir.path().join("page.html");
    let file = report("json", &["-o", path(&page)]);
    assert_eq!(stdout(&file), "");
    assert!(std::fs::read_to_string(&page).unwrap().starts_with("<!"));
    let wrong = report("yaml", &[]);
    assert_eq!(code(&wrong), 2);
    assert!(
        stderr(&wrong).contains("CREDAUDIT_FORMAT is `yaml`"),
        "{}",
        stderr(&wrong)
    );
}

#[test]
fn a_built_in_policy_is_printed_and_can_be_used_as_a_file() {
    let top = tempfile::tempdir().unwrap();
    write(top.path(), "estate.toml", tidy());
    for name in ["baseline", "strict", "relaxed"] {
        let shown = run(&["policy", "show", name]);
        assert_eq!(code(&shown), 0);
        write(top.path(), "policy.toml", &stdout(&shown));
        let output = checked(top.path(), &[], &["-p", "policy.toml"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
    let wrong = run(&["policy", "show", "stirct"]);
    assert_eq!(code(&wrong), 2);
    assert!(
        stderr(&wrong).contains("did you mean `strict`"),
        "{}",
        stderr(&wrong)
    );
}

#[test]
fn completions_offer_the_values_that_mean_something() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = stdout(&run(&["completions", shell]));
        for word in [
            "vault-value-not-live",
            "AADSTS7000222",
            "half-permitted",
            "critical",
            "relaxed",
        ] {
            // Two of the shells have no values of positional arguments.
            let positional = word.starts_with("vault") || word.starts_with("AADSTS");
            if !positional || ["bash", "zsh"].contains(&shell) {
                assert!(script.contains(word), "{shell} does not offer {word}");
            }
        }
    }
}

/// The printed lines work where nothing is set up yet.
#[cfg(unix)]
#[test]
fn the_install_lines_of_completions_work_on_a_fresh_account() {
    let help = stdout(&run(&["completions", "--help"]));
    let home = tempfile::tempdir().unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_credaudit")).parent().unwrap();
    let mut tried = 0;
    for (shell, file) in [
        ("bash", ".local/share/bash-completion/completions/credaudit"),
        ("zsh", ".zfunc/_credaudit"),
        ("fish", ".config/fish/completions/credaudit.fish"),
    ] {
        let lines = help.lines().skip_while(|line| line.trim() != shell).skip(1);
        let lines: Vec<&str> = lines.take_while(|line| line.starts_with("    ")).collect();
        assert!(lines.iter().all(|line| line.len() <= 80), "{lines:?}");
        let line = lines.join("\n");
        let output = std::process::Command::new("sh")
            .args(["-ec", line.as_str()])
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .output()
            .unwrap();
        assert!(output.status.success(), "{line}: {}", stderr(&output));
        let text = std::fs::read_to_string(home.path().join(file)).unwrap();
        assert!(text.contains("credaudit"), "{file}");
        tried += 1;
    }
    assert_eq!(tried, 3);
}

/// Under whichever name an estate is found, `init` sees it: it writes none beside it, and updates that one.
#[test]
fn init_sees_the_estate_that_the_other_commands_find() {
    let top = tempfile::tempdir().unwrap();
    let deep = top.path().join("a");
    std::fs::create_dir(&deep).unwrap();
    write(top.path(), "credaudit.toml", tidy());
    let init = |folder: &Path, arguments: &[&str], variable: &str| {
        let all = [&["init"], arguments].concat();
        let mut command = credaudit(&all);
        let command = command
            .current_dir(folder)
            .env("CREDAUDIT_CONFIG", variable);
        let output = command.output().unwrap();
        (code(&output), stderr(&output))
    };
    let beside = init(top.path(), &[], "");
    assert_eq!(beside.0, 2);
    assert!(beside.1.contains("credaudit.toml is there"), "{}", beside.1);
    assert!(!top.path().join("estate.toml").exists());
    let named = init(&deep, &[], path(&top.path().join("credaudit.toml")));
    assert_eq!(named.0, 2);
    assert!(named.1.contains("--update -o "), "{}", named.1);
    // From a folder below, the update is of the one above: it is read, and is there.
    let below = init(&deep, &["--update", "--scenario", "tidy"], "");
    assert_ne!(below.0, 2, "{}", below.1);
}
