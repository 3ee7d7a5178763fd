//! A small estate in which nothing is wrong, and ways to spoil it: what checks are tested on.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Check, Context};
use crate::estate::{
    Auditor, ClientId, CredentialRef, DataverseExpectations, EntryRef, Environment, Estate,
    Expectations, Prove, Registration, Tenant, Tier, Vault,
};
use crate::evidence::*;
use crate::model::{
    Cloud, Gap, GapKind, Listing, Observed, Outcome, Presence, Seen, Service, Verdict,
};

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

fn seen(call: &str, status: u16, code: Option<&str>) -> Seen {
    Seen {
        call: call.to_owned(),
        status,
        code: code.map(str::to_owned),
        at: as_of(),
    }
}

fn environment_named(tier: Tier, host: &str) -> Environment {
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

fn registration_named(name: &str, environment: &str, client_id: &str) -> Registration {
    Registration {
        name: name.to_owned(),
        environment: environment.to_owned(),
        client_id: ClientId::Literal(client_id.to_owned()),
        owner: Some("crm@contoso.example".to_owned()),
        credential: CredentialRef {
            secret: EntryRef {
                vault: environment.to_owned(),
                name: format!("{name}-secret"),
            },
            field: None,
        },
        prove: Prove::Always,
        consumers: Vec::new(),
        dataverse: Some(DataverseExpectations {
            business_unit: Some("contoso".to_owned()),
            roles: Some(vec!["Raia Contact Sync".to_owned()]),
            allow: Expectations {
                read: vec!["contact".to_owned()],
                ..Expectations::default()
            },
            deny: Expectations {
                read: vec!["account".to_owned()],
                ..Expectations::default()
            },
        }),
        finops: None,
    }
}

fn evidence_of(client_id: &str, host: &str, value_group: u32) -> RegistrationEvidence {
    let user_id = format!("user-{client_id}");
    RegistrationEvidence {
        client_id: known(client_id.to_owned()),
        entry: known(Presence::Present(VaultEntry {
            attributes: known(EntryAttributes {
                version: Some("v1".to_owned()),
                enabled: true,
                not_before: None,
                expires: Some(days_from_now(90)),
                created: Some(days_from_now(-30)),
                updated: Some(days_from_now(-30)),
                content_type: None,
                managed: false,
            }),
            content: known(EntryContent {
                problems: Vec::new(),
                value_group: Some(value_group),
            }),
        })),
        tokens: vec![TokenProof {
            service: Service::Dataverse,
            resource: format!("https://{host}.crm4.dynamics.com"),
            answer: known(TokenAnswer::Issued {
                seen: seen("the token endpoint", 200, None),
                claims: known(TokenClaims {
                    audience: known(format!("https://{host}.crm4.dynamics.com")),
                    tenant: known("tenant-1".to_owned()),
                    client_id: known(client_id.to_owned()),
                    object_id: known("object-1".to_owned()),
                    expires: known(as_of() + TimeDelta::hours(1)),
                    app_only: gap(),
                }),
            }),
        }],
        application: known(Presence::Present(Application {
            object_id: "application-1".to_owned(),
            display_name: Some("Raia".to_owned()),
            disabled: known(false),
            audience: known("AzureADMyOrg".to_owned()),
            credentials: known(vec![Credential {
                key_id: "key-1".to_owned(),
                kind: CredentialKind::Secret,
                display_name: Some("2026".to_owned()),
                start: Some(days_from_now(-30)),
                end: known(days_from_now(90)),
                matches_stored: known(true),
            }]),
            redirects: known(Vec::new()),
        })),
        service_principal: known(Presence::Present(ServicePrincipal {
            object_id: "object-1".to_owned(),
            enabled: known(true),
        })),
        owners: Listing::complete(vec!["owner-1".to_owned()]),
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
            user: known(Presence::Present(ApplicationUser {
                user_id,
                client_id: client_id.to_owned(),
                name: Some("Raia".to_owned()),
                disabled: known(false),
                business_unit_id: known("unit-1".to_owned()),
                business_unit: known("contoso".to_owned()),
            })),
            roles: Listing::complete(vec![RoleGrant {
                name: "Raia Contact Sync".to_owned(),
                role_id: "role-1".to_owned(),
                template_id: None,
                team: None,
            }]),
            witness: Witness::Auditor,
        }),
    }
}

fn environment_evidence(host: &str) -> EnvironmentEvidence {
    EnvironmentEvidence {
        organization: known(format!("organization-{host}")),
        application_users: Listing::complete(Vec::new()),
        tables: known(
            ["account", "contact"]
                .map(|table| TableName {
                    logical_name: table.to_owned(),
                    set_name: format!("{table}s"),
                    primary_id: format!("{table}id"),
                })
                .to_vec(),
        ),
    }
}

/// Two registrations, `raia` in production and `raia-dev` in development; nothing is wrong.
pub(crate) fn tidy() -> Snapshot {
    let map = |pairs: [(&str, Environment); 2]| -> BTreeMap<String, Environment> {
        pairs.map(|(name, it)| (name.to_owned(), it)).into()
    };
    Snapshot {
        format: FORMAT.to_owned(),
        tool: "credaudit 0.0.0".to_owned(),
        run: "run-1".to_owned(),
        started: as_of(),
        finished: as_of(),
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
        },
        narrowed: None,
        auditors: BTreeMap::new(),
        vaults: BTreeMap::new(),
        directories: BTreeMap::new(),
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
    }
}

/// Every fact of the tidy estate replaced by a gap.
pub(crate) fn all_unknown() -> Snapshot {
    let mut snapshot = tidy();
    for evidence in snapshot.registrations.values_mut() {
        let tokens = evidence.tokens.clone();
        *evidence = RegistrationEvidence::unknown(&a_gap());
        evidence.tokens = tokens;
        evidence.tokens[0].answer = gap();
        evidence.dataverse = Some(DataverseProof {
            whoami: gap(),
            reads: Vec::new(),
            user: gap(),
            roles: Listing::cut_short(Vec::new(), a_gap()),
            witness: Witness::Auditor,
        });
    }
    for environment in snapshot.environments.values_mut() {
        *environment = EnvironmentEvidence {
            organization: gap(),
            application_users: Listing::cut_short(Vec::new(), a_gap()),
            tables: gap(),
        };
    }
    for registration in &mut snapshot.estate.registrations {
        registration.client_id = ClientId::Secret(EntryRef {
            vault: "prod".to_owned(),
            name: "client-id".to_owned(),
        });
        registration.owner = None;
    }
    snapshot
}

pub(crate) fn raia(snapshot: &mut Snapshot) -> &mut RegistrationEvidence {
    snapshot.registrations.get_mut("raia").unwrap()
}

pub(crate) fn application(snapshot: &mut Snapshot) -> &mut Application {
    match &mut raia(snapshot).application {
        Observed::Known(Presence::Present(application)) => application,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn principal(snapshot: &mut Snapshot) -> &mut ServicePrincipal {
    match &mut raia(snapshot).service_principal {
        Observed::Known(Presence::Present(principal)) => principal,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn credentials(snapshot: &mut Snapshot) -> &mut Vec<Credential> {
    match &mut application(snapshot).credentials {
        Observed::Known(credentials) => credentials,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn credential(snapshot: &mut Snapshot, index: usize) -> &mut Credential {
    &mut credentials(snapshot)[index]
}

fn entry_of<'a>(snapshot: &'a mut Snapshot, name: &str) -> &'a mut VaultEntry {
    match &mut snapshot.registrations.get_mut(name).unwrap().entry {
        Observed::Known(Presence::Present(entry)) => entry,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn attributes(snapshot: &mut Snapshot) -> &mut EntryAttributes {
    match &mut entry_of(snapshot, "raia").attributes {
        Observed::Known(attributes) => attributes,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn content(snapshot: &mut Snapshot) -> &mut EntryContent {
    content_of(snapshot, "raia")
}

pub(crate) fn content_of<'a>(snapshot: &'a mut Snapshot, name: &str) -> &'a mut EntryContent {
    match &mut entry_of(snapshot, name).content {
        Observed::Known(content) => content,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn claims(snapshot: &mut Snapshot) -> &mut TokenClaims {
    match &mut raia(snapshot).tokens[0].answer {
        Observed::Known(TokenAnswer::Issued {
            claims: Observed::Known(claims),
            ..
        }) => claims,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn dataverse(snapshot: &mut Snapshot) -> &mut DataverseProof {
    raia(snapshot).dataverse.as_mut().unwrap()
}

pub(crate) fn user(snapshot: &mut Snapshot) -> &mut ApplicationUser {
    match &mut dataverse(snapshot).user {
        Observed::Known(Presence::Present(user)) => user,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn read<'a>(snapshot: &'a mut Snapshot, table: &str) -> &'a mut Observed<ReadAnswer> {
    let reads = &mut dataverse(snapshot).reads;
    &mut reads
        .iter_mut()
        .find(|read| read.table == table)
        .unwrap()
        .answer
}

pub(crate) fn expectations(snapshot: &mut Snapshot) -> &mut DataverseExpectations {
    snapshot.estate.registrations[0].dataverse.as_mut().unwrap()
}

pub(crate) fn environment(snapshot: &mut Snapshot) -> &mut Environment {
    snapshot.estate.environments.get_mut("prod").unwrap()
}

pub(crate) fn refused(why: ReadRefusal) -> ReadAnswer {
    ReadAnswer::Refused {
        seen: seen("a read", 403, Some("0x80040220")),
        why,
    }
}

pub(crate) fn refuse_token(snapshot: &mut Snapshot, code: &str) {
    raia(snapshot).tokens[0].answer = known(TokenAnswer::Refused {
        seen: seen("the token endpoint", 401, Some(code)),
    });
}

pub(crate) fn refuse_whoami(snapshot: &mut Snapshot, why: UserRefusal) {
    dataverse(snapshot).whoami = known(WhoAmI::Refused {
        seen: seen("WhoAmI", 403, Some("0x80072560")),
        why,
    });
}

pub(crate) fn share_client_id(snapshot: &mut Snapshot) {
    snapshot.estate.registrations[1].client_id = ClientId::Literal("client-1".to_owned());
    let evidence = snapshot.registrations.get_mut("raia-dev").unwrap();
    evidence.client_id = known("client-1".to_owned());
}

fn defaults<C: Check>() -> C::Params {
    serde_json::from_value(serde_json::json!({})).unwrap()
}

/// The check's verdicts on the tidy estate after `spoil`.
pub(crate) fn judge_all<C: Check>(spoil: impl FnOnce(&mut Snapshot)) -> Vec<Verdict> {
    let mut snapshot = tidy();
    spoil(&mut snapshot);
    C::judge(
        &defaults::<C>(),
        &Context {
            snapshot: &snapshot,
            as_of: as_of(),
        },
    )
}

/// The worst outcome about `raia`.
pub(crate) fn judge_raia<C: Check>(spoil: impl FnOnce(&mut Snapshot)) -> Outcome {
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Fail(_) => 0,
        Outcome::Unknown(_) => 1,
        Outcome::Pass => 2,
        Outcome::NotApplicable(_) => 3,
    };
    judge_all::<C>(spoil)
        .into_iter()
        .filter(|verdict| verdict.subjects.contains(&"registration/raia".to_owned()))
        .map(|verdict| verdict.outcome)
        .min_by_key(rank)
        .expect("a verdict about raia")
}

pub(crate) fn assert_pass<C: Check>(spoil: impl FnOnce(&mut Snapshot)) {
    let outcome = judge_raia::<C>(spoil);
    assert!(matches!(outcome, Outcome::Pass), "{outcome:?}");
}

pub(crate) fn assert_fail<C: Check>(spoil: impl FnOnce(&mut Snapshot)) {
    let outcome = judge_raia::<C>(spoil);
    assert!(matches!(outcome, Outcome::Fail(_)), "{outcome:?}");
}

pub(crate) fn assert_unknown<C: Check>(spoil: impl FnOnce(&mut Snapshot)) {
    let outcome = judge_raia::<C>(spoil);
    assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
}

pub(crate) fn assert_not_applicable<C: Check>(spoil: impl FnOnce(&mut Snapshot)) {
    let outcome = judge_raia::<C>(spoil);
    assert!(matches!(outcome, Outcome::NotApplicable(_)), "{outcome:?}");
}
