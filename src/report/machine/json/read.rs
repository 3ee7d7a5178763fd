//! Reads a report back: what `credaudit.report/1` holds is what an assessment holds, under other keys.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::Word;
use crate::model::assessment::{Assessment, CellState, FORMAT, RouteBy, Stated};

/// A report as it was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub assessment: Assessment,
    /// What this report lacks, since an older credaudit wrote it: `the checks' own words`.
    pub lacks: Vec<&'static str>,
}

/// Keys that came to the format later, and what a report without them cannot show.
const LATER: [(&str, &str); 4] = [
    ("/rules", "what each check says of itself (SARIF)"),
    (
        "/gaps/0/registrations",
        "which registrations a gap is about",
    ),
    (
        "/unknowns/0/registrations",
        "which registrations a check without an answer is about, and the right it waits for",
    ),
    (
        "/registrations/0/place",
        "the tenant and url of each environment",
    ),
];

/// Reads a report that [`super::json`] wrote.
///
/// # Errors
/// Where it is no such report, or damaged.
pub(crate) fn read(text: &str) -> Result<Read, serde_json::Error> {
    let mut value: Value = serde_json::from_str(text)?;
    let is_later = |path: &str| {
        let above = path.rsplit_once('/').map_or("", |(above, _)| above);
        value.pointer(above).is_some() && value.pointer(path).is_none()
    };
    let lacks = LATER.into_iter().filter(|(path, _)| is_later(path));
    let lacks = lacks.map(|(_, what)| what).collect();
    as_kept(&mut value);
    if let Value::Object(report) = &mut value {
        whole(report);
    }
    let assessment = serde_json::from_value(value)?;
    Ok(Read { assessment, lacks })
}

/// Keys as an assessment writes them, and none without a value.
fn as_kept(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(as_kept),
        Value::Object(object) => {
            for (key, mut value) in std::mem::take(object) {
                // Its keys are names, not words of the format.
                if key != "lines" {
                    as_kept(&mut value);
                }
                if !value.is_null() {
                    object.insert(key.replace('_', "-"), value);
                }
            }
        }
        _ => {}
    }
}

fn whole(report: &mut Map<String, Value>) {
    report.insert("format".to_owned(), FORMAT.into());
    if let Some(Value::Object(verdict)) = report.get_mut("verdict") {
        verdict.remove("result");
        verdict.remove("line");
        rename(verdict, "process-exit-code", "ended");
    }
    // A report counts every kind, an assessment those that there are.
    if let Some(Value::Object(coverage)) = report.get_mut("coverage")
        && let Some(Value::Object(kinds)) = coverage.get_mut("unknown-by-kind")
    {
        kinds.retain(|_, number| *number != 0);
    }
    each(report, "registrations", registration);
    if let Some(Value::Array(controls)) = report.remove("controls") {
        let by_name = controls.into_iter().filter_map(|mut control| {
            let name = control.as_object_mut()?.remove("control")?;
            Some((name.as_str()?.to_owned(), control))
        });
        report.insert("controls".to_owned(), Value::Object(by_name.collect()));
    }
    if let Some(Value::Object(estate)) = report.get_mut("estate") {
        rename(estate, "file", "name");
    }
}

fn registration(view: &mut Map<String, Value>) {
    rename(view, "ladder", "rungs");
    each(view, "rungs", |rung| rename(rung, "rung", "name"));
    rename(view, "credential-end", "ends");
    end(view);
    each(view, "credentials", |credential| {
        rename(credential, "end", "ends");
        end(credential);
    });
    rename(view, "told", "route");
    if let Some(Value::Object(route)) = view.get_mut("route") {
        word::<RouteBy>(route, "by");
    }
    for cells in ["privileges", "isolation"] {
        each(view, cells, |cell| {
            word::<CellState>(cell, "state");
            word::<Stated>(cell, "stated");
            if cell.get("service").is_some_and(|one| one == "finops") {
                cell.insert("service".to_owned(), "fin-ops".into());
            }
        });
    }
}

/// `{"kind": "on", "end": …}` is `{"on": {"end": …}}` in an assessment.
fn end(holder: &mut Map<String, Value>) {
    let Some(Value::Object(mut end)) = holder.remove("ends") else {
        return;
    };
    // Fields of a variant keep their names.
    rename(&mut end, "days-left", "days_left");
    let kind = end.remove("kind");
    let ends = match kind.as_ref().and_then(Value::as_str) {
        Some("never") => "never".into(),
        Some("unknown") => {
            let why = end.remove("why").unwrap_or_default();
            Map::from_iter([("unknown".to_owned(), why)]).into()
        }
        _ => Map::from_iter([("on".to_owned(), end.into())]).into(),
    };
    holder.insert("ends".to_owned(), ends);
}

/// A word for people, as an assessment keeps it.
fn word<W: Word + Serialize>(holder: &mut Map<String, Value>, key: &str) {
    if let Some(value) = holder.get_mut(key)
        && let Some(known) = value.as_str().and_then(W::from_word)
        && let Ok(kept) = serde_json::to_value(known)
    {
        *value = kept;
    }
}

fn rename(object: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = object.remove(from) {
        object.insert(to.to_owned(), value);
    }
}

fn each(object: &mut Map<String, Value>, key: &str, change: impl Fn(&mut Map<String, Value>)) {
    let Some(Value::Array(items)) = object.get_mut(key) else {
        return;
    };
    items
        .iter_mut()
        .filter_map(Value::as_object_mut)
        .for_each(change);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::machine::json::json;
    use crate::report::{Format, TableOptions, fixture, random, render};

    /// What an assessment keeps of itself when it is stored.
    fn stored(assessment: &Assessment) -> Assessment {
        let text = serde_json::to_string(assessment).expect("it serialises");
        serde_json::from_str(&text).expect("it reads back")
    }

    #[test]
    fn a_report_renders_as_the_assessment_it_was_made_of() {
        for assessment in [fixture::rich(), fixture::empty()] {
            let read = read(&json(&assessment)).expect("a report");
            assert_eq!(read.lacks, Vec::<&str>::new());
            assert_eq!(read.assessment, stored(&assessment));
            for format in Format::ALL {
                let options = TableOptions::default();
                let again = render(format, &read.assessment, &options);
                assert!(
                    again == render(format, &stored(&assessment), &options),
                    "{format:?}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn any_report_is_read_as_it_was_written(assessment in random::assessments()) {
            let text = json(&assessment);
            let read = read(&text).expect("a report");
            prop_assert_eq!(json(&read.assessment), text);
        }
    }

    #[test]
    fn what_an_older_report_lacks_is_named_and_a_damaged_one_is_refused() {
        let mut older: Value = serde_json::from_str(&json(&fixture::rich())).expect("JSON");
        older.as_object_mut().expect("an object").remove("rules");
        let one = older["gaps"][0].as_object_mut().expect("an object");
        one.remove("registrations");
        let read_back = read(&older.to_string()).expect("a report");
        assert_eq!(read_back.lacks.len(), 2, "{:?}", read_back.lacks);
        older["registrations"][0]["tier"] = 7.into();
        read(&older.to_string()).expect_err("damaged");
        read("[]").expect_err("no report");
    }
}
