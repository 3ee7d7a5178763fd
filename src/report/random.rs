//! Random assessments with hostile text in them, whose ledger counts what their lists hold.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::model::Resource;
use crate::model::assessment::{
    Aside, Assessment, CheckQuestions, Consequence, Cover, CredentialEnd, EstateFile, Finding,
    ListCount, RegistrationView, Rule, UnknownItem, Waived, fingerprint,
};
use crate::model::{Family, GapKind, Severity};

use super::fixture;

/// Text that somebody may have put into a name to break what shows it.
const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "]]></failure><testcase name=\"x\"/>",
    "a\r\nX-Injected: yes",
    "\"quoted\", 'and' \\back\\",
    "\u{202e}gnp.exe\u{2066}",
    "=cmd|' /C calc'!A0",
    "@org/everyone | [x](https://evil.example)",
    "a\u{0}\u{8}\u{b}\u{1b}[2J\u{9b}\u{fffe}\u{ffff}",
    "END:VEVENT\r\nBEGIN:VEVENT",
    "{0} ${{ secrets.X }} `code` {\"a\":1}",
    "日本語の名前 שלום 😀 e\u{301}\u{301}\u{301}\u{301}\u{301}",
    "-1;+1,\t2\n",
];

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(&HOSTILE[..]).prop_map(str::to_owned),
        "[a-z/-]{1,20}",
        any::<String>(),
    ]
}

/// What becomes of a question.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Passed,
    Failed,
    Consequence,
    Waived,
    Unknown,
    Behind,
    Beside,
}

fn fate() -> impl Strategy<Value = Fate> {
    use Fate::{Behind, Beside, Consequence, Failed, Passed, Unknown, Waived};
    prop::sample::select(vec![
        Passed,
        Failed,
        Consequence,
        Waived,
        Unknown,
        Behind,
        Beside,
    ])
}

type Asked = BTreeMap<(String, String), (Fate, Severity, String, bool)>;

fn asked() -> impl Strategy<Value = Asked> {
    let question = ("[a-z]{3,9}-[a-z]{3,9}", hostile());
    let answer = (
        fate(),
        prop::sample::select(&Severity::ALL[..]),
        hostile(),
        any::<bool>(),
    );
    prop::collection::btree_map(question, answer, 0..25)
}

/// An assessment in which every number is the length of a list.
pub(crate) fn assessments() -> impl Strategy<Value = Assessment> {
    let views = prop::collection::btree_map(hostile(), (hostile(), -400_i64..4000), 0..5);
    let lists = prop::collection::vec((hostile(), any::<bool>(), any::<bool>()), 0..3);
    let threshold = prop::sample::select(&Severity::ALL[..]);
    let parts = (asked(), views, hostile(), lists, threshold);
    parts.prop_map(|(asked, views, words, lists, threshold)| {
        let mut assessment = fixture::empty();
        assessment.run.policy.clone_from(&words);
        assessment.run.narrowed = (words.len() % 2 == 0).then(|| words.clone());
        assessment.estate = (words.len() % 3 > 0).then(|| EstateFile {
            name: words,
            lines: views.keys().map(|name| (name.clone(), 7)).collect(),
        });
        assessment.bands = vec![60, 7];
        assessment.registrations = views.iter().map(view).collect();
        fill(&mut assessment, &asked);
        count(&mut assessment, &asked);
        assessment.run.fail_on = threshold;
        assessment.coverage.lists = lists.into_iter().map(list).collect();
        assessment.settle();
        assessment
    })
}

fn list((name, cut, counts): (String, bool, bool)) -> ListCount {
    ListCount {
        read: name.len(),
        cut_short: cut.then(|| name.as_str().into()),
        kind: cut.then_some(GapKind::Malformed),
        counts: cut && counts,
        refused: cut && !counts,
        registration: None,
        name,
    }
}

fn view((name, (words, days_left)): (&String, &(String, i64))) -> RegistrationView {
    let mut view = fixture::proven(name, words, "production");
    let end = view.credentials[0].start.expect("a start") + chrono::Duration::days(*days_left);
    let ends = CredentialEnd::On {
        end,
        days_left: *days_left,
    };
    view.credentials[0].name = Some(words.clone());
    view.ends = match days_left.rem_euclid(3) {
        0 => CredentialEnd::Unknown(words.clone().into()),
        _ => ends.clone(),
    };
    view.credentials[0].ends = ends;
    view.rotation.why = words.into();
    view
}

fn finding(check: &str, resource: &str, severity: Severity, words: &str) -> Finding {
    Finding {
        fingerprint: fingerprint(check, &Resource::parse(resource)),
        check: check.to_owned(),
        title: words.into(),
        what: String::new().into(),
        effect: Default::default(),
        urgency: Default::default(),
        family: Family::Access,
        severity,
        resource: resource.into(),
        registrations: vec![words.to_owned(), resource.to_owned()],
        seen: words.into(),
        hits: words.into(),
        used: vec![words.into()],
        steps: Vec::new(),
        remedy: words.into(),
        commands: Vec::new(),
        links: Vec::new(),
        controls: vec![words.to_owned()],
        consequences: Vec::new(),
    }
}

/// A consequence goes into the cause before it; without one it is a finding itself.
fn fill(assessment: &mut Assessment, asked: &Asked) {
    let mut rest: BTreeMap<&str, CheckQuestions> = BTreeMap::new();
    for ((check, resource), (fate, severity, words, flag)) in asked {
        let rest = rest.entry(check).or_default();
        rest.check.clone_from(check);
        let cover = [Cover::Finding, Cover::Waiver, Cover::Policy, Cover::Nothing];
        let aside = || Aside {
            said_by: None,
            cover: cover[words.len() % 4],
            why: words.clone().into(),
            resources: vec![resource.as_str().into()],
        };
        let cause = if *flag {
            assessment.findings.last_mut()
        } else {
            assessment
                .waived
                .last_mut()
                .map(|waived| &mut waived.finding)
        };
        match (fate, cause) {
            (Fate::Passed, _) => rest.passed.push(resource.as_str().into()),
            (Fate::Behind, _) => rest.behind_a_fail.push(aside()),
            (Fate::Beside, _) => rest.not_applicable.push(aside()),
            (Fate::Consequence, Some(cause)) => cause.consequences.push(Consequence {
                fingerprint: fingerprint(check, &Resource::parse(resource)),
                check: check.clone(),
                resource: resource.as_str().into(),
                severity: *severity,
                seen: words.clone().into(),
            }),
            (Fate::Failed | Fate::Consequence, _) => {
                assessment
                    .findings
                    .push(finding(check, resource, *severity, words));
            }
            (Fate::Waived, _) => assessment.waived.push(Waived {
                finding: finding(check, resource, *severity, words),
                reason: words.clone(),
                owner: words.clone(),
                expires: "2027-06-30".to_owned(),
            }),
            (Fate::Unknown, _) => assessment.unknowns.push(UnknownItem {
                check: check.clone(),
                resource: resource.as_str().into(),
                kind: GapKind::Denied,
                seen: words.clone().into(),
                remedy: flag.then(|| words.into()),
                missing: None,
                counts: *flag,
                registrations: Vec::new(),
                root: None,
            }),
        }
        if *flag && !assessment.rules.iter().any(|rule| rule.check == *check) {
            assessment.rules.push(Rule {
                check: check.clone(),
                title: words.clone(),
                family: Family::Hygiene,
                severity: *severity,
                rationale: words.clone(),
                remediation: words.clone(),
                controls: vec![words.clone()],
                says_an_end: false,
            });
        }
    }
    assessment.questions = rest.into_values().collect();
}

fn count(assessment: &mut Assessment, asked: &Asked) {
    let of = |wanted: fn(&Fate) -> bool| asked.values().filter(|(fate, ..)| wanted(fate)).count();
    let causes = assessment.findings.iter();
    let causes = causes.chain(assessment.waived.iter().map(|waived| &waived.finding));
    let consequences = causes.map(|cause| cause.consequences.len()).sum();
    let coverage = &mut assessment.coverage;
    coverage.asked = asked.len();
    coverage.passed = of(|fate| matches!(fate, Fate::Passed));
    coverage.failed = of(|fate| matches!(fate, Fate::Failed | Fate::Consequence | Fate::Waived));
    coverage.consequences = consequences;
    coverage.waived = assessment.waived.len();
    coverage.unknown = of(|fate| matches!(fate, Fate::Unknown | Fate::Behind));
    coverage.behind_a_fail = of(|fate| matches!(fate, Fate::Behind));
    coverage.not_applicable = of(|fate| matches!(fate, Fate::Beside));
    coverage.registrations = assessment.registrations.len();
}
