//! One mistake at a time in a policy, and what is said about it.

use proptest::prelude::*;

use crate::model::IsolationProbe;
use crate::source::{Place, render};

use super::{good, read};

const EXAMPLE: &str = include_str!("../../../../tests/fixtures/policy.example.toml");

const GOOD: &str = r#"version = 1
extends = "baseline"
fail-on = "high"
[checks.credential-expiring]
severity = "low"
tiers = ["production"]
within-days = { low = 45 }
[[waivers]]
check = "secret-shared"
resource = "registration/raia"
reason = "until the vendor can do better"
owner = "erp@contoso.com"
expires = 2027-06-30
"#;

fn told(text: &str) -> Vec<(usize, String)> {
    read("policy.toml", &[("policy.toml", text)])
        .expect_err("this file has problems")
        .into_iter()
        .map(|problem| {
            let line = problem.place.as_ref().map_or(0, Place::line);
            (line, problem.message)
        })
        .collect()
}

/// What to replace, by what, the line the problem is on, and what it says.
type Case = (&'static str, &'static str, usize, &'static str);

#[rustfmt::skip] // one case, one line
const CASES: &[Case] = &[
    ("version = 1", "version = 3", 1, "this file is of version 3, and this credaudit reads version 1"),
    ("extends = \"baseline\"", "extends = \"basline\"", 2, "no built-in policy is called `basline`"),
    ("fail-on = \"high\"", "fail-on = \"hihg\"", 3, "`hihg` is not a valid `fail-on`"),
    ("fail-on = \"high\"", "fail_on = \"high\"", 3, "the policy knows no key `fail_on`"),
    ("fail-on = \"high\"", "unknown = \"pass\"", 3, "`pass` is not a valid `unknown`"),
    ("severity = \"low\"", "severity = 3", 5, "`severity` is a whole number, and should be a text in quotes"),
    ("severity = \"low\"", "enabled = \"no\"", 5, "`enabled` is a text, and should be true or false, without quotes"),
    ("[\"production\"]", "[\"production\", \"production\"]", 6, "`tiers` names `production` twice"),
    ("[\"production\"]", "[]", 6, "`tiers` names no tier, so the check would never be asked"),
    ("{ low = 45 }", "{ low = inf }", 7, "`low` is a number with a fraction, and should be a finite number"),
    ("{ low = 45 }", "{ low = 99999999999999999999 }", 7, "`low` is not between -9223372036854775808 and 9223372036854775807"),
    ("check = \"secret-shared\"\n", "", 8, "this waiver has no `check`"),
    ("resource = \"registration/raia\"\n", "", 8, "this waiver has no `resource`"),
    ("reason = \"until the vendor can do better\"\n", "", 8, "this waiver has no `reason`"),
    ("owner = \"erp@contoso.com\"\n", "", 8, "this waiver has no `owner`"),
    ("expires = 2027-06-30\n", "", 8, "this waiver has no `expires`"),
    ("reason = \"until the vendor can do better\"", "reason = \" \"", 11, "`reason` is empty"),
    ("expires = 2027-06-30", "expires = \"2027-06-30\"", 13, "`expires` is a text, and should be a date without time or quotes, such as 2027-06-30"),
    ("expires = 2027-06-30", "expires = 2027-06-30T00:00:00Z", 13, "`expires` is a date or time, and should be a date without time or quotes, such as 2027-06-30"),
    ("expires = 2027-06-30", "expire = 2027-06-30", 13, "this waiver knows no key `expire`"),
];

#[test]
fn each_mistake_is_told_on_its_line() {
    assert_eq!(good(GOOD).waivers.len(), 1);
    for (from, to, line, message) in CASES {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replacen(from, to, 1);
        assert_eq!(told(&text), [(*line, (*message).to_owned())], "{to}");
    }
}

#[test]
fn a_waiver_counts_once() {
    let (_, waiver) = GOOD.split_once("[[waivers]]").expect("a waiver");
    let text = format!("{GOOD}[[waivers]]{waiver}");
    assert_eq!(
        told(&text),
        [(
            14,
            "`secret-shared` is waived twice for `registration/raia`".to_owned()
        )]
    );
}

#[test]
fn the_example_is_read_whole() {
    let example = good(EXAMPLE);
    assert_eq!(example.waivers.len(), 1);
    assert_eq!(example.isolation, IsolationProbe::IntoProduction);
    assert_eq!(
        good("version = 1\n[isolation]\nprobe = \"all\"\n").isolation,
        IsolationProbe::All
    );
}

#[test]
fn all_mistakes_of_a_stack_are_told_at_once() {
    let problems = read(
        "b.toml",
        &[
            ("b.toml", "version = 1\nextends = \"a.toml\"\ncolour = 1\n"),
            ("a.toml", "version = 1\nfail-on = \"all\"\n"),
        ],
    )
    .expect_err("two problems");
    insta::assert_snapshot!(render(&problems, 80, false), @r#"
  × `all` is not a valid `fail-on`
   ╭─[a.toml:2:11]
 2 │ fail-on = "all"
   ·           ──┬──
   ·             ╰── not one of them
   ╰────
  help: use `info`, `low`, `medium`, `high` or `critical`

  × the policy knows no key `colour`
   ╭─[b.toml:3:1]
 3 │ colour = 1
   · ───┬──
   ·    ╰── unknown key
   ╰────
  help: known here: `extends`, `version`, `fail-on`, `unknown`, `isolation`,
        `checks` or `waivers`

2 problems in 2 files
"#);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutations_are_answered(
        example in any::<bool>(),
        at in 0_usize..1_300,
        length in 0_usize..30,
        by in "\\PC{0,3}|[\\[\\]{}=\"'.,#\r\n\t\0]{0,3}",
    ) {
        let text = if example { EXAMPLE } else { GOOD };
        let letters: Vec<char> = text.chars().collect();
        let at = at.min(letters.len());
        let end = (at + length).min(letters.len());
        let text: String = letters[..at]
            .iter()
            .copied()
            .chain(by.chars())
            .chain(letters[end..].iter().copied())
            .collect();
        if let Err(problems) = read("policy.toml", &[("policy.toml", &text)]) {
            prop_assert!(!problems.is_empty());
            prop_assert!(render(&problems, 80, false).contains("problem"));
        }
    }
}
