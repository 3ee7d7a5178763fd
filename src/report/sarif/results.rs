//! SARIF's results: findings, waived findings as suppressed ones, and questions without an answer.

use serde_json::{Value, json};

use crate::model::assessment::{Assessment, EstateFile, Finding, UnknownItem, Waived, fingerprint};

use super::super::text::clean;
use super::rules::{Rules, level};

/// Where an estate stands whose file nobody remembers (a snapshot of an older credaudit): code scanning
/// takes no result without a place.
const SOME_ESTATE: &str = "estate.toml";

/// Worst first, then what is waived, then what is not known.
pub(super) fn results(assessment: &Assessment, rules: &Rules<'_>) -> Vec<Value> {
    let estate = assessment.estate.as_ref();
    let findings = assessment
        .findings
        .iter()
        .map(|finding| of_finding(finding, rules, estate));
    let waived = assessment
        .waived
        .iter()
        .map(|waived| of_waived(waived, rules, estate));
    let unknowns = assessment
        .unknowns
        .iter()
        .map(|unknown| of_unknown(unknown, rules, estate));
    findings.chain(waived).chain(unknowns).collect()
}

fn of_finding(finding: &Finding, rules: &Rules<'_>, estate: Option<&EstateFile>) -> Value {
    let mut text = format!("{} Do: {}", clean(&finding.seen), clean(&finding.remedy));
    if !finding.hits.is_empty() {
        text.push_str(&format!(" Hits: {}.", clean(&finding.hits)));
    }
    for inside in &finding.consequences {
        let (check, resource) = (&inside.check, clean(&inside.resource));
        text.push_str(&format!(" Explains {check} on {resource}."));
    }
    let first = finding.registrations.first().map(String::as_str);
    let consequences: Vec<Value> = finding
        .consequences
        .iter()
        .map(|inside| {
            json!({
                "fingerprint": inside.fingerprint,
                "check": inside.check,
                "resource": clean(&inside.resource),
                "severity": inside.severity.as_str(),
                "seen": clean(&inside.seen),
            })
        })
        .collect();
    json!({
        "ruleId": finding.check,
        "ruleIndex": rules.index(&finding.check),
        "kind": "fail",
        "level": level(finding.severity),
        "message": { "text": plain(&text) },
        "locations": [location(&finding.resource, first, estate)],
        "relatedLocations": related(&finding.registrations, estate),
        "partialFingerprints": fingerprints(&finding.fingerprint),
        "suppressions": [],
        "properties": {
            "severity": finding.severity.as_str(),
            "resource": clean(&finding.resource),
            "registrations": finding.registrations.iter().map(|name| clean(name)).collect::<Vec<_>>(),
            "consequences": consequences,
        },
    })
}

fn of_waived(waived: &Waived, rules: &Rules<'_>, estate: Option<&EstateFile>) -> Value {
    let mut result = of_finding(&waived.finding, rules, estate);
    let (reason, owner) = (clean(&waived.reason), clean(&waived.owner));
    result["suppressions"] = json!([{
        "kind": "external",
        "status": "accepted",
        "justification": format!("{reason} (waived by {owner} until {})", clean(&waived.expires)),
    }]);
    result
}

/// Of kind `open`, with the fingerprint that its finding has or would have.
fn of_unknown(unknown: &UnknownItem, rules: &Rules<'_>, estate: Option<&EstateFile>) -> Value {
    let mut text = format!(
        "NOT KNOWN whether {} holds for {}: {}.",
        unknown.check,
        clean(&unknown.resource),
        clean(&unknown.seen)
    );
    if let Some(remedy) = &unknown.remedy {
        text.push_str(&format!(" Do: {}", clean(remedy)));
    }
    let name = registration(&unknown.resource, estate);
    json!({
        "ruleId": unknown.check,
        "ruleIndex": rules.index(&unknown.check),
        "kind": "open",
        "level": "none",
        "message": { "text": plain(&text) },
        "locations": [location(&unknown.resource, name, estate)],
        "partialFingerprints": fingerprints(&fingerprint(&unknown.check, &unknown.resource)),
        "suppressions": [],
        "properties": {
            "resource": clean(&unknown.resource),
            "gap": unknown.kind.as_str(),
            "counts": unknown.counts,
        },
    })
}

/// The registration that a resource belongs to: `registration/raia`, `registration/raia/table/contact`.
fn registration<'r>(resource: &'r str, estate: Option<&EstateFile>) -> Option<&'r str> {
    let mut name = resource.strip_prefix("registration/")?;
    let lines = &estate?.lines;
    while !lines.contains_key(name) {
        (name, _) = name.rsplit_once('/')?;
    }
    Some(name)
}

/// The second is the name by which code scanning asks; its part behind the colon counts equal lines.
fn fingerprints(fingerprint: &str) -> Value {
    json!({
        "credaudit/v1": fingerprint,
        "primaryLocationLineHash": format!("{fingerprint}:1"),
    })
}

/// The registration's entry in the estate file; the file's first line where it is about none.
fn location(resource: &str, registration: Option<&str>, estate: Option<&EstateFile>) -> Value {
    let mut location = physical(registration, estate);
    location["logicalLocations"] =
        json!([{ "fullyQualifiedName": clean(resource), "kind": "resource" }]);
    location
}

fn physical(registration: Option<&str>, estate: Option<&EstateFile>) -> Value {
    let line = registration
        .and_then(|name| estate?.lines.get(name))
        .copied()
        .unwrap_or(1);
    let uri = uri(estate.map_or(SOME_ESTATE, |estate| &estate.name));
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri },
            "region": { "startLine": line.max(1) },
        },
    })
}

/// The other registrations that a finding is about.
fn related(registrations: &[String], estate: Option<&EstateFile>) -> Vec<Value> {
    registrations
        .iter()
        .enumerate()
        .skip(1)
        .map(|(index, name)| {
            let mut place = physical(Some(name.as_str()), estate);
            place["id"] = json!(index);
            place["message"] =
                json!({ "text": plain(&format!("and registration {}", clean(name))) });
            place
        })
        .collect()
}

/// A path as a URI: relative where it is, `file:` where it is not.
fn uri(path: &str) -> String {
    let windows = path.as_bytes().get(1) == Some(&b':') || path.contains('\\');
    let path = if windows {
        path.replace('\\', "/")
    } else {
        path.to_owned()
    };
    let bare = path.trim_start_matches("./");
    let mut uri = String::new();
    if bare.starts_with('/') {
        uri.push_str("file://");
    } else if windows && bare.as_bytes().get(1) == Some(&b':') {
        uri.push_str("file:///");
    }
    let drive = uri == "file:///";
    for (at, byte) in bare.bytes().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b':' if drive && at == 1 => uri.push(':'),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// A plain text message: in SARIF `[a](b)` would be a link and `{0}` a place to fill.
fn plain(text: &str) -> String {
    text.replace("](", "] (")
        .replace('{', "(")
        .replace('}', ")")
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

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
        assert_eq!(open.len(), assessment.unknowns.len());
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

    #[test]
    fn a_question_about_a_table_belongs_to_its_registration() {
        let estate = fixture::rich().estate;
        let of = |resource| registration(resource, estate.as_ref());
        assert_eq!(
            of("registration/raia-contact-sync"),
            Some("raia-contact-sync")
        );
        assert_eq!(
            of("registration/raia-contact-sync/table/lead"),
            Some("raia-contact-sync")
        );
        assert_eq!(of("registration/raia"), None);
        assert_eq!(of("vault-entry/crm-prod/raia-contact-sync"), None);
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

    #[test]
    fn paths_become_uris() {
        for (path, wanted) in [
            ("estate.toml", "estate.toml"),
            ("./a b/estate.toml", "a%20b/estate.toml"),
            ("../x.toml", "../x.toml"),
            (
                "/etc/credaudit/estate.toml",
                "file:///etc/credaudit/estate.toml",
            ),
            ("C:\\audit\\estate.toml", "file:///C:/audit/estate.toml"),
            ("audit\\estate.toml", "audit/estate.toml"),
            ("größe:1.toml", "gr%C3%B6%C3%9Fe%3A1.toml"),
        ] {
            assert_eq!(uri(path), wanted, "{path}");
        }
    }

    #[test]
    fn a_message_holds_no_link_and_no_place_to_fill() {
        assert_eq!(
            plain("[x](https://evil.example) {0}"),
            "[x] (https://evil.example) (0)"
        );
    }
}
