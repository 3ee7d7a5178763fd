//! Claims, intents and records: once, or twice after a crash, and never not at all.

use super::*;
use crate::history::message::{LastSent, MessageState};

async fn held(store: &mut Store, run: &str, now: DateTime<Utc>) -> Claim {
    match store.claim("reminders", run, now, minutes(10)).await {
        Ok(Claimed::Held(claim)) => claim,
        other => panic!("{run}: {other:?}"),
    }
}

fn reminder(registration: &str, band: &str) -> Reminder {
    Reminder {
        registration: registration.to_owned(),
        credential: "key-1".to_owned(),
        band: band.to_owned(),
        kind: ReminderKind::Band,
    }
}

/// The last thing that was sent to somebody about a credential and is not closed.
async fn last_sent(
    store: &mut Store,
    recipient: &str,
    registration: &str,
    credential: &str,
) -> Option<LastSent> {
    let all = store.open_reminders().await.unwrap();
    all.into_iter().find(|last| {
        last.recipient == recipient
            && last.reminder.registration == registration
            && last.reminder.credential == credential
    })
}

fn digest(id: &str, recipient: &str, reminders: Vec<Reminder>) -> Intent {
    Intent {
        estate: "estate".to_owned(),
        id: id.to_owned(),
        recipient: recipient.to_owned(),
        kind: MessageKind::Digest,
        reminders,
    }
}

#[tokio::test]
async fn one_run_at_a_time_holds_the_claim() {
    let (_folder, path) = place();
    let (mut one, mut other) = (
        Store::open(&path).await.unwrap(),
        Store::open(&path).await.unwrap(),
    );
    let claim = held(&mut one, "run-1", noon()).await;
    let busy = other
        .claim("reminders", "run-2", noon() + minutes(9), minutes(10))
        .await;
    assert_eq!(
        busy.unwrap(),
        Claimed::Busy {
            run: "run-1".to_owned(),
            until: noon() + minutes(10)
        }
    );
    // Another matter is another claim.
    let else_where = other.claim("tidying", "run-2", noon(), minutes(10)).await;
    assert!(matches!(else_where, Ok(Claimed::Held(_))));
    // The holder may prolong it, and gives it back.
    let claim = Claim {
        until: held(&mut one, "run-1", noon() + minutes(9)).await.until,
        ..claim
    };
    assert_eq!(claim.until, noon() + minutes(19));
    let prolonged = one.prolong(&claim, noon() + minutes(18), minutes(10)).await;
    assert_eq!(prolonged.unwrap().unwrap().until, noon() + minutes(28));
    one.release(&claim).await.unwrap();
    held(&mut other, "run-2", noon() + minutes(11)).await;
    // Taken by another run meanwhile, it is not prolonged, be it that it was given back since.
    let lost = one.prolong(&claim, noon() + minutes(12), minutes(10)).await;
    assert_eq!(lost.unwrap(), None);
    // Too late: it is another's by now, and stays so.
    one.release(&claim).await.unwrap();
    let busy = one
        .claim("reminders", "run-1", noon() + minutes(12), minutes(10))
        .await;
    assert!(matches!(busy, Ok(Claimed::Busy { .. })), "{busy:?}");
}

#[tokio::test]
async fn a_claim_ends_with_its_time_and_one_of_the_future_is_none() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).await.unwrap();
    let slow = held(&mut store, "slow", noon()).await;
    let later = noon() + minutes(10);
    held(&mut store, "next", later).await;
    // The slow run may begin nothing any more, though it still believes to hold the claim.
    let lost = store
        .intend(&slow, &digest("m", "a@x", vec![]), noon() + minutes(5))
        .await;
    assert!(
        matches!(lost, Err(HistoryError::ClaimLost { .. })),
        "{lost:?}"
    );
    assert_eq!(store.unsettled("estate").await.unwrap(), []);
    // The clock was wrong by a year when `next` took it.
    held(&mut store, "after", later - TimeDelta::days(365)).await;
}

#[tokio::test]
async fn of_many_runs_at_once_one_gets_the_claim() {
    let (_folder, path) = place();
    let mut tasks = Vec::new();
    for run in 0..8 {
        let path = path.clone();
        tasks.push(tokio::spawn(async move {
            let mut store = Store::open(&path).await.unwrap();
            let run = format!("run-{run}");
            store.claim("reminders", &run, noon(), minutes(10)).await
        }));
    }
    let mut holders = 0;
    for task in tasks {
        if let Claimed::Held(_) = task.await.unwrap().unwrap() {
            holders += 1;
        }
    }
    assert_eq!(holders, 1);
}

#[tokio::test]
async fn what_was_sent_is_remembered_and_not_sent_again() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).await.unwrap();
    let claim = held(&mut store, "run-1", noon()).await;
    let two = vec![reminder("raia", "30"), reminder("erp", "14")];
    let intent = digest("m-1", "ada@x", two);
    let began = store.intend(&claim, &intent, noon()).await.unwrap();
    assert_eq!(began, Started::Send);
    // Nothing counts as sent before it is recorded so.
    assert_eq!(last_sent(&mut store, "ada@x", "raia", "key-1").await, None);
    store.sent("m-1", noon() + minutes(1)).await.unwrap();
    let last = last_sent(&mut store, "ada@x", "raia", "key-1").await;
    let last = last.expect("it was sent");
    assert_eq!(
        (last.reminder.band.as_str(), last.sent),
        ("30", noon() + minutes(1))
    );
    assert_eq!((last.message.as_str(), last.run.as_str()), ("m-1", "run-1"));
    for (recipient, registration, credential) in [
        ("bob@x", "raia", "key-1"),
        ("ada@x", "other", "key-1"),
        ("ada@x", "raia", "key-2"),
    ] {
        let none = last_sent(&mut store, recipient, registration, credential).await;
        assert_eq!(none, None);
    }
    assert_eq!(store.unsettled("estate").await.unwrap(), []);
    let again = store.intend(&claim, &intent, noon() + minutes(2)).await;
    assert_eq!(again.unwrap(), Started::AlreadySent);
    // A late failure of the same message does not unsend it.
    store
        .failed("m-1", "late", noon() + minutes(3))
        .await
        .unwrap();
    assert_eq!(store.unsettled("estate").await.unwrap(), []);
}

#[tokio::test]
async fn a_crash_between_sending_and_recording_leaves_an_intent() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).await.unwrap();
    let claim = held(&mut store, "crashes", noon()).await;
    let intent = digest(
        "m-1",
        "ada@x",
        vec![reminder("raia", "30"), reminder("erp", "7")],
    );
    store.intend(&claim, &intent, noon()).await.unwrap();
    drop(store);

    let mut store = Store::open(&path).await.unwrap();
    let claim = held(&mut store, "next", noon() + minutes(11)).await;
    let left = store.unsettled("estate").await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].state, MessageState::Intent);
    assert_eq!(left[0].run, "crashes");
    assert_eq!(left[0].attempts, 1);
    // Sorted, both of them.
    assert_eq!(
        left[0].reminders,
        [reminder("erp", "7"), reminder("raia", "30")]
    );
    // One of the two has been renewed meanwhile: the same message says less now.
    let intent = digest("m-1", "ada@x", vec![reminder("erp", "7")]);
    let began = store.intend(&claim, &intent, noon() + minutes(11)).await;
    assert_eq!(began.unwrap(), Started::Send);
    store
        .failed("m-1", "450 later", noon() + minutes(12))
        .await
        .unwrap();
    let left = store.unsettled("estate").await.unwrap();
    assert_eq!((left[0].state, left[0].attempts), (MessageState::Failed, 2));
    assert_eq!(left[0].why, "450 later");
    store
        .intend(&claim, &intent, noon() + minutes(13))
        .await
        .unwrap();
    store.sent("m-1", noon() + minutes(13)).await.unwrap();
    assert_eq!(last_sent(&mut store, "ada@x", "raia", "key-1").await, None);
    assert!(
        last_sent(&mut store, "ada@x", "erp", "key-1")
            .await
            .is_some()
    );
}

#[tokio::test]
async fn the_ladder_of_a_credential_can_be_read_back() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).await.unwrap();
    let mut closed = reminder("erp", "14");
    closed.kind = ReminderKind::Closed;
    let steps = [
        (
            "m-1",
            noon(),
            "ada@x",
            vec![reminder("raia", "30"), reminder("erp", "14")],
        ),
        (
            "m-2",
            noon() + TimeDelta::days(16),
            "ada@x",
            vec![reminder("raia", "14")],
        ),
        (
            "m-3",
            noon() + TimeDelta::days(20),
            "bob@x",
            vec![reminder("raia", "14")],
        ),
        ("m-4", noon() + TimeDelta::days(21), "ada@x", vec![closed]),
    ];
    for (id, when, recipient, reminders) in steps {
        let claim = held(&mut store, "run", when).await;
        let intent = digest(id, recipient, reminders);
        store.intend(&claim, &intent, when).await.unwrap();
        store.sent(id, when).await.unwrap();
    }
    let open = store.open_reminders().await.unwrap();
    let short: Vec<_> = open
        .iter()
        .map(|one| {
            (
                one.recipient.as_str(),
                one.reminder.registration.as_str(),
                one.message.as_str(),
            )
        })
        .collect();
    assert_eq!(short, [("ada@x", "raia", "m-2"), ("bob@x", "raia", "m-3")]);
    let first = store.first_told("raia", "key-1", "14").await.unwrap();
    let told = noon() + TimeDelta::days(16);
    assert_eq!(first.map(|first| first.told), Some(Some(told)));
    assert_eq!(store.first_told("raia", "key-1", "7").await.unwrap(), None);

    // What is still open outlives the time of keeping, and what was overtaken does not.
    store
        .forget("estate", noon() + TimeDelta::days(500))
        .await
        .unwrap();
    assert_eq!(store.open_reminders().await.unwrap(), open);
    assert_eq!(
        store.first_told("raia", "key-1", "14").await.unwrap(),
        first
    );
    assert_eq!(store.first_told("raia", "key-1", "30").await.unwrap(), None);
}

#[tokio::test]
async fn a_sign_of_life_is_remembered_by_recipient() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).await.unwrap();
    let claim = held(&mut store, "run", noon()).await;
    let alive = |id: &str| Intent {
        kind: MessageKind::Alive,
        ..digest(id, "ada@x", vec![])
    };
    store.intend(&claim, &alive("m-1"), noon()).await.unwrap();
    assert_eq!(store.last_message("estate", "ada@x").await.unwrap(), None);
    store.sent("m-1", noon()).await.unwrap();
    let last = store.last_message("estate", "ada@x").await.unwrap();
    assert_eq!(last, Some(noon()));
    // A digest is a sign of life just as well; one of another estate is none.
    let next = noon() + minutes(5);
    let other = Intent {
        estate: "another".to_owned(),
        ..digest("m-2", "ada@x", vec![])
    };
    store.intend(&claim, &other, next).await.unwrap();
    store.sent("m-2", next).await.unwrap();
    let last = store.last_message("estate", "ada@x").await.unwrap();
    assert_eq!(last, Some(noon()));
    let last = store.last_message("another", "ada@x").await.unwrap();
    assert_eq!(last, Some(next));
    assert_eq!(store.last_message("estate", "bob@x").await.unwrap(), None);
}
