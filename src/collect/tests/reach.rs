//! How far roles reach, the auditor's own roles, and business units: what is asked, and odd answers.

use serde_json::{Value, json};

use super::cloud::{Call, Reply};
use super::privileges::{except, proof, rows, run};
use super::rights::{is_asked, row};
use super::tenant::{ALLOWED, estate, tidy};
use crate::evidence::Share;

/// A name, and what is answered.
type Case = (&'static str, fn() -> Reply);

#[tokio::test]
async fn a_role_is_measured_once_against_the_products_administrators() {
    let (cloud, snapshot) = run(&estate(), tidy).await;
    for role in &proof(&snapshot).roles.items {
        let reach = role.reach.as_ref().expect("asked").known().expect("known");
        assert_eq!(reach.administrator, Share { held: 3, of: 24 });
        // A write for a business unit is no power over the organisation.
        assert_eq!(reach.customizer, Share { held: 1, of: 8 });
        assert!(reach.together.is_none(), "own and by team, it is one role");
    }
    let own = &snapshot.auditors["contoso"].dataverse_roles["prod"];
    assert_eq!(own.whole().expect("whole").len(), 2, "the auditor's own");
    // Three roles: the user's and its team's are one and the same, and so are the auditor's.
    let asked = |part: &str| {
        cloud
            .calls()
            .iter()
            .filter(|call| call.path.contains(part))
            .count()
    };
    assert_eq!(asked("RetrieveRolePrivilegesRole"), 3);
    assert_eq!(asked("/v9.2/roles"), 1);
}

const SECOND: &str = "77777777-0000-4000-8000-0000000000b2";

/// The user's own role and its team's are two, the second with these rows and this parent.
fn halves(
    rows_of_second: fn() -> Reply,
    parent: fn() -> Reply,
) -> impl Fn(&Call) -> Reply + Send + Sync {
    except(move |call| {
        if call.path.ends_with("teamroles_association") {
            let role = json!({"roleid": SECOND, "name": "Second", "_roletemplateid_value": null});
            return Some(Reply::json(200, &json!({ "value": [role] })));
        }
        if call.path.ends_with(&format!("/roles({SECOND})")) {
            return Some(parent());
        }
        call.path
            .contains(&format!("RoleId={SECOND}"))
            .then(rows_of_second)
    })
}

fn second_half(depth: &str) -> Reply {
    let verbs = [
        "Create", "Write", "Delete", "Assign", "Share", "Append", "AppendTo",
    ];
    let all = verbs
        .iter()
        .flat_map(|verb| ALLOWED.map(|table| row(verb, table, depth)));
    rows(&all.collect::<Vec<Value>>())
}

fn parent(value: &Value) -> Reply {
    Reply::json(
        200,
        &json!({"roleid": SECOND, "_parentroleid_value": value}),
    )
}

/// What both roles give, and the second one alone, of the administrator's 24.
#[tokio::test]
async fn roles_are_measured_together_and_deep_counts_in_the_root_unit() {
    type Measured = (
        &'static str,
        fn() -> Reply,
        fn() -> Reply,
        Option<(u32, u32)>,
    );
    let cases: [Measured; 7] = [
        (
            "two halves",
            || second_half("Global"),
            || panic!("it is not asked"),
            Some((24, 21)),
        ),
        (
            "deep in the root",
            || second_half("Deep"),
            || parent(&Value::Null),
            Some((24, 21)),
        ),
        (
            "deep in a unit",
            || second_half("Deep"),
            || parent(&json!(SECOND)),
            Some((3, 0)),
        ),
        (
            "in a unit",
            || second_half("Local"),
            || panic!("it is not asked"),
            Some((3, 0)),
        ),
        (
            "deep who knows where",
            || second_half("Deep"),
            || Reply::json(200, &json!({})),
            None,
        ),
        (
            "deep, and refused",
            || second_half("Deep"),
            || Reply::error(403, "0x80040220"),
            None,
        ),
        (
            "refused",
            || Reply::error(403, "0x80040220"),
            || panic!("it is not asked"),
            None,
        ),
    ];
    for (name, rows_of_second, parent, expected) in cases {
        let (_, snapshot) = run(&estate(), halves(rows_of_second, parent)).await;
        let roles = &proof(&snapshot).roles.items;
        let reach = |name: &str| {
            let role = roles.iter().find(|role| role.name == name).expect("a role");
            role.reach.as_ref().expect("asked")
        };
        // The first one is known whatever the other is.
        let first = reach("Own").known().expect("known");
        assert_eq!(first.administrator, Share { held: 3, of: 24 }, "{name}");
        let together = first.together.as_ref().expect("there are two");
        let second = reach("Second")
            .known()
            .map(|reach| reach.administrator.held);
        let told = together
            .known()
            .map(|all| all.administrator.held)
            .zip(second);
        assert_eq!(told, expected, "{name}");
    }
}

#[tokio::test]
async fn an_unclear_measure_is_unknown_and_an_administrator_is_not_measured() {
    let cases: [Case; 4] = [
        ("refused", || Reply::error(403, "0x80040220")),
        ("an odd row", || {
            rows(&[
                row("Read", "lead", "Global"),
                json!({"PrivilegeId": "x", "Depth": "Global"}),
            ])
        }),
        ("an odd depth", || {
            rows(&[row("Read", "lead", "RecordFilter")])
        }),
        ("nothing", || rows(&[])),
    ];
    for (name, reply) in cases {
        let (_, snapshot) = run(
            &estate(),
            except(move |call| {
                (is_asked(call.path.trim_start_matches("/api/data/v9.2/"))
                    && call.path.contains("RolePrivilegesRole"))
                .then(reply)
            }),
        )
        .await;
        for role in &proof(&snapshot).roles.items {
            assert!(
                role.reach
                    .as_ref()
                    .is_some_and(|reach| reach.gap().is_some()),
                "{name}: {role:?}"
            );
        }
        assert!(
            proof(&snapshot).roles.gap.is_none(),
            "{name}: the roles themselves are known"
        );
    }
    let (cloud, snapshot) = run(&estate(), except(|call| {
        let list = call.path.ends_with("roles_association");
        list.then(|| Reply::json(200, &json!({"value": [{"roleid": "77777777-0000-4000-8000-000000000009",
            "name": "System Administrator", "_roletemplateid_value": super::rights::ADMINISTRATOR}]})))
    })).await;
    assert!(
        proof(&snapshot)
            .roles
            .items
            .iter()
            .all(|role| role.reach.is_none())
    );
    assert!(
        !cloud
            .calls()
            .iter()
            .any(|call| call.path.contains("RolePrivilegesRole"))
    );
}

#[tokio::test]
async fn the_root_unit_is_told_by_null_and_nothing_else() {
    let with = |parent: Option<Value>| {
        except(move |call| {
            call.path.ends_with("/systemusers").then(|| {
                let mut body: Value = serde_json::from_slice(&tidy(call).body).expect("JSON");
                let unit = body["value"][0]["businessunitid"]
                    .as_object_mut()
                    .expect("a unit");
                drop(unit.remove("_parentbusinessunitid_value"));
                unit.extend(
                    parent
                        .clone()
                        .map(|value| ("_parentbusinessunitid_value".to_owned(), value)),
                );
                Reply::json(200, &body)
            })
        })
    };
    let id = json!("22222222-0000-4000-8000-000000000009");
    for (parent, root) in [
        (Some(Value::Null), Some(true)),
        (Some(id), Some(false)),
        (None, None),
        (Some(json!(1)), None),
    ] {
        let (_, snapshot) = run(&estate(), with(parent)).await;
        let user = &snapshot.environments["prod"].application_users.items[0];
        assert_eq!(user.in_root_unit.known().copied(), root);
        assert_eq!(
            user.business_unit.known().map(String::as_str),
            Some("contoso")
        );
        assert_eq!(
            user.modified.known().map(ToString::to_string).as_deref(),
            Some("2026-01-05 10:00:00 UTC")
        );
    }
}
