//! Every command that a report prints: on one line at any width, whole in any format, and taken by bash.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests write files of their own")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use credaudit::inside::Assessment;
use credaudit::inside::report::{self, Format, TableOptions, render};
use tokio::sync::OnceCell;

use crate::tenant::Tenant;

/// Scenarios whose reports print commands, with what is wrong in them.
const SCENARIOS: [&str; 4] = ["neglected", "overprivileged", "broken", "half-permitted"];

/// The assessments of the scenarios, made once.
async fn reports() -> &'static [Assessment] {
    static ONCE: OnceCell<Vec<Assessment>> = OnceCell::const_new();
    // Boxed: what audits is larger than a test's stack bears several times.
    let audited = Box::pin(async {
        let mut all = Vec::new();
        for scenario in SCENARIOS {
            let tenant = Tenant::named(scenario);
            all.push(Box::pin(tenant.audit()).await.assessment);
        }
        all
    });
    ONCE.get_or_init(|| audited).await
}

/// The commands of the steps, and those within sentences between backticks.
pub(crate) struct Commands {
    pub steps: BTreeSet<String>,
    /// Those of the steps that have a line for PowerShell.
    powershell: BTreeSet<String>,
    within: BTreeSet<String>,
}

pub(crate) fn commands(assessment: &Assessment) -> Commands {
    let views = assessment
        .registrations
        .iter()
        .flat_map(|view| &view.rotation.steps);
    let findings = assessment.findings.iter();
    let of_findings = findings
        .clone()
        .flat_map(|finding| finding.commands.iter().chain(&finding.steps));
    let of_grants = assessment.grants.iter().flat_map(|grant| &grant.steps);
    let steps: Vec<_> = views.chain(of_findings).chain(of_grants).collect();
    let sentences = findings
        .map(|finding| finding.remedy.letters())
        .chain(steps.iter().map(|step| step.say.letters()));
    Commands {
        within: sentences.flat_map(backticked).collect(),
        steps: steps.iter().filter_map(|step| step.run.clone()).collect(),
        powershell: steps
            .iter()
            .filter_map(|step| step.powershell.clone())
            .collect(),
    }
}

fn backticked(text: &str) -> Vec<String> {
    let parts = text.split('`').skip(1).step_by(2);
    parts
        .filter(|part| part.contains(' '))
        .map(str::to_owned)
        .collect()
}

/// The same report with each command in it once: the layout of hundreds of findings is not the question.
fn each_once(mut assessment: Assessment) -> Assessment {
    let mut seen = BTreeSet::new();
    assessment.findings.retain(|finding| {
        let steps = finding.commands.iter().chain(&finding.steps);
        let steps = steps.filter_map(|step| step.run.clone());
        let mut all = steps.chain(backticked(finding.remedy.letters()));
        // Not `any`, which would stop at the first.
        all.by_ref()
            .fold(false, |new, one| seen.insert(shape(&one)) | new)
    });
    assessment.registrations.truncate(0);
    assessment
}

/// What is left of a command without the names in it.
fn shape(command: &str) -> String {
    let plain = |word: &str| {
        let named = word.chars().any(|one| one.is_ascii_digit()) || word.contains('@');
        if named {
            "#".to_owned()
        } else {
            word.to_owned()
        }
    };
    command.split(' ').map(plain).collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_stands_on_one_line_at_every_width() {
    // One report with the commands of all of them.
    let reports = reports().await;
    let mut all = reports[0].clone();
    for other in &reports[1..] {
        all.findings.extend_from_slice(&other.findings);
    }
    let all = each_once(all);
    let commands = commands(&all);
    for width in 40..=200 {
        let options = TableOptions {
            width,
            colour: false,
            powershell_first: false,
        };
        let bytes = render(Format::Table, &all, &options);
        let text = String::from_utf8(bytes).expect("text");
        let lines: BTreeSet<&str> = text.lines().map(str::trim).collect();
        for command in commands.steps.iter().chain(&commands.powershell) {
            assert!(lines.contains(command.as_str()), "{width}: {command}");
        }
        for command in &commands.within {
            assert!(text.contains(&format!("`{command}`")), "{width}: {command}");
        }
    }
}

/// Sentences name programs, and no name is quoted in them: the commands that have names stand by themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_command_with_a_name_stands_in_a_sentence() {
    let (mut found, mut commands) = (BTreeSet::new(), 0);
    for assessment in reports().await {
        let all = assessment.findings.iter();
        for finding in all.clone() {
            let remedy = std::iter::once(&finding.remedy);
            let said = finding.commands.iter().chain(&finding.steps);
            let sentences = remedy.chain(said.map(|step| &step.say));
            for command in sentences.flat_map(|sentence| backticked(sentence.letters())) {
                let runs = ["az ", "pac ", "Connect-", "New-"];
                if runs.iter().any(|run| command.starts_with(run)) && command.contains(" --") {
                    found.insert(format!("{}: {command}", finding.check));
                }
            }
        }
        commands += all.map(|finding| finding.commands.len()).sum::<usize>();
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(commands > 10, "only {commands} commands of remedies");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_is_whole_in_every_format_and_bash_takes_it() {
    let mut all = BTreeSet::new();
    for (scenario, assessment) in SCENARIOS.iter().zip(reports().await) {
        let Commands {
            steps,
            powershell,
            within,
        } = commands(assessment);
        assert!(
            *scenario != "neglected" || !steps.is_empty(),
            "no command is printed"
        );
        let shown = |format: Format| {
            let bytes = render(format, assessment, &TableOptions::default());
            String::from_utf8(bytes).expect("text")
        };
        let found: BTreeMap<&str, BTreeSet<String>> = [
            ("table", lines(&shown(Format::Table))),
            ("html", code(&shown(Format::Html))),
            ("calendar", lines(&unfolded(&shown(Format::Calendar)))),
            ("json", texts(&shown(Format::Json))),
        ]
        .into();
        for command in steps.iter().chain(&powershell) {
            for (format, found) in found.iter().filter(|(format, _)| **format != "calendar") {
                assert!(found.contains(command), "{format} has not: {command}");
            }
        }
        let in_calendar = &found["calendar"];
        for view in &assessment.registrations {
            let runs = view
                .rotation
                .steps
                .iter()
                .filter_map(|step| step.run.as_ref());
            let has_event = in_calendar.iter().any(|line| line.contains(&view.name));
            for run in runs.filter(|_| has_event) {
                let escaped = run
                    .replace('\\', "\\\\")
                    .replace(';', "\\;")
                    .replace(',', "\\,");
                let whole = in_calendar.iter().any(|line| line.contains(&escaped));
                assert!(whole, "the calendar has not: {escaped}");
            }
        }
        let mail = report::mail(assessment, "contoso").body;
        for line in mail.lines().filter(|line| line.contains("az ")) {
            assert!(
                line.matches('`').count() % 2 == 0,
                "a command breaks in the mail: {line}"
            );
        }
        all.extend(steps);
        all.extend(within);
    }
    for command in all {
        let checked = Command::new("bash").args(["-n", "-c", &command]).output();
        let checked = checked.expect("bash is there");
        assert!(
            checked.status.success(),
            "{command}\n{}",
            String::from_utf8_lossy(&checked.stderr)
        );
    }
}

/// Names of security roles that would end a word, a line or a text of either shell.
const HOSTILE: [&str; 10] = [
    "it's",
    "it\u{2019}s",
    "$(touch owned) `id`",
    "Größe 日本 \u{202e}x",
    "a; b | c > d",
    "--rm",
    "@file.json",
    "$env:PATH",
    "say \"hello\"",
    "a&calc",
];

fn quoted(name: &str) -> String {
    let doubled = name
        .replace('\'', "''")
        .replace('\u{2019}', "\u{2019}\u{2019}");
    format!("'{doubled}'")
}

/// A tenant whose estate asks for roles with such names.
async fn hostile() -> Assessment {
    let mut tenant = Tenant::tidy();
    let expected = tenant.registration("erp-bridge")["dataverse"].as_table_mut();
    let roles = HOSTILE.map(toml::Value::from).to_vec();
    expected.unwrap().insert("roles".into(), roles.into());
    Box::pin(tenant.audit()).await.assessment
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_name_reaches_the_program_as_it_is() {
    let lines = commands(&hostile().await).steps;
    let roles: Vec<&String> = lines
        .iter()
        .filter(|line| line.starts_with("pac "))
        .collect();
    let mut reached = BTreeSet::new();
    for line in &roles {
        let script = format!("pac() {{ printf '%s\\n' \"$8\"; }}; {line}");
        let output = Command::new("bash").args(["-c", &script]).output().unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
        reached.insert(String::from_utf8(output.stdout).unwrap());
    }
    let expected = HOSTILE.map(|name| format!("{name}\n"));
    assert_eq!(reached, BTreeSet::from(expected), "{roles:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "installs a grammar of PowerShell from a package index"]
async fn powershells_grammar_takes_every_command() {
    let mut all = BTreeSet::new();
    for assessment in reports().await {
        all.extend(commands(assessment).powershell);
    }
    assert!(all.len() > 10, "{all:?}");
    let hostile = commands(&hostile().await).powershell;
    // Those that a batch file would read once more have no line.
    let names = HOSTILE
        .iter()
        .filter(|name| hostile.iter().any(|line| line.contains(&quoted(name))));
    let names: Vec<&&str> = names.collect();
    assert!(names.len() >= 6, "{hostile:#?}");
    all.extend(hostile.iter().cloned());
    let root = tempfile::tempdir().expect("a folder");
    let file = root.path().join("commands.json");
    std::fs::write(
        &file,
        serde_json::json!({ "commands": all, "names": names }).to_string(),
    )
    .expect("written");
    let python = crate::real_clients::python(&root.path().join("python"));
    let program = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/powershell.py");
    let text = crate::real_clients::run(Command::new(python).arg(program).arg(file));
    assert!(text.ends_with("all done\n"), "{text}");
}

fn lines(text: &str) -> BTreeSet<String> {
    text.lines().map(|line| line.trim().to_owned()).collect()
}

/// What stands in `<code class="run">`, as a browser would copy it.
fn code(html: &str) -> BTreeSet<String> {
    let parts = html.split("<code class=\"run\">").skip(1);
    let inner = parts.filter_map(|part| part.split("</code>").next());
    inner
        .map(|part| {
            part.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&")
        })
        .collect()
}

/// iCalendar's content lines (RFC 5545, 3.1).
fn unfolded(calendar: &str) -> String {
    calendar.replace("\r\n ", "").replace("\\n", "\r\n")
}

/// Every text of a JSON document.
fn texts(json: &str) -> BTreeSet<String> {
    fn into(value: &serde_json::Value, all: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::String(text) => {
                all.insert(text.clone());
            }
            serde_json::Value::Array(list) => list.iter().for_each(|one| into(one, all)),
            serde_json::Value::Object(map) => map.values().for_each(|one| into(one, all)),
            _ => {}
        }
    }
    let mut all = BTreeSet::new();
    into(&serde_json::from_str(json).expect("JSON"), &mut all);
    all
}

/// The Azure CLI's place: it gives out a secret, keeps what it is told to store, and fails where it is told to.
const STUB: &str = r#"#!/usr/bin/env bash
set -u
here="$(dirname "$0")"
printf '%s\n' "$*" >>"$here/calls"
case "$*" in
*"credential reset"*) what=reset ;;
*"keyvault secret set"*) what=set ;;
*) what=other ;;
esac
[ "${FAILS:-}" != "$what" ] || { echo "stub: $what is refused" >&2; exit 1; }
case "$what" in
reset) printf 'made: "it'"'"'s" $new\n' ;;
set) cat >"$here/stored" ;;
esac
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_line_makes_it_stores_and_a_part_that_fails_is_loud() {
    use std::os::unix::fs::PermissionsExt as _;

    let assessment = &reports().await[0];
    let both = |line: &&String| {
        line.contains("credential reset")
            && line.contains("keyvault secret set")
            && !line.contains("jq ")
    };
    let steps = commands(assessment).steps;
    let lines: Vec<&String> = steps.iter().filter(both).collect();
    assert!(!lines.is_empty(), "{steps:#?}");
    let folder = tempfile::tempdir().unwrap();
    let stub = folder.path().join("az");
    std::fs::write(&stub, STUB).unwrap();
    std::fs::set_permissions(&stub, std::fs::Permissions::from_mode(0o755)).unwrap();
    let stored = folder.path().join("stored");
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", folder.path().display());
    let run = |line: &str, fails: &str| {
        let _ = std::fs::remove_file(&stored);
        let mut bash = Command::new("bash");
        bash.env_clear()
            .env("PATH", &path)
            .env("FAILS", fails)
            .args(["-c", line]);
        let output = bash.output().expect("bash is there");
        (output, std::fs::read_to_string(&stored).ok())
    };
    for line in lines {
        let (output, kept) = run(line, "");
        assert!(output.status.success(), "{line}\n{output:?}");
        assert_eq!(kept.as_deref(), Some("made: \"it's\" $new"), "{line}");
        assert!(output.stdout.is_empty(), "{line} shows the secret");
        let (output, kept) = run(line, "reset");
        assert!(
            !output.status.success(),
            "{line} hides that no secret was made"
        );
        assert_eq!(kept, None, "{line} stores what was not made");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("credential delete"), "{line} says {said}");
        let (output, _) = run(line, "set");
        assert!(
            !output.status.success(),
            "{line} hides that nothing was stored"
        );
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        for words in ["rotated-", "credential list --id", "credential delete --id"] {
            assert!(
                said.contains(words),
                "{line} says nothing of {words}: {said}"
            );
        }
    }
}
