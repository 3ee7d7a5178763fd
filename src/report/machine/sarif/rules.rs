//! SARIF's rules: what each check that ran says of itself, and how much its findings weigh.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::model::Severity;
use crate::model::assessment::{Assessment, Rule};

use crate::report::markdown::escape;
use crate::report::printable::clean;
use crate::report::view::findings::all;

/// The rules by id, each at the place where results point at it.
pub(crate) struct Rules<'a> {
    by_id: BTreeMap<&'a str, Weighed<'a>>,
}

/// A rule as far as it is known, with the worst that it found.
#[derive(Default)]
struct Weighed<'a> {
    rule: Option<&'a Rule>,
    title: Option<&'a str>,
    worst: Option<Severity>,
}

impl<'a> Rules<'a> {
    /// Every rule that ran; of an older assessment, which carries none, those that found something.
    pub(super) fn of(assessment: &'a Assessment) -> Self {
        let mut by_id: BTreeMap<&str, Weighed<'_>> = BTreeMap::new();
        for rule in &assessment.rules {
            by_id.entry(&rule.check).or_default().rule = Some(rule);
        }
        for (finding, _) in all(assessment) {
            let weighed = by_id.entry(&finding.check).or_default();
            weighed.title = Some(finding.title.letters());
            weighed.worst = weighed.worst.max(Some(finding.severity));
            for inside in &finding.consequences {
                by_id.entry(&inside.check).or_default();
            }
        }
        for unknown in &assessment.unknowns {
            by_id.entry(&unknown.check).or_default();
        }
        for questions in &assessment.questions {
            if !questions.behind_a_fail.is_empty() {
                by_id.entry(&questions.check).or_default();
            }
        }
        Self { by_id }
    }

    /// Where the rule of this id stands in the list.
    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.by_id.keys().position(|known| *known == id)
    }

    /// The `reportingDescriptor` objects, in the order of their index.
    pub(super) fn objects(&self) -> Vec<Value> {
        self.by_id
            .iter()
            .map(|(id, weighed)| object(id, weighed))
            .collect()
    }
}

/// Code scanning shows the weight of the rule, never that of a result: the worst that it found this time
/// stands for it, and the check's own weight where it found nothing.
fn object(id: &str, weighed: &Weighed<'_>) -> Value {
    let own = weighed.rule.map_or(Severity::Medium, |rule| rule.severity);
    let severity = weighed.worst.unwrap_or(own);
    let title = weighed.rule.map(|rule| rule.title.as_str());
    let title = clean(title.or(weighed.title).unwrap_or(id));
    let mut tags = vec![json!("security")];
    let mut object = json!({
        "id": id,
        "shortDescription": { "text": title },
        "defaultConfiguration": { "level": level(severity) },
    });
    if let Some(rule) = weighed.rule {
        tags.push(json!(rule.family));
        tags.extend(rule.controls.iter().map(|control| json!(clean(control))));
        object["fullDescription"] = json!({ "text": clean(&rule.rationale) });
        object["help"] = help(rule);
    }
    object["properties"] = json!({
        "tags": tags,
        "precision": "very-high",
        "security-severity": number(severity),
    });
    object
}

fn help(rule: &Rule) -> Value {
    let (why, what) = (clean(&rule.rationale), clean(&rule.remediation));
    let mut text = format!("{why}\n\nFix: {what}");
    let mut markdown = format!("{}\n\n**What to do:** {}", escape(&why), escape(&what));
    if !rule.controls.is_empty() {
        let controls = clean(&rule.controls.join(", "));
        text.push_str(&format!("\n\nRelates to: {controls}"));
        markdown.push_str(&format!("\n\n**Relates to:** {}", escape(&controls)));
    }
    json!({ "text": text, "markdown": markdown })
}

/// SARIF's three words.
pub(crate) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A number that code scanning shows as the same word: above 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9
/// medium, below that low, which is its mildest.
const fn number(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}
