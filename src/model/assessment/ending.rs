//! How a run ends: the one place where what was found and what is open become an exit code.

use super::{Assessment, Cover, OverallVerdict};

/// What an exit code depends on, and nothing else does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// Findings at or above the threshold that no waiver covers.
    pub failing: usize,
    /// Questions without an answer, but for those that the policy only reports.
    pub unanswered: usize,
    /// Questions behind a failed step for which nothing answers.
    pub behind: usize,
    /// Lists that were begun and not read to their end.
    pub lists: usize,
}

impl Ending {
    /// Whether something that should be known is not.
    pub const fn is_incomplete(self) -> bool {
        self.unanswered > 0 || self.behind > 0 || self.lists > 0
    }

    /// 10 with findings, else 11 where something is open, else 0.
    pub const fn exit_code(self) -> u8 {
        match (self.failing > 0, self.is_incomplete()) {
            (true, _) => 10,
            (false, true) => 11,
            (false, false) => 0,
        }
    }
}

impl Assessment {
    /// What the run comes to, counted from what the assessment holds.
    pub fn ending(&self) -> Ending {
        let fail_on = self.run.fail_on;
        let findings = self.findings.iter();
        let unknowns = self.unknowns.iter();
        let lists = self.coverage.lists.iter();
        Ending {
            failing: findings.filter(|one| one.severity >= fail_on).count(),
            unanswered: unknowns.filter(|one| one.counts).count(),
            behind: self.behind(Cover::Nothing),
            lists: lists.filter(|list| list.counts).count(),
        }
    }

    /// How many questions behind a failed step this answers for.
    pub fn behind(&self, cover: Cover) -> usize {
        let asides = self.questions.iter().flat_map(|one| &one.behind_a_fail);
        let asides = asides.filter(|aside| aside.cover == cover);
        asides.map(|aside| aside.resources.len()).sum()
    }

    /// Writes the verdict, and the counts of the ledger that it is made of, anew.
    pub fn settle(&mut self) {
        let ending = self.ending();
        let unknowns = self.unknowns.iter();
        let views = self.registrations.iter();
        let reported = unknowns.filter(|one| !one.counts).count() + self.behind(Cover::Policy);
        let unprovable = views.filter(|view| view.cannot_be_proven).count();
        let waived = self.behind(Cover::Waiver);
        let coverage = &mut self.coverage;
        coverage.behind_and_open = ending.behind;
        coverage.behind_and_waived = waived;
        coverage.reported_only = reported;
        coverage.cannot_be_proven = unprovable;
        self.verdict = OverallVerdict {
            ended: None,
            exit_code: ending.exit_code(),
            failing: ending.failing,
            incomplete: ending.is_incomplete(),
            since: None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hole_alone_is_incomplete_and_a_finding_wins() {
        let holes: [fn(&mut Ending); 3] = [
            |one| one.unanswered = 1,
            |one| one.behind = 1,
            |one| one.lists = 1,
        ];
        assert_eq!(Ending::default().exit_code(), 0);
        for hole in holes {
            let mut ending = Ending::default();
            hole(&mut ending);
            assert_eq!((ending.exit_code(), ending.is_incomplete()), (11, true));
            ending.failing = 2;
            assert_eq!((ending.exit_code(), ending.is_incomplete()), (10, true));
        }
        let failing = Ending {
            failing: 1,
            ..Ending::default()
        };
        assert_eq!((failing.exit_code(), failing.is_incomplete()), (10, false));
    }
}
