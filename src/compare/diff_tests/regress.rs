//! What lies behind a failed step, and lists: they regress where nothing answers for them.

use super::*;

/// The question of [`expired`] lies behind a failed step, for which `cover` answers.
fn behind(cover: Cover) -> Assessment {
    let mut assessment = tidy();
    put_behind(&mut assessment);
    for check in &mut assessment.questions {
        for aside in &mut check.behind_a_fail {
            aside.cover = cover;
        }
    }
    assessment
}

#[test]
fn what_lies_behind_a_failed_step_regresses_where_nothing_answers_for_it() {
    for (cover, regressed) in [(Cover::Finding, 0), (Cover::Waiver, 0), (Cover::Nothing, 1)] {
        let now = behind(cover);
        let seen = |from: &Assessment| {
            let diff = diff(from, &now);
            (diff.newly_unreadable.len(), diff.regressions.unanswered)
        };
        assert_eq!(seen(&tidy()), (regressed, regressed), "{cover:?}");
        // It stood open before.
        assert_eq!(seen(&open("credential-expired", RESOURCE, true)), (0, 0));
        assert_eq!(seen(&behind(Cover::Nothing)), (0, 0));
    }
    let diff = diff(&behind(Cover::Nothing), &tidy());
    assert_eq!(
        (diff.newly_readable.len(), diff.regressions.unanswered),
        (1, 0)
    );
}

#[test]
fn a_list_regresses_where_it_is_newly_not_read_to_its_end() {
    let with = |counts: bool| {
        let mut assessment = tidy();
        let list = &mut assessment.coverage.lists[0];
        list.counts = counts;
        list.cut_short = Some("page 2 answered 500".to_owned().into());
        assessment
    };
    let name = tidy().coverage.lists[0].name.clone();
    let now = diff(&tidy(), &with(true));
    assert_eq!(now.regressions.unanswered, 1);
    assert_eq!(now.newly_cut_short[0].list, name);
    for (from, to) in [
        (with(true), with(true)),
        (with(true), tidy()),
        (tidy(), with(false)),
    ] {
        assert_eq!(diff(&from, &to).regressions, Regressions::default());
    }
}
