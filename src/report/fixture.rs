//! Assessments for the tests of this room: a rich one with hostile text in it, and an empty one.

mod coverage;

use coverage::coverage;
use std::collections::BTreeMap;

use crate::model::assessment::{
    Assessment, CheckCount, Consequence, ControlCount, Coverage, CredentialEnd, CredentialView,
    FORMAT, Finding, GrantItem, LastUse, Link, OverallVerdict, ProofStep, RegistrationView,
    RotationState, RotationView, Route, RouteBy, Run, Rung, RungState, Step, StoredMatch,
    UnknownItem, Waived, Whereabouts,
};
use crate::model::{Family, GapKind, Severity};

/// A name made to take a terminal over: escapes, a C1 control, a direction mark, a line break.
pub(crate) const HOSTILE: &str =
    "evil\u{1b}[2J\u{9b}31m\u{202e}gnp.exe\r\nX-Injected: yes\u{7}\u{200b}";

/// Display columns of one line, counted by the table's own measure.
pub(crate) fn columns(line: &str) -> u16 {
    let mut table = comfy_table::Table::new();
    table.add_row([line]);
    table
        .column_max_content_widths()
        .first()
        .copied()
        .unwrap_or(0)
}

fn rung(name: ProofStep, state: RungState, note: &str) -> Rung {
    Rung {
        name,
        state,
        note: note.into(),
        older_form: false,
        needs: None,
        must_not: None,
    }
}

fn finding(check: &str, severity: Severity, resource: &str) -> Finding {
    Finding {
        fingerprint: "0123456789abcdef".into(),
        check: check.into(),
        title: "The stored credential does not open anything any more".into(),
        what: String::new().into(),
        effect: Default::default(),
        urgency: Default::default(),
        family: Family::Lifecycle,
        severity,
        resource: resource.into(),
        registrations: vec!["raia-contact-sync".into()],
        seen: "The token endpoint answered 401 AADSTS7000222 at 2026-11-21 06:00 UTC; the secret ended on \
               2026-11-18"
            .into(),
        hits: "Raia platform (integrations@raia.example), owner crm-platform@contoso.com".into(),
        used: Vec::new(),
        steps: Vec::new(),
        remedy: "Add a new client secret in Entra (App registrations > Certificates & secrets) and store \
                 its value in https://kv-contoso-crm-prod.vault.azure.net/secrets/raia-client-secret-with-\
                 a-very-long-name-that-fits-on-no-line-of-eighty-columns"
            .into(),
        commands: vec![Step {
            say: "Grant admin consent".into(),
            run: Some("az ad app permission admin-consent --id 5b7a2f0e-2d35".into()),
            powershell: Some("az ad app permission admin-consent --id '5b7a2f0e-2d35'".into()),
            others: Default::default(),
        }],
        links: vec![Link {
            say: "Certificates & secrets of raia-contact-sync".into(),
            url: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/5b7a2f0e-2d35-4a55-8a64-0d3a51c60001".into(),
        }],
        controls: vec!["MCSB v1 IM-8".into()],
        consequences: Vec::new(),
    }
}

/// A registration whose rungs are all proven.
pub(crate) fn proven(name: &str, environment: &str, tier: &str) -> RegistrationView {
    RegistrationView {
        name: name.into(),
        environment: environment.into(),
        tier: tier.into(),
        place: Vec::new(),
        client_id: Some("5b7a2f0e-2d35-4a55-8a64-0d3a51c60001".into()),
        rungs: vec![
            rung(ProofStep::Vault, RungState::Proven, "version of 2026-09-01"),
            rung(ProofStep::Token, RungState::Proven, "200, lives 60 min"),
            rung(ProofStep::WhoAmI, RungState::Proven, "200"),
            rung(
                ProofStep::Tables,
                RungState::Proven,
                "3/3 allowed, 2/2 refused",
            ),
        ],
        ends: CredentialEnd::On {
            end: "2027-02-27T00:00:00Z".parse().expect("a literal date"),
            days_left: 97,
        },
        cannot_be_proven: false,
        proven_on: None,
        credentials: vec![credential("0f3a5b1c-0000-4000-8000-000000000001", "secret")],
        rotation: RotationView {
            state: RotationState::Fresh,
            why: "The stored secret is 30 days old".into(),
            steps: Vec::new(),
        },
        whereabouts: Whereabouts::default(),
        hits: String::new().into(),
        privileges: Vec::new(),
        isolation: Vec::new(),
        route: Route {
            to: vec!["owner@contoso.example".into()],
            by: Some(RouteBy::Estate),
            ..Route::default()
        },
        findings: 0,
        worst: None,
        not_tried: Vec::new(),
    }
}

fn credential(key_id: &str, kind: &str) -> CredentialView {
    CredentialView {
        key_id: key_id.into(),
        kind: kind.into(),
        place: "registration".into(),
        name: Some("2026".into()),
        thumbprint: None,
        start: Some("2026-08-31T00:00:00Z".parse().expect("a literal date")),
        ends: CredentialEnd::On {
            end: "2027-02-27T00:00:00Z".parse().expect("a literal date"),
            days_left: 97,
        },
        stored: StoredMatch::Proven,
        last_use: LastUse::from("2026-11-19".to_owned()),
        safe_to_remove: false,
    }
}

fn remove() -> Vec<Step> {
    vec![
        Step {
            say: "Tell Raia platform <integrations@raia.example> that the old secret goes".into(),
            run: None,
            powershell: None,
            others: Default::default(),
        },
        Step {
            say: "Remove the old secret from the registration".into(),
            run: Some(
                "az ad app credential delete --id 5b7a2f0e-2d35-4a55-8a64-0d3a51c60001 --key-id \
                 0f3a5b1c-0000-4000-8000-000000000002"
                    .into(),
            ),
            powershell: Some(
                "az ad app credential delete --id '5b7a2f0e-2d35-4a55-8a64-0d3a51c60001' --key-id \
                 '0f3a5b1c-0000-4000-8000-000000000002'"
                    .into(),
            ),
            others: Default::default(),
        },
    ]
}

fn registrations() -> Vec<RegistrationView> {
    let mut failed = proven("raia-contact-sync", "prod", "production");
    failed.rungs[1] = rung(ProofStep::Token, RungState::Failed, "401 AADSTS7000222");
    failed.rungs[2] = rung(ProofStep::WhoAmI, RungState::NotReached, "no token");
    failed.rungs[3] = rung(ProofStep::Tables, RungState::NotReached, "no token");
    failed.ends = CredentialEnd::On {
        end: "2026-11-18T00:00:00Z".parse().expect("a literal date"),
        days_left: -4,
    };
    failed.rotation.state = RotationState::Broken;
    failed.rotation.why = "What is stored ended on 2026-11-18".into();
    failed.privileges = super::fixture_privileges::every_cell();
    failed.findings = 2;
    failed.worst = Some(Severity::Critical);
    let mut unread = proven(
        "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001-日本語の名前",
        "prod",
        "production",
    );
    unread.rungs[0] = rung(ProofStep::Vault, RungState::Unknown, "403 ForbiddenByRbac");
    unread.rungs[1] = rung(ProofStep::Token, RungState::NotReached, "");
    unread.rungs[2] = rung(ProofStep::WhoAmI, RungState::NotReached, "");
    unread.rungs[3] = rung(ProofStep::Tables, RungState::NotApplicable, "none declared");
    unread
        .rungs
        .push(rung(ProofStep::FinOps, RungState::NotReached, ""));
    unread.ends = CredentialEnd::Unknown("the vault entry could not be read".into());
    unread.client_id = None;
    unread.credentials = Vec::new();
    unread.rotation.state = RotationState::Unknown;
    unread.rotation.why = "the vault entry could not be read".into();
    let mut hostile = proven(HOSTILE, HOSTILE, "test");
    hostile.rungs[3] = rung(ProofStep::Tables, RungState::Failed, HOSTILE);
    hostile.ends = CredentialEnd::Never;
    hostile.proven_on = Some("2026-11-14T06:00:00Z".parse().expect("a literal date"));
    let mut old = credential("0f3a5b1c-0000-4000-8000-000000000002", "certificate");
    old.name = Some(HOSTILE.into());
    old.place = "service principal".into();
    old.ends = CredentialEnd::Never;
    old.stored = StoredMatch::Other;
    old.last_use = LastUse::NotReported;
    old.safe_to_remove = true;
    hostile.credentials.push(old);
    hostile.rotation.state = RotationState::Overlap;
    hostile.rotation.why = HOSTILE.into();
    hostile.rotation.steps = remove();
    hostile.findings = 1;
    hostile.worst = Some(Severity::Medium);
    vec![
        failed,
        unread,
        hostile,
        proven("tidy", "dev", "development"),
    ]
}

fn findings() -> Vec<Finding> {
    let mut expired = finding(
        "credential-expired",
        Severity::Critical,
        "registration/raia-contact-sync",
    );
    expired.used = vec![
        "vault crm-prod, secret raia-client-secret (named in the estate)".into(),
        format!("Dataverse prod, application user {HOSTILE} (enabled)").into(),
    ];
    expired.steps = remove();
    expired.consequences = vec![Consequence {
        fingerprint: "fedcba9876543210".into(),
        check: "token-refused".into(),
        resource: "registration/raia-contact-sync".into(),
        severity: Severity::Critical,
        seen: "The token endpoint answered 401 AADSTS7000222".into(),
    }];
    let mut shared = finding(
        "secret-shared",
        Severity::Critical,
        "vault-entry/crm-prod/raia-client-secret",
    );
    shared.family = Family::Isolation;
    shared.hits = String::new().into();
    let mut role = finding(
        "administrator-role",
        Severity::High,
        "application-user/prod/raia",
    );
    role.family = Family::LeastPrivilege;
    role.seen = format!(
        "The role {HOSTILE} stands for everything 😀 日本語日本語日本語日本語日本語日本語日本語"
    )
    .into();
    let mut low = finding("vault-expiry-missing", Severity::Low, HOSTILE);
    low.registrations = Vec::new();
    low.controls = Vec::new();
    vec![expired, shared, role, low]
}

pub(crate) fn unknown(check: &str, resource: &str, counts: bool) -> UnknownItem {
    UnknownItem {
        check: check.into(),
        resource: resource.into(),
        kind: GapKind::Denied,
        seen: "Key Vault kv-contoso-crm-prod answered 403 ForbiddenByRbac to a read of raia-json"
            .into(),
        remedy: Some("grant Key Vault Secrets User on kv-contoso-crm-prod to the auditor".into()),
        missing: None,
        counts,
        registrations: resource
            .strip_prefix("registration/")
            .map(str::to_owned)
            .into_iter()
            .collect(),
        root: None,
    }
}

/// Everything an assessment can hold, at least once.
pub(crate) fn rich() -> Assessment {
    let mut assessment = empty();
    assessment.run.as_of = "2026-11-21T06:00:00Z".parse().expect("a literal date");
    assessment.run.as_of_given = true;
    assessment.run.narrowed = Some("--env prod".into());
    assessment.run.auditors = vec![
        "contoso: managed identity 7d0c0a52-7c1e-4d2b-9a57-3f2f6f6f0009".into(),
        format!("fabrikam: {HOSTILE}"),
    ];
    assessment.verdict = OverallVerdict {
        ended: None,
        exit_code: 10,
        failing: 3,
        incomplete: true,
        since: None,
    };
    assessment.coverage = coverage();
    assessment.registrations = registrations();
    assessment.findings = findings();
    assessment.waived = vec![Waived {
        finding: finding(
            "registration-shared-across-environments",
            Severity::High,
            "registration/legacy-erp-bridge",
        ),
        reason: "The vendor's add-in accepts one client id only".into(),
        owner: "erp-platform@contoso.com".into(),
        expires: "2027-06-30".into(),
    }];
    assessment.unknowns = vec![
        unknown(
            "vault-entry-malformed",
            "vault-entry/crm-prod/raia-json",
            true,
        ),
        unknown(
            "vault-entry-missing",
            "vault-entry/crm-prod/raia-json",
            true,
        ),
        unknown(
            "vault-expiry-missing",
            "vault-entry/crm-prod/raia-json",
            false,
        ),
    ];
    assessment.grants = vec![GrantItem {
        role: "Key Vault Secrets User".into(),
        scope: "key vault kv-contoso-crm-prod".into(),
        identity: format!("the auditor {HOSTILE}"),
        checks: vec!["vault-entry-malformed".into(), "vault-entry-missing".into()],
        questions: 3,
        steps: vec![Step {
            say: "Add the permission to the vault's access policy".into(),
            run: Some("az keyvault set-policy --name kv-contoso-crm-prod --output none".into()),
            powershell: Some(
                "az keyvault set-policy --name kv-contoso-crm-prod --output none".into(),
            ),
            others: Default::default(),
        }],
        links: vec![Link {
            say: "Environments in the Power Platform admin centre".into(),
            url: "https://admin.powerplatform.microsoft.com/environments".into(),
        }],
    }];
    assessment.gaps = super::fixture_formats::gaps();
    assessment.controls = BTreeMap::from([
        (
            "MCSB v1 IM-8".to_owned(),
            ControlCount {
                passed: 30,
                failed: 4,
                unknown: 3,
                waived: 1,
            },
        ),
        ("NIST SP 800-53r5 AC-6".to_owned(), ControlCount::default()),
    ]);
    assessment.checks = vec![CheckCount {
        check: "credential-expired".into(),
        passed: 2,
        failed: 1,
        unknown: 1,
        not_applicable: 0,
    }];
    super::fixture_formats::fill(&mut assessment);
    assessment
}

/// An estate with nothing in it.
pub(crate) fn empty() -> Assessment {
    let collected = "2026-11-20T18:30:00Z".parse().expect("a literal date");
    Assessment {
        format: FORMAT.into(),
        tool: "credaudit 0.1.0".into(),
        run: Run {
            id: "3f0e8c1a-0000-4000-8000-000000000001".into(),
            collected,
            as_of: collected,
            as_of_given: false,
            clock_ahead_seconds: None,
            no_identity: false,
            cautions: Vec::new(),
            policy: "baseline".into(),
            fail_on: Severity::High,
            auditors: Vec::new(),
            narrowed: None,
        },
        verdict: OverallVerdict {
            ended: None,
            exit_code: 0,
            failing: 0,
            incomplete: false,
            since: None,
        },
        coverage: Coverage::default(),
        registrations: Vec::new(),
        findings: Vec::new(),
        waived: Vec::new(),
        unknowns: Vec::new(),
        grants: Vec::new(),
        gaps: Vec::new(),
        controls: BTreeMap::new(),
        checks: Vec::new(),
        questions: Vec::new(),
        rules: Vec::new(),
        bands: Vec::new(),
        estate: None,
    }
}
