//! Why the store could not be used: what was seen, what it means, what to do.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// What kept the history from being read or written. The report of a run never depends on it.
#[derive(Debug, Error)]
pub enum HistoryError {
    #[error(
        "there is no history at {}: an audit keeps one, unless --no-history or [history] in the estate says no",
        path.display()
    )]
    NotThere { path: PathBuf },
    #[error(
        "nowhere to keep the history: neither {variables} is set; name a file with `path` in [history] of the \
         estate, or switch it off there"
    )]
    NoPlace { variables: &'static str },
    #[error(
        "could not make the folder {} for the history: {source}; make it, or name another file with `path` \
         in [history] of the estate",
        path.display()
    )]
    Folder {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(
        "the history {} is of version {found}, and this credaudit knows version {known}: a newer one wrote \
         it; use that one, or name another file with `path` in [history] of the estate",
        path.display()
    )]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error(
        "{} is a database of another program, and is left alone; name another file with `path` in [history] \
         of the estate",
        path.display()
    )]
    Foreign { path: PathBuf },
    #[error(
        "the history {} is not a database or is damaged ({seen}); move it away, and the next audit begins a \
         new one",
        path.display()
    )]
    Damaged { path: PathBuf, seen: String },
    #[error(
        "the history {} is locked: another process has been writing to it for longer than {seconds} seconds; \
         try again when it is done",
        path.display()
    )]
    Locked { path: PathBuf, seconds: u64 },
    #[error(
        "the history {} cannot be written: the disk (or its quota) is full; make room",
        path.display()
    )]
    Full { path: PathBuf },
    #[error(
        "the history {} cannot be opened for writing ({seen}); let this account write to the file and its \
         folder, or name another file with `path` in [history] of the estate",
        path.display()
    )]
    ReadOnly { path: PathBuf, seen: String },
    #[error("the history {} could not be used: {seen}", path.display())]
    Other { path: PathBuf, seen: String },
    #[error(
        "run {run} in the history cannot be read by this credaudit ({seen}); use the version that wrote it"
    )]
    OtherFormat { run: String, seen: String },
    #[error(
        "the claim on `{name}` was lost: it ran out at {until}, and another run may hold it; nothing was \
         begun"
    )]
    ClaimLost { name: String, until: String },
}

impl HistoryError {
    /// What the database said, in the words of this room.
    pub(super) fn of(path: &Path, error: &sqlx::Error, patience: u64) -> Self {
        let path = path.to_owned();
        let seen = match error {
            sqlx::Error::Database(database) => database.message().to_owned(),
            other => other.to_string(),
        };
        // SQLite's result codes: the low byte is the kind. https://www.sqlite.org/rescode.html
        let code = error
            .as_database_error()
            .and_then(|database| database.code()?.parse::<u32>().ok())
            .map(|code| code & 0xff);
        match code {
            Some(5 | 6) => Self::Locked {
                path,
                seconds: patience,
            },
            Some(3 | 8 | 14 | 23) => Self::ReadOnly { path, seen },
            Some(11 | 26) => Self::Damaged { path, seen },
            Some(13) => Self::Full { path },
            _ => Self::Other { path, seen },
        }
    }
}
