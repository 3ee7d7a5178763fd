//! Where a credential stands: on the registration, or on its service principal.

use crate::facts::case::{Case, Context, Judged, Stop};
use crate::facts::prelude::*;
use crate::model::word::labels;
use std::ops::Deref;

labels! {
    /// What a credential stands on.
    pub(crate) enum Place {
        Registration = "registration",
        ServicePrincipal = "service principal",
    }
}

/// A credential that signs in, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Held<'a> {
    pub place: Place,
    pub credential: &'a Credential,
}

impl Deref for Held<'_> {
    type Target = Credential;

    fn deref(&self) -> &Credential {
        self.credential
    }
}

impl Held<'_> {
    /// What a verdict about it is filed under.
    pub(crate) fn resource(&self, registration: &str) -> Resource {
        let registration = Resource::registration(registration);
        let holder = match self.place {
            Place::Registration => registration,
            Place::ServicePrincipal => registration.part(Part::ServicePrincipal),
        };
        holder.part(Part::Credential(self.key_id.clone()))
    }

    /// `secret with key K`, and where it stands if that is the less usual place.
    pub(crate) fn words(&self) -> String {
        let on = match self.place {
            Place::Registration => "",
            Place::ServicePrincipal => " on the service principal",
        };
        format!("{} with key {}{on}", self.kind.as_str(), self.key_id)
    }

    /// Whether it can sign in then, as far as its dates tell: an unread end ends nothing.
    pub(crate) fn lives_at(&self, moment: DateTime<Utc>) -> bool {
        self.start.is_none_or(|start| start <= moment)
            && self.end.known().is_none_or(|end| !is_past(*end, moment))
    }

    pub(crate) fn same_as(&self, other: &Held<'_>) -> bool {
        self.place == other.place && self.key_id == other.key_id
    }
}

/// What the estate's word for a stored credential is in the directory.
pub(crate) const fn kind_of(form: CredentialForm) -> CredentialKind {
    match form {
        CredentialForm::Secret => CredentialKind::Secret,
        CredentialForm::Certificate => CredentialKind::Certificate,
    }
}

/// Those that sign in. A SAML signing certificate comes as three things: a key that signs (`Sign`), its
/// public half with the same thumbprint, and a password with the same key id that nobody knows.
fn signing_in(place: Place, all: &[Credential]) -> Vec<Held<'_>> {
    let usage = |credential: &Credential| {
        let certificate = credential.certificate.as_ref();
        certificate.and_then(|certificate| certificate.usage.clone())
    };
    let signing: Vec<&Credential> = all
        .iter()
        .filter(|credential| {
            usage(credential).is_some_and(|usage| usage.eq_ignore_ascii_case("Sign"))
        })
        .collect();
    let mut held: Vec<Held<'_>> = all
        .iter()
        .filter(|credential| {
            !signing.iter().any(|signing| {
                signing.key_id == credential.key_id
                    || (thumbprint(credential).is_some()
                        && thumbprint(credential) == thumbprint(signing))
            })
        })
        .map(|credential| Held { place, credential })
        .collect();
    // By key id, so that the order Graph answers in changes nothing.
    held.sort_by(|left, right| left.credential.key_id.cmp(&right.credential.key_id));
    held
}

/// A certificate's SHA-1 thumbprint, where Graph tells it one way or the other.
pub(crate) fn thumbprint(credential: &Credential) -> Option<&str> {
    let certificate = credential.certificate.as_ref()?;
    certificate
        .thumbprint
        .as_deref()
        .or_else(|| Some(certificate.facts.known()?.thumbprint.as_str()))
}

impl<'a> Case<'a> {
    /// Credentials of the registration that sign in.
    fn on_registration(&self) -> Result<Vec<Held<'a>>, Stop> {
        self.credentials_are_own()?;
        Ok(signing_in(Place::Registration, self.credentials()?))
    }

    /// Credentials of the service principal that sign in.
    fn on_principal(&self) -> Result<Vec<Held<'a>>, Stop> {
        self.credentials_are_own()?;
        match self.evidence.service_principal.get()? {
            Presence::Absent => Ok(Vec::new()),
            Presence::Present(principal) => Ok(signing_in(
                Place::ServicePrincipal,
                principal.credentials.get()?,
            )),
        }
    }

    /// The lists of credentials that sign in, or why one cannot be told and what a verdict about that is
    /// filed under.
    pub(crate) fn lists(&self) -> [Result<Vec<Held<'a>>, (Resource, Stop)>; 2] {
        let whole = self.resource();
        let principal = whole.clone().part(Part::ServicePrincipal);
        [
            self.on_registration().map_err(|stop| (whole, stop)),
            self.on_principal().map_err(|stop| (principal, stop)),
        ]
    }

    /// Every credential that signs in as this registration.
    pub(crate) fn held(&self) -> Result<Vec<Held<'a>>, Stop> {
        let mut held = match self.on_registration() {
            Ok(held) => held,
            Err(stop @ Stop::NotApplicable(_)) => return self.by_principal_alone(stop),
            Err(stop) => return Err(stop),
        };
        held.extend(self.on_principal()?);
        Ok(held)
    }

    /// Without an app registration here those of the service principal are all there are. Where the
    /// application belongs to another tenant it has others there: these count once one is the stored one.
    fn by_principal_alone(&self, stop: Stop) -> Result<Vec<Held<'a>>, Stop> {
        let held = match self.on_principal() {
            Ok(held) if !held.is_empty() => held,
            _ => return Err(stop),
        };
        let is_stored = |held: &Held<'_>| held.matches_stored.known() == Some(&true);
        if self.registration.home_tenant.is_some() && !held.iter().any(is_stored) {
            return Err(stop);
        }
        Ok(held)
    }
}

impl<'a> Context<'a> {
    /// One verdict a credential, `none` where a registration has none.
    pub(crate) fn each_held(
        &self,
        none: &Outcome,
        judge: impl Fn(&Case<'a>, &Held<'a>) -> Judged,
    ) -> Vec<Verdict> {
        self.each_part(|case, found| {
            for list in case.lists() {
                match list {
                    Ok(held) => found.extend(held.iter().map(|held| {
                        let about = held.resource(case.name());
                        case.about(about.clone(), judge(case, held))
                            .of_credentials([about])
                    })),
                    Err((about, stop)) => found.push(case.about(about, Err(stop))),
                }
            }
            Ok(none.clone())
        })
    }
}
