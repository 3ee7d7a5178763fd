//! An auditor that may see only half is told which rights it lacks, where, and what each would show.

use crate::tenant::Tenant;

const DENIED: &str = r#"
host = "graph.microsoft.com"
status = 403
body = '{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges"}}'
"#;

const RBAC: &str = r#"
host = "kv-contoso-crm-prod.vault.azure.net"
path = "/secrets/erp-bridge-secret"
status = 403
headers = { content-type = "application/json" }
body = '{"error":{"code":"Forbidden","message":"no","innererror":{"code":"ForbiddenByRbac"}}}'
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn missing_rights_are_named_with_place_and_identity() {
    let mut tenant = Tenant::tidy();
    tenant.fault(DENIED);
    tenant.fault(RBAC);
    let audited = tenant.audit().await;
    let grants = &audited.assessment.grants;
    let of = |role: &str| grants.iter().find(|grant| grant.role.contains(role));
    let graph = of("Application.Read.All").expect("Graph was refused");
    assert!(graph.scope.starts_with("tenant 8f0c4a52-"), "{graph:?}");
    assert!(graph.identity.contains("client id"), "{graph:?}");
    assert!(
        graph.checks.contains(&"registration-missing".to_owned()),
        "{graph:?}"
    );
    let vault = of("Key Vault Secrets User").expect("the vault refused");
    assert_eq!(vault.scope, "key vault kv-contoso-crm-prod");
    assert!(vault.questions > 0 && !vault.checks.is_empty(), "{vault:?}");
    assert!(of("Policy.Read.ApplicationConfiguration").is_some());
    assert!(of("Key Vault Reader").is_some(), "for the list of versions");
    assert_eq!(grants.len(), 4, "{grants:#?}");
    // Each is given by a command in either shell, with the place and the identity in it.
    let auditor = audited.snapshot.auditors.values().find_map(|auditor| {
        let identity = auditor.signed_in.known()?;
        identity.client_id.clone()
    });
    let auditor = auditor.expect("it signed in");
    for grant in grants {
        let lines: Vec<&String> = (grant.steps.iter())
            .flat_map(|step| step.run.iter().chain(&step.powershell))
            .collect();
        assert!(!lines.is_empty(), "{grant:?}");
        assert!(
            lines.iter().all(|line| line.contains(&auditor)),
            "{lines:?}"
        );
    }
    let run = |grant: &credaudit::inside::GrantItem| grant.steps[0].run.clone().unwrap_or_default();
    assert!(
        run(vault).contains("az role assignment create"),
        "{vault:?}"
    );
    assert!(
        run(vault).contains("--name kv-contoso-crm-prod"),
        "{vault:?}"
    );
    assert!(run(graph).contains("appRoleAssignments"), "{graph:?}");
    assert!(grants[0].questions >= grants[1].questions);
    let text = credaudit::inside::report::table(&audited.assessment, &Default::default());
    let (head, rest) = text.split_once("COVERAGE").expect("the ledger");
    assert!(head.contains("NOT GRANTED 4 rights"), "{head}");
    assert!(head.contains(&run(vault)), "{head}");
    assert!(!rest.contains("NOT GRANTED"), "{rest}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_a_right_is_one_hole() {
    let audited = Tenant::named("half-permitted").audit().await;
    let assessment = &audited.assessment;
    let wide = credaudit::inside::report::TableOptions {
        width: 140,
        colour: false,
        powershell_first: false,
    };
    let text = credaudit::inside::report::table(assessment, &wide);
    let (_, unread) = text.split_once("NOT CHECKED").expect("it was not");
    let holes = unread.lines().filter(|line| line.starts_with("? ")).count();
    assert_eq!(holes, assessment.grants.len(), "{unread}");
    for grant in &assessment.grants {
        let place = format!("{} on {}", grant.role, grant.scope);
        let squeezed = unread.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeezed.matches(&place).count(), 1, "{place}: {unread}");
    }
    // The refusal itself, not the rungs behind it.
    assert_eq!(unread.matches("erp-bridge-test-secret").count(), 1);
    assert!(unread.contains("skipped because of this"), "{unread}");
    // What files hold is not folded.
    let of_the_vault = assessment.gaps.iter().filter(|gap| {
        let role = gap.missing.as_ref().map(|grant| grant.role.as_str());
        role == Some("Key Vault Secrets User")
    });
    assert_eq!(of_the_vault.count(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_auditor_that_sees_everything_lacks_nothing() {
    let audited = Tenant::tidy().audit().await;
    assert_eq!(audited.assessment.grants, []);
}
