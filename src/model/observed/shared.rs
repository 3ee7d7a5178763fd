//! Gaps of a stored snapshot: each distinct one once, in a table, and its number wherever it stands for a fact. A host
//! that is down is one cause, however many answers it kept from coming.
//!
//! The form of a gap hangs on where it is written, which serde does not hand down: the table of the snapshot that a
//! thread is at work on is kept beside it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Gap;
use super::kept_gap::KeptGap;

thread_local! {
    /// Of the snapshot that is being written or read here; none elsewhere, where a gap is written whole.
    static TABLE: RefCell<Option<Table>> = const { RefCell::new(None) };
}

#[derive(Debug, Default)]
struct Table {
    gaps: Vec<Gap>,
    numbers: BTreeMap<Gap, usize>,
}

/// Puts an outer table back, also where the work ends early.
struct Outer(Option<Table>);

impl Drop for Outer {
    fn drop(&mut self) {
        TABLE.replace(self.0.take());
    }
}

/// Writes or reads a snapshot, with its table begun.
pub(crate) fn sharing<R>(gaps: Vec<Gap>, work: impl FnOnce() -> R) -> R {
    let table = Table {
        gaps,
        numbers: BTreeMap::new(),
    };
    let _outer = Outer(TABLE.replace(Some(table)));
    work()
}

/// The number of a gap in the table that is being written.
fn number(gap: &Gap) -> Option<usize> {
    TABLE.with_borrow_mut(|table| {
        let table = table.as_mut()?;
        if let Some(number) = table.numbers.get(gap) {
            return Some(*number);
        }
        let number = table.gaps.len();
        table.gaps.push(gap.clone());
        table.numbers.insert(gap.clone(), number);
        Some(number)
    })
}

fn numbered(number: usize) -> Option<Gap> {
    TABLE.with_borrow(|table| table.as_ref()?.gaps.get(number).cloned())
}

/// A gap, or its number.
#[derive(Debug, schemars::JsonSchema)]
#[schemars(untagged, rename = "Gap")]
#[expect(dead_code, reason = "only its schema is used: what a gap is read from")]
enum Written {
    /// Its number in `gaps` of the snapshot, counted from 0.
    Number(usize),
    Whole(KeptGap),
}

/// Takes a number or a whole gap.
struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = Gap;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a gap, or the number of one")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Gap, E> {
        let gap = usize::try_from(number).ok().and_then(numbered);
        gap.ok_or_else(|| E::custom(format!("gap {number} is not among the file's `gaps`")))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Gap, A::Error> {
        KeptGap::deserialize(MapAccessDeserializer::new(map)).map(Gap::from)
    }
}

impl Serialize for Gap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match number(self) {
            Some(number) => serializer.serialize_u64(number as u64),
            None => KeptGap::from(self.clone()).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Gap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

impl schemars::JsonSchema for Gap {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Written::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}

/// The table at the end of a stored snapshot: written when all that refers to it is, read before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GapTable;

impl Serialize for GapTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let gaps = TABLE.with_borrow(|table| table.as_ref().map(|table| table.gaps.clone()));
        let whole = gaps.unwrap_or_default().into_iter().map(KeptGap::from);
        serializer.collect_seq(whole)
    }
}

impl<'de> Deserialize<'de> for GapTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl schemars::JsonSchema for GapTable {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Gaps".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<KeptGap>::json_schema(generator)
    }
}
