//! Each way in which environments are not apart, planted alone; and an audit with too many rights.

use toml::Value;

use super::{list, parsed};
use crate::tenant::Tenant;

const DEV: &str = "erp-bridge-dev";

/// Another application user of production.
fn in_prod(tenant: &mut Tenant, text: &str) {
    let users = tenant.scenario["environments"]["prod"]["users"].as_array_mut();
    users.unwrap().push(parsed(text).into());
}

super::defects! {
    dev_credential_in_production: "foreign-environment-open" => ["unknown-application-user"], |tenant| {
        in_prod(&mut tenant, "application = \"erp-bridge-dev\"\nroles = [\"ERP Bridge\"]");
    }
    dev_client_in_production: "foreign-environment-open" => [], |tenant| {
        let client = parsed("application = \"erp-bridge-dev\"\nuser = \"ErpBridge\"");
        tenant.finops("prod")["clients"].as_array_mut().unwrap().push(client.into());
    }
    dev_user_left_disabled: "foreign-application-user" => [], |tenant| {
        in_prod(&mut tenant, "application = \"erp-bridge-dev\"\nroles = [\"ERP Bridge\"]\ndisabled = true");
    }
    production_user_in_development: "foreign-application-user" => ["unknown-application-user"], |tenant| {
        let users = tenant.scenario["environments"]["dev"]["users"].as_array_mut();
        users.unwrap().push(parsed("application = \"erp-bridge\"\nroles = [\"ERP Bridge\"]").into());
    }
    nobodys_user: "unknown-application-user" => [], |tenant| {
        let stranger = parsed(
            "name = \"old-bridge\"\ntenant = \"contoso\"\nclient-id = \"0c0c0c0c-1111-4222-8333-444444444444\"",
        );
        tenant.scenario["applications"].as_array_mut().unwrap().push(stranger.into());
        in_prod(&mut tenant, "application = \"old-bridge\"\nroles = [\"ERP Bridge\"]");
    }
    two_names_for_one_organisation: "organisation-shared" => [], |tenant| {
        let environments = tenant.estate["environments"].as_table_mut().unwrap();
        let dev = environments["dev"].clone();
        environments.insert("sandbox".to_owned(), dev);
    }
    dev_secret_in_productions_vault: "vault-shared-across-tiers" => [], |tenant| {
        let stored = tenant.stored("kv-contoso-crm-dev", "erp-bridge-dev-secret").clone();
        let secrets = tenant.vault("kv-contoso-crm-prod")["secrets"].as_array_mut().unwrap();
        secrets.push(Value::from(stored));
        let credential = parsed("secret = \"crm-prod/erp-bridge-dev-secret\"");
        tenant.registration(DEV).insert("credential".into(), credential.into());
    }
    auditor_that_can_write: "auditor-overprivileged" => [], |tenant| {
        let permissions = list(["Application.Read.All", "AuditLog.Read.All", "Directory.Read.All",
            "Policy.Read.All", "Policy.Read.ApplicationConfiguration", "User.ReadBasic.All",
            "Application.ReadWrite.All"]);
        tenant.application("credaudit").insert("graph-permissions".into(), permissions);
    }
}

/// Where the policy asks for it, one auditor for all tiers is told, and weighs nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_auditor_for_all_tiers_is_information() {
    let mut tenant = Tenant::tidy();
    tenant.policy = Some(
        "version = 1\nextends = \"baseline\"\n\n[checks.auditor-spans-tiers]\none-for-each-tier = true\n"
            .to_owned(),
    );
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), ["auditor-spans-tiers"].into());
    assert_eq!(audited.assessment.verdict.exit_code, 0);
    let auditors = &audited.assessment.run.auditors;
    assert!(
        auditors[0].contains("reads the vaults of production"),
        "{auditors:?}"
    );
}
