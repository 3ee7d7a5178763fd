//! How close to production an environment is.

use crate::model::word::words;

words! {
    /// How close to production an environment is.
    pub enum Tier {
        Production = "production",
        Test = "test",
        Development = "development",
    }
}
