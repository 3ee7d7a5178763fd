//! Several tenants in one estate: a registration that was meant for another one is told so.

use credaudit::inside::Finding;
use toml::{Table, Value};

use crate::tenant::{Audited, Tenant};

const ELSEWHERE: &str = "id = \"8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0002\"\ncloud = \"public\"";

fn with_fabrikam() -> Tenant {
    let mut tenant = Tenant::tidy();
    let fabrikam: Value = ELSEWHERE.parse::<Table>().unwrap().into();
    for file in [&mut tenant.scenario, &mut tenant.estate] {
        let tenants = file["tenants"].as_table_mut().unwrap();
        tenants.insert("fabrikam".to_owned(), fabrikam.clone());
    }
    tenant
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_of_the_other_tenant_is_told_so() {
    let mut tenant = with_fabrikam();
    tenant
        .application("erp-bridge")
        .insert("tenant".to_owned(), "fabrikam".into());
    let audited = tenant.audit().await;
    let finding = audited
        .assessment
        .findings
        .iter()
        .find(|finding| finding.check == "registration-missing")
        .expect("it is in the other tenant");
    assert!(
        finding.seen.letters().contains("other tenants (fabrikam)"),
        "{}",
        finding.seen
    );
    assert!(
        finding
            .remedy
            .letters()
            .contains("belongs to tenant fabrikam"),
        "{}",
        finding.remedy
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_tenant_may_have_its_own_auditor() {
    let mut tenant = with_fabrikam();
    let own: Value = "identity = \"environment\""
        .parse::<Table>()
        .unwrap()
        .into();
    tenant.estate["tenants"]["contoso"]
        .as_table_mut()
        .unwrap()
        .insert("auditor".to_owned(), own);
    tenant.estate["auditor"]
        .as_table_mut()
        .unwrap()
        .insert("identity".to_owned(), "workload-identity".into());
    let audited = tenant.audit().await;
    assert_eq!(audited.roots(), [""; 0].into(), "{:#?}", audited.gaps());
    assert!(
        audited.snapshot.auditors["contoso"]
            .signed_in
            .known()
            .is_some()
    );
    assert!(
        audited.snapshot.auditors["fabrikam"]
            .signed_in
            .known()
            .is_none()
    );
}

const VENDOR: &str = "2f6b3a10-6d1c-4a0e-9d0b-5d1f0c9e0193";

fn push(list: &mut Value, text: &str) {
    let table: Table = text.parse().expect("TOML");
    list.as_array_mut().expect("a list").push(table.into());
}

/// An application of Fabrikam that signs in at Contoso with its own secret, which expires in so many days.
fn of_fabrikam(ends_in_days: i64) -> Tenant {
    let mut tenant = with_fabrikam();
    push(
        &mut tenant.scenario["applications"],
        &format!(
            "name = \"vendor-sync\"\ntenant = \"fabrikam\"\nguest-in = [\"contoso\"]\nclient-id = \"{VENDOR}\"\n\
             owners = [\"anna\"]\naudience = \"AzureADMultipleOrgs\"\n\
             secrets = [{{ label = \"vendor-sync\", started-days-ago = 60, ends-in-days = {ends_in_days}, used-days-ago = 1 }}]"
        ),
    );
    push(
        &mut tenant.scenario["vaults"]["kv-contoso-crm-prod"]["secrets"],
        &format!(
            "name = \"vendor-sync-secret\"\nholds = \"vendor-sync\"\ncreated-days-ago = 60\nexpires-in-days = {ends_in_days}"
        ),
    );
    push(
        &mut tenant.scenario["environments"]["prod"]["users"],
        "application = \"vendor-sync\"\nroles = [\"ERP Bridge\"]",
    );
    push(
        &mut tenant.estate["registrations"],
        &format!(
            "name = \"vendor-sync\"\nenvironment = \"prod\"\nclient-id = \"{VENDOR}\"\nowner = \"erp-platform@contoso.com\"\n\
             credential = {{ secret = \"crm-prod/vendor-sync-secret\" }}\nhome-tenant = \"fabrikam\"\n\
             [dataverse]\nbusiness-unit = \"contoso\"\nroles = [\"ERP Bridge\"]\nallow = {{ read = [\"account\"] }}\ndeny = {{ read = [\"incident\"] }}"
        ),
    );
    // The audit may read Fabrikam's directory, too.
    let auditor = tenant.application("credaudit");
    auditor.insert("guest-in".to_owned(), vec!["fabrikam"].into());
    tenant
}

fn of_the_vendor<'a>(audited: &'a Audited, check: &str) -> Option<&'a Finding> {
    let mut findings = audited.assessment.findings.iter();
    findings.find(|one| one.check == check && one.registrations == ["vendor-sync"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_of_a_declared_home_tenant_is_read_in_its_own_directory() {
    let audited = of_fabrikam(100).audit().await;
    assert_eq!(
        audited.roots(),
        ["app-management-policy-missing"].into(),
        "Fabrikam's own, which can be read now: {:#?}",
        audited.assessment.findings
    );
    let views = &audited.assessment.registrations;
    let view = views.iter().find(|view| view.name == "vendor-sync");
    assert!(view.expect("a view").is_proven(), "{:#?}", audited.gaps());
    let open: Vec<_> = audited
        .assessment
        .unknowns
        .iter()
        .filter(|item| item.resource.path().starts_with("registration/vendor-sync"))
        .collect();
    assert!(open.is_empty(), "{open:#?}");

    // Its credential is known from there: its end is told before it comes.
    let audited = of_fabrikam(3).audit().await;
    let ending = of_the_vendor(&audited, "credential-expiring");
    assert!(ending.is_some(), "{:?}", audited.roots());

    // Where that directory may not be read, what stands in it is not known, and not absent.
    let mut tenant = of_fabrikam(100);
    tenant.application("credaudit").remove("guest-in");
    let audited = tenant.audit().await;
    assert!(of_the_vendor(&audited, "registration-missing").is_none());
    assert_eq!(audited.assessment.verdict.exit_code, 11);
}
