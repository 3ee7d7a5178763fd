//! The report as Prometheus text, for the textfile collector: ends as timestamps, counts as gauges.
//!
//! Days left are for the one who asks to compute: `credaudit_credential_end_timestamp_seconds - time()`.
//! An end that is not known has no sample that an alert could take for a far one; a gauge beside it says
//! whether it is known. A credential without an end ends at `+Inf`.

use std::collections::BTreeSet;
use std::fmt::{Display, Write};

use crate::model::assessment::{Assessment, CredentialEnd, RegistrationView};
use crate::model::{GapKind, Severity};

use crate::report::printable::clean;

/// Text of format 0.0.4.
#[must_use]
pub fn prometheus(assessment: &Assessment) -> String {
    let mut page = Page::default();
    run(&mut page, assessment);
    counts(&mut page, assessment);
    registrations(&mut page, assessment);
    credentials(&mut page, assessment);
    page.text
}

fn run(page: &mut Page, assessment: &Assessment) {
    let run = &assessment.run;
    let narrowed = run.narrowed.as_deref().unwrap_or_default();
    page.head(
        "run_info",
        "What was judged, by what and under which policy.",
    );
    page.sample(
        "run_info",
        &[
            ("tool", &assessment.tool),
            ("policy", &run.policy),
            ("fail_on", run.fail_on.as_str()),
            ("narrowed", narrowed),
        ],
        1,
    );
    page.head(
        "run_collected_timestamp_seconds",
        "When the services were read.",
    );
    page.sample(
        "run_collected_timestamp_seconds",
        &[],
        run.collected.timestamp(),
    );
    page.head(
        "run_judged_timestamp_seconds",
        "The moment that the judging stands on.",
    );
    page.sample("run_judged_timestamp_seconds", &[], run.as_of.timestamp());
    page.head(
        "run_clock_ahead_seconds",
        "How far the services' clock was ahead of the collecting machine's; no sample where it is not known.",
    );
    if let Some(ahead) = run.clock_ahead_seconds {
        page.sample("run_clock_ahead_seconds", &[], ahead);
    }
    page.head(
        "run_exit_code",
        "10 where findings at or above the threshold count, 11 where only open questions do, else 0; with \
         --fail-on-new only what is new counts.",
    );
    page.sample("run_exit_code", &[], assessment.verdict.exit_code);
    page.head(
        "run_failing",
        "Findings at or above the threshold, new or not, without the waived ones.",
    );
    page.sample("run_failing", &[], assessment.verdict.failing);
    page.head(
        "run_incomplete",
        "1 where something that should be known is not.",
    );
    page.sample(
        "run_incomplete",
        &[],
        u8::from(assessment.verdict.incomplete),
    );
}

fn counts(page: &mut Page, assessment: &Assessment) {
    let coverage = &assessment.coverage;
    page.head("questions", "Questions asked, by what became of them.");
    for (outcome, number) in [
        ("passed", coverage.passed),
        ("failed", coverage.failed),
        ("unknown", coverage.unknown),
        ("not-applicable", coverage.not_applicable),
    ] {
        page.sample("questions", &[("outcome", outcome)], number);
    }
    page.head(
        "questions_unknown",
        "Questions without an answer, by what stands in the way.",
    );
    for kind in GapKind::ALL {
        let number = coverage.unknown_by_kind.get(&kind).copied().unwrap_or(0);
        page.sample("questions_unknown", &[("kind", kind.as_str())], number);
    }
    page.head(
        "questions_behind_a_fail",
        "Of the unknown ones: behind a failed step.",
    );
    page.sample("questions_behind_a_fail", &[], coverage.behind_a_fail);
    open(page, assessment);
    page.head(
        "consequences",
        "Of the failed ones: told inside their cause.",
    );
    page.sample("consequences", &[], coverage.consequences);
    page.head("waived", "Of the failed ones: covered by a waiver.");
    page.sample("waived", &[], coverage.waived);
    page.head("findings", "Findings that no waiver covers, by severity.");
    for severity in Severity::ALL {
        let of = |finding: &&crate::model::assessment::Finding| finding.severity == severity;
        let number = assessment.findings.iter().filter(of).count();
        page.sample("findings", &[("severity", severity.as_str())], number);
    }
}

/// What is open beside single questions, and what costs nothing.
fn open(page: &mut Page, assessment: &Assessment) {
    let coverage = &assessment.coverage;
    for (name, help, number) in [
        (
            "questions_behind_and_open",
            "Of those behind a failed step: nothing answers for them, and the run is incomplete.",
            coverage.behind_and_open,
        ),
        (
            "questions_behind_and_waived",
            "Of those behind a failed step: its finding is waived.",
            coverage.behind_and_waived,
        ),
        (
            "questions_reported_only",
            "Of the unknown ones: the policy only reports them.",
            coverage.reported_only,
        ),
        (
            "lists_cut_short",
            "Lists that were begun and not read to their end: the run is incomplete.",
            assessment.ending().lists,
        ),
        (
            "registrations_cannot_be_proven",
            "Registrations without a stored credential.",
            coverage.cannot_be_proven,
        ),
    ] {
        page.head(name, help);
        page.sample(name, &[], number);
    }
}

fn names(view: &RegistrationView) -> [(&'static str, &str); 3] {
    [
        ("registration", &view.name),
        ("environment", &view.environment),
        ("tier", &view.tier),
    ]
}

fn registrations(page: &mut Page, assessment: &Assessment) {
    let views = &assessment.registrations;
    page.head(
        "registration_proven",
        "1 where the credential is proven end to end, 0 where it is not.",
    );
    for view in views {
        let proven = u8::from(view.is_proven());
        page.sample("registration_proven", &names(view), proven);
    }
    page.head(
        "registration_told",
        "How many people are notified about a registration; 0 where nobody answers for it.",
    );
    for view in views {
        page.sample("registration_told", &names(view), view.route.to.len());
    }
    page.head("registration_findings", "Findings about a registration.");
    for view in views {
        page.sample("registration_findings", &names(view), view.findings);
    }
    page.head(
        "registration_end_known",
        "1 where the end of the credential in use is known, 0 where it is not.",
    );
    for view in views {
        page.sample("registration_end_known", &names(view), known(&view.ends));
    }
    page.head(
        "registration_end_timestamp_seconds",
        "When the credential in use ends; +Inf where no end is set.",
    );
    for view in views {
        if let Some(end) = end(&view.ends) {
            page.sample("registration_end_timestamp_seconds", &names(view), end);
        }
    }
}

fn credentials(page: &mut Page, assessment: &Assessment) {
    let each = || {
        assessment.registrations.iter().flat_map(|view| {
            view.credentials
                .iter()
                .map(move |credential| (view, credential))
        })
    };
    let [one, two] = [
        (
            "credential_end_known",
            "1 where the end of a credential is known, 0 where it is not.",
        ),
        (
            "credential_end_timestamp_seconds",
            "When a credential ends; +Inf where no end is set.",
        ),
    ];
    for (name, help) in [one, two] {
        page.head(name, help);
        for (view, credential) in each() {
            let mut labels = names(view).to_vec();
            labels.extend([
                ("key_id", credential.key_id.as_str()),
                ("kind", &credential.kind),
                ("place", &credential.place),
            ]);
            if name == one.0 {
                page.sample(name, &labels, known(&credential.ends));
            } else if let Some(end) = end(&credential.ends) {
                page.sample(name, &labels, end);
            }
        }
    }
}

fn known(ends: &CredentialEnd) -> u8 {
    u8::from(!matches!(ends, CredentialEnd::Unknown(_)))
}

fn end(ends: &CredentialEnd) -> Option<String> {
    match ends {
        CredentialEnd::On { end, .. } => Some(end.timestamp().to_string()),
        CredentialEnd::Never => Some("+Inf".to_owned()),
        CredentialEnd::Unknown(_) => None,
    }
}

/// Metrics in their order; every name begins with the tool's.
#[derive(Default)]
struct Page {
    text: String,
    told: BTreeSet<String>,
}

impl Page {
    fn head(&mut self, name: &str, help: &str) {
        self.put(format_args!(
            "# HELP credaudit_{name} {help}\n# TYPE credaudit_{name} gauge\n"
        ));
    }

    /// One sample. A series that stands in a file twice makes the collector refuse the file, so the first
    /// one counts; credentials come by end, the soonest first.
    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, text)| format!("{label}=\"{}\"", quoted(text)))
            .collect();
        let series = match labels.as_slice() {
            [] => format!("credaudit_{name}"),
            labels => format!("credaudit_{name}{{{}}}", labels.join(",")),
        };
        if self.told.insert(series.clone()) {
            self.put(format_args!("{series} {value}\n"));
        }
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing into memory cannot fail.
        let _ = self.text.write_fmt(text);
    }
}

/// A label's value: backslash, quote and line feed escaped ([`clean`] leaves no line feed).
fn quoted(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_format_is_what_the_snapshot_says() {
        insta::assert_snapshot!("rich", prometheus(&fixture::rich()));
    }

    #[test]
    fn no_series_stands_twice() {
        let text = prometheus(&fixture::rich());
        let mut series: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.rsplit_once(' ').map(|(series, _)| series))
            .collect();
        let all = series.len();
        series.sort_unstable();
        series.dedup();
        assert_eq!(series.len(), all);
    }

    #[test]
    fn a_clock_that_differs_has_a_sample_and_an_unknown_one_has_none() {
        let mut assessment = fixture::rich();
        for (ahead, line) in [
            (None, None),
            (Some(0), Some("credaudit_run_clock_ahead_seconds 0")),
            (
                Some(-7_200),
                Some("credaudit_run_clock_ahead_seconds -7200"),
            ),
        ] {
            assessment.run.clock_ahead_seconds = ahead;
            let text = prometheus(&assessment);
            let mut lines = text.lines();
            let found = lines.find(|line| line.starts_with("credaudit_run_clock_ahead_seconds"));
            assert_eq!(found, line);
        }
    }

    #[test]
    fn an_unknown_end_is_no_far_end() {
        let text = prometheus(&fixture::rich());
        let of = |metric: &str| {
            text.lines()
                .filter(|line| line.starts_with(metric) && line.contains("日本語"))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(of("credaudit_registration_end_timestamp"), [""; 0]);
        assert!(of("credaudit_registration_end_known")[0].ends_with(" 0"));
    }

    #[test]
    fn an_exit_code_by_what_is_new_is_not_the_verdict() {
        let mut assessment = fixture::rich();
        assessment.verdict.exit_code = 0;
        let text = prometheus(&assessment);
        assert!(text.contains("\ncredaudit_run_exit_code 0\n"), "{text}");
        assert!(text.contains("\ncredaudit_run_failing 3\n"), "{text}");
        assert!(!text.contains("0 clean"), "{text}");
    }
}
