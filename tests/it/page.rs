//! The report's page in a real browser and under a validator of HTML.
//!
//! Ignored by default: it needs node, Chromium (`CREDAUDIT_CHROMIUM`, or `chromium` on the path) and
//! `CREDAUDIT_PAGE_DIR`, a folder with `puppeteer-core` and `html-validate` installed.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "the test reads its environment, starts programs and says what it expects"
)]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use credaudit::inside::Assessment;
use credaudit::inside::report;

/// Where npm put the tools.
fn tools() -> PathBuf {
    let folder = std::env::var_os("CREDAUDIT_PAGE_DIR");
    let folder = folder.expect(
        "CREDAUDIT_PAGE_DIR must name a folder where `npm install puppeteer-core html-validate` was run",
    );
    PathBuf::from(folder).join("node_modules")
}

fn chromium() -> OsString {
    std::env::var_os("CREDAUDIT_CHROMIUM").unwrap_or_else(|| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .map(|folder| folder.join("chromium"))
            .find(|program| program.is_file())
            .expect("CREDAUDIT_CHROMIUM must name Chromium, for there is no `chromium` on the path")
            .into()
    })
}

/// The demo's assessment, and its page.
fn demo(folder: &Path) -> (Assessment, PathBuf) {
    let done = Command::new(env!("CARGO_BIN_EXE_credaudit"))
        .args(["--quiet", "demo", "--scenario", "everything", "--keep"])
        .arg(folder)
        .output()
        .expect("the demo starts");
    assert!(done.status.success(), "{done:?}");
    let json = std::fs::read(folder.join("assessment.json")).expect("it is kept");
    let assessment = serde_json::from_slice(&json).expect("an assessment");
    (assessment, folder.join("report.html"))
}

/// The same estate many times over, until it has 2,000 registrations.
fn many(one: &Assessment) -> Assessment {
    let mut all = one.clone();
    for copy in 1..=2000 / one.registrations.len() {
        all.registrations
            .extend(one.registrations.iter().cloned().map(|mut view| {
                view.name = format!("{}-{copy}", view.name);
                view
            }));
        all.findings
            .extend(one.findings.iter().cloned().map(|mut finding| {
                for name in &mut finding.registrations {
                    name.push_str(&format!("-{copy}"));
                }
                finding
            }));
    }
    all.findings
        .sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    all
}

fn succeeds(command: &mut Command) -> String {
    let done = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}\n{said}\n{errors}");
    said
}

#[test]
#[ignore = "needs node, Chromium and CREDAUDIT_PAGE_DIR"]
fn the_page_works_in_a_browser_and_asks_for_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (assessment, page) = demo(folder.path());
    let big = folder.path().join("big.html");
    std::fs::write(&big, report::html(&many(&assessment))).expect("written");
    // By WebDriver as any browser is driven, and by Chromium's own protocol, which tells more.
    for protocol in ["webDriverBiDi", "cdp"] {
        let said = succeeds(
            Command::new("node")
                .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/page.mjs"))
                .args([&page, &big])
                .env(
                    "PUPPETEER",
                    tools().join("puppeteer-core/lib/esm/puppeteer/puppeteer-core.js"),
                )
                .env("CHROMIUM", chromium())
                .env("PROTOCOL", protocol),
        );
        assert!(said.ends_with("all done\n"), "{said}");
        // How fast it opened is worth a line.
        eprintln!("{protocol}: {said}");
    }
}

#[test]
#[ignore = "needs node and CREDAUDIT_PAGE_DIR"]
fn the_page_is_valid_html() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, page) = demo(folder.path());
    let rules = folder.path().join("rules.json");
    std::fs::write(&rules, RULES).expect("written");
    succeeds(
        Command::new("node")
            .arg(tools().join("html-validate/bin/html-validate.mjs"))
            .arg("--config")
            .arg(&rules)
            .arg(&page),
    );
}

/// All that is recommended.
const RULES: &str = r#"{ "root": true, "extends": ["html-validate:recommended"] }"#;
