//! Each registration for itself: how far its rotation is, where it is used, what was not tried.

use super::markup::Markup;
use super::section::{heading, registration_id};
use super::section::{row, steps};
use crate::model::assessment::{Assessment, CredentialView, RegistrationView, RotationState};
use crate::report::view::registrations::{environment, repeated};
use crate::report::view::route::notified;

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "registrations",
        "Registrations one by one",
        "Open one for its rotation, its credentials and the places that use it.",
    );
    for (index, view) in assessment.registrations.iter().enumerate() {
        page.element(
            "details",
            &[("id", &registration_id(index)), ("class", "reg")],
            |part| one(part, view),
        );
        page.raw("\n");
    }
    page.raw("</section>\n");
}

fn one(page: &mut Markup, view: &RegistrationView) {
    page.fill(
        "<summary><b>{}</b> {} <span class=\"chip\">rotation: {}</span></summary><dl>",
        &[
            &view.name,
            &environment(view),
            &view.rotation.state.as_str(),
        ],
    );
    let client_id = view.client_id.as_deref().unwrap_or("unknown");
    row(page, "Client id", client_id);
    row(page, "Notified", &notified(&view.route));
    row(page, "Rotation", view.rotation.why.letters());
    if let Some(text) = repeated(view) {
        row(page, "Proven on", &text);
    }
    for credential in &view.credentials {
        row(page, "Credential", &described(credential));
    }
    let places = &view.whereabouts;
    for (name, lines) in [("Used in", &places.lines), ("Not checked", &places.unread)] {
        for line in lines {
            row(page, name, line.said.letters());
        }
    }
    for line in &view.not_tried {
        row(page, "Not tried", line.letters());
    }
    page.raw("</dl>");
    if view.rotation.state != RotationState::Fresh {
        steps(page, &view.rotation.steps);
    }
}

/// `secret 1a2b3c4d-…, on the registration, last use: 2026-11-19`.
fn described(credential: &CredentialView) -> String {
    let mut text = format!(
        "{} {}, on the {}",
        credential.kind, credential.key_id, credential.place
    );
    if let Some(thumbprint) = &credential.thumbprint {
        text.push_str(&format!(", thumbprint {thumbprint}"));
    }
    text.push_str(&format!(", last use: {}", credential.last_use));
    if credential.safe_to_remove {
        text.push_str(", safe to delete");
    }
    text
}
