//! The schemas against the files they describe: examples, built-in estates and policies, real outputs.
#![expect(clippy::disallowed_methods, reason = "tests read what the demo wrote")]

use std::sync::Arc;

use credaudit::inside::{CHECKS, POLICIES, Scenario, SourceFile, parse_estate, parse_policy};
use jsonschema::Validator;
use serde_json::Value;

use crate::binary::{code, run, stdout};
use crate::kept::kept;

fn schema(of: &str) -> Validator {
    let printed = run(&["schema", of]);
    assert_eq!(code(&printed), 0);
    let schema: Value = serde_json::from_str(&stdout(&printed)).unwrap();
    jsonschema::meta::validate(&schema).expect("a sound schema");
    jsonschema::validator_for(&schema).unwrap()
}

/// TOML as an editor hands it to a schema: dates are strings.
fn json(toml: &toml::Value) -> Value {
    match toml {
        toml::Value::Datetime(moment) => Value::String(moment.to_string()),
        toml::Value::Array(list) => list.iter().map(json).collect(),
        toml::Value::Table(table) => table
            .iter()
            .map(|(key, value)| (key.clone(), json(value)))
            .collect(),
        plain => serde_json::to_value(plain).unwrap(),
    }
}

fn parsed(text: &str) -> Value {
    json(&toml::Value::Table(text.parse().unwrap()))
}

fn faults(schema: &Validator, instance: &Value) -> Vec<String> {
    let fault =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    schema.iter_errors(instance).map(fault).collect()
}

#[test]
fn good_estates_fit_their_schema() {
    let schema = schema("estate");
    for text in [
        include_str!("../fixtures/estate.example.toml"),
        Scenario::estate("tidy").unwrap(),
        Scenario::estate("neglected").unwrap(),
    ] {
        assert_eq!(faults(&schema, &parsed(text)), [""; 0]);
        assert!(estate_loads(text));
    }
}

fn file(text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile {
        name: "a.toml".to_owned(),
        text: text.to_owned(),
    })
}

fn estate_loads(text: &str) -> bool {
    parse_estate(&file(text)).is_ok()
}

#[test]
fn bad_estates_do_not() {
    let schema = schema("estate");
    let good = include_str!("../fixtures/estate.example.toml");
    for (from, to) in [
        ("version = 1", "version = 2"),
        ("version = 1", ""),
        ("tier = \"production\"", "tier = \"prod\""),
        ("cloud = \"public\"", "cloud = \"azure\""),
        (
            "id = \"8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001\"",
            "id = \"contoso.com\"",
        ),
        (
            "client-id = \"5b7a2f0e-2d35-4a55-8a64-0d3a51c60001\"",
            "client-id = \"5b7a\"",
        ),
        (
            "credential = { secret = \"crm-prod/raia-client-secret\" }",
            "credential = \"hunter2\"",
        ),
        (
            "credential = { secret = \"crm-prod/raia-client-secret\" }",
            "",
        ),
        ("url = \"https://", "url = \"http://"),
        ("owner = \"crm-platform@contoso.com\"", "owner = \"nobody\""),
        ("prove = \"always\"", "prove = \"sometimes\""),
        (
            "password = { env = \"CREDAUDIT_SMTP_PASSWORD\" }",
            "password = \"hunter2\"",
        ),
        ("tls = \"starttls\"", "tls = \"none\""),
        (
            "name = \"raia-contact-sync\"",
            "namee = \"raia-contact-sync\"",
        ),
        (
            "allow = { read = [\"contact\"",
            "allow = { raed = [\"contact\"",
        ),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from} stands nowhere");
        assert!(!schema.is_valid(&parsed(&bad)), "{to} fits");
        assert!(!estate_loads(&bad), "{to} loads");
    }
}

#[test]
fn policies_fit_theirs_and_bad_ones_do_not() {
    let schema = schema("policy");
    for (name, text) in POLICIES {
        assert_eq!(faults(&schema, &parsed(text)), [""; 0], "{name}");
    }
    let example = include_str!("../fixtures/policy.example.toml");
    assert_eq!(faults(&schema, &parsed(example)), [""; 0]);
    for bad in [
        "fail-on = \"high\"",
        "version = 1\nfail-on = \"severe\"",
        "version = 1\n[checks.credential-expird]\nenabled = false",
        "version = 1\n[checks.credential-expired]\nenabled = \"no\"",
        "version = 1\n[[waivers]]\ncheck = \"credential-expired\"",
    ] {
        assert!(!schema.is_valid(&parsed(bad)), "{bad}");
    }
}

/// Whether the reader takes a policy, and every check its parameters.
fn policy_loads(text: &str) -> bool {
    let none = |path: &str| Err(path.to_owned());
    let Ok(read) = parse_policy(&file(text), &none) else {
        return false;
    };
    read.checks.iter().all(|(id, settings)| {
        let params = Value::Object(settings.params.clone());
        let check = CHECKS.iter().find(|check| check.meta.id == id);
        check.is_some_and(|check| check.prepare(params).is_ok())
    })
}

#[test]
fn the_schema_knows_the_parameters_of_every_check_as_the_reader_does() {
    let schema = schema("policy");
    for (check, line, fits) in [
        ("credential-expiring", "within-days = { low = 90 }", true),
        ("credential-expiring", "within-days = 90", false),
        ("credential-expiring", "within-days = { lo = 90 }", false),
        ("credential-expiring", "enabled = false", true),
        ("rotation-overdue", "interval-days = 90", true),
        ("rotation-overdue", "interval-days = \"90\"", false),
        ("rotation-overdue", "interval-days = -1", false),
        ("rotation-overdue", "interval = 90", false),
        ("administrator-role", "equivalent-percent = 80", true),
        ("administrator-role", "equivalent-percent = 101", false),
        ("weak-certificate", "exportable = \"forbidden\"", true),
        ("weak-certificate", "exportable = \"never\"", false),
        (
            "auditor-overprivileged",
            "also-allowed = [\"Mail.Send\"]",
            true,
        ),
        ("auditor-overprivileged", "also-allowed = [1]", false),
        ("credential-expired", "max = 2", false),
        ("credential-expired", "tiers = []", false),
    ] {
        let text = format!("version = 1\n[checks.{check}]\n{line}\n");
        assert_eq!(schema.is_valid(&parsed(&text)), fits, "{check}: {line}");
        assert_eq!(policy_loads(&text), fits, "{check}: {line}");
    }
}

/// Keys that an editor would show without a word, by their place.
fn silent(schema: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(keys) = schema.get("properties").and_then(Value::as_object) {
        let silent = keys.iter().filter(|(_, key)| {
            let about = key.get("description").and_then(Value::as_str);
            about.is_none_or(|about| about.trim().is_empty())
        });
        found.extend(silent.map(|(key, _)| format!("{place}/{key}")));
    }
    match schema {
        Value::Object(members) => members
            .iter()
            .for_each(|(key, member)| silent(member, &format!("{place}/{key}"), found)),
        Value::Array(members) => members
            .iter()
            .for_each(|member| silent(member, place, found)),
        _ => {}
    }
}

#[test]
fn every_key_that_people_write_is_described() {
    for of in ["estate", "policy"] {
        let printed: Value = serde_json::from_str(&stdout(&run(&["schema", of]))).unwrap();
        let mut found = Vec::new();
        silent(&printed, "", &mut found);
        assert_eq!(found, [""; 0], "{of}");
    }
}

#[test]
fn what_the_demo_writes_fits_and_names_its_schemas() {
    let dir = tempfile::tempdir().unwrap();
    for scenario in ["tidy", "neglected"] {
        kept(scenario, dir.path());
        for (file, of) in [("snapshot.json", "snapshot"), ("report.json", "report")] {
            let text = std::fs::read_to_string(dir.path().join(file)).unwrap();
            let mut instance: Value = serde_json::from_str(&text).unwrap();
            let schema = schema(of);
            assert_eq!(faults(&schema, &instance), [""; 0], "{file} of {scenario}");
            instance.as_object_mut().unwrap().remove("format");
            assert!(!schema.is_valid(&instance), "{file} without its format");
        }
    }
    for what in ["estate", "policy"] {
        let text = std::fs::read_to_string(dir.path().join(format!("{what}.toml"))).unwrap();
        let line = text.lines().next().unwrap();
        let named = line.strip_prefix("#:schema ./").expect("a schema line");
        assert!(dir.path().join(named).exists(), "{named}");
    }
}
