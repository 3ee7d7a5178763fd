//! Who is told of what, and how often; and which webhooks are told of every audit.

use crate::estate::{Routing, Webhook};
use crate::source::Value;

use super::declared::Declared;
use super::{secret_ref, text};

/// The longest notice there is: two years.
const LONGEST: i64 = 730;

pub(super) fn read(value: &Value<'_>) -> Option<Routing> {
    let table = value.table("[routing]")?;
    let fallback = table.maybe("fallback", text::address);
    let days = table.maybe("days", days);
    let cadence = table.maybe("cadence", |value| value.word());
    let escalate = table.maybe("escalate-after-days", |value| {
        value.whole(&(0..=LONGEST)).and_then(small)
    });
    let alive = table.maybe("alive", Value::truth);
    table.close();
    let usual = Routing::default();
    Some(Routing {
        fallback: fallback?,
        days: days?.unwrap_or(usual.days),
        cadence: cadence?,
        escalate_after_days: escalate?.unwrap_or(usual.escalate_after_days),
        alive: alive?.unwrap_or(usual.alive),
    })
}

fn small(number: i64) -> Option<u32> {
    u32::try_from(number).ok()
}

/// Days before an end, the longest notice first.
fn days(value: &Value<'_>) -> Option<Vec<u32>> {
    let members = value.list()?;
    if members.is_empty() {
        return value.reject(
            "`days` names no day",
            "empty",
            "write days = [60, 30, 14, 7, 1, 0], or leave it out",
        );
    }
    let read: Vec<Option<u32>> = members
        .iter()
        .map(|member| member.whole(&(0..=LONGEST)).and_then(small))
        .collect();
    let mut days = read.into_iter().collect::<Option<Vec<u32>>>()?;
    days.sort_unstable_by(|left, right| right.cmp(left));
    days.dedup();
    Some(days)
}

pub(super) fn webhooks(value: &Value<'_>, declared: &Declared<'_>) -> Option<Vec<Webhook>> {
    value.tables("this webhook", |table| {
        let kind = table.needed(
            "kind",
            "write kind = \"teams\", \"slack\" or \"json\"",
            Value::word,
        );
        let url = table.needed(
            "url",
            "write url = { env = \"NAME\" } or { secret = \"vault/name\" }",
            |value| secret_ref::address(value, declared),
        );
        let always = table.maybe("always", Value::truth);
        table.close();
        Some(Webhook {
            kind: kind?,
            url: url?,
            always: always?.unwrap_or_default(),
        })
    })
}
