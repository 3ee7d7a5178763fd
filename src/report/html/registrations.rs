//! Each registration for itself: how far its rotation is, where it is used, what was not tried.

use super::markup::Markup;
use super::section::{heading, registration_id};
use super::section::{row, steps};
use crate::model::assessment::{Assessment, CredentialView, RegistrationView, RotationState};
use crate::model::time;
use crate::report::view::registrations::environment;
use crate::report::view::route::told;

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
    page.raw("<summary><b>");
    page.text(&view.name);
    page.raw("</b> ");
    page.text(&environment(view));
    page.raw(" <span class=\"chip\">rotation: ");
    page.text(view.rotation.state.as_str());
    page.raw("</span></summary><dl>");
    row(
        page,
        "Client id",
        view.client_id.as_deref().unwrap_or("not known"),
    );
    row(page, "Told", &told(&view.route));
    row(page, "Rotation", &view.rotation.why);
    if let Some(at) = view.proven_on {
        let text = format!(
            "{}, and nothing has changed since (prove = \"on-change\")",
            time::day(at)
        );
        row(page, "Proven on", &text);
    }
    for credential in &view.credentials {
        row(page, "Credential", &words(credential));
    }
    for line in &view.whereabouts.lines {
        row(page, "Used", line);
    }
    for line in &view.whereabouts.unread {
        row(page, "Not read", line);
    }
    for line in &view.not_tried {
        row(page, "Not tried", line);
    }
    page.raw("</dl>");
    if view.rotation.state != RotationState::Fresh {
        steps(page, &view.rotation.steps);
    }
}

fn words(credential: &CredentialView) -> String {
    let mut parts = vec![
        format!("{} {}", credential.kind, credential.key_id),
        format!("on the {}", credential.place),
    ];
    if let Some(thumbprint) = &credential.thumbprint {
        parts.push(format!("thumbprint {thumbprint}"));
    }
    parts.push(format!("last use: {}", credential.last_use));
    if credential.safe_to_remove {
        parts.push("safe to remove".to_owned());
    }
    parts.join(", ")
}
