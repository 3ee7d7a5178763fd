//! Every odd answer of another environment: the few that prove something, and gaps for the rest.

use serde_json::json;

use super::{TEST, is_its_own, options, strict, three, tried};
use crate::collect::collect;
use crate::collect::tests::cloud::{Cloud, Reply};
use crate::collect::tests::tenant::{CLIENT, ORGANIZATION, UNIT, USER};
use crate::evidence::{ForeignAnswer, TokenAnswer, UserRefusal};
use crate::model::{GapKind, IsolationProbe, Observed};

/// In one word: what was proven, or the kind of gap.
fn word(answer: &Observed<ForeignAnswer>) -> String {
    match answer {
        Observed::Known(ForeignAnswer::Open { .. }) => "open".into(),
        Observed::Known(ForeignAnswer::Refused { why, .. }) => match why {
            UserRefusal::NotAMember => "not-a-member".into(),
            UserRefusal::Disabled => "disabled".into(),
            UserRefusal::NoRoles => "no-roles".into(),
        },
        Observed::Known(ForeignAnswer::Rejected { .. }) => "rejected".into(),
        Observed::Known(ForeignAnswer::LetIn { .. }) => "let-in".into(),
        Observed::Unknown(gap) => gap.kind.as_str().into(),
    }
}

fn html(status: u16) -> Reply {
    Reply {
        status,
        headers: vec![("content-type", "text/html".into())],
        body: b"<html>canary</html>".to_vec(),
    }
}

async fn answered(
    environment: &'static str,
    reply: impl Fn() -> Reply + Send + Sync + 'static,
) -> String {
    let host = if environment == "test" {
        "test."
    } else {
        "fno."
    };
    let cloud = Cloud::start(move |call| {
        if call.host.starts_with(host) && is_its_own(call) {
            return reply();
        }
        strict(call)
    })
    .await;
    let snapshot = collect(&three(), None, &options(&cloud, IsolationProbe::All)).await;
    assert!(
        !serde_json::to_string(&snapshot)
            .expect("json")
            .contains("canary")
    );
    word(&tried(&snapshot, environment).answer)
}

#[tokio::test]
async fn dataverse_refuses_in_three_ways_and_everything_else_proves_nothing() {
    for (status, code, expected) in [
        (403, "0x80072560", "not-a-member"),
        (403, "0x80040225", "disabled"),
        (403, "0x80042f09", "no-roles"),
        // Privilege codes are no answer to WhoAmI, which needs none.
        (403, "0x80040220", "unrecognised"),
        (403, "0x80040231", "unrecognised"),
        (403, "0x80048306", "unrecognised"),
        (403, "0x80095ffe", "unrecognised"),
        (403, "0x80044507", "unrecognised"),
        (403, "odd", "unrecognised"),
        (400, "0x80040225", "unrecognised"),
        (401, "0x80072560", "unrecognised"),
        (302, "0x80072560", "unrecognised"),
        (404, "0x80072560", "unrecognised"),
    ] {
        let seen = answered("test", move || Reply::error(status, code)).await;
        assert_eq!(seen, expected, "{status} {code}");
    }
    for status in [200, 403] {
        let seen = answered("test", move || html(status)).await;
        assert_eq!(
            seen,
            if status == 200 {
                "malformed"
            } else {
                "unrecognised"
            }
        );
    }
    let throttled = || Reply::error(429, "0x80072322").header("retry-after", "0");
    assert_eq!(answered("test", throttled).await, "throttled");
    let nobody = || Reply::json(200, &json!({"UserId": null}));
    assert_eq!(answered("test", nobody).await, "malformed");
    let open = || {
        Reply::json(
            200,
            &json!({"UserId": USER, "BusinessUnitId": UNIT, "OrganizationId": ORGANIZATION}),
        )
    };
    assert_eq!(answered("test", open).await, "open");
}

#[tokio::test]
async fn finance_and_operations_is_told_by_status_and_never_by_a_page() {
    let captured = json!({"Message": "Authentication failed.", "StackTrace": null,
        "ExceptionType": "System.InvalidOperationException"});
    let rejected = move || Reply::json(401, &captured);
    assert_eq!(answered("fno", rejected).await, "rejected");
    let marked = || Reply::json(401, &json!({})).header("ms-dyn-aid", "1");
    assert_eq!(answered("fno", marked).await, "rejected");
    let sets =
        json!({"value": [{"name": "CustomersV3", "kind": "EntitySet", "url": "CustomersV3"}]});
    let open = move || Reply::json(200, &sets);
    assert_eq!(answered("fno", open).await, "open");
    for (status, expected) in [
        (200, "malformed"),
        (204, "malformed"),
        (401, "unrecognised"),
        (403, "let-in"),
        (404, "unrecognised"),
        (400, "unrecognised"),
    ] {
        let seen = answered("fno", move || Reply::json(status, &json!({}))).await;
        assert_eq!(seen, expected, "{status}");
    }
    for (status, expected) in [
        (200, "malformed"),
        // Whatever stands before the service asks for credentials of its own in such a page.
        (401, "unrecognised"),
        (403, "unrecognised"),
    ] {
        assert_eq!(
            answered("fno", move || html(status)).await,
            expected,
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_token_that_is_refused_there_leaves_the_answer_unreached() {
    let cloud = Cloud::start(|call| {
        let scope: String = url::form_urlencoded::byte_serialize(TEST.as_bytes()).collect();
        if call.path.ends_with("/token") && call.body.contains(CLIENT) && call.body.contains(&scope)
        {
            let body = json!({"error": "invalid_resource", "error_codes": [500_011]});
            return Reply::json(400, &body);
        }
        strict(call)
    })
    .await;
    let snapshot = collect(&three(), None, &options(&cloud, IsolationProbe::All)).await;
    let tried = tried(&snapshot, "test");
    assert!(matches!(
        tried.token,
        Observed::Known(TokenAnswer::Refused { .. })
    ));
    assert_eq!(word(&tried.answer), "not-reached");
    assert!(
        cloud
            .calls()
            .iter()
            .all(|call| !(call.host.starts_with("test") && is_its_own(call)))
    );
}

#[tokio::test]
async fn a_credential_that_is_refused_at_home_is_not_carried_around() {
    let cloud = Cloud::start(|call| {
        if call.path.ends_with("/token") && call.body.contains(CLIENT) {
            let body = json!({"error": "invalid_client", "error_codes": [7_000_222]});
            return Reply::json(401, &body);
        }
        strict(call)
    })
    .await;
    let snapshot = collect(&three(), None, &options(&cloud, IsolationProbe::All)).await;
    let posts = cloud
        .calls()
        .iter()
        .filter(|call| call.path.ends_with("/token") && call.body.contains(CLIENT))
        .count();
    assert_eq!(posts, 1);
    for environment in ["test", "fno"] {
        let tried = tried(&snapshot, environment);
        let gap = tried.token.gap().expect("not asked");
        assert_eq!(gap.kind, GapKind::NotReached);
        assert!(gap.seen.contains("AADSTS7000222"), "{gap}");
        assert_eq!(word(&tried.answer), "not-reached");
    }
}
