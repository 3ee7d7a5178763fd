//! What a version of a secret says when it is read.

use serde_json::json;

use super::Desk;
use super::entries::{Content, Version};
use crate::sim::names;
use crate::sim::scenario::{ContentType, KeyKind, Shape, VaultSecret};

/// The value, or nothing where a certificate's file cannot be made.
pub(super) fn value(desk: &Desk<'_>, version: &Version<'_>) -> Option<String> {
    match &version.content {
        Content::Certificate { of, label } => {
            let made = desk.world.certificate(label, None)?;
            match of.content_type {
                ContentType::Pkcs12 => made.pfx("", of.exportable, false),
                ContentType::Pem => Some(made.pem(of.exportable)),
            }
        }
        Content::Text { secret, .. } if secret.holds_certificate.is_some() && version.current => {
            file(desk, secret)
        }
        Content::Text { secret, holds } => Some(text(desk, secret, *holds, version.current)),
    }
}

/// A certificate with its key in a secret that somebody made by hand.
fn file(desk: &Desk<'_>, secret: &VaultSecret) -> Option<String> {
    let label = secret.holds_certificate.as_deref()?;
    let kind = (secret.shape == Shape::Ec).then_some(KeyKind::Ec);
    let made = desk.world.certificate(label, kind)?;
    match secret.shape {
        Shape::Pem => Some(made.pem(true)),
        Shape::PfxPassword => made.pfx(&names::secret(label), true, false),
        Shape::PfxChain => made.pfx("", true, true),
        _ => made.pfx("", true, false),
    }
}

/// What is stored, in the shape the scenario gives it.
fn text(desk: &Desk<'_>, secret: &VaultSecret, holds: Option<&str>, current: bool) -> String {
    let scenario = &desk.world.scenario;
    let plain = match holds {
        Some(label) => scenario.secret(label),
        None => secret.text.clone().unwrap_or_default(),
    };
    if !current {
        return plain;
    }
    match secret.shape {
        Shape::TrailingNewline => format!("{plain}\n"),
        Shape::LeadingSpace => format!(" {plain}"),
        Shape::Empty => String::new(),
        Shape::CredentialId => holds.map_or(plain, |label| names::guid("credential", label)),
        Shape::Json => {
            let owner = holds.and_then(|label| {
                let mut applications = scenario.applications.iter();
                applications.find(|known| known.secrets.iter().any(|own| own.label == label))
            });
            let client_id = owner.map(|known| known.client_id.clone());
            json!({ "clientId": client_id, "clientSecret": plain }).to_string()
        }
        Shape::JsonWithoutField => json!({ "secret": plain }).to_string(),
        Shape::Huge => plain.chars().cycle().take(25 * 1024).collect(),
        // The shapes of files are for certificates.
        Shape::Plain
        | Shape::PfxBase64
        | Shape::Pem
        | Shape::PfxPassword
        | Shape::PfxChain
        | Shape::Ec => plain,
    }
}
