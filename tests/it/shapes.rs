//! Answers of success that are not what was asked for: whatever they say, they prove nothing.

use credaudit::inside::GapKind;

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

/// One of tidy's registrations, and calls that it makes.
const RAIA: &str = "client = \"8da62d9c-988d-4337-a375-aa8181a749c7\"";
const BRIDGE: &str = "client = \"5f0a2535-6b4d-49c9-a4ae-174d681d5071\"";
const DEV_BRIDGE: &str = "client = \"1082e7e4-54d6-49f4-a36c-ac63e2542748\"";

/// A call of a registration, and the question that it answers.
struct Asked {
    client: &'static str,
    what: &'static str,
    /// How many of the shapes are wrong for it: some say nothing of rows, or a list of none is right.
    shapes: usize,
    check: &'static str,
    about: &'static str,
}

/// None of them waits for another, so that all can go wrong in one audit.
const CALLS: [Asked; 8] = [
    // Reads that are allowed, and denied.
    Asked {
        client: RAIA,
        what: "path-contains = \"/leads?\"",
        shapes: 24,
        check: "expected-access-refused",
        about: "raia-contact-sync/table/lead",
    },
    Asked {
        client: RAIA,
        what: "path-contains = \"/accounts?\"",
        shapes: 22,
        check: "forbidden-access-granted",
        about: "raia-contact-sync/table/account",
    },
    // Collections, read and denied.
    Asked {
        client: BRIDGE,
        what: "path-contains = \"/data/CustomersV3?\"",
        shapes: 24,
        check: "expected-access-refused",
        about: "erp-bridge/collection/CustomersV3",
    },
    Asked {
        client: BRIDGE,
        what: "path-contains = \"/data/VendorsV2?\"",
        shapes: 22,
        check: "forbidden-access-granted",
        about: "erp-bridge/collection/VendorsV2",
    },
    // Another environment.
    Asked {
        client: DEV_BRIDGE,
        what: "host = \"contoso.api.crm4.dynamics.com\"\npath-contains = \"WhoAmI\"",
        shapes: 20,
        check: "foreign-environment-open",
        about: "erp-bridge-dev/environment/prod/dataverse",
    },
    Asked {
        client: DEV_BRIDGE,
        what: "host = \"contoso.operations.dynamics.com\"",
        shapes: 24,
        check: "foreign-environment-open",
        about: "erp-bridge-dev/environment/prod/finops",
    },
    // Metadata.
    Asked {
        client: RAIA,
        what: "path-contains = \"/organizations?\"",
        shapes: 18,
        check: "metadata-unreadable",
        about: "raia-contact-sync/metadata",
    },
    Asked {
        client: RAIA,
        what: "path-contains = \"/GlobalOptionSetDefinitions(Name=\"",
        shapes: 18,
        check: "metadata-unreadable",
        about: "raia-contact-sync/option-set/budgetstatus",
    },
];

impl Asked {
    /// Whether this question, and not another one, is open and makes the run incomplete.
    fn is_open(&self, audited: &Audited) -> bool {
        let resource = format!("registration/{}", self.about);
        let mut open = audited.assessment.unknowns.iter();
        open.any(|one| {
            one.counts
                && one.kind == GapKind::Malformed
                && one.check == self.check
                && one.resource.path() == resource
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_out_of_shape_is_no_read_no_breach_and_no_open_environment() {
    for (number, shape) in SHAPES.iter().enumerate() {
        let asked = || CALLS.iter().filter(|one| number < one.shapes);
        let mut tenant = Tenant::tidy();
        for one in asked() {
            let Asked { client, what, .. } = one;
            tenant.fault(&format!("{client}\n{what}\nshape = \"{shape}\""));
        }
        let audited = tenant.audit().await;
        assert_eq!(audited.roots(), [].into(), "{shape}");
        assert_eq!(audited.assessment.verdict.exit_code, 11, "{shape}");
        for one in asked() {
            let open = &audited.assessment.unknowns;
            assert!(one.is_open(&audited), "{shape}: {}: {open:#?}", one.about);
        }
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
