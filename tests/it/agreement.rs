//! One run in every format that people read: the same verdict, the same numbers, the same order.

use serde_json::Value;

use crate::binary::{code, path, run, stderr, stdout};

/// On one line, however it was wrapped.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The checks of the findings of a text report, in its order: `CRITICAL credential-expired · registration/x`.
fn in_text(text: &str) -> Vec<String> {
    let severities = ["CRITICAL ", "HIGH ", "MEDIUM ", "LOW ", "INFO "];
    let (text, _) = text.split_once("\nWAIVED").expect("the waived ones");
    let lines = text.lines().filter_map(|line| {
        let mut all = severities.iter();
        let (check, _) = all
            .find_map(|severity| line.strip_prefix(severity))?
            .split_once(" \u{b7}")?;
        Some(check.to_owned())
    });
    lines.collect()
}

/// Those of the page's list.
fn in_page(page: &str) -> Vec<String> {
    let items = page.split("<li id=\"f-").skip(1);
    let checks = items.map(|item| {
        let (_, rest) = item.split_once("data-check=\"").expect("its check");
        rest.split('"').next().unwrap_or_default().to_owned()
    });
    checks.collect()
}

/// Those of the table in Markdown.
fn in_markdown(text: &str) -> Vec<String> {
    let (_, text) = text
        .split_once("| severity | what | evidence |")
        .expect("the table of findings");
    let rows = text
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let checks = rows.map(|row| {
        let (_, rest) = row.split_once("<code>").expect("its check");
        rest.split('<').next().unwrap_or_default().to_owned()
    });
    checks.collect()
}

/// The numbers at the beginning of the summary's lines of conditions, and that of all integrations.
fn in_summary(text: &str) -> (usize, Vec<usize>) {
    let number = |line: &str| line.split_whitespace().next()?.parse().ok();
    let mut lines = text
        .lines()
        .skip_while(|line| !line.contains(" integration"));
    let all = lines.next().and_then(number).expect("all of them");
    let each = lines.take_while(|line| !line.trim().is_empty());
    (all, each.filter_map(number).collect())
}

#[test]
fn every_format_says_the_same() {
    for scenario in ["contoso", "everything", "tidy", "half-permitted", "broken"] {
        let dir = tempfile::tempdir().unwrap();
        let output = run(&[
            "demo",
            "-q",
            "--scenario",
            scenario,
            "--keep",
            path(dir.path()),
        ]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
        let report: Value = serde_json::from_str(&read("report.json")).unwrap();
        let (text, page, markdown) = (read("report.txt"), read("report.html"), read("report.md"));
        let summary = stdout(&output);

        let line = squeezed(report["verdict"]["line"].as_str().unwrap());
        let beginning = |text: &str| squeezed(text).starts_with(&line);
        assert!(beginning(&text), "{scenario}: {line}");
        assert!(squeezed(&summary).ends_with(&line), "{scenario}: {summary}");
        assert!(page.contains(&line), "{scenario}: {line}");
        // What Markdown would read as markup is written otherwise there.
        let first = markdown.lines().next().unwrap();
        let plain = |text: &str| text.replace("&#124;", "|").replace("\\", "");
        assert!(plain(first).ends_with(&line), "{scenario}: {first}");

        let findings = report["findings"].as_array().unwrap();
        let checks: Vec<&str> = findings
            .iter()
            .map(|finding| finding["check"].as_str().unwrap())
            .collect();
        assert_eq!(in_text(&text), checks, "{scenario}");
        assert_eq!(in_page(&page), checks, "{scenario}");
        if !checks.is_empty() {
            assert_eq!(in_markdown(&markdown), checks, "{scenario}");
        }

        let coverage = &report["coverage"];
        let count = |key: &str| coverage[key].as_u64().unwrap();
        let ledger = format!(
            "{} made \u{b7} {} passed \u{b7} {} failed ({} caused by another, {} waived) \u{b7} {} not checked",
            count("asked"),
            count("passed"),
            count("failed"),
            count("consequences"),
            count("waived"),
            count("unknown"),
        );
        assert!(squeezed(&text).contains(&ledger), "{scenario}: {ledger}");
        let mail = squeezed(&read("report.eml").replace("=\r\n", "").replace("=\n", ""));
        let mailed = format!(
            "{} checks made: {} passed, {} failed, {} have no answer",
            count("asked"),
            count("passed"),
            count("failed"),
            count("unknown"),
        );
        assert!(mail.contains(&mailed), "{scenario}: {mailed}");

        let (all, each) = in_summary(&summary);
        let registrations = report["registrations"].as_array().unwrap().len();
        assert_eq!((all, each.iter().sum()), (registrations, registrations));
        let holds = |title: &str| squeezed(&text).contains(title);
        let gaps = text.matches("\n? ").count();
        let grants = report["grants"].as_array().unwrap().len();
        match gaps - grants {
            0 => assert!(holds("NOT CHECKED nothing"), "{scenario}"),
            1 => assert!(holds("NOT CHECKED 1 cause"), "{scenario}"),
            many => assert!(holds(&format!("NOT CHECKED {many} causes")), "{scenario}"),
        }
    }
}

#[test]
fn the_one_screen_keeps_to_the_width_that_it_is_given() {
    for (columns, most) in [("40", 80), ("80", 40), ("120", 40)] {
        for arguments in [
            &["demo", "-q"][..],
            &["demo", "-q", "--scenario", "everything"],
            &["show", "erp-bridge", "--demo", "-q"],
        ] {
            let output = crate::binary::credaudit(arguments)
                .env("COLUMNS", columns)
                .output()
                .unwrap();
            let text = stdout(&output);
            let width: usize = columns.parse().unwrap();
            // A command or a link is never broken.
            let prose = text.lines().filter(|line| {
                let line = line.trim_start();
                !["credaudit ", "az ", "pac ", "( set", "& {", "https://"]
                    .iter()
                    .any(|start| line.starts_with(start))
            });
            for line in prose {
                assert!(line.chars().count() <= width, "{columns}: {line}");
            }
            if arguments[0] == "demo" {
                let lines = text.lines().count();
                assert!(lines <= most, "{columns}: {lines} lines\n{text}");
            }
        }
    }
}

/// The one screen has a line for each cause, and each check without an answer is counted in one of them.
#[test]
fn the_one_screen_counts_each_check_without_an_answer_once() {
    for (scenario, least) in [("contoso", 3), ("half-permitted", 200), ("tidy", 0)] {
        let arguments = ["demo", "-q", "--scenario", scenario];
        let text = stdout(&run(&arguments));
        assert!(!text.contains("\u{2026} and"), "{text}");
        let counted: usize = text
            .lines()
            .filter_map(|line| line.strip_prefix("  ")?.split_once(" check"))
            .filter(|(_, rest)| rest.starts_with(": ") || rest.starts_with("s: "))
            .map(|(number, _)| number.parse::<usize>().expect("a number"))
            .sum();
        let json = stdout(&run(&[&arguments[..], &["--format", "json"]].concat()));
        let report: Value = serde_json::from_str(&json).unwrap();
        // What a finding's failed step kept from being asked is the finding's, and not among them.
        let unknown = report["unknowns"].as_array().unwrap().len();
        assert_eq!(counted, unknown, "{scenario}\n{text}");
        assert!(counted >= least, "{scenario}");
    }
}
