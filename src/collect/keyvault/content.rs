//! What a stored value's form says, and the credential in it: words leave this room, the value never does.

mod fields;
mod forms;
mod instead;
mod json;
mod open;
mod pairs;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use self::fields::Beside;
use self::open::{Closed, Wanted, open};
use crate::collect::certificate;
use crate::collect::credential::StoredCredential;
use crate::estate::{CredentialForm, CredentialRef};
use crate::evidence::{CertificateFacts, EntryAttributes, EntryContent, EntryProblem, Wrapper};
use crate::model::guid;

/// Entra secrets have at most 64 characters; well above that something else was stored.
const LONGEST: usize = 256;

/// A credential as the integration would use it, and what is wrong with its form.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) problems: Vec<EntryProblem>,
    wrapper: Option<Wrapper>,
    beside: Beside,
    /// `None` where nothing usable is left.
    pub(crate) credential: Option<StoredCredential>,
    /// What would be left without its wrapper: compared with Graph's credentials, and never sent.
    pub(crate) bare: Option<StoredCredential>,
}

impl From<Closed> for Content {
    fn from(closed: Closed) -> Self {
        Self {
            problems: vec![closed.problem],
            wrapper: closed.wrapper,
            ..Self::default()
        }
    }
}

/// Who and where the estate says that the credential is used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home<'a> {
    /// As far as it is known.
    pub(crate) client_id: Option<&'a str>,
    pub(crate) tenant: Option<&'a str>,
    /// Dataverse's and F&O's.
    pub(crate) hosts: [Option<&'a str>; 2],
}

impl Content {
    fn unusable(problem: EntryProblem) -> Self {
        Self {
            problems: vec![problem],
            ..Self::default()
        }
    }

    /// Compares what stands beside the credential with the estate. What belongs to another client id is not
    /// sent as this one's.
    pub(crate) fn compare(&mut self, home: &Home<'_>) {
        let other = |stated: &[String], own: &[Option<&str>]| {
            let mut own = own.iter().flatten().peekable();
            own.peek().is_some()
                && !stated.is_empty()
                && !own.any(|own| stated.iter().any(|one| one.eq_ignore_ascii_case(own)))
        };
        if other(&self.beside.client_ids, &[home.client_id]) {
            self.problems.push(EntryProblem::OtherClientId);
            self.credential = None;
            self.bare = None;
        }
        if other(&self.beside.tenants, &[home.tenant]) {
            self.problems.push(EntryProblem::OtherTenant);
        }
        if other(&self.beside.hosts, &home.hosts) {
            self.problems.push(EntryProblem::OtherEnvironment);
        }
    }

    /// What may be said of it. The value's group is set later, over all entries.
    pub(crate) fn evidence(&self) -> EntryContent {
        EntryContent {
            problems: self.problems.clone(),
            wrapper: self.wrapper.clone(),
            value_group: None,
            certificate: self.certificate().cloned(),
        }
    }

    fn certificate(&self) -> Option<&CertificateFacts> {
        match &self.credential {
            Some(StoredCredential::Certificate(certificate)) => Some(&certificate.facts),
            _ => None,
        }
    }

    /// What was recognised of a value that stays closed.
    fn recognised(&self) -> &'static str {
        let forms = self.wrapper.iter().flat_map(|wrapper| &wrapper.forms);
        forms
            .last()
            .map_or("something else than a credential", |form| form.as_str())
    }

    /// Why no token can be asked for with what stands in `entry`.
    pub(crate) fn why_unusable(&self, entry: &str, managed: bool) -> String {
        if self.problems.contains(&EntryProblem::TooLong) {
            return format!(
                "the vault entry {entry} holds more than any secret of Entra does, and what it is was not sent anywhere"
            );
        }
        if self.problems.contains(&EntryProblem::OtherClientId) {
            return format!(
                "the vault entry {entry} names another client id next to the credential, so it was not sent as this \
                 registration's"
            );
        }
        match self.problems.first() {
            Some(EntryProblem::Wrapped) => format!(
                "the vault entry {entry} holds {}, which cannot sign in as it is stored and was not sent anywhere",
                self.recognised()
            ),
            Some(EntryProblem::FormNotRead) => format!(
                "the vault entry {entry} holds a certificate in a form that this tool cannot read"
            ),
            Some(EntryProblem::CertificateInsteadOfSecret) => format!(
                "the vault entry {entry} holds a certificate where the estate names a secret, and a private key is never sent as a secret"
            ),
            // Key Vault leaves the key out of what it hands over where the policy says not exportable.
            Some(EntryProblem::PrivateKeyMissing) if managed => format!(
                "the private key of {entry} stays in the vault (not exportable), and this tool cannot sign with it there"
            ),
            Some(EntryProblem::PrivateKeyMissing) => format!(
                "the vault entry {entry} holds a certificate without its private key, so nothing can sign in with it"
            ),
            Some(EntryProblem::PasswordProtected) => format!(
                "the certificate in the vault entry {entry} needs a password, so nothing can sign in with it"
            ),
            _ => format!("the vault entry {entry} holds no usable value"),
        }
    }
}

/// Looks at a stored value as the estate says it is used. `password` opens a certificate.
pub(crate) fn content(
    value: &SecretString,
    attributes: &EntryAttributes,
    reference: &CredentialRef,
    password: Option<&SecretString>,
) -> Content {
    let wanted = match reference.kind {
        CredentialForm::Secret => Wanted::ClientSecret,
        CredentialForm::Certificate => Wanted::Whole,
    };
    let opened = match open(value, reference.field.as_deref(), wanted) {
        Ok(opened) => opened,
        Err(closed) => return closed.into(),
    };
    let mut content = match reference.kind {
        CredentialForm::Certificate => of_certificate(&opened.text, password),
        CredentialForm::Secret => of_secret(&opened.text, attributes),
    };
    content.beside = opened.beside;
    content.wrapper = match (opened.wrapper, content.wrapper.take()) {
        (Some(outer), Some(inner)) => Some(Wrapper {
            forms: inner.forms,
            ..outer
        }),
        (outer, inner) => outer.or(inner),
    };
    content
}

fn of_certificate(text: &SecretString, password: Option<&SecretString>) -> Content {
    let plain = text.expose_secret();
    let read = |text: &str| certificate::read(text.as_bytes(), password);
    // A reader of PEM looks for its borders wherever they stand, and a program does not look inside JSON.
    let problem = if plain.trim_start().starts_with('{') {
        EntryProblem::NoCertificate
    } else {
        match read(plain) {
            Ok(certificate) => {
                let escaped = certificate.escaped;
                return Content {
                    problems: Vec::from_iter(escaped.then_some(EntryProblem::EscapedLineBreaks)),
                    credential: Some(StoredCredential::Certificate(Arc::new(certificate))),
                    ..Content::default()
                };
            }
            Err(problem) => problem,
        }
    };
    let found = forms::recognise(plain);
    match found {
        Some(found) if problem == EntryProblem::NoCertificate => {
            let bare = found.bare.as_ref();
            let bare = bare.and_then(|bare| read(bare.expose_secret()).ok());
            Content {
                problems: vec![EntryProblem::Wrapped],
                wrapper: Some(found.wrapper()),
                bare: bare.map(|bare| StoredCredential::Certificate(Arc::new(bare))),
                ..Content::default()
            }
        }
        _ => Content::unusable(problem),
    }
}

fn of_secret(text: &SecretString, attributes: &EntryAttributes) -> Content {
    let plain = text.expose_secret();
    if attributes.managed {
        return Content::unusable(EntryProblem::CertificateInsteadOfSecret);
    }
    if let Some(found) = forms::recognise(plain) {
        let wrapper = found.wrapper();
        return Content {
            problems: vec![EntryProblem::Wrapped],
            wrapper: Some(wrapper),
            bare: found.bare.map(StoredCredential::Secret),
            ..Content::default()
        };
    }
    if is_certificate(plain, attributes) {
        return Content::unusable(EntryProblem::CertificateInsteadOfSecret);
    }
    let problems = problems(plain);
    // No secret of Entra is that long: whatever it is, a key perhaps, it is nobody else's to see.
    let sent = !problems.contains(&EntryProblem::TooLong);
    Content {
        problems,
        credential: sent.then(|| StoredCredential::Secret(text.clone())),
        ..Content::default()
    }
}

/// The whole text.
///
/// # Errors
/// Empty.
pub(crate) fn text(value: &SecretString) -> Result<SecretString, EntryProblem> {
    match open(value, None, Wanted::Whole) {
        Ok(opened) => Ok(opened.text),
        Err(closed) => Err(closed.problem),
    }
}

/// The client id that stands in a value: the whole of it, its `field`, or that of a connection string.
pub(crate) fn client_id(value: &SecretString, field: Option<&str>) -> Option<String> {
    let opened = open(value, field, Wanted::ClientId).ok()?;
    let id = opened.text.expose_secret().trim();
    guid::is_guid(id).then(|| id.to_ascii_lowercase())
}

/// Whether a certificate stands where the estate names a secret. The content type alone is a label that
/// anybody may have set: it counts for what is too long to be a secret.
fn is_certificate(text: &str, attributes: &EntryAttributes) -> bool {
    let labelled = || {
        attributes.content_type.as_deref().is_some_and(|label| {
            ["application/x-pkcs12", "application/x-pem-file"]
                .iter()
                .any(|certificate| label.trim().eq_ignore_ascii_case(certificate))
        })
    };
    certificate::looks_like_one(text) || (text.chars().count() > LONGEST && labelled())
}

fn problems(value: &str) -> Vec<EntryProblem> {
    let mut problems = Vec::new();
    if value.trim() != value {
        problems.push(EntryProblem::SurroundingWhitespace);
    }
    if guid::is_guid(value.trim()) {
        problems.push(EntryProblem::SecretIdInsteadOfValue);
    }
    if value.chars().count() > LONGEST {
        problems.push(EntryProblem::TooLong);
    }
    problems
}
