//! The policy reader, tried on the built-in policies, on stacks of files and on bad ones.

mod bad;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use crate::model::{Severity, Tier};
use crate::policy::{BUILT_IN, Policy, UnknownMode, baseline, builtin};
use crate::source::{Problem, SourceFile};

use super::parse;

/// Reads the file called `first` out of a folder that is given as a list.
fn read(first: &str, files: &[(&str, &str)]) -> Result<Policy, Vec<Problem>> {
    let files: BTreeMap<String, Arc<SourceFile>> = files
        .iter()
        .map(|(name, text)| {
            let file = SourceFile {
                name: (*name).to_owned(),
                text: (*text).to_owned(),
            };
            ((*name).to_owned(), Arc::new(file))
        })
        .collect();
    parse(&files[first], &|path| {
        files
            .get(path)
            .cloned()
            .ok_or_else(|| format!("there is no {path}"))
    })
}

fn good(text: &str) -> Policy {
    read("policy.toml", &[("policy.toml", text)]).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn every_built_in_policy_is_readable_and_has_no_places() {
    for (name, _) in BUILT_IN {
        let policy = builtin(name).expect(name);
        assert_eq!(policy.name, name);
        for settings in policy.checks.values() {
            assert!(settings.place.is_none() && settings.param_places.is_empty());
        }
    }
    assert!(builtin("lenient").is_none());
}

#[test]
fn the_three_differ_where_they_should() {
    let params = |policy: &Policy, check: &str| json!(policy.checks[check].params);
    let (base, strict, relaxed) = (
        baseline(),
        builtin("strict").expect("strict"),
        builtin("relaxed").expect("relaxed"),
    );
    assert_eq!(
        (base.fail_on, base.unknown),
        (Severity::High, UnknownMode::Incomplete)
    );
    assert_eq!(
        (strict.fail_on, relaxed.fail_on),
        (Severity::Medium, Severity::High)
    );
    let bands = json!({ "within-days": { "low": 60, "medium": 30, "high": 14, "critical": 7 } });
    assert_eq!(params(&base, "credential-expiring"), bands);
    assert_eq!(params(&relaxed, "credential-expiring"), bands);
    assert_eq!(
        params(&strict, "credential-expiring"),
        json!({ "within-days": { "low": 90, "medium": 60, "high": 30, "critical": 14 } })
    );
    for (policy, days) in [(&base, 180), (&strict, 90), (&relaxed, 730)] {
        assert_eq!(
            params(policy, "credential-lifetime-too-long"),
            json!({ "max-days": { "secret": days, "certificate": days } })
        );
        assert_eq!(
            params(policy, "vault-expiry-after-entra"),
            json!({ "tolerance-hours": 24 })
        );
    }
}

#[test]
fn what_a_file_leaves_out_comes_from_beneath() {
    let policy = good(
        "version = 1\nunknown = \"report\"\n[checks.credential-expiring]\nseverity = \"low\"\n\
         tiers = [\"test\", \"production\"]\nwithin-days = { low = 45 }\n\
         [checks.new-one]\nenabled = false\nunknown = \"report\"\nlist = [1, 2.5, \"a\", true]\n",
    );
    assert_eq!(policy.name, "policy.toml");
    assert_eq!(
        (policy.fail_on, policy.unknown),
        (Severity::High, UnknownMode::Report)
    );
    let expiring = &policy.checks["credential-expiring"];
    assert_eq!(
        json!(expiring.params),
        json!({ "within-days": { "low": 45, "medium": 30, "high": 14, "critical": 7 } })
    );
    assert_eq!(expiring.severity, Some(Severity::Low));
    assert_eq!(
        expiring.tiers.as_deref(),
        Some(&[Tier::Production, Tier::Test][..])
    );
    assert_eq!(expiring.place.as_ref().expect("a place").line(), 3);
    let places: Vec<&str> = expiring.param_places.keys().map(String::as_str).collect();
    assert_eq!(places, ["within-days", "within-days.low"]);
    assert_eq!(expiring.param_places["within-days"].line(), 6);
    let new = &policy.checks["new-one"];
    assert_eq!(
        (new.enabled, new.unknown),
        (Some(false), Some(UnknownMode::Report))
    );
    assert_eq!(json!(new.params), json!({ "list": [1, 2.5, "a", true] }));
}

#[test]
fn files_are_found_beside_the_one_that_extends_them() {
    let waiver = |reason: &str| {
        format!(
            "[[waivers]]\ncheck = \"c\"\nresource = \"r\"\nreason = \"{reason}\"\nowner = \"o\"\nexpires = 2027-06-30\n"
        )
    };
    let team = format!(
        "version = 1\nextends = \"../group.toml\"\n{}",
        waiver("team")
    );
    let group = format!(
        "version = 1\nextends = \"strict\"\nfail-on = \"low\"\n{}",
        waiver("group")
    );
    let policy = read(
        "teams/a/policy.toml",
        &[("teams/a/policy.toml", &team), ("teams/group.toml", &group)],
    )
    .expect("readable");
    assert_eq!(policy.fail_on, Severity::Low);
    let reasons: Vec<&str> = policy
        .waivers
        .iter()
        .map(|waiver| waiver.reason.as_str())
        .collect();
    assert_eq!(reasons, ["team"]);
    assert_eq!(policy.waivers[0].expires.to_string(), "2027-06-30");
    assert_eq!(
        json!(policy.checks["credential-lifetime-too-long"].params),
        json!({ "max-days": { "secret": 90, "certificate": 90 } })
    );
}

#[test]
fn a_circle_and_a_missing_file_are_told() {
    let circle = read(
        "a.toml",
        &[
            ("a.toml", "version = 1\nextends = \"b.toml\"\n"),
            ("b.toml", "version = 1\nextends = \"./x/../a.toml\"\n"),
        ],
    )
    .expect_err("a circle");
    assert_eq!(circle.len(), 1);
    assert_eq!(
        circle[0].message,
        "this policy extends itself: a.toml -> b.toml -> a.toml"
    );
    assert_eq!(
        circle[0].place.as_ref().expect("a place").file.name,
        "b.toml"
    );
    let missing = read(
        "a.toml",
        &[("a.toml", "version = 1\nextends = \"b.toml\"\n")],
    )
    .expect_err("missing");
    assert_eq!(
        missing[0].message,
        "the policy it extends could not be read: there is no b.toml"
    );
}

#[test]
fn a_file_may_bear_the_name_of_a_built_in_policy() {
    let text = "version = 1\nextends = \"baseline\"\n";
    assert!(read("baseline", &[("baseline", text)]).is_ok());
}

#[test]
fn a_resolver_that_invents_files_comes_to_an_end() {
    let next = std::cell::Cell::new(0);
    let invent = |_: &str| {
        next.set(next.get() + 1);
        Ok(Arc::new(SourceFile {
            name: format!("{}.toml", next.get()),
            text: format!("version = 1\nextends = \"{}.toml\"\n", next.get() + 1000),
        }))
    };
    let first = invent("").expect("a file");
    let problems = parse(&first, &invent).expect_err("too deep");
    assert_eq!(
        problems[0].message,
        "more than 16 policies extend one another"
    );
}
