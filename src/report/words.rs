//! The words that every format shares: the verdict line and plain counts.

use crate::model::Assessment;
use crate::model::assessment::RungState;

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
    parts.push(format!("exit code {}", verdict.exit_code));
    parts
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
