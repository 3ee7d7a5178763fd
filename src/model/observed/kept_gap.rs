//! Gaps as they were kept: 0.1.0 wrote in words alone why nothing was asked, and which gap was in the way.

use crate::model::Prose;
use serde::{Deserialize, Serialize};

use super::{Gap, GapId, GapKind, Unasked};
use crate::model::grant::Grant;

/// A gap of a snapshot or an assessment as it is written, by this version or an earlier one.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct KeptGap {
    kind: GapKind,
    /// One sentence without a full stop: what was seen, e.g.
    /// `Key Vault kv-contoso answered 403 ForbiddenByRbac to a read of secret raia`.
    seen: Prose,
    /// What to do about it, e.g. `grant Key Vault Secrets User on kv-contoso to …`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remedy: Option<Prose>,
    /// The right that would fill it, where one would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missing: Option<Box<Grant>>,
    /// Set where nobody meant to ask: then it is not a gap in what the run should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unasked: Option<Unasked>,
    /// Whether what was seen may be the audit's own doing: no right and no other run would show it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    own_trace: bool,
    /// The gap that stood in the way first, where this was never asked because of another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root: Option<GapId>,
}

/// How 0.1.0 said that something was never asked: how it begins, and what stands before the gap in the way.
const BEHIND: [(&str, &str); 6] = [
    ("the client id is not known: ", ""),
    ("no token was given: ", ""),
    ("not probed: ", ""),
    ("the vault entry ", " could not be read: "),
    ("the password in the vault entry ", " could not be read: "),
    (
        "",
        " and the service document does not show that the client is accepted: ",
    ),
];

/// The gap that stood in the way first, by the words of what was never asked. Whatever is written since carries
/// it as a field, but for the report for programs, whose form is older than the field.
pub(in crate::model) fn root_in_words(kind: GapKind, seen: &str) -> Option<GapId> {
    let behind = |words: &'_ str| {
        BEHIND.iter().find_map(|(start, end)| {
            let rest = words.strip_prefix(start)?;
            rest.split_once(end).map(|(_, root)| root.len())
        })
    };
    let mut root = seen;
    while let Some(length) = behind(root) {
        root = &root[root.len() - length..];
    }
    (kind == GapKind::NotReached && root != seen).then(|| GapId::of(&root))
}

impl KeptGap {
    /// What the words of 0.1.0 mean. Whatever is written since carries it as a field.
    fn unasked_in_words(&self) -> Option<Unasked> {
        let never = self
            .seen
            .letters()
            .contains("prove = \"never\" in the estate");
        (self.kind == GapKind::NotReached && never).then_some(Unasked::NotTried)
    }
}

impl From<Gap> for KeptGap {
    fn from(gap: Gap) -> Self {
        Self {
            kind: gap.kind,
            seen: gap.seen,
            remedy: gap.remedy,
            missing: gap.missing,
            unasked: gap.unasked,
            own_trace: gap.own_trace,
            root: gap.root,
        }
    }
}

impl From<KeptGap> for Gap {
    fn from(kept: KeptGap) -> Self {
        Self {
            unasked: kept.unasked.or_else(|| kept.unasked_in_words()),
            root: kept
                .root
                .or_else(|| root_in_words(kept.kind, kept.seen.letters())),
            kind: kept.kind,
            seen: kept.seen,
            remedy: kept.remedy,
            missing: kept.missing,
            own_trace: kept.own_trace,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_before_mean_what_the_field_says_now() {
        let read = |kind: &str, seen: &str| {
            let kept = serde_json::json!({ "kind": kind, "seen": seen });
            serde_json::from_value::<Gap>(kept).unwrap().unasked
        };
        let never = "prove = \"never\" in the estate";
        let behind = format!("no token was given: {never}");
        assert_eq!(read("not-reached", never), Some(Unasked::NotTried));
        assert_eq!(read("not-reached", &behind), Some(Unasked::NotTried));
        assert_eq!(read("denied", never), None);
        assert_eq!(read("not-reached", "no token was given: 500"), None);
        assert_eq!(read("not-reached", "the client id is not known"), None);
    }

    #[test]
    fn what_was_in_the_way_is_found_by_the_words_of_before() {
        let refused = Gap::new(GapKind::Unreachable, "kv: no answer");
        let unread = refused.behind("the vault entry crm/raia could not be read");
        let unknown = unread.behind("the client id is not known");
        let nothing = unknown.behind("no token was given");
        assert_eq!(nothing.root, Some(GapId::of(&"kv: no answer")));
        for gap in [unread, unknown, nothing] {
            let mut kept = serde_json::to_value(&gap).unwrap();
            kept.as_object_mut().unwrap().remove("root");
            assert_eq!(serde_json::from_value::<Gap>(kept).unwrap(), gap);
        }
        let disabled = Gap::new(GapKind::NotReached, "the vault entry is disabled");
        assert_eq!(disabled.behind("no token was given").root, None);
        for words in ["not asked", "the vault entry is disabled"] {
            assert_eq!(root_in_words(GapKind::NotReached, words), None, "{words}");
        }
        assert_eq!(root_in_words(GapKind::Denied, "not probed: 403"), None);
    }

    #[test]
    fn what_is_written_now_is_read_as_it_was() {
        for unasked in [
            None,
            Some(Unasked::NothingStored),
            Some(Unasked::NotTried),
            Some(Unasked::NoToken),
        ] {
            let gap = Gap {
                unasked,
                ..Gap::new(GapKind::NotReached, "left alone").with_remedy("none")
            };
            let text = serde_json::to_string(&gap).unwrap();
            assert_eq!(serde_json::from_str::<Gap>(&text).unwrap(), gap);
        }
    }
}
