//! How judging and rendering grow with the number of registrations: the demo's estate over and over, each copy
//! with names, client ids, keys and values of its own, at 250, 1,000, 4,000 and 16,000. Prints the time of
//! judging, of rendering all formats and of each, beside the size before it. Run with
//! `cargo bench --bench growth`; a smaller last size may be given as an argument.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench reads the clock and a file, and prints"
)]

use std::process::Command;
use std::time::{Duration, Instant};

use credaudit::inside::Snapshot;
use credaudit::inside::baseline;
use credaudit::inside::report::{Format, TableOptions, render};
use credaudit::inside::{assess, plan};
use serde_json::Value;

const SIZES: [usize; 4] = [250, 1_000, 4_000, 16_000];

const FORMATS: [(&str, Format); 10] = [
    ("text", Format::Table),
    ("page", Format::Html),
    ("JSON", Format::Json),
    ("Markdown", Format::Markdown),
    ("SARIF", Format::Sarif),
    ("JUnit", Format::Junit),
    ("CSV", Format::Csv),
    ("findings CSV", Format::FindingsCsv),
    ("calendar", Format::Calendar),
    ("Prometheus", Format::Prometheus),
];

/// The snapshot of the demo, by its binary.
fn demo() -> Value {
    let dir = tempfile::tempdir().expect("a folder");
    let status = Command::new(env!("CARGO_BIN_EXE_credaudit"))
        .args(["demo", "--scenario", "everything", "-q", "-o"])
        .arg(dir.path().join("report.json"))
        .arg("--keep")
        .arg(dir.path().join("kept"))
        .status()
        .expect("the binary runs");
    assert!(status.success());
    let text = std::fs::read_to_string(dir.path().join("kept/snapshot.json")).expect("it is kept");
    serde_json::from_str(&text).expect("it is JSON")
}

/// What each copy has for itself: its name, ids of 36 characters, and the number of its value.
fn renumber(value: &mut Value, copy: u64) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                match (key.as_str(), &mut *field) {
                    ("value-group", Value::Number(number)) => {
                        let number = number.as_u64().unwrap_or_default() + copy * 1_000;
                        *field = number.into();
                    }
                    ("key-id" | "object-id" | "user-id" | "client-id", Value::String(id)) => {
                        renumber_id(id, copy);
                    }
                    ("client-id", Value::Object(known)) => {
                        if let Some(Value::String(id)) =
                            known.values_mut().find(|one| one.is_string())
                        {
                            renumber_id(id, copy);
                        }
                    }
                    _ => renumber(field, copy),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| renumber(item, copy)),
        _ => {}
    }
}

fn renumber_id(id: &mut String, copy: u64) {
    if id.len() == 36 {
        id.replace_range(24..28, &format!("{copy:04x}"));
    }
}

/// The same estate with at least so many registrations.
fn grown(demo: &Value, size: usize) -> Snapshot {
    let mut grown = demo.clone();
    let declared = demo["estate"]["registrations"].as_array().expect("a list");
    for copy in 1..=(size / declared.len()) as u64 {
        for registration in declared {
            let name = registration["name"].as_str().expect("a name");
            let copied = format!("{name}-{copy}");
            let mut evidence = demo["registrations"][name].clone();
            renumber(&mut evidence, copy);
            grown["registrations"][&copied] = evidence;
            let mut registration = registration.clone();
            renumber(&mut registration, copy);
            registration["name"] = copied.into();
            if let Some(all) = grown["estate"]["registrations"].as_array_mut() {
                all.push(registration);
            }
        }
    }
    serde_json::from_value(grown).expect("a snapshot")
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed())
}

fn main() {
    let most = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let demo = demo();
    let plan = plan(&baseline()).expect("the baseline is a plan");
    let mut before: Option<(usize, Vec<(&str, Duration)>)> = None;
    for size in SIZES
        .into_iter()
        .filter(|size| *size <= most.unwrap_or(usize::MAX))
    {
        let snapshot = grown(&demo, size);
        let count = snapshot.estate.registrations.len();
        let (assessment, judging) = timed(|| assess(&plan, &snapshot, None));
        let mut times = vec![("judging", judging)];
        for (name, format) in FORMATS {
            let render = || render(format, &assessment, &TableOptions::default());
            times.push((name, timed(render).1));
        }
        let rendering = times.iter().skip(1).map(|(_, time)| *time).sum();
        times.insert(1, ("rendering", rendering));
        let shown: Vec<String> = times
            .iter()
            .enumerate()
            .map(|(index, (name, time))| {
                let seconds = time.as_secs_f64();
                let growth = before.as_ref().map_or_else(String::new, |(_, earlier)| {
                    format!(" (x{:.1})", seconds / earlier[index].1.as_secs_f64())
                });
                format!("{name} {seconds:.2} s{growth}")
            })
            .collect();
        let times_larger = before.as_ref().map_or_else(String::new, |(earlier, _)| {
            format!(", x{:.1}", count as f64 / *earlier as f64)
        });
        println!("{count} registrations{times_larger}: {}", shown.join(", "));
        before = Some((count, times));
    }
}
