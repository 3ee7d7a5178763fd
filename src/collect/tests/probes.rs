//! Probes of writing: where they are sent, what must stand before one, and what ends them.

use serde_json::json;

use super::cloud::{Call, Cloud, Reply};
use super::tenant::{AUDITOR, ORGANIZATION, estate, tidy};
use crate::collect::collect;
use crate::estate::{Estate, Production, Tier};
use crate::evidence::{ReadRefusal, Snapshot, WriteAnswer, WriteProbe};
use crate::model::{GapKind, Observed, Operation};

mod production;

/// A name, and what is answered.
type Case = (&'static str, fn() -> Reply);

/// Denied: writing contact (which it may read), writing and deleting account (which it may not), creating
/// lead. Allowed: writing lead.
fn probed(tier: Tier) -> Estate {
    let mut estate = estate();
    let place = estate.environments.get_mut("prod").expect("prod");
    place.tier = tier;
    place.organization_id = Some(ORGANIZATION.into());
    let expected = estate.registrations[0].dataverse.as_mut().expect("it");
    expected.allow.write = vec!["lead".into()];
    expected.deny.create = vec!["lead".into()];
    expected.deny.write = vec!["account".into(), "contact".into()];
    expected.deny.delete = vec!["account".into()];
    estate
}

async fn run(
    estate: &Estate,
    flag: bool,
    answer: impl Fn(&Call) -> Reply + Send + Sync + 'static,
) -> (Vec<Call>, Vec<WriteProbe>, Snapshot) {
    let production = flag.then(|| Production::of(estate));
    run_beside(estate, production, answer).await
}

/// The same where this run looks at a part of the estate only.
async fn run_beside(
    estate: &Estate,
    production: Option<Production>,
    answer: impl Fn(&Call) -> Reply + Send + Sync + 'static,
) -> (Vec<Call>, Vec<WriteProbe>, Snapshot) {
    let cloud = Cloud::start(answer).await;
    let mut options = cloud.options();
    options.probe_writes = production;
    let snapshot = collect(estate, None, &options).await;
    let raia = snapshot.registration("raia").expect("raia is collected");
    let probes = raia
        .dataverse
        .as_ref()
        .expect("Dataverse")
        .write_probes
        .clone();
    (cloud.calls(), probes, snapshot)
}

fn changes(calls: &[Call]) -> Vec<&Call> {
    let unsafe_ = |call: &&Call| call.method != "GET" && call.host.contains("crm4");
    calls.iter().filter(unsafe_).collect()
}

/// No row has a random id, whoever looks.
fn absent(call: &Call) -> Option<Reply> {
    (call.method == "GET"
        && call.path.contains("s(")
        && !call.path.contains("systemusers(")
        && !call.path.contains("teams(")
        && !call.path.contains("Role"))
    .then(|| Reply::error(404, "0x80040217"))
}

fn with(change: impl Fn(&Call) -> Reply + Send + Sync) -> impl Fn(&Call) -> Reply + Send + Sync {
    move |call| {
        if call.method != "GET" && call.host.contains("crm4") {
            return change(call);
        }
        absent(call).unwrap_or_else(|| tidy(call))
    }
}

#[tokio::test]
async fn without_the_flag_and_on_production_nothing_is_probed() {
    for (tier, flag) in [(Tier::Test, false), (Tier::Production, true)] {
        let (calls, probes, snapshot) = run(&probed(tier), flag, tidy).await;
        assert_eq!(changes(&calls).len(), 0, "{tier}");
        assert!(probes.is_empty(), "{tier}");
        assert_eq!(snapshot.probe_writes, flag);
    }
}

#[tokio::test]
async fn only_denied_writing_and_deleting_is_probed_on_rows_seen_to_be_absent() {
    let (calls, probes, _) = run(
        &probed(Tier::Development),
        true,
        with(|call| {
            if call.path.contains("contacts(") {
                Reply::error(404, "")
            } else {
                Reply::error(403, "0x80040220")
            }
        }),
    )
    .await;
    let told: Vec<_> = probes
        .iter()
        .map(|probe| (probe.table.as_str(), probe.operation))
        .collect();
    assert_eq!(
        told,
        [
            ("account", Operation::Write),
            ("account", Operation::Delete),
            ("contact", Operation::Write)
        ]
    );
    for probe in &probes {
        match (probe.table.as_str(), &probe.answer) {
            (
                "account",
                Observed::Known(WriteAnswer::Refused {
                    why: ReadRefusal::Privilege,
                    ..
                }),
            )
            | ("contact", Observed::Known(WriteAnswer::NotFound { .. })) => {}
            (table, answer) => panic!("{table}: {answer:?}"),
        }
    }
    let sent = changes(&calls);
    assert_eq!(
        sent.len(),
        3,
        "creating is never tried, nor what is allowed"
    );
    let own = |call: &Call, client: &str| {
        let token = call.token.as_deref().unwrap_or_default();
        let payload = token.split('.').nth(1).unwrap_or_default();
        use base64::Engine;
        let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload);
        String::from_utf8(payload.expect("base64"))
            .expect("text")
            .contains(client)
    };
    let mut ids = std::collections::BTreeSet::new();
    for call in sent {
        assert!(!own(call, AUDITOR), "with the audited credential");
        match call.method.as_str() {
            "PATCH" => assert_eq!(
                (call.if_match.as_deref(), call.body.as_str()),
                (Some("*"), "{}")
            ),
            "DELETE" => assert_eq!(call.body, ""),
            other => panic!("{other}"),
        }
        assert!(ids.insert(call.path.clone()), "a new id each time");
        // Who looked before: the credential where it may read the table, else the auditor.
        let before = calls.iter().take_while(|other| !std::ptr::eq(*other, call));
        let looks: Vec<_> = before
            .filter(|other| other.method == "GET" && other.path == call.path)
            .collect();
        assert_eq!(looks.len(), 1, "{}", call.path);
        assert_eq!(own(looks[0], AUDITOR), call.path.contains("accounts("));
    }
}

/// A server that honours every write is written to once, at an id that no row has, and never again.
#[tokio::test]
async fn the_first_probe_that_is_honoured_ends_them_all() {
    let mut estate = probed(Tier::Test);
    for name in ["second", "third"] {
        let mut more = estate.registrations[0].clone();
        more.name = name.into();
        estate.registrations.push(more);
    }
    for status in [200, 201, 204] {
        let (calls, probes, snapshot) = run(
            &estate,
            true,
            with(move |_| Reply::json(status, &json!({"name": "canary-row"}))),
        )
        .await;
        assert_eq!(changes(&calls).len(), 1, "{status}");
        let all: Vec<&WriteProbe> = snapshot
            .registrations
            .values()
            .flat_map(|one| &one.dataverse.as_ref().expect("it").write_probes)
            .collect();
        assert_eq!((all.len(), probes.len()), (9, 3));
        let honoured = all
            .iter()
            .filter(|probe| matches!(probe.answer, Observed::Known(WriteAnswer::Honoured { .. })))
            .count();
        assert_eq!(honoured, 1);
        for probe in all {
            if let Some(gap) = probe.answer.gap() {
                assert_eq!(gap.kind, GapKind::NotReached);
                assert!(gap.seen.contains("was honoured"), "{gap}");
            }
        }
        let text = serde_json::to_string(&snapshot).expect("a snapshot");
        assert!(!text.contains("canary"), "{text}");
    }
}

#[tokio::test]
async fn what_was_not_seen_to_be_absent_is_not_touched() {
    let cases: [Case; 5] = [
        ("it may not look", || Reply::error(403, "0x80040220")),
        ("the row is there", || {
            Reply::json(200, &json!({"accountid": "canary"}))
        }),
        ("an unknown url", || Reply::error(404, "0x8006088a")),
        ("a proxy's 404", || Reply {
            status: 404,
            headers: vec![("content-type", "text/html".into())],
            body: b"<html>".to_vec(),
        }),
        ("down", || Reply::error(502, "x")),
    ];
    for (name, reply) in cases {
        let (calls, probes, _) = run(&probed(Tier::Test), true, move |call| {
            if absent(call).is_some() {
                reply()
            } else {
                tidy(call)
            }
        })
        .await;
        assert_eq!(changes(&calls).len(), 0, "{name}");
        for probe in &probes {
            let gap = probe.answer.gap().expect(name);
            assert!(
                gap.seen.starts_with("not probed: a look for a random row"),
                "{name}: {gap}"
            );
            if name == "it may not look" && probe.table == "account" {
                assert!(
                    gap.remedy.as_ref().is_some_and(
                        |words| words.contains("give the auditor read on table account")
                    )
                );
            }
        }
        assert_eq!(probes.len(), 3, "{name}");
    }
}

#[tokio::test]
async fn a_user_that_is_not_let_in_is_not_probed_and_no_probe_is_sent_twice() {
    let (calls, probes, _) = run(&probed(Tier::Test), true, |call| {
        if call.path.ends_with("WhoAmI") {
            return Reply::error(403, "0x80072560");
        }
        absent(call).unwrap_or_else(|| tidy(call))
    })
    .await;
    assert_eq!(changes(&calls).len(), 0);
    assert!(probes.iter().all(|probe| {
        probe
            .answer
            .gap()
            .is_some_and(|gap| gap.kind == GapKind::NotReached)
    }));
    let odd: [(fn() -> Reply, GapKind); 3] = [
        (
            || Reply::error(429, "0x80072322").header("retry-after", "0"),
            GapKind::Throttled,
        ),
        (|| Reply::error(403, "0x80072560"), GapKind::Unrecognised),
        (|| Reply::error(404, "0x8006088a"), GapKind::Unrecognised),
    ];
    for (reply, kind) in odd {
        let (calls, probes, _) = run(&probed(Tier::Test), true, with(move |_| reply())).await;
        assert_eq!(changes(&calls).len(), 3, "each once");
        for probe in &probes {
            assert_eq!(
                probe.answer.gap().map(|gap| gap.kind),
                Some(kind),
                "{:?}",
                probe.answer
            );
        }
    }
}

/// A gateway that gives up, a redirect, a connection that breaks: the server may have done it.
#[tokio::test]
async fn a_probe_of_unknown_fate_ends_them_all() {
    let fates: [fn() -> Reply; 6] = [
        // A page in the service's place.
        || Reply {
            status: 200,
            headers: vec![("content-type", "text/html".into())],
            body: b"<html>no</html>".to_vec(),
        },
        || Reply::error(503, "x").header("retry-after", "0"),
        || Reply::error(500, "0x80040216"),
        || Reply::error(408, "x"),
        || Reply::error(302, "x").header("location", "https://elsewhere.example/"),
        Reply::hang_up,
    ];
    for (number, reply) in fates.into_iter().enumerate() {
        let (calls, probes, _) = run(&probed(Tier::Test), true, with(move |_| reply())).await;
        assert_eq!(changes(&calls).len(), 1, "{number}");
        let gaps: Vec<_> = probes.iter().filter_map(|one| one.answer.gap()).collect();
        assert_eq!(gaps.len(), 3, "{number}");
        let open = gaps
            .iter()
            .filter(|gap| gap.seen.contains("its fate is unknown"));
        assert_eq!(open.count(), 1, "{number}: {gaps:?}");
        let ended = |gap: &&&crate::model::Gap| gap.kind == GapKind::NotReached;
        for gap in gaps.iter().filter(ended) {
            assert!(
                gap.seen.contains("is unknown, and no further probe"),
                "{gap}"
            );
        }
        assert_eq!(gaps.iter().filter(ended).count(), 2, "{number}");
    }
}
