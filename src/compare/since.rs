//! What is new since the runs that were kept, for `--fail-on-new`: each finding and each open question is
//! compared with the last run that had an answer, for a run that was interrupted knows nothing.

use std::collections::BTreeSet;

use super::diff::{altered, asks, defects, open, unsaid};
use crate::model::assessment::{Ending, Since, UnknownItem};
use crate::model::{Assessment, GapKind, Resource};

/// A run that is being compared with earlier ones, the last of them first.
#[derive(Debug)]
pub(crate) struct Comparison {
    assessment: Assessment,
    /// The last of the earlier runs.
    last: Option<(String, chrono::DateTime<chrono::Utc>)>,
    /// Fingerprints of findings at or above the threshold of which no run has told yet.
    findings: BTreeSet<String>,
    /// The same for what makes the run incomplete.
    holes: BTreeSet<Hole>,
    /// What is new for certain.
    new: (usize, usize),
}

impl Comparison {
    /// Nothing is known of any earlier run yet.
    pub(crate) fn of(assessment: Assessment) -> Self {
        let fail_on = assessment.run.fail_on;
        let heavy = assessment.findings.iter();
        let heavy = heavy.filter(|one| one.severity >= fail_on);
        Self {
            findings: heavy.map(|one| one.fingerprint.clone()).collect(),
            holes: holes(&assessment).collect(),
            assessment,
            last: None,
            new: (0, 0),
        }
    }

    /// Whether no earlier run can change the answer.
    pub(crate) fn is_decided(&self) -> bool {
        self.last.is_some() && self.findings.is_empty() && self.holes.is_empty()
    }

    /// Compares with `earlier`, the last run before those that were looked at.
    pub(crate) fn look(&mut self, earlier: &Assessment) {
        let run = &earlier.run;
        self.last
            .get_or_insert_with(|| (run.id.clone(), run.collected));
        let (before, now) = (defects(earlier), defects(&self.assessment));
        let fail_on = self.assessment.run.fail_on;
        let mut worse = 0;
        self.findings.retain(|fingerprint| {
            let Some(now) = now.get(fingerprint.as_str()) else {
                return false;
            };
            let regressed = match before.get(fingerprint.as_str()) {
                Some(was) => altered(was, now, fail_on).is_some_and(|change| change.regression),
                // Neither a hole in what was read nor a question that nobody asked says that it was not there.
                None if unsaid(now, earlier).is_some() || !asks(earlier, now.check) => return true,
                None => true,
            };
            worse += usize::from(regressed);
            false
        });
        self.new.0 += worse;
        // What was not asked because somebody ended the run is not known to have been unreadable.
        let ended = earlier.unknowns.iter();
        let ended = ended.filter(|one| one.kind == GapKind::Cancelled);
        let ended_lists = earlier.coverage.lists.iter();
        let ended_lists = ended_lists.filter(|list| list.kind == Some(GapKind::Cancelled));
        let undone: BTreeSet<Hole> = (ended.map(question))
            .chain(ended_lists.map(|list| Hole::List(list.name.clone())))
            .collect();
        let unread: BTreeSet<Hole> = (earlier.unknowns.iter().map(question))
            .chain(holes(earlier))
            .collect();
        let mut lost = 0;
        self.holes.retain(|hole| {
            if undone.contains(hole) {
                return true;
            }
            lost += usize::from(!unread.contains(hole));
            false
        });
        self.new.1 += lost;
    }

    /// The assessment as `--fail-on-new` ends it: what no earlier run has told of is new. What there is
    /// stays in the verdict; only the exit code follows what is new.
    pub(crate) fn end(self) -> Assessment {
        let mut assessment = self.assessment;
        let findings = self.new.0 + self.findings.len();
        let unanswered = self.new.1 + self.holes.len();
        let new = Ending {
            failing: findings,
            unanswered,
            ..Ending::default()
        };
        assessment.verdict.exit_code = new.exit_code();
        let (run, collected) = self.last.unzip();
        assessment.verdict.since = Some(Since {
            run,
            collected,
            unread: false,
            findings,
            unanswered,
        });
        assessment
    }
}

/// Something that makes a run incomplete: a question by check and resource, or a list by its name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hole {
    Question(String, Resource),
    List(String),
}

fn question(open: &UnknownItem) -> Hole {
    Hole::Question(open.check.clone(), open.resource.clone())
}

/// Everything that makes this run incomplete.
fn holes(assessment: &Assessment) -> impl Iterator<Item = Hole> {
    let open = open(assessment).filter(|one| one.regression);
    let questions = open.map(|one| Hole::Question(one.check, one.resource));
    let lists = assessment.coverage.lists.iter().filter(|list| list.counts);
    questions.chain(lists.map(|list| Hole::List(list.name.clone())))
}
