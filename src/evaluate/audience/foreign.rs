//! What belongs to registrations that somebody else answers for, and taking it out of a part.
//!
//! Names decide: whose a finding is, whom it hits, and which others a line or a step speaks of are fields. Words are
//! searched only behind that, as a guard: what was kept before lines carried names says nothing of whom it speaks,
//! and a line may quote what somebody else wrote (a display name, a role, a service's answer).

use crate::model::Prose;
use crate::model::Resource;
use crate::model::plural::count;
use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::hits::hits;
use crate::model::assessment::{Assessment, Finding, Line, Link, RegistrationView, Rule, Step};

/// Stands where a line told of somebody else's.
pub(super) const LEFT_OUT: &str = "something of another registration, left out here";

/// Names, client ids, addresses and vault entries by which texts speak of registrations.
pub(crate) struct Foreign<'a> {
    kept: &'a BTreeSet<String>,
    /// By their first two characters, the longest first; true for what is not the recipient's.
    words: BTreeMap<String, Vec<(String, bool)>>,
    /// Whom a defect of each of them hits, by name.
    own_hits: BTreeMap<&'a str, &'a Prose>,
}

impl<'a> Foreign<'a> {
    pub(super) fn of(whole: &'a Assessment, kept: &'a BTreeSet<String>) -> Self {
        let (own, others): (Vec<_>, Vec<_>) = whole
            .registrations
            .iter()
            .partition(|view| kept.contains(&view.name));
        let mine: BTreeSet<String> = own.iter().flat_map(|view| names_of(view)).collect();
        let theirs: BTreeSet<String> = others.iter().flat_map(|view| names_of(view)).collect();
        let mut words: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
        let all = mine.iter().map(|word| (word, false));
        let all = all.chain(theirs.difference(&mine).map(|word| (word, true)));
        for (word, foreign) in all.filter(|(word, _)| word.chars().count() > 1) {
            let start: String = word.chars().take(2).collect();
            words
                .entry(start)
                .or_default()
                .push((word.clone(), foreign));
        }
        for same in words.values_mut() {
            same.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
        let hits = own.iter().filter(|view| !view.hits.is_empty());
        let own_hits = hits.map(|view| (view.name.as_str(), &view.hits)).collect();
        Self {
            kept,
            own_hits,
            words,
        }
    }

    /// Whether one of these registrations is somebody else's.
    fn has_others(&self, named: &BTreeSet<String>) -> bool {
        !named.is_subset(self.kept)
    }

    /// Whether a line is about somebody else's: by whom it speaks of, and behind that by its words.
    fn is_of_others(&self, line: &Line) -> bool {
        self.has_others(&line.others) || self.speaks(line.said.letters())
    }

    /// The lines, each that is about somebody else's replaced.
    fn lines<'l>(&self, lines: impl IntoIterator<Item = &'l mut Line>) {
        for line in lines {
            if self.is_of_others(line) {
                *line = Prose::from(LEFT_OUT).into();
            }
        }
    }

    /// The guard: whether a text has the name of somebody else's in it. At each place the longest name that fits is the one meant.
    pub(super) fn speaks(&self, text: &str) -> bool {
        let part_of_a_word = |letter: char| letter.is_alphanumeric() || "-_".contains(letter);
        let mut behind = 0;
        let mut before = ' ';
        for (at, letter) in text.char_indices() {
            let begins = at >= behind && !part_of_a_word(before);
            before = letter;
            if !begins {
                continue;
            }
            let start: String = text[at..].chars().take(2).collect();
            let fits = self
                .words
                .get(&start)
                .into_iter()
                .flatten()
                .find(|(word, _)| {
                    text[at..]
                        .strip_prefix(word.as_str())
                        .is_some_and(|rest| !rest.starts_with(part_of_a_word))
                });
            match fits {
                Some((_, true)) => return true,
                Some((word, false)) => behind = at + word.len(),
                None => {}
            }
        }
        false
    }

    /// A text, or what stands in its place; whether it was replaced.
    pub(super) fn told(&self, text: &mut Prose, instead: &str) -> bool {
        let speaks = self.speaks(text.letters());
        if speaks {
            *text = instead.into();
        }
        speaks
    }

    /// Everything but what speaks of others.
    pub(super) fn steps(&self, steps: &mut Vec<Step>) {
        steps.retain(|step| {
            let mut lines = step.run.iter().chain(&step.powershell);
            !self.has_others(&step.others)
                && !self.speaks(step.say.letters())
                && !lines.any(|line| self.speaks(line))
        });
    }

    /// A kept registration's own texts.
    pub(super) fn view(&self, view: &mut RegistrationView) {
        let places = &mut view.whereabouts;
        self.lines(places.lines.iter_mut().chain(&mut places.unread));
        self.told(&mut view.rotation.why, LEFT_OUT);
        self.steps(&mut view.rotation.steps);
    }

    /// A finding about at least one kept registration: what it says of the others goes. Its fingerprint stays
    /// that of the whole report.
    pub(super) fn finding(
        &self,
        finding: &mut Finding,
        rule: Option<&Rule>,
        has: &dyn Fn(&Resource) -> bool,
    ) {
        let about = finding.registrations.len();
        finding
            .registrations
            .retain(|name| self.kept.contains(name));
        let others = about - finding.registrations.len();
        if self.speaks(finding.resource.path()) {
            let (kind, _) = finding.resource.kind();
            let number = finding.fingerprint.get(..8).unwrap_or_default();
            finding.resource = Resource::parse(&format!("{kind}/of-others-{number}"));
        }
        // The title may be about all of them: then the check's own stands in its place.
        let titles = [&finding.title, &finding.what];
        if others > 0 || titles.iter().any(|title| self.speaks(title.letters())) {
            let of_the_check = rule.map_or(finding.check.as_str(), |rule| &rule.title);
            finding.title = of_the_check.into();
            finding.what = Prose::default();
        }
        let title = finding.title.ended();
        self.told(&mut finding.seen, title.letters());
        if others > 0 {
            let hit = |name: &str| self.own_hits.get(name).map(ToString::to_string);
            finding.hits = hits(&finding.registrations, hit);
            let more = count(others, "more registration");
            let seen = finding.seen.ended();
            finding.seen = seen.and(format_args!(
                " It is about {more} of others, left out here."
            ));
            // The next steps are those of one registration's credential.
            finding.steps.clear();
            finding.commands.clear();
            finding.links.clear();
            finding.used.retain(|line| !self.is_of_others(line));
        }
        self.lines(&mut finding.used);
        let advice = rule.map_or(
            "Ask whoever runs the audit: the full report says what to do.",
            |rule| &rule.remediation,
        );
        self.told(&mut finding.remedy, advice);
        self.steps(&mut finding.steps);
        let about_others = |link: &Link| self.speaks(&link.say) || self.speaks(&link.url);
        finding.links.retain(|link| !about_others(link));
        self.steps(&mut finding.commands);
        finding.consequences.retain(|inside| {
            let place = &inside.resource;
            has(place) || !(place.registration_name().is_some() || self.speaks(place.path()))
        });
        for inside in &mut finding.consequences {
            self.told(&mut inside.seen, LEFT_OUT);
        }
    }
}

/// By what a text can mean a registration.
fn names_of(view: &RegistrationView) -> Vec<String> {
    // `vault-entry/crm-prod/raia-secret`, `crm-prod/raia-secret` and `raia-secret`.
    let entries = view.whereabouts.entries.iter().flat_map(|entry| {
        let (vault, name) = entry.vault_entry_name().unwrap_or_default();
        [
            entry.to_string(),
            format!("{vault}/{name}"),
            name.to_owned(),
        ]
    });
    let addresses = view.route.to.iter().cloned();
    std::iter::once(view.name.clone())
        .chain(view.client_id.clone())
        .chain(view.credentials.iter().map(|one| one.key_id.clone()))
        .chain(entries)
        .chain(addresses)
        .collect()
}
