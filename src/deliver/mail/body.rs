//! A mail's content: text alone, text and HTML side by side, or these with files.

use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Attachment as File, Body as Encoded, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use super::{Attachment, DeliverError, Outgoing};

/// What stands behind the headers.
pub(super) enum Body {
    Text(SinglePart),
    Parts(MultiPart),
}

/// Puts the parts together: the plainest first, as readers of several kinds expect.
pub(super) fn body(mail: &Outgoing) -> Result<Body, DeliverError> {
    let text = SinglePart::plain(mail.text.clone());
    let alternative = mail.html.as_ref().map(|html| {
        MultiPart::alternative()
            .boundary(boundary("alternative", mail))
            .singlepart(text.clone())
            .singlepart(SinglePart::html(html.clone()))
    });
    if mail.attachments.is_empty() {
        return Ok(alternative.map_or(Body::Text(text), Body::Parts));
    }
    let mixed = MultiPart::mixed().boundary(boundary("mixed", mail));
    let mut mixed = match alternative {
        Some(alternative) => mixed.multipart(alternative),
        None => mixed.singlepart(text),
    };
    for attachment in &mail.attachments {
        let kind = ContentType::parse(&attachment.content_type).map_err(|error| {
            DeliverError::Message {
                seen: format!("the kind of an attachment: {error}"),
            }
        })?;
        // Left to choose, lettre sends ASCII bytes as they are, bare line ends included.
        let bytes =
            Encoded::new_with_encoding(attachment.bytes.clone(), ContentTransferEncoding::Base64)
                .map_err(|_| DeliverError::Message {
                seen: "an attachment that is not base64".to_owned(),
            })?;
        mixed = mixed.singlepart(File::new(file_name(&attachment.name)).body(bytes, kind));
    }
    Ok(Body::Parts(mixed))
}

/// What divides the parts: made from what is divided, so that the same mail gives the same bytes and no
/// content can hold its own boundary.
fn boundary(kind: &str, mail: &Outgoing) -> String {
    let mut hash = Sha256::new();
    let html = mail.html.as_deref().unwrap_or_default();
    for part in [kind, &mail.message_id, &mail.text, html] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    for Attachment { name, bytes, .. } in &mail.attachments {
        hash.update(name);
        hash.update(Sha256::digest(bytes));
    }
    format!("=_{}", hex::encode(&hash.finalize()[..16]))
}

/// A name that is safe on every system and in every header: letters, digits, `.`, `-`, `_` and spaces.
fn file_name(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    for character in name.chars().take(100) {
        if character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | ' ') {
            kept.push(character);
        } else if !kept.ends_with('_') {
            kept.push('_');
        }
    }
    match kept.trim_start_matches(['.', ' ']).trim_end() {
        "" => "attachment".to_owned(),
        kept => kept.to_owned(),
    }
}
