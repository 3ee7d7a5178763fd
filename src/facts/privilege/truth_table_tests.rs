//! The truth table of least privilege, written out and reviewed against the protocol facts.

use super::truth_table::{Granted, Judgement, Said, Told, judge, read_answer};
use crate::facts::prelude::*;

/// Every status and code that is known to come, and what it says. Only 0x80040220, 0x80040231 and
/// 0x80042f09 with a 403 are a refusal.
#[test]
fn which_answers_say_something() {
    // status, code, of a read, of a probe of writing
    let table = "
        200 -          open     open
        204 -          open     open
        403 0x80040220 refused  refused
        403 0x80040231 refused  refused
        403 0x80042f09 refused  refused
        403 0x80042F09 refused  refused
        403 0x80072560 nothing  nothing
        403 0x80040225 nothing  nothing
        400 0x80041d1f nothing  nothing
        403 0x80041d1f nothing  nothing
        403 0x80048306 nothing  nothing
        403 0x80048405 nothing  nothing
        403 0x80044507 nothing  nothing
        403 0x8004A113 nothing  nothing
        403 0x80095ffe nothing  nothing
        403 0x80072322 nothing  nothing
        403 0x80072321 nothing  nothing
        403 0x80072326 nothing  nothing
        403 0x80060888 nothing  nothing
        403 0x8badf00d nothing  nothing
        403 Forbidden  nothing  nothing
        403 -          nothing  nothing
        401 0x80040220 nothing  nothing
        400 0x80040220 nothing  nothing
        404 0x80040217 nothing  not-there
        404 -          nothing  not-there
        404 0x80040220 nothing  not-there
        405 -          nothing  nothing
        412 -          nothing  nothing
        429 0x80072322 nothing  nothing
        429 0x80040220 nothing  nothing
        302 -          nothing  nothing
        500 -          nothing  nothing
        503 0x80040220 nothing  nothing";
    for line in table.lines().filter(|line| !line.trim().is_empty()) {
        let [status, code, read, write] = fields(line);
        let status: u16 = status.parse().unwrap();
        let code = (code != "-").then_some(code);
        assert_eq!(
            named(read_answer(Operation::Read, status, code)),
            read,
            "{line}"
        );
        for operation in [Operation::Write, Operation::Delete] {
            assert_eq!(named(read_answer(operation, status, code)), write, "{line}");
        }
    }
}

fn fields<const N: usize>(line: &str) -> [&str; N] {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.try_into().unwrap_or_else(|_| panic!("{line}"))
}

const fn named(told: Told) -> &'static str {
    match told {
        Told::LetThrough => "open",
        Told::Refused => "refused",
        Told::NotThere => "not-there",
        Told::Nothing => "nothing",
    }
}

/// `+` pass, `F` fail, `?` unknown, `.` not asked.
const fn mark(said: Said) -> &'static str {
    match said {
        Said::Pass => "+",
        Said::Fail => "F",
        Said::Unknown => "?",
        Said::NotAsked => ".",
    }
}

/// What every combination comes to. The columns after the bar are the checks:
/// E expected-access-refused, A forbidden-access-granted, P forbidden-privilege-held,
/// D evidence-disagrees.
const TABLE: &str = "
    stated  operation called    control granted state              open stated | E A P D
    allowed read      open      any     held    proven-open        yes  yes    | + . . +
    allowed read      open      any     not     evidence-disagrees yes  -      | + . . F
    allowed read      open      any     ?       observed-only      yes  yes    | + . . ?
    allowed read      refused   yes     held    evidence-disagrees -    no     | F . . F
    allowed read      refused   yes     not     proven-refused     no   no     | F . . +
    allowed read      refused   yes     ?       observed-only      no   no     | F . . ?
    allowed read      refused   no      held    granted-only       yes  -      | ? . . ?
    allowed read      refused   no      not     granted-only       no   no     | F . . ?
    allowed read      refused   no      ?       unknown            -    -      | ? . . ?
    allowed read      nothing   any     held    granted-only       yes  -      | ? . . ?
    allowed read      nothing   any     not     granted-only       no   no     | F . . ?
    allowed read      nothing   any     ?       unknown            -    -      | ? . . ?
    allowed read      none      any     held    granted-only       yes  -      | ? . . .
    allowed read      none      any     not     granted-only       no   no     | F . . .
    allowed read      none      any     ?       unknown            -    -      | ? . . .
    denied  read      open      any     held    proven-open        yes  no     | . F . +
    denied  read      open      any     not     evidence-disagrees yes  no     | . F . F
    denied  read      open      any     ?       observed-only      yes  no     | . F . ?
    denied  read      refused   yes     held    evidence-disagrees -    -      | . + . F
    denied  read      refused   yes     not     proven-refused     no   yes    | . + + +
    denied  read      refused   yes     ?       observed-only      no   yes    | . + ? ?
    denied  read      refused   no      held    granted-only       yes  no     | . ? F ?
    denied  read      refused   no      not     granted-only       no   -      | . ? + ?
    denied  read      refused   no      ?       unknown            -    -      | . ? ? ?
    denied  read      nothing   any     held    granted-only       yes  no     | . ? F ?
    denied  read      nothing   any     not     granted-only       no   -      | . ? + ?
    denied  read      nothing   any     ?       unknown            -    -      | . ? ? ?
    denied  read      none      any     held    granted-only       yes  no     | . ? F .
    denied  read      none      any     not     granted-only       no   -      | . ? + .
    denied  read      none      any     ?       unknown            -    -      | . ? ? .
    allowed change    open      any     held    proven-open        yes  yes    | + . . +
    allowed change    open      any     not     evidence-disagrees yes  no     | F . . F
    allowed change    open      any     ?       observed-only      yes  -      | ? . . ?
    allowed change    refused   yes     held    evidence-disagrees -    -      | + . . F
    allowed change    refused   yes     not     proven-refused     no   no     | F . . +
    allowed change    refused   yes     ?       observed-only      no   -      | ? . . ?
    allowed change    refused   no      held    granted-only       yes  yes    | + . . ?
    allowed change    refused   no      not     granted-only       no   no     | F . . ?
    allowed change    refused   no      ?       unknown            -    -      | ? . . ?
    allowed change    not-there any     held    granted-only       yes  yes    | + . . .
    allowed change    not-there any     not     granted-only       no   no     | F . . .
    allowed change    not-there any     ?       unknown            -    -      | ? . . .
    allowed change    nothing   any     held    granted-only       yes  yes    | + . . ?
    allowed change    nothing   any     not     granted-only       no   no     | F . . ?
    allowed change    nothing   any     ?       unknown            -    -      | ? . . ?
    allowed change    none      any     held    granted-only       yes  yes    | + . . .
    allowed change    none      any     not     granted-only       no   no     | F . . .
    allowed change    none      any     ?       unknown            -    -      | ? . . .
    denied  change    open      any     held    proven-open        yes  no     | . . F +
    denied  change    open      any     not     evidence-disagrees yes  no     | . . . F
    denied  change    open      any     ?       observed-only      yes  no     | . . ? ?
    denied  change    refused   yes     held    evidence-disagrees -    -      | . . . F
    denied  change    refused   yes     not     proven-refused     no   yes    | . . + +
    denied  change    refused   yes     ?       observed-only      no   -      | . . ? ?
    denied  change    refused   no      held    granted-only       yes  no     | . . F ?
    denied  change    refused   no      not     granted-only       no   yes    | . . + ?
    denied  change    refused   no      ?       unknown            -    -      | . . ? ?
    denied  change    not-there any     held    granted-only       yes  no     | . . F .
    denied  change    not-there any     not     granted-only       no   yes    | . . + .
    denied  change    not-there any     ?       unknown            -    -      | . . ? .
    denied  change    nothing   any     held    granted-only       yes  no     | . . F ?
    denied  change    nothing   any     not     granted-only       no   yes    | . . + ?
    denied  change    nothing   any     ?       unknown            -    -      | . . ? ?
    denied  change    none      any     held    granted-only       yes  no     | . . F .
    denied  change    none      any     not     granted-only       no   yes    | . . + .
    denied  change    none      any     ?       unknown            -    -      | . . ? .
    nothing any       open      any     held    proven-open        yes  -      | . . . .
    nothing any       open      any     not     evidence-disagrees yes  -      | . . . .
    nothing any       open      any     ?       observed-only      yes  -      | . . . .
    nothing any       refused   yes     held    evidence-disagrees -    -      | . . . .
    nothing any       refused   yes     not     proven-refused     no   -      | . . . .
    nothing any       refused   yes     ?       observed-only      no   -      | . . . .
    nothing any       refused   no      held    granted-only       yes  -      | . . . .
    nothing any       refused   no      not     granted-only       no   -      | . . . .
    nothing any       refused   no      ?       unknown            -    -      | . . . .
    nothing any       not-there any     held    granted-only       yes  -      | . . . .
    nothing any       not-there any     not     granted-only       no   -      | . . . .
    nothing any       not-there any     ?       unknown            -    -      | . . . .
    nothing any       nothing   any     held    granted-only       yes  -      | . . . .
    nothing any       nothing   any     not     granted-only       no   -      | . . . .
    nothing any       nothing   any     ?       unknown            -    -      | . . . .
    nothing any       none      any     held    granted-only       yes  -      | . . . .
    nothing any       none      any     not     granted-only       no   -      | . . . .
    nothing any       none      any     ?       unknown            -    -      | . . . .";

const CHANGES: [Operation; 5] = [
    Operation::Create,
    Operation::Write,
    Operation::Delete,
    Operation::Append,
    Operation::AppendTo,
];

fn operations(word: &str) -> &'static [Operation] {
    match word {
        "read" => &[Operation::Read],
        "change" => &CHANGES,
        _ => &Operation::ALL,
    }
}

fn granted(word: &str) -> Vec<Granted> {
    let depths = [
        Depth::User,
        Depth::BusinessUnit,
        Depth::ParentAndChild,
        Depth::Organization,
    ];
    match word {
        "held" => depths.map(Granted::Held).to_vec(),
        "not" => vec![Granted::NotHeld],
        _ => vec![Granted::Unknown],
    }
}

fn observed(word: &str) -> Option<Told> {
    match word {
        "open" => Some(Told::LetThrough),
        "refused" => Some(Told::Refused),
        "not-there" => Some(Told::NotThere),
        "nothing" => Some(Told::Nothing),
        _ => None,
    }
}

fn stated(word: &str) -> Stated {
    match word {
        "allowed" => Stated::Allowed,
        "denied" => Stated::Denied,
        _ => Stated::NotStated,
    }
}

const fn answer(is: Option<bool>) -> &'static str {
    match is {
        Some(true) => "yes",
        Some(false) => "no",
        None => "-",
    }
}

fn in_words(of: &Judgement) -> [&'static str; 7] {
    [
        of.state.as_str(),
        answer(of.open),
        answer(of.as_stated),
        mark(of.expected),
        mark(of.forbidden),
        mark(of.held),
        mark(of.agreement),
    ]
}

#[test]
fn every_combination_is_what_the_table_says() {
    let mut combinations = 0;
    for line in TABLE.lines().skip(2) {
        let [
            said,
            what,
            called,
            control,
            grant,
            state,
            open,
            as_said,
            "|",
            e,
            a,
            p,
            d,
        ] = fields(line)
        else {
            panic!("{line}");
        };
        let controls: &[bool] = match control {
            "yes" => &[true],
            "no" => &[false],
            _ => &[true, false],
        };
        for operation in operations(what) {
            for controlled in controls {
                for held in granted(grant) {
                    let judged = judge(
                        *operation,
                        stated(said),
                        observed(called),
                        held,
                        *controlled,
                    );
                    assert_eq!(
                        in_words(&judged),
                        [state, open, as_said, e, a, p, d],
                        "{line}"
                    );
                    combinations += 1;
                }
            }
        }
    }
    // 3 statements, 6 operations, 5 answers or none, 6 grants, 2 controls; a read has no "not there",
    // except where nothing is stated, which says it of all operations alike.
    assert_eq!(combinations, 2 * (5 * 5 + 4) * 12 + 6 * 5 * 12);
}

/// Whatever an answer is that nobody has verified: no check passes by it.
#[test]
fn what_says_nothing_passes_nothing() {
    for operation in Operation::ALL {
        for said in [Stated::Allowed, Stated::Denied] {
            for controlled in [true, false] {
                let judged = judge(
                    operation,
                    said,
                    Some(Told::Nothing),
                    Granted::Unknown,
                    controlled,
                );
                assert_eq!(judged.state, CellState::Unknown);
                for one in [
                    judged.expected,
                    judged.forbidden,
                    judged.held,
                    judged.agreement,
                ] {
                    assert!(matches!(one, Said::Unknown | Said::NotAsked), "{judged:?}");
                }
            }
        }
    }
}
