//! No probe of writing reaches production, by whatever name.

use serde_json::json;

use super::super::cloud::{Call, Reply};
use super::super::tenant::{ORGANIZATION, beside, tidy};
use super::{changes, probed, run, run_beside, with};
use crate::estate::{Estate, Production, Tier};

/// The estate's only environment, and production beside it.
fn with_production(change: fn(&mut Estate)) -> (Estate, Estate) {
    let mut whole = probed(Tier::Development);
    let real = json!({"tenant": "contoso", "tier": "production",
        "dataverse": "contoso-real.crm4.dynamics.com", "organization-id": OTHER});
    beside(&mut whole, "real", real);
    change(&mut whole);
    let mut part = whole.clone();
    part.environments.remove("real");
    (part, whole)
}

const OTHER: &str = "33333333-0000-4000-8000-0000000000ff";

/// What stands in the way is told for each probe, and nothing is sent: in the whole estate as in a part.
#[tokio::test]
async fn no_probe_reaches_production_by_another_name() {
    fn place<'a>(estate: &'a mut Estate, name: &str) -> &'a mut crate::estate::Environment {
        estate.environments.get_mut(name).expect("it is there")
    }
    type Way = (&'static str, fn(&mut Estate), Option<&'static str>);
    let ways: [Way; 7] = [
        ("it is another organisation", |_| {}, None),
        (
            "one host",
            |estate| place(estate, "real").dataverse = place(estate, "prod").dataverse.clone(),
            Some("is that of real, which is production"),
        ),
        (
            "one host under its other name",
            |estate| {
                place(estate, "real").dataverse = Some("contoso.api.crm4.dynamics.com".into());
            },
            Some("is that of real, which is production"),
        ),
        (
            "one organisation",
            |estate| place(estate, "real").organization_id = Some(ORGANIZATION.to_uppercase()),
            Some("is that of real, and that is production"),
        ),
        (
            "the environment declares none",
            |estate| place(estate, "prod").organization_id = None,
            Some("declares no organization-id"),
        ),
        (
            "the environment declares another",
            |estate| place(estate, "prod").organization_id = Some(OTHER.replace("ff", "ee")),
            Some("and the estate says"),
        ),
        (
            "production declares none, and does not answer",
            |estate| place(estate, "real").organization_id = None,
            Some("is not known, and prod could be the same"),
        ),
    ];
    let answer = |call: &Call| {
        if call.host == "contoso-real.api.crm4.dynamics.com" {
            return Reply::error(403, "0x80072560");
        }
        with(|_| Reply::error(404, ""))(call)
    };
    for (name, change, words) in ways {
        let (part, whole) = with_production(change);
        for estate in [&part, &whole] {
            let production = Some(Production::of(&whole));
            let (calls, probes, _) = run_beside(estate, production, answer).await;
            let sent = if words.is_none() { 3 } else { 0 };
            assert_eq!(changes(&calls).len(), sent, "{name}");
            assert_eq!(probes.len(), 3, "{name}");
            for probe in &probes {
                let seen = probe.answer.gap().map(|gap| gap.seen.letters());
                let said = seen.is_some_and(|seen| {
                    seen.starts_with("not probed: ")
                        && words.is_some_and(|words| seen.contains(words))
                });
                assert_eq!(said, words.is_some(), "{name}: {seen:?}");
            }
        }
    }
}

/// Two hosts, one organisation: only its answers tell.
#[tokio::test]
async fn no_probe_reaches_an_organisation_that_production_answered_with() {
    let (_, whole) = with_production(|estate| {
        let real = estate.environments.get_mut("real").expect("it is there");
        real.organization_id = Some(OTHER.into());
    });
    let (calls, probes, _) = run(&whole, true, |call| {
        if call.host == "contoso-real.api.crm4.dynamics.com" {
            let mut call = call.clone();
            call.host = "contoso.api.crm4.dynamics.com".into();
            return tidy(&call);
        }
        with(|_| Reply::error(404, ""))(call)
    })
    .await;
    assert_eq!(changes(&calls).len(), 0);
    for probe in &probes {
        let gap = probe.answer.gap().expect("it is not probed");
        assert!(gap.seen.contains("answer as one organisation"), "{gap}");
    }
    assert_eq!(probes.len(), 3);
}
