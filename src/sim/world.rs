//! What all services share: the scenario, the clock, the signing key, and the log of requests.
#![expect(
    clippy::disallowed_methods,
    reason = "a server runs by the clock: tokens expire while it stands"
)]

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chrono::{DateTime, Duration, NaiveTime, SecondsFormat, Utc};

use super::client_certificates::{ClientCertificate, ClientCertificates, Wanted};
use super::faults::Faults;
use super::rate_limit::RateLimit;
use super::scenario::{
    AppSecret, Application, Environment, KeyKind, Scenario, Service, Shape, Tenant, Vault,
};
use super::tokens::{Caller, SigningKey};
use super::wire::{Call, http_date};
use crate::sim::clouds::{Cloud, Platform};

/// One answered request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedRequest {
    pub host: String,
    pub method: String,
    pub path_and_query: String,
    pub status: u16,
    /// The client id of the bearer token; at the token endpoint, the client id that asked.
    pub client_id_of_token: Option<String>,
    pub user_agent: Option<String>,
    /// The `If-Match` header: a PATCH without one makes rows.
    pub if_match: Option<String>,
    /// A part of a `$batch`, logged beside the request that carried it.
    pub in_batch: bool,
}

/// Something a client changed, or would have changed had the rows been real.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub host: String,
    pub path: String,
    pub kind: ChangeKind,
    pub client_id: String,
}

/// A mail that a client handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenMail {
    /// Whose mailbox it was sent from.
    pub mailbox: String,
    /// The client id of the token.
    pub client_id: String,
    /// As it would go out: headers and all.
    pub mime: Vec<u8>,
}

/// What was done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Created,
    Updated,
    Deleted,
}

/// What stands behind a host name.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Login,
    Graph(Cloud),
    /// Key of the scenario's vault.
    Vault(String),
    /// Key of the scenario's environment.
    Dataverse(String),
    /// Key of the scenario's environment.
    Finops(String),
    /// Azure Resource Manager.
    Management(Cloud),
    PowerPlatform(Platform),
    /// The administration service before the Power Platform API.
    Administration(Platform),
    GlobalDiscovery(Platform),
}

impl Place {
    pub(super) const fn service(&self) -> Service {
        match self {
            Self::Login => Service::Login,
            Self::Graph(_) => Service::Graph,
            Self::Vault(_) => Service::Vault,
            Self::Dataverse(_) => Service::Dataverse,
            Self::Finops(_) => Service::Finops,
            Self::Management(_) => Service::Management,
            Self::PowerPlatform(_) | Self::Administration(_) => Service::PowerPlatform,
            Self::GlobalDiscovery(_) => Service::GlobalDiscovery,
        }
    }
}

/// Requests kept in the log.
const LOGGED: usize = 100_000;

#[derive(Debug)]
pub(super) struct World {
    pub scenario: Scenario,
    pub key: Arc<SigningKey>,
    pub faults: Faults,
    /// Five requests in ten seconds for the reports of a tenant.
    pub report_limit: RateLimit,
    /// Fifteen queries in five seconds for Azure Resource Graph.
    pub query_limit: RateLimit,
    pub certificates: ClientCertificates,
    start: DateTime<Utc>,
    started: Instant,
    places: BTreeMap<String, Place>,
    log: Mutex<VecDeque<LoggedRequest>>,
    changes: Mutex<Vec<Change>>,
    mails: Mutex<Vec<TakenMail>>,
    counts: Mutex<BTreeMap<String, u32>>,
}

impl World {
    pub(super) fn new(scenario: Scenario, start: DateTime<Utc>, key: Arc<SigningKey>) -> Self {
        Self {
            faults: Faults::new(&scenario.faults),
            certificates: ClientCertificates::default(),
            places: places(&scenario),
            scenario,
            key,
            report_limit: RateLimit::new(5, 10),
            query_limit: RateLimit::new(15, 5),
            start,
            started: Instant::now(),
            log: Mutex::default(),
            changes: Mutex::default(),
            mails: Mutex::default(),
            counts: Mutex::default(),
        }
    }

    /// How often this was asked with the same `what`, this time included.
    pub(super) fn count(&self, what: &str) -> u32 {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(what.to_owned()).or_default();
        *count = count.saturating_add(1);
        *count
    }

    /// What the `Date` header of a service shows.
    pub(super) fn date_of(&self, service: Service) -> String {
        let skew = Duration::seconds(self.scenario.clock_skew.of(service));
        http_date(self.clock() + skew)
    }

    pub(super) fn hosts(&self) -> Vec<String> {
        self.places.keys().cloned().collect()
    }

    pub(super) fn place(&self, host: &str) -> Option<&Place> {
        self.places.get(host)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        let passed =
            Duration::from_std(self.started.elapsed()).unwrap_or_else(|_| Duration::zero());
        self.start + passed
    }

    /// The moment by the clock that clients have as well, whatever day the scenario plays on.
    pub(super) fn clock(&self) -> DateTime<Utc> {
        Utc::now()
    }

    /// The certificate with this label, with another kind of key than its own where one is named.
    pub(super) fn certificate(
        &self,
        label: &str,
        kind: Option<KeyKind>,
    ) -> Option<Arc<ClientCertificate>> {
        let spec = self.scenario.certificate(label)?;
        // What is stored with its issuers was issued by them.
        let chained = self
            .scenario
            .vaults
            .values()
            .flat_map(|vault| &vault.secrets)
            .any(|secret| {
                secret.shape == Shape::PfxChain
                    && secret.holds_certificate.as_deref() == Some(label)
            });
        self.certificates.get(&Wanted {
            spec,
            kind: kind.unwrap_or(spec.key),
            chained,
            not_before: self.day(-spec.started_days_ago).timestamp(),
            not_after: self.day(spec.ends_in_days).timestamp(),
        })
    }

    /// A moment so many days after the start. Up to an hour is added, so that "expires in 14 days" still
    /// has 14 whole days left when it is looked at a little later; late in the evening less, so that
    /// it is the fourteenth day by the calendar, too.
    pub(super) fn day(&self, days: i64) -> DateTime<Utc> {
        let moment = self.start + Duration::days(days);
        let later = moment + Duration::hours(1);
        if later.date_naive() == moment.date_naive() {
            return later;
        }
        let last = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
        moment.max(moment.date_naive().and_time(last).and_utc())
    }

    /// A moment so many days before the start: as many whole days ago, whenever it is looked at.
    pub(super) fn ago(&self, days: i64) -> DateTime<Utc> {
        self.start - Duration::days(days)
    }

    /// A moment so many minutes before the start.
    pub(super) fn minutes_ago(&self, minutes: i64) -> DateTime<Utc> {
        self.start - Duration::minutes(minutes)
    }

    /// `startDateTime` of a client secret.
    pub(super) fn start_of(&self, secret: &AppSecret) -> DateTime<Utc> {
        let fresh = secret.works_after_seconds.map(|_| 0);
        match secret.started_minutes_ago.or(fresh) {
            Some(minutes) => self.minutes_ago(minutes),
            None => self.day(-secret.started_days_ago),
        }
    }

    /// The tenant a token was issued in, with its key.
    pub(super) fn tenant_of(&self, caller: &Caller) -> Option<(&str, &Tenant)> {
        let mut tenants = self.scenario.tenants.iter();
        let (key, tenant) =
            tenants.find(|(_, tenant)| tenant.id.eq_ignore_ascii_case(&caller.tid))?;
        Some((key, tenant))
    }

    pub(super) fn tenant(&self, key: &str) -> Option<&Tenant> {
        self.scenario.tenants.get(key)
    }

    pub(super) fn vault(&self, key: &str) -> Option<&Vault> {
        self.scenario.vaults.get(key)
    }

    pub(super) fn environment(&self, key: &str) -> Option<&Environment> {
        self.scenario.environments.get(key)
    }

    /// What the scenario calls whom a token was issued to: the key of a person, or the name of an application.
    pub(super) fn name_of(&self, caller: &Caller) -> Option<&str> {
        if caller.scp.is_some() {
            return self.person_of(caller);
        }
        self.application_of(caller).map(|known| known.name.as_str())
    }

    /// The key of the person whose token it is.
    pub(super) fn person_of(&self, caller: &Caller) -> Option<&str> {
        caller.scp.as_ref()?;
        let upn = caller.upn.as_deref()?;
        let mut people = self.scenario.people.iter();
        let (key, _) = people.find(|(_, person)| person.mail.eq_ignore_ascii_case(upn))?;
        Some(key)
    }

    /// The application a token was issued to.
    pub(super) fn application_of(&self, caller: &Caller) -> Option<&Application> {
        self.scenario
            .applications
            .iter()
            .find(|application| application.client_id.eq_ignore_ascii_case(&caller.appid))
    }

    /// The client whose token the request carries.
    pub(super) fn token_client(&self, call: &Call) -> Option<String> {
        let caller = self.key.verify(call.bearer()?, self.now()).ok()?;
        Some(caller.appid)
    }

    /// Keeps the latest requests; a simulator left running does not grow without end.
    pub(super) fn record(&self, call: &Call, client: Option<String>, status: u16, in_batch: bool) {
        let request = LoggedRequest {
            host: call.host.clone(),
            method: call.method.to_string(),
            path_and_query: call.path_and_query.clone(),
            status,
            client_id_of_token: client,
            user_agent: call.header("user-agent").map(str::to_owned),
            if_match: call.header("if-match").map(str::to_owned),
            in_batch,
        };
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() == LOGGED {
            log.pop_front();
        }
        log.push_back(request);
    }

    pub(super) fn change(&self, change: Change) {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes.push(change);
    }

    pub(super) fn changes(&self) -> Vec<Change> {
        let changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        changes.clone()
    }

    pub(super) fn take_mail(&self, mail: TakenMail) {
        let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        mails.push(mail);
    }

    pub(super) fn mails(&self) -> Vec<TakenMail> {
        let mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        mails.clone()
    }

    pub(super) fn requests(&self) -> Vec<LoggedRequest> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().cloned().collect()
    }
}

/// `2026-11-21T06:00:00Z`
pub(super) fn timestamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn places(scenario: &Scenario) -> BTreeMap<String, Place> {
    let mut places = BTreeMap::new();
    // Clients of every cloud look up authorities at the public login host.
    places.insert(Cloud::Public.login().to_owned(), Place::Login);
    for cloud in scenario.clouds() {
        places.insert(cloud.login().to_owned(), Place::Login);
        places.insert(cloud.graph().to_owned(), Place::Graph(cloud));
        places.insert(cloud.management().to_owned(), Place::Management(cloud));
    }
    for platform in scenario.platforms() {
        for (host, place) in [
            (platform.api(), Place::PowerPlatform(platform)),
            (platform.administration(), Place::Administration(platform)),
            (
                platform.global_discovery(),
                Place::GlobalDiscovery(platform),
            ),
        ] {
            places.insert(host.to_owned(), place);
        }
    }
    for (key, vault) in &scenario.vaults {
        if let Some(tenant) = scenario.tenants.get(&vault.tenant) {
            let host = format!("{key}.{}", tenant.cloud.vault());
            places.insert(host, Place::Vault(key.clone()));
        }
    }
    for (key, environment) in &scenario.environments {
        let cloud = scenario
            .tenants
            .get(&environment.tenant)
            .map(|tenant| tenant.cloud);
        let api = cloud.and_then(|cloud| cloud.dataverse_api(&environment.host));
        for host in api.into_iter().chain([environment.host.clone()]) {
            places.insert(host, Place::Dataverse(key.clone()));
        }
        if let Some(finops) = &environment.finops {
            places.insert(finops.host.clone(), Place::Finops(key.clone()));
        }
    }
    places
}
