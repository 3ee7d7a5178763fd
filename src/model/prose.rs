//! Words for people: they are made, carried and shown, and nothing decides by them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A sentence or a few words that somebody reads. It can be shown and compared with another one, and that is all:
/// what a later room has to know of it is a field beside it. Copies share their letters.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prose(Arc<str>);

impl Prose {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The letters, for whoever lays them out (cleans, breaks into lines, escapes), for whoever takes out of them
    /// what another owner must not see, and for the converters of what 0.1.0 kept in words alone. A test holds
    /// who calls this.
    pub fn letters(&self) -> &str {
        &self.0
    }

    /// The same with more behind it.
    pub fn and(&self, more: impl fmt::Display) -> Self {
        Self::from(format_args!("{self}{more}"))
    }

    /// The same behind whom it is about: `raia can read invoice`; half a sentence that begins with a colon joins it.
    pub fn behind(&self, who: impl fmt::Display) -> Self {
        let space = if self.0.starts_with(':') { "" } else { " " };
        Self::from(format_args!("{who}{space}{self}"))
    }

    /// The same inside another sentence: with a small letter.
    pub fn within(&self, before: &str) -> Self {
        let mut letters = self.0.chars();
        let first = letters.next().map(|first| first.to_ascii_lowercase());
        let lowered = first.into_iter().chain(letters);
        before.chars().chain(lowered).collect::<String>().into()
    }

    /// With a capital letter, unless the first word has letters of its own.
    pub fn raised(&self) -> Self {
        super::plural::raised(&self.0).into()
    }

    /// With a full stop behind it, and not two.
    pub fn ended(&self) -> Self {
        format!("{}.", self.0.trim_end_matches('.')).into()
    }

    /// As a sentence: with a capital letter and an end.
    pub fn sentence(&self) -> Self {
        let mut sentence = super::plural::raised(&self.0);
        if !sentence.ends_with(['.', '!', '?']) {
            sentence.push('.');
        }
        sentence.into()
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl From<String> for Prose {
    fn from(words: String) -> Self {
        Self(words.into())
    }
}

impl From<&str> for Prose {
    fn from(words: &str) -> Self {
        Self(words.into())
    }
}

impl From<&String> for Prose {
    fn from(words: &String) -> Self {
        words.as_str().into()
    }
}

impl From<Cow<'_, str>> for Prose {
    fn from(words: Cow<'_, str>) -> Self {
        Self(words.into())
    }
}

impl From<fmt::Arguments<'_>> for Prose {
    fn from(words: fmt::Arguments<'_>) -> Self {
        words.to_string().into()
    }
}

impl Serialize for Prose {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Prose {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(String::deserialize(from)?.into())
    }
}

impl schemars::JsonSchema for Prose {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

/// Tests look for words; the product is built without this, so that it cannot.
#[cfg(test)]
mod of_tests {
    use super::Prose;

    impl std::ops::Deref for Prose {
        type Target = str;

        fn deref(&self) -> &str {
            &self.0
        }
    }

    impl PartialEq<str> for Prose {
        fn eq(&self, other: &str) -> bool {
            *self.0 == *other
        }
    }

    impl PartialEq<&str> for Prose {
        fn eq(&self, other: &&str) -> bool {
            *self.0 == **other
        }
    }

    impl PartialEq<String> for Prose {
        fn eq(&self, other: &String) -> bool {
            *self.0 == **other
        }
    }

    impl PartialEq<Prose> for String {
        fn eq(&self, other: &Prose) -> bool {
            **self == *other.0
        }
    }

    impl PartialEq<Prose> for &str {
        fn eq(&self, other: &Prose) -> bool {
            **self == *other.0
        }
    }

    #[test]
    fn prose_is_kept_as_its_words_and_becomes_a_sentence() {
        let words = Prose::from("no answer");
        let kept = serde_json::to_string(&words).unwrap();
        assert_eq!(kept, "\"no answer\"");
        assert_eq!(serde_json::from_str::<Prose>(&kept).unwrap(), words);
        assert_eq!(words.sentence().to_string(), "No answer.");
        assert_eq!(
            words.and(", twice").sentence().to_string(),
            "No answer, twice."
        );
        assert_eq!(words.ended(), Prose::from("no answer..").ended());
        assert_eq!(words.within("Else: ").to_string(), "Else: no answer");
        assert_eq!(words.behind("raia").to_string(), "raia no answer");
        assert_eq!(
            Prose::from(": late").behind("raia").to_string(),
            "raia: late"
        );
        assert_eq!(
            Prose::from("kv says why?").sentence().to_string(),
            "Kv says why?"
        );
        assert_eq!(format!("{words:>10}|"), " no answer|");
        assert!(Prose::default().is_empty() && !words.is_empty());
    }
}
