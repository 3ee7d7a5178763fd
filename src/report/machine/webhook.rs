//! The verdict as a message for a webhook: Microsoft Teams, Slack, or a program.

use serde_json::{Value, json};

use crate::model::assessment::Finding;
use crate::model::{Assessment, Severity};
use crate::report::printable::clean;
use crate::report::printable::cut;
use crate::report::view::findings::whose;
use crate::report::view::verdict;

/// More than this is for the report, not for a channel.
const FINDINGS: usize = 10;
/// Registrations named of a finding.
const NAMES: usize = 3;
/// Of each of its texts. Slack takes at most 3,000 characters a block, Teams about 28 KB a message.
const LINE: usize = 250;

/// `{"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", ..}]}`:
/// what a Teams workflow "post to a channel when a webhook request is received" takes.
pub(crate) fn teams(assessment: &Assessment) -> Vec<u8> {
    teams_message(&title(assessment), &lines(assessment))
}

/// The same form with no news in it.
pub(crate) fn teams_test(text: &str) -> Vec<u8> {
    teams_message(&clean(text), &[])
}

fn teams_message(title: &str, lines: &[String]) -> Vec<u8> {
    let mut body = vec![json!({
        "type": "TextBlock", "text": title, "weight": "Bolder", "size": "Medium", "wrap": true,
    })];
    for line in lines {
        body.push(json!({ "type": "TextBlock", "text": markdown(line), "wrap": true }));
    }
    bytes(&json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard", "version": "1.4", "body": body,
            },
        }],
    }))
}

/// `{"text": .., "blocks": [..]}`: what a Slack incoming webhook takes. `text` is shown in notifications.
pub(crate) fn slack(assessment: &Assessment) -> Vec<u8> {
    slack_message(&title(assessment), lines(assessment))
}

/// The same form with no news in it.
pub(crate) fn slack_test(text: &str) -> Vec<u8> {
    slack_message(&clean(text), Vec::new())
}

fn slack_message(title: &str, lines: Vec<String>) -> Vec<u8> {
    let header =
        json!({ "type": "header", "text": { "type": "plain_text", "text": cut(title, 150) } });
    let rest = lines
        .into_iter()
        .map(|line| json!({ "type": "section", "text": { "type": "plain_text", "text": line } }));
    let blocks: Vec<Value> = std::iter::once(header).chain(rest).collect();
    bytes(&json!({ "text": title, "blocks": blocks }))
}

/// `credaudit.webhook-test/1`: no audit, so that a program takes it for none.
pub(crate) fn json_test(text: &str) -> Vec<u8> {
    bytes(&json!({ "format": "credaudit.webhook-test/1", "text": clean(text) }))
}

/// `credaudit.webhook/1`: the verdict, the counts and the worst findings.
pub(crate) fn json(assessment: &Assessment) -> Vec<u8> {
    let coverage = &assessment.coverage;
    let findings: Vec<Value> = assessment
        .findings
        .iter()
        .map(|one| {
            json!({
                "fingerprint": one.fingerprint, "check": one.check, "severity": one.severity.as_str(),
                "resource": one.resource, "registrations": one.registrations, "seen": one.seen,
            })
        })
        .collect();
    bytes(&json!({
        "format": "credaudit.webhook/1",
        "run": assessment.run.id,
        "narrowed": assessment.run.narrowed,
        "as_of": assessment.run.as_of,
        "verdict": verdict::verdict(assessment).join(" · "),
        "exit_code": assessment.verdict.exit_code,
        "incomplete": assessment.verdict.incomplete,
        "registrations": coverage.registrations,
        "proven": coverage.proven,
        "unknown": coverage.unknown,
        "unanswered": assessment.unknowns.len(),
        "waived": coverage.waived,
        "findings": findings,
    }))
}

fn title(assessment: &Assessment) -> String {
    clean(&format!(
        "credaudit: {}",
        verdict::verdict(assessment).join(" · ")
    ))
}

/// What a reader of a channel needs: how far the audit saw, and the worst of what it found.
fn lines(assessment: &Assessment) -> Vec<String> {
    let coverage = &assessment.coverage;
    let mut lines = vec![format!(
        "{} of {} registrations proven end to end; {} checks without an answer, {} findings waived.",
        coverage.proven,
        coverage.registrations,
        assessment.unknowns.len(),
        coverage.waived
    )];
    if let Some(narrowed) = &assessment.run.narrowed {
        lines.push(clean(&format!("A part of the estate only: {narrowed}.")));
    }
    let all = &assessment.findings;
    lines.extend(all.iter().take(FINDINGS).map(|one| line(assessment, one)));
    if all.len() > FINDINGS {
        lines.push(format!(
            "And {} more: see the report.",
            all.len() - FINDINGS
        ));
    }
    lines
}

fn line(assessment: &Assessment, finding: &Finding) -> String {
    let loud = if finding.severity >= Severity::High {
        "!"
    } else {
        "-"
    };
    format!(
        "{loud} {} {}: {}: {} Do: {}",
        finding.severity.as_str(),
        finding.check,
        cut(&clean(&whose(assessment, finding, NAMES)), LINE),
        sentence(&cut(&clean(finding.seen.letters()), LINE)),
        cut(&clean(finding.remedy.letters()), LINE),
    )
}

/// Ended by a mark, so that another sentence can follow.
fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?', '\u{2026}']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// Adaptive cards read some Markdown: nothing in a name may become a link or an emphasis.
fn markdown(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for one in text.chars() {
        if "\\`*_[]()<>#".contains(one) {
            plain.push('\\');
        }
        plain.push(one);
    }
    plain
}

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn read(bytes: &[u8]) -> Value {
        serde_json::from_slice(bytes).expect("JSON")
    }

    #[test]
    fn every_kind_says_the_verdict_and_the_worst() {
        let assessment = fixture::rich();
        let worst = &assessment.findings[0];
        for bytes in [teams(&assessment), slack(&assessment), json(&assessment)] {
            let text = read(&bytes).to_string().replace('\\', "");
            assert!(text.contains("FINDINGS 3 at or above high"), "{text}");
            assert!(text.contains(&worst.check), "{text}");
        }
        assert_eq!(read(&json(&assessment))["exit_code"], 10);
        let card = &read(&teams(&assessment))["attachments"][0];
        assert_eq!(
            card["contentType"],
            "application/vnd.microsoft.card.adaptive"
        );
    }

    #[test]
    fn a_program_is_told_that_a_run_saw_a_part_only() {
        let mut assessment = fixture::rich();
        assessment.run.narrowed = None;
        assert_eq!(read(&json(&assessment))["narrowed"], Value::Null);
        assessment.run.narrowed = Some("only environments prod".to_owned());
        let told = read(&json(&assessment));
        assert_eq!(told["narrowed"], "only environments prod");
        assert_eq!(told["unanswered"], assessment.unknowns.len());
    }

    #[test]
    fn a_hostile_name_becomes_no_link_and_no_new_line() {
        let mut assessment = fixture::rich();
        assessment.findings[0].seen = "[click](https://evil.example)\r\n<!channel> *x*".into();
        let card = read(&teams(&assessment));
        let body = &card["attachments"][0]["content"]["body"];
        let texts: Vec<&str> = body
            .as_array()
            .expect("blocks")
            .iter()
            .filter_map(|block| block["text"].as_str())
            .collect();
        let plain = "\\[click\\]\\(https://evil.example\\)";
        assert!(texts.iter().any(|text| text.contains(plain)), "{texts:?}");
        assert!(texts.iter().all(|text| !text.contains('\n')));
        // Slack's plain text has no mentions and no links.
        let blocks = read(&slack(&assessment));
        assert_eq!(blocks["blocks"][2]["text"]["type"], "plain_text");
    }

    #[test]
    fn a_channel_is_not_flooded() {
        let mut assessment = fixture::rich();
        let one = assessment.findings[0].clone();
        assessment.findings = vec![one; 500];
        assert!(teams(&assessment).len() < 20_000);
        let blocks = read(&slack(&assessment));
        assert!(blocks["blocks"].as_array().expect("blocks").len() < 50);
    }

    #[test]
    fn a_channel_is_told_whose_it_is_where_and_what_to_do() {
        let assessment = fixture::rich();
        for bytes in [teams(&assessment), slack(&assessment)] {
            let text = read(&bytes).to_string().replace('\\', "");
            assert!(text.contains("raia-contact-sync in prod"), "{text}");
            assert!(text.contains("Do: Add a new client secret"), "{text}");
        }
    }
}
