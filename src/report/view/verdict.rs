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

/// What is said first, and on standard error, where nothing was asked for want of an identity.
pub(crate) const NO_IDENTITY: &str = "NOT AUDITED no identity to sign in with was found on this machine: sign in with \
     `az login`, set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, or name an identity under [auditor]";

/// What was found: as the line says it, and as a stranger would.
fn found(assessment: &Assessment) -> [String; 2] {
    let threshold = assessment.run.fail_on;
    let failing = assessment.verdict.failing;
    match (Standing::of(assessment), waived(assessment)) {
        (Standing::Findings, _) => [
            format!("FINDINGS {failing} at or above {threshold}"),
            format!("{} at or above {threshold}", count(failing, "finding")),
        ],
        (Standing::Incomplete, _) => ["no findings", "nothing found"]
            .map(|nothing| format!("{nothing} at or above {threshold}")),
        (Standing::Clean, None) => {
            ["CLEAN", "Clean:"].map(|clean| format!("{clean} nothing at or above {threshold}"))
        }
        (Standing::Clean, Some(waived)) => [("CLEAN", ','), ("Clean", ':')].map(|(clean, mark)| {
            let besides = besides(assessment);
            format!("{clean} but for {waived}{mark} nothing {besides}at or above {threshold}")
        }),
    }
}

/// What is waived, where [`found`] does not say it.
fn waived_besides(assessment: &Assessment) -> Option<String> {
    waived(assessment).filter(|_| Standing::of(assessment) != Standing::Clean)
}

/// The verdict line in its phrases: what was found, what is missing, the exit code.
/// `FINDINGS 7 at or above high`, `INCOMPLETE 3 checks without an answer`, `exit code 10`.
pub(crate) fn verdict(assessment: &Assessment) -> Vec<String> {
    phrases(assessment, true)
}

/// The same without the names of lists, for a reader to whom not all of them concern.
pub(crate) fn nameless_verdict(assessment: &Assessment) -> Vec<String> {
    phrases(assessment, false)
}

fn phrases(assessment: &Assessment, names: bool) -> Vec<String> {
    let verdict = &assessment.verdict;
    let mut phrases = Vec::new();
    if assessment.run.no_identity {
        phrases.push(NO_IDENTITY.to_owned());
    }
    // The worse half comes first: what is missing, unless there are findings.
    let standing = Standing::of(assessment);
    if standing == Standing::Incomplete {
        phrases.push(incomplete(assessment, names));
    }
    // Where nothing was asked, that nothing was found is no news.
    if verdict.failing > 0 || !assessment.run.no_identity {
        let [line, _] = found(assessment);
        phrases.push(line);
    }
    let below = assessment.findings.len().saturating_sub(verdict.failing);
    if below > 0 {
        phrases.push(format!("{below} below"));
    }
    phrases.extend(waived_besides(assessment));
    if verdict.incomplete && standing == Standing::Findings {
        phrases.push(incomplete(assessment, names));
    }
    phrases.extend(beside(assessment, names));
    phrases.extend(verdict.since.as_ref().map(newer));
    phrases.push(match verdict.ended {
        None => format!("exit code {}", verdict.exit_code),
        // A demo, or a run with --exit-zero: the verdict keeps its own code.
        Some(0) => format!("exit code {} (this run ends with 0)", verdict.exit_code),
        Some(code) => format!(
            "NOT DELIVERED, exit code {code} instead of {}",
            verdict.exit_code
        ),
    });
    phrases
}

/// What makes the run incomplete: `INCOMPLETE 3 checks without an answer`.
fn incomplete(assessment: &Assessment, names: bool) -> String {
    let gaps = missing(assessment, names);
    match gaps.is_empty() {
        true => "INCOMPLETE not everything could be checked".to_owned(),
        false => format!("INCOMPLETE {}", gaps.join(", ")),
    }
}

/// `3 checks without an answer`; nothing where there is none.
fn add(phrases: &mut Vec<String>, number: usize, noun: &str, what: &str) {
    if number > 0 {
        phrases.push(
            format!("{} {what}", count(number, noun))
                .trim_end()
                .to_owned(),
        );
    }
}

/// What is missing: checks without an answer, those that an earlier step kept from being made, lists.
fn missing(assessment: &Assessment, names: bool) -> Vec<String> {
    let ending = assessment.ending();
    let which = named(assessment, names, |list| list.counts);
    let mut missing = Vec::new();
    let skipped = "skipped because an earlier step failed";
    add(
        &mut missing,
        ending.unanswered,
        "check",
        "without an answer",
    );
    add(&mut missing, ending.behind, "check", skipped);
    add(&mut missing, ending.lists, "incomplete list", &which);
    missing
}

/// What is open and costs nothing: said all the same.
fn beside(assessment: &Assessment, names: bool) -> Vec<String> {
    let coverage = &assessment.coverage;
    let mut open = Vec::new();
    let waived = "skipped because of a waived finding";
    add(&mut open, coverage.behind_and_waived, "check", waived);
    let unknowns = assessment.unknowns.iter();
    let reported = unknowns.filter(|one| !one.counts).count() + assessment.behind(Cover::Policy);
    let by_policy = "without an answer";
    add(&mut open, reported, "optional check", by_policy);
    let refused = coverage.lists.iter().filter(|list| list.refused).count();
    let which = named(assessment, names, |list| list.refused);
    let lists = format!("that no check needs {which}");
    add(&mut open, refused, "refused list", &lists);
    if coverage.cannot_be_proven > 0 {
        open.push(format!(
            "{} cannot be proven: no stored credential",
            coverage.cannot_be_proven
        ));
    }
    open
}

/// Lists named in a verdict line.
const LISTS: usize = 3;

/// `(secrets of vault crm-prod and 2 more)`.
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
    let mut shown: Vec<String> = lists
        .iter()
        .take(LISTS)
        .map(|list| cut(&clean(&list.name), LONGEST))
        .collect();
    if lists.len() > LISTS {
        shown.push(format!("{} more", lists.len() - LISTS));
    }
    format!("({})", shown.join(", "))
}

/// Of a list's name in a verdict line.
const LONGEST: usize = 60;

/// `2 waived findings (worst: critical)`; `None` where nothing is waived.
pub(crate) fn waived(assessment: &Assessment) -> Option<String> {
    let waived = assessment.waived.iter();
    let worst = waived.map(|waived| waived.finding.severity).max()?;
    let number = count(assessment.waived.len(), "waived finding");
    Some(format!("{number} (worst: {worst})"))
}

/// `else ` where what is waived would count.
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
            "{} without an answer",
            count(since.unanswered, "check")
        ));
    }
    match parts.as_slice() {
        [] => format!("NOTHING NEW since {}", minute(collected)),
        parts => format!("NEW {} since {}", parts.join(" and "), minute(collected)),
    }
}

/// The verdict as a stranger would say it: what is wrong, and what is not known.
pub(crate) fn headline(assessment: &Assessment) -> String {
    if assessment.run.no_identity {
        return "Not audited: no identity to sign in with was found".to_owned();
    }
    let [_, mut headline] = found(assessment);
    if assessment.verdict.incomplete {
        let missing = unchecked(assessment);
        headline = match Standing::of(assessment) {
            Standing::Incomplete => format!("Incomplete: {missing}; {headline}"),
            Standing::Findings | Standing::Clean => format!("{headline}, and {missing}"),
        };
    }
    if let Some(waived) = waived_besides(assessment) {
        headline.push_str(&format!("; {waived}"));
    }
    headline
}

/// What was not checked, in a clause.
fn unchecked(assessment: &Assessment) -> String {
    let ending = assessment.ending();
    let mut clauses = Vec::new();
    match ending.unanswered + ending.behind {
        0 => {}
        1 => clauses.push("1 check has no answer".to_owned()),
        open => clauses.push(format!("{open} checks have no answer")),
    }
    if ending.lists > 0 {
        let which = named(assessment, true, |list| list.counts);
        let verb = if ending.lists == 1 { "is" } else { "are" };
        let lists = count(ending.lists, "list");
        clauses.push(format!("{lists} {verb} incomplete {which}"));
    }
    if clauses.is_empty() {
        clauses.push("not everything could be checked".to_owned());
    }
    clauses.join(", ")
}

#[cfg(test)]
mod tests;
