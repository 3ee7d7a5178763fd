//! No secret leaves memory: every value planted in a tenant is looked for in everything that comes out.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credaudit::inside::{BUSINESS_CANARY, SECRET_CANARY, Scenario};

use crate::binary::{path, run};

/// Every planted value, in each form it could appear in.
fn planted(scenario: &str) -> Vec<String> {
    let scenario = Scenario::builtin(scenario).unwrap();
    let mut forms: Vec<String> = vec![SECRET_CANARY.to_owned(), BUSINESS_CANARY.to_owned()];
    for secret in scenario.secrets() {
        let escaped: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        // Entra shows the first three characters as a hint; five are more than anybody may see.
        forms.push(secret.chars().take(5).collect());
        forms.extend([STANDARD.encode(&secret), escaped, secret]);
    }
    // The start of every JSON Web Token and of its base64 form in a header.
    forms.push("eyJ0eX".to_owned());
    forms.push("eyJhbGciOi".to_owned());
    // Private keys: in PEM, and the start of their DER forms in base64 (PKCS#8 and PKCS#1, RSA 2048).
    for key in [
        "PRIVATE KEY",
        "MIIEvQIBADAN",
        "MIIEvgIBADAN",
        "MIIEpAIBAA",
        "MIIEowIBAA",
    ] {
        forms.push(key.to_owned());
    }
    forms.retain(|form| form.len() >= 5);
    forms
}

fn assert_clean(what: &str, bytes: &[u8], forms: &[String]) {
    let text = String::from_utf8_lossy(bytes);
    for form in forms {
        if let Some(at) = text.find(form.as_str()) {
            let from = text[..at]
                .char_indices()
                .rev()
                .nth(60)
                .map_or(0, |(index, _)| index);
            panic!("{what} holds a planted value after: {}", &text[from..at]);
        }
    }
}

fn assert_folder_clean(folder: &Path, forms: &[String]) {
    let files = files_clean(folder, forms);
    assert!(files >= 7, "only {files} files were kept");
}

/// How many there are, those in folders of the folder with them.
fn files_clean(folder: &Path, forms: &[String]) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.is_dir() {
            files += files_clean(&file, forms);
            continue;
        }
        files += 1;
        let bytes = std::fs::read(&file).unwrap();
        assert_clean(&file.display().to_string(), &bytes, forms);
    }
    files
}

#[test]
fn no_planted_value_is_in_any_output_at_any_verbosity() {
    // Each verbosity says what the lower ones say; the tenant with the most to say has the most and the least.
    for (scenario, verbosities) in [("neglected", ["-q", "-vvvv"]), ("tidy", ["-v", "-vv"])] {
        let forms = planted(scenario);
        assert!(forms.len() > 40, "{}", forms.len());
        for verbosity in verbosities {
            let dir = tempfile::tempdir().unwrap();
            let keep = dir.path().join("kept");
            let shown = run(&[
                "demo",
                "--scenario",
                scenario,
                verbosity,
                "--keep",
                path(&keep),
            ]);
            assert!(!shown.stdout.is_empty());
            assert_clean("standard output", &shown.stdout, &forms);
            assert_clean("standard error", &shown.stderr, &forms);
            assert_folder_clean(&keep, &forms);
        }
    }
}

/// What an audit keeps of a neglected tenant.
#[cfg(target_os = "linux")]
#[test]
fn no_planted_value_is_in_the_history() {
    use crate::binary::credaudit;
    use crate::two_processes::Process;

    let dir = tempfile::tempdir().unwrap();
    let sim = Process::start(&["--scenario", "neglected", "--dir", path(dir.path())]);
    let audited = credaudit(&["audit", "-q", "-c"])
        .arg(dir.path().join("estate.toml"))
        .envs(sim.variables.clone())
        .env("XDG_STATE_HOME", dir.path().join("state"))
        .output()
        .unwrap();
    assert_eq!(audited.status.code(), Some(10));
    let kept = std::fs::read(dir.path().join("state/credaudit/history.db")).unwrap();
    assert!(String::from_utf8_lossy(&kept).contains("credaudit.assessment/"));
    assert_clean("the history", &kept, &planted("neglected"));
}

#[test]
fn the_looker_finds_what_it_looks_for() {
    let forms = planted("tidy");
    let secret = Scenario::builtin("tidy").unwrap().secrets().remove(0);
    let caught = std::panic::catch_unwind(|| {
        assert_clean(
            "a leak",
            format!("x {} y", STANDARD.encode(&secret)).as_bytes(),
            &forms,
        );
    });
    assert!(caught.is_err());
}
