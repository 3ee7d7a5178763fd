//! Tidy plus exactly one defect: the audit finds the root and its declared consequences, nothing else.

use toml::{Table, Value};

use crate::tenant::Tenant;

fn list<const N: usize>(words: [&str; N]) -> Value {
    Value::Array(words.map(Value::from).to_vec())
}

fn parsed(text: &str) -> Table {
    text.parse().unwrap()
}

const APP: &str = "erp-bridge";
const VAULT: &str = "kv-contoso-crm-prod";
const ENTRY: &str = "erp-bridge-secret";

macro_rules! defects {
    ($($name:ident: $root:literal => [$($inside:literal),*], |$tenant:ident| $spoil:block)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let mut $tenant = Tenant::tidy();
                $spoil
                let audited = $tenant.audit().await;
                let findings = &audited.assessment.findings;
                assert_eq!(audited.roots(), [$root].into(), "{findings:#?}");
                assert_eq!(audited.consequences(), [$($inside),*].into(), "{findings:#?}");
                let faults: Vec<String> = findings.iter().flat_map($crate::case_titles::faults).collect();
                assert!(faults.is_empty(), "{faults:#?}");
                // Dataverse answers a token of another tenant with a bare 401: that proves nothing more.
                let unclear = $root == "token-unexpected";
                assert_eq!(audited.assessment.verdict.incomplete, unclear, "{:#?}", audited.gaps());
            }
        )*

        /// What is planted here.
        pub(super) const ROOTS: &[&str] = &[$($root),*];
    };
}

pub(crate) use defects;

mod isolation;
mod lifecycle;
mod privileges;
mod states;

/// Every check has a defect of its own.
#[test]
fn every_check_has_its_defect() {
    // Asked by a policy or a flag of its own only: planted with it, in a test of its own.
    let apart = [
        "secret-where-certificate-expected",
        "write-probe-honoured",
        "auditor-spans-tiers",
    ];
    for check in credaudit::inside::CHECKS {
        let planted = [
            ROOTS,
            isolation::ROOTS,
            lifecycle::ROOTS,
            privileges::ROOTS,
            &apart,
        ]
        .concat();
        assert!(
            planted.contains(&check.meta.id),
            "nothing plants {}",
            check.meta.id
        );
    }
}

fn waiving(expires: &str) -> Option<String> {
    Some(format!(
        "version = 1\nextends = \"baseline\"\n[[waivers]]\ncheck = \"secret-shared\"\n\
         resource = \"vault-entry/crm-prod/{ENTRY}\"\nreason = \"a move\"\nowner = \"ada\"\n\
         expires = {expires}\n"
    ))
}

defects! {
    waives_nothing: "unused-waiver" => [], |tenant| {
        tenant.policy = waiving("2099-12-31");
    }
    waived_until_yesterday: "expired-waiver" => [], |tenant| {
        tenant.policy = waiving("2020-12-31");
    }
    expired: "credential-expired" => ["token-refused", "vault-expiry-after-entra"], |tenant| {
        tenant.secret(APP).insert("ends-in-days".into(), (-3).into());
    }
    expiring: "credential-expiring" => [], |tenant| {
        tenant.secret(APP).insert("ends-in-days".into(), 10.into());
        tenant.stored(VAULT, ENTRY).insert("expires-in-days".into(), 10.into());
    }
    lasts_too_long: "credential-lifetime-too-long" => [], |tenant| {
        tenant.secret(APP).insert("ends-in-days".into(), 400.into());
    }
    never_ends: "credential-lifetime-too-long" => [], |tenant| {
        tenant.secret(APP).remove("ends-in-days");
    }
    left_behind: "expired-credential-left-behind" => [], |tenant| {
        let old = parsed("label = \"old\"\nstarted-days-ago = 100\nends-in-days = -5");
        tenant.application(APP)["secrets"].as_array_mut().unwrap().push(old.into());
    }
    vault_without_end: "vault-expiry-missing" => [], |tenant| {
        tenant.stored(VAULT, ENTRY).remove("expires-in-days");
    }
    vault_ends_later: "vault-expiry-after-entra" => [], |tenant| {
        tenant.stored(VAULT, ENTRY).insert("expires-in-days".into(), 113.into());
    }
    vault_is_behind: "vault-value-not-live" => ["token-refused"], |tenant| {
        let old = parsed("label = \"old\"\nstarted-days-ago = 300\nends-in-days = 5\nremoved = true");
        tenant.application(APP)["secrets"].as_array_mut().unwrap().push(old.into());
        tenant.stored(VAULT, ENTRY).insert("holds".into(), "old".into());
    }
    entry_absent: "vault-entry-missing" => [], |tenant| {
        let secrets = tenant.vault(VAULT)["secrets"].as_array_mut().unwrap();
        secrets.retain(|secret| secret["name"].as_str() != Some(ENTRY));
    }
    entry_empty: "vault-entry-missing" => [], |tenant| {
        tenant.stored(VAULT, ENTRY).insert("shape".into(), "empty".into());
    }
    trailing_newline: "vault-entry-malformed" => ["token-refused"], |tenant| {
        tenant.stored(VAULT, ENTRY).insert("shape".into(), "trailing-newline".into());
    }
    secret_id: "vault-entry-malformed" => ["token-refused"], |tenant| {
        tenant.stored(VAULT, ENTRY).insert("shape".into(), "credential-id".into());
    }
    huge_value: "vault-entry-malformed" => [], |tenant| {
        tenant.stored(VAULT, ENTRY).insert("shape".into(), "huge".into());
    }
    json_without_field: "vault-entry-malformed" => [], |tenant| {
        tenant
            .stored(VAULT, "document-archive-secret")
            .insert("shape".into(), "json-without-field".into());
    }
    entry_disabled: "vault-entry-disabled" => [], |tenant| {
        tenant.stored(VAULT, ENTRY).insert("enabled".into(), false.into());
    }
    entry_not_yet_valid: "vault-entry-disabled" => [], |tenant| {
        tenant.stored(VAULT, ENTRY).insert("not-before-in-days".into(), 3.into());
    }
    old_version_enabled: "vault-old-version-enabled" => [], |tenant| {
        let older = parsed("created-days-ago = 300");
        tenant.stored(VAULT, ENTRY).insert("older".into(), vec![Value::from(older)].into());
    }
    version_superseded: "vault-version-superseded" => [], |tenant| {
        // The same value was stored once more, and the integration is pinned to the version before.
        let older = parsed("holds = \"erp-bridge\"\ncreated-days-ago = 60\nexpires-in-days = 109");
        let stored = tenant.stored(VAULT, ENTRY);
        stored.insert("created-days-ago".into(), 5.into());
        stored.insert("older".into(), vec![Value::from(older)].into());
        let credential = parsed(
            "secret = \"crm-prod/erp-bridge-secret\"\nversion = \"89a5a59caf37ff504a929ee0bc6473b4\"",
        );
        tenant.registration(APP).insert("credential".into(), credential.into());
    }
    deleted: "registration-missing" => ["token-refused"], |tenant| {
        tenant.application(APP).insert("registered".into(), false.into());
        tenant.application(APP).insert("service-principal".into(), false.into());
    }
    switched_off: "registration-disabled" => ["token-refused"], |tenant| {
        tenant.application(APP).insert("disabled".into(), "service-principal".into());
    }
    deactivated: "registration-disabled" => ["token-refused"], |tenant| {
        tenant.application(APP).insert("disabled".into(), "application".into());
    }
    no_principal: "service-principal-missing" => ["token-refused"], |tenant| {
        tenant.application(APP).insert("service-principal".into(), false.into());
    }
    wrong_cloud: "wrong-tenant-or-cloud" => ["token-refused"], |tenant| {
        tenant.application(APP).insert("token".into(), parsed("refuse = 90002").into());
    }
    not_assigned: "token-refused" => [], |tenant| {
        tenant.application(APP).insert("token".into(), parsed("refuse = 501051").into());
    }
    another_tenant_in_token: "token-unexpected" => [], |tenant| {
        let tid = parsed("tid = \"11111111-2222-4333-8444-555555555555\"");
        tenant.application(APP).insert("token".into(), tid.into());
    }
    no_user: "application-user-missing" => [], |tenant| {
        let users = tenant.scenario["environments"]["prod"]["users"].as_array_mut().unwrap();
        users.retain(|user| user.get("application").and_then(Value::as_str) != Some(APP));
    }
    user_disabled: "application-user-disabled" => [], |tenant| {
        tenant.user("prod", APP).insert("disabled".into(), true.into());
    }
    no_roles: "application-user-without-roles" => ["expected-access-refused", "missing-role"], |tenant| {
        tenant.user("prod", APP).remove("roles");
    }
    no_roles_for_a_sync: "application-user-without-roles" => ["expected-access-refused", "metadata-unreadable", "missing-role"], |tenant| {
        tenant.user("prod", "raia-contact-sync").remove("roles");
    }
    other_unit: "wrong-business-unit" => [], |tenant| {
        tenant.user("prod", APP).insert("business-unit".into(), "Contoso Marketing".into());
    }
    other_organization: "whoami-mismatch" => [], |tenant| {
        tenant.estate["environments"]["dev"]["organization-id"] =
            "11111111-2222-4333-8444-555555555555".into();
    }
    table_refused: "expected-access-refused" => [], |tenant| {
        tenant.role("prod", "ERP Bridge").insert("read".into(), list(["product", "salesorder"]));
    }
    table_open: "forbidden-access-granted" => [], |tenant| {
        let denied = tenant.registration(APP)["dataverse"]["deny"]["read"][0].clone();
        let read = tenant.role("prod", "ERP Bridge")["read"].as_array_mut().unwrap();
        read.push(denied);
    }
    administrator: "administrator-role" => ["forbidden-access-granted", "forbidden-privilege-held", "unexpected-role"], |tenant| {
        let roles = list(["ERP Bridge", "System Administrator"]);
        tenant.user("prod", APP).insert("roles".into(), roles);
    }
    administrator_by_team: "administrator-role" => ["forbidden-access-granted", "forbidden-privilege-held", "unexpected-role"], |tenant| {
        let teams = tenant.scenario["environments"]["prod"]["teams"].as_array_mut().unwrap();
        teams.push(parsed("name = \"Old admins\"\nroles = [\"System Administrator\"]").into());
        tenant.user("prod", APP).insert("teams".into(), list(["Old admins"]));
    }
    extra_role: "unexpected-role" => [], |tenant| {
        let roles = tenant.scenario["environments"]["prod"]["roles"].as_array_mut().unwrap();
        roles.push(parsed("name = \"Leftover\"\nread = []").into());
        tenant.user("prod", APP).insert("roles".into(), list(["ERP Bridge", "Leftover"]));
    }
    role_not_held: "missing-role" => [], |tenant| {
        let dataverse = tenant.registration(APP)["dataverse"].as_table_mut().unwrap();
        dataverse.insert("roles".into(), list(["ERP Bridge", "Delegate"]));
    }
    name_absent: "declared-name-absent" => [], |tenant| {
        let allowed = &mut tenant.registration(APP)["dataverse"]["allow"]["read"];
        allowed.as_array_mut().unwrap().push("cnt_nosuchtable".into());
    }
    no_finops_client: "finops-client-missing" => [], |tenant| {
        let clients = tenant.finops("prod")["clients"].as_array_mut().unwrap();
        clients.retain(|client| client["application"].as_str() != Some(APP));
    }
    finops_user_off: "finops-user-disabled" => [], |tenant| {
        tenant.finops_user("prod", "ErpBridge").insert("disabled".into(), true.into());
    }
    mapped_to_admin: "finops-administrator-mapping" => ["forbidden-access-granted"], |tenant| {
        tenant.finops_client("prod", APP).insert("user".into(), "Admin".into());
    }
    mapped_to_an_administrator: "finops-administrator-mapping" => ["forbidden-access-granted"], |tenant| {
        let roles = list(["ERP bridge", "System administrator"]);
        tenant.finops_user("prod", "ErpBridge").insert("roles".into(), roles);
    }
    mapped_to_another: "whoami-mismatch" => [], |tenant| {
        let user = parsed("name = \"Somebody\"\nroles = [\"ERP bridge\"]");
        tenant.finops("prod")["users"].as_array_mut().unwrap().push(user.into());
        tenant.finops_client("prod", APP).insert("user".into(), "Somebody".into());
    }
    collection_refused: "expected-access-refused" => [], |tenant| {
        let read = list(["CustomersV3", "ReleasedProductsV2"]);
        tenant.finops_role("prod", "ERP bridge").insert("read".into(), read);
    }
    collection_open: "forbidden-access-granted" => [], |tenant| {
        let read = tenant.finops_role("prod", "ERP bridge")["read"].as_array_mut().unwrap();
        read.push("VendorsV2".into());
    }
    collection_absent: "declared-name-absent" => [], |tenant| {
        let allowed = &mut tenant.registration(APP)["finops"]["allow"]["read"];
        allowed.as_array_mut().unwrap().push("InventItems".into());
    }
    collection_in_wrong_case: "declared-name-absent" => [], |tenant| {
        tenant.registration(APP)["finops"]["deny"]["read"][0] = "ledgerjournalheaders".into();
    }
    organisation_unreadable: "metadata-unreadable" => [], |tenant| {
        let dataverse = tenant.registration(APP)["dataverse"].as_table_mut().unwrap();
        dataverse.insert("metadata".into(), true.into());
    }
    tables_unreadable_to_a_sync: "metadata-unreadable" => [], |tenant| {
        let read = list(["contact", "lead", "phonecall", "optionset", "organization"]);
        tenant.role("prod", "Raia Contact Sync").insert("read".into(), read);
    }
    option_sets_unreadable_to_a_sync: "metadata-unreadable" => [], |tenant| {
        let read = list(["contact", "lead", "phonecall", "entity", "organization"]);
        tenant.role("prod", "Raia Contact Sync").insert("read".into(), read);
    }
    option_set_unreadable: "metadata-unreadable" => [], |tenant| {
        let dataverse = tenant.registration(APP)["dataverse"].as_table_mut().unwrap();
        dataverse.insert("option-sets".into(), list(["budgetstatus"]));
    }
    one_registration_twice: "registration-shared-across-environments" => ["secret-shared", "foreign-application-user"], |tenant| {
        let id = tenant.application("erp-bridge-test")["client-id"].clone();
        tenant.registration("erp-bridge-dev").insert("client-id".into(), id);
        tenant
            .stored("kv-contoso-crm-dev", "erp-bridge-dev-secret")
            .insert("holds".into(), "erp-bridge-test".into());
        tenant.user("dev", "erp-bridge-dev").insert("application".into(), "erp-bridge-test".into());
    }
    one_secret_twice: "secret-shared" => [], |tenant| {
        let secret = tenant.secret("erp-bridge-dev");
        secret.insert("label".into(), "erp-bridge-test".into());
        secret.insert("shared".into(), true.into());
        tenant
            .stored("kv-contoso-crm-dev", "erp-bridge-dev-secret")
            .insert("holds".into(), "erp-bridge-test".into());
    }
    open_to_others: "multi-tenant-registration" => [], |tenant| {
        tenant.application(APP).insert("audience".into(), "AzureADMultipleOrgs".into());
    }
    nobody_owns: "ownerless-registration" => [], |tenant| {
        tenant.application(APP).insert("owners".into(), list([]));
        tenant.registration(APP).remove("owner");
    }
    implicit_grant: "implicit-grant-enabled" => [], |tenant| {
        let grant = parsed("access-tokens = true");
        tenant.application(APP).insert("implicit-grant".into(), grant.into());
    }
    public_client: "public-client-enabled" => [], |tenant| {
        tenant.application(APP).insert("public-client".into(), true.into());
    }
    plain_http: "insecure-redirect-uri" => [], |tenant| {
        let uris = parsed("web = [\"http://erp.contoso.com/auth\"]");
        tenant.application(APP).insert("redirect-uris".into(), uris.into());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tidy_is_clean() {
    let audited = Tenant::tidy().audit().await;
    assert_eq!(audited.assessment.findings, []);
    assert_eq!(audited.assessment.unknowns, [], "{:#?}", audited.gaps());
    assert_eq!(audited.assessment.verdict.exit_code, 0);
    assert_eq!(audited.assessment.coverage.proven, 12);
}
