//! SARIF's results: findings, waived findings as suppressed ones, what follows from either, and questions
//! without an answer.

use crate::model::Resource;
use serde_json::{Value, json};

use crate::model::assessment::{
    Assessment, Consequence, Cover, EstateFile, Finding, UnknownItem, Waived, fingerprint,
};

use super::places::{location, plain, related};
use super::rules::{Rules, level};
use crate::report::printable::clean;
use crate::report::view::findings::all;

/// Code scanning refuses a run of more results.
const MOST: usize = 25_000;

/// Worst first, then what is waived, what follows from either, what is not known, and as far as there is
/// room what lies behind a failed step.
pub(crate) fn results(assessment: &Assessment, rules: &Rules<'_>) -> Vec<Value> {
    let writer = Writer {
        rules,
        estate: assessment.estate.as_ref(),
    };
    let findings = all(assessment);
    let each = findings
        .clone()
        .map(|(finding, waived)| writer.finding(finding, waived));
    let inside = findings.flat_map(|(finding, waived)| {
        let inside = finding.consequences.iter();
        inside.map(move |inside| (inside, finding, waived))
    });
    let inside = inside.map(|(inside, cause, waived)| writer.consequence(inside, cause, waived));
    let unknowns = assessment.unknowns.iter().map(|one| writer.unknown(one));
    let mut results: Vec<Value> = each.chain(inside).chain(unknowns).collect();
    let room = MOST.saturating_sub(results.len());
    let behind = behind(assessment).take(room);
    results.extend(behind.map(|(check, resource, why, cover)| {
        let text = format!(
            "NOT REACHED: {check} was not checked for {}, because an earlier step failed ({}).",
            clean(resource.path()),
            clean(why)
        );
        let counts = cover == Cover::Nothing;
        writer.open(check, resource, &text, "not-reached", counts)
    }));
    results
}

/// How many questions behind a failed step have no room.
pub(crate) fn left_out(assessment: &Assessment) -> usize {
    let each = all(assessment).map(|(finding, _)| 1 + finding.consequences.len());
    let others = each.sum::<usize>() + assessment.unknowns.len();
    behind(assessment)
        .count()
        .saturating_sub(MOST.saturating_sub(others))
}

/// Check, resource and reason of each question behind a failed step, and what answers for it.
fn behind(assessment: &Assessment) -> impl Iterator<Item = (&str, &Resource, &str, Cover)> {
    assessment.questions.iter().flat_map(|questions| {
        questions.behind_a_fail.iter().flat_map(|aside| {
            let resources = aside.resources.iter();
            let check = questions.check.as_str();
            resources.map(move |one| (check, one, aside.why.letters(), aside.cover))
        })
    })
}

/// What every result has.
struct Outline<'a> {
    check: &'a str,
    resource: &'a Resource,
    /// On whose line of the estate it stands.
    registration: Option<&'a str>,
    kind: &'static str,
    level: &'static str,
    text: &'a str,
    fingerprint: &'a str,
}

/// Writes results, which point at rules and at lines of the estate.
struct Writer<'a> {
    rules: &'a Rules<'a>,
    estate: Option<&'a EstateFile>,
}

impl Writer<'_> {
    fn result(
        &self,
        outline: &Outline<'_>,
        waived: Option<&Waived>,
        mut properties: Value,
    ) -> Value {
        let place = location(outline.resource, outline.registration, self.estate);
        properties["resource"] = json!(clean(outline.resource.path()));
        let mut result = json!({
            "ruleId": outline.check,
            "ruleIndex": self.rules.index(outline.check),
            "kind": outline.kind,
            "level": outline.level,
            "message": { "text": plain(outline.text) },
            "locations": [place],
            "partialFingerprints": fingerprints(outline.fingerprint),
            "suppressions": waived.map_or_else(|| json!([]), suppressions),
        });
        result["properties"] = properties;
        result
    }

    fn finding(&self, finding: &Finding, waived: Option<&Waived>) -> Value {
        let mut text = format!(
            "{} Do: {}",
            clean(finding.seen.letters()),
            clean(finding.remedy.letters())
        );
        if !finding.hits.is_empty() {
            text.push_str(&format!(" Affects: {}.", clean(finding.hits.letters())));
        }
        for inside in &finding.consequences {
            let (check, resource) = (&inside.check, clean(inside.resource.path()));
            text.push_str(&format!(" Explains {check} on {resource}."));
        }
        let consequences = finding.consequences.iter().map(|inside| {
            json!({
                "fingerprint": inside.fingerprint,
                "check": inside.check,
                "resource": clean(inside.resource.path()),
                "severity": inside.severity.as_str(),
            })
        });
        let names = finding.registrations.iter().map(|name| clean(name));
        let properties = json!({
            "severity": finding.severity.as_str(),
            "registrations": names.collect::<Vec<_>>(),
            "consequences": consequences.collect::<Vec<_>>(),
        });
        let outline = Outline {
            check: &finding.check,
            resource: &finding.resource,
            registration: finding.registrations.first().map(String::as_str),
            kind: "fail",
            level: level(finding.severity),
            text: &text,
            fingerprint: &finding.fingerprint,
        };
        let mut result = self.result(&outline, waived, properties);
        result["relatedLocations"] = json!(related(&finding.registrations, self.estate));
        result
    }

    /// What follows from a finding: a note, since it is mended with its cause, and a result of its own, since
    /// code scanning would close it as fixed where it was told alone before.
    fn consequence(&self, inside: &Consequence, cause: &Finding, waived: Option<&Waived>) -> Value {
        let text = format!(
            "Caused by {} of {}: fix that. {}",
            cause.check,
            clean(cause.resource.path()),
            clean(inside.seen.letters())
        );
        let outline = Outline {
            check: &inside.check,
            resource: &inside.resource,
            registration: cause.registrations.first().map(String::as_str),
            kind: "fail",
            level: "note",
            text: &text,
            fingerprint: &inside.fingerprint,
        };
        let severity = inside.severity.as_str();
        let properties = json!({ "severity": severity, "explainedBy": cause.fingerprint });
        self.result(&outline, waived, properties)
    }

    fn unknown(&self, unknown: &UnknownItem) -> Value {
        let mut text = format!(
            "NOT KNOWN whether {} holds for {}: {}.",
            unknown.check,
            clean(unknown.resource.path()),
            clean(unknown.seen.letters())
        );
        if let Some(remedy) = &unknown.remedy {
            text.push_str(&format!(" Do: {}", clean(remedy.letters())));
        }
        let (gap, counts) = (unknown.kind.as_str(), unknown.counts);
        self.open(&unknown.check, &unknown.resource, &text, gap, counts)
    }

    /// Of kind `open`, with the fingerprint that its finding has or would have.
    fn open(&self, check: &str, resource: &Resource, text: &str, gap: &str, counts: bool) -> Value {
        let outline = Outline {
            check,
            resource,
            registration: resource.registration_name(),
            kind: "open",
            level: "none",
            text,
            fingerprint: &fingerprint(check, resource),
        };
        self.result(&outline, None, json!({ "gap": gap, "counts": counts }))
    }
}

fn suppressions(waived: &Waived) -> Value {
    let (reason, owner) = (clean(&waived.reason), clean(&waived.owner));
    json!([{
        "kind": "external",
        "status": "accepted",
        "justification": format!("{reason} (waived by {owner} until {})", clean(&waived.expires)),
    }])
}

/// The second is the name by which code scanning asks; its part behind the colon counts equal lines.
fn fingerprints(fingerprint: &str) -> Value {
    json!({
        "credaudit/v1": fingerprint,
        "primaryLocationLineHash": format!("{fingerprint}:1"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn of(assessment: &Assessment) -> Vec<Value> {
        results(assessment, &Rules::of(assessment))
    }

    #[test]
    fn a_finding_stands_on_its_registrations_line() {
        let assessment = fixture::rich();
        let results = of(&assessment);
        let place = &results[0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "audit/estate.toml");
        assert_eq!(place["region"]["startLine"], 21);
        // About no registration: the first line.
        let place = &results[3]["locations"][0]["physicalLocation"];
        assert_eq!(place["region"]["startLine"], 1);
    }

    #[test]
    fn an_older_assessment_still_has_places_and_rules() {
        let mut assessment = fixture::rich();
        assessment.estate = None;
        assessment.rules = Vec::new();
        let results = of(&assessment);
        assert!(results.iter().all(|result| {
            result["ruleIndex"].is_u64()
                && result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                    == "estate.toml"
        }));
    }

    #[test]
    fn what_is_not_known_keeps_its_findings_fingerprint_and_says_so() {
        let assessment = fixture::rich();
        let results = of(&assessment);
        let open: Vec<&Value> = results
            .iter()
            .filter(|result| result["kind"] == "open")
            .collect();
        assert_eq!(open.len(), assessment.unknowns.len() + 1);
        let text = open[0]["message"]["text"].as_str().expect("a text");
        assert!(text.starts_with("NOT KNOWN"), "{text}");
        assert_eq!(
            open[0]["partialFingerprints"]["credaudit/v1"],
            fingerprint(
                &assessment.unknowns[0].check,
                &assessment.unknowns[0].resource
            )
        );
    }

    fn of_fingerprint<'r>(results: &'r [Value], wanted: &str) -> Vec<&'r Value> {
        let is = |result: &&Value| result["partialFingerprints"]["credaudit/v1"] == wanted;
        results.iter().filter(is).collect()
    }

    #[test]
    fn what_lies_behind_a_failed_step_stays_open() {
        let assessment = fixture::rich();
        let results = of(&assessment);
        let mut told = 0;
        for check in &assessment.questions {
            for resource in check
                .behind_a_fail
                .iter()
                .flat_map(|aside| &aside.resources)
            {
                let [result] = of_fingerprint(&results, &fingerprint(&check.check, resource))[..]
                else {
                    panic!("{} {resource}", check.check);
                };
                assert_eq!(result["kind"], "open");
                assert_eq!(result["level"], "none");
                let text = result["message"]["text"].as_str().expect("a text");
                assert!(text.starts_with("NOT REACHED"), "{text}");
                told += 1;
            }
        }
        assert!(told > 0);
    }

    #[test]
    fn what_follows_from_a_finding_is_not_mended() {
        let assessment = fixture::rich();
        let results = of(&assessment);
        let mut told = 0;
        for (cause, finding) in results.iter().zip(&assessment.findings) {
            for inside in &finding.consequences {
                let [result] = of_fingerprint(&results, &inside.fingerprint)[..] else {
                    panic!("{} {}", inside.check, inside.resource);
                };
                assert_eq!(
                    (&result["kind"], &result["level"]),
                    (&json!("fail"), &json!("note"))
                );
                assert_eq!(
                    result["properties"]["explainedBy"],
                    finding.fingerprint.as_str()
                );
                let place = |result: &Value| result["locations"][0]["physicalLocation"].clone();
                assert_eq!(place(result), place(cause));
                told += 1;
            }
        }
        assert!(told > 0);
    }

    #[test]
    fn what_lies_behind_a_failed_step_makes_no_file_too_large() {
        let mut assessment = fixture::rich();
        let many =
            (0..30_000).map(|number| format!("registration/raia/table/t{number}").as_str().into());
        assessment.questions = vec![crate::model::assessment::CheckQuestions {
            check: "expected-access-refused".to_owned(),
            behind_a_fail: vec![crate::model::assessment::Aside {
                said_by: None,
                cover: Cover::Finding,
                why: "no token".to_owned().into(),
                resources: many.collect(),
            }],
            ..Default::default()
        }];
        let results = of(&assessment);
        assert_eq!(results.len(), 25_000);
        let worst = &assessment.findings[0].fingerprint;
        assert_eq!(
            results[0]["partialFingerprints"]["credaudit/v1"],
            worst.as_str()
        );
    }

    #[test]
    fn a_waiver_is_a_suppression_with_its_reason() {
        let results = of(&fixture::rich());
        let suppressed: Vec<&Value> = results
            .iter()
            .filter(|result| result["suppressions"] != json!([]))
            .collect();
        assert_eq!(suppressed.len(), 1);
        let why = suppressed[0]["suppressions"][0]["justification"].as_str();
        assert!(why.is_some_and(|why| why.contains("add-in") && why.contains("2027-06-30")));
    }
}
