//! Gaps as they were kept: 0.1.0 wrote in words alone why nothing was asked.

use serde::Deserialize;

use super::{Gap, GapKind, Unasked};
use crate::model::grant::Grant;

/// A gap of a snapshot or an assessment, of this version or an earlier one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct KeptGap {
    kind: GapKind,
    seen: String,
    #[serde(default)]
    remedy: Option<String>,
    #[serde(default)]
    missing: Option<Box<Grant>>,
    #[serde(default)]
    unasked: Option<Unasked>,
    #[serde(default)]
    own_trace: bool,
}

impl KeptGap {
    /// What the words of 0.1.0 mean. Whatever is written since carries it as a field.
    fn unasked_in_words(&self) -> Option<Unasked> {
        let never = self.seen.contains("prove = \"never\" in the estate");
        (self.kind == GapKind::NotReached && never).then_some(Unasked::NotTried)
    }
}

impl From<KeptGap> for Gap {
    fn from(kept: KeptGap) -> Self {
        Self {
            unasked: kept.unasked.or_else(|| kept.unasked_in_words()),
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
