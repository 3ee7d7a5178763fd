//! The tidy snapshot's estate: one registration in production, one in development.

use crate::estate::{
    ClientId, CredentialForm, CredentialRef, DataverseExpectations, EntryRef, Environment,
    Expectations, Prove, Registration, Unnamed, Unstored,
};
use crate::model::Tier;

pub(crate) fn environment_named(tier: Tier, host: &str) -> Environment {
    Environment {
        tenant: "contoso".to_owned(),
        tier,
        dataverse: Some(format!("{host}.crm4.dynamics.com")),
        finops: Some(format!("{host}.operations.dynamics.com")),
        organization_id: Some(format!("organization-{host}")),
        contact: Some("oncall@contoso.example".to_owned()),
        auditor: None,
    }
}

pub(crate) fn registration_named(name: &str, environment: &str, client_id: &str) -> Registration {
    Registration {
        name: name.to_owned(),
        environment: environment.to_owned(),
        client_id: ClientId::Literal(client_id.to_owned()),
        home_tenant: None,
        owner: Some("crm@contoso.example".to_owned()),
        credential: Some(CredentialRef {
            kind: CredentialForm::Secret,
            entry: EntryRef {
                vault: environment.to_owned(),
                name: format!("{name}-secret"),
            },
            field: None,
            version: None,
            password: None,
        }),
        unstored: Unstored::None,
        prove: Prove::Always,
        permissions: None,
        consumers: Vec::new(),
        dataverse: Some(DataverseExpectations {
            business_unit: Some("contoso".to_owned()),
            roles: Some(vec!["Raia Contact Sync".to_owned()]),
            read_only: false,
            default: Unnamed::NotStated,
            metadata: true,
            option_sets: Vec::new(),
            allow: Expectations {
                read: vec!["contact".to_owned()],
                ..Expectations::default()
            },
            deny: Expectations {
                read: vec!["account".to_owned()],
                ..Expectations::default()
            },
        }),
        finops: Some(super::finops::expected_in_finops()),
    }
}
