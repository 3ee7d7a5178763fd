//! A printed line that stores a new secret inside a wrapper, run by bash and jq with a stub in the CLI's place.
#![cfg(unix)]

use std::process::Command;

use crate::commands::commands;
use crate::tenant::Tenant;

/// The Azure CLI's place: it shows the entry and its tags, gives out a secret and keeps what it is told to store.
const SHOWING: &str = r#"#!/usr/bin/env bash
set -u
here="$(dirname "$0")"
case "$*" in
*"credential reset"*) what=reset ;;
*"keyvault secret set"*) what=set ;;
*"--query tags"*) what=tags ;;
*"--query value"*) what=value ;;
*) what=other ;;
esac
[ "${FAILS:-}" != "$what" ] || { echo "stub: $what is refused" >&2; exit 1; }
printf '%s\n' "$what" >>"$here/calls"
case "$what" in
reset) printf '%s\n' 'it'"'"'s;"$new" \n=' ;;
set) printf '%s\n' "$@" >"$here/arguments"; cat >"$here/stored" ;;
tags | value) cat "$here/$what" ;;
esac
"#;

/// What the stub makes.
const MADE: &str = "it's;\"$new\" \\n=";

/// The tidy tenant with an entry that holds this text, none of the registration's secrets in it.
async fn wrapped(text: &str, field: &str) -> String {
    let mut tenant = Tenant::tidy();
    let stored = tenant.stored("kv-contoso-crm-prod", "erp-bridge-secret");
    stored.remove("holds");
    stored.insert("text".into(), text.into());
    let tags: toml::Table = "team = \"ERP bridge\"\ncost = \"a=b, c\"".parse().unwrap();
    stored.insert("tags".into(), tags.into());
    let credential: toml::Table = format!("secret = \"crm-prod/erp-bridge-secret\"\n{field}")
        .parse()
        .unwrap();
    let registration = tenant.registration("erp-bridge");
    registration.insert("credential".into(), credential.into());
    let steps = commands(&tenant.audit().await.assessment).steps;
    let fits = |line: &&String| {
        line.contains("credential reset") && line.contains("--name erp-bridge-secret")
    };
    let lines: Vec<&String> = steps.iter().filter(fits).collect();
    assert_eq!(lines.len(), 1, "{steps:#?}");
    assert!(lines[0].contains("jq "), "{}", lines[0]);
    lines[0].clone()
}

/// A folder with the stub, and what the entry holds.
struct Stub {
    folder: tempfile::TempDir,
}

impl Stub {
    fn new(value: &str) -> Self {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let stub = folder.path().join("az");
        std::fs::write(&stub, SHOWING).unwrap();
        std::fs::set_permissions(&stub, std::fs::Permissions::from_mode(0o755)).unwrap();
        let shown = serde_json::Value::from(value).to_string();
        std::fs::write(folder.path().join("value"), shown).unwrap();
        let tags = r#"{"cost": "a=b, c", "team": "ERP bridge"}"#;
        std::fs::write(folder.path().join("tags"), tags).unwrap();
        Self { folder }
    }

    /// The output, what was stored, and which calls were made.
    fn run(&self, line: &str, fails: &str) -> (std::process::Output, Option<String>, String) {
        let file = |name: &str| self.folder.path().join(name);
        for name in ["stored", "calls", "arguments"] {
            let _ = std::fs::remove_file(file(name));
        }
        let path = format!(
            "{}:/usr/local/bin:/usr/bin:/bin",
            self.folder.path().display()
        );
        let output = Command::new("bash")
            .env_clear()
            .env("PATH", path)
            .env("FAILS", fails)
            .args(["-c", line])
            .output()
            .expect("bash is there");
        let calls = std::fs::read_to_string(file("calls")).unwrap_or_default();
        (output, std::fs::read_to_string(file("stored")).ok(), calls)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs jq"]
async fn what_goes_into_a_wrapper_leaves_the_rest_of_it_as_it_is() {
    let json = r#"{"dataverse": {"clientId": "5f0a2535-6b4d-49c9-a4ae-174d681d5071", "clientSecret": "stale-value-of-forty-letters-0123456789"}, "zeta": [1, "\u00e9 \\ \""], "alpha": null}"#;
    let mut changed: serde_json::Value = serde_json::from_str(json).unwrap();
    changed["dataverse"]["clientSecret"] = MADE.into();
    let line = wrapped(json, "field = \"dataverse.clientSecret\"").await;
    let stub = Stub::new(json);
    let (output, stored, _) = stub.run(&line, "");
    assert!(output.status.success(), "{line}\n{output:?}");
    assert!(output.stdout.is_empty(), "{line} shows the secret");
    let stored = stored.expect("something is stored");
    let stored: serde_json::Value = serde_json::from_str(&stored).expect("JSON as before");
    assert_eq!(stored, changed);
    // The tags stay, each one word.
    let arguments = std::fs::read_to_string(stub.folder.path().join("arguments")).unwrap();
    for tag in ["cost=a=b, c", "team=ERP bridge"] {
        assert!(arguments.lines().any(|one| one == tag), "{arguments}");
    }
    assert!(!arguments.contains(MADE), "the secret is no argument");
    for part in ["tags", "value", "reset", "set"] {
        let (output, stored, calls) = stub.run(&line, part);
        assert!(
            !output.status.success(),
            "{part} fails, and the line does not"
        );
        assert!(!output.stderr.is_empty(), "{part}");
        assert_eq!(stored, None, "{part}");
        let made = calls.lines().any(|call| call == "reset");
        assert_eq!(made, part == "set", "{part}: made before all is looked at");
    }
    // An entry that is another by now: nothing is made, since it could not be stored.
    for other in ["", "null", "not JSON", "{\"dataverse\":{}}", "[1]"] {
        let (output, stored, calls) = Stub::new(other).run(&line, "");
        assert!(!output.status.success(), "{other}");
        assert_eq!((stored, calls.contains("reset")), (None, false), "{other}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs jq"]
async fn a_connection_string_keeps_its_other_pairs() {
    let text = |secret: &str| {
        format!(
            "AuthType=ClientSecret;Url=https://contoso.crm4.dynamics.com; ClientId=5f0a2535-6b4d-49c9-a4ae-174d681d5071;ClientSecret={secret};RequireNewInstance=true"
        )
    };
    let before = text("stale-value-of-forty-letters-0123456789");
    let line = wrapped(&before, "field = \"ClientSecret\"").await;
    let (output, stored, _) = Stub::new(&before).run(&line, "");
    assert!(output.status.success(), "{line}\n{output:?}");
    assert_eq!(stored, Some(text(MADE)));
    // Without its pair, or with two of them, nothing is made.
    for other in ["AuthType=ClientSecret", &format!("{before};ClientSecret=x")] {
        let (output, stored, calls) = Stub::new(other).run(&line, "");
        assert!(!output.status.success(), "{other}");
        assert_eq!((stored, calls.contains("reset")), (None, false), "{other}");
    }
}
