//! Which runs and messages are kept, and for how long.

use super::*;
use crate::model::Assessment;
use crate::model::kept::Subject;

fn of(estate: &str) -> Subject {
    Subject {
        estate: estate.to_owned(),
        ..Subject::default()
    }
}

/// The run of this day of November.
fn run(id: &str, day: i64) -> Assessment {
    let collected = noon() + TimeDelta::days(day);
    let run = serde_json::json!({
        "id": id, "collected": collected, "as-of": collected, "as-of-given": false,
        "policy": "baseline", "fail-on": "high", "auditors": [],
    });
    let coverage = serde_json::json!({
        "asked": 0, "passed": 0, "failed": 0, "consequences": 0, "waived": 0, "unknown": 0,
        "behind-a-fail": 0, "not-applicable": 0, "unknown-by-kind": {}, "registrations": 0,
        "proven": 0, "lists": [],
    });
    serde_json::from_value(serde_json::json!({
        "format": crate::model::assessment::FORMAT, "tool": "credaudit 0.1.0", "run": run,
        "verdict": { "exit-code": 0, "failing": 0, "incomplete": false },
        "coverage": coverage, "registrations": [], "findings": [], "waived": [], "unknowns": [],
        "gaps": [], "controls": {}, "checks": [],
    }))
    .unwrap()
}

async fn ids(store: &mut Store) -> Vec<String> {
    let runs = store.runs().await.unwrap();
    runs.into_iter().map(|run| run.id).collect()
}

#[tokio::test]
async fn an_estate_forgets_nothing_of_another() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).await.unwrap();
    for (estate, id, day) in [
        ("a", "a-1", 1),
        ("a", "a-2", 2),
        ("b", "b-1", 1),
        ("b", "b-2", 2),
    ] {
        let kept = store.keep(&of(estate), &run(id, day), true, noon()).await;
        kept.unwrap();
    }
    let cutoff = noon() + TimeDelta::days(30);
    assert_eq!(store.forget("a", cutoff).await.unwrap(), 1);
    assert_eq!(ids(&mut store).await, ["b-1", "a-2", "b-2"]);
}

#[tokio::test]
async fn what_nobody_was_told_is_no_run_to_compare_with() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).await.unwrap();
    for (id, day, reported) in [("r-1", 1, true), ("r-2", 2, true), ("lost", 3, false)] {
        let kept = store.keep(&of("a"), &run(id, day), reported, noon()).await;
        kept.unwrap();
    }
    let earlier = store.earlier(&of("a"), 20).await.unwrap();
    let names: Vec<&str> = earlier.iter().map(|run| run.id.as_str()).collect();
    assert_eq!(names, ["r-2", "r-1"]);
    assert_eq!(store.earlier(&of("a"), 1).await.unwrap().len(), 1);
    assert_eq!(store.earlier(&of("b"), 20).await.unwrap(), []);
    // The last that was reported outlives its time.
    assert_eq!(
        store
            .forget("a", noon() + TimeDelta::days(30))
            .await
            .unwrap(),
        1
    );
    assert_eq!(ids(&mut store).await, ["r-2", "lost"]);
}

#[tokio::test]
async fn what_was_never_sent_is_forgotten_in_the_end() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).await.unwrap();
    let claimed = store.claim("reminders", "run", noon(), minutes(30)).await;
    let Claimed::Held(claim) = claimed.unwrap() else {
        panic!("nobody else is there");
    };
    for id in ["begun", "failed"] {
        let intent = Intent {
            id: id.to_owned(),
            estate: "a".to_owned(),
            recipient: "ada@x".to_owned(),
            kind: MessageKind::Digest,
            reminders: vec![Reminder {
                registration: "raia".to_owned(),
                credential: "key-1".to_owned(),
                band: "30".to_owned(),
                kind: ReminderKind::Band,
            }],
        };
        store.intend(&claim, &intent, noon()).await.unwrap();
    }
    store.failed("failed", "refused", noon()).await.unwrap();
    store.forget("a", noon()).await.unwrap();
    assert_eq!(store.unsettled("a").await.unwrap().len(), 2);
    store.forget("b", noon() + minutes(1)).await.unwrap();
    assert_eq!(store.unsettled("a").await.unwrap().len(), 2);
    store.forget("a", noon() + minutes(1)).await.unwrap();
    assert_eq!(store.unsettled("a").await.unwrap(), []);
}

#[tokio::test]
async fn a_file_of_the_first_version_is_brought_to_this_one() {
    let (_folder, path) = place();
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    Store::first_version(&path).await;
    let mut store = Store::open(&path).await.unwrap();
    store
        .keep(&of("a"), &run("r-1", 1), true, noon())
        .await
        .unwrap();
    assert_eq!(ids(&mut store).await, ["r-1"]);
}
