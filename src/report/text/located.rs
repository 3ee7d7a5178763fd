//! One screen about one client id: who it is, where it is used, when its credentials end.

use crate::model::Prose;
use chrono::{DateTime, Utc};

use super::page::{Page, Tone};
use super::{NARROWEST, TableOptions, look_from};
use crate::model::assessment::{CredentialEnd, Located, LocatedCredential};
use crate::model::time::{day, is_past, minute, near};
use crate::report::view::registrations::known_as;

/// Where the text beside a label starts.
const COLUMN: usize = 14;

/// The screen.
pub(crate) fn located(located: &Located, options: &TableOptions) -> String {
    let mut page = Page::new(look_from(NARROWEST, options));
    who(&mut page, located);
    page.heading("USED IN");
    if located.whereabouts.lines.is_empty() {
        page.paragraph(2, 2, "not used anywhere that was checked", Tone::Plain);
    }
    for line in &located.whereabouts.lines {
        page.paragraph(2, 4, line.said.letters(), Tone::Plain);
    }
    page.heading("CREDENTIALS");
    if located.credentials.is_empty() {
        page.paragraph(2, 2, "none that was read", Tone::Plain);
    }
    for credential in &located.credentials {
        credential_line(&mut page, credential, located.collected);
    }
    list(
        &mut page,
        "NOT CHECKED, so it may be used there as well",
        located.whereabouts.unread.iter().map(|line| &line.said),
    );
    list(&mut page, "FOR CERTAINTY", located.missing.iter());
    page.into_text()
}

fn who(page: &mut Page, located: &Located) {
    let client_id = located.client_id.as_deref().unwrap_or("unknown");
    let names: Vec<&str> = located.display_names.iter().map(String::as_str).collect();
    let title = match (located.registrations.first(), names.first()) {
        (Some(registration), _) => &registration.name,
        (None, Some(name)) => *name,
        (None, None) => client_id,
    };
    page.paragraph(0, 0, title, Tone::Heading);
    page.field(2, COLUMN, "client id", client_id);
    let known = known_as(&located.display_names, title);
    if !known.is_empty() {
        page.field(2, COLUMN, "known as", &known.join(", "));
    }
    if let Some(kind) = &located.kind {
        page.field(2, COLUMN, "what", kind);
    }
    if located.registrations.is_empty() {
        page.field(2, COLUMN, "estate", "no entry lists it");
    }
    for registration in &located.registrations {
        let whose = match (&registration.owner, &registration.contact) {
            (Some(owner), _) => format!("owner {owner}"),
            (None, Some(contact)) => format!("no owner, contact {contact}"),
            (None, None) => "no owner".to_owned(),
        };
        let text = format!(
            "{} in {} ({}), {whose}",
            registration.name, registration.environment, registration.tier
        );
        page.field(2, COLUMN, "estate", &text);
    }
    page.field(2, COLUMN, "read", &minute(located.collected));
}

fn credential_line(page: &mut Page, credential: &LocatedCredential, as_of: DateTime<Utc>) {
    let name = credential.name.as_deref().unwrap_or("without a name");
    let mut tone = Tone::Plain;
    let ends = match &credential.ends {
        CredentialEnd::On { end, .. } if is_past(*end, as_of) => {
            tone = Tone::Bad;
            format!("expired on {}", day(*end))
        }
        CredentialEnd::On { end, .. } => {
            format!("expires on {} ({})", day(*end), near(*end, as_of))
        }
        CredentialEnd::Never => "does not expire".to_owned(),
        CredentialEnd::Unknown(why) => format!("expiry unknown: {why}"),
    };
    let stored = match credential.stored {
        Some(true) => ", looks like the vault's",
        Some(false) => ", not the one in the vault",
        None => "",
    };
    let (kind, id) = (&credential.kind, &credential.key_id);
    let mut text = format!("{kind} {name} (key {id}), {ends}{stored}");
    if let Some(at) = credential.last_use {
        text.push_str(&format!(", last used {}", day(at)));
    }
    page.paragraph(2, 4, &text, tone);
}

fn list<'a>(page: &mut Page, heading: &str, lines: impl Iterator<Item = &'a Prose>) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    page.heading(heading);
    for line in lines {
        page.paragraph(2, 4, line.letters(), Tone::Doubt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::assessment::{LOCATED_FORMAT, LocatedRegistration, Whereabouts};

    #[test]
    fn hostile_names_are_shown_and_not_obeyed() {
        let evil = "\u{1b}[2Jevil\nUSED IN";
        let found = Located {
            format: LOCATED_FORMAT.to_owned(),
            collected: "2026-11-21T06:00:00Z".parse().unwrap(),
            client_id: None,
            display_names: vec![evil.to_owned()],
            kind: Some(evil.to_owned()),
            registrations: vec![LocatedRegistration {
                name: evil.to_owned(),
                environment: "prod".to_owned(),
                tier: "production".to_owned(),
                owner: None,
                contact: None,
            }],
            credentials: vec![LocatedCredential {
                key_id: evil.to_owned(),
                kind: "secret".to_owned(),
                name: Some(evil.to_owned()),
                ends: CredentialEnd::Never,
                stored: None,
                last_use: None,
            }],
            whereabouts: Whereabouts {
                client_id: None,
                lines: vec![evil.into()],
                unread: vec![evil.into()],
                ..Whereabouts::default()
            },
            missing: vec![evil.to_owned().into()],
        };
        let text = located(&found, &TableOptions::default());
        assert!(!text.contains('\u{1b}'), "{text}");
        assert_eq!(
            text.lines().filter(|line| *line == "USED IN").count(),
            1,
            "{text}"
        );
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
    }
}
