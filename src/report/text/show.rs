//! One registration on a page: who it is, what is wrong and how to fix it, and everything known about it.

use super::page::{Page, Tone};
use super::privileges::bodies;
use super::steps::steps;
use super::{NARROWEST, TableOptions, findings, look_from, unread};
use crate::model::assessment::{
    Assessment, CredentialEnd, CredentialView, LastUse, RegistrationView, RotationState, RungState,
};
use crate::model::plural::count;
use crate::model::time::minute;
use crate::report::view::credentials::{expiry, in_vault, short};
use crate::report::view::horizon::{Horizon, Urgency};
use crate::report::view::isolation::Matrix;
use crate::report::view::privileges::privileges;
use crate::report::view::registrations::{environment, known_as, repeated};
use crate::report::view::route::notified;
use crate::report::view::steps::{Column, mark, shown as shown_steps};

/// Where the text beside a label starts.
const COLUMN: usize = 14;

/// The page of an assessment that holds one registration.
pub(crate) fn shown(own: &Assessment, display_names: &[String], options: &TableOptions) -> String {
    let mut page = Page::new(look_from(NARROWEST, options));
    for view in &own.registrations {
        who(&mut page, own, view, display_names);
        wrong(&mut page, own);
        proof(&mut page, view);
        credentials(&mut page, own, view);
        may_do(&mut page, own);
        accepted(&mut page, own);
        used(&mut page, view);
    }
    unread::unread(&mut page, own);
    page.into_text()
}

fn who(page: &mut Page, own: &Assessment, view: &RegistrationView, display_names: &[String]) {
    page.paragraph(0, 2, &view.name, Tone::Heading);
    let known = known_as(display_names, &view.name).join(", ");
    let read = minute(own.run.collected);
    for (label, text) in [
        ("environment", environment(view)),
        ("owner", notified(&view.route)),
        (
            "client id",
            view.client_id
                .clone()
                .unwrap_or_else(|| "not known".to_owned()),
        ),
        ("known as", known),
        ("read", read),
    ] {
        if !text.is_empty() {
            page.field(2, COLUMN, label, &text);
        }
    }
}

/// Its findings, or that there are none, which is not the same as that all is well.
fn wrong(page: &mut Page, own: &Assessment) {
    let unanswered = own.unknowns.len();
    if own.findings.is_empty() {
        let rest = match unanswered {
            0 => String::new(),
            number => format!(", but {} not checked (see below)", count(number, "check")),
        };
        page.heading(&format!("NOTHING WRONG was found{rest}"));
    } else {
        page.heading(&format!("WRONG {}", count(own.findings.len(), "finding")));
        for finding in &own.findings {
            page.blank();
            findings::finding_block(page, finding);
        }
    }
    if !own.waived.is_empty() {
        findings::waived(page, own);
    }
}

/// Each step with what it answered.
fn proof(page: &mut Page, view: &RegistrationView) {
    page.heading("STEPS OF THE PROOF");
    for rung in shown_steps(view) {
        let tone = match rung.state {
            RungState::Proven => Tone::Good,
            RungState::Failed => Tone::Bad,
            RungState::Unknown => Tone::Doubt,
            RungState::NotReached | RungState::NotApplicable => Tone::Quiet,
        };
        let title = match rung.column {
            Column::Vault => "key vault",
            other => other.title(),
        };
        let text = format!("{:4} {}", mark(rung.state), rung.note);
        page.toned_field(2, COLUMN, title, &text, tone);
    }
    if let Some(repeated) = repeated(view) {
        page.field(2, COLUMN, "proven on", &repeated);
    }
    for expectation in &view.not_tried {
        page.field(2, COLUMN, "not tried", expectation.letters());
    }
}

fn credentials(page: &mut Page, own: &Assessment, view: &RegistrationView) {
    page.heading(&format!("CREDENTIALS {}", view.credentials.len()));
    if view.credentials.is_empty() {
        let text = format!(
            "none was read; the current one {}",
            expiry(&view.ends, own.run.as_of)
        );
        page.paragraph(2, 4, &text, tone(own, &view.ends));
    }
    for credential in &view.credentials {
        credential_line(page, own, credential);
    }
    let rotation = &view.rotation;
    if rotation.state == RotationState::Fresh {
        return;
    }
    let text = format!("rotation {}: {}", rotation.state.as_str(), rotation.why);
    page.paragraph(2, 4, &text, Tone::Plain);
    if own.findings.iter().all(|finding| finding.steps.is_empty()) {
        steps(page, 4, &rotation.steps);
    }
}

fn credential_line(page: &mut Page, own: &Assessment, credential: &CredentialView) {
    let mut parts = vec![short(credential)];
    parts.extend(credential.name.clone());
    parts.push(expiry(&credential.ends, own.run.as_of));
    parts.extend(in_vault(credential).map(str::to_owned));
    if credential.place != "registration" {
        parts.push(format!("on the {}", credential.place));
    }
    match &credential.last_use {
        LastUse::On { day, doubt: None } => parts.push(format!("last used {day}")),
        LastUse::On { day, .. } => parts.push(format!("last used {day}, possibly by this audit")),
        LastUse::NotReported => parts.push("no use reported".to_owned()),
        LastUse::Unknown(_) => {}
    }
    if credential.safe_to_remove {
        parts.push("safe to delete".to_owned());
    }
    page.paragraph(2, 4, &parts.join(" \u{b7} "), tone(own, &credential.ends));
}

fn tone(own: &Assessment, ends: &CredentialEnd) -> Tone {
    match Horizon::of(own).urgency(ends) {
        Urgency::Over => Tone::Bad,
        Urgency::Within(_) | Urgency::Unknown => Tone::Doubt,
        Urgency::Later | Urgency::Never => Tone::Plain,
    }
}

/// What it may do in its own environment.
fn may_do(page: &mut Page, own: &Assessment) {
    let all = privileges(own);
    if !all.is_empty() {
        page.heading("MAY DO");
        bodies(page, &all);
    }
}

/// Which other environments accept it.
fn accepted(page: &mut Page, own: &Assessment) {
    let matrix = Matrix::of(&own.registrations);
    if matrix.environments.is_empty() {
        return;
    }
    page.heading("OTHER ENVIRONMENTS");
    let column = matrix.environments.iter().map(|name| name.chars().count());
    let column = column.max().unwrap_or(0).clamp(8, 20) + 4;
    for row in &matrix.rows {
        for (name, place) in matrix.environments.iter().zip(&row.places) {
            for (cell, sign) in place.cells.iter().filter(|_| !place.is_home) {
                let seen = [
                    cell.service.name(),
                    sign.word,
                    cell.granted.letters(),
                    cell.observed.letters(),
                ];
                let seen: Vec<&str> = seen.into_iter().filter(|text| !text.is_empty()).collect();
                page.toned_field(
                    2,
                    column,
                    name,
                    &seen.join(" \u{b7} "),
                    Tone::of_danger(sign.danger),
                );
            }
        }
    }
}

fn used(page: &mut Page, view: &RegistrationView) {
    page.heading("USED IN");
    let whereabouts = &view.whereabouts;
    if whereabouts.lines.is_empty() {
        page.paragraph(2, 4, "not used anywhere that was checked", Tone::Plain);
    }
    for line in &whereabouts.lines {
        page.paragraph(2, 4, line.said.letters(), Tone::Plain);
    }
    for line in &whereabouts.unread {
        let line = format!("not checked: {}", line.said);
        page.paragraph(2, 4, &line, Tone::Doubt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{HOSTILE, columns, proven, rich};

    fn own(name: &str) -> Assessment {
        let mut own = rich();
        own.registrations.retain(|view| view.name == name);
        own
    }

    #[test]
    fn everything_about_one_registration_stands_on_one_page() {
        let own = own("raia-contact-sync");
        let names = ["Raia contact sync".to_owned()];
        insta::assert_snapshot!(shown(&own, &names, &TableOptions::default()));
    }

    #[test]
    fn hostile_text_is_shown_and_not_obeyed_at_any_width() {
        for width in [40, 60, 80, 120] {
            let options = TableOptions {
                width,
                colour: false,
                powershell_first: false,
            };
            let text = shown(&own(HOSTILE), &[HOSTILE.to_owned()], &options);
            assert!(
                !text.contains('\u{1b}') && !text.contains('\u{202e}'),
                "{text}"
            );
            let prose = text.lines().filter(|line| {
                !["az ", "https://"]
                    .iter()
                    .any(|own| line.trim_start().starts_with(own))
            });
            for line in prose {
                assert!(columns(line) <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn what_is_well_says_so_and_no_more() {
        let mut own = rich();
        own.registrations = vec![proven("raia", "prod", "production")];
        own.findings.clear();
        own.waived.clear();
        own.unknowns.clear();
        own.gaps.clear();
        let text = shown(&own, &[], &TableOptions::default());
        assert!(text.contains("NOTHING WRONG was found\n"), "{text}");
        assert!(!text.contains("known as"), "{text}");
    }
}
