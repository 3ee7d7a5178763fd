//! What every width, estate and hostile name must keep to.

use crate::model::{GapId, GapKind};
use proptest::prelude::*;

use super::*;
use crate::model::assessment::Assessment;
use crate::report::fixture;
use crate::report::fixture::columns;
use crate::report::printable::is_hostile;

fn at(width: u16, assessment: &Assessment) -> String {
    table(
        assessment,
        &TableOptions {
            width,
            colour: false,
            powershell_first: false,
        },
    )
}

/// The text with all white space gone, so that wrapping does not hide a word.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn it_reads_as_the_snapshot_says() {
    insta::assert_snapshot!("rich-80", at(80, &fixture::rich()));
    insta::assert_snapshot!("rich-120", at(120, &fixture::rich()));
}

#[test]
fn it_fits_every_width() {
    for width in [60, 61, 72, 78, 80, 100, 110, 120, 140] {
        for assessment in [fixture::rich(), fixture::empty()] {
            let text = at(width, &assessment);
            for line in text.lines().filter(|line| !is_command(line, &assessment)) {
                assert!(columns(line) <= width, "{width}: {} {line}", columns(line));
            }
        }
    }
}

#[test]
fn a_wider_terminal_is_used_and_a_huge_one_is_not() {
    let widest = |width| {
        let assessment = fixture::rich();
        let text = at(width, &assessment);
        let lines = text.lines().filter(|line| !is_command(line, &assessment));
        lines.map(columns).max().unwrap_or(0)
    };
    assert!(widest(80) > 60);
    assert!(widest(130) > 100);
    assert!(widest(500) <= 140);
}

#[test]
fn no_width_loses_a_word() {
    for width in [60, 80, 120] {
        let text = squeezed(&at(width, &fixture::rich()));
        for finding in fixture::rich().findings {
            let remedy = squeezed(&finding.remedy);
            assert!(text.contains(&remedy), "{width}: {remedy}");
        }
        assert!(text.contains("FINDINGS3atorabovehigh"));
        assert!(text.contains("throttled0"), "zeros are shown");
    }
}

#[test]
fn nothing_hostile_gets_through_and_colour_is_the_only_escape() {
    for width in [60, 80, 140] {
        let plain = at(width, &fixture::rich());
        let bad = |text: &str| text.chars().any(|one| one != '\n' && is_hostile(one));
        assert!(!bad(&plain));
        let options = TableOptions {
            width,
            colour: true,
            powershell_first: false,
        };
        let coloured = table(&fixture::rich(), &options);
        assert!(coloured.contains("\u{1b}["));
        assert!(!coloured.contains("\u{1b}[2J"));
        assert_eq!(stripped(&coloured), plain, "colour adds nothing but colour");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a tenant or a file calls its things: it fits, it is harmless, and JSON gives it back.
    #[test]
    fn any_text_at_all_is_laid_out(text in "\\PC{0,40}|(?s).{0,40}|[a-z日\u{301}\u{200d}😀 ]{0,90}", width in 60_u16..150) {
        let mut assessment = fixture::rich();
        assessment.run.narrowed = Some(text.clone());
        assessment.registrations[0].name = (&text).into();
        assessment.registrations[0].environment = (&text).into();
        assessment.registrations[0].rungs[1].note = (&text).into();
        assessment.findings[0].resource = text.as_str().into();
        assessment.findings[0].seen = (&text).into();
        assessment.findings[0].consequences[0].seen = (&text).into();
        assessment.gaps[1].seen = (&text).into();
        assessment.waived[0].reason = (&text).into();
        assessment.coverage.lists[0].name = (&text).into();
        let drawn = at(width, &assessment);
        for line in drawn.lines().filter(|line| !is_command(line, &assessment)) {
            prop_assert!(columns(line) <= width, "{width}: {line:?}");
        }
        prop_assert!(!drawn.chars().any(|one| one != '\n' && is_hostile(one)));
        let value: serde_json::Value = serde_json::from_str(&crate::report::machine::json::json(&assessment)).expect("JSON");
        prop_assert_eq!(&value["findings"][0]["seen"], &serde_json::Value::from(text));
        let subject = crate::report::mail(&assessment, "contoso").subject;
        prop_assert!(!subject.chars().any(is_hostile));
    }
}

/// Whether a line is a command, which no width breaks: one of a step, or one that a sentence names.
fn is_command(line: &str, assessment: &Assessment) -> bool {
    let line = line.trim();
    let waived = assessment.waived.iter().map(|one| &one.finding);
    let findings = assessment.findings.iter().chain(waived);
    let links = assessment.grants.iter().flat_map(|one| &one.links);
    let urls = findings.clone().flat_map(|one| &one.links).chain(links);
    let mut urls = urls.map(|link| &link.url);
    let findings = findings.flat_map(|one| one.commands.iter().chain(&one.steps));
    let grants = assessment.grants.iter().flat_map(|one| &one.steps);
    let views = assessment
        .registrations
        .iter()
        .flat_map(|one| &one.rotation.steps);
    let mut runs = findings
        .chain(views)
        .chain(grants)
        .flat_map(|step| step.run.iter().chain(&step.powershell));
    line.starts_with('`') || runs.any(|run| run == line) || urls.any(|url| url == line)
}

/// Without the `ESC [ … m` that colour is made of.
fn stripped(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let end = after.find('m').expect("a colour ends with m");
        assert!(
            after[..end]
                .chars()
                .all(|one| one.is_ascii_digit() || one == ';'),
            "no colour: {}",
            &after[..end]
        );
        rest = &after[end + 1..];
    }
    out.push_str(rest);
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[test]
fn an_empty_estate_renders() {
    let text = at(80, &fixture::empty());
    assert!(text.starts_with("CLEAN nothing at or above high · exit code 0\n"));
    assert!(text.contains("None was audited."));
    assert!(text.contains("0 of 0 registrations end to end"));
    assert!(text.contains("FINDINGS none"));
}

#[test]
fn a_hole_is_told_once_with_all_its_questions() {
    let text = at(100, &fixture::rich());
    assert_eq!(text.matches("grant Key Vault Secrets User").count(), 1);
    assert!(
        text.contains("3 checks could not be made: access denied"),
        "{text}"
    );
    assert!(text.contains("1 of them optional"));
}

#[test]
fn the_same_assessment_gives_the_same_bytes() {
    assert_eq!(at(80, &fixture::rich()), at(80, &fixture::rich()));
}

#[test]
fn what_lies_behind_a_hole_is_counted_there_and_not_told_again() {
    let mut assessment = fixture::rich();
    let root = assessment.gaps[0].seen.clone();
    for entry in ["one", "two"] {
        let mut shadow = assessment.gaps[0].clone();
        shadow.kind = GapKind::NotReached;
        shadow.seen = format!("the vault entry crm/{entry} could not be read: {root}").into();
        shadow.root = Some(GapId::of(&root));
        shadow.remedy = None;
        shadow.questions = 11;
        assessment.gaps.push(shadow);
    }
    let text = squeezed(&at(140, &assessment));
    assert!(!text.contains("vaultentrycrm/"), "{text}");
    assert!(text.contains("22morechecksskippedbecauseofthis"), "{text}");
    // Behind a hole that is not told, it stands for itself.
    assessment.gaps[2].seen = "the vault entry crm/one could not be read: lost".into();
    assessment.gaps[2].root = Some(GapId::of(&"lost"));
    let text = squeezed(&at(140, &assessment));
    assert!(text.contains("crm/onecouldnotberead:lost"), "{text}");
    assert!(text.contains("11morechecksskipped"), "{text}");
}
