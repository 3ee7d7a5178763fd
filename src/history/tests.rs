//! Tests of the store as its callers use it.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

use super::*;

mod files;
mod keeping;
mod sending;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a literal date")
}

fn noon() -> DateTime<Utc> {
    at("2026-11-21T12:00:00Z")
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state").join("history.db");
    (folder, path)
}

fn minutes(number: i64) -> TimeDelta {
    TimeDelta::minutes(number)
}
