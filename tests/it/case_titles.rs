//! Titles, advice and commands of findings are about the case: whose, where, when, and nothing left to fill in.

use std::collections::BTreeSet;

use credaudit::inside::{CHECKS, Finding};

use crate::tenant::Tenant;

/// What no reader should find in a text that is about one case.
const PLACEHOLDERS: [&str; 16] = [
    "CLIENT-ID",
    "ENVIRONMENT-URL",
    "FINOPS-URL",
    "ENTRY-NAME",
    "ENTRY",
    "KEY-ID",
    "TENANT-ID",
    "OWNER-OBJECT-ID",
    "VAULT",
    "ROLE",
    "NEW-ROLE",
    "DATE",
    "NAME",
    "ADDRESS",
    "VERSION",
    "undefined",
];

/// What is wrong with the words of a finding; nothing where they are about the case.
pub(crate) fn faults(finding: &Finding) -> Vec<String> {
    let mut faults = Vec::new();
    let check = CHECKS.iter().find(|check| check.meta.id == finding.check);
    let check = check.expect("a check");
    let title = finding.title.letters();
    if finding.what.is_empty() || title == check.meta.title {
        faults.push("the title is the check's".to_owned());
    }
    if title.chars().count() > 110 || title.contains('\n') {
        faults.push("the title is no line".to_owned());
    }
    if !names_it(finding) {
        faults.push("the title names nobody".to_owned());
    }
    let sentences = [
        &finding.title,
        &finding.what,
        &finding.remedy,
        &finding.seen,
    ];
    let steps = finding.commands.iter().chain(&finding.steps);
    let said = steps.clone().map(|step| &step.say);
    let sentences = sentences.into_iter().chain(said);
    let sentences = sentences.map(|one| (one.letters(), true));
    let lines = steps.flat_map(|step| step.run.iter().chain(&step.powershell));
    let urls = finding.links.iter().map(|link| &link.url);
    let lines = lines.chain(urls).map(|one| (one.as_str(), false));
    for (text, is_sentence) in sentences.chain(lines) {
        let left = left_open(text, is_sentence);
        faults.extend(left.map(|word| format!("{word} is left open in: {text}")));
    }
    faults
        .into_iter()
        .map(|fault| format!("{}: {fault}: {title}", finding.check))
        .collect()
}

/// Whether the title says whom or what it is about: a registration, a part of the resource's name, or what an
/// application that the estate does not list is called in its tenant.
fn names_it(finding: &Finding) -> bool {
    let title = finding.title.letters();
    let resource = finding.resource.to_string();
    let mut pieces = resource.split('/').skip(1);
    let named = finding
        .registrations
        .iter()
        .any(|name| title.contains(name));
    let who = title.strip_suffix(finding.what.letters());
    let is_called = who.is_some_and(|who| !who.trim().is_empty());
    let is_unlisted = finding.registrations.is_empty() && is_called;
    named || is_unlisted || pieces.any(|piece| !piece.is_empty() && title.contains(piece))
}

/// A placeholder, or a `{name}` that nobody filled in. A shell's own braces hold more than a name, and the line of
/// a secret has a word in capitals for the key id that only Entra knows then.
fn left_open(text: &str, is_sentence: bool) -> Option<String> {
    let word = |one: char| one.is_ascii_alphanumeric() || one == '_';
    let braced = text.split('{').skip(1).find_map(|rest| {
        let (name, _) = rest.split_once('}')?;
        name.chars().all(word).then(|| format!("{{{name}}}"))
    });
    let joins = |one: char| !(one.is_alphanumeric() || "-_$".contains(one));
    // Variables of a line are words in capitals, too.
    let own = |one: &&str| is_sentence || !matches!(*one, "ROLE" | "ENTRY" | "NAME");
    let mut words = text.split(joins).filter(own);
    braced.or_else(|| {
        let found = words.find(|word| PLACEHOLDERS.contains(word))?;
        Some(found.to_owned())
    })
}

/// Every built-in tenant that has findings.
const SCENARIOS: [&str; 4] = ["neglected", "overprivileged", "broken", "half-permitted"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_finding_of_every_scenario_is_about_its_case() {
    let (mut wrong, mut families) = (BTreeSet::new(), BTreeSet::new());
    for scenario in SCENARIOS {
        let audited = Box::pin(Tenant::named(scenario).audit()).await;
        let waived = audited.assessment.waived.iter();
        let waived = waived.map(|waived| &waived.finding);
        for finding in audited.assessment.findings.iter().chain(waived) {
            wrong.extend(faults(finding));
            families.insert(finding.family.as_str());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(families.len(), 5, "{families:?}");
}

/// One cause is one entry, with the names of all that it affects.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_cause_is_an_entry_twice() {
    for scenario in SCENARIOS {
        let audited = Box::pin(Tenant::named(scenario).audit()).await;
        let mut entries = BTreeSet::new();
        for finding in &audited.assessment.findings {
            let entry = (&finding.check, &finding.title, &finding.seen);
            assert!(entries.insert(entry), "{scenario}: {entry:?} stands twice");
        }
        let mut causes = BTreeSet::new();
        for gap in &audited.assessment.gaps {
            let cause = (&gap.seen, &gap.remedy, &gap.missing);
            assert!(causes.insert(cause), "{scenario}: {cause:?} stands twice");
        }
    }
}
