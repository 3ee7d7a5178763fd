//! The verdict in words: as a line, and as a stranger would say it.

use crate::model::Assessment;
use crate::model::assessment::{Cover, ListCount, Since, Waived};
use crate::model::plural::count;
use crate::model::time::minute;
use crate::report::printable::{clean, cut};

/// What the run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Clean,
    Incomplete,
    Findings,
}

impl Standing {
    pub(crate) const fn of(assessment: &Assessment) -> Self {
        match (assessment.verdict.failing, assessment.verdict.incomplete) {
            (0, false) => Self::Clean,
            (0, true) => Self::Incomplete,
            _ => Self::Findings,
        }
    }
}

/// The verdict in its parts: what was found, what is missing, the exit code.
/// `FINDINGS 7 at or above high`, `INCOMPLETE 3 questions unanswered`, `exit code 10`.
#[must_use]
pub(crate) fn verdict(assessment: &Assessment) -> Vec<String> {
    parts(assessment, true)
}

/// The same without the names of lists, for a reader to whom not all of them concern.
#[must_use]
pub(crate) fn nameless_verdict(assessment: &Assessment) -> Vec<String> {
    parts(assessment, false)
}

/// What is said first, and on standard error, where nothing was asked for want of an identity.
pub(crate) const NO_IDENTITY: &str = "NOT AUDITED no identity to sign in with was found on this machine: sign in with \
     `az login`, set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, or name an identity under [auditor]";

fn parts(assessment: &Assessment, names: bool) -> Vec<String> {
    let verdict = &assessment.verdict;
    let threshold = assessment.run.fail_on;
    let mut parts = Vec::new();
    if assessment.run.no_identity {
        parts.push(NO_IDENTITY.to_owned());
    }
    if verdict.failing > 0 {
        parts.push(format!(
            "FINDINGS {} at or above {threshold}",
            verdict.failing
        ));
    } else if assessment.run.no_identity {
        // Where nothing was asked, that nothing was found is no news.
    } else if verdict.incomplete {
        parts.push(format!("NO FINDINGS at or above {threshold}"));
    } else {
        parts.push(match waived(assessment) {
            None => format!("CLEAN nothing at or above {threshold}"),
            Some(waived) => format!(
                "CLEAN but for {waived}, nothing {}at or above {threshold}",
                besides(assessment)
            ),
        });
    }
    let below = assessment.findings.len().saturating_sub(verdict.failing);
    if below > 0 {
        parts.push(format!("{below} below"));
    }
    let clean = verdict.failing == 0 && !verdict.incomplete;
    parts.extend(waived(assessment).filter(|_| !clean));
    if verdict.incomplete {
        let holes = holes(assessment, names);
        parts.push(match holes.is_empty() {
            true => "INCOMPLETE not everything could be read".to_owned(),
            false => format!("INCOMPLETE {}", holes.join(", ")),
        });
    }
    parts.extend(beside(assessment, names));
    if let Some(since) = &verdict.since {
        parts.push(newer(since));
    }
    parts.push(match verdict.ended {
        None => format!("exit code {}", verdict.exit_code),
        // Nothing else ends with 0 over a verdict that is not: no audit hides one.
        Some(0) => format!("exit code {} (this demo ends with 0)", verdict.exit_code),
        Some(code) => format!(
            "NOT DELIVERED, exit code {code} instead of {}",
            verdict.exit_code
        ),
    });
    parts
}

/// What makes the run incomplete: questions, those behind a failed step, lists.
fn holes(assessment: &Assessment, names: bool) -> Vec<String> {
    let ending = assessment.ending();
    let mut holes = Vec::new();
    if ending.unanswered > 0 {
        let questions = count(ending.unanswered, "question");
        holes.push(format!("{questions} unanswered"));
    }
    if ending.behind > 0 {
        let questions = count(ending.behind, "question");
        holes.push(format!("{questions} behind a failed step"));
    }
    if ending.lists > 0 {
        let lists = count(ending.lists, "list");
        let which = named(assessment, names, |list| list.counts);
        holes.push(format!("{lists} not read to the end{which}"));
    }
    holes
}

/// What is open and costs nothing: said all the same.
fn beside(assessment: &Assessment, names: bool) -> Vec<String> {
    let coverage = &assessment.coverage;
    let mut parts = Vec::new();
    if coverage.behind_and_waived > 0 {
        let questions = count(coverage.behind_and_waived, "question");
        parts.push(format!("{questions} behind a waived finding"));
    }
    let unknowns = assessment.unknowns.iter();
    let reported = unknowns.filter(|one| !one.counts).count() + assessment.behind(Cover::Policy);
    if reported > 0 {
        parts.push(format!(
            "{} unanswered that the policy only reports",
            count(reported, "question")
        ));
    }
    let refused = coverage.lists.iter().filter(|list| list.refused).count();
    if refused > 0 {
        let lists = count(refused, "list");
        let which = named(assessment, names, |list| list.refused);
        parts.push(format!("{lists} refused that no question needs{which}"));
    }
    if coverage.cannot_be_proven > 0 {
        parts.push(format!(
            "{} cannot be proven: no stored credential",
            coverage.cannot_be_proven
        ));
    }
    parts
}

/// Lists named in a verdict line.
const LISTS: usize = 3;

/// ` (secrets of vault crm-prod and 2 more)`.
fn named(assessment: &Assessment, names: bool, which: fn(&ListCount) -> bool) -> String {
    if !names {
        return String::new();
    }
    let lists: Vec<&ListCount> = assessment
        .coverage
        .lists
        .iter()
        .filter(|list| which(list))
        .collect();
    let mut told: Vec<String> = lists
        .iter()
        .take(LISTS)
        .map(|list| cut(&clean(&list.name), LONGEST))
        .collect();
    if lists.len() > LISTS {
        told.push(format!("{} more", lists.len() - LISTS));
    }
    format!(" ({})", told.join(", "))
}

/// Of a list's name in a verdict line.
const LONGEST: usize = 60;

/// `2 waived findings (worst: critical)`; `None` where nothing is waived.
#[must_use]
pub(crate) fn waived(assessment: &Assessment) -> Option<String> {
    let waived = assessment.waived.iter();
    let worst = waived.map(|waived| waived.finding.severity).max()?;
    let number = count(assessment.waived.len(), "waived finding");
    Some(format!("{number} (worst: {worst})"))
}

/// `else ` where what is waived would count.
#[must_use]
pub(crate) fn besides(assessment: &Assessment) -> &'static str {
    let counts = |waived: &Waived| waived.finding.severity >= assessment.run.fail_on;
    if assessment.waived.iter().any(counts) {
        "else "
    } else {
        ""
    }
}

/// What is new since an earlier run: by that the run ends.
pub(crate) fn newer(since: &Since) -> String {
    let Some(collected) = since.collected else {
        if since.unread {
            return "NEW all of it, for the kept runs could not be read".to_owned();
        }
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

/// The verdict as a stranger would say it: what is wrong, and what is not known.
pub(crate) fn headline(assessment: &Assessment) -> String {
    let verdict = &assessment.verdict;
    let threshold = assessment.run.fail_on;
    if assessment.run.no_identity {
        return "Not audited: no identity to sign in with was found".to_owned();
    }
    let hole = verdict.incomplete.then(|| hole(assessment));
    let waived = waived(assessment);
    let found = match (verdict.failing, hole) {
        (0, None) => {
            return match waived {
                None => format!("Clean: nothing at or above {threshold}"),
                Some(waived) => format!(
                    "Clean but for {waived}: nothing {}at or above {threshold}",
                    besides(assessment)
                ),
            };
        }
        (0, Some(hole)) => format!("Nothing found at or above {threshold}, but {hole}"),
        (failing, None) => format!("{} at or above {threshold}", count(failing, "finding")),
        (failing, Some(hole)) => {
            format!(
                "{} at or above {threshold}, and {hole}",
                count(failing, "finding")
            )
        }
    };
    match waived {
        None => found,
        Some(waived) => format!("{found}; {waived}"),
    }
}

/// What is not known, in a clause.
fn hole(assessment: &Assessment) -> String {
    let ending = assessment.ending();
    let mut clauses = Vec::new();
    match ending.unanswered + ending.behind {
        0 => {}
        1 => clauses.push("1 question has no answer".to_owned()),
        open => clauses.push(format!("{open} questions have no answer")),
    }
    if ending.lists > 0 {
        let which = named(assessment, true, |list| list.counts);
        let verb = if ending.lists == 1 { "was" } else { "were" };
        let lists = count(ending.lists, "list");
        clauses.push(format!("{lists} {verb} not read to the end{which}"));
    }
    if clauses.is_empty() {
        clauses.push("not everything could be read".to_owned());
    }
    clauses.join(", ")
}

#[cfg(test)]
mod tests;
