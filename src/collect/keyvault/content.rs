//! What a stored value's form says, and the credential in it: words leave this room, the value never does.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use zeroize::Zeroize;

use crate::collect::certificate;
use crate::collect::credential::StoredCredential;
use crate::estate::{CredentialForm, CredentialRef};
use crate::evidence::{CertificateFacts, EntryAttributes, EntryContent, EntryProblem};
use crate::model::guid;

/// Entra secrets have at most 64 characters; well above that something else was stored.
const LONGEST: usize = 256;

/// A credential as the integration would use it, and what is wrong with its form.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) problems: Vec<EntryProblem>,
    /// `None` where nothing usable is left.
    pub(crate) credential: Option<StoredCredential>,
}

impl Content {
    fn unusable(problem: EntryProblem) -> Self {
        Self {
            problems: vec![problem],
            credential: None,
        }
    }

    /// What may be said of it. The value's group is set later, over all entries.
    pub(crate) fn evidence(&self) -> EntryContent {
        EntryContent {
            problems: self.problems.clone(),
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

    /// Why no token can be asked for with what stands in `entry`.
    pub(crate) fn why_unusable(&self, entry: &str, attributes: &EntryAttributes) -> String {
        if self.problems.contains(&EntryProblem::TooLong) {
            return format!(
                "the vault entry {entry} holds more than any secret of Entra does, and what it is was not sent anywhere"
            );
        }
        match self.problems.first() {
            Some(EntryProblem::CertificateInsteadOfSecret) => format!(
                "the vault entry {entry} holds a certificate where the estate names a secret, and a private key is never sent as a secret"
            ),
            // Key Vault leaves the key out of what it hands over where the policy says not exportable.
            Some(EntryProblem::PrivateKeyMissing) if attributes.managed => format!(
                "the private key of {entry} stays in the vault (not exportable), and this tool cannot sign with it there"
            ),
            Some(EntryProblem::PrivateKeyMissing) => format!(
                "the vault entry {entry} holds a certificate without its private key, so nothing can sign in with it"
            ),
            Some(EntryProblem::PasswordProtected) => format!(
                "the certificate in the vault entry {entry} is behind a password, so nothing can sign in with it"
            ),
            _ => format!("the vault entry {entry} holds no usable value"),
        }
    }
}

/// Looks at a stored value as the estate says it is used.
pub(crate) fn content(
    value: &SecretString,
    attributes: &EntryAttributes,
    reference: &CredentialRef,
) -> Content {
    let text = match text(value, reference.field.as_deref()) {
        Ok(text) => text,
        Err(problem) => return Content::unusable(problem),
    };
    match reference.kind {
        CredentialForm::Certificate => {
            match certificate::read(text.expose_secret().as_bytes(), None) {
                Ok(certificate) => Content {
                    problems: Vec::new(),
                    credential: Some(StoredCredential::Certificate(Arc::new(certificate))),
                },
                Err(problem) => Content::unusable(problem),
            }
        }
        CredentialForm::Secret if is_certificate(text.expose_secret(), attributes) => {
            Content::unusable(EntryProblem::CertificateInsteadOfSecret)
        }
        CredentialForm::Secret => {
            let problems = problems(text.expose_secret());
            // No secret of Entra is that long: whatever it is, a key perhaps, it is nobody else's to see.
            let sent = !problems.contains(&EntryProblem::TooLong);
            Content {
                problems,
                credential: sent.then(|| StoredCredential::Secret(text)),
            }
        }
    }
}

/// The stored text; with `field`, that field of the JSON object it holds.
///
/// # Errors
/// Why there is none.
pub(crate) fn text(
    value: &SecretString,
    field: Option<&str>,
) -> Result<SecretString, EntryProblem> {
    let whole = value.expose_secret();
    if whole.trim().is_empty() {
        return Err(EntryProblem::Empty);
    }
    let Some(field) = field else {
        return Ok(value.clone());
    };
    let Ok(Value::Object(mut object)) = serde_json::from_str::<Value>(whole) else {
        return Err(EntryProblem::NoJson);
    };
    let taken = object.remove(field);
    // The other fields may be secrets as well: they are overwritten before they are dropped.
    for (_, other) in &mut object {
        if let Value::String(text) = other {
            text.zeroize();
        }
    }
    match taken {
        Some(Value::String(text)) if text.trim().is_empty() => Err(EntryProblem::Empty),
        Some(Value::String(text)) => Ok(SecretString::from(text)),
        _ => Err(EntryProblem::FieldMissing),
    }
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
    attributes.managed
        || certificate::looks_like_one(text)
        || (text.chars().count() > LONGEST && labelled())
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
