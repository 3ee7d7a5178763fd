//! What a reader should know of a run before its findings: a clock that differs, a policy that does not do
//! what it seems to say.

use chrono::TimeDelta;

use crate::model::assessment::Run;

/// Sentences without a full stop, for the head of every report.
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
