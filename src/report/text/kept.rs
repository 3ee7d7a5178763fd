//! Kept runs as a list, and their counts over time.

use super::page::{Page, Tone, cell};
use super::{TableOptions, look};
use crate::model::kept::KeptRun;
use crate::model::plural::count;
use crate::model::time::{day, minute};

/// From nothing to the most, in characters that every terminal and every mail shows.
const STEPS: [char; 8] = [' ', '.', ':', '-', '=', '+', '*', '#'];

/// Points that a line of the trend shows; more are drawn together, the worst of each group.
const POINTS: usize = 30;

const NONE: &str = "no run is kept";

/// The list of runs, oldest first.
pub(crate) fn runs(runs: &[KeptRun], options: &TableOptions) -> String {
    let mut page = Page::new(look(options));
    if runs.is_empty() {
        page.paragraph(0, 0, NONE, Tone::Plain);
        return page.into_text();
    }
    let rows = runs.iter().map(|run| {
        let tone = match run.exit_code {
            0 => Tone::Good,
            10 => Tone::Bad,
            _ => Tone::Doubt,
        };
        let found = &run.findings;
        let found = format!(
            "{} {} {} {} {} {}",
            found.critical, found.high, found.medium, found.low, found.info, run.waived
        );
        vec![
            cell(run.short(), Tone::Plain),
            cell(minute(run.collected).replace(" UTC", ""), Tone::Plain),
            cell(run.exit_code, tone),
            cell(found, Tone::Plain),
            cell(run.unanswered, Tone::Plain),
            cell(format!("{}/{}", run.proven, run.registrations), Tone::Plain),
            cell(about(run), Tone::Quiet),
        ]
    });
    let columns = [
        ("Run", Some(9)),
        ("Collected (UTC)", Some(17)),
        ("Exit", Some(5)),
        ("C H M L I W", Some(15)),
        ("No answer", Some(9)),
        ("Proven", Some(7)),
        ("Policy, part", None),
    ];
    page.grid(&columns, rows.collect());
    page.paragraph(
        0,
        0,
        "C H M L I: findings by severity, critical to info. W: waived ones as well. No answer: checks without an \
         answer. Compare two with `credaudit diff RUN RUN`.",
        Tone::Quiet,
    );
    page.into_text()
}

fn about(run: &KeptRun) -> String {
    let mut about = vec![run.policy.clone()];
    about.extend((!run.reported).then(|| "not reported".to_owned()));
    about.extend(run.as_of_given.then(|| format!("as of {}", day(run.as_of))));
    about.extend(run.subject.narrowed.clone());
    about.join(", ")
}

/// The counts of `runs` (one subject's, oldest first) over time.
pub(crate) fn trend(runs: &[KeptRun], options: &TableOptions) -> String {
    let mut page = Page::new(look(options));
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
        page.paragraph(0, 0, NONE, Tone::Plain);
        return page.into_text();
    };
    let title = format!(
        "{} of {} from {} to {}",
        count(runs.len(), "run"),
        last.subject.estate,
        minute(first.collected),
        minute(last.collected)
    );
    page.paragraph(0, 0, &title, Tone::Heading);
    let rows = LINES.iter().map(|(name, number)| {
        let numbers: Vec<i64> = runs.iter().map(number).collect();
        let least = numbers.iter().min().copied().unwrap_or(0);
        let most = numbers.iter().max().copied().unwrap_or(0);
        let mut row = vec![cell(name, Tone::Plain)];
        row.extend([number(first), number(last), least, most].map(|one| cell(one, Tone::Plain)));
        // In bars: white space at its ends would be trimmed, and it is a number here.
        row.push(cell(format!("|{}|", spark(&numbers)), Tone::Plain));
        row
    });
    let columns = [
        ("", Some(18)),
        ("First", Some(6)),
        ("Last", Some(6)),
        ("Least", Some(6)),
        ("Most", Some(6)),
        ("Over time", Some(33)),
    ];
    page.grid(&columns, rows.collect());
    page.into_text()
}

/// A line's name and its number of a run.
type Line = (&'static str, fn(&KeptRun) -> i64);

const LINES: [Line; 9] = [
    ("at or above limit", |run| run.failing),
    ("critical", |run| run.findings.critical),
    ("high", |run| run.findings.high),
    ("medium", |run| run.findings.medium),
    ("low", |run| run.findings.low),
    ("info", |run| run.findings.info),
    ("waived", |run| run.waived),
    ("without an answer", |run| run.unanswered),
    ("not proven", |run| run.registrations - run.proven),
];

/// The numbers as a line of characters: a blank is 0, `#` is the most.
fn spark(numbers: &[i64]) -> String {
    let most = numbers.iter().max().copied().unwrap_or(0);
    let group = numbers.len().div_ceil(POINTS).max(1);
    numbers
        .chunks(group)
        .map(|group| {
            let number = group.iter().max().copied().unwrap_or(0);
            let step = match (number, most) {
                (..=0, _) | (_, ..=0) => 0,
                (number, most) => (number * 7 + most - 1) / most,
            };
            let step = usize::try_from(step).unwrap_or(0);
            STEPS.get(step).copied().unwrap_or('#')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_nothing_as_nothing_and_the_most_as_most() {
        assert_eq!(spark(&[0, 0]), "  ");
        assert_eq!(spark(&[0, 1, 7, 14, 3]), " .=#:");
        // One among a hundred is still seen.
        assert_eq!(spark(&[1, 100]), ".#");
        let many: Vec<i64> = (0..100).collect();
        assert_eq!(spark(&many).len(), 25);
        assert!(spark(&many).ends_with('#'));
        assert_eq!(spark(&[]), "");
    }

    #[test]
    fn hostile_words_are_harmless() {
        let mut run = KeptRun {
            id: "3f0e8c1a-0000-4000-8000-000000000001".to_owned(),
            policy: "p\u{1b}[31m".to_owned(),
            ..KeptRun::default()
        };
        run.subject.narrowed = Some("only\r\nregistrations x".to_owned());
        run.waived = 3;
        let listed = runs(&[run.clone()], &TableOptions::default());
        assert!(listed.contains("C H M L I W"), "{listed}");
        assert!(listed.contains("0 0 0 0 0 3"), "{listed}");
        for text in [
            runs(&[run.clone()], &TableOptions::default()),
            trend(&[run], &TableOptions::default()),
        ] {
            assert!(!text.contains('\u{1b}') && !text.contains('\r'), "{text}");
        }
    }
}
