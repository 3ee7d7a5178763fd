//! Whose a registration's service principal is, and so who can be asked to rotate its credentials.

use super::case::{Case, Stop, not_applicable};
use crate::facts::prelude::*;

impl<'a> Case<'a> {
    /// The registration's service principal; not applicable where the directory has none.
    pub(crate) fn service_principal(&self) -> Result<&'a ServicePrincipal, Stop> {
        match self.evidence.service_principal.get()? {
            Presence::Present(principal) => Ok(principal),
            Presence::Absent => Err(not_applicable("the tenant has no service principal of it")),
        }
    }

    /// Whose it is, where that is known.
    pub(crate) fn principal_kind(&self) -> Option<PrincipalKind> {
        let principal = self.evidence.service_principal.known()?.present()?;
        principal.kind.known().copied()
    }

    /// Whether its app registration, if it has one, belongs to a tenant that is not read.
    pub(crate) fn has_none_here(&self) -> bool {
        self.home_is_read().is_none()
            && (self.registration.home_tenant.is_some()
                || self
                    .principal_kind()
                    .is_some_and(PrincipalKind::has_no_application_here))
    }

    /// Why the tenant has no app registration of it: that is elsewhere, there is none, or it is gone.
    pub(crate) fn without_application(&self) -> Stop {
        if let Some(home) = &self.registration.home_tenant
            && self.home_is_read().is_none()
        {
            return not_applicable(format!(
                "its app registration belongs to tenant {home} (home-tenant in the estate): ask its owner"
            ));
        }
        match self.principal_kind() {
            Some(PrincipalKind::ManagedIdentity) => {
                not_applicable("it is a managed identity, which has no app registration")
            }
            Some(PrincipalKind::Legacy) => {
                not_applicable("it is a legacy service principal, which has no app registration")
            }
            kind if self.registration.home_tenant.is_none()
                && (kind == Some(PrincipalKind::Foreign) || self.token_issued() == Some(true)) =>
            {
                Gap::new(
                    GapKind::Unrecognised,
                    "the tenant has a service principal of it and no app registration: that belongs to another tenant, and its credentials and settings were not read",
                )
                .with_remedy(
                    "write home-tenant = \"TENANT\" for it in the estate: the GUID of the tenant that owns it, or the name of one under [tenants] that the auditor can read",
                )
                .into()
            }
            _ => not_applicable("the directory has no such registration"),
        }
    }

    /// The other tenant whose directory was asked for the app registration, by its name.
    pub(crate) fn home_is_read(&self) -> Option<&'a str> {
        let home = self.snapshot().estate.home_of(self.registration);
        home.map(|(name, _)| name)
    }

    /// Goes on only where somebody here can be asked to rotate its credentials: those of Microsoft's own
    /// applications, of Application Proxy and of managed identities are rotated by whoever made them.
    /// Where the kind could not be read the question stands, for a date is a date whoever is at fault.
    pub(crate) fn credentials_are_own(&self) -> Result<(), Stop> {
        let Observed::Known(Presence::Present(principal)) = &self.evidence.service_principal else {
            return Ok(());
        };
        match principal.kind.known().and_then(|kind| rotated_by(*kind)) {
            Some(who) => Err(not_applicable(format!("it is {who}"))),
            None => Ok(()),
        }
    }
}

/// Such a principal in words that say who rotates its credentials, where nobody here can.
pub(crate) const fn rotated_by(kind: PrincipalKind) -> Option<&'static str> {
    match kind {
        PrincipalKind::Microsoft => {
            Some("an application of Microsoft's own, which rotates its credentials itself")
        }
        PrincipalKind::AppProxy => {
            Some("made by Application Proxy, which rotates its credentials itself")
        }
        PrincipalKind::ManagedIdentity => {
            Some("a managed identity, whose credentials Azure rotates")
        }
        PrincipalKind::Own
        | PrincipalKind::Foreign
        | PrincipalKind::Legacy
        | PrincipalKind::Other => None,
    }
}

/// What such a principal is, where it is not simply the organisation's own application.
pub(crate) const fn words_of_kind(kind: PrincipalKind) -> Option<&'static str> {
    match kind {
        PrincipalKind::Foreign => Some("another organisation's application"),
        PrincipalKind::Legacy => Some("a legacy service principal, which has no app registration"),
        _ => rotated_by(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::case::{Context, Stop};
    use crate::facts::index::Index;
    use crate::facts::testing::tidy::*;

    fn own_with(spoil: impl FnOnce(&mut crate::evidence::Snapshot)) -> Result<(), Stop> {
        let mut snapshot = tidy();
        spoil(&mut snapshot);
        let context = Context {
            snapshot: &snapshot,
            as_of: as_of(),
            index: &Index::of(&snapshot),
        };
        let case = context.cases().find(|case| case.name() == "raia");
        case.unwrap().credentials_are_own()
    }

    #[test]
    fn credentials_that_others_rotate_are_nobodys_fault_here() {
        assert!(own_with(|_| {}).is_ok());
        for kind in [
            PrincipalKind::Microsoft,
            PrincipalKind::AppProxy,
            PrincipalKind::ManagedIdentity,
        ] {
            let judged = own_with(|snapshot| principal(snapshot).kind = known(kind));
            assert!(matches!(judged, Err(Stop::NotApplicable(_))), "{kind:?}");
        }
        for kind in [PrincipalKind::Foreign, PrincipalKind::Other] {
            assert!(own_with(|snapshot| principal(snapshot).kind = known(kind)).is_ok());
        }
    }

    #[test]
    fn what_cannot_be_told_silences_nothing() {
        assert!(own_with(|snapshot| principal(snapshot).kind = gap()).is_ok());
        assert!(own_with(|snapshot| raia(snapshot).service_principal = gap()).is_ok());
        assert!(
            own_with(|snapshot| {
                raia(snapshot).service_principal = known(Presence::Absent);
            })
            .is_ok()
        );
    }
}
