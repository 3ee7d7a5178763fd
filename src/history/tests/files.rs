//! Files that are new, newer, foreign, damaged, full, locked or not writable.
#![expect(
    clippy::disallowed_methods,
    reason = "a test that damages files by hand"
)]

use super::*;
use crate::history::store::FILE_VERSION;

async fn refused(path: &std::path::Path) -> HistoryError {
    match Store::open(path).await {
        Ok(_) => panic!("it was opened"),
        Err(error) => error,
    }
}

async fn by_hand(path: &std::path::Path, statement: &'static str) {
    let mut store = Store::open(path).await.unwrap();
    sqlx::raw_sql(statement)
        .execute(&mut store.connection)
        .await
        .unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_new_file_is_made_for_this_account_alone() {
    let (_folder, path) = place();
    let absent = Store::open_existing(&path).await.err().unwrap();
    assert!(matches!(absent, HistoryError::NotThere { .. }), "{absent}");
    Store::open(&path).await.unwrap().close().await;
    assert!(Store::open_existing(&path).await.is_ok());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
    }
}

#[tokio::test]
async fn a_newer_file_is_refused_and_left_alone() {
    let (_folder, path) = place();
    by_hand(
        &path,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (99, 'later', true, x'00', 1)",
    )
    .await;
    let before = std::fs::read(&path).unwrap();
    let error = refused(&path).await;
    assert!(matches!(error, HistoryError::Newer { found: 99, .. }));
    let words = error.to_string();
    let versions = format!("is of version 99, and this credaudit knows version {FILE_VERSION}");
    assert!(words.contains(&versions), "{words}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn another_programs_database_is_left_alone() {
    let (_folder, path) = place();
    by_hand(
        &path,
        "DROP TABLE _sqlx_migrations; CREATE TABLE moz_places (id INTEGER)",
    )
    .await;
    let before = std::fs::read(&path).unwrap();
    let error = refused(&path).await;
    assert!(matches!(error, HistoryError::Foreign { .. }), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn what_is_no_database_is_said_to_be_damaged() {
    let (_folder, path) = place();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(
        &path,
        "this is no database, and long enough to be looked at as one",
    )
    .unwrap();
    let error = refused(&path).await;
    assert!(matches!(error, HistoryError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains("move it away"), "{error}");
}

#[tokio::test]
async fn a_full_disk_keeps_nothing_half() {
    let (_folder, path) = place();
    let mut store = Store::open(&path).await.unwrap();
    store.without_room().await;
    let Ok(Claimed::Held(claim)) = store.claim("reminders", "run", noon(), minutes(10)).await
    else {
        panic!("a single row has room");
    };
    let many = (0..5000)
        .map(|number| Reminder {
            registration: format!("registration-{number}"),
            credential: "key-1".to_owned(),
            band: "30".to_owned(),
            kind: ReminderKind::Band,
        })
        .collect();
    let intent = Intent {
        estate: "estate".to_owned(),
        id: "m-1".to_owned(),
        recipient: "ada@x".to_owned(),
        kind: MessageKind::Digest,
        reminders: many,
    };
    let full = store.intend(&claim, &intent, noon()).await;
    assert!(matches!(full, Err(HistoryError::Full { .. })), "{full:?}");
    assert_eq!(store.unsettled("estate").await.unwrap(), []);
}

#[tokio::test]
async fn a_locked_file_is_given_up_after_a_while_with_words() {
    let (_folder, path) = place();
    let (mut one, mut other) = (
        Store::open(&path).await.unwrap(),
        Store::open(&path).await.unwrap(),
    );
    sqlx::query("PRAGMA busy_timeout = 1")
        .execute(&mut other.connection)
        .await
        .unwrap();
    let writing = one.writing().await.unwrap();
    let locked = other.claim("reminders", "run", noon(), minutes(1)).await;
    assert!(
        matches!(locked, Err(HistoryError::Locked { .. })),
        "{locked:?}"
    );
    // Reading goes on.
    assert_eq!(other.unsettled("estate").await.unwrap(), []);
    // Dropped, it would be rolled back some time later.
    writing.rollback().await.unwrap();
    let free = other.claim("reminders", "run", noon(), minutes(1)).await;
    assert!(free.is_ok(), "{free:?}");
}
