//! The words that every format shares: the verdict line and plain counts.

use crate::model::Assessment;
use crate::model::assessment::{RungState, Since};
use crate::model::time::minute;

/// The verdict in its parts: what was found, what is missing, the exit code.
/// `FINDINGS 7 at or above high`, `INCOMPLETE 3 questions unanswered`, `exit code 10`.
#[must_use]
pub(super) fn verdict(assessment: &Assessment) -> Vec<String> {
    let verdict = &assessment.verdict;
    let threshold = assessment.run.fail_on;
    let mut parts = Vec::new();
    if verdict.failing > 0 {
        parts.push(format!(
            "FINDINGS {} at or above {threshold}",
            verdict.failing
        ));
    } else if verdict.incomplete {
        parts.push(format!("NO FINDINGS at or above {threshold}"));
    } else {
        parts.push(format!("CLEAN nothing at or above {threshold}"));
    }
    let below = assessment.findings.len().saturating_sub(verdict.failing);
    if below > 0 {
        parts.push(format!("{below} below"));
    }
    let open = |counts: bool| {
        assessment
            .unknowns
            .iter()
            .filter(|unknown| unknown.counts == counts)
            .count()
    };
    if verdict.incomplete {
        parts.push(match open(true) {
            0 => "INCOMPLETE not everything could be read".to_owned(),
            questions => format!("INCOMPLETE {} unanswered", count(questions, "question")),
        });
    }
    if open(false) > 0 {
        parts.push(format!(
            "{} unanswered that the policy only reports",
            count(open(false), "question")
        ));
    }
    if let Some(since) = &verdict.since {
        parts.push(newer(since));
    }
    parts.push(format!("exit code {}", verdict.exit_code));
    parts
}

/// What is new since an earlier run: by that the run ends.
fn newer(since: &Since) -> String {
    let Some(collected) = since.collected else {
        return "NEW all of it, for no earlier run is kept".to_owned();
    };
    let mut parts = Vec::new();
    if since.findings > 0 {
        parts.push(count(since.findings, "finding"));
    }
    if since.unanswered > 0 {
        parts.push(format!(
            "{} unanswered",
            count(since.unanswered, "question")
        ));
    }
    match parts.as_slice() {
        [] => format!("NOTHING NEW since {}", minute(collected)),
        parts => format!("NEW {} since {}", parts.join(" and "), minute(collected)),
    }
}

/// `1 question`, `3 questions`.
#[must_use]
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// What a credential's last use says where the report of sign-ins has no line of it.
pub(super) const NOT_REPORTED: &str = "not in the report";

/// The mark of a rung: told apart without colour.
#[must_use]
pub(super) const fn mark(state: RungState) -> &'static str {
    match state {
        RungState::Proven => "ok",
        RungState::Failed => "FAIL",
        RungState::Unknown => "?",
        RungState::NotReached => "-",
        RungState::NotApplicable => "n/a",
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn ten_wins_over_eleven_and_both_are_said() {
        let line = verdict(&fixture::rich()).join(" · ");
        assert_eq!(
            line,
            "FINDINGS 3 at or above high · 1 below · INCOMPLETE 2 questions unanswered · \
             1 question unanswered that the policy only reports · exit code 10"
        );
    }

    #[test]
    fn what_is_and_what_is_new_are_both_said() {
        let mut assessment = fixture::rich();
        assessment.verdict.exit_code = 0;
        let mut since = Since {
            run: Some("3f0e8c1a".to_owned()),
            collected: Some("2026-11-14T06:00:00Z".parse().unwrap()),
            findings: 0,
            unanswered: 0,
        };
        let mut end = |since: &Since| {
            assessment.verdict.since = Some(since.clone());
            let parts = verdict(&assessment);
            assert!(parts[0].starts_with("FINDINGS 3"), "{parts:?}");
            parts[parts.len() - 2].clone()
        };
        assert_eq!(end(&since), "NOTHING NEW since 2026-11-14 06:00 UTC");
        (since.findings, since.unanswered) = (1, 2);
        assert_eq!(
            end(&since),
            "NEW 1 finding and 2 questions unanswered since 2026-11-14 06:00 UTC"
        );
        since.collected = None;
        assert_eq!(end(&since), "NEW all of it, for no earlier run is kept");
    }

    #[test]
    fn incomplete_without_findings_is_never_called_clean() {
        let mut assessment = fixture::empty();
        assessment.verdict.incomplete = true;
        assessment.verdict.exit_code = 11;
        let line = verdict(&assessment).join(" · ");
        assert_eq!(
            line,
            "NO FINDINGS at or above high · INCOMPLETE not everything could be read · exit code 11"
        );
    }

    #[test]
    fn clean_is_said_with_its_code() {
        let line = verdict(&fixture::empty()).join(" · ");
        assert_eq!(line, "CLEAN nothing at or above high · exit code 0");
    }
}
