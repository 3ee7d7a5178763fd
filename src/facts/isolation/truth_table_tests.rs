//! The truth table of the isolation matrix: every list against every answer, under every control.

use super::truth_table::{
    ANSWERED, Answered, Control, Decision, GRANTED, Granted, Missing, Ruling, decide,
};
use crate::facts::prelude::*;

const WHOLE: Control = Control {
    token: true,
    home: true,
    target: true,
};

fn controls() -> Vec<Control> {
    let mut all = Vec::new();
    for token in [true, false] {
        for home in [true, false] {
            for target in [true, false] {
                all.push(Control {
                    token,
                    home,
                    target,
                });
            }
        }
    }
    all
}

fn word(ruling: Ruling) -> &'static str {
    match ruling {
        Ruling::Pass => "pass",
        Ruling::Fail => "FAIL",
        Ruling::Unknown(Missing::Call) => "?call",
        Ruling::Unknown(Missing::List) => "?list",
        Ruling::Unknown(Missing::Home) => "?home",
        Ruling::Unknown(Missing::Target) => "?target",
        Ruling::Beside(_) => "-",
    }
}

/// `proven-refused no: pass pass`: state, whether open, both checks.
fn cell(granted: Granted, answered: Answered, control: Control) -> String {
    let decision = decide(granted, answered, control);
    let open = match decision.open {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    };
    format!(
        "{} {open}: {} {}",
        decision.state.as_str(),
        word(decision.environment),
        word(decision.user)
    )
}

fn table(control: Control) -> String {
    let mut text = String::new();
    for granted in GRANTED {
        for answered in ANSWERED {
            let (list, call) = (format!("{granted:?}"), format!("{answered:?}"));
            text.push_str(&format!(
                "{list:<8} {call:<12} {}\n",
                cell(granted, answered, control)
            ));
        }
    }
    text
}

/// Read cell by cell against the protocol's facts: list, answer, what the matrix shows, whether it is
/// open, foreign-environment-open, foreign-application-user.
#[test]
fn the_whole_table_with_its_controls() {
    insta::assert_snapshot!(table(WHOLE));
}

/// What changes where a control is missing, and nothing else does.
#[test]
fn without_a_control_a_refusal_falls_back_to_the_list() {
    for control in controls() {
        for granted in GRANTED {
            for answered in ANSWERED {
                let lost = match answered {
                    Answered::NotAMember | Answered::Rejected => control != WHOLE,
                    Answered::NotAssigned => !control.token,
                    _ => false,
                };
                let (now, whole) = (
                    decide(granted, answered, control),
                    decide(granted, answered, WHOLE),
                );
                if !lost {
                    assert_eq!(now, whole, "{granted:?} {answered:?} {control:?}");
                    continue;
                }
                let by_list = decide(granted, Answered::Unknown, control);
                assert_eq!((now.state, now.open), (by_list.state, by_list.open));
                assert_ne!(
                    now.environment,
                    Ruling::Pass,
                    "{granted:?} {answered:?} {control:?}"
                );
                assert_eq!(now.user, whole.user);
            }
        }
    }
}

/// Only a refusal that says what it is, under its control, passes; only a success or a user there fails.
#[test]
fn what_passes_and_what_fails() {
    for control in controls() {
        for granted in GRANTED {
            for answered in ANSWERED {
                let Decision {
                    environment,
                    user,
                    state,
                    open,
                } = decide(granted, answered, control);
                let is = format!("{granted:?} {answered:?} {control:?}");
                let let_in = answered == Answered::Open
                    || (answered == Answered::LetIn && granted.is_there());
                assert_eq!(environment == Ruling::Fail, let_in, "{is}");
                if environment == Ruling::Pass {
                    assert!(control.token, "{is}");
                    assert!(
                        !matches!(answered, Answered::NotTried | Answered::Unknown),
                        "{is}"
                    );
                    assert!(
                        matches!(granted, Granted::Absent | Granted::Unknown),
                        "{is}"
                    );
                }
                if user == Ruling::Pass {
                    assert_eq!(granted, Granted::Absent, "{is}");
                }
                if state == CellState::Disagrees {
                    assert!(environment == Ruling::Fail || user == Ruling::Fail, "{is}");
                }
                if state == CellState::ProvenRefused {
                    assert_eq!(open, Some(false), "{is}");
                }
                if let_in {
                    assert_eq!(open, Some(true), "{is}");
                }
            }
        }
    }
}

/// Whatever of list, answer and controls becomes unknown: no Fail and no Unknown of a check that is
/// left standing by both turns into two fine answers.
#[test]
fn losing_a_fact_never_makes_a_check_fine() {
    let fine = |ruling: Ruling| matches!(ruling, Ruling::Pass | Ruling::Beside(_));
    for control in controls() {
        for granted in GRANTED {
            for answered in ANSWERED {
                let before = decide(granted, answered, control);
                let mut lesser = vec![decide(Granted::Unknown, answered, control)];
                if granted.is_there() {
                    lesser.push(decide(Granted::Listed, answered, control));
                }
                if answered != Answered::NotTried {
                    lesser.push(decide(granted, Answered::Unknown, control));
                }
                for weaker in controls() {
                    let weakens = (!weaker.token || control.token)
                        && (!weaker.home || control.home)
                        && (!weaker.target || control.target);
                    if weakens {
                        lesser.push(decide(granted, answered, weaker));
                    }
                }
                for after in lesser {
                    let is = format!("{granted:?} {answered:?} {control:?} {after:?}");
                    assert!(fine(before.environment) || !fine(after.environment), "{is}");
                    assert!(fine(before.user) || !fine(after.user), "{is}");
                }
            }
        }
    }
}
