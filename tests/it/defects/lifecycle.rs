//! Each state of a credential's life, planted alone: certificates, rotations, what nobody lists.

use toml::Value;

use super::{APP, ENTRY, VAULT, parsed};
use crate::tenant::Tenant;

/// The registration signs in with a Key Vault certificate instead of its secret.
pub(super) fn with_certificate(tenant: &mut Tenant) {
    let key = parsed(
        "label = \"erp-bridge-key\"\nstarted-days-ago = 60\nends-in-days = 110\nused-days-ago = 1",
    );
    let application = tenant.application(APP);
    application.remove("secrets");
    application.insert("certificates".into(), vec![Value::from(key)].into());
    let stored = parsed(
        "name = \"erp-bridge\"\nholds = \"erp-bridge-key\"\ncreated-days-ago = 60\nexpires-in-days = 110",
    );
    let vault = tenant.vault(VAULT);
    vault["certificates"]
        .as_array_mut()
        .unwrap()
        .push(stored.into());
    let secrets = vault["secrets"].as_array_mut().unwrap();
    secrets.retain(|secret| secret["name"].as_str() != Some(ENTRY));
    let credential = parsed("certificate = \"crm-prod/erp-bridge\"");
    tenant
        .registration(APP)
        .insert("credential".into(), credential.into());
}

fn certificate(tenant: &mut Tenant) -> &mut toml::Table {
    tenant.application(APP)["certificates"][0]
        .as_table_mut()
        .unwrap()
}

pub(super) fn in_vault(tenant: &mut Tenant) -> &mut toml::Table {
    let certificates = tenant.vault(VAULT)["certificates"].as_array_mut().unwrap();
    certificates
        .iter_mut()
        .filter_map(Value::as_table_mut)
        .find(|one| one["name"].as_str() == Some("erp-bridge"))
        .unwrap()
}

/// A plain secret holds the certificate, in one of the shapes of a file.
pub(super) fn in_plain_secret(tenant: &mut Tenant, shape: &str) {
    with_certificate(tenant);
    let vault = tenant.vault(VAULT);
    let certificates = vault["certificates"].as_array_mut().unwrap();
    certificates.retain(|one| one["name"].as_str() != Some("erp-bridge"));
    let stored = parsed(&format!(
        "name = \"erp-bridge\"\nholds-certificate = \"erp-bridge-key\"\nshape = \"{shape}\"\ncreated-days-ago = 60\nexpires-in-days = 110"
    ));
    vault["secrets"].as_array_mut().unwrap().push(stored.into());
}

/// A second secret, beside the stored one.
pub(super) fn another_secret(tenant: &mut Tenant, text: &str) {
    let secrets = tenant.application(APP)["secrets"].as_array_mut().unwrap();
    secrets.push(parsed(text).into());
}

super::defects! {
    certificate_expired: "credential-expired" => ["token-refused"], |tenant| {
        with_certificate(&mut tenant);
        certificate(&mut tenant).insert("ends-in-days".into(), (-3).into());
        in_vault(&mut tenant).insert("expires-in-days".into(), (-3).into());
    }
    certificate_expiring: "credential-expiring" => [], |tenant| {
        with_certificate(&mut tenant);
        certificate(&mut tenant).insert("ends-in-days".into(), 10.into());
        in_vault(&mut tenant).insert("expires-in-days".into(), 10.into());
    }
    certificate_signed_with_sha1: "weak-certificate" => [], |tenant| {
        with_certificate(&mut tenant);
        certificate(&mut tenant).insert("digest".into(), "sha1".into());
    }
    certificate_without_renewal: "certificate-without-auto-renewal" => [], |tenant| {
        with_certificate(&mut tenant);
        in_vault(&mut tenant).insert("auto-renew".into(), false.into());
    }
    certificate_of_another: "vault-value-not-live" => ["token-refused"], |tenant| {
        with_certificate(&mut tenant);
        let old = parsed("label = \"erp-bridge-lost\"\nstarted-days-ago = 60\nends-in-days = 110\nremoved = true");
        tenant.application(APP)["certificates"].as_array_mut().unwrap().push(old.into());
        in_vault(&mut tenant).insert("holds".into(), "erp-bridge-lost".into());
    }
    file_behind_a_password: "vault-entry-malformed" => [], |tenant| {
        in_plain_secret(&mut tenant, "pfx-password");
    }
    key_on_a_curve: "vault-entry-malformed" => [], |tenant| {
        in_plain_secret(&mut tenant, "ec");
    }
    certificate_declared_as_secret: "vault-entry-malformed" => [], |tenant| {
        with_certificate(&mut tenant);
        let credential = parsed("secret = \"crm-prod/erp-bridge\"");
        tenant.registration(APP).insert("credential".into(), credential.into());
    }
    old_one_never_removed: "rotation-unfinished" => [], |tenant| {
        another_secret(&mut tenant, "label = \"old\"\nstarted-days-ago = 90\nends-in-days = 80\nused-days-ago = 61");
    }
    new_one_never_stored: "rotation-unfinished" => [], |tenant| {
        another_secret(&mut tenant, "label = \"new\"\nstarted-days-ago = 30\nends-in-days = 140");
    }
    not_touched_for_long: "rotation-overdue" => [], |tenant| {
        tenant.stored(VAULT, ENTRY).insert("created-days-ago".into(), 200.into());
    }
    three_alive: "too-many-live-credentials" => [], |tenant| {
        tenant.secret(APP).insert("started-days-ago".into(), 2.into());
        another_secret(&mut tenant, "label = \"second\"\nstarted-days-ago = 4\nends-in-days = 110\nused-days-ago = 1");
        another_secret(&mut tenant, "label = \"third\"\nstarted-days-ago = 6\nends-in-days = 110\nused-days-ago = 1");
    }
    left_over_beside_a_fresh_pair: "too-many-live-credentials" => ["unused-credential"], |tenant| {
        tenant.secret(APP).insert("started-days-ago".into(), 2.into());
        another_secret(&mut tenant, "label = \"second\"\nstarted-days-ago = 4\nends-in-days = 110\nused-days-ago = 1");
        another_secret(&mut tenant, "label = \"third\"\nstarted-days-ago = 100\nends-in-days = 75\nused-days-ago = 95");
    }
    left_over_of_three: "rotation-unfinished" => ["too-many-live-credentials", "unused-credential"], |tenant| {
        another_secret(&mut tenant, "label = \"second\"\nstarted-days-ago = 80\nends-in-days = 90\nused-days-ago = 1");
        another_secret(&mut tenant, "label = \"third\"\nstarted-days-ago = 100\nends-in-days = 75\nused-days-ago = 95");
    }
    left_over_and_unused: "rotation-unfinished" => ["unused-credential"], |tenant| {
        another_secret(&mut tenant, "label = \"old\"\nstarted-days-ago = 100\nends-in-days = 75\nused-days-ago = 95");
    }
    nobody_signs_in: "unused-credential" => [], |tenant| {
        tenant.secret(APP).insert("started-days-ago".into(), 110.into());
        tenant.secret(APP).insert("ends-in-days".into(), 65.into());
        tenant.secret(APP).insert("used-days-ago".into(), 100.into());
        tenant.stored(VAULT, ENTRY).insert("expires-in-days".into(), 65.into());
    }
    left_on_the_principal: "expired-credential-left-behind" => [], |tenant| {
        another_secret(&mut tenant, "label = \"old\"\nstarted-days-ago = 100\nends-in-days = -5\non-service-principal = true");
    }
    entry_deleted: "vault-entry-disabled" => [], |tenant| {
        let vault = tenant.vault(VAULT);
        let secrets = vault["secrets"].as_array_mut().unwrap();
        secrets.retain(|secret| secret["name"].as_str() != Some(ENTRY));
        let gone = parsed("name = \"erp-bridge-secret\"\ndeleted-days-ago = 3\npurge-in-days = 87");
        vault.insert("deleted".into(), vec![Value::from(gone)].into());
    }
    vault_can_be_purged: "vault-entry-purgeable" => [], |tenant| {
        tenant.vault(VAULT).insert("purgeable".into(), true.into());
    }
    saml_lapses: "saml-certificate-expiring" => [], |tenant| {
        let saml = parsed("saml = { notified = [], thumbprint-of = \"erp-bridge-saml\" }");
        tenant.application(APP).insert("principal".into(), saml.into());
        let key = parsed("label = \"erp-bridge-saml\"\nusage = \"Sign\"\non-service-principal = true\nstarted-days-ago = 1000\nends-in-days = 9");
        tenant.application(APP).insert("certificates".into(), vec![Value::from(key)].into());
    }
    any_repository: "federated-credential-too-broad" => [], |tenant| {
        let federated = parsed("name = \"any\"\nissuer = \"https://token.actions.githubusercontent.com\"\nsubject = \"repo:contoso/*\"");
        tenant.application(APP).insert("federated".into(), vec![Value::from(federated)].into());
    }
    issuer_of_somebody_else: "federated-credential-too-broad" => [], |tenant| {
        let federated = parsed("name = \"odd\"\nissuer = \"https://tokens.evil.example\"\nsubject = \"anyone\"");
        tenant.application(APP).insert("federated".into(), vec![Value::from(federated)].into());
    }
    no_app_policy: "app-management-policy-missing" => [], |tenant| {
        let policy = parsed("default = { enabled = false }");
        let contoso = tenant.scenario["tenants"]["contoso"].as_table_mut().unwrap();
        contoso.insert("app-management".into(), policy.into());
    }
    lax_policy_of_its_own: "app-management-policy-missing" => [], |tenant| {
        let contoso = tenant.scenario["tenants"]["contoso"].as_table_mut().unwrap();
        let policy = contoso["app-management"].as_table_mut().unwrap();
        let custom = parsed("name = \"Old vendor\"\nenabled = true\npassword-max-days = 730\nkey-max-days = 730\napplies-to = [\"erp-bridge\"]");
        policy.insert("custom".into(), vec![Value::from(custom)].into());
    }
    auditor_lapses: "auditor-credential-expiring" => [], |tenant| {
        tenant.secret("credaudit").insert("ends-in-days".into(), 5.into());
    }
    nobody_listed_it: "unlisted-registration" => [], |tenant| {
        tenant.estate.entry("auditor").or_insert_with(|| Value::Table(Default::default()))
            .as_table_mut().unwrap().insert("scope".into(), "tenant".into());
        let portal = tenant.application("intranet-portal");
        let asks = parsed("resource = \"Dynamics CRM\"\nname = \"user_impersonation\"");
        portal.insert("permissions".into(), vec![Value::from(asks)].into());
    }
}
