//! Drawing, tried on friendly and hostile files: the caret stands where the mistake is.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Place, Problem, SourceFile, render};

fn at(name: &str, text: &str, span: std::ops::Range<usize>) -> Problem {
    Problem {
        message: "something is wrong".to_owned(),
        label: "this".to_owned(),
        help: None,
        place: Some(Place {
            file: Arc::new(SourceFile {
                name: name.to_owned(),
                text: text.to_owned(),
            }),
            span,
        }),
        undecided: false,
    }
}

/// Draws one problem at the first `needle`; gives back place, source line and what is underlined.
fn drawn(text: &str, needle: &str, width: usize) -> (String, String, String) {
    let start = text.find(needle).expect("the needle is there");
    let out = render(
        &[at("a.toml", text, start..start + needle.len())],
        width,
        false,
    );
    let lines: Vec<&str> = out.lines().collect();
    let place = lines[1]
        .split(['[', ']'])
        .nth(1)
        .expect("a place")
        .to_owned();
    let source: Vec<char> = lines[2].chars().collect();
    let marks: Vec<char> = lines[3].chars().collect();
    let bar = source
        .iter()
        .position(|letter| *letter == '│')
        .expect("a bar");
    let marked: String = source
        .iter()
        .enumerate()
        .filter(|(nth, _)| *nth > bar && matches!(marks.get(*nth), Some('─' | '┬')))
        .map(|(_, letter)| *letter)
        .collect();
    (place, source[bar + 2..].iter().collect(), marked)
}

#[test]
fn the_caret_stands_under_the_word() {
    let cases = [
        ("a = 1\nwrong = 2\n", "a.toml:2:1"),
        ("a = 1\r\nwrong = 2\r\n", "a.toml:2:1"),
        ("\twrong = 2", "a.toml:1:2"),
        ("a\tb\twrong", "a.toml:1:5"),
        ("\u{feff}wrong = 1", "a.toml:1:1"),
        ("é = 'ü' wrong", "a.toml:1:9"),
        ("a\0b\u{1b}[31mwrong", "a.toml:1:9"),
        ("a\u{202e}\u{200b}wrong", "a.toml:1:4"),
        ("a\rwrong", "a.toml:1:3"),
    ];
    for (text, place) in cases {
        let (found, line, marked) = drawn(text, "wrong", 80);
        assert_eq!(found, place, "{text:?}");
        assert_eq!(marked, "wrong", "{text:?} drawn as {line:?}");
        assert!(!line.contains(|letter: char| letter.is_control() || letter == '\u{202e}'));
    }
}

#[test]
fn tabs_are_drawn_to_stops_of_four() {
    let (_, line, _) = drawn("a\tbcd\twrong", "wrong", 80);
    assert_eq!(line, "a   bcd wrong");
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    for (before, after) in [
        (0, 5_000),
        (5_000, 0),
        (5_000, 5_000),
        (30, 40),
        (62, 0),
        (63, 5),
    ] {
        let text = format!("{}wrong{}", "x".repeat(before), "y".repeat(after));
        let (place, line, marked) = drawn(&text, "wrong", 80);
        assert_eq!(place, format!("a.toml:1:{}", before + 1));
        assert_eq!(marked, "wrong", "{before} before, {after} after: {line}");
        assert!(line.chars().count() <= 72, "{line}");
    }
}

#[test]
fn places_off_the_text_are_drawn_at_its_end() {
    for (text, span) in [
        ("", 0..0),
        ("", 7..9),
        ("a", 1..1),
        ("a\n", 2..2),
        ("日", 1..2),
    ] {
        let out = render(&[at("a.toml", text, span)], 80, false);
        assert!(out.contains("this"), "{out}");
        assert!(out.ends_with("1 problem in a.toml\n"), "{out}");
    }
}

#[test]
fn problems_are_sorted_counted_and_named_without_their_folders() {
    let problems = [
        at("/home/somebody/b.toml", "one\ntwo\n", 4..7),
        at("a.toml", "one\n", 0..3),
        at("/home/somebody/b.toml", "one\ntwo\n", 0..3),
        at("a.toml", "one\n", 0..3),
    ];
    let out = render(&problems, 80, false);
    let places: Vec<&str> = out.lines().filter(|line| line.contains("─[")).collect();
    let places: Vec<&str> = places.iter().map(|line| line.trim()).collect();
    assert_eq!(
        places,
        ["╭─[b.toml:1:1]", "╭─[b.toml:2:1]", "╭─[a.toml:1:1]"]
    );
    assert!(out.ends_with("\n3 problems in 2 files\n"));
    assert!(!out.contains("somebody"));
}

#[test]
fn colour_is_drawn_only_when_asked_for() {
    let problem = at("a.toml", "one", 0..3);
    assert!(render(std::slice::from_ref(&problem), 80, true).contains('\u{1b}'));
    assert!(!render(&[problem], 80, false).contains('\u{1b}'));
}

#[test]
fn nothing_a_problem_says_can_steer_a_terminal() {
    let mut problem = at("a\u{1b}[2J.toml", "one\u{1b}[2J", 0..3);
    problem.message = "a\u{1b}[2Jb".to_owned();
    problem.label = "a\u{1b}]0;b".to_owned();
    problem.help = Some("a\rb\u{202e}".to_owned());
    let out = render(&[problem], 80, false);
    assert!(!out.contains(['\u{1b}', '\r', '\u{202e}']), "{out:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_place_in_any_text_is_drawn(
        text in "(\\PC|[\t\r\n\0\"=]){0,120}",
        start in 0_usize..200,
        length in 0_usize..60,
        width in 0_usize..120,
    ) {
        let out = render(&[at("a.toml", &text, start..start + length)], width, false);
        prop_assert!(out.ends_with("1 problem in a.toml\n"));
    }
}
