//! What a policy says of each check. Ids and parameters are taken as they stand: `evaluate` knows them.

use std::collections::BTreeMap;

use crate::model::Tier;
use crate::policy::{CheckSettings, UnknownMode};
use crate::source::{Table, Value};

use super::params;

/// The keys that mean the same for every check; all others are the check's own parameters.
const COMMON: [&str; 4] = ["enabled", "severity", "unknown", "tiers"];

/// Reads `[checks]`.
pub(super) fn read_all(table: &Table<'_>) -> BTreeMap<String, CheckSettings> {
    table
        .entries()
        .iter()
        .filter_map(|value| Some((value.key().to_owned(), read(value)?)))
        .collect()
}

fn read(value: &Value<'_>) -> Option<CheckSettings> {
    let table = value.table(format!("check `{}`", value.key()))?;
    let mut settings = CheckSettings {
        enabled: table.get("enabled").and_then(|value| value.truth()),
        severity: table.get("severity").and_then(|value| value.word()),
        unknown: table.get("unknown").and_then(|value| unknown(&value)),
        tiers: table.get("tiers").and_then(|value| tiers(&value)),
        place: Some(value.sheet().place(value.key_span())),
        ..CheckSettings::default()
    };
    for param in table.entries() {
        if COMMON.contains(&param.key()) {
            continue;
        }
        params::places(&param, "", &mut settings.param_places);
        if let Some(json) = params::json(&param) {
            settings.params.insert(param.key().to_owned(), json);
        }
    }
    table.close_except(|_| true);
    Some(settings)
}

/// `incomplete`, `report` or `report-all`.
pub(super) fn unknown(value: &Value<'_>) -> Option<UnknownMode> {
    value.word()
}

fn tiers(value: &Value<'_>) -> Option<Vec<Tier>> {
    let members = value.list()?;
    if members.is_empty() {
        return value.reject(
            "`tiers` names no tier, so the check would never be asked",
            "empty",
            "name a tier, or write `enabled = false`",
        );
    }
    let mut tiers = Vec::new();
    for member in &members {
        let Some(tier) = member.word() else {
            continue;
        };
        if tiers.contains(&tier) {
            member.refuse(
                format!("`tiers` names `{tier}` twice"),
                "already in this list",
                "keep one",
            );
        }
        tiers.push(tier);
    }
    tiers.sort();
    Some(tiers)
}

/// One file's settings over those beneath.
pub(super) fn over(above: CheckSettings, beneath: CheckSettings) -> CheckSettings {
    let mut params = beneath.params;
    params::merge(&mut params, above.params);
    let mut param_places = beneath.param_places;
    param_places.extend(above.param_places);
    CheckSettings {
        enabled: above.enabled.or(beneath.enabled),
        severity: above.severity.or(beneath.severity),
        unknown: above.unknown.or(beneath.unknown),
        tiers: above.tiers.or(beneath.tiers),
        params,
        place: above.place.or(beneath.place),
        param_places,
    }
}
