//! What every format is held against: the totals, the ids, the ending, harmless text.

use super::*;

#[test]
fn every_format_has_a_reader() {
    for format in Format::ALL {
        assert!(
            READERS.iter().any(|(known, ..)| *known == format),
            "{format:?}"
        );
    }
}

/// The verdict as each format, the mail and the webhook tell it: exit code, findings, whether it is incomplete.
fn assert_told(assessment: &Assessment) {
    let verdict = &assessment.verdict;
    let (code, failing, incomplete) = (verdict.exit_code, verdict.failing, verdict.incomplete);
    let of = |format| text(format, assessment);
    let in_words = format!("exit code {code}");
    let flat = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for format in [Format::Table, Format::Markdown, Format::Html] {
        assert!(flat(of(format)).contains(&in_words), "{format:?}");
    }
    let class = ["verdict good", "verdict doubt", "verdict bad"];
    let class = class[usize::from(incomplete).max(2 * usize::from(failing > 0))];
    assert!(
        of(Format::Html).contains(&format!("\"{class}\"")),
        "{class}"
    );
    let clean = code == 0;
    let mail = crate::report::mail(assessment, "contoso");
    assert_eq!(
        mail.subject.starts_with("credaudit contoso: Clean") || mail.subject.contains("): Clean"),
        clean
    );
    let json: Value = serde_json::from_str(&of(Format::Json)).expect("JSON");
    let json = &json["verdict"];
    assert_eq!(
        (number(&json["exit_code"]), &json["incomplete"]),
        (Some(code.into()), &incomplete.into())
    );
    assert_eq!(json["result"] == "clean", clean);
    let hook: Value =
        serde_json::from_slice(&crate::report::machine::webhook::json(assessment)).expect("JSON");
    assert_eq!(
        (number(&hook["exit_code"]), &hook["incomplete"]),
        (Some(code.into()), &incomplete.into())
    );
    let prometheus = of(Format::Prometheus);
    assert!(prometheus.contains(&format!("\ncredaudit_run_exit_code {code}\n")));
    let incomplete_sample = format!("\ncredaudit_run_incomplete {}\n", u8::from(incomplete));
    assert!(prometheus.contains(&incomplete_sample));
    let sarif: Value = serde_json::from_str(&of(Format::Sarif)).expect("JSON");
    let run = &sarif["runs"][0];
    let invocation = &run["invocations"][0];
    assert_eq!(number(&invocation["exitCode"]), Some(code.into()));
    assert_eq!(invocation["executionSuccessful"], !incomplete);
    let results = run["results"].as_array().expect("results");
    let open = results
        .iter()
        .any(|one| one["properties"]["counts"] == true);
    let notes = invocation["toolExecutionNotifications"]
        .as_array()
        .expect("notes");
    let unread = notes.iter().any(|note| note["level"] == "error");
    assert_eq!(open || unread, incomplete);
    assert_junit_and_rows(assessment, &of);
}

/// A run that ends with 11 or 10 has an error or a failure there, and rows that say why.
fn assert_junit_and_rows(assessment: &Assessment, of: &dyn Fn(Format) -> String) {
    let ending = assessment.ending();
    let report = quick_junit::Report::deserialize_from_str(&of(Format::Junit)).expect("XML");
    assert!(report.failures >= ending.failing);
    assert!(report.errors >= ending.unanswered + ending.behind + ending.lists);
    let rows = rows(&of(Format::FindingsCsv));
    let counted = |row: &&BTreeMap<String, String>| match row["outcome"].as_str() {
        "unknown" => !row["note"].ends_with("the policy only reports it"),
        outcome => outcome == "list",
    };
    let open = rows.iter().filter(counted).count();
    assert_eq!(open, ending.unanswered + ending.behind + ending.lists);
}

proptest! {
    // Each run draws anew; a format that goes wrong does so in one of a few dozen.
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_finding_is_told_and_the_totals_agree(assessment in assessments()) {
        let coverage = &assessment.coverage;
        for (format, tells_each, read) in READERS {
            let text = text(format, &assessment);
            if tells_each {
                for (fingerprint, check) in ids(&assessment) {
                    prop_assert!(text.contains(fingerprint), "{format:?} lacks {fingerprint}:\n{text}");
                    prop_assert!(text.contains(check), "{format:?} lacks {check}:\n{text}");
                }
            }
            let told = read(&text);
            for (what, told, wanted) in [
                ("passed", told.passed, coverage.passed),
                ("failed", told.failed, coverage.failed),
                ("consequences", told.consequences, coverage.consequences),
                ("waived", told.waived, coverage.waived),
                ("unknown", told.unknown, coverage.unknown),
                ("behind a fail", told.behind_a_fail, coverage.behind_a_fail),
            ] {
                prop_assert_eq!(told.unwrap_or(wanted), wanted, "{} of {:?}:\n{}", what, format, text);
            }
        }
    }

    #[test]
    fn every_format_ends_as_the_run_does(assessment in assessments()) {
        assert_told(&assessment);
    }

    #[test]
    fn no_format_passes_a_control_or_a_direction_mark_on(assessment in assessments()) {
        for format in Format::ALL {
            let text = text(format, &assessment);
            let ended = text.replace("\r\n", "\n");
            let found = ended.chars().find(|letter| *letter != '\n' && is_hostile(*letter));
            prop_assert_eq!(found, None, "{:?}:\n{}", format, text);
        }
    }
}
