//! A small estate in which nothing is wrong, and ways to spoil it: what checks are tested on.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

pub(crate) use super::certificates::*;
use super::estate::{environment_named, registration_named};
pub(crate) use super::finops::*;
use super::privileges;
pub(crate) use super::privileges::*;
pub(crate) use super::spoil::*;
pub(crate) use super::tenant::*;
use crate::estate::{
    Auditor, ClientId, CredentialForm, EntryRef, Environment, Estate, Permission, Tenant, Tier,
    Vault,
};
use crate::evidence::*;
use crate::model::{
    Gap, GapKind, GapTable, IsolationProbe, Listing, Observed, Presence, Seen, Service,
};
use crate::reference::cloud::Cloud;

pub(crate) fn as_of() -> DateTime<Utc> {
    "2026-11-21T06:00:00Z".parse().unwrap()
}

pub(crate) fn days_from_now(days: i64) -> DateTime<Utc> {
    as_of() + TimeDelta::days(days)
}

pub(crate) fn known<T>(fact: T) -> Observed<T> {
    Observed::Known(fact)
}

pub(crate) fn a_gap() -> Gap {
    Gap::new(GapKind::Denied, "a service refused the auditor")
}

pub(crate) fn gap<T>() -> Observed<T> {
    Observed::Unknown(a_gap())
}

pub(crate) fn seen(call: &str, status: u16, code: Option<&str>) -> Seen {
    Seen {
        call: call.to_owned(),
        status,
        code: code.map(str::to_owned),
        at: as_of(),
    }
}

fn evidence_of(client_id: &str, host: &str, value_group: u32) -> RegistrationEvidence {
    let user_id = format!("user-{client_id}");
    let dataverse_token = TokenProof {
        service: Service::Dataverse,
        resource: format!("https://{host}.crm4.dynamics.com"),
        answer: known(TokenAnswer::Issued {
            seen: seen("the token endpoint", 200, None),
            assertion: None,
            claims: known(TokenClaims {
                audience: known(format!("https://{host}.crm4.dynamics.com")),
                tenant: known("tenant-1".to_owned()),
                client_id: known(client_id.to_owned()),
                object_id: known("object-1".to_owned()),
                expires: known(as_of() + TimeDelta::hours(1)),
                app_only: gap(),
            }),
        }),
    };
    RegistrationEvidence {
        client_id: known(client_id.to_owned()),
        entry: known(Presence::Present(VaultEntry {
            enabled: known(true),
            attributes: known(EntryAttributes {
                version: Some("v1".to_owned()),
                enabled: true,
                not_before: None,
                expires: Some(days_from_now(90)),
                created: Some(days_from_now(-30)),
                updated: Some(days_from_now(-30)),
                content_type: None,
                managed: false,
                recovery_level: Some("Recoverable".to_owned()),
                tags: Vec::new(),
                owner: None,
                client_id: None,
            }),
            content: known(EntryContent {
                problems: Vec::new(),
                wrapper: None,
                value_group: Some(value_group),
                certificate: None,
            }),
            versions: Listing::complete(vec![EntryVersion {
                version: "v1".to_owned(),
                enabled: true,
                not_before: None,
                expires: Some(days_from_now(90)),
                created: Some(days_from_now(-30)),
            }]),
            certificate: None,
        })),
        deleted_entry: None,
        carried: None,
        tokens: vec![
            dataverse_token.clone(),
            token_for_finops(&dataverse_token, host),
        ],
        application: known(Presence::Present(Application {
            object_id: "application-1".to_owned(),
            display_name: Some("Raia".to_owned()),
            disabled: known(false),
            by_microsoft: None,
            audience: known("AzureADMyOrg".to_owned()),
            credentials: known(vec![Credential {
                key_id: "key-1".to_owned(),
                kind: CredentialKind::Secret,
                display_name: Some("2026".to_owned()),
                start: Some(days_from_now(-30)),
                end: known(days_from_now(90)),
                matches_stored: known(true),
                certificate: None,
                last_use: known(LastUse::At(days_from_now(-2))),
            }]),
            redirects: known(Vec::new()),
            implicit_grant: known(false),
            public_client: known(false),
            created: Some(days_from_now(-200)),
            federated: Listing::complete(Vec::new()),
            required: known(Vec::new()),
        })),
        service_principal: known(Presence::Present(ServicePrincipal {
            object_id: "object-1".to_owned(),
            enabled: known(true),
            by_microsoft: None,
            kind: known(PrincipalKind::Own),
            credentials: known(Vec::new()),
            saml: known(None),
            granted: Listing::complete(Vec::new()),
            delegated: Listing::complete(Vec::new()),
        })),
        owners: Listing::complete(vec![Owner {
            id: "owner-1".to_owned(),
            mail: None,
        }]),
        last_sign_in: known(LastUse::At(days_from_now(-2))),
        dataverse: Some(DataverseProof {
            whoami: known(WhoAmI::Answered {
                seen: seen("WhoAmI", 200, None),
                user_id: user_id.clone(),
                business_unit_id: "unit-1".to_owned(),
                organization_id: format!("organization-{host}"),
            }),
            reads: vec![
                TableRead {
                    table: "contact".to_owned(),
                    expected: Expected::Allowed,
                    answer: known(ReadAnswer::Read {
                        seen: seen("a read of contact", 200, None),
                    }),
                },
                TableRead {
                    table: "account".to_owned(),
                    expected: Expected::Denied,
                    answer: known(refused(ReadRefusal::Privilege)),
                },
            ],
            user: known(Presence::Present(privileges::application_user(
                &user_id, client_id,
            ))),
            roles: Listing::complete(vec![RoleGrant {
                name: "Raia Contact Sync".to_owned(),
                role_id: "role-1".to_owned(),
                template_id: None,
                team: None,
                reach: privileges::small_reach(),
            }]),
            witness: Witness::Auditor,
            metadata: metadata_read(),
            privileges: privileges::held(),
            write_probes: Vec::new(),
        }),
        finops: Some(proven_in_finops()),
        foreign: Vec::new(),
    }
}

fn environment_evidence(host: &str) -> EnvironmentEvidence {
    EnvironmentEvidence {
        organization: known(format!("organization-{host}")),
        application_users: Listing::complete(Vec::new()),
        finops_clients: Some(Listing::complete(Vec::new())),
        tables: known(["account", "contact"].map(privileges::table).to_vec()),
    }
}

/// Two registrations, `raia` in production and `raia-dev` in development; nothing is wrong.
pub(crate) fn tidy() -> Snapshot {
    let map = |pairs: [(&str, Environment); 2]| -> BTreeMap<String, Environment> {
        pairs.map(|(name, it)| (name.to_owned(), it)).into()
    };
    let mut snapshot = Snapshot {
        format: FORMAT.to_owned(),
        tool: "credaudit 0.0.0".to_owned(),
        run: "run-1".to_owned(),
        started: as_of(),
        finished: as_of(),
        clock: None,
        trace: OwnTrace {
            address: known("192.0.2.10".to_owned()),
            user_agent: "credaudit/0.0.0 (run run-1)".to_owned(),
        },
        isolation: IsolationProbe::default(),
        probe_writes: false,
        earlier_runs: vec![OwnRun {
            run: "run-0".to_owned(),
            started: days_from_now(-7),
            finished: days_from_now(-7),
        }],
        estate: Estate {
            auditor: Auditor::default(),
            tenants: [(
                "contoso".to_owned(),
                Tenant {
                    id: "tenant-1".to_owned(),
                    cloud: Cloud::Public,
                    auditor: None,
                },
            )]
            .into(),
            environments: map([
                ("dev", environment_named(Tier::Development, "contoso-dev")),
                ("prod", environment_named(Tier::Production, "contoso")),
            ]),
            vaults: ["dev", "prod"]
                .map(|name| {
                    let vault = Vault {
                        environment: name.to_owned(),
                        tenant: None,
                        host: format!("kv-{name}.vault.azure.net"),
                    };
                    (name.to_owned(), vault)
                })
                .into(),
            registrations: vec![
                registration_named("raia", "prod", "client-1"),
                registration_named("raia-dev", "dev", "client-2"),
            ],
            mail: None,
            routing: None,
            webhooks: Vec::new(),
            file: None,
            history: crate::estate::History::default(),
        },
        narrowed: None,
        auditors: tidy_auditors(&evidence_of("auditor-1", "contoso", 3)),
        vaults: tidy_vaults(),
        directories: tidy_directories(),
        environments: [
            ("dev".to_owned(), environment_evidence("contoso-dev")),
            ("prod".to_owned(), environment_evidence("contoso")),
        ]
        .into(),
        registrations: [
            ("raia".to_owned(), evidence_of("client-1", "contoso", 1)),
            (
                "raia-dev".to_owned(),
                evidence_of("client-2", "contoso-dev", 2),
            ),
        ]
        .into(),
        requests: Vec::new(),
        gaps: GapTable,
    };
    for (name, elsewhere, tried) in [("raia", "dev", false), ("raia-dev", "prod", true)] {
        if let Some(evidence) = snapshot.registrations.get_mut(name) {
            evidence.foreign = privileges::foreign(elsewhere, tried, &evidence.tokens);
        }
    }
    snapshot
}

/// Every fact of the tidy estate replaced by a gap.
pub(crate) fn all_unknown() -> Snapshot {
    let mut snapshot = tidy();
    for evidence in snapshot.registrations.values_mut() {
        let (tokens, foreign) = (evidence.tokens.clone(), evidence.foreign.clone());
        *evidence = RegistrationEvidence::unknown(&a_gap());
        evidence.tokens = tokens;
        evidence.foreign = foreign;
        evidence.foreign.iter_mut().for_each(forget_foreign);
        for proof in &mut evidence.tokens {
            proof.answer = gap();
        }
        evidence.dataverse = Some(unknown_in_dataverse());
        evidence.finops = Some(unknown_in_finops());
    }
    for environment in snapshot.environments.values_mut() {
        *environment = EnvironmentEvidence {
            organization: gap(),
            application_users: Listing::cut_short(Vec::new(), a_gap()),
            finops_clients: None,
            tables: gap(),
        };
    }
    for registration in &mut snapshot.estate.registrations {
        registration.client_id = ClientId::Secret(EntryRef {
            vault: "prod".to_owned(),
            name: "client-id".to_owned(),
        });
        registration.owner = None;
        // What is stored is a certificate, so that questions about certificates arise, too.
        registration.stored_mut().kind = CredentialForm::Certificate;
        // And every question about privileges.
        registration.permissions = Some(vec![Permission {
            resource: "Microsoft Graph".to_owned(),
            role: "User.Read.All".to_owned(),
        }]);
        if let Some(expected) = &mut registration.dataverse {
            expected.read_only = true;
        }
    }
    forget_tenant(&mut snapshot);
    snapshot
}
