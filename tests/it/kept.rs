//! What the demo keeps, made once a scenario: each test has a copy of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use crate::binary::{path, run};

/// One run of the demo.
struct Kept {
    output: Output,
    /// By the path inside the folder.
    files: BTreeMap<PathBuf, Vec<u8>>,
}

/// Lays what `demo --keep` writes of this scenario into `folder`; the output is its report in JSON.
pub(crate) fn kept(scenario: &'static str, folder: &Path) -> &'static Output {
    static NEGLECTED: OnceLock<Kept> = OnceLock::new();
    static TIDY: OnceLock<Kept> = OnceLock::new();
    let once = match scenario {
        "neglected" => &NEGLECTED,
        "tidy" => &TIDY,
        other => panic!("no test keeps the demo of {other}"),
    };
    let kept = once.get_or_init(|| keep(scenario));
    for (name, bytes) in &kept.files {
        let file = folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    &kept.output
}

fn keep(scenario: &str) -> Kept {
    let dir = tempfile::tempdir().unwrap();
    let folder = path(dir.path());
    let arguments = ["demo", "--scenario", scenario, "--keep", folder];
    let output = run(&[&arguments[..], &["--format", "json"]].concat());
    let mut files = BTreeMap::new();
    read(dir.path(), dir.path(), &mut files);
    Kept { output, files }
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.is_dir() {
            read(root, &file, files);
            continue;
        }
        let name = file.strip_prefix(root).unwrap().to_owned();
        files.insert(name, std::fs::read(&file).unwrap());
    }
}
