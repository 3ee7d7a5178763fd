//! A run's sign-in reports: asked for once a tenant, joined with what else is known.

use std::collections::BTreeMap;

use super::Run;
use crate::collect::graph::reports::{self, Reports};
use crate::estate::Tenant;
use crate::evidence::Snapshot;
use crate::model::{Gap, GapKind};

impl<'a> Run<'a> {
    /// The tenant's sign-in reports, where there is a client to look up in them.
    pub(super) async fn reports(&self, name: &'a str, tenant: &Tenant) -> (&'a str, Reports) {
        let asked = self.ask_reports(name, tenant).await;
        (name, asked.unwrap_or_else(|gap| Reports::unknown(&gap)))
    }

    async fn ask_reports(&self, name: &str, tenant: &Tenant) -> Result<Reports, Gap> {
        if let Some(gap) = reports::missing_in(tenant.cloud) {
            return Err(gap);
        }
        let wanted = self.is_whole() || !self.client_ids(name).await.is_empty();
        let auditor = self.auditors.get(name).filter(|_| wanted).ok_or_else(|| {
            Gap::new(
                GapKind::NotReached,
                "no client id is known to look up in sign-in reports",
            )
        })?;
        let scope = format!("https://{}/.default", tenant.cloud.hosts().graph);
        let token = auditor.token(&scope).await?;
        let who = auditor.name().await;
        Ok(reports::read(&self.shared.wire, tenant, &token, &who, self.report_span).await)
    }

    /// Writes the last uses: of the registrations, and of the auditors' own.
    pub(super) fn join_reports(&self, reports: &BTreeMap<&str, Reports>, snapshot: &mut Snapshot) {
        for registration in &self.shared.estate.registrations {
            let evidence = snapshot.registrations.get_mut(&registration.name);
            let reports = reports.get(self.tenant_name(registration));
            if let (Some(evidence), Some(reports)) = (evidence, reports) {
                reports.join(evidence);
            }
        }
        for (name, directory) in &mut snapshot.directories {
            if let Some(reports) = reports.get(name.as_str()) {
                directory.reports = reports.read();
            }
        }
        for (scope, auditor) in &mut snapshot.auditors {
            let client_id = auditor
                .signed_in
                .known()
                .and_then(|identity| identity.client_id.as_ref())
                .map(|id| id.to_ascii_lowercase());
            let reports = reports.get(self.tenant_of_scope(scope));
            if let (Some(own), Some(id), Some(reports)) =
                (&mut auditor.registration, client_id, reports)
            {
                reports.join_objects(&id, &mut own.application, &mut own.service_principal);
            }
        }
    }
}
