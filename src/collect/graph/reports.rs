//! The two sign-in reports of a tenant (Graph beta): when each credential and each client was last used.
//!
//! Both are read once and whole, for neither can be asked for several clients at a time. Fields, paging
//! and refusals as in Graph's beta reference and in public captures of real answers (read November 2026).

mod last_use;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use self::last_use::Report;
use super::batch::Asker;
use super::grants::permission;
use crate::collect::http::{Answer, Pacer, Wire};
use crate::collect::pages;
use crate::collect::remedy::{Remedy, auditor_refused};
use crate::collect::shape;
use crate::estate::Tenant;
use crate::model::grant::Identity;
use crate::model::{Gap, GapKind, Listing};
use crate::reference::cloud::Cloud;

/// Graph takes so many report requests of one application and tenant in the span of the run's options
/// (throttling limits, "reports").
const MOST: usize = 5;

/// One of the two.
#[derive(Clone, Copy)]
struct Kind {
    /// Its name and the type of its rows.
    set: [&'static str; 2],
    what: &'static str,
    /// What the tenant needs to have it.
    licence: &'static str,
}

const REPORTS: [Kind; 2] = [
    Kind {
        set: [
            "appCredentialSignInActivities",
            "appCredentialSignInActivity",
        ],
        what: "the sign-in report of credentials",
        licence: "Microsoft Entra ID P1 or P2 (Microsoft Entra Workload ID may do as well)",
    },
    Kind {
        set: [
            "servicePrincipalSignInActivities",
            "servicePrincipalSignInActivity",
        ],
        what: "the sign-in report of service principals",
        licence: "Microsoft Entra ID P1 or P2",
    },
];

/// What a signed-in user is answered who may not read reports: another right helps than for applications.
const USER_WITHOUT_ROLE: &str = "Authentication_RequestFromUnsupportedUserRole";

/// Both reports, as far as they were read.
#[derive(Debug)]
pub(crate) struct Reports {
    /// By client id and key id, both lower case.
    credentials: Report<(String, String)>,
    /// By client id, lower case.
    clients: Report<String>,
}

impl Reports {
    /// Neither was read, for one and the same reason.
    pub(crate) fn unknown(gap: &Gap) -> Self {
        Self {
            credentials: Report::unknown(gap),
            clients: Report::unknown(gap),
        }
    }
}

/// Reads both reports as the auditor, whose name is `who`, with so many requests in each `span`.
pub(crate) async fn read(
    wire: &Wire,
    tenant: &Tenant,
    token: &SecretString,
    who: &Identity,
    span: Duration,
) -> Reports {
    let remedies = remedies(tenant, who);
    let reader = Reader::new(wire, tenant, token, &remedies, span);
    let (credentials, clients) = futures::join!(reader.list(REPORTS[0]), reader.list(REPORTS[1]),);
    Reports {
        credentials: last_use::credentials(credentials),
        clients: last_use::clients(clients),
    }
}

/// Asks for the first row of each report; the first gap of the two.
pub(crate) async fn look(
    wire: &Wire,
    tenant: &Tenant,
    token: &SecretString,
    who: &Identity,
    span: Duration,
) -> Option<Gap> {
    if let Some(gap) = missing_in(tenant.cloud) {
        return Some(gap);
    }
    let remedies = remedies(tenant, who);
    let reader = Reader::new(wire, tenant, token, &remedies, span);
    let [credentials, clients] = REPORTS;
    let (credentials, clients) = futures::join!(reader.row(credentials), reader.row(clients));
    credentials.err().or_else(|| clients.err())
}

/// The gap where the tenant's cloud has no such reports.
pub(crate) fn missing_in(cloud: Cloud) -> Option<Gap> {
    (cloud != Cloud::Public).then(|| {
        Gap::new(
            GapKind::NotLicensed,
            "sign-in reports were not asked for: Graph has them in the public cloud only",
        )
    })
}

/// What helps an application, and what helps a user.
fn remedies(tenant: &Tenant, who: &Identity) -> (Remedy, Remedy) {
    let permission = permission("AuditLog.Read.All", &tenant.id, who);
    let role = Remedy::new(
        format!(
            "give {who} the Microsoft Entra role Reports Reader in tenant {}",
            tenant.id
        ),
        who.lacks(
            "Microsoft Entra role Reports Reader",
            format!("tenant {}", tenant.id),
            None,
        ),
    );
    (permission, role)
}

struct Reader<'a> {
    asker: Asker<'a>,
    role: &'a Remedy,
    tenant: &'a str,
    /// Shared by both reports: the limit is on them together.
    pacer: Arc<Pacer>,
}

impl<'a> Reader<'a> {
    /// Asks as the auditor, with so many requests in each `span`.
    fn new(
        wire: &'a Wire,
        tenant: &'a Tenant,
        token: &'a SecretString,
        (permission, role): &'a (Remedy, Remedy),
        span: Duration,
    ) -> Self {
        Self {
            asker: Asker {
                wire,
                host: tenant.cloud.hosts().graph,
                token,
                grant: permission,
            },
            role,
            tenant: &tenant.id,
            pacer: Arc::new(Pacer::new(MOST, span)),
        }
    }

    /// One report; where Graph does not take the page size, in its own pages.
    async fn list(&self, report: Kind) -> Listing<Value> {
        let not_understood = AtomicBool::new(false);
        let refusal = |call: &str, answer: &Answer| {
            not_understood.store(answer.status == 400, Ordering::Relaxed);
            self.refusal(report.licence, call, answer)
        };
        let listing = self.pages(report, "?$top=999", &refusal).await;
        if listing.items.is_empty() && not_understood.load(Ordering::Relaxed) {
            return self.pages(report, "", &refusal).await;
        }
        listing
    }

    /// Whether a first page of it is given.
    async fn row(&self, report: Kind) -> Result<(), Gap> {
        let Kind { set, what, licence } = report;
        let first = self.address(report, "?$top=1")?;
        let ask = self.asker.get(what, first).paced(&self.pacer);
        let answer = self.asker.wire.send(&ask).await?;
        if !answer.is_success() {
            return Err(self.refusal(licence, what, &answer));
        }
        shape::page(what, &answer, &set).map(|_| ())
    }

    fn address(&self, report: Kind, query: &str) -> Result<Url, Gap> {
        let Kind { set, what, .. } = report;
        format!("https://{}/beta/reports/{}{query}", self.asker.host, set[0])
            .parse()
            .map_err(|_| Gap::new(GapKind::Malformed, format!("{what}: the host makes no url")))
    }

    async fn pages(
        &self,
        report: Kind,
        query: &str,
        refusal: pages::Refusal<'_>,
    ) -> Listing<Value> {
        let Kind { set, what, .. } = report;
        let first = match self.address(report, query) {
            Ok(first) => first,
            Err(gap) => return Listing::cut_short(Vec::new(), gap),
        };
        let ask = |url| self.asker.get(what, url).paced(&self.pacer);
        pages::read(self.asker.wire, (what, &set), first, None, &ask, refusal).await
    }

    fn refusal(&self, licence: &str, call: &str, answer: &Answer) -> Gap {
        let code = answer.odata_code();
        let remedy = match code.as_deref() {
            Some(code) if code.eq_ignore_ascii_case(USER_WITHOUT_ROLE) => self.role,
            _ => self.asker.grant,
        };
        let gap = auditor_refused(call, answer, code.as_deref(), remedy);
        if gap.kind != GapKind::NotLicensed {
            return gap;
        }
        gap.with_remedy(format!(
            "license tenant {} for {licence}; where it is licensed, run again, for Graph has been seen to answer this by mistake",
            self.tenant
        ))
    }
}
