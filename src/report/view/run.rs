//! What was judged, when, under which policy and by whom it was collected; and what a reader should know of the
//! run before its findings: a date given by hand, a clock that differs, a policy that does not do what it seems
//! to say, a part that was left out.

use chrono::TimeDelta;

use crate::model::assessment::{Assessment, Run};
use crate::model::time::minute;

/// A label, its text, and whether a reader should mind.
pub(crate) type Fact = (&'static str, String, bool);

/// The run in labelled lines.
pub(crate) fn facts(assessment: &Assessment) -> Vec<Fact> {
    let run = &assessment.run;
    let mut facts = vec![("as of", minute(run.as_of), run.as_of_given)];
    facts.extend(caveats(run).into_iter().map(|one| ("note", one, true)));
    let policy = format!("{}, findings count from {}", run.policy, run.fail_on);
    facts.push(("policy", policy, false));
    if run.auditors.is_empty() {
        facts.push(("auditor", "none signed in".to_owned(), false));
    }
    let auditors = run.auditors.iter().cloned();
    facts.extend(auditors.map(|auditor| ("auditor", auditor, false)));
    let tool = format!("{} by {}", run.id, assessment.tool);
    facts.push(("run", tool, false));
    facts
}

/// Sentences without a full stop, for the head of every report that people read.
pub(crate) fn caveats(run: &Run) -> Vec<String> {
    let by_hand = run.as_of_given.then(|| {
        let collected = minute(run.collected);
        format!("JUDGED AS OF A DATE GIVEN BY HAND; the evidence is of {collected}")
    });
    let part = run.narrowed.as_ref().map(|narrowed| {
        format!("{narrowed}: a part of the estate only; what is not shown was not judged clean")
    });
    by_hand
        .into_iter()
        .chain(remarks(run))
        .chain(part)
        .collect()
}

/// Sentences without a full stop, as every format has them.
pub(crate) fn remarks(run: &Run) -> Vec<String> {
    clock(run)
        .into_iter()
        .chain(run.cautions.iter().cloned())
        .collect()
}

/// Which clock the days are counted by, where the two differ; `None` where they agree, or nobody knows.
fn clock(run: &Run) -> Option<String> {
    let ahead = run.clock_differs()?;
    let way = if ahead > TimeDelta::zero() {
        "behind"
    } else {
        "ahead of"
    };
    Some(format!(
        "the clock of the machine that collected was {} {way} the services' (the Date of their answers); days are \
         counted by theirs. Set that machine's clock, by NTP",
        length(ahead.abs())
    ))
}

/// `6 minutes`, `3 hours`, `25 days`: the largest unit that has two of them, else the next smaller one.
fn length(time: TimeDelta) -> String {
    match (time.num_days(), time.num_hours(), time.num_minutes()) {
        (days @ 2.., _, _) => format!("{days} days"),
        (_, hours @ 2.., _) => format!("{hours} hours"),
        (_, _, minutes) => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use crate::report::fixture;

    use super::*;

    #[test]
    fn a_clock_that_is_more_than_five_minutes_off_is_told_both_ways() {
        for (ahead, words) in [
            (None, None),
            (Some(0), None),
            (Some(300), None),
            (Some(-300), None),
            (Some(301), Some("5 minutes behind the")),
            (Some(-7_200), Some("2 hours ahead of the")),
            (Some(25 * 86_400), Some("25 days behind the")),
            (Some(i64::MIN), None),
        ] {
            let mut run = fixture::empty().run;
            run.clock_ahead_seconds = ahead;
            let told = clock(&run);
            assert_eq!(told.is_some(), words.is_some(), "{ahead:?}");
            if let (Some(told), Some(words)) = (told, words) {
                assert!(told.contains(words), "{told}");
            }
        }
    }
}
