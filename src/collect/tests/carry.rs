//! `prove = "on-change"`: a proof is carried over only while everything it rests on is the same.

use std::sync::Arc;

use chrono::DateTime;
use serde_json::{Value, json};

use super::cloud::{Call, Cloud, Reply};
use super::tenant::{CLIENT, VERSION, estate, object, tidy};
use crate::collect::collect;
use crate::estate::{Estate, Prove};
use crate::evidence::{
    Expected, ReadAnswer, ReadRefusal, RegistrationEvidence, Snapshot, TokenAnswer, WhoAmI,
};
use crate::model::{Gap, GapKind, Observed, Presence};

fn on_change() -> Estate {
    let mut estate = estate();
    estate.registrations[0].prove = Prove::OnChange;
    estate
}

mod unseen;

/// Something that changes between two runs, in words.
type Change<T> = (&'static str, fn(&mut T));

/// A date that no day of testing comes near.
const END: &str = "2999-01-01T00:00:00Z";

fn lasting(url: &str) -> Value {
    let mut object = object(url);
    if let Some(end) = object.pointer_mut("/passwordCredentials/0/endDateTime") {
        *end = json!(END);
    }
    object
}

/// The tidy tenant, its directory answered by `object`.
pub(super) fn with_objects(call: &Call, object: impl Fn(&str) -> Value) -> Reply {
    if call.path != "/v1.0/$batch" {
        return tidy(call);
    }
    let body: Value = serde_json::from_str(&call.body).expect("a batch");
    let parts: Vec<Value> = body["requests"]
        .as_array()
        .expect("requests")
        .iter()
        .map(|part| {
            let url = part["url"].as_str().expect("a url");
            json!({"id": part["id"], "status": 200, "body": object(url)})
        })
        .collect();
    Reply::json(200, &json!({ "responses": parts }))
}

fn same(call: &Call) -> Reply {
    with_objects(call, lasting)
}

/// Runs against `answer`; whether the credential was used, and what was seen.
async fn run(
    estate: &Estate,
    previous: Option<Snapshot>,
    id: &str,
    answer: impl Fn(&Call) -> Reply + Send + Sync + 'static,
) -> (bool, Snapshot) {
    let cloud = Cloud::start(answer).await;
    let mut options = cloud.options();
    options.run = id.into();
    options.previous = previous.map(Arc::new);
    let snapshot = collect(estate, None, &options).await;
    let used = cloud
        .calls()
        .iter()
        .any(|call| call.path.ends_with("/token") && call.body.contains(CLIENT));
    assert!(
        matches!(
            raia(&snapshot).application,
            Observed::Known(Presence::Present(_))
        ),
        "the directory answered"
    );
    (used, snapshot)
}

async fn first() -> Snapshot {
    let (used, snapshot) = run(&on_change(), None, "run-1", same).await;
    assert!(used, "nothing was proved before");
    assert_eq!(raia(&snapshot).carried, None);
    snapshot
}

fn raia(snapshot: &Snapshot) -> &RegistrationEvidence {
    snapshot.registration("raia").expect("raia is collected")
}

#[tokio::test]
async fn a_proof_is_carried_and_keeps_the_run_that_made_it() {
    let first = first().await;
    let (used, second) = run(&on_change(), Some(first.clone()), "run-2", |call| {
        // The auditor's part is asked anew: the user was renamed since.
        if call.path.ends_with("/systemusers") {
            let mut reply = same(call);
            reply.body = String::from_utf8(reply.body)
                .expect("text")
                .replace("\"Raia\"", "\"Raia 2\"")
                .into_bytes();
            return reply;
        }
        same(call)
    })
    .await;
    assert!(!used, "the credential is spared");
    let carried = raia(&second).carried.as_ref().expect("carried");
    assert_eq!((carried.run.as_str(), carried.at), ("run-1", first.started));
    assert_eq!(raia(&second).tokens, raia(&first).tokens);
    let (then, now) = (&raia(&first).dataverse, &raia(&second).dataverse);
    let (then, now) = (
        then.as_ref().expect("Dataverse"),
        now.as_ref().expect("Dataverse"),
    );
    assert_eq!((&now.whoami, &now.reads), (&then.whoami, &then.reads));
    assert_eq!((&now.roles, now.witness), (&then.roles, then.witness));
    let Observed::Known(Presence::Present(user)) = &now.user else {
        panic!("{:?}", now.user);
    };
    assert_eq!(user.name.as_deref(), Some("Raia 2"));
    let (used, third) = run(&on_change(), Some(second.clone()), "run-3", same).await;
    assert!(!used);
    assert_eq!(raia(&third).carried.as_ref(), Some(carried));
    let runs: Vec<&str> = third
        .earlier_runs
        .iter()
        .map(|one| one.run.as_str())
        .collect();
    assert_eq!(runs, ["run-2", "run-1"], "newest first");
    assert_eq!(third.earlier_runs[1].started, first.started);
}

#[tokio::test]
async fn always_and_another_credential_id_or_end_prove_anew() {
    let first = first().await;
    let (used, _) = run(&estate(), Some(first.clone()), "run-2", same).await;
    assert!(used, "always");
    let changes: [Change<Value>; 6] = [
        ("another end", |app| {
            app["passwordCredentials"][0]["endDateTime"] = json!("2998-01-01T00:00:00Z");
        }),
        ("another key id", |app| {
            app["passwordCredentials"][0]["keyId"] = json!("k2");
        }),
        ("one more that it can be", |app| {
            app["passwordCredentials"][1]["hint"] = json!("abc");
        }),
        ("one more of which nothing is told", |app| {
            app["passwordCredentials"][1]["hint"] = json!(null);
        }),
        ("an end that is not known", |app| {
            app["passwordCredentials"][0]["endDateTime"] = json!("soon");
        }),
        ("an application that is switched off", |app| {
            app["isDisabled"] = json!(true);
        }),
    ];
    for (name, change) in changes {
        let (used, snapshot) = run(&on_change(), Some(first.clone()), "run-2", move |call| {
            with_objects(call, |url| {
                let mut object = lasting(url);
                if object.pointer("/passwordCredentials/0").is_some() {
                    change(&mut object);
                }
                object
            })
        })
        .await;
        assert!(used, "{name}");
        assert_eq!(raia(&snapshot).carried, None, "{name}");
    }
}

#[tokio::test]
async fn another_version_of_the_entry_proves_anew() {
    let first = first().await;
    let (used, snapshot) = run(&on_change(), Some(first), "run-2", |call| {
        if call.path.trim_end_matches('/') == "/secrets/raia-secret" && call.token.is_some() {
            let mut reply = same(call);
            reply.body = String::from_utf8(reply.body)
                .expect("text")
                .replace(VERSION, &"f".repeat(32))
                .into_bytes();
            return reply;
        }
        same(call)
    })
    .await;
    assert!(used);
    assert_eq!(raia(&snapshot).carried, None);
}

#[tokio::test]
async fn another_question_or_place_proves_anew() {
    let first = first().await;
    let changes: [Change<Estate>; 5] = [
        ("one table less", |estate| {
            let expected = estate.registrations[0].dataverse.as_mut();
            expected.expect("Dataverse").allow.read.pop();
        }),
        ("a denied table is allowed", |estate| {
            let expected = estate.registrations[0]
                .dataverse
                .as_mut()
                .expect("Dataverse");
            let moved = expected.deny.read.pop().expect("a table");
            expected.allow.read.push(moved);
        }),
        ("an option set", |estate| {
            let expected = estate.registrations[0].dataverse.as_mut();
            expected.expect("Dataverse").option_sets = vec!["stage".into()];
        }),
        ("a field of the value", |estate| {
            estate.registrations[0].stored_mut().field = Some("secret".into());
        }),
        ("another kind", |estate| {
            estate.registrations[0].stored_mut().kind = crate::estate::CredentialForm::Certificate;
        }),
    ];
    for (name, change) in changes {
        let mut estate = on_change();
        change(&mut estate);
        let (_, snapshot) = run(&estate, Some(first.clone()), "run-2", |call| {
            if call.path.contains("GlobalOptionSetDefinitions") {
                return Reply::json(200, &json!({}));
            }
            same(call)
        })
        .await;
        assert_eq!(raia(&snapshot).carried, None, "{name}");
    }
}

/// Whatever was not proved the last time is tried again: a repair shows, and a gap does not stay.
#[tokio::test]
async fn only_a_proof_is_carried() {
    let first = first().await;
    let changes: [Change<RegistrationEvidence>; 9] = [
        ("a token that was refused", |raia| {
            if let Observed::Known(TokenAnswer::Issued { seen, .. }) = raia.tokens[0].answer.clone()
            {
                raia.tokens[0].answer = Observed::Known(TokenAnswer::Refused { seen, error: None });
            }
        }),
        ("no token", |raia| raia.tokens.clear()),
        ("another client id", |raia| {
            raia.client_id = Observed::Known(CLIENT.replace("60001", "60002"));
        }),
        ("a WhoAmI without an answer", |raia| {
            let proof = raia.dataverse.as_mut().expect("Dataverse");
            proof.whoami = Observed::Unknown(Gap::new(GapKind::Throttled, "429"));
        }),
        ("a WhoAmI that was refused", |raia| {
            let proof = raia.dataverse.as_mut().expect("Dataverse");
            if let Observed::Known(WhoAmI::Answered { seen, .. }) = proof.whoami.clone() {
                let why = crate::evidence::UserRefusal::NoRoles;
                proof.whoami = Observed::Known(WhoAmI::Refused { seen, why });
            }
        }),
        ("a read that was not allowed", |raia| {
            let proof = raia.dataverse.as_mut().expect("Dataverse");
            for read in &mut proof.reads {
                if let (Expected::Allowed, Observed::Known(ReadAnswer::Read { seen })) =
                    (read.expected, read.answer.clone())
                {
                    let why = ReadRefusal::Privilege;
                    read.answer = Observed::Known(ReadAnswer::Refused { seen, why });
                }
            }
        }),
        ("a denied read that was allowed", |raia| {
            let proof = raia.dataverse.as_mut().expect("Dataverse");
            for read in &mut proof.reads {
                if let Observed::Known(ReadAnswer::Refused { seen, .. }) = read.answer.clone() {
                    read.answer = Observed::Known(ReadAnswer::Read { seen });
                }
            }
        }),
        ("no version", |raia| {
            if let Observed::Known(Presence::Present(entry)) = &mut raia.entry
                && let Observed::Known(attributes) = &mut entry.attributes
            {
                attributes.version = None;
            }
        }),
        ("no credential that surely matched", |raia| {
            if let Observed::Known(Presence::Present(application)) = &mut raia.application
                && let Observed::Known(credentials) = &mut application.credentials
            {
                for credential in credentials {
                    credential.matches_stored = Observed::not_reached("no hint");
                }
            }
        }),
    ];
    for (name, change) in changes {
        let mut previous = first.clone();
        change(previous.registrations.get_mut("raia").expect("raia"));
        let (used, snapshot) = run(&on_change(), Some(previous), "run-2", same).await;
        assert!(used, "{name}");
        assert_eq!(raia(&snapshot).carried, None, "{name}");
    }
    // Nothing ever said which credential it is.
    let unsaid = |url: &str| {
        let mut object = lasting(url);
        if let Some(Value::Array(credentials)) = object.get_mut("passwordCredentials") {
            credentials.truncate(1);
            for credential in credentials {
                credential["hint"] = json!(null);
            }
        }
        object
    };
    let answer = move |call: &Call| with_objects(call, unsaid);
    let (_, previous) = run(&on_change(), None, "run-1", answer).await;
    let (used, _) = run(&on_change(), Some(previous), "run-2", answer).await;
    assert!(used, "no credential is known to match");
    // It ended meanwhile: nothing changed, and it works no more.
    let ended = |url: &str| {
        let mut object = lasting(url);
        if let Some(end) = object.pointer_mut("/passwordCredentials/0/endDateTime") {
            *end = json!("2001-01-01T00:00:00Z");
        }
        object
    };
    let answer = move |call: &Call| with_objects(call, ended);
    let (_, mut previous) = run(&on_change(), None, "run-1", answer).await;
    previous.started = DateTime::UNIX_EPOCH;
    let (used, _) = run(&on_change(), Some(previous), "run-2", answer).await;
    assert!(used, "an ended credential");
}

#[tokio::test]
async fn the_run_says_how_its_sign_ins_look() {
    let cloud = Cloud::start(tidy).await;
    let mut options = cloud.options();
    let snapshot = collect(&estate(), None, &options).await;
    assert_eq!(
        snapshot.trace.address,
        Observed::Known(cloud.trust.connect.ip().to_string())
    );
    for call in cloud.calls() {
        assert_eq!(call.user_agent, snapshot.trace.user_agent);
    }
    assert!(snapshot.trace.user_agent.contains(&snapshot.run));
    assert!(snapshot.earlier_runs.is_empty());
    // At most sixty are remembered, the newest.
    let mut previous = snapshot;
    for number in 0..70 {
        options.run = format!("run-{number}");
        options.previous = Some(Arc::new(previous.clone()));
        previous = Snapshot {
            run: options.run.clone(),
            earlier_runs: crate::collect::trace::earlier_runs(&options),
            ..previous
        };
    }
    assert_eq!(previous.earlier_runs.len(), 60);
    assert_eq!(previous.earlier_runs[0].run, "run-68");
}
