//! What only Graph can tell of applications beyond the audit's own lists: which ask for Dynamics by the service's
//! own search, and which tenant an application comes from.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Unlisted;
use super::session::{Session, address};
use crate::collect::fields::Fields;
use crate::collect::graph::Grants;
use crate::collect::http::Answer;
use crate::collect::pages;
use crate::collect::remedy::auditor_refused;
use crate::model::{Gap, Service};

/// Dynamics' own applications, the same in every tenant.
const DYNAMICS: [(&str, &str); 2] = [
    ("00000007-0000-0000-c000-000000000000", "Dynamics CRM"),
    ("00000015-0000-0000-c000-000000000000", "Dynamics ERP"),
];

/// What the search found.
#[derive(Debug, Default)]
pub(super) struct Searched {
    /// What each application asks for, by client id, lower case.
    pub(super) asking: BTreeMap<String, BTreeSet<&'static str>>,
    /// Display names by client id.
    pub(super) titles: BTreeMap<String, String>,
    pub(super) unlisted: Vec<Unlisted>,
}

/// Graph's own search for applications that ask for a permission of Dynamics. Such a search has left rows out
/// (msgraph-sdk-powershell#1646), so that it only adds to the full list, and stands in for it nowhere.
pub(super) async fn search(session: &Session) -> Searched {
    let mut searched = Searched::default();
    for (resource, name) in DYNAMICS {
        let what = format!("the applications that ask for {name} (Graph's search)");
        match asking(session, &what, resource).await {
            Ok(found) => {
                for (client_id, title) in found {
                    if let Some(title) = title {
                        searched.titles.insert(client_id.clone(), title);
                    }
                    searched.asking.entry(client_id).or_default().insert(name);
                }
            }
            Err(gap) => searched.unlisted.push(Unlisted { what, gap }),
        }
    }
    searched
}

async fn asking(
    session: &Session,
    what: &str,
    resource: &str,
) -> Result<Vec<(String, Option<String>)>, Gap> {
    let host = session.cloud().hosts().graph;
    let token = session.token(host).await?;
    let grants = Grants::new(&session.tenant.id, &session.who().await);
    let path = format!(
        "v1.0/applications?$filter=requiredResourceAccess/any(r:r/resourceAppId eq {resource})&$count=true&$select=id,appId,displayName&$top=999"
    );
    let call = format!("the list of {what}");
    let ask = |url| {
        // An advanced query of the directory, on every page of it.
        Session::get(Service::Graph, &call, url, &token).header("consistencylevel", "eventual")
    };
    let refusal = |call: &str, answer: &Answer| {
        let code = answer.odata_code();
        auditor_refused(call, answer, code.as_deref(), &grants.applications)
    };
    let set = (what, &["applications", "application"][..]);
    let first = address(host, &path)?;
    let listing = pages::read(&session.wire, set, first, None, &ask, &refusal).await;
    if let Some(gap) = listing.gap {
        return Err(gap);
    }
    listing
        .items
        .iter()
        .map(|row| {
            let fields = Fields::new(row, "one of the applications");
            Ok((fields.guid("appId")?, fields.optional_text("displayName")))
        })
        .collect()
}

/// The tenants that these applications come from, by client id; those that Graph does not tell are left out.
pub(super) async fn homes(
    session: &Session,
    client_ids: impl Iterator<Item = String>,
) -> BTreeMap<String, String> {
    let host = session.cloud().hosts().graph;
    let Ok(token) = session.token(host).await else {
        return BTreeMap::new();
    };
    let token = &token;
    let asked = client_ids.map(|client_id| async move {
        let path = format!(
            "v1.0/servicePrincipals(appId='{client_id}')?$select=id,appId,appOwnerOrganizationId"
        );
        let call = format!("the read of the service principal of {client_id}");
        let url = address(host, &path).ok()?;
        let ask = Session::get(Service::Graph, &call, url, token);
        let answer = session.wire.send(&ask).await.ok()?;
        let body = answer.is_success().then(|| answer.json(&call).ok())??;
        let home = Fields::new(&body, &call)
            .guid("appOwnerOrganizationId")
            .ok()?;
        Some((client_id, home))
    });
    let told = futures::future::join_all(asked).await;
    told.into_iter().flatten().collect()
}
