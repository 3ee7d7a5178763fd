//! Several runs on one store at once: of one estate, and of two.

use super::*;

/// Owners' messages of one estate, in a store that another estate's run holds its own claim in.
#[tokio::test]
async fn estates_of_one_store_do_not_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("history.db"))
        .await
        .unwrap();
    let assessment = base();
    let mail = Mail {
        from: "credaudit@contoso.example".to_owned(),
        to: Vec::new(),
        by: MailBy::Folder("outbox".to_owned()),
        tenant: None,
    };
    let clock = as_of;
    let routing = Routing::default();
    let crashed = Notify::new();
    let mut sent = BTreeMap::new();
    // The second run of the first estate dies while it holds the claim; the third finds it held.
    let runs = [
        ("first", Trouble::CrashBefore(1)),
        ("first", Trouble::None),
        ("second", Trouble::None),
    ];
    for (number, (estate, trouble)) in runs.into_iter().enumerate() {
        let mut assessment = assessment.clone();
        assessment.run.id = format!("run-{number}");
        let round = Round {
            assessment: &assessment,
            routing: &routing,
            mail: &mail,
            estate,
            clock: &clock,
        };
        let taken = Mutex::new(Vec::new());
        let mut outbox = Box_ {
            trouble,
            posts: 0,
            crashed: &crashed,
            taken: &taken,
        };
        let outcome = tokio::select! {
            outcome = round.send(&mut store, &mut outbox) => Some(outcome.unwrap()),
            () = crashed.notified() => None,
        };
        let busy = outcome.map(|outcome| outcome.busy.map(|(run, _)| run));
        sent.insert(number, (busy, taken.into_inner().unwrap().len()));
    }
    assert_eq!(sent[&0], (None, 0));
    assert_eq!(sent[&1], (Some(Some("run-0".to_owned())), 0));
    assert_eq!(sent[&2].0, Some(None));
    assert!(sent[&2].1 > 0);
}

#[tokio::test]
async fn two_rounds_at_once_do_not_send_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.db");
    let lives: Vec<Life> = (0..CREDENTIALS).map(Life::of).collect();
    let mut assessment = base();
    assessment.registrations = views(&assessment.registrations[0].clone(), &lives, 0);
    let mut other = assessment.clone();
    other.run.id = "another-run".to_owned();
    let mail = Mail {
        from: "credaudit@contoso.example".to_owned(),
        to: Vec::new(),
        by: MailBy::Folder("outbox".to_owned()),
        tenant: None,
    };
    let (crashed, taken) = (Notify::new(), Mutex::new(Vec::new()));
    let clock = as_of;
    let routing = Routing::default();
    let send = async |assessment: &Assessment| {
        let mut store = Store::open(&path).await.unwrap();
        let round = Round {
            assessment,
            routing: &routing,
            mail: &mail,
            estate: "estate",
            clock: &clock,
        };
        let mut outbox = Box_ {
            trouble: Trouble::None,
            posts: 0,
            crashed: &crashed,
            taken: &taken,
        };
        round.send(&mut store, &mut outbox).await.unwrap()
    };
    let (one, two) = tokio::join!(send(&assessment), send(&other));
    let sent = taken.lock().unwrap().len();
    let people: BTreeSet<String> = taken
        .lock()
        .unwrap()
        .iter()
        .map(|mail| mail.to[0].clone())
        .collect();
    assert_eq!(sent, people.len(), "{one:?} {two:?}");
    assert!(sent > 0);
}
