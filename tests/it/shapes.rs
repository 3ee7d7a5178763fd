//! Answers of success that are not what was asked for: whatever they say, they prove nothing.

use credaudit::model::GapKind;

use crate::tenant::{Audited, Tenant};

/// Forms in which nothing is what the protocol promises, whatever was asked.
const SHAPES: [&str; 24] = [
    "empty",
    "no-content",
    "blanks",
    "object",
    "list",
    "null",
    "number",
    "boolean",
    "text",
    "error-object",
    "html",
    "html-as-json",
    "json-as-text",
    "truncated",
    "twice",
    "bad-utf8",
    "oversize",
    "deep",
    "no-context",
    "wrong-context",
    "no-value",
    "null-value",
    "null-rows",
    "null-fields",
];

/// Those that say nothing of rows: a refusal has none to spoil, and a list of none is a right answer.
const ROWLESS: &[&str] = SHAPES.split_at(22).0;

/// The tidy tenant with one spoiled answer, audited.
async fn spoiled(what: &str, shape: &str) -> Audited {
    let mut tenant = Tenant::tidy();
    tenant.fault(&format!("{what}\nshape = \"{shape}\""));
    tenant.audit().await
}

fn is_open(audited: &Audited) -> bool {
    let mut gaps = audited.assessment.gaps.iter();
    audited.assessment.verdict.exit_code == 11 && gaps.any(|gap| gap.kind == GapKind::Malformed)
}

/// One of tidy's registrations, and calls that it makes.
const RAIA: &str = "client = \"8da62d9c-988d-4337-a375-aa8181a749c7\"";
const BRIDGE: &str = "client = \"5f0a2535-6b4d-49c9-a4ae-174d681d5071\"";
const DEV_BRIDGE: &str = "client = \"1082e7e4-54d6-49f4-a36c-ac63e2542748\"";

async fn each_leaves_the_question_open(what: &str, shapes: &[&str]) {
    for shape in shapes {
        let audited = spoiled(what, shape).await;
        let why = format!("{what}: {shape}: {:?}", audited.gaps());
        assert_eq!(audited.roots(), [].into(), "{why}");
        assert!(is_open(&audited), "{why}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_allowed_read_out_of_shape_is_no_read() {
    each_leaves_the_question_open(&format!("{RAIA}\npath-contains = \"/leads?\""), &SHAPES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denied_read_out_of_shape_is_no_breach() {
    each_leaves_the_question_open(&format!("{RAIA}\npath-contains = \"/accounts?\""), ROWLESS)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_environment_out_of_shape_is_not_open() {
    let prod = format!("{DEV_BRIDGE}\nhost = \"contoso.api.crm4.dynamics.com\"");
    each_leaves_the_question_open(
        &format!("{prod}\npath-contains = \"WhoAmI\""),
        &SHAPES[..20],
    )
    .await;
    let erp = format!("{DEV_BRIDGE}\nhost = \"contoso.operations.dynamics.com\"");
    each_leaves_the_question_open(&erp, &SHAPES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collection_out_of_shape_is_neither_read_nor_open() {
    for collection in ["/data/CustomersV3?", "/data/VendorsV2?"] {
        let what = format!("{BRIDGE}\npath-contains = \"{collection}\"");
        let shapes = if collection.contains("Vendors") {
            ROWLESS
        } else {
            &SHAPES
        };
        each_leaves_the_question_open(&what, shapes).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_out_of_shape_is_not_read() {
    for piece in ["/organizations?", "/GlobalOptionSetDefinitions(Name="] {
        let what = format!("{RAIA}\npath-contains = \"{piece}\"");
        each_leaves_the_question_open(&what, &SHAPES[..18]).await;
    }
}

/// Where a proxy refuses in the service's place, the environment was not seen to refuse.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_401_from_something_in_between_does_not_set_environments_apart() {
    for body in [
        "",
        "body = \"Unauthorized\"",
        "body = '{\"Message\": \"Unauthorized\"}'",
    ] {
        let mut tenant = Tenant::tidy();
        tenant.fault(&format!(
            "{DEV_BRIDGE}\nhost = \"contoso.operations.dynamics.com\"\nstatus = 401\n{body}"
        ));
        let audited = tenant.audit().await;
        assert_eq!(audited.assessment.verdict.exit_code, 11, "{body}");
        assert_eq!(audited.roots(), [].into(), "{body}");
    }
}
