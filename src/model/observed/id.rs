//! Naming a gap, so that what hangs on it can point to it.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// Names a gap by what was seen: the same in every run that sees the same. Written as 16 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GapId([u8; 8]);

impl GapId {
    /// Of the gap that says this.
    pub fn of(seen: &impl ToString) -> Self {
        let mut id = [0; 8];
        let digest = Sha256::digest(seen.to_string());
        for (to, from) in id.iter_mut().zip(digest) {
            *to = from;
        }
        Self(id)
    }
}

impl Serialize for GapId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for GapId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(from)?;
        let mut id = [0; 8];
        hex::decode_to_slice(&digits, &mut id).map_err(serde::de::Error::custom)?;
        Ok(Self(id))
    }
}

impl schemars::JsonSchema for GapId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "GapId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9a-f]{16}$" })
    }
}
