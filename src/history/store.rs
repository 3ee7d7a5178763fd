//! The file: opened, made where it is not there yet, brought to this version, or refused with words.
//!
//! The only file of this room that knows SQLite by name.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, SqlSafeStr, Sqlite, Transaction};

use super::error::HistoryError;

/// The version this credaudit writes: the number of the last migration.
pub(super) const FILE_VERSION: i64 = 3;

/// How long to wait for another process that writes, in seconds.
const PATIENCE: u64 = 10;

/// An open history. One process may hold several, and several processes one each: what must not be done
/// twice is guarded by claims.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: SqliteConnection,
    path: PathBuf,
}

/// Each is written once and never changed again: what a file went through is checked against it.
const MIGRATIONS: [(i64, &str, &str); 3] = [
    (1, "first", include_str!("0001_first.sql")),
    (2, "tries", include_str!("0002_tries.sql")),
    (3, "reported", include_str!("0003_reported.sql")),
];

fn migrations() -> Migrator {
    let all = MIGRATIONS.into_iter().map(|(version, name, statements)| {
        let statements = statements.into_sql_str();
        Migration::new(
            version,
            name.into(),
            MigrationType::Simple,
            statements,
            false,
        )
    });
    Migrator::with_migrations(all.collect())
}

impl Store {
    /// Opens the history, and makes it (and its folder, for this account alone) where it is not there.
    ///
    /// # Errors
    /// Whatever keeps it from being written; a newer version's and another program's file are left alone.
    pub async fn open(path: &Path) -> Result<Self, HistoryError> {
        make(path)?;
        Self::connect(path).await
    }

    /// A history that ends with the process.
    ///
    /// # Errors
    /// Whatever SQLite says.
    pub async fn in_memory() -> Result<Self, HistoryError> {
        Self::connect(Path::new(":memory:")).await
    }

    /// Opens a history to read from; its file need not be writable.
    ///
    /// # Errors
    /// `NotThere` where nothing was kept yet; otherwise as `open`.
    pub async fn open_existing(path: &Path) -> Result<Self, HistoryError> {
        if !path.exists() {
            return Err(HistoryError::NotThere {
                path: path.to_owned(),
            });
        }
        Self::connect(path).await
    }

    async fn connect(path: &Path) -> Result<Self, HistoryError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(PATIENCE))
            .disable_statement_logging();
        let of = |error| HistoryError::of(path, &error, PATIENCE);
        let mut store = Self {
            connection: options.connect().await.map_err(of)?,
            path: path.to_owned(),
        };
        store.migrate().await?;
        Ok(store)
    }

    async fn migrate(&mut self) -> Result<(), HistoryError> {
        let found = self.version().await?;
        if found > FILE_VERSION {
            return Err(HistoryError::Newer {
                path: self.path.clone(),
                found,
                known: FILE_VERSION,
            });
        }
        if found == FILE_VERSION {
            return Ok(());
        }
        let path = self.path.clone();
        // In one transaction that writes from its beginning: of two processes, the second waits here and
        // then finds the work done.
        let mut transaction = self.writing().await?;
        migrations()
            .run_direct(None, &mut *transaction, false)
            .await
            .map_err(|error| HistoryError::Other {
                path: path.clone(),
                seen: error.to_string(),
            })?;
        let committed = transaction.commit().await;
        committed.map_err(|error| HistoryError::of(&path, &error, PATIENCE))
    }

    /// The version of the file; 0 where it is new.
    async fn version(&mut self) -> Result<i64, HistoryError> {
        let tables: Vec<String> =
            sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
                .fetch_all(&mut self.connection)
                .await
                .map_err(|error| self.error(&error))?;
        if tables.is_empty() {
            return Ok(0);
        }
        if !tables.iter().any(|name| name == "_sqlx_migrations") {
            return Err(HistoryError::Foreign {
                path: self.path.clone(),
            });
        }
        let version: Option<i64> = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations")
            .fetch_one(&mut self.connection)
            .await
            .map_err(|error| self.error(&error))?;
        Ok(version.unwrap_or(0))
    }

    /// A transaction that may write: taken at once, so that what it reads stays true until it has written.
    pub(super) async fn writing(&mut self) -> Result<Transaction<'_, Sqlite>, HistoryError> {
        let begun = self.connection.begin_with("BEGIN IMMEDIATE").await;
        begun.map_err(|error| HistoryError::of(&self.path, &error, PATIENCE))
    }

    /// Gives the room of deleted rows back to the disk. Rewrites the file, so it is worth it only where
    /// much was deleted.
    pub(super) async fn shrink(&mut self) -> Result<(), HistoryError> {
        let done = sqlx::query("VACUUM").execute(&mut self.connection).await;
        done.map(|_| ()).map_err(|error| self.error(&error))
    }

    /// How much of the file is room of deleted rows, in percent.
    pub(super) async fn slack(&mut self) -> Result<i64, HistoryError> {
        let free: i64 = self.pragma("PRAGMA freelist_count").await?;
        let all: i64 = self.pragma("PRAGMA page_count").await?;
        Ok(free * 100 / all.max(1))
    }

    async fn pragma(&mut self, statement: &'static str) -> Result<i64, HistoryError> {
        let value = sqlx::query_scalar(statement)
            .fetch_one(&mut self.connection)
            .await;
        value.map_err(|error| self.error(&error))
    }

    /// For tests: a disk that has no room for another page.
    #[cfg(test)]
    pub(super) async fn without_room(&mut self) {
        let pages = self.pragma("PRAGMA page_count").await.unwrap();
        let statement = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        sqlx::query(statement)
            .execute(&mut self.connection)
            .await
            .unwrap();
    }

    /// For tests: makes a file as the first version of credaudit left it.
    #[cfg(test)]
    pub(super) async fn first_version(path: &Path) {
        make(path).unwrap();
        let options = SqliteConnectOptions::new().filename(path);
        let mut connection = options.connect().await.unwrap();
        let mut first = migrations();
        first.migrations.to_mut().truncate(1);
        first
            .run_direct(None, &mut connection, false)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn error(&self, error: &sqlx::Error) -> HistoryError {
        HistoryError::of(&self.path, error, PATIENCE)
    }

    /// Closes the file; what is not closed is closed by the end of the process just as well.
    pub async fn close(self) {
        // Every transaction is committed by now: nothing is lost with an error here.
        let _ = self.connection.close().await;
    }
}

/// Makes the folder and the empty file, for this account alone.
fn make(path: &Path) -> Result<(), HistoryError> {
    if path.exists() {
        return Ok(());
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        make_folder(folder).map_err(|source| HistoryError::Folder {
            path: folder.to_owned(),
            source,
        })?;
    }
    match make_file(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => HistoryError::Full {
                path: path.to_owned(),
            },
            _ => HistoryError::ReadOnly {
                path: path.to_owned(),
                seen: error.to_string(),
            },
        }),
        _ => Ok(()),
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn make_file(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}
