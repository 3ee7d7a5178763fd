//! Tests of `--fail-on-new`: what an earlier run has told of is not new.

use super::*;
use crate::compare::since::Comparison;

fn since(earlier: &[&Assessment], now: &Assessment) -> Assessment {
    let mut comparison = Comparison::of(now.clone());
    for earlier in earlier {
        comparison.look(earlier);
    }
    comparison.end()
}

#[test]
fn a_run_that_could_not_tell_makes_nothing_new() {
    let found = with(vec![expired(Severity::High)]);
    let interrupted = {
        let mut run = open("credential-expired", "registration/raia", true);
        run.unknowns[0].kind = GapKind::Cancelled;
        run
    };
    let denied = open("credential-expired", "registration/raia", true);
    let mut unasked = tidy();
    unasked
        .checks
        .retain(|one| one.check != "credential-expired");
    let code = |earlier: &[&Assessment], now: &Assessment| since(earlier, now).verdict.exit_code;
    for blind in [&interrupted, &denied, &unasked] {
        assert_eq!(code(&[blind, &found], &found), 0);
        assert_eq!(code(&[blind, blind, &found], &found), 0);
        // It was not there when it could last be told, or never could.
        assert_eq!(code(&[blind, &tidy(), &found], &found), 10);
        assert_eq!(code(&[blind, &waived(expired(Severity::High))], &found), 10);
        assert_eq!(
            code(&[blind, &with(vec![expired(Severity::Low)])], &found),
            10
        );
        assert_eq!(code(&[blind], &found), 10);
    }
    // A question that an interrupted run left open is not known to have been unreadable.
    assert_eq!(code(&[&interrupted, &tidy()], &denied), 11);
    assert_eq!(code(&[&interrupted, &denied], &denied), 0);
    assert_eq!(code(&[&denied, &tidy()], &denied), 0);
    // The run that is named is the last.
    let told = since(&[&interrupted, &found], &found)
        .verdict
        .since
        .unwrap();
    assert_eq!(told.run.as_ref(), Some(&interrupted.run.id));
    let mut one = Comparison::of(found.clone());
    assert!(!one.is_decided());
    one.look(&interrupted);
    assert!(!one.is_decided());
    one.look(&found);
    assert!(one.is_decided());
}

#[test]
fn with_fail_on_new_only_what_is_new_ends_the_run() {
    let found = with(vec![expired(Severity::High)]);
    let code = |earlier: Option<&Assessment>, now: &Assessment| {
        since(earlier.as_slice(), now).verdict.exit_code
    };
    assert_eq!(code(Some(&found), &found), 0);
    assert_eq!(code(Some(&tidy()), &found), 10);
    // Nothing to compare with: everything is new.
    assert_eq!(code(None, &found), 10);
    let unread = open("token-refused", "registration/raia", true);
    assert_eq!(code(Some(&unread), &unread), 0);
    assert_eq!(code(Some(&tidy()), &unread), 11);
    assert_eq!(code(None, &unread), 11);
    let both = {
        let mut both = found.clone();
        both.unknowns = unread.unknowns;
        both
    };
    assert_eq!(code(Some(&tidy()), &both), 10);
    assert_eq!(code(Some(&found), &both), 11);
    // What there is stays said.
    assert_eq!(since(&[&found], &found).verdict.failing, 1);
}

#[test]
fn whatever_makes_a_run_incomplete_can_be_new() {
    use crate::model::assessment::{Aside, CheckQuestions, Cover, ListCount};
    let code = |earlier: &[&Assessment], now: &Assessment| since(earlier, now).verdict.exit_code;
    let behind = |cover: Cover| {
        let mut run = tidy();
        run.questions.push(CheckQuestions {
            check: "token-refused".to_owned(),
            behind_a_fail: vec![Aside {
                said_by: None,
                why: "no value".to_owned().into(),
                resources: vec!["registration/raia".into()],
                cover,
            }],
            ..CheckQuestions::default()
        });
        run
    };
    let list = |kind: GapKind| {
        let mut run = tidy();
        run.coverage.lists.push(ListCount {
            name: "owners of raia".to_owned(),
            read: 3,
            cut_short: Some("page 2 answered 500".to_owned().into()),
            kind: Some(kind),
            counts: true,
            refused: false,
            registration: Some("raia".to_owned()),
        });
        run
    };
    let (open, cut) = (behind(Cover::Nothing), list(GapKind::Truncated));
    for now in [&open, &cut] {
        assert_eq!(code(&[&tidy()], now), 11);
        assert_eq!(code(&[now], now), 0);
        assert_eq!(since(&[&tidy()], now).verdict.since.unwrap().unanswered, 1);
    }
    for answered in [Cover::Finding, Cover::Waiver, Cover::Policy] {
        assert_eq!(code(&[&tidy()], &behind(answered)), 0);
        assert_eq!(code(&[&behind(answered)], &open), 11);
    }
    // A list that somebody's interruption cut short is not known to have been unreadable.
    let interrupted = list(GapKind::Cancelled);
    assert_eq!(code(&[&interrupted, &tidy()], &cut), 11);
    assert_eq!(code(&[&interrupted, &cut], &cut), 0);
}
