//! The report as Prometheus text, for the textfile collector: ends as timestamps, counts as gauges.
//!
//! Days left are for the one who asks to compute: `credaudit_credential_end_timestamp_seconds - time()`.
//! An end that is not known has no sample that an alert could take for a far one; a gauge beside it says
//! whether it is known. A credential without an end ends at `+Inf`.

use std::collections::BTreeSet;
use std::fmt::{Display, Write};

use crate::model::Severity;
use crate::model::assessment::{Assessment, CredentialEnd, RegistrationView};
use crate::report::printable::clean;
use crate::report::view::coverage::numbers;

/// Text of format 0.0.4.
pub(crate) fn prometheus(assessment: &Assessment) -> String {
    let mut page = Page::default();
    run(&mut page, assessment);
    counts(&mut page, assessment);
    registrations(&mut page, assessment);
    credentials(&mut page, assessment);
    page.text
}

fn run(page: &mut Page, assessment: &Assessment) {
    let (run, verdict) = (&assessment.run, &assessment.verdict);
    let labels = vec![
        ("tool", assessment.tool.as_str()),
        ("policy", &run.policy),
        ("fail_on", run.fail_on.as_str()),
        ("narrowed", run.narrowed.as_deref().unwrap_or_default()),
    ];
    page.gauge(
        "run_info",
        "What was judged, by what and under which policy.",
        [(labels, 1)],
    );
    page.number(
        "run_collected_timestamp_seconds",
        "When the services were read.",
        run.collected.timestamp(),
    );
    page.number(
        "run_judged_timestamp_seconds",
        "The moment as of which everything is checked.",
        run.as_of.timestamp(),
    );
    page.gauge(
        "run_clock_ahead_seconds",
        "How far the services' clock was ahead of the collecting machine's; no sample where it is not known.",
        run.clock_ahead_seconds.map(|ahead| (Vec::new(), ahead)),
    );
    page.number(
        "run_exit_code",
        "10 where findings at or above the threshold count, 11 where only checks without an answer do, else 0; with \
         --fail-on-new only what is new counts.",
        verdict.exit_code,
    );
    page.number(
        "run_failing",
        "Findings at or above the threshold, new or not, without the waived ones.",
        verdict.failing,
    );
    page.number(
        "run_incomplete",
        "1 where something that should be known is not.",
        u8::from(verdict.incomplete),
    );
}

fn counts(page: &mut Page, assessment: &Assessment) {
    let coverage = &assessment.coverage;
    let outcomes = [
        ("passed", coverage.passed),
        ("failed", coverage.failed),
        ("unknown", coverage.unknown),
        ("not-applicable", coverage.not_applicable),
    ];
    page.gauge(
        "questions",
        "Checks made, by outcome.",
        outcomes.map(|(outcome, number)| (vec![("outcome", outcome)], number)),
    );
    page.gauge(
        "questions_unknown",
        "Checks without an answer, by cause.",
        numbers(coverage).map(|(kind, number)| (vec![("kind", kind.as_str())], number)),
    );
    for (name, help, number) in ledger(assessment) {
        page.number(name, help, number);
    }
    page.gauge(
        "findings",
        "Findings that no waiver covers, by severity.",
        Severity::ALL.map(|severity| {
            let all = assessment.findings.iter();
            let number = all.filter(|finding| finding.severity == severity).count();
            (vec![("severity", severity.as_str())], number)
        }),
    );
}

/// Of the questions, by what else is to be known of them.
fn ledger(assessment: &Assessment) -> [(&'static str, &'static str, usize); 8] {
    let coverage = &assessment.coverage;
    [
        (
            "questions_behind_a_fail",
            "Of the unknown ones: not made because an earlier step failed.",
            coverage.behind_a_fail,
        ),
        (
            "questions_behind_and_open",
            "Of those after a failed step: no finding accounts for them, and the run is incomplete.",
            coverage.behind_and_open,
        ),
        (
            "questions_behind_and_waived",
            "Of those after a failed step: its finding is waived.",
            coverage.behind_and_waived,
        ),
        (
            "questions_reported_only",
            "Of the unknown ones: the policy only reports them.",
            coverage.reported_only,
        ),
        (
            "lists_cut_short",
            "Lists whose end was not reached: the run is incomplete.",
            assessment.ending().lists,
        ),
        (
            "registrations_cannot_be_proven",
            "Registrations without a stored credential.",
            coverage.cannot_be_proven,
        ),
        (
            "consequences",
            "Of the failed ones: caused by another finding, and listed inside it.",
            coverage.consequences,
        ),
        (
            "waived",
            "Of the failed ones: covered by a waiver.",
            coverage.waived,
        ),
    ]
}

fn names(view: &RegistrationView) -> Vec<(&'static str, &str)> {
    vec![
        ("registration", &view.name),
        ("environment", &view.environment),
        ("tier", &view.tier),
    ]
}

fn registrations(page: &mut Page, assessment: &Assessment) {
    let views = &assessment.registrations;
    page.gauge(
        "registration_proven",
        "1 where the credential is proven end to end, 0 where it is not.",
        views
            .iter()
            .map(|view| (names(view), u8::from(view.is_proven()))),
    );
    page.gauge(
        "registration_told",
        "How many people are notified about a registration; 0 where it has no owner or contact.",
        views.iter().map(|view| (names(view), view.route.to.len())),
    );
    page.gauge(
        "registration_findings",
        "Findings about a registration.",
        views.iter().map(|view| (names(view), view.findings)),
    );
    page.gauge(
        "registration_end_known",
        "1 where the expiry of the current credential is known, 0 where it is not.",
        views.iter().map(|view| (names(view), known(&view.ends))),
    );
    page.gauge(
        "registration_end_timestamp_seconds",
        "When the current credential expires; +Inf where it does not.",
        views
            .iter()
            .filter_map(|view| Some((names(view), end(&view.ends)?))),
    );
}

fn credentials(page: &mut Page, assessment: &Assessment) {
    let each = || {
        let views = assessment.registrations.iter();
        views.flat_map(|view| {
            view.credentials.iter().map(move |credential| {
                let mut labels = names(view);
                labels.extend([
                    ("key_id", credential.key_id.as_str()),
                    ("kind", &credential.kind),
                    ("place", &credential.place),
                ]);
                (labels, &credential.ends)
            })
        })
    };
    page.gauge(
        "credential_end_known",
        "1 where the expiry of a credential is known, 0 where it is not.",
        each().map(|(labels, ends)| (labels, known(ends))),
    );
    page.gauge(
        "credential_end_timestamp_seconds",
        "When a credential expires; +Inf where it does not.",
        each().filter_map(|(labels, ends)| Some((labels, end(ends)?))),
    );
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
    /// Every series that has its sample.
    series: BTreeSet<String>,
}

impl Page {
    /// A gauge without labels.
    fn number(&mut self, name: &str, help: &str, number: impl Display) {
        self.gauge(name, help, [(Vec::new(), number)]);
    }

    /// A gauge and its samples. A series that stands in a file twice makes the collector refuse the file, so
    /// the first one counts; credentials come by end, the soonest first.
    fn gauge<'l, V: Display>(
        &mut self,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = (Vec<(&'static str, &'l str)>, V)>,
    ) {
        self.put(format_args!(
            "# HELP credaudit_{name} {help}\n# TYPE credaudit_{name} gauge\n"
        ));
        for (labels, value) in samples {
            let labels: Vec<String> = labels
                .iter()
                .map(|(label, text)| format!("{label}=\"{}\"", quoted(text)))
                .collect();
            let series = match labels.as_slice() {
                [] => format!("credaudit_{name}"),
                labels => format!("credaudit_{name}{{{}}}", labels.join(",")),
            };
            if self.series.insert(series.clone()) {
                self.put(format_args!("{series} {value}\n"));
            }
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
