//! A line about where a client id is used, with the registrations that it speaks of besides that one's.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::Prose;

/// What one place says of a client id, or which list was not read. Kept as a string, and as an object where it
/// speaks of others. What was kept before it carried them is a string, too: of it nobody knows whom it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub said: Prose,
    /// Registrations (names) of other client ids that it speaks of, whether their names stand in it or not.
    pub others: BTreeSet<String>,
}

/// The form of a line that speaks of others.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct OfOthers {
    said: Prose,
    others: BTreeSet<String>,
}

impl From<Prose> for Line {
    fn from(said: Prose) -> Self {
        Self {
            said,
            others: BTreeSet::new(),
        }
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if self.others.is_empty() {
            return self.said.serialize(to);
        }
        let (said, others) = (self.said.clone(), self.others.clone());
        OfOthers { said, others }.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(EitherForm)
    }
}

/// Reads a string or an object.
struct EitherForm;

impl<'de> Visitor<'de> for EitherForm {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a line, or an object of `said` and `others`")
    }

    fn visit_str<E: Error>(self, said: &str) -> Result<Line, E> {
        Ok(Prose::from(said).into())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Line, A::Error> {
        let OfOthers { said, others } = OfOthers::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Line { said, others })
    }
}

/// Tests look for words, and make lines of them.
#[cfg(test)]
mod of_tests {
    use super::Line;

    impl std::ops::Deref for Line {
        type Target = str;

        fn deref(&self) -> &str {
            &self.said
        }
    }

    impl PartialEq<&str> for Line {
        fn eq(&self, other: &&str) -> bool {
            self.said == **other
        }
    }

    impl PartialEq<str> for Line {
        fn eq(&self, other: &str) -> bool {
            self.said == *other
        }
    }

    impl From<&str> for Line {
        fn from(said: &str) -> Self {
            crate::model::Prose::from(said).into()
        }
    }

    impl From<String> for Line {
        fn from(said: String) -> Self {
            said.as_str().into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_string_unless_it_speaks_of_others() {
        let plain = Line::from("F&O prod: client");
        let mut same = Line::from("the same value as another one's");
        same.others.insert("raia-dev".to_owned());
        for (line, kept) in [
            (plain, r#""F&O prod: client""#),
            (
                same,
                r#"{"said":"the same value as another one's","others":["raia-dev"]}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&line).unwrap(), kept);
            assert_eq!(serde_json::from_str::<Line>(kept).unwrap(), line);
        }
        let strange = serde_json::from_str::<Line>("7").unwrap_err().to_string();
        assert!(strange.contains("a line, or an object"), "{strange}");
    }
}
