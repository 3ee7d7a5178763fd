//! Rules for credentials of applications: those in force, with their limits in days.

use serde_json::{Value, json};

use crate::collect::fields::Fields;
use crate::collect::graph::policy::policy;
use crate::evidence::AppPolicy;
use crate::model::Gap;

fn rule(kind: &str, most: &Value) -> Value {
    json!({"restrictionType": kind, "maxLifetime": most, "state": "enabled",
        "restrictForAppsCreatedAfterDateTime": null})
}

fn read(secrets: &Value, keys: &Value) -> Result<AppPolicy, Gap> {
    let value = json!({"isEnabled": true,
        "restrictions": {"passwordCredentials": secrets, "keyCredentials": keys}});
    policy(Fields::new(&value, "the policy"), "restrictions")
}

#[test]
fn rules_in_force_are_told_with_their_limits() {
    let mut disabled = rule("passwordAddition", &json!(null));
    disabled["state"] = json!("disabled");
    let mut older = rule("passwordLifetime", &json!("P180D"));
    older.as_object_mut().expect("an object").remove("state");
    older["restrictForAppsCreatedAfterDateTime"] = json!("2019-10-19T10:37:00Z");
    let read = read(
        &json!([older, disabled]),
        &json!([
            rule("trustedCertificateAuthority", &json!(null)),
            rule("asymmetricKeyLifetime", &json!("P1Y"))
        ]),
    )
    .expect("a policy");
    let told: Vec<_> = read
        .restrictions
        .iter()
        .map(|rule| {
            (
                rule.kind.as_str(),
                rule.max_days,
                rule.created_after.is_some(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("asymmetricKeyLifetime", Some(365), false),
            ("passwordLifetime", Some(180), true),
            ("trustedCertificateAuthority", None, false),
        ]
    );
    assert!(read.enabled);
}

#[test]
fn an_odd_rule_leaves_the_policy_unknown() {
    let refused = |value: Value, field: &str| {
        let gap = read(&json!([value]), &json!([])).expect_err(field);
        assert!(gap.seen.contains(field), "{gap}");
    };
    refused(
        rule("passwordLifetime", &json!("half a year")),
        "maxLifetime",
    );
    refused(rule("passwordLifetime", &json!(180)), "maxLifetime");
    refused(rule("passwordLifetime", &json!(null)), "maxLifetime");
    refused(json!({"maxLifetime": null}), "restrictionType");
    let mut odd = rule("passwordAddition", &json!(null));
    odd["state"] = json!(true);
    refused(odd, "state");
    let mut odd = rule("passwordAddition", &json!(null));
    odd["restrictForAppsCreatedAfterDateTime"] = json!("long ago");
    refused(odd, "restrictForAppsCreatedAfterDateTime");
    assert!(read(&json!(null), &json!([])).is_err());
    let bare = json!({"isEnabled": "yes", "restrictions": null});
    assert!(policy(Fields::new(&bare, "it"), "restrictions").is_err());
    let bare = json!({"isEnabled": false, "restrictions": null});
    let none = policy(Fields::new(&bare, "it"), "restrictions").expect("a policy");
    assert_eq!((none.enabled, none.restrictions.len()), (false, 0));
    assert!(policy(Fields::new(&bare, "it"), "applicationRestrictions").is_err());
}
