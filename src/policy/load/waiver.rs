//! Waivers: what is accepted, why, by whom, and until when. All five keys are required.

use crate::model::Resource;
use crate::policy::Waiver;
use crate::source::{Place, Table, Value};

/// Reads `[[waivers]]`.
pub(super) fn read_all(value: &Value<'_>) -> Vec<Waiver> {
    let mut all: Vec<Waiver> = Vec::new();
    for member in value.list().unwrap_or_default() {
        let Some(table) = member.table("this waiver") else {
            continue;
        };
        let span = table.span();
        let Some(waiver) = read(table) else {
            continue;
        };
        if let Some(first) = all.iter().find(|other| same(other, &waiver)) {
            let line = first.place.as_ref().map_or(0, Place::line);
            member.sheet().report(
                span,
                format!(
                    "`{}` is waived twice for `{}`",
                    waiver.check, waiver.resource
                ),
                &format!("first waived on line {line}"),
                "keep one",
            );
        }
        all.push(waiver);
    }
    all
}

/// Whether two waivers accept the same finding.
pub(super) fn same(left: &Waiver, right: &Waiver) -> bool {
    left.check == right.check && left.resource == right.resource
}

fn read(table: Table<'_>) -> Option<Waiver> {
    let place = table.sheet().place(table.span());
    let text = |key, help| table.needed(key, help, Value::kept);
    let check = text("check", "the id of the check, as the report prints it");
    let resource = text(
        "resource",
        "the finding's resource, as the report prints it",
    );
    let reason = text(
        "reason",
        "why this is acceptable, for whoever reads it next year",
    );
    let owner = text("owner", "who answers for it");
    let expires = table.needed(
        "expires",
        "the last day it counts, such as 2027-06-30",
        Value::date,
    );
    table.close();
    Some(Waiver {
        check: check?,
        resource: Resource::parse(&resource?),
        reason: reason?,
        owner: owner?,
        expires: expires?,
        place: Some(place),
    })
}
