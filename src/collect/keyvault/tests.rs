//! What a refused read still lets be known, and what helps.

use serde_json::json;

use super::api::ReadSecret;
use super::error::VaultError;
use super::grants::{Right, refused};
use super::map::entry;
use super::place::Place;
use crate::collect::tests::spoiled;
use crate::evidence::{EntryAttributes, ListedSecret, VaultEntry};
use crate::model::grant::Identity;
use crate::model::{Gap, GapKind, Listing, Observed, Presence};

fn attributes(enabled: bool) -> EntryAttributes {
    EntryAttributes {
        version: None,
        enabled,
        not_before: None,
        expires: None,
        created: None,
        updated: None,
        content_type: Some("text/plain".into()),
        managed: false,
        recovery_level: None,
        tags: Vec::new(),
        owner: None,
        client_id: None,
    }
}

fn answered(status: u16, code: &str) -> Result<ReadSecret, VaultError> {
    Err(VaultError::Answered {
        status,
        code: Some(code.into()),
        length: 99,
    })
}

fn map(
    read: &Result<ReadSecret, VaultError>,
    list: &Listing<ListedSecret>,
) -> Observed<Presence<VaultEntry>> {
    entry(
        "raia",
        read,
        Gap::new(GapKind::Denied, "denied"),
        Err(Gap::new(GapKind::NotReached, "not read")),
        list,
    )
}

#[test]
fn what_a_refused_read_leaves_open_comes_from_the_list() {
    let listed = Listing::complete(vec![ListedSecret {
        name: "RAIA".into(),
        attributes: attributes(true),
    }]);
    let whole = Listing::complete(Vec::new());
    let refused_list =
        Listing::cut_short(Vec::new(), Gap::new(GapKind::Denied, "the list is refused"));
    let rbac = answered(403, "ForbiddenByRbac");
    let Observed::Known(Presence::Present(entry)) = map(&rbac, &listed) else {
        panic!("the list names it");
    };
    assert!(entry.attributes.known().is_some_and(|all| all.enabled));
    assert_eq!(
        entry.content.gap().map(|gap| gap.kind),
        Some(GapKind::Denied)
    );
    assert_eq!(map(&rbac, &whole), Observed::Known(Presence::Absent));
    assert_eq!(
        map(&rbac, &refused_list).gap().map(|gap| gap.kind),
        Some(GapKind::Denied)
    );
    assert_eq!(
        map(&answered(404, "SecretNotFound"), &refused_list),
        Observed::Known(Presence::Absent)
    );
    // A 404 without the code has no authority.
    assert!(
        map(&answered(404, "NotFound"), &refused_list)
            .gap()
            .is_some()
    );
    for list in [&listed, &refused_list] {
        let Observed::Known(Presence::Present(entry)) = map(&answered(403, "SecretDisabled"), list)
        else {
            panic!("a disabled secret exists");
        };
        assert_eq!(entry.enabled, Observed::Known(false));
        assert_eq!(
            entry.content.gap().map(|gap| gap.kind),
            Some(GapKind::NotReached)
        );
    }
}

#[test]
fn each_refusal_says_what_helps() {
    let words = |status, code: &str| {
        let error = answered(status, code).err().expect("an error");
        refused(
            "the read",
            "kv.vault.azure.net",
            &Identity {
                name: "the auditor".to_owned(),
                to: None,
            },
            Right::ReadValue,
            &error,
        )
    };
    let firewall = words(403, "ForbiddenByFirewall");
    assert_eq!(firewall.kind, GapKind::Denied);
    assert!(firewall.remedy.is_some_and(|fix| fix.contains("firewall")));
    let policy = words(403, "AccessDenied");
    assert!(
        policy
            .remedy
            .is_some_and(|fix| fix.contains("access policy permission Get"))
    );
    assert_eq!(words(429, "Throttled").kind, GapKind::Throttled);
    let odd = words(418, "Teapot");
    assert_eq!(odd.kind, GapKind::Unrecognised);
    assert_eq!(odd.seen, "the read answered 418 Teapot");
}

/// The read of a secret, as it is judged.
fn brought(body: &[u8]) -> Result<ReadSecret, VaultError> {
    let place = Place {
        host: "kv.vault.azure.net",
        collection: "secrets",
        name: Some("raia"),
    };
    let odd = |_| VaultError::odd("a read", "no secret");
    super::api::brought("a read", place, serde_json::from_slice(body).map_err(odd)?)
}

#[test]
fn no_spoiled_answer_of_success_is_a_secret() {
    let right = json!({"value": "canary", "attributes": {"enabled": true},
        "id": "https://kv.vault.azure.net/secrets/raia/0123456789abcdef"});
    assert!(brought(right.to_string().as_bytes()).is_ok());
    for (what, answer) in spoiled::forms(&right) {
        // The status is judged before; and an entry may be empty: its content says so.
        if answer.status != 200 || what == "right, and an error" || what == "value is \"\"" {
            continue;
        }
        let error = brought(&answer.body).map(|_| ()).expect_err(&what);
        let VaultError::Gap(gap) = error else {
            panic!("{what}");
        };
        assert_eq!(gap.kind, GapKind::Malformed, "{what}");
        assert!(!gap.seen.contains("canary"), "{what}: {gap}");
    }
    for id in [
        "https://kv.vault.azure.net/secrets/raia",
        "https://kv.vault.azure.net/secrets/other/0123456789abcdef",
        "https://kv2.vault.azure.net/secrets/raia/0123456789abcdef",
    ] {
        let mut other = right.clone();
        other["id"] = json!(id);
        assert!(brought(other.to_string().as_bytes()).is_err(), "{id}");
    }
}
