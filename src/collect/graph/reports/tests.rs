//! Odd lines of the sign-in reports: each is a gap of its own.

use serde_json::{Value, json};

use super::{Reports, last_use, missing_in};
use crate::evidence::LastUse;
use crate::model::{Gap, GapKind, Listing, Observed};
use crate::reference::cloud::Cloud;

const CLIENT: &str = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001";
const KEY: &str = "aaaaaaaa-0000-4000-8000-000000000001";

fn reports(credentials: Vec<Value>, clients: Vec<Value>) -> Reports {
    Reports {
        credentials: last_use::credentials(Listing::complete(credentials)),
        clients: last_use::clients(Listing::complete(clients)),
    }
}

fn key_used(lines: Vec<Value>) -> Observed<LastUse> {
    let reports = reports(lines, Vec::new());
    let mut credential = credential();
    reports.with_last_use(CLIENT, &mut credential);
    credential.last_use
}

fn credential() -> crate::evidence::Credential {
    serde_json::from_value(json!({"key-id": KEY.to_uppercase(), "kind": "secret",
        "end": {"unknown": {"kind": "not-reached", "seen": "it"}},
        "matches-stored": {"unknown": {"kind": "not-reached", "seen": "it"}},
        "last-use": {"unknown": {"kind": "not-reached", "seen": "it"}}}))
    .expect("a literal credential")
}

fn line(activity: &Value) -> Value {
    json!({"appId": CLIENT.to_uppercase(), "keyId": KEY, "signInActivity": activity})
}

fn client(activities: Value) -> Observed<LastUse> {
    let mut line = activities;
    line["appId"] = json!(CLIENT);
    reports(Vec::new(), vec![line]).last_sign_in(CLIENT)
}

fn day(day: u32) -> Value {
    json!({"lastSignInDateTime": format!("2026-11-{day:02}T06:00:00Z")})
}

fn at(day: u32) -> Observed<LastUse> {
    let text = format!("2026-11-{day:02}T06:00:00Z");
    Observed::Known(LastUse::At(text.parse().expect("a date")))
}

#[test]
fn both_spellings_of_type_and_end_are_taken() {
    for (kind, end) in [
        ("clientSecret", "expirationDateTime"),
        ("secret", "expirationDate"),
        ("password", "expirationDateTime"),
    ] {
        let mut line = line(&day(3));
        line["keyType"] = json!(kind);
        line[end] = json!("2027-01-01T00:00:00Z");
        assert_eq!(key_used(vec![line]), at(3));
    }
}

#[test]
fn an_odd_line_leaves_its_own_credential_open_and_no_other() {
    for odd in [
        json!(null),
        json!({}),
        json!("yesterday"),
        json!({"lastSignInDateTime": null}),
        json!({"lastSignInDateTime": "2021-03-18T00:00:00-8:00"}),
        json!({"lastSignInDateTime": 7}),
    ] {
        let used = key_used(vec![line(&odd)]);
        assert_eq!(
            used.gap().map(|gap| gap.kind),
            Some(GapKind::Malformed),
            "{odd}"
        );
        let mut other = line(&odd);
        other["keyId"] = json!("aaaaaaaa-0000-4000-8000-000000000002");
        let never = Observed::Known(LastUse::NotReported);
        assert_eq!(key_used(vec![other]), never, "{odd}");
        assert!(key_used(vec![line(&day(3)), line(&odd)]).gap().is_some());
    }
}

#[test]
fn a_line_that_names_nobody_may_be_anybodys() {
    let mut nameless = line(&day(3));
    nameless["keyId"] = json!(null);
    let used = key_used(vec![nameless.clone()]);
    assert!(
        used.gap()
            .is_some_and(|gap| gap.seen.contains("keyId is null"))
    );
    assert_eq!(key_used(vec![nameless, line(&day(4))]), at(4));
}

#[test]
fn of_several_lines_the_newest_counts() {
    let lines = [5, 9, 2].map(|number| line(&day(number)));
    assert_eq!(key_used(lines.into()), at(9));
}

#[test]
fn a_key_id_under_another_client_is_another_credential() {
    let mut foreign = line(&day(3));
    foreign["appId"] = json!("5b7a2f0e-2d35-4a55-8a64-0d3a51c60002");
    assert_eq!(
        key_used(vec![foreign]),
        Observed::Known(LastUse::NotReported)
    );
}

#[test]
fn only_uses_as_a_client_count() {
    let never = json!({"lastSignInDateTime": null});
    assert_eq!(
        client(
            json!({"applicationAuthenticationClientSignInActivity": day(3),
            "delegatedClientSignInActivity": day(7),
            "applicationAuthenticationResourceSignInActivity": day(12), "lastSignInActivity": day(12)})
        ),
        at(7)
    );
    assert_eq!(
        client(
            json!({"applicationAuthenticationClientSignInActivity": never,
            "delegatedClientSignInActivity": null,
            "delegatedResourceSignInActivity": day(12), "lastSignInActivity": day(12)})
        ),
        Observed::Known(LastUse::NotReported)
    );
    // Without the second way, a later use may have been that one.
    assert_eq!(
        client(
            json!({"applicationAuthenticationClientSignInActivity": day(3), "lastSignInActivity": day(3)})
        ),
        at(3)
    );
    for untold in [
        json!({"applicationAuthenticationClientSignInActivity": day(3), "lastSignInActivity": day(9)}),
        json!({"lastSignInActivity": day(9)}),
        json!({"applicationAuthenticationClientSignInActivity": {"lastSignInDateTime": "soon"},
            "delegatedClientSignInActivity": never, "lastSignInActivity": day(9)}),
        json!({}),
    ] {
        assert!(client(untold.clone()).gap().is_some(), "{untold}");
    }
}

#[test]
fn what_was_not_read_is_unknown_for_its_reason() {
    let gap = Gap::new(GapKind::Denied, "refused");
    assert_eq!(
        Reports::unknown(&gap).last_sign_in(CLIENT),
        Observed::Unknown(gap)
    );
    assert_eq!(missing_in(Cloud::Public), None);
    for cloud in [Cloud::UsGovernment, Cloud::UsDod, Cloud::China] {
        let gap = missing_in(cloud).expect("no report there");
        assert_eq!(gap.kind, GapKind::NotLicensed);
        assert!(gap.seen.contains("in the public cloud only"));
    }
}
