//! Effective privileges, how far roles reach, and the auditor's own roles: what is asked, and odd answers.

use serde_json::{Value, json};

use super::cloud::{Call, Cloud, Reply};
use super::rights::{asked, row};
use super::tenant::{USER, estate, tidy};
use crate::collect::collect;
use crate::estate::Estate;
use crate::evidence::{DataverseProof, Depth, HeldPrivileges, Snapshot};
use crate::model::{GapKind, Observed, Operation};

pub(super) async fn run(
    estate: &Estate,
    answer: impl Fn(&Call) -> Reply + Send + Sync + 'static,
) -> (Cloud, Snapshot) {
    let cloud = Cloud::start(answer).await;
    let snapshot = collect(estate, None, &cloud.options()).await;
    let text = serde_json::to_string(&snapshot).expect("a snapshot");
    assert!(!text.contains("canary"), "{text}");
    (cloud, snapshot)
}

pub(super) fn proof(snapshot: &Snapshot) -> &DataverseProof {
    let raia = snapshot.registration("raia").expect("raia is collected");
    raia.dataverse.as_ref().expect("Dataverse was asked")
}

fn held(snapshot: &Snapshot) -> &HeldPrivileges {
    proof(snapshot).privileges.known().expect("privileges")
}

/// An odd answer in words, the answer, and the gap that it is.
type Odd = (&'static str, fn() -> Reply, GapKind);

/// Of the audited user: of the auditor itself, what it reads of teams is asked.
fn names(call: &Call) -> bool {
    call.path.contains("RetrieveUserSetOfPrivilegesByNames") && !call.query.contains("ReadTeam")
}

/// The tidy tenant, except where `odd` answers.
pub(super) fn except(
    odd: impl Fn(&Call) -> Option<Reply> + Send + Sync,
) -> impl Fn(&Call) -> Reply + Send + Sync {
    move |call| odd(call).unwrap_or_else(|| tidy(call))
}

pub(super) fn rows(rows: &[Value]) -> Reply {
    Reply::json(200, &json!({ "RolePrivileges": rows }))
}

#[tokio::test]
async fn names_come_from_metadata_and_forty_go_into_one_call() {
    let mut estate = estate();
    let deny = &mut estate.registrations[0].dataverse.as_mut().expect("it").deny;
    deny.write = vec!["contact".into()];
    // A second registration of the same client asks for nothing again.
    let mut second = estate.registrations[0].clone();
    second.name = "second".into();
    estate.registrations.push(second);
    let (cloud, snapshot) = run(&estate, tidy).await;
    let calls: Vec<Call> = cloud.calls().into_iter().filter(names).collect();
    let asked: Vec<Vec<String>> = calls.iter().map(|call| asked(&call.query)).collect();
    // Six tables, six operations each; nothing of assigning and sharing.
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0].len(), 36);
    assert!(asked[0].contains(&"prvReadActivity".to_owned()), "task's");
    assert!(
        !asked[0]
            .iter()
            .any(|name| name.contains("Task") || name.contains("Assign"))
    );
    assert!(
        calls[0]
            .path
            .contains(&format!("systemusers({USER})/Microsoft.Dynamics.CRM."))
    );
    let told = held(&snapshot);
    assert_eq!(told.asked, asked[0], "sorted as asked");
    let held: Vec<_> = told.held.whole().expect("whole").iter().collect();
    assert_eq!(held.len(), 3);
    assert!(held.iter().all(|one| one.depth == Depth::Organization));
    assert_eq!(told.writes, None, "not declared read-only");
    let tables = snapshot.environments["prod"]
        .tables
        .known()
        .expect("tables");
    let task = tables
        .iter()
        .find(|table| table.logical_name == "task")
        .expect("task");
    let read = task.privileges.known().expect("known").iter();
    let read: Vec<_> = read
        .filter(|one| one.operation == Operation::Read)
        .collect();
    assert_eq!(
        (read.len(), read[0].name.as_str(), read[0].by_unit),
        (1, "prvReadActivity", true)
    );
    // Nobody is to read only: nobody asks for every table.
    assert!(!cloud.calls().iter().any(|call| call.path.ends_with("/EntityDefinitions") && !call.query.contains("filter")));
}

#[tokio::test]
async fn more_than_forty_names_are_asked_in_several_short_calls() {
    let mut estate = estate();
    let deny = &mut estate.registrations[0].dataverse.as_mut().expect("it").deny;
    deny.read = (0..30)
        .map(|number| format!("new_{}{number:02}", "long".repeat(20)))
        .collect();
    let (cloud, snapshot) = run(&estate, except(|call| {
        (call.path.ends_with("/EntityDefinitions")).then(|| {
            let rows: Vec<Value> = call.query.replace("%27", "'").split('\'').skip(1).step_by(2).map(|name| {
                json!({"LogicalName": name, "EntitySetName": format!("{name}s"), "PrimaryIdAttribute": format!("{name}id"),
                    "Privileges": super::rights::of_table(name)})
            }).collect();
            Reply::json(200, &json!({ "value": rows }))
        }).or_else(|| call.path.contains("/new_").then(|| Reply::error(403, "0x80040220")))
    })).await;
    let calls: Vec<Call> = cloud.calls().into_iter().filter(names).collect();
    let told = held(&snapshot);
    assert_eq!(told.asked.len(), 33 * 6);
    let mut seen = Vec::new();
    for call in &calls {
        let asked = asked(&call.query);
        assert!(
            asked.len() <= 40 && call.query.len() < 4_000,
            "{}",
            call.query.len()
        );
        seen.extend(asked);
    }
    seen.sort();
    assert_eq!(seen, told.asked, "each once");
    assert!(calls.len() >= 6, "{}", calls.len());
}

#[tokio::test]
async fn the_deepest_depth_wins_and_an_odd_row_leaves_only_absence_unknown() {
    let basic = || row("Read", "contact", "Basic");
    let null = || {
        let mut row = row("Read", "lead", "Global");
        row["PrivilegeName"] = Value::Null;
        row
    };
    let stranger = || row("Read", "opportunity", "Global");
    // What is answered beside contact's own rows, and whether the list is then whole.
    let cases: [(&str, Vec<Value>, bool); 6] = [
        (
            "deeper",
            vec![basic(), row("Read", "contact", "Deep")],
            true,
        ),
        (
            "an unknown depth",
            vec![
                row("Read", "contact", "Deep"),
                row("Read", "lead", "RecordFilter"),
            ],
            false,
        ),
        (
            "a depth by number",
            vec![
                row("Read", "contact", "Deep"),
                json!({"PrivilegeName": "prvReadLead", "Depth": 3}),
            ],
            false,
        ),
        (
            "no name",
            vec![row("Read", "contact", "Deep"), null()],
            false,
        ),
        (
            "a name that nobody asked for",
            vec![row("Read", "contact", "Deep"), stranger()],
            false,
        ),
        (
            "a row that is none",
            vec![row("Read", "contact", "Deep"), json!("canary")],
            false,
        ),
    ];
    for (name, answered, whole) in cases {
        let (_, snapshot) = run(
            &estate(),
            except(move |call| names(call).then(|| rows(&answered))),
        )
        .await;
        let told = held(&snapshot);
        let contact: Vec<_> = told
            .held
            .items
            .iter()
            .filter(|one| one.name == "prvReadContact")
            .collect();
        assert_eq!(contact.len(), 1, "{name}");
        assert_eq!(contact[0].depth, Depth::ParentAndChild, "{name}");
        assert_eq!(
            told.held.gap.is_none(),
            whole,
            "{name}: {:?}",
            told.held.gap
        );
        if !whole {
            assert_eq!(
                told.held.gap.as_ref().map(|gap| gap.kind),
                Some(GapKind::Malformed),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_none_is_a_gap_and_a_refusal_names_the_grant() {
    let html = || Reply {
        status: 200,
        headers: vec![("content-type", "text/html".into())],
        body: b"<html>canary</html>".to_vec(),
    };
    let cases: [Odd; 5] = [
        (
            "refused",
            || Reply::error(403, "0x80040220"),
            GapKind::Denied,
        ),
        (
            "a firewall",
            || Reply::error(403, "0x80095ffe"),
            GapKind::Denied,
        ),
        (
            "down",
            || Reply::error(500, "0x80040216"),
            GapKind::Unrecognised,
        ),
        (
            "no list",
            || Reply::json(200, &json!({"value": ["canary"]})),
            GapKind::Malformed,
        ),
        (
            "no JSON",
            || Reply::json(200, &json!("canary")),
            GapKind::Malformed,
        ),
    ];
    for (name, reply, kind) in cases {
        let (_, snapshot) = run(&estate(), except(move |call| names(call).then(reply))).await;
        let gap = proof(&snapshot).privileges.gap().expect(name);
        assert_eq!(gap.kind, kind, "{name}: {gap}");
        assert!(gap.seen.contains(USER), "{name}: {gap}");
        if name == "refused" {
            assert!(
                gap.remedy
                    .as_ref()
                    .is_some_and(|words| words.contains("organisation-level read on User")),
                "{gap:?}"
            );
        }
        // Nothing else is lost with it.
        assert!(proof(&snapshot).roles.gap.is_none(), "{name}");
    }
    let (_, snapshot) = run(&estate(), except(move |call| names(call).then(html))).await;
    assert_eq!(
        proof(&snapshot).privileges.gap().map(|gap| gap.kind),
        Some(GapKind::Malformed)
    );
}

#[tokio::test]
async fn odd_metadata_of_one_table_is_that_tables_gap() {
    let without = |change: fn(&mut Value)| {
        except(move |call| {
            call.path.ends_with("/EntityDefinitions").then(|| {
                let mut body: Value = serde_json::from_slice(&tidy(call).body).expect("JSON");
                change(&mut body["value"][0]);
                Reply::json(200, &body)
            })
        })
    };
    let changes: [fn(&mut Value); 6] = [
        |row| drop(row.as_object_mut().expect("a row").remove("Privileges")),
        |row| row["Privileges"] = Value::Null,
        |row| row["Privileges"][0]["Name"] = Value::Null,
        |row| row["Privileges"][0]["Name"] = json!("prv\"]'canary"),
        |row| row["Privileges"][0]["PrivilegeType"] = json!("Canary"),
        |row| row["Privileges"][0]["CanBeLocal"] = Value::Null,
    ];
    for change in changes {
        let (_, snapshot) = run(&estate(), without(change)).await;
        let tables = snapshot.environments["prod"]
            .tables
            .known()
            .expect("tables");
        let unknown: Vec<&str> = tables
            .iter()
            .filter(|table| matches!(&table.privileges, Observed::Unknown(gap) if gap.kind == GapKind::Malformed))
            .map(|table| table.logical_name.as_str())
            .collect();
        assert_eq!(unknown, ["contact"]);
        let told = held(&snapshot);
        assert_eq!(told.asked.len(), 30, "nothing of contact");
        assert!(
            proof(&snapshot)
                .reads
                .iter()
                .all(|read| read.answer.known().is_some())
        );
    }
}

#[tokio::test]
async fn one_that_should_only_read_is_asked_for_everything_it_may_write() {
    let mut estate = estate();
    estate.registrations[0]
        .dataverse
        .as_mut()
        .expect("it")
        .read_only = true;
    let (cloud, snapshot) = run(
        &estate,
        except(|call| {
            call.path.ends_with("RetrieveUserPrivileges()").then(|| {
                rows(&[
                    row("Write", "invoice", "Basic"),
                    row("Write", "invoice", "Global"),
                    row("Share", "quote", "Global"),
                    row("Read", "lead", "Global"),
                    row("Delete", "nothing", "Global"),
                    row("Create", "task", "Local"),
                ])
            })
        }),
    )
    .await;
    let writes = held(&snapshot).writes.as_ref().expect("asked");
    let writes: Vec<_> = writes
        .whole()
        .expect("whole")
        .iter()
        .map(|write| {
            (
                write.table.as_str(),
                write.operation,
                write.privilege.as_str(),
                write.depth,
            )
        })
        .collect();
    assert_eq!(
        writes,
        [
            (
                "invoice",
                Operation::Write,
                "prvWriteInvoice",
                Depth::Organization
            ),
            (
                "task",
                Operation::Create,
                "prvCreateActivity",
                Depth::BusinessUnit
            ),
        ]
    );
    let whole =
        |call: &&Call| call.path.ends_with("/EntityDefinitions") && !call.query.contains("filter");
    assert_eq!(cloud.calls().iter().filter(whole).count(), 1);
    let (_, snapshot) = run(
        &estate,
        except(|call| {
            call.path
                .ends_with("RetrieveUserPrivileges()")
                .then(|| Reply::error(403, "0x80040220"))
        }),
    )
    .await;
    let writes = held(&snapshot).writes.as_ref().expect("asked");
    assert_eq!(
        writes.gap.as_ref().map(|gap| gap.kind),
        Some(GapKind::Denied)
    );
}
