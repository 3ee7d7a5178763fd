//! The report as a mail: verdict, what to do first, what is wrong, what is not known, how each registration stands.

use super::document::{Block, Document, Item};
use crate::model::assessment::{Assessment, Finding, RegistrationView, RungState};
use crate::model::plural::count;
use crate::model::time::minute;
use crate::report::view::coverage::numbers;
use crate::report::view::findings::{also_causes, named, who, whose};
use crate::report::view::horizon::Horizon;
use crate::report::view::registrations::environment;
use crate::report::view::run::caveats;
use crate::report::view::steps::shown;
use crate::report::view::tasks::{granting, tasks};
use crate::report::view::verdict::{self, Standing};

/// Tasks at the top.
const FIRST: usize = 5;
/// Registrations named of a task.
const NAMED: usize = 5;
/// More than this is a list for the page, not for a mail.
const FINDINGS: usize = 50;
const OTHERS: usize = 10;
const REGISTRATIONS: usize = 60;

pub(super) fn document(assessment: &Assessment) -> Document {
    let (run, coverage) = (&assessment.run, &assessment.coverage);
    let proven = count(coverage.registrations, "registration");
    let proven = format!("{} of {proven} proven to work.", coverage.proven);
    let mut about = vec![format!("{proven} As of {}.", minute(run.as_of))];
    about.extend(caveats(run).iter().map(|one| format!("Note: {one}.")));
    about.push("The full report is the attached page: open it in a browser.".to_owned());
    let mut blocks = Vec::new();
    first(&mut blocks, assessment);
    findings(&mut blocks, assessment);
    asked(&mut blocks, assessment);
    unread(&mut blocks, assessment);
    waived(&mut blocks, assessment);
    registrations(&mut blocks, assessment);
    let since = assessment.verdict.since.iter();
    let mut foot: Vec<String> = since
        .map(|since| format!("{}.", verdict::newer(since)))
        .collect();
    let tool = &assessment.tool;
    foot.push(format!("Policy {}, run {} by {tool}.", run.policy, run.id));
    Document {
        name: "Credential audit",
        colour: match Standing::of(assessment) {
            Standing::Clean => "#146b3a",
            Standing::Incomplete => "#5b2f92",
            Standing::Findings => "#a3122b",
        },
        headline: verdict::headline(assessment),
        about,
        blocks,
        foot,
    }
}

/// Up to so many, and how many there are besides.
fn listed<T>(blocks: &mut Vec<Block>, all: &[T], most: usize, block: impl Fn(&T) -> Block) {
    blocks.extend(all.iter().take(most).map(block));
    if all.len() > most {
        let others = format!("and {} more: see the attached page", all.len() - most);
        blocks.push(Block::Text(others));
    }
}

/// The same tasks as at the top of the page, and the rights that would answer most.
fn first(blocks: &mut Vec<Block>, assessment: &Assessment) {
    let tasks = tasks(assessment);
    if !tasks.is_empty() || !assessment.grants.is_empty() {
        blocks.push(Block::Heading("Do this first".to_owned()));
    }
    for task in tasks.iter().take(FIRST) {
        let names = named(&task.all, NAMED, |(_, one)| whose(assessment, one, 1));
        blocks.push(Block::Item(Item {
            severity: Some(task.first.severity),
            title: format!("{}: {names}", task.first.title),
            details: vec![task.first.remedy.to_string()],
            commands: match task.all.as_slice() {
                [_] => task.first.commands.clone(),
                _ => Vec::new(),
            },
            ..Item::default()
        }));
    }
    listed(blocks, &assessment.grants, OTHERS, |grant| {
        Block::Item(Item {
            title: format!("{}.", granting(grant)),
            steps: grant.steps.clone(),
            ..Item::default()
        })
    });
}

fn findings(blocks: &mut Vec<Block>, assessment: &Assessment) {
    let all = &assessment.findings;
    let failing = assessment.verdict.failing;
    let threshold = assessment.run.fail_on;
    blocks.push(Block::Heading(match verdict::waived(assessment) {
        None if all.is_empty() => "Nothing wrong was found".to_owned(),
        Some(waived) if all.is_empty() => format!("Nothing wrong was found but {waived}"),
        _ => match all.len().saturating_sub(failing) {
            0 => format!("Findings at or above {threshold}: {failing}"),
            below => format!("Findings at or above {threshold}: {failing}; below: {below}"),
        },
    }));
    listed(blocks, all, FINDINGS, |finding| {
        let mut details = vec![
            who(finding),
            finding.seen.to_string(),
            format!("Fix: {}", finding.remedy),
        ];
        if !finding.consequences.is_empty() {
            details.push(format!("Also causes {}", also_causes(finding)));
        }
        Block::Item(Item {
            severity: Some(finding.severity),
            title: finding.title.to_string(),
            details,
            links: finding.links.clone(),
            commands: finding.commands.clone(),
            steps: finding.steps.clone(),
            in_short: Some(in_short(assessment, finding, 2)),
        })
    });
}

fn in_short(assessment: &Assessment, finding: &Finding, names: usize) -> String {
    let whose = whose(assessment, finding, names);
    format!("{} {}: {whose}", finding.severity, finding.check)
}

/// How many questions were asked, and what stands in the way of those without an answer.
fn asked(blocks: &mut Vec<Block>, assessment: &Assessment) {
    let coverage = &assessment.coverage;
    blocks.push(Block::Heading("Coverage".to_owned()));
    blocks.push(Block::Text(format!(
        "{} checks made: {} passed, {} failed, {} have no answer ({} of these because an earlier step failed), {} \
         do not apply. A check without an answer is never counted as passed.",
        coverage.asked,
        coverage.passed,
        coverage.failed,
        coverage.unknown,
        coverage.behind_a_fail,
        coverage.not_applicable
    )));
    let kinds: Vec<String> = numbers(coverage)
        .filter(|(_, number)| *number > 0)
        .map(|(kind, number)| format!("{kind} {number}"))
        .collect();
    let lists = coverage.lists.iter();
    let incomplete = lists.filter(|list| list.cut_short.is_some());
    let incomplete: Vec<&str> = incomplete.map(|list| list.name.as_str()).collect();
    for (title, names) in [
        ("Not checked", kinds.join(", ")),
        ("Incomplete lists", incomplete.join(", ")),
    ] {
        if !names.is_empty() {
            blocks.push(Block::Text(format!("{title}: {names}.")));
        }
    }
}

fn unread(blocks: &mut Vec<Block>, assessment: &Assessment) {
    if assessment.gaps.is_empty() {
        return;
    }
    blocks.push(Block::Heading("Not checked".to_owned()));
    listed(blocks, &assessment.gaps, OTHERS, |gap| {
        Block::Item(Item {
            title: format!("{}: {}", count(gap.questions, "check"), gap.seen),
            details: gap.remedy.iter().map(ToString::to_string).collect(),
            ..Item::default()
        })
    });
}

fn waived(blocks: &mut Vec<Block>, assessment: &Assessment) {
    let all = &assessment.waived;
    if all.is_empty() {
        return;
    }
    blocks.push(Block::Heading(format!("Waived: {}", all.len())));
    listed(blocks, all, OTHERS, |waived| {
        let finding = in_short(assessment, &waived.finding, 1);
        let (until, owner) = (&waived.expires, &waived.owner);
        Block::line(format!("{finding}, until {until} by {owner}"))
    });
}

fn registrations(blocks: &mut Vec<Block>, assessment: &Assessment) {
    let views = &assessment.registrations;
    if views.is_empty() {
        return;
    }
    let horizon = Horizon::of(assessment);
    let rows = views.iter().take(REGISTRATIONS).map(|view| {
        let (day, near) = horizon.end(&view.ends);
        [
            format!("{}, {}", view.name, environment(view)),
            works(view),
            format!("{day}, {near}"),
            match assessment.waived_of(view) {
                0 => view.findings.to_string(),
                waived => format!("{}, {waived} waived", view.findings),
            },
        ]
    });
    let header = ["Registration", "Works", "Ends", "Findings"].map(str::to_owned);
    let left_out = views.len().saturating_sub(REGISTRATIONS);
    let last = (left_out > 0).then(|| {
        [
            format!("and {left_out} more"),
            "".into(),
            "".into(),
            "".into(),
        ]
    });
    let rows = std::iter::once(header).chain(rows).chain(last).collect();
    blocks.push(Block::Table("State of each registration", rows));
}

/// Whether its credential works, and what stopped the proof.
fn works(view: &RegistrationView) -> String {
    let shown = shown(view);
    let mut steps = shown.iter();
    let stopped = steps.find(|step| matches!(step.state, RungState::Failed | RungState::Unknown));
    match stopped {
        Some(step) => {
            let answer = match step.state {
                RungState::Failed => "NO",
                _ => "not checked",
            };
            format!("{answer}: {} {}", step.column.title(), step.note)
        }
        None if view
            .rungs
            .iter()
            .any(|rung| rung.state == RungState::Proven) =>
        {
            "yes".to_owned()
        }
        None => "not checked".to_owned(),
    }
}
