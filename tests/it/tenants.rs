//! Several tenants in one estate: a registration that was meant for another one is told so.

use toml::{Table, Value};

use crate::tenant::Tenant;

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
        finding.seen.contains("other tenants (fabrikam)"),
        "{}",
        finding.seen
    );
    assert!(
        finding.remedy.contains("belongs to tenant fabrikam"),
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
