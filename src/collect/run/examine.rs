//! `credaudit doctor`: everything that the audit reads as itself, tried once at each place.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio::net::lookup_host;

use super::{Run, hosts};
use crate::collect::entra::claims;
use crate::collect::graph::{api as graph, grants, reports};
use crate::collect::http::peers::{self, Peer};
use crate::collect::identity::Auditor;
use crate::collect::options::Options;
use crate::collect::services::{EnvironmentTask, FinopsTask, GraphSession, VaultTask};
use crate::collect::surroundings::Surroundings;
use crate::estate::{CredentialForm, EntryRef, Tenant, Vault};
use crate::evidence::AppManagement;
use crate::model::diagnosis::{HostLook, NameLook, Read, ReadLook, SignIn, Target, Who};
use crate::model::grant::Identity;
use crate::model::{Gap, GapKind, Listing, Observed, Service};

/// For a name.
const RESOLVE: Duration = Duration::from_secs(4);

/// An application that every tenant has, to ask for where no other is known: Microsoft Graph itself.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Application permissions with which Graph shows the mail address of an owner ("Get user").
const SHOWS_MAIL: [&str; 5] = [
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.Read.All",
    "User.ReadBasic.All",
    "User.ReadWrite.All",
];

/// What the services and the way to them showed.
pub(crate) struct Examined {
    pub(crate) identities: Vec<SignIn>,
    pub(crate) services: Vec<Target>,
    pub(crate) ahead_seconds: Option<i64>,
    pub(crate) hosts: Vec<HostLook>,
}

impl Run<'_> {
    /// Tries everything.
    pub(in crate::collect) async fn examine(
        &self,
        options: &Options,
        surroundings: &Surroundings,
    ) -> Examined {
        let environments = &self.shared.environments;
        let (tenants, vaults, dataverse, finops, hosts) = futures::join!(
            join_all(
                self.shared
                    .estate
                    .tenants
                    .iter()
                    .map(|(name, tenant)| self.graph(name, tenant))
            ),
            join_all(
                self.shared
                    .vaults
                    .0
                    .iter()
                    .map(|(name, task)| self.vault(name, task))
            ),
            join_all(
                environments
                    .dataverse
                    .iter()
                    .map(|(name, task)| self.dataverse(name, task))
            ),
            join_all(
                environments
                    .finops
                    .iter()
                    .map(|(name, task)| self.finops(name, task))
            ),
            looked_at(options, surroundings, hosts(self.shared.estate)),
        );
        Examined {
            identities: self.identities().await,
            services: [tenants, vaults, dataverse, finops].concat(),
            ahead_seconds: self.shared.wire.ahead().map(|ahead| ahead.num_seconds()),
            hosts,
        }
    }

    async fn identities(&self) -> Vec<SignIn> {
        let mut all = Vec::new();
        for (scope, auditor) in &self.auditors {
            let Some(tenant) = self.shared.estate.tenants.get(self.tenant_of_scope(scope)) else {
                continue;
            };
            all.push(self.sign_in(scope, auditor, tenant).await);
        }
        all
    }

    async fn sign_in(&self, scope: &str, auditor: &Auditor, tenant: &Tenant) -> SignIn {
        let graph = tenant.cloud.hosts().graph;
        let evidence = auditor.evidence(None, Some(graph)).await;
        let estate = self.shared.estate;
        let of_environment = scope
            .strip_prefix("environment/")
            .and_then(|name| estate.environments.get(name)?.auditor.as_ref());
        let choice = of_environment
            .or(tenant.auditor.as_ref())
            .unwrap_or(&estate.auditor);
        let gap = evidence.signed_in.gap().cloned();
        let claims = auditor.claims(graph).await;
        let of_token = claims.as_ref().and_then(claims::tenant);
        SignIn {
            scope: scope.to_owned(),
            tenant: of_token.unwrap_or_else(|| tenant.id.clone()),
            identity: choice.identity.as_str(),
            tried: evidence.links,
            signed_in: match evidence.signed_in {
                Observed::Known(identity) => Some(Who {
                    by: identity.link,
                    client_id: identity.client_id,
                    object_id: identity.object_id,
                    user_name: claims.as_ref().and_then(claims::user_name),
                }),
                Observed::Unknown(_) => None,
            },
            gap,
            no_identity: evidence.no_identity,
        }
    }

    async fn graph(&self, name: &str, tenant: &Tenant) -> Target {
        let reads = match self.auditors.get(name) {
            Some(auditor) => match GraphSession::open(auditor, tenant).await {
                Ok(session) => self.graph_reads(name, tenant, auditor, &session).await,
                Err(gap) => {
                    let all = [
                        Read::Applications,
                        Read::Owners,
                        Read::DelegatedGrants,
                        Read::CredentialRules,
                        Read::SignInReports,
                    ];
                    all.map(|read| ReadLook::new(read, None, Some(gap.clone())))
                        .into()
                }
            },
            None => Vec::new(),
        };
        Target {
            service: Service::Graph,
            name: name.to_owned(),
            host: tenant.cloud.hosts().graph.to_owned(),
            identity: name.to_owned(),
            reads,
        }
    }

    async fn graph_reads(
        &self,
        name: &str,
        tenant: &Tenant,
        auditor: &Arc<Auditor>,
        session: &GraphSession,
    ) -> Vec<ReadLook> {
        let own = auditor.application_id().await;
        let id = own
            .or_else(|| self.some_client_id(name))
            .unwrap_or_else(|| GRAPH.to_owned());
        let ids = BTreeSet::from([id.clone()]);
        let none = BTreeSet::new();
        let wire = &self.shared.wire;
        let who = auditor.name().await;
        let (directory, reports) = futures::join!(
            graph::directory(session.service(wire, tenant), &ids, &none, false),
            reports::look(wire, tenant, session.token(), &who, self.report_span),
        );
        let entry = directory.entry(&id);
        let applications = (entry.application.gap())
            .or_else(|| entry.principal.gap())
            .or(entry.federated.gap.as_ref())
            .or(entry.granted.gap.as_ref());
        let rules = rules_gap(&directory.evidence.app_management);
        let mail = self.mail_gap(auditor, tenant, &who).await;
        let looks = [
            (Read::Applications, applications.cloned()),
            (Read::Owners, entry.owners.gap),
            (Read::OwnerMail, mail),
            (Read::DelegatedGrants, entry.delegated.gap),
            (Read::CredentialRules, rules),
            (Read::SignInReports, reports),
        ];
        // What hangs on an object that is not there says nothing.
        let asked = |gap: &Option<Gap>| {
            let kind = gap.as_ref().map(|gap| gap.kind);
            kind != Some(GapKind::NotReached)
        };
        looks
            .into_iter()
            .filter(|(_, gap)| asked(gap))
            .map(|(read, gap)| ReadLook::new(read, None, gap))
            .collect()
    }

    /// Without such a permission Graph answers with 200, and every address null.
    async fn mail_gap(&self, auditor: &Auditor, tenant: &Tenant, who: &Identity) -> Option<Gap> {
        let graph = tenant.cloud.hosts().graph;
        let evidence = auditor.evidence(None, Some(graph)).await;
        let Observed::Known(held) = evidence.graph_roles else {
            return Some(Gap::new(
                GapKind::NotReached,
                "what a person may read is not in the token",
            ));
        };
        if held.iter().any(|role| SHOWS_MAIL.contains(&role.as_str())) {
            return None;
        }
        let seen =
            "its Graph token holds no permission to read users: Graph answers with empty addresses";
        let remedy = grants::permission("User.ReadBasic.All", &tenant.id, who);
        Some(remedy.onto(Gap::new(GapKind::Denied, seen)))
    }

    /// The client id of a registration of the tenant, where the estate says it.
    fn some_client_id(&self, tenant: &str) -> Option<String> {
        let all = self.shared.estate.registrations.iter();
        let mut ids = all
            .filter(|one| self.tenant_name(one) == tenant)
            .filter_map(|one| match &one.client_id {
                crate::estate::ClientId::Literal(id) => Some(id.clone()),
                _ => None,
            });
        ids.next()
    }

    async fn vault(&self, name: &str, task: &VaultTask<'_>) -> Target {
        let [secret, certificate] = [CredentialForm::Secret, CredentialForm::Certificate]
            .map(|form| self.entry_in(name, form));
        let list = async {
            let Listing { items, gap } = task.list().await;
            Some(ReadLook::new(
                Read::SecretList,
                Some(items.len().to_string()),
                gap,
            ))
        };
        let value = async {
            // What a certificate signs with is a secret of the same name.
            let entry = secret.or(certificate)?;
            Some(value(task, entry).await)
        };
        let public = async {
            let entry = certificate?;
            let read = task.certificate(&entry.name, None).await;
            let result = entry.name.clone();
            Some(ReadLook::new(
                Read::Certificate,
                Some(result),
                read.gap().cloned(),
            ))
        };
        let (list, value, public) = futures::join!(list, value, public);
        let estate = self.shared.estate;
        let vault: Option<&Vault> = estate.vaults.get(name);
        let tenant = vault.and_then(|vault| estate.tenant_of_vault(vault));
        Target {
            service: Service::KeyVault,
            name: name.to_owned(),
            host: vault.map_or_else(String::new, |vault| vault.host.clone()),
            identity: tenant.map_or_else(String::new, |(tenant, _)| tenant.to_owned()),
            reads: [list, value, public].into_iter().flatten().collect(),
        }
    }

    async fn dataverse(&self, name: &str, task: &EnvironmentTask<'_>) -> Target {
        let (organization, users, roles, tables) = futures::join!(
            task.organization(),
            task.users(),
            task.own_roles(),
            task.tables()
        );
        let number = users.items.len().to_string();
        let held = roles.items.iter().map(|role| role.name.as_str());
        let held = format!("its own: {}", held.collect::<Vec<_>>().join(", "));
        let mut reads = vec![
            ReadLook::new(Read::Organization, None, organization.err()),
            ReadLook::new(Read::ApplicationUsers, Some(number), users.gap),
            ReadLook::new(Read::Roles, Some(held), roles.gap),
        ];
        // Where the estate names no table, none was asked for.
        if !matches!(&tables, Ok(tables) if tables.is_empty()) {
            reads.push(ReadLook::new(Read::Tables, None, tables.err()));
        }
        Target {
            service: Service::Dataverse,
            name: name.to_owned(),
            host: task.site.root.clone(),
            identity: self.identity_in(name),
            reads,
        }
    }

    async fn finops(&self, name: &str, task: &FinopsTask<'_>) -> Target {
        let Listing { items, gap } = task.clients().await;
        let number = items.len().to_string();
        Target {
            service: Service::FinOps,
            name: name.to_owned(),
            host: task.site.host.clone(),
            identity: self.identity_in(name),
            reads: vec![ReadLook::new(Read::FinopsClients, Some(number), gap)],
        }
    }

    /// The scope of the identity that reads an environment.
    fn identity_in(&self, environment: &str) -> String {
        let own = format!("environment/{environment}");
        match self.auditors.contains_key(&own) {
            true => own,
            false => self.tenant_of_scope(&own).to_owned(),
        }
    }

    /// An entry of the vault that the estate names, which holds a credential in this form.
    fn entry_in(&self, vault: &str, form: CredentialForm) -> Option<&EntryRef> {
        let stored = self.shared.estate.registrations.iter();
        let mut stored = stored.filter_map(|one| one.credential.as_ref());
        let found = stored.find(|one| one.kind == form && one.entry.vault == vault);
        found.map(|one| &one.entry)
    }
}

/// The value of an entry: not kept for anybody else, and gone when this returns.
async fn value(task: &VaultTask<'_>, entry: &EntryRef) -> ReadLook {
    let name = &entry.name;
    let (result, gap) = match task.reader.get(name, None).await {
        Ok(_) => (name.clone(), None),
        // Who may not read is not told this.
        Err(error) if error.is_absent() => (format!("{name}, which is not there"), None),
        Err(error) => (String::new(), Some(task.reader.refused(name, &error).await)),
    };
    ReadLook::new(Read::SecretValue, Some(result), gap)
}

fn rules_gap(rules: &Observed<AppManagement>) -> Option<Gap> {
    match rules {
        Observed::Unknown(gap) => Some(gap.clone()),
        Observed::Known(rules) => {
            let custom = &rules.custom;
            let targets = custom
                .items
                .iter()
                .find_map(|rule| rule.applies_to.gap.as_ref());
            custom.gap.as_ref().or(targets).cloned()
        }
    }
}

/// The way to each host.
async fn looked_at(
    options: &Options,
    surroundings: &Surroundings,
    hosts: BTreeSet<String>,
) -> Vec<HostLook> {
    let names = join_all(hosts.iter().map(|host| async move {
        let resolved = match (&options.trust, &surroundings.proxy) {
            (Some(_), _) => NameLook::NotAsked,
            (None, Some(_)) => NameLook::ByProxy,
            (None, None) => resolve(host).await,
        };
        (host.clone(), resolved)
    }));
    let (names, mut peers) = futures::join!(names, peers::look(options, &hosts));
    names
        .into_iter()
        .map(|(host, name)| {
            let peer: Option<Peer> = peers.remove(&host);
            let (certificate, fault) = match peer {
                Some(Ok(certificate)) => (Some(certificate), None),
                Some(Err(fault)) => (None, Some(fault.to_owned())),
                None => (None, None),
            };
            HostLook {
                host,
                name,
                certificate,
                fault,
            }
        })
        .collect()
}

async fn resolve(host: &str) -> NameLook {
    match tokio::time::timeout(RESOLVE, lookup_host((host, 443))).await {
        Ok(found) => match found.is_ok_and(|mut found| found.next().is_some()) {
            true => NameLook::Resolved,
            false => NameLook::NotFound,
        },
        Err(_) => NameLook::Silent,
    }
}
