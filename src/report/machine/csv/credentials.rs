//! CSV of credentials: one row each, and one for a registration of which none could be read.

use super::{cell, written};
use crate::model::Prose;
use crate::model::assessment::{
    Assessment, CredentialEnd, CredentialView, LastUse, RegistrationView,
};
use crate::model::time::moment;
use crate::report::view::route::notified;

/// A registration and one of its credentials; without one, a registration of which none was read.
struct Row<'a> {
    view: &'a RegistrationView,
    credential: Option<&'a CredentialView>,
}

/// A column's name and its cell.
type Column = (&'static str, fn(&Row<'_>) -> String);

const COLUMNS: [Column; 22] = [
    ("environment", |row| cell(&row.view.environment)),
    ("tier", |row| cell(&row.view.tier)),
    ("registration", |row| cell(&row.view.name)),
    ("client_id", |row| text(row.view.client_id.as_deref())),
    ("place", |row| row.text(|one| Some(&one.place))),
    ("kind", |row| row.text(|one| Some(&one.kind))),
    ("name", |row| row.text(|one| one.name.as_deref())),
    ("key_id", |row| row.text(|one| Some(&one.key_id))),
    ("thumbprint", |row| {
        row.text(|one| one.thumbprint.as_deref())
    }),
    ("start", |row| {
        let start = row.credential.and_then(|one| one.start);
        start.map(moment).unwrap_or_default()
    }),
    ("end", |row| match row.ends() {
        CredentialEnd::On { end, .. } => moment(*end),
        CredentialEnd::Never | CredentialEnd::Unknown(_) => String::new(),
    }),
    ("days_left", |row| match row.ends() {
        CredentialEnd::On { days_left, .. } => days_left.to_string(),
        CredentialEnd::Never | CredentialEnd::Unknown(_) => String::new(),
    }),
    ("end_note", |row| match row.ends() {
        CredentialEnd::On { .. } => String::new(),
        CredentialEnd::Never => "does not expire".to_owned(),
        CredentialEnd::Unknown(why) => cell(&format!("unknown: {why}")),
    }),
    ("stored", |row| {
        let stored = row.credential.map(|one| one.stored.as_str());
        stored.unwrap_or("cannot-tell").to_owned()
    }),
    ("last_use", |row| match row.last_use() {
        Some(LastUse::On { day, .. }) => day.to_string(),
        _ => String::new(),
    }),
    ("last_use_note", |row| match row.last_use() {
        Some(LastUse::On { doubt, .. }) => text(doubt.as_ref().map(Prose::letters)),
        Some(other) => cell(&other.to_string()),
        None => String::new(),
    }),
    ("safe_to_remove", |row| {
        let safe = row.credential.is_some_and(|one| one.safe_to_remove);
        if safe { "yes" } else { "no" }.to_owned()
    }),
    ("rotation", |row| {
        row.view.rotation.state.as_str().to_owned()
    }),
    ("rotation_note", |row| cell(row.view.rotation.why.letters())),
    ("findings", |row| row.view.findings.to_string()),
    ("worst", |row| {
        text(row.view.worst.map(|worst| worst.as_str()))
    }),
    ("told", |row| cell(&notified(&row.view.route))),
];

/// CSV, a row a credential. A registration without any that was read has a row that tells the end of the
/// credential in use, as far as that is known: nobody drops out of the list for being unread.
pub(crate) fn credentials(assessment: &Assessment) -> String {
    let rows = assessment.registrations.iter().flat_map(|view| {
        let unread = view.credentials.is_empty().then_some(None);
        let each = view.credentials.iter().map(Some);
        let all = unread.into_iter().chain(each);
        all.map(move |credential| Row { view, credential })
    });
    written(COLUMNS, rows)
}

impl<'a> Row<'a> {
    fn text(&self, get: fn(&CredentialView) -> Option<&str>) -> String {
        text(self.credential.and_then(get))
    }

    fn ends(&self) -> &'a CredentialEnd {
        self.credential.map_or(&self.view.ends, |one| &one.ends)
    }

    fn last_use(&self) -> Option<&'a LastUse> {
        self.credential.map(|one| &one.last_use)
    }
}

/// A cell, empty where there is nothing.
fn text(text: Option<&str>) -> String {
    text.map(cell).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn nobody_drops_out_for_being_unread() {
        let assessment = fixture::rich();
        let text = credentials(&assessment);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        // One each, one more of the hostile registration, and one of that without any.
        assert_eq!(rows.len(), 5);
        for view in &assessment.registrations {
            assert!(
                rows.iter().any(|row| row[2] == cell(&view.name)),
                "{view:?}"
            );
        }
        let unread = rows.iter().find(|row| row[7].is_empty()).unwrap();
        assert!(unread[12].starts_with("unknown: "), "{unread:?}");
    }

    #[test]
    fn an_end_is_a_moment_and_a_number() {
        let text = credentials(&fixture::rich());
        assert!(text.contains(",2027-02-27T00:00:00Z,97,,"), "{text}");
    }

    #[test]
    fn a_last_use_is_a_day_and_its_doubt_stands_beside() {
        let mut assessment = fixture::rich();
        let last = assessment.registrations.len() - 1;
        let of = |assessment: &Assessment| -> (String, String) {
            let text = credentials(assessment);
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let at = |name: &str| COLUMNS.iter().position(|(one, _)| *one == name).unwrap();
            let row = reader.records().last().unwrap().unwrap();
            (
                row[at("last_use")].to_owned(),
                row[at("last_use_note")].to_owned(),
            )
        };
        assert_eq!(of(&assessment), ("2026-11-19".to_owned(), String::new()));
        let doubt = "2026-11-20: possibly by this audit";
        assessment.registrations[last].credentials[0].last_use = doubt.to_owned().into();
        let (day, note) = of(&assessment);
        assert_eq!(day, "2026-11-20");
        assert_eq!(note, "possibly by this audit");
        assessment.registrations[last].credentials[0].last_use = LastUse::NotReported;
        assert_eq!(
            of(&assessment),
            (String::new(), "not in the report".to_owned())
        );
    }
}
