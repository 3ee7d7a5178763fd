//! What holds for the whole page: one file, nothing loads, nothing hostile gets in, everything is in it.

use super::*;
use crate::report::fixture;

#[test]
fn the_page_needs_nothing_but_itself() {
    let page = html(&fixture::rich());
    for outside in [
        "http-equiv=\"refresh",
        "<link",
        "<img",
        "<iframe",
        " src=",
        "@import",
        "url(",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    for inline in [" style=\"", " onclick", " onload", "javascript:"] {
        assert!(!page.contains(inline), "{inline}");
    }
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("<style>").count(), 1);
    assert!(page.contains("default-src &#39;none&#39;"));
}

#[test]
fn the_policy_lets_through_exactly_the_style_and_the_script_of_the_page() {
    let page = html(&fixture::rich());
    for (open, close) in [("<style>", "</style>"), ("<script>", "</script>")] {
        let inner = page.split_once(open).expect("it is there").1;
        let inner = inner.split_once(close).expect("it ends").0;
        assert!(page.contains(&hash(inner)), "{open}");
    }
}

#[test]
fn hostile_names_are_shown_and_do_nothing() {
    let mut assessment = fixture::rich();
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'\r\n\u{202e}";
    for view in &mut assessment.registrations {
        view.name = format!("{}{evil}", view.name);
        view.environment = evil.into();
        view.rotation.why = evil.into();
    }
    for finding in &mut assessment.findings {
        finding.registrations = vec![format!("raia-contact-sync{evil}")];
        finding.title = evil.into();
        finding.check = evil.into();
        finding.resource = evil.into();
    }
    let page = html(&assessment);
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("<img") && page.contains("&lt;img src=x onerror=alert(2)&gt;"));
    assert!(!page.contains(['\u{202e}', '\u{1b}', '\u{7}', '\u{200b}', '\r']));
    assert!(page.contains("\\u{202e}"));
}

#[test]
fn everything_of_an_assessment_is_on_the_page() {
    let assessment = fixture::rich();
    let page = html(&assessment);
    for finding in assessment
        .findings
        .iter()
        .chain(assessment.waived.iter().map(|waived| &waived.finding))
    {
        assert!(page.contains(&finding.fingerprint));
        assert!(page.contains(&finding.check));
        for consequence in &finding.consequences {
            assert!(page.contains(&consequence.fingerprint));
        }
    }
    for words in [
        "3 findings at or above high, and 2 checks have no answer",
        "FINDINGS 3 at or above high",
        "A DATE GIVEN BY HAND",
        "--env prod: a part of the estate only",
        "page 3 answered 500",
        "The vendor&#39;s add-in accepts one client id only",
        "by erp-platform@contoso.com until the end of 2027-06-30",
        "Key Vault Secrets User",
        "MCSB v1 IM-8",
        "az ad app credential delete",
        "optional",
        "az ad app credential delete",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn the_same_assessment_gives_the_same_page_and_an_empty_one_gives_one() {
    assert_eq!(html(&fixture::rich()), html(&fixture::rich()));
    let page = html(&fixture::empty());
    assert!(page.contains("Clean: nothing at or above high"));
    assert!(page.contains("Nothing is waived"));
}

#[test]
fn every_link_leads_somewhere_and_every_id_is_there_once() {
    let page = html(&fixture::rich());
    let after = |mark: &str| -> Vec<String> {
        page.split(mark)
            .skip(1)
            .filter_map(|rest| rest.split('"').next().map(str::to_owned))
            .collect()
    };
    let mut ids = after(" id=\"");
    for target in after("href=\"#") {
        assert!(ids.contains(&target), "{target}");
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
