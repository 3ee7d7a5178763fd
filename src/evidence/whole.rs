//! A snapshot that says something of all that its estate has: a gap stands where nothing was written.

use std::borrow::Cow;

use super::{
    AuditorEvidence, DirectoryEvidence, EnvironmentEvidence, RegistrationEvidence, Snapshot,
    VaultEvidence,
};
use crate::estate::{Estate, Scope};
use crate::model::{Gap, Listing, Observed};

impl Snapshot {
    /// The same, with a gap for everything that the estate has and the snapshot leaves out. Questions
    /// are asked of what a snapshot holds: without this, what was cut out of a stored one would be no
    /// question at all, which looks like a pass.
    ///
    /// `gap` is given the name of what is missing: `environment/prod`.
    pub fn whole(&self, gap: impl Fn(&str) -> Gap) -> Cow<'_, Self> {
        let mut whole = Cow::Borrowed(self);
        let estate = &self.estate;
        for registration in &estate.registrations {
            if !self.registrations.contains_key(&registration.name) {
                let nothing = RegistrationEvidence::unknown(&gap(&format!(
                    "registration/{}",
                    registration.name
                )));
                let registrations = &mut whole.to_mut().registrations;
                registrations.insert(registration.name.clone(), nothing);
            }
        }
        for (name, environment) in &estate.environments {
            // One without Dataverse has no evidence of its own: its registrations have.
            if environment.dataverse.is_some() && !self.environments.contains_key(name) {
                let gap = gap(&format!("environment/{name}"));
                let nothing = unseen(&gap, environment.finops.is_some());
                whole.to_mut().environments.insert(name.clone(), nothing);
            }
        }
        for name in estate.vaults.keys() {
            if !self.vaults.contains_key(name) {
                let secrets = Listing::cut_short(Vec::new(), gap(&format!("vault/{name}")));
                let vaults = &mut whole.to_mut().vaults;
                vaults.insert(name.clone(), VaultEvidence { secrets });
            }
        }
        for name in estate.tenants.keys() {
            if !self.directories.contains_key(name) {
                let nothing = unlisted(&gap(&format!("tenant/{name}")), estate.auditor.scope);
                whole.to_mut().directories.insert(name.clone(), nothing);
            }
        }
        for scope in scopes(estate) {
            if !self.auditors.contains_key(&scope) {
                let gap = gap(&format!("auditor/{scope}"));
                let nothing = AuditorEvidence {
                    no_identity: false,
                    signed_in: Observed::Unknown(gap.clone()),
                    links: Vec::new(),
                    refusals: Vec::new(),
                    registration: None,
                    graph_roles: Observed::Unknown(gap),
                    dataverse_roles: Default::default(),
                };
                whole.to_mut().auditors.insert(scope, nothing);
            }
        }
        whole
    }
}

/// Who the audit signs in as: one for each tenant, and for each environment that has its own.
fn scopes(estate: &Estate) -> impl Iterator<Item = String> {
    let own = estate.environments.iter().filter(|(_, environment)| {
        environment.auditor.is_some() && estate.tenants.contains_key(&environment.tenant)
    });
    let own = own.map(|(name, _)| format!("environment/{name}"));
    estate.tenants.keys().cloned().chain(own)
}

fn unseen(gap: &Gap, finops: bool) -> EnvironmentEvidence {
    EnvironmentEvidence {
        organization: Observed::Unknown(gap.clone()),
        application_users: Listing::cut_short(Vec::new(), gap.clone()),
        tables: Observed::Unknown(gap.clone()),
        finops_clients: finops.then(|| Listing::cut_short(Vec::new(), gap.clone())),
    }
}

fn unlisted(gap: &Gap, scope: Scope) -> DirectoryEvidence {
    DirectoryEvidence {
        applications_read: 0,
        applications_gap: Some(gap.clone()),
        reports: Vec::new(),
        app_management: Observed::Unknown(gap.clone()),
        inventory: match scope {
            Scope::Estate => None,
            Scope::Tenant => Some(Listing::cut_short(Vec::new(), gap.clone())),
        },
    }
}
