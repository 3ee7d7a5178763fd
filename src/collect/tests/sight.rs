//! The auditor's own sight: a list proves absence only where the auditor surely reads everything.

use serde_json::{Value, json};

use super::cloud::{Call, Reply};
use super::privileges::{except, proof, rows, run};
use super::rights::{of_people, row};
use super::tenant::estate;
use crate::model::{GapKind, Observed, Presence};

/// Which lists are cut short: the users', the roles'.
type Cut = (bool, bool);

fn of_sight(call: &Call) -> bool {
    call.path.contains("RetrieveUserSetOfPrivilegesByNames") && call.query.contains("ReadTeam")
}

fn of_metadata(call: &Call) -> bool {
    call.path.ends_with("/EntityDefinitions") && call.query.contains("systemuser")
}

/// The auditor reads users, roles and teams so far.
fn depths(user: &str, role: &str, team: &str) -> Reply {
    let told = [("systemuser", user), ("role", role), ("team", team)];
    let told: Vec<Value> = told
        .iter()
        .filter(|(_, depth)| !depth.is_empty())
        .map(|(table, depth)| row("Read", table, depth))
        .collect();
    rows(&told)
}

fn metadata(change: impl Fn(&mut Value)) -> Reply {
    let mut body: Value = serde_json::from_slice(&of_people().body).expect("JSON");
    change(&mut body);
    Reply::json(200, &body)
}

#[tokio::test]
async fn lists_are_whole_only_for_an_auditor_of_the_whole_organisation() {
    type Case = (&'static str, fn(&Call) -> Option<Reply>, Cut, GapKind);
    fn told(call: &Call, reply: fn() -> Reply) -> Option<Reply> {
        of_sight(call).then(reply)
    }
    fn meta(call: &Call, reply: fn() -> Reply) -> Option<Reply> {
        of_metadata(call).then(reply)
    }
    let cases: [Case; 12] = [
        ("all of it", |_| None, (false, false), GapKind::Denied),
        (
            "its unit's users",
            |call| told(call, || depths("Local", "Global", "Global")),
            (true, false),
            GapKind::Denied,
        ),
        (
            "its units' users",
            |call| told(call, || depths("Deep", "Global", "Global")),
            (true, false),
            GapKind::Denied,
        ),
        (
            "itself",
            |call| told(call, || depths("Basic", "Global", "Global")),
            (true, false),
            GapKind::Denied,
        ),
        (
            "its unit's roles",
            |call| told(call, || depths("Global", "Local", "Global")),
            (false, true),
            GapKind::Denied,
        ),
        (
            "no teams",
            |call| told(call, || depths("Global", "Global", "")),
            (false, true),
            GapKind::Denied,
        ),
        (
            "refused",
            |call| told(call, || Reply::error(403, "0x80040220")),
            (true, true),
            GapKind::Denied,
        ),
        (
            "an odd depth",
            |call| told(call, || depths("RecordFilter", "Global", "Global")),
            (true, false),
            GapKind::Malformed,
        ),
        (
            "down",
            |call| told(call, || Reply::error(400, "x")),
            (true, true),
            GapKind::Unrecognised,
        ),
        (
            "no metadata",
            |call| meta(call, || Reply::error(403, "0x80040220")),
            (true, true),
            GapKind::Denied,
        ),
        (
            "no such table",
            |call| meta(call, || metadata(|body| body["value"] = json!([]))),
            (true, true),
            GapKind::Malformed,
        ),
        (
            "a table without privileges",
            |call| {
                meta(call, || {
                    metadata(|body| body["value"][1]["Privileges"] = json!([]))
                })
            },
            (true, false),
            GapKind::Malformed,
        ),
    ];
    for (name, odd, (users, roles), kind) in cases {
        let (_, snapshot) = run(&estate(), except(odd)).await;
        let environment = &snapshot.environments["prod"];
        let proof = proof(&snapshot);
        let own = &snapshot.auditors["contoso"].dataverse_roles["prod"];
        for (list, gap, cut) in [
            ("users", &environment.application_users.gap, users),
            ("roles", &proof.roles.gap, roles),
            ("its own roles", &own.gap, roles),
        ] {
            let found = gap.as_ref().map(|gap| gap.kind);
            assert_eq!(found, cut.then_some(kind), "{name}: {list}: {gap:?}");
            let grant = gap.as_ref().is_some_and(|gap| gap.missing.is_some());
            assert_eq!(grant, cut && kind == GapKind::Denied, "{name}: {list}");
        }
        // What is named is there all the same.
        assert!(
            matches!(proof.user, Observed::Known(Presence::Present(_))),
            "{name}"
        );
        assert_eq!(proof.roles.items.len(), 2, "{name}");
    }
}

/// A credential that reads its own roles does not say how many of them it sees.
#[tokio::test]
async fn what_a_credential_sees_of_itself_is_never_the_whole() {
    let (_, snapshot) = run(
        &estate(),
        except(|call| {
            let own = call
                .token
                .as_deref()
                .is_some_and(|token| !is_auditors(token));
            (call.path.contains("_association") && !own).then(|| Reply::error(403, "0x80040220"))
        }),
    )
    .await;
    let proof = proof(&snapshot);
    assert_eq!(proof.roles.items.len(), 2);
    let gap = proof.roles.gap.as_ref().expect("it is cut short");
    assert_eq!(gap.kind, GapKind::Denied);
    assert!(gap.missing.is_some(), "{gap}");
}

fn is_auditors(token: &str) -> bool {
    use base64::Engine;
    let payload = token.split('.').nth(1).unwrap_or_default();
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload);
    String::from_utf8(payload.expect("base64"))
        .expect("text")
        .contains(super::tenant::AUDITOR)
}
