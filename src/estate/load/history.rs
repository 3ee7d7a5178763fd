//! Whether, where and how long runs are kept.

use crate::estate::History;
use crate::source::Value;

use super::text;

/// A hundred years: longer is a slip of the hand.
const LONGEST: i64 = 36_500;

pub(super) fn read(value: &Value<'_>) -> Option<History> {
    let table = value.table("[history]")?;
    let usual = History::default();
    let enabled = table.maybe("enabled", Value::truth);
    let path = table.maybe("path", path);
    let keep_days = table.maybe("keep-days", |value| {
        let days = value.whole(&(1..=LONGEST))?;
        u16::try_from(days).ok()
    });
    let name = table.maybe("name", |value| text::name(value).map(str::to_owned));
    table.close();
    Some(History {
        enabled: enabled?.unwrap_or(usual.enabled),
        path: path?,
        keep_days: keep_days?.unwrap_or(usual.keep_days),
        name: name?,
    })
}

fn path(value: &Value<'_>) -> Option<String> {
    let text = value.filled()?;
    let (message, label, help) = if text.contains("://") {
        (
            "`path` is an address, and should be a file",
            "a file on this machine",
            "a history on a server is not built yet; write the path of a file",
        )
    } else if text.starts_with('~') || text.contains("${") || text.starts_with('$') {
        (
            "`path` holds something that only a shell replaces",
            "taken literally",
            "write it out, or relative to the folder of this file",
        )
    } else if text.ends_with(['/', '\\']) {
        (
            "`path` is a folder, and should be a file",
            "which file in it?",
            "add the file's name: history.db",
        )
    } else {
        return Some(text.to_owned());
    };
    value.reject(message, label, help)
}
