//! One policy file by itself, and laying it over the one it extends.

use std::collections::BTreeMap;

use crate::model::{IsolationProbe, Severity};
use crate::policy::{CheckSettings, UnknownMode, Waiver};
use crate::source::Table;

use super::{check, waiver};

/// What one file says; what it leaves out comes from beneath.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub fail_on: Option<Severity>,
    pub unknown: Option<UnknownMode>,
    pub probe: Option<IsolationProbe>,
    pub checks: BTreeMap<String, CheckSettings>,
    pub waivers: Vec<Waiver>,
}

impl Layer {
    /// This layer over `base`.
    pub(super) fn over(self, base: Self) -> Self {
        let mut checks = base.checks;
        for (id, settings) in self.checks {
            let beneath = checks.remove(&id).unwrap_or_default();
            checks.insert(id, check::over(settings, beneath));
        }
        let mut waivers: Vec<Waiver> = base
            .waivers
            .into_iter()
            .filter(|beneath| {
                !self
                    .waivers
                    .iter()
                    .any(|waiver| waiver::same(waiver, beneath))
            })
            .chain(self.waivers.iter().cloned())
            .collect();
        waivers.sort_by(|left, right| {
            (&left.check, &left.resource).cmp(&(&right.check, &right.resource))
        });
        Self {
            fail_on: self.fail_on.or(base.fail_on),
            unknown: self.unknown.or(base.unknown),
            probe: self.probe.or(base.probe),
            checks,
            waivers,
        }
    }

    /// The files of the binary are nowhere a reader could correct them.
    pub(super) fn without_places(mut self) -> Self {
        for settings in self.checks.values_mut() {
            settings.place = None;
            settings.param_places.clear();
        }
        for waiver in &mut self.waivers {
            waiver.place = None;
        }
        self
    }
}

/// Reads everything but `extends`, which the caller has asked for.
pub(super) fn read(root: Table<'_>) -> Layer {
    let root = root.called("the policy");
    root.version_1();
    let fail_on = root.get("fail-on").and_then(|value| value.word());
    let mode = root.get("unknown").and_then(|value| check::unknown(&value));
    let probe = root.get("isolation").and_then(|value| {
        let table = value.table("[isolation]")?;
        let probe = table.get("probe").and_then(|value| value.word());
        table.close();
        probe
    });
    let checks = root
        .get("checks")
        .and_then(|value| value.table("[checks]"))
        .map(|table| check::read_all(&table))
        .unwrap_or_default();
    let waivers = root
        .get("waivers")
        .map(|value| waiver::read_all(&value))
        .unwrap_or_default();
    root.close();
    Layer {
        fail_on,
        unknown: mode,
        probe,
        checks,
        waivers,
    }
}
