//! What could not be read: each hole once, with the questions it leaves open; what waits for one right together.

use crate::model::Prose;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::assessment::{Assessment, UnknownItem};
use crate::model::plural::count;
use crate::model::{GapId, GapKind, Grant};
use crate::report::view::findings::named;

/// One hole in the evidence.
#[derive(Debug, Default)]
pub(crate) struct Hole<'a> {
    /// The right that would close it.
    pub right: Option<&'a Grant>,
    /// Of a hole that waits for a right, that of the refused calls.
    pub kind: Option<GapKind>,
    /// What stood in its way first.
    pub root: Option<GapId>,
    /// One sentence; of a hole that waits for a right, one for each refused call.
    pub seen: Vec<&'a str>,
    pub remedies: BTreeSet<&'a str>,
    /// Questions that it answers for itself.
    pub questions: usize,
    /// Questions never asked because of it, besides those.
    pub behind: usize,
    /// Of the questions: those that the policy only reports.
    pub reported_only: usize,
    pub checks: BTreeSet<&'a str>,
    /// Names of the registrations it is about.
    pub registrations: BTreeSet<&'a str>,
    /// The questions one by one, as far as the assessment names them.
    pub unknowns: Vec<&'a UnknownItem>,
}

type Key<'a> = (Option<&'a Grant>, GapKind, &'a str, Option<&'a str>);

/// How many names are shown.
const NAMED: usize = 12;

impl<'a> Hole<'a> {
    /// All questions that it leaves open: each question of an assessment is in one hole.
    pub(crate) const fn open(&self) -> usize {
        self.questions + self.behind
    }

    /// `3 checks could not be made: access denied`, `3 checks need Reader on key vault kv-crm`.
    pub(crate) fn title(&self) -> String {
        let Some(right) = self.right else {
            let cause = self.kind.map_or("unknown", cause);
            return match self.questions {
                0 => format!("no check depends on it: {cause}"),
                number => format!("{} could not be made: {cause}", count(number, "check")),
            };
        };
        let open = match self.open() {
            0 => "optional:".to_owned(),
            1 => "1 check needs".to_owned(),
            number => format!("{number} checks need"),
        };
        format!("{open} {} on {}", right.role, right.scope)
    }

    /// Labelled lines. The list of missing rights says whom to give one and what that gains.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        let seen = self
            .seen
            .iter()
            .map(|seen| ("Evidence", (*seen).to_owned()));
        let mut facts: Vec<(&'static str, String)> = seen.collect();
        if self.right.is_none() {
            let remedies = self.remedies.iter();
            facts.extend(remedies.map(|remedy| ("Fix", (*remedy).to_owned())));
            let checks: Vec<&str> = self.checks.iter().copied().collect();
            facts.push(("Checks", checks.join(", ")));
        }
        let names: Vec<&str> = self.registrations.iter().copied().collect();
        let names = named(&names, NAMED, |name| (*name).to_owned());
        facts.push(("Affects", names));
        if self.behind > 0 {
            let checks = match self.right {
                Some(_) => format!("{} of them", self.behind),
                None => count(self.behind, "more check"),
            };
            facts.push(("Also", format!("{checks} skipped because of this")));
        }
        if self.reported_only > 0 {
            let reported = format!(
                "{} of them optional: the policy only reports them",
                self.reported_only
            );
            facts.push(("Note", reported));
        }
        facts.retain(|(_, text)| !text.is_empty());
        facts
    }

    /// Takes over the questions of another one.
    fn join(&mut self, other: Self) {
        self.reported_only += other.reported_only;
        self.registrations.extend(other.registrations);
        self.unknowns.extend(other.unknowns);
    }
}

/// Why something was not checked, in the words of a title.
const fn cause(kind: GapKind) -> &'static str {
    match kind {
        GapKind::Denied => "access denied",
        GapKind::NotLicensed => "no licence for it",
        GapKind::Throttled => "throttled",
        GapKind::Unreachable => "no connection",
        GapKind::Malformed => "unexpected answer",
        GapKind::TimedOut => "out of time",
        GapKind::Truncated => "incomplete list",
        GapKind::Cancelled => "cancelled",
        GapKind::NotReached => "an earlier step failed",
        GapKind::Unrecognised => "unknown status or code",
    }
}

/// First what waits for a right, the one that most checks need first; then the others, by kind.
pub(crate) fn holes(assessment: &Assessment) -> Vec<Hole<'_>> {
    let mut holes = collected(assessment);
    fold_shadows(&mut holes);
    let mut waiting: BTreeMap<&Grant, Vec<(GapKind, Hole<'_>)>> = BTreeMap::new();
    let mut others = Vec::new();
    for ((right, kind, ..), hole) in holes {
        match right {
            Some(right) => waiting.entry(right).or_default().push((kind, hole)),
            None => others.push(hole),
        }
    }
    let mut all: Vec<Hole<'_>> = waiting.into_values().map(together).collect();
    all.sort_by_key(|hole| std::cmp::Reverse(hole.open()));
    all.append(&mut others);
    all
}

/// What was seen, each once: of gaps, and of questions that no gap tells of.
fn collected(assessment: &Assessment) -> BTreeMap<Key<'_>, Hole<'_>> {
    let mut holes: BTreeMap<Key<'_>, Hole<'_>> = BTreeMap::new();
    for one in &assessment.unknowns {
        let (seen, remedy) = (one.seen.letters(), one.remedy.as_ref().map(Prose::letters));
        let hole = holes
            .entry((one.missing.as_ref(), one.kind, seen, remedy))
            .or_default();
        hole.questions += 1;
        hole.reported_only += usize::from(!one.counts);
        hole.checks.insert(&one.check);
        hole.registrations
            .extend(one.registrations.iter().map(String::as_str));
        hole.root = hole.root.or(one.root);
        hole.unknowns.push(one);
    }
    for gap in &assessment.gaps {
        let (seen, remedy) = (gap.seen.letters(), gap.remedy.as_ref().map(Prose::letters));
        let hole = holes
            .entry((gap.missing.as_ref(), gap.kind, seen, remedy))
            .or_default();
        hole.questions = hole.questions.max(gap.questions);
        hole.root = hole.root.or(gap.root);
        hole.checks.extend(gap.checks.iter().map(String::as_str));
        hole.registrations
            .extend(gap.registrations.iter().map(String::as_str));
    }
    for ((right, kind, seen, remedy), hole) in &mut holes {
        (hole.right, hole.kind) = (*right, Some(*kind));
        hole.seen.push(seen);
        hole.remedies.extend(*remedy);
    }
    holes
}

/// All that waits for one right. What was not reached only quotes the refusals: they are enough.
fn together(waiting: Vec<(GapKind, Hole<'_>)>) -> Hole<'_> {
    let (shadows, refused): (Vec<_>, Vec<_>) = waiting
        .into_iter()
        .partition(|(kind, _)| *kind == GapKind::NotReached);
    let mut all = Hole::default();
    let quoted = !refused.is_empty();
    for (kind, mut hole) in refused.into_iter().chain(shadows) {
        let shadow = quoted && kind == GapKind::NotReached;
        all.right = hole.right;
        all.kind = all.kind.or(Some(kind));
        if shadow {
            all.behind += hole.questions;
        } else {
            all.questions += hole.questions;
            all.seen.append(&mut hole.seen);
            all.remedies.append(&mut hole.remedies);
        }
        all.checks.append(&mut hole.checks);
        all.join(hole);
    }
    all.seen.sort_unstable();
    all
}

/// What was not reached names the hole in its way: where that one is told, it is enough.
fn fold_shadows(holes: &mut BTreeMap<Key<'_>, Hole<'_>>) {
    let roots: BTreeMap<GapId, Key<'_>> = holes
        .keys()
        .rev()
        .filter(|(right, kind, ..)| right.is_none() && *kind != GapKind::NotReached)
        .map(|key| (GapId::of(&key.2), *key))
        .collect();
    let shadows = holes
        .extract_if(.., |(right, kind, ..), hole| {
            right.is_none()
                && *kind == GapKind::NotReached
                && hole.root.is_some_and(|root| roots.contains_key(&root))
        })
        .collect::<Vec<_>>();
    for (_, shadow) in shadows {
        let root = shadow.root.and_then(|root| roots.get(&root));
        if let Some(hole) = root.and_then(|root| holes.get_mut(root)) {
            hole.behind += shadow.questions;
            hole.join(shadow);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn what_is_behind_a_hole_is_told_with_it_whatever_either_says() {
        let mut assessment = fixture::rich();
        let before = holes(&assessment).len();
        let mut root = assessment.gaps[0].clone();
        (root.kind, root.seen, root.missing) =
            (GapKind::Unreachable, "kv did not answer".into(), None);
        let mut behind = root.clone();
        (behind.kind, behind.seen, behind.questions) =
            (GapKind::NotReached, "nobody signed in".into(), 3);
        assessment.gaps.extend([root, behind]);
        assert_eq!(
            holes(&assessment).len(),
            before + 2,
            "nothing names another"
        );
        let named = Some(GapId::of(&"kv did not answer"));
        assessment.gaps.last_mut().expect("one").root = named;
        let all = holes(&assessment);
        assert_eq!(all.len(), before + 1);
        let hole = all.iter().find(|one| one.seen == ["kv did not answer"]);
        assert_eq!(hole.expect("the root").behind, 3);
    }

    #[test]
    fn what_waits_for_one_right_is_one_hole_in_every_format() {
        let mut assessment = fixture::rich();
        let grant = Grant {
            role: "Key Vault Secrets User".into(),
            scope: "key vault kv-crm-prod".into(),
            identity: "the auditor".into(),
            right: None,
            to: None,
        };
        let before = holes(&assessment).len();
        for (kind, seen) in [
            (GapKind::Denied, "the list of secrets answered 403"),
            (GapKind::Denied, "the secret raia answered 403"),
            (
                GapKind::NotReached,
                "never asked: the list of secrets answered 403",
            ),
        ] {
            let mut gap = assessment.gaps[0].clone();
            (gap.kind, gap.seen, gap.questions) = (kind, seen.into(), 2);
            gap.missing = Some(grant.clone());
            assessment.gaps.push(gap);
        }
        let all = holes(&assessment);
        assert_eq!(all.len(), before + 1);
        assert_eq!((all[0].open(), all[0].questions, all[0].behind), (6, 4, 2));
        assert_eq!(all[0].seen.len(), 2, "{:?}", all[0].seen);
        let number = all.len();
        let text = crate::report::text::plain(&assessment, 100);
        assert!(
            text.contains(&format!("NOT CHECKED {number} causes")),
            "{text}"
        );
        let page = crate::report::html(&assessment);
        assert!(page.contains(&format!("Not checked: {number} causes")));
        assert!(page.contains(&format!("Not checked <span class=\"n\">{number}</span>")));
    }
}
