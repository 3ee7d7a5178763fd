//! What a refused read still lets be known, and what helps.

use super::api::{ReadSecret, VaultError};
use super::grants::{Right, refused};
use super::map::entry;
use crate::evidence::{EntryAttributes, ListedSecret, VaultEntry};
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
        None,
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
            "the auditor",
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
