//! The scenarios that are part of the binary: two told whole, and others that say only what differs from
//! the tidy one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Scenario, overlay};

/// Every defect that there is a check for.
const EVERYTHING: [&str; 2] = [
    concat!(
        include_str!("../scenarios/neglected.toml"),
        include_str!("../scenarios/neglected-credentials.toml"),
        include_str!("../scenarios/neglected-privileges.toml")
    ),
    concat!(
        include_str!("../scenarios/neglected.estate.toml"),
        include_str!("../scenarios/neglected-credentials.estate.toml"),
        include_str!("../scenarios/neglected-privileges.estate.toml")
    ),
];

const TIDY: [&str; 2] = [
    include_str!("../scenarios/tidy.toml"),
    include_str!("../scenarios/tidy.estate.toml"),
];

/// Name, and what is laid over the tidy tenant and over its estate.
const OVER_TIDY: [(&str, &str, &str); 6] = [
    ("broken", include_str!("../scenarios/broken.toml"), ""),
    ("contoso", include_str!("../scenarios/contoso.toml"), ""),
    (
        Scenario::EARLIER,
        include_str!("../scenarios/contoso-earlier.toml"),
        "",
    ),
    (
        "half-permitted",
        include_str!("../scenarios/half-permitted.toml"),
        include_str!("../scenarios/half-permitted.estate.toml"),
    ),
    (
        "overprivileged",
        include_str!("../scenarios/overprivileged.toml"),
        "",
    ),
    ("throttled", include_str!("../scenarios/throttled.toml"), ""),
];

/// Scenario and estate by name.
static TEXTS: LazyLock<BTreeMap<&'static str, [String; 2]>> = LazyLock::new(|| {
    let whole = [("everything", EVERYTHING), ("tidy", TIDY)];
    let mut texts: BTreeMap<_, _> = whole
        .into_iter()
        .map(|(name, both)| (name, both.map(str::to_owned)))
        .collect();
    for (name, changes, of_estate) in OVER_TIDY {
        // A test parses each of them, so a broken one never leaves the workshop.
        let estate = match of_estate {
            "" => Ok(TIDY[1].to_owned()),
            changes => overlay(TIDY[1], changes),
        };
        if let (Ok(text), Ok(estate)) = (overlay(TIDY[0], changes), estate) {
            texts.insert(name, [text, estate]);
        }
    }
    texts
});

impl Scenario {
    /// The names of the scenarios that are part of the binary, sorted.
    pub const BUILTIN: &[&str] = &[
        "broken",
        "contoso",
        "everything",
        "half-permitted",
        "overprivileged",
        "throttled",
        "tidy",
    ];

    /// What `contoso` was two weeks before: no scenario to choose, but one to compare it with.
    pub(crate) const EARLIER: &'static str = "contoso-earlier";

    /// Other names of them, and what each is another name of.
    pub const ALSO: &[(&str, &str)] = &[("neglected", "everything")];

    /// Every name that a scenario has.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let also = Self::ALSO.iter().map(|(name, _)| *name);
        Self::BUILTIN.iter().copied().chain(also)
    }

    fn both(name: &str) -> Option<&'static [String; 2]> {
        let also = Self::ALSO.iter().find(|(other, _)| *other == name);
        TEXTS.get(also.map_or(name, |(_, name)| name))
    }

    /// A scenario that is part of the binary.
    pub fn builtin(name: &str) -> Option<Self> {
        Self::parse(Self::text(name)?).ok()
    }

    /// The TOML text of a built-in scenario.
    pub fn text(name: &str) -> Option<&'static str> {
        Self::both(name).map(|[scenario, _]| scenario.as_str())
    }

    /// The estate file that goes with a built-in scenario.
    pub fn estate(name: &str) -> Option<&'static str> {
        Self::both(name).map(|[_, estate]| estate.as_str())
    }
}
